//! Tuples: lists that say what stands at each place, and end there.
//!
//! OpenAPI 3.0 has none. What 3.1 says under `prefixItems` is kept by the contract under `x-prefix-items`.

use serde_json::Value;

use super::schema::{Lowering, Place};
use super::view::{Node, View};
use crate::ir::Type;

/// The longest tuple that is one in Rust, where longer ones have neither `Debug` nor `PartialEq`.
const MAX_ITEMS: usize = 12;

impl<'a> Lowering<'a> {
    /// The tuple that a schema describes; none where the list may be longer, or is too long for a tuple.
    pub(super) fn tuple(&mut self, view: &View<'a>, place: &Place) -> Option<Type> {
        view.extension("x-prefix-items")?;
        let schema = self.contract.at(&place.pointer)?;
        let prefix = schema.get("x-prefix-items")?.as_array()?;
        let most = schema.get("maxItems").and_then(Value::as_u64)?;
        if prefix.is_empty() || prefix.len() > MAX_ITEMS || usize::try_from(most).ok()? != prefix.len() {
            return None;
        }
        let items = prefix.iter().enumerate().map(|(index, item)| {
            let pointer = format!("{}/x-prefix-items/{index}", place.pointer);
            let node = match item.get("$ref").and_then(Value::as_str) {
                Some(reference) => Node::Reference(reference),
                None => Node::Schema(self.schemas.get(&pointer)?),
            };
            let below = place.below(pointer, &format!("item {}", index + 1));
            Some(self.node(node, below).ok()?.standing_alone())
        });
        Some(Type::Tuple(items.collect::<Option<_>>()?))
    }
}
