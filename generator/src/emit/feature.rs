//! Cargo features of large crates: one a tag, with the types that its operations reach.
//!
//! Who uses two tags of fifty compiles the operations of these two and the models behind them. A model is behind
//! every tag whose operations mention it, directly or through other models; one that no operation mentions is
//! behind `full`, which is on by default. What most of the tags share is always there: to name the few that do
//! not would say little and cost a line as long as this paragraph.

use std::collections::{BTreeMap, BTreeSet};

use crate::ir::{Crate, Operation};

/// A crate of more operations than this gets a feature a tag.
const LARGE: usize = 100;

/// The feature that stands for all tags.
pub(super) const FULL: &str = "full";

/// Which part of a crate is behind which feature.
pub(super) struct Gates<'a> {
    /// The feature of each module of operations; none where the crate has no such features.
    features: BTreeMap<&'a str, String>,
    /// The modules of operations that reach a module of models.
    reached: BTreeMap<&'a str, BTreeSet<&'a str>>,
}

impl<'a> Gates<'a> {
    pub(super) fn new(krate: &'a Crate) -> Self {
        let mut modules: BTreeMap<&str, Vec<&Operation>> = BTreeMap::new();
        for operation in &krate.operations {
            modules.entry(&operation.module).or_default().push(operation);
        }
        if krate.operations.len() <= LARGE || modules.len() < 2 {
            return Self { features: BTreeMap::new(), reached: BTreeMap::new() };
        }
        let mut taken = BTreeSet::new();
        let features = modules.keys().map(|module| (*module, feature(module, &mut taken))).collect();

        let owners: BTreeMap<&str, &str> = krate
            .types
            .iter()
            .map(|definition| (definition.name.as_str(), definition.module.as_str()))
            .collect();
        let mut mentioned: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for definition in &krate.types {
            let mut names = BTreeSet::new();
            definition.kind.parts().iter().for_each(|ty| ty.named(&mut names));
            let others = names.into_iter().filter_map(|name| owners.get(name).copied());
            mentioned.entry(&definition.module).or_default().extend(others);
        }
        let mut reached: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (tag, operations) in &modules {
            let mut names = BTreeSet::new();
            operations.iter().for_each(|operation| operation.named(&mut names));
            let mut open: Vec<&str> =
                names.into_iter().filter_map(|name| owners.get(name).copied()).collect();
            while let Some(module) = open.pop() {
                if reached.entry(module).or_default().insert(tag) {
                    open.extend(mentioned.get(module).into_iter().flatten());
                }
            }
        }
        Self { features, reached }
    }

    /// The features of the tags, sorted; none where the crate is not large.
    pub(super) fn features(&self) -> impl Iterator<Item = &str> {
        self.features.values().map(String::as_str)
    }

    /// Tells whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.features.is_empty()
    }

    /// The condition under which a module of operations is there, if any.
    pub(super) fn tag(&self, module: &str) -> Option<String> {
        self.features.get(module).map(|feature| format!("feature = \"{feature}\""))
    }

    /// The condition under which a module of models is there, if any. Forms exist with a client only.
    pub(super) fn model(&self, module: &str, form: bool) -> Option<String> {
        let client = form.then(|| "feature = \"client\"".to_owned());
        let tags = match self.reached.get(module) {
            _ if self.features.is_empty() => None,
            None => Some(format!("feature = \"{FULL}\"")),
            Some(tags) if tags.len() * 2 > self.features.len() => None,
            Some(tags) => {
                let mut conditions: Vec<_> = tags.iter().filter_map(|tag| self.tag(tag)).collect();
                Some(match conditions.len() {
                    1 => conditions.remove(0),
                    _ => format!("any({})", conditions.join(", ")),
                })
            }
        };
        match (client, tags) {
            (Some(client), Some(tags)) => Some(format!("all({client}, {tags})")),
            (client, tags) => client.or(tags),
        }
    }
}

/// The feature of a module: its name as Cargo's own features are written, without the underscore that keeps a
/// module from being a keyword. A tag may be called like one of the features that every crate has.
fn feature(module: &str, taken: &mut BTreeSet<String>) -> String {
    let name = module.trim_end_matches('_').replace('_', "-");
    let reserved = matches!(name.as_str(), "client" | "default" | "") || name == FULL;
    let mut name = if reserved { format!("{name}-tag") } else { name };
    while !taken.insert(name.clone()) {
        name.push_str("-tag");
    }
    name
}
