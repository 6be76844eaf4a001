//! `body_schema`: the body satisfies the documented schema, in the sense of OpenAPI 3.0.
//!
//! Every violation is reported with its location. String values that an enum does not list are left to
//! `unknown_enum_value`, because generated clients keep them. How much a violation hurts depends on the
//! client: where the generated type is known, it is asked; elsewhere the keyword decides, since a wrong type
//! stops a decoder and a string that is too long does not.

use driftline_specs::pointer::join;
use driftline_specs::{Response, Violation};

use super::{Check, Evidence, Observation, Severity};

/// See the module.
pub(super) struct BodySchema;

impl Check for BodySchema {
    fn id(&self) -> &'static str {
        "body_schema"
    }

    fn summary(&self) -> &'static str {
        "the body satisfies the documented schema"
    }

    fn reason(&self) -> &'static str {
        "a body of another shape makes a client fail to decode it, or misread it"
    }

    fn severity(&self) -> Severity {
        Severity::Breaking
    }

    fn judge(&self, evidence: &Evidence<'_>, found: &mut Vec<Observation>) {
        // What is wrong with the body of an error is `error_body`'s.
        if evidence.status() < 400 {
            judge_body(self.id(), evidence, found);
        }
    }
}

/// Adds what is wrong with a body in the name of a check: missing, unreadable, or of another shape.
pub(super) fn judge_body(check: &'static str, evidence: &Evidence<'_>, found: &mut Vec<Observation>) {
    let Some(documented) = evidence.documented else { return };
    if evidence.may_have_body()
        && let Some((rule, observed)) = missing_body(evidence, documented)
    {
        found.push(Observation {
            check,
            severity: Severity::Breaking,
            location: String::new(),
            contract: join(&documented.pointer, "content"),
            rule: format!("{} {rule}", evidence.status()),
            expected: "the documented body".to_owned(),
            observed,
            note: None,
        });
    }
    let violations = evidence.violations.iter().filter(|it| !is_unknown_enum_value(evidence, it));
    found.extend(violations.map(|violation| observation(check, evidence, violation)));
}

/// Tells a body that should be there and is not, or that cannot be read.
fn missing_body(evidence: &Evidence<'_>, documented: &Response) -> Option<(&'static str, String)> {
    let wanted = documented.content.iter().any(|it| it.schema.is_some());
    let body = &evidence.exchange.answer.body;
    if wanted && body.is_empty() {
        return Some(("empty", "an empty body".to_owned()));
    }
    let unreadable = evidence.media_type.is_some_and(|it| it.is_json()) && evidence.json.is_none();
    if unreadable && !body.is_empty() {
        return Some(("malformed", format!("{} bytes that are not JSON", body.len())));
    }
    None
}

fn observation(check: &'static str, evidence: &Evidence<'_>, violation: &Violation) -> Observation {
    let (severity, note) = severity(evidence, violation);
    let (location, contract, rule) = match &violation.property {
        Some(property) => {
            let declared = join(&join(&violation.schema, "properties"), property);
            let declared = evidence.contract.at(&declared).map(|_| declared);
            let location = format!("{}/{}", violation.instance, crate::pointer::escape(property));
            let contract = declared.unwrap_or_else(|| violation.schema.clone());
            (location, contract, format!("{} {property}", violation.keyword))
        }
        None => (violation.instance.clone(), violation.schema.clone(), violation.keyword.clone()),
    };
    Observation {
        check,
        severity,
        location,
        contract,
        rule,
        expected: violation.expected.clone(),
        observed: violation.observed.clone(),
        note,
    }
}

/// Whether a violation is a string that an enum does not list.
pub(super) fn is_unknown_enum_value(evidence: &Evidence<'_>, violation: &Violation) -> bool {
    violation.keyword == "enum" && evidence.at(&violation.instance).is_some_and(|it| it.is_string())
}

fn severity(evidence: &Evidence<'_>, violation: &Violation) -> (Severity, Option<String>) {
    if violation.keyword == "additionalProperties" {
        return (Severity::Additive, None);
    }
    match &evidence.round_trip {
        Some(Err(failure)) if related(&failure.path, violation) => {
            let note = format!("the generated client fails to decode it: {}", failure.message);
            (Severity::Breaking, Some(note))
        }
        // It decodes in spite of the violation, and what it holds is not what the contract promises.
        Some(Ok(_)) => match stops_a_decoder(&violation.keyword) {
            true => (Severity::Breaking, None),
            false => (Severity::Behavioural, None),
        },
        _ if stops_a_decoder(&violation.keyword) => (Severity::Breaking, None),
        _ => (Severity::Behavioural, None),
    }
}

/// Whether a decoder failed at a violation, or somewhere inside of what it covers.
fn related(path: &str, violation: &Violation) -> bool {
    let inside = |outer: &str, inner: &str| {
        inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    path.is_empty() || inside(&violation.instance, path) || inside(path, &violation.instance)
}

/// Whether violations of a keyword make typed decoders fail or leave a hole.
fn stops_a_decoder(keyword: &str) -> bool {
    matches!(
        keyword,
        "type" | "required" | "enum" | "const" | "format" | "oneOf" | "anyOf" | "not" | "nullable"
    )
}

#[cfg(test)]
mod tests {
    use crate::checks::Severity;
    use crate::checks::testing::{answer, found, json, locations, severity};

    #[test]
    fn accepts_a_body_that_satisfies_the_schema() {
        let body = json(r#"{"id":"a","state":"open","note":null,"tags":["x"]}"#);
        assert_eq!(found("body_schema", 200, &body), [""; 0]);
        assert_eq!(found("body_schema", 422, &json("{}")), [""; 0], "error_body's");
    }

    #[test]
    fn rejects_every_violation_with_its_location() {
        let body = json(r#"{"state":"open","note":5,"tags":["x",7]}"#);
        let mut places = locations("body_schema", 200, &body);
        places.sort();
        assert_eq!(places, ["/id", "/note", "/tags/1"]);
    }

    #[test]
    fn rejects_a_success_without_its_body() {
        assert_eq!(found("body_schema", 200, &answer("", "")), ["200 empty"]);
        assert_eq!(found("body_schema", 200, &json("{")), ["200 malformed"]);
    }

    #[test]
    fn a_string_that_is_too_long_does_not_break_a_client() {
        let body = json(r#"{"id":"a","tags":["far too long for it"]}"#);
        assert_eq!(severity("body_schema", 200, &body), [Severity::Behavioural]);
        assert_eq!(severity("body_schema", 200, &json(r#"{"id":4}"#)), [Severity::Breaking]);
    }

    #[test]
    fn leaves_unknown_enum_strings_to_their_own_check() {
        assert_eq!(found("body_schema", 200, &json(r#"{"id":"a","state":"paused"}"#)), [""; 0]);
        assert_eq!(found("body_schema", 200, &json(r#"{"id":"a","state":5}"#)).len(), 1);
    }
}
