//! An example that its own schema refuses.

use serde_json::Value;

use super::survey::{Finding, Located, Survey};
use super::{Rule, Severity};
use crate::grammar::Kind;
use crate::{Direction, pointer};

pub(super) const RULE: Rule = Rule {
    id: "example_violates_schema",
    severity: Severity::Warning,
    what: "an example is not valid against its schema",
    why: "one of the two is wrong; when it is the schema, the client cannot read real answers",
    find,
};

/// How many examples are judged: each needs a validator of its own.
const MAX_EXAMPLES: usize = 20_000;

/// How many violations of one example are told.
const MAX_VIOLATIONS: usize = 2;

fn find(survey: &Survey<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut judged = 0;
    for object in survey.objects.iter().filter(|object| !object.is_reference()) {
        let schema = match object.kind {
            Kind::Schema => object.pointer.clone(),
            Kind::MediaType | Kind::Parameter | Kind::Header if object.member("schema").is_some() => {
                object.under("schema")
            }
            _ => continue,
        };
        if object.kind == Kind::MediaType && !is_json(&object.pointer) {
            continue;
        }
        for (at, example) in examples(survey, object) {
            judged += 1;
            if judged > MAX_EXAMPLES {
                return findings;
            }
            findings.extend(judge(survey, &schema, &at, example));
        }
    }
    findings
}

fn is_json(media_type: &str) -> bool {
    let name = pointer::last_token(media_type).unwrap_or_default();
    let name = name.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    name.ends_with("/json") || name.ends_with("+json")
}

/// The examples of an object and where they stand.
fn examples<'c>(survey: &Survey<'c>, object: &Located<'c>) -> Vec<(String, &'c Value)> {
    let own = object.member("example").map(|example| (object.under("example"), example));
    let mut examples: Vec<_> = own.into_iter().collect();
    if object.kind != Kind::Schema {
        let members = object.member("examples").and_then(Value::as_object);
        for name in members.into_iter().flat_map(|members| members.keys()) {
            let at = pointer::join(&object.under("examples"), name);
            if let Some((at, example)) = survey.contract.resolve(&at)
                && let Some(value) = example.get("value")
            {
                examples.push((pointer::join(&at, "value"), value));
            }
        }
    }
    examples
}

fn judge(survey: &Survey<'_>, schema: &str, at: &str, example: &Value) -> Vec<Finding> {
    let travel = survey.reach.travel(schema);
    let directions: &[Direction] = match (travel.request, travel.response) {
        (true, false) => &[Direction::Request],
        (false, true) => &[Direction::Response],
        _ => &[Direction::Response, Direction::Request],
    };
    let mut violations = Vec::new();
    for &direction in directions {
        let Ok(validator) = survey.contract.validator(schema, direction) else { return Vec::new() };
        if validator.is_valid(example) {
            return Vec::new();
        }
        if violations.is_empty() {
            violations = validator.violations(example);
        }
    }
    let told = violations.into_iter().take(MAX_VIOLATIONS).map(|violation| {
        let place =
            if violation.instance.is_empty() { String::new() } else { format!(" at {}", violation.instance) };
        let message = format!(
            "the example is not valid{place}: expected {}, is {}",
            violation.expected, violation.observed
        );
        Finding::new(at, message)
    });
    told.collect()
}
