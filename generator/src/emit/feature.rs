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

/// The feature of what receives webhooks.
pub(super) const WEBHOOKS: &str = "webhooks";

/// What stands for the webhooks where their models are found: no module has such a name.
const RECEIVER: &str = "the webhooks";

/// Which part of a crate is behind which feature.
pub(super) struct Gates<'a> {
    /// The feature of each module of operations; none where the crate has no such features.
    features: BTreeMap<&'a str, String>,
    /// The modules of operations that reach a module of models; of those that most reach, only so many that it shows.
    reached: BTreeMap<&'a str, Vec<&'a str>>,
    /// How many there are that may reach a model: the tags, and the webhooks if there are any.
    users: usize,
}

impl<'a> Gates<'a> {
    pub(super) fn new(krate: &'a Crate) -> Self {
        let mut modules: BTreeMap<&str, Vec<&Operation>> = BTreeMap::new();
        for operation in &krate.operations {
            modules.entry(&operation.module).or_default().push(operation);
        }
        if krate.operations.len() <= LARGE || modules.len() < 2 {
            return Self { features: BTreeMap::new(), reached: BTreeMap::new(), users: 0 };
        }
        let mut taken = BTreeSet::new();
        let features = modules.keys().map(|module| (*module, feature(module, &mut taken))).collect();
        let users = modules.len() + usize::from(!krate.webhooks.is_empty());
        Self { features, reached: reached(krate, &modules), users }
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
        let feature = match module {
            RECEIVER => WEBHOOKS,
            module => self.features.get(module)?,
        };
        Some(format!("feature = \"{feature}\""))
    }

    /// The condition under which a module of models is there, if any. Forms exist with a client only.
    pub(super) fn model(&self, module: &str, form: bool) -> Option<String> {
        let client = form.then(|| "feature = \"client\"".to_owned());
        let tags = match self.reached.get(module) {
            _ if self.features.is_empty() => None,
            None => Some(format!("feature = \"{FULL}\"")),
            Some(tags) if tags.len() * 2 > self.users => None,
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

/// Finds the modules of operations, and the webhooks, that reach each module of models. Every tag may reach every model, so each step
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
    let mut starts: Vec<(&str, BTreeSet<&str>)> = Vec::new();
    for (tag, operations) in modules {
        let mut names = BTreeSet::new();
        operations.iter().for_each(|operation| operation.named(&mut names));
        starts.push((tag, names));
    }
    if !krate.webhooks.is_empty() {
        let mut names = BTreeSet::new();
        let bodies = krate.webhooks.iter().filter_map(|webhook| webhook.body.as_ref());
        bodies.for_each(|body| body.named(&mut names));
        starts.push((RECEIVER, names));
    }
    let users = starts.len();
    for (number, (tag, names)) in starts.into_iter().enumerate() {
        let mut open: Vec<usize> = names.into_iter().filter_map(|name| owners.get(name).copied()).collect();
        while let Some(model) = open.pop().and_then(|model| models.get_mut(model)) {
            if model.seen.replace(number) == Some(number) {
                continue;
            }
            if model.tags.len() * 2 <= users {
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
    let reserved =
        matches!(name.as_str(), "client" | "default" | "") || [FULL, WEBHOOKS].contains(&name.as_str());
    let mut name = if reserved { format!("{name}-tag") } else { name };
    while !taken.insert(name.clone()) {
        name.push_str("-tag");
    }
    name
}
