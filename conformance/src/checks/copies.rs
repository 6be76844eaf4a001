//! Where an answer holds what a request has written.

use serde_json::Value;

use super::SeriesEvidence;
use crate::pointer::escape;

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
