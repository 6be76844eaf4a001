//! What a whole run has shown of the optional properties of its answers.

use std::collections::{BTreeMap, HashSet};

use driftline_specs::{Contract, Direction, pointer};
use serde_json::Value;

use super::series::node;
use crate::norms::{Answers, OperationNorms};
use crate::pointer::escape;
use crate::strategy::{Kind, Node, Reader};

/// Words with which a description says that something is not always there.
const CONDITIONS: [&str; 12] = [
    "only", "unless", "when", "if", "until", "once", "where", "after", "before", "absent", "optional", "may",
];

/// An optional property in the answers of one operation with one status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OptionalProperty {
    /// The operation.
    pub operation_id: String,
    /// The status, a success.
    pub status: u16,
    /// The place, with `*` for any item, and any value of a map.
    pub location: String,
    /// The place in the contract that declares it, which other operations may share.
    pub contract: String,
    /// How many resources had what it would be in.
    pub of: u64,
    /// How many had it, be it null.
    pub with: u64,
    /// A client sends a property of this name: what is answered may depend on what was sent.
    pub is_sent: bool,
    /// The operation lists things, so that what is around them depends on how many there are.
    pub is_list: bool,
}

impl OptionalProperty {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.location.rsplit('/').next().unwrap_or_default()
    }

    /// Whether it is in a list in a list, of which seldom enough is known.
    #[must_use]
    pub fn is_deep(&self) -> bool {
        self.location.matches("/*").count() > 1
    }

    /// Whether it is a property of the answer itself.
    #[must_use]
    pub fn is_outermost(&self) -> bool {
        self.location.matches('/').count() == 1
    }
}

/// All answers of a run.
#[derive(Debug)]
pub struct WholeEvidence {
    /// The optional properties of what was answered with success, by the place that declares them.
    pub optional: BTreeMap<String, Vec<OptionalProperty>>,
}

impl WholeEvidence {
    pub(super) fn new(
        contract: &Contract,
        sent: &HashSet<String>,
        seen: &BTreeMap<String, OperationNorms>,
    ) -> Self {
        let mut reader = Reader::new(contract.clone());
        let mut optional: BTreeMap<String, Vec<OptionalProperty>> = BTreeMap::new();
        for operation in contract.operations() {
            let answers = seen.get(&operation.id).into_iter().flat_map(|it| &it.answers);
            for (status, answers) in answers.filter(|(status, _)| (200..300).contains(*status)) {
                let response = operation.response_for(*status);
                let media_type = response.and_then(|it| it.content.iter().find(|it| it.is_json()));
                let Some(schema) = media_type.and_then(|it| it.schema.as_ref()) else { continue };
                for (location, contract, of, with) in properties(&mut reader, &schema.pointer, answers) {
                    let is_sent = location.rsplit('/').next().is_some_and(|name| sent.contains(name));
                    optional.entry(contract.clone()).or_default().push(OptionalProperty {
                        operation_id: operation.id.clone(),
                        status: *status,
                        location,
                        contract,
                        of,
                        with,
                        is_sent,
                        is_list: operation.method.is_safe() && !operation.path.ends_with('}'),
                    });
                }
            }
        }
        Self { optional }
    }
}

/// The optional properties of what was in answers: each with its location, its place in the contract, how often what it would
/// be in was there, and how often it was itself. A flag is left out by many who mean that it is not set.
fn properties(reader: &mut Reader, schema: &str, answers: &Answers) -> Vec<(String, String, u64, u64)> {
    let mut found = Vec::new();
    for (parent, resources) in answers.parents.iter().map(|(parent, it)| (parent, it.resources)) {
        let tokens = pointer::tokens(&format!("#{parent}"));
        let Some(owner) = tokens.and_then(|tokens| node(reader, schema, &tokens)) else { continue };
        let shape = reader.shape(&owner);
        let optional =
            shape.object.properties.iter().filter(|(name, _)| !shape.object.required.contains(name));
        for (name, property) in optional {
            let inner = reader.shape(property);
            let is_flag = inner.kinds.contains(&Kind::Boolean);
            let Node::Places(places) = property else { continue };
            let Some(place) = places.first() else { continue };
            let description = reader.contract().resolve(place).and_then(|(_, it)| it.get("description"));
            let said = description.and_then(Value::as_str).unwrap_or_default();
            if is_flag || inner.stays_out(Direction::Response) || is_conditional(said) {
                continue;
            }
            let location = format!("{parent}/{}", escape(name));
            let with = answers.places.get(&location).map_or(0, |it| it.present);
            found.push((location, place.clone(), resources, with));
        }
    }
    found
}

/// Whether a description puts something under a condition. One that begins with when or where says what the value is.
fn is_conditional(description: &str) -> bool {
    let words = description.split(|it: char| !it.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut words = words.map(str::to_ascii_lowercase).enumerate();
    words.any(|(at, word)| {
        CONDITIONS.contains(&word.as_str()) && !(at == 0 && matches!(word.as_str(), "when" | "where"))
    })
}

#[cfg(test)]
mod tests {
    use super::is_conditional;

    #[test]
    fn descriptions_tell_what_is_not_always_there() {
        for said in
            ["Only for members.", "If it was paid.", "Present when it was paid", "The day it ends; may lack."]
        {
            assert!(is_conditional(said), "{said}");
        }
        for said in ["", "When the document was uploaded.", "Where post goes.", "The name of the plan."] {
            assert!(!is_conditional(said), "{said}");
        }
    }
}
