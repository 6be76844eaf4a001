//! From a place in a value to the place in the contract that says what stands there.

use std::collections::HashSet;

use crate::strategy::{Additional, Node, Reader, Shape};

/// Returns the place in the contract of what stands at `location` of a value of the schema at `schema`.
///
/// Where alternatives disagree, it is that of the first.
pub(super) fn place_of(reader: &mut Reader, schema: &str, location: &str) -> String {
    let mut nodes = vec![Node::at(schema)];
    for step in location.split('/').skip(1) {
        let step = step.replace("~1", "/").replace("~0", "~");
        let mut next = Vec::new();
        for node in &nodes {
            let shape = reader.shape(node);
            children(reader, &shape, &step, &mut HashSet::new(), &mut next);
        }
        if next.is_empty() {
            break;
        }
        nodes = next;
    }
    let place = nodes.iter().find_map(|node| match node {
        Node::Places(places) => places.first(),
        Node::Tagged { place, .. } => Some(place),
        Node::Fixed(_) | Node::Shape(_) => None,
    });
    let place = place.map_or(schema, String::as_str);
    reader.contract().resolve(place).map_or_else(|| place.to_owned(), |(pointer, _)| pointer)
}

/// Adds what a shape says of one property or item; `open` holds the alternatives that were followed already.
pub(super) fn children(
    reader: &mut Reader,
    shape: &Shape,
    step: &str,
    open: &mut HashSet<String>,
    found: &mut Vec<Node>,
) {
    if let Some(node) = shape.property(step) {
        found.push(node.clone());
    } else if let Some(items) = shape.array.items.as_ref().filter(|_| step.parse::<usize>().is_ok()) {
        found.push(items.clone());
    } else if let Additional::Schema(node) = &shape.object.additional {
        found.push(node.clone());
    }
    if shape.branches_at.as_ref().is_some_and(|place| !open.insert(place.clone())) {
        return;
    }
    for branch in &shape.branches {
        let whole = reader.branch(shape, branch);
        children(reader, &whole, step, open, found);
    }
}
