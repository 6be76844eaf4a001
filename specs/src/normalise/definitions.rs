//! Schemas that 3.1 names in other ways than as components: `$defs` inside a schema, `$id`, `$anchor`.
//!
//! Definitions become components, named after their owner so that they keep their names when something unrelated is
//! added. References by name become references by place.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value, json};

use crate::grammar::{self, Kind};
use crate::lineage::Lineage;
use crate::pointer;

/// How many definitions inside definitions one reference is followed through.
const MAX_STEPS: usize = 100;

/// Makes references by `$id` or `$anchor` references by place, and those to a `$defs` around them as well.
pub(crate) fn resolve_names(document: &mut Value, lineage: &mut Lineage) {
    let mut names: HashMap<String, String> = HashMap::new();
    let mut owners: HashSet<String> = HashSet::new();
    let mut references: Vec<(String, String, bool)> = Vec::new();
    let mut recursive: Vec<(String, String)> = Vec::new();
    grammar::walk(document, &mut |place, site| {
        if site.kind != Kind::Schema {
            return;
        }
        let text = |key: &str| site.value.get(key).and_then(Value::as_str);
        if let Some(id) = text("$id") {
            names.entry(id.trim_end_matches('#').to_owned()).or_insert_with(|| place.to_owned());
        }
        for anchor in [text("$anchor"), text("$dynamicAnchor")].into_iter().flatten() {
            names.entry(format!("#{anchor}")).or_insert_with(|| place.to_owned());
        }
        if site.value.get("$defs").is_some() || site.value.get("definitions").is_some() {
            owners.insert(place.to_owned());
        }
        if text("$recursiveRef") == Some("#") {
            recursive.extend(component_of(place).map(|own| (place.to_owned(), own)));
        }
        for (key, is_dynamic) in [("$ref", false), ("$dynamicRef", true)] {
            if let Some(target) = text(key)
                && !target.starts_with("#/components/")
            {
                references.push((place.to_owned(), target.to_owned(), is_dynamic));
            }
        }
    });
    for (place, own) in recursive {
        follow_by_name(document, &place, "$recursiveRef", own, lineage);
    }
    if names.is_empty() && owners.is_empty() {
        return;
    }
    for (place, target, is_dynamic) in references {
        let Some(found) = find(document, &names, &owners, &place, &target) else { continue };
        let key = if is_dynamic { "$dynamicRef" } else { "$ref" };
        follow_by_name(document, &place, key, found, lineage);
    }
}

/// Makes what a schema has under `key` a plain reference.
fn follow_by_name(document: &mut Value, place: &str, key: &str, found: String, lineage: &mut Lineage) {
    let at = pointer::tokens(place).and_then(|tokens| pointer::lookup_mut(document, &tokens));
    let Some(Value::Object(members)) = at else { return };
    if key != "$ref" {
        let message = "a reference that depends on who refers is followed to the place that it names here";
        lineage.lose(&pointer::join(place, key), message);
        members.shift_remove(key);
    }
    members.insert("$ref".to_owned(), Value::String(found));
}

/// The component schema that a place is in.
fn component_of(place: &str) -> Option<String> {
    match pointer::tokens(place)?.as_slice() {
        [components, schemas, name, ..] if components == "components" && schemas == "schemas" => {
            Some(pointer::from_tokens([components, schemas, name]))
        }
        _ => None,
    }
}

/// The place that a reference means, when it is not a plain pointer.
fn find(
    document: &Value,
    names: &HashMap<String, String>,
    owners: &HashSet<String>,
    place: &str,
    target: &str,
) -> Option<String> {
    if let Some(found) = names.get(target.trim_end_matches('#')).or_else(|| names.get(target)) {
        return Some(found.clone());
    }
    let (base, fragment) = target.split_once('#')?;
    if let Some(found) = names.get(base).filter(|_| !base.is_empty()) {
        if fragment.is_empty() {
            return Some(found.clone());
        }
        if let Some(rest) = pointer::canonical(fragment) {
            return Some(format!("{found}{}", rest.trim_start_matches('#')));
        }
        return names.get(&format!("#{fragment}")).cloned();
    }
    // `#/$defs/Foo` means the document's, and is most often written for the schema's own.
    let tokens = pointer::tokens(target)?;
    if base.is_empty() && pointer::lookup(document, &tokens).is_none() {
        let rest = pointer::from_tokens(&tokens);
        let (_, owner) = longest_prefix(place, |prefix| owners.get(prefix))?;
        let found = format!("{owner}{}", rest.trim_start_matches('#'));
        let is_there =
            pointer::tokens(&found).is_some_and(|tokens| pointer::lookup(document, &tokens).is_some());
        return is_there.then_some(found);
    }
    None
}

