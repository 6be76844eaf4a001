//! Cargo features of large crates: one a tag, with the types that its operations reach.
//!
//! Who uses two tags of fifty compiles the operations of these two and the models behind them. A model is behind
//! every tag whose operations mention it, directly or through other models; one that no operation mentions is
//! behind `full`, which is on by default. What most of the tags share is always there: to name the few that do
//! not would say little and cost a line as long as this paragraph.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::ir::{Crate, Operation};

/// A crate of more operations than this gets a feature a tag.
const LARGE: usize = 100;

/// The feature that stands for all tags.
pub(super) const FULL: &str = "full";

/// Which part of a crate is behind which feature.
pub(super) struct Gates<'a> {
    /// The feature of each module of operations; none where the crate has no such features.
    features: BTreeMap<&'a str, String>,
    /// The modules of operations that reach a module of models; of those that most reach, only so many that it shows.
    reached: BTreeMap<&'a str, Vec<&'a str>>,
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

        Self { features, reached: reached(krate, &modules) }
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

/// A module of models, while it is found out who reaches it.
#[derive(Default)]
struct Reached<'a> {
    mentions: BTreeSet<usize>,
    tags: Vec<&'a str>,
    /// The tag that came here last, by its number.
    seen: Option<usize>,
}

/// Finds the modules of operations that reach each module of models. Every tag may reach every model, so each step
/// has to be short.
fn reached<'a>(
    krate: &'a Crate,
    modules: &BTreeMap<&'a str, Vec<&'a Operation>>,
) -> BTreeMap<&'a str, Vec<&'a str>> {
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    let mut owners: HashMap<&str, usize> = HashMap::new();
    for definition in &krate.types {
        let next = numbers.len();
        owners.insert(&definition.name, *numbers.entry(&definition.module).or_insert(next));
    }
    let mut models: Vec<Reached<'_>> = Vec::new();
    models.resize_with(numbers.len(), Reached::default);
    for definition in &krate.types {
        let mut names = BTreeSet::new();
        definition.kind.parts().iter().for_each(|ty| ty.named(&mut names));
        if let Some(model) = owners.get(definition.name.as_str()).and_then(|own| models.get_mut(*own)) {
            model.mentions.extend(names.into_iter().filter_map(|name| owners.get(name)));
        }
    }
    for (number, (tag, operations)) in modules.iter().enumerate() {
        let mut names = BTreeSet::new();
        operations.iter().for_each(|operation| operation.named(&mut names));
        let mut open: Vec<usize> = names.into_iter().filter_map(|name| owners.get(name).copied()).collect();
        while let Some(model) = open.pop().and_then(|model| models.get_mut(model)) {
            if model.seen.replace(number) == Some(number) {
                continue;
            }
            if model.tags.len() * 2 <= modules.len() {
                model.tags.push(tag);
            }
            open.extend(&model.mentions);
        }
    }
    let tags = |number: &usize| models.get(*number).map(|model| model.tags.clone()).unwrap_or_default();
    let reached = numbers.iter().map(|(module, number)| (*module, tags(number)));
    reached.filter(|(_, tags)| !tags.is_empty()).collect()
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
