//! Which components something uses, and which way what they describe travels.
//!
//! Every `$ref` counts, also one in an extension: a component is called unused only when nothing names it.

use std::collections::HashMap;

use serde_json::Value;

use crate::pointer;

/// Which way something travels; both, or neither when nothing uses it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Travel {
    pub(super) request: bool,
    pub(super) response: bool,
}

impl Travel {
    const BOTH: Self = Self { request: true, response: true };

    pub(super) fn is_used(self) -> bool {
        self.request || self.response
    }

    fn with(self, other: Self) -> Self {
        Self { request: self.request || other.request, response: self.response || other.response }
    }
}

/// The components that are used.
#[derive(Debug, Default)]
pub(super) struct Reach {
    components: HashMap<String, Travel>,
}

impl Reach {
    pub(super) fn of(document: &Value) -> Self {
        let mut uses: HashMap<String, Vec<String>> = HashMap::new();
        let mut pending: Vec<(String, Travel)> = Vec::new();
        for (key, value) in document.as_object().into_iter().flatten() {
            if key != "components" {
                references(value, next(Travel::default(), key), &mut |target, travel| {
                    pending.push((target, if travel.is_used() { travel } else { Travel::BOTH }));
                });
            }
        }
        let kinds = document.get("components").and_then(Value::as_object);
        for (kind, members) in kinds.into_iter().flatten() {
            for (name, value) in members.as_object().into_iter().flatten() {
                let own = pointer::from_tokens(["components", kind, name]);
                let mut targets = Vec::new();
                references(value, Travel::default(), &mut |target, _| targets.push(target));
                // A child of a discriminated schema is named by its parent's values only.
                let parents = value.get("allOf").and_then(Value::as_array).into_iter().flatten();
                for parent in parents.filter_map(|part| component(part.get("$ref")?.as_str()?)) {
                    let parent_value = pointer::tokens(&parent).and_then(|it| pointer::lookup(document, &it));
                    if parent_value.is_some_and(|parent| parent.get("discriminator").is_some()) {
                        uses.entry(parent).or_default().push(own.clone());
                    }
                }
                uses.entry(own).or_default().extend(targets);
            }
        }
        let mut components: HashMap<String, Travel> = HashMap::new();
        while let Some((name, travel)) = pending.pop() {
            let known = components.entry(name.clone()).or_default();
            let now = known.with(travel);
            if now != *known {
                *known = now;
                pending.extend(uses.get(&name).into_iter().flatten().map(|target| (target.clone(), now)));
            }
        }
        Self { components }
    }

    /// Which way what stands at a pointer travels.
    pub(super) fn travel(&self, pointer: &str) -> Travel {
        match component(pointer) {
            Some(component) => self.components.get(&component).copied().unwrap_or_default(),
            None => pointer::tokens(pointer)
                .unwrap_or_default()
                .iter()
                .fold(Travel::default(), |travel, token| next(travel, token)),
        }
    }
}

/// The way below a member of an operation.
fn next(travel: Travel, key: &str) -> Travel {
    match key {
        "requestBody" | "parameters" if !travel.is_used() => Travel { request: true, response: false },
        "responses" if !travel.is_used() => Travel { request: false, response: true },
        // The vendor sends what a callback or a webhook describes; which side a client is on is not for us to say.
        "callbacks" | "x-webhooks" if !travel.is_used() => Travel::BOTH,
        _ => travel,
    }
}

/// Calls `found` for every component that a value refers to. The depth is bounded by that of the document.
fn references(value: &Value, travel: Travel, found: &mut dyn FnMut(String, Travel)) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| references(item, travel, found)),
        Value::Object(members) => {
            if let Some(target) = members.get("$ref").and_then(Value::as_str).and_then(component) {
                found(target, travel);
            }
            let mapping =
                members.get("discriminator").and_then(|it| it.get("mapping")).and_then(Value::as_object);
            for target in mapping.into_iter().flatten().filter_map(|(_, target)| target.as_str()) {
                found(
                    component(target)
                        .unwrap_or_else(|| pointer::from_tokens(["components", "schemas", target])),
                    travel,
                );
            }
            for (key, value) in members {
                references(value, next(travel, key), found);
            }
        }
        _ => {}
    }
}

/// The component in which a pointer ends.
fn component(pointer: &str) -> Option<String> {
    let tokens = pointer.starts_with('#').then(|| pointer::tokens(pointer)).flatten()?;
    match tokens.as_slice() {
        [components, kind, name, ..] if components == "components" => {
            Some(pointer::from_tokens(["components", kind, name]))
        }
        _ => None,
    }
}