/// The longest part of a pointer, cut before a token, that something is known for; and how long it is.
fn longest_prefix<'k, T: ?Sized>(
    pointer: &str,
    known: impl Fn(&str) -> Option<&'k T>,
) -> Option<(usize, &'k T)> {
    let mut end = pointer.len();
    loop {
        let prefix = pointer.get(..end)?;
        if let Some(found) = known(prefix) {
            return Some((end, found));
        }
        end = prefix.rfind('/')?;
    }
}

/// Makes components of the definitions inside schemas.
pub(super) fn hoist(document: &mut Value, lineage: &mut Lineage) {
    let mut renamed: HashMap<String, String> = HashMap::new();
    let mut numbers = HashMap::new();
    // Definitions inside definitions are found in the next round, when those around them are components.
    loop {
        let mut owners: Vec<(String, &str)> = Vec::new();
        grammar::walk(document, &mut |place, site| {
            if site.kind == Kind::Schema {
                for key in ["$defs", "definitions"] {
                    let around = owners.last().is_some_and(|(owner, _)| place.starts_with(owner.as_str()));
                    if !around && site.value.get(key).is_some_and(Value::is_object) {
                        owners.push((place.to_owned(), key));
                    }
                }
            }
        });
        if owners.is_empty() {
            break;
        }
        for (owner, key) in owners {
            let members = pointer::tokens(&owner).and_then(|tokens| pointer::lookup_mut(document, &tokens));
            let Some(Value::Object(definitions)) =
                members.and_then(Value::as_object_mut).and_then(|members| members.shift_remove(key))
            else {
                continue;
            };
            for (name, definition) in definitions {
                let from = pointer::join(&pointer::join(&owner, key), &name);
                let at = place(document, &owner, &name, definition, &mut numbers);
                lineage.moved(&at, &from);
                renamed.insert(from, at);
            }
        }
    }
    if !renamed.is_empty() {
        rewrite(document, &renamed);
    }
}

/// Puts a definition among the components and returns its pointer.
///
/// `numbers` has the last number that was given to each name.
fn place(
    document: &mut Value,
    owner: &str,
    name: &str,
    definition: Value,
    numbers: &mut HashMap<String, u32>,
) -> String {
    let owner = pointer::tokens(owner).unwrap_or_default();
    let base = match owner.as_slice() {
        [components, schemas, component] if components == "components" && schemas == "schemas" => {
            format!("{component}_{name}")
        }
        _ => name.to_owned(),
    };
    let keep = |character: char| character.is_ascii_alphanumeric() || matches!(character, '.' | '-' | '_');
    let base: String = base.chars().map(|it| if keep(it) { it } else { '_' }).collect();
    let Some(root) = document.as_object_mut() else { return String::from("#") };
    let schemas = section(root, "components").and_then(|components| section(components, "schemas"));
    let Some(schemas) = schemas else { return String::from("#") };
    let number = numbers.entry(base.clone()).or_insert(1);
    let mut name = base.clone();
    while schemas.contains_key(&name) {
        *number += 1;
        name = format!("{base}_{number}");
    }
    let at = pointer::from_tokens(["components", "schemas", &name]);
    schemas.insert(name, definition);
    at
}

fn section<'m>(members: &'m mut Map<String, Value>, key: &str) -> Option<&'m mut Map<String, Value>> {
    members.entry(key).or_insert_with(|| json!({})).as_object_mut()
}

/// Follows what was moved, in every reference and every mapping of a discriminator.
fn rewrite(document: &mut Value, renamed: &HashMap<String, String>) {
    let follow = |target: &mut Value| {
        let Some(mut now) = target.as_str().and_then(pointer::canonical) else { return };
        let mut changed = false;
        // Each step leads to a component made from a definition, of which there are only so many.
        for _ in 0..=renamed.len().min(MAX_STEPS) {
            let Some((from, to)) = longest_prefix(&now, |prefix| renamed.get(prefix)) else { break };
            now = format!("{to}{}", now.get(from..).unwrap_or_default());
            changed = true;
        }
        if changed {
            *target = Value::String(now);
        }
    };
    grammar::transform(document, &mut |_, _, value| {
        let Value::Object(members) = value else { return };
        if let Some(target) = members.get_mut("$ref").filter(|target| target.is_string()) {
            follow(target);
        }
        let mapping = members.get_mut("discriminator").and_then(|it| it.get_mut("mapping"));
        for target in mapping.and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut) {
            if target.as_str().is_some_and(|target| target.starts_with('#')) {
                follow(target);
            }
        }
    });
}
