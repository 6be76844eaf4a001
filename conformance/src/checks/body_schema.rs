//! `body_schema`: the body satisfies the documented schema, in the sense of OpenAPI 3.0.
//!
//! Every violation is reported with its location. What cannot be read as JSON is `body_well_formed`'s. String values that an enum does not list are left to
//! `unknown_enum_value`, because generated clients keep them. Where the generated type is known, the finding
//! says what it makes of the body: whether it fails, which breaks, or hands on what the contract rules out, which it
//! tolerates.

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
        if evidence.status() < 400 && !evidence.may_echo_a_flaw() {
            judge_body(self.id(), evidence, found);
        }
    }
}

/// Adds what is wrong with a body in the name of a check: missing, or of another shape.
pub(super) fn judge_body(check: &'static str, evidence: &Evidence<'_>, found: &mut Vec<Observation>) {
    let Some(documented) = evidence.documented else { return };
    if evidence.may_have_body() && is_missing(evidence, documented) {
        found.push(Observation {
            check,
            severity: Severity::Breaking,
            location: String::new(),
            contract: join(&documented.pointer, "content"),
            rule: format!("{} empty", evidence.status()),
            expected: "the documented body".to_owned(),
            observed: "an empty body".to_owned(),
            note: None,
        });
    }
    let violations = evidence.violations().iter().filter(|it| !is_unknown_enum_value(evidence, it));
    found.extend(violations.map(|violation| observation(check, evidence, violation)));
}

/// Whether a body should be there and is not.
fn is_missing(evidence: &Evidence<'_>, documented: &Response) -> bool {
    documented.content.iter().any(|it| it.schema.is_some()) && evidence.exchange.answer.body.is_empty()
}

fn observation(check: &'static str, evidence: &Evidence<'_>, violation: &Violation) -> Observation {
    let (severity, note) = severity(evidence, violation);
    let (location, contract, rule, expected, observed) = match &violation.property {
        Some(property) => {
            let declared = join(&join(&violation.schema, "properties"), property);
            let declared = evidence.contract.at(&declared).map(|_| declared);
            let location = format!("{}/{}", violation.instance, crate::pointer::escape(property));
            let contract = declared.unwrap_or_else(|| violation.schema.clone());
            let rule = format!("{} {property}", violation.keyword);
            match violation.keyword.as_str() {
                "required" => (location, contract, rule, "required".to_owned(), "absent".to_owned()),
                _ => (location, contract, rule, violation.expected.clone(), violation.observed.clone()),
            }
        }
        None => (
            violation.instance.clone(),
            violation.schema.clone(),
            violation.keyword.clone(),
            violation.expected.clone(),
            violation.observed.clone(),
        ),
    };
    Observation { check, severity, location, contract, rule, expected, observed, note }
}

/// Whether a violation is a string that an enum does not list.
pub(super) fn is_unknown_enum_value(evidence: &Evidence<'_>, violation: &Violation) -> bool {
    violation.keyword == "enum" && evidence.at(&violation.instance).is_some_and(|it| it.is_string())
}

/// What a client relies on and does not hold breaks it; what is only more than it knows does not.
fn severity(evidence: &Evidence<'_>, violation: &Violation) -> (Severity, Option<String>) {
    if violation.keyword == "additionalProperties" {
        return (Severity::Additive, None);
    }
    match evidence.round_trip() {
        Some(Err(failure)) if related(&failure.path, violation) => (
            Severity::Breaking,
            Some(format!("the generated client fails to decode it: {}", failure.message)),
        ),
        Some(Ok(_)) => (
            Severity::Behavioural,
            Some("the generated client decodes it and hands it on unnoticed".to_owned()),
        ),
        _ => (Severity::Breaking, None),
    }
}

/// Whether a decoder failed at a violation, or somewhere inside of what it covers.
fn related(path: &str, violation: &Violation) -> bool {
    let inside = |outer: &str, inner: &str| {
        inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    path.is_empty() || inside(&violation.instance, path) || inside(path, &violation.instance)
}

#[cfg(test)]
mod tests {
    use crate::checks::Severity;
    use crate::checks::testing::{answer, found, json, judged, judged_by_all, locations, round_trip};
    use crate::exchange::Intent;

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
        assert_eq!(found("body_schema", 200, &json("{")), [""; 0], "body_well_formed's");
    }

    #[test]
    fn says_what_the_generated_client_makes_of_it() {
        let body = json(r#"{"id":4}"#);
        let note = |models| judged("body_schema", 200, &body, Intent::Valid, models)[0].note.clone();
        let fails = note(round_trip(Err(("/id", "a string was expected"))));
        assert!(fails.unwrap().ends_with("a string was expected"));
        assert!(note(round_trip(Ok(r#"{"id":4}"#))).unwrap().contains("unnoticed"));
        let severity = |models| judged("body_schema", 200, &body, Intent::Valid, models)[0].severity;
        assert_eq!(severity(round_trip(Err(("/id", "a string was expected")))), Severity::Breaking);
        assert_eq!(severity(round_trip(Ok(r#"{"id":4}"#))), Severity::Behavioural, "it is tolerated");
        assert_eq!(severity(None), Severity::Breaking, "nobody knows better");
        assert_eq!(note(None), None);
    }

    #[test]
    fn an_object_of_another_shape_is_one_finding() {
        let found: Vec<_> = judged_by_all(200, &json(r#"{"identifier":"a"}"#));
        let short: Vec<_> = found.iter().map(|it| (it.check, it.location.as_str())).collect();
        assert_eq!(short, [("body_schema", "/id")]);
        assert!(found[0].observed.contains("identifier"), "{}", found[0].observed);
        let found = judged_by_all(422, &json(r#"{"error":"a"}"#));
        assert_eq!(found.len(), 1);
    }

    #[test]
    fn leaves_unknown_enum_strings_to_their_own_check() {
        assert_eq!(found("body_schema", 200, &json(r#"{"id":"a","state":"paused"}"#)), [""; 0]);
        assert_eq!(found("body_schema", 200, &json(r#"{"id":"a","state":5}"#)).len(), 1);
    }
}
