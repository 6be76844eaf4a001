//! Where an answer holds what a request has written.

use serde_json::Value;

use super::SeriesEvidence;
use crate::pointer::escape;

/// How many properties have to be the same, at least, where only that says what an object is.
const FEWEST: usize = 2;

/// The schema and the value of the JSON body that the exchange at an index has written.
pub(super) fn sent(evidence: &SeriesEvidence<'_>, index: usize) -> Option<(String, Value)> {
    let body = evidence.exchange(index)?.request.body.as_ref()?;
    let content = &evidence.operation_of(index)?.request_body.as_ref()?.content;
    let media_type = content.iter().find(|it| it.is_json() && it.name == body.media_type)?;
    let schema = media_type.schema.as_ref()?.pointer.clone();
    Some((schema, serde_json::from_str(&body.content).ok()?))
}

/// Where the answer at an index holds what was written, as JSON Pointers: in a property whose schema is that of the
/// request, else at its root, property by property.
pub(super) fn roots(evidence: &SeriesEvidence<'_>, schema: &str, sent: &Value, index: usize) -> Vec<String> {
    let Some(answered) = evidence.schema(index) else { return Vec::new() };
    let canonical = |pointer: &str| evidence.contract.resolve(pointer).map(|(pointer, _)| pointer);
    let own = canonical(schema);
    let whole =
        evidence.body(index).and_then(Value::as_object).into_iter().flatten().filter_map(|(name, _)| {
            let place = evidence.declared(answered, std::slice::from_ref(name))?;
            (canonical(&place) == own).then(|| format!("/{}", escape(name)))
        });
    let mut roots: Vec<String> = whole.collect();
    let names = sent.as_object().into_iter().flatten().map(|(name, _)| name);
    if roots.is_empty()
        && names.into_iter().any(|name| evidence.declared(answered, std::slice::from_ref(name)).is_some())
    {
        roots.push(String::new());
    }
    roots
}

/// An object that holds what was written, although no schema says so: none of its properties is declared, and most of what
/// was written stands there as it was written.
#[derive(Debug)]
pub(super) struct Mirror {
    /// JSON Pointer.
    pub(super) root: String,
    /// The place in the contract that declares it.
    pub(super) place: String,
}

/// Returns the mirrors of what was sent in an answer; `free` says where a property is declared that may hold any object.
pub(super) fn mirrors(sent: &Value, answered: &Value, free: &dyn Fn(&str) -> Option<String>) -> Vec<Mirror> {
    let (Some(sent), Some(answered)) = (sent.as_object(), answered.as_object()) else { return Vec::new() };
    let mirrors = answered.iter().filter_map(|(name, value)| {
        let value = value.as_object()?;
        let same = sent.iter().filter(|(name, sent)| value.get(*name) == Some(*sent)).count();
        let place = (same >= FEWEST && same * 2 > sent.len()).then(|| free(name)).flatten()?;
        Some(Mirror { root: format!("/{}", escape(name)), place })
    });
    mirrors.collect()
}

/// Where the answer at an index holds what was written, be it declared or not.
pub(super) fn copies(evidence: &SeriesEvidence<'_>, schema: &str, sent: &Value, index: usize) -> Vec<String> {
    let mut copies = roots(evidence, schema, sent, index);
    let answered = evidence.body(index).unwrap_or(&Value::Null);
    let mirrors = mirrors(sent, answered, &|name| evidence.free(index, name));
    copies.extend(mirrors.into_iter().map(|it| it.root));
    copies
}
