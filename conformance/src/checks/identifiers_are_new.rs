//! `identifiers_are_new`: two things that were created have two identifiers.
//!
//! Both answers say that something was created (201), and the requests differ, so that it is not one creation that was
//! asked for twice. An identifier that the client gave, or that the path has, is not the endpoint's to choose.

use serde_json::Value;

use super::items::{identifiers, text};
use super::{Check, Observation, SeriesEvidence, Severity};
use crate::exchange::SeriesKind;
use crate::pointer::escape;

/// See the module.
pub(super) struct IdentifiersAreNew;

impl Check for IdentifiersAreNew {
    fn id(&self) -> &'static str {
        "identifiers_are_new"
    }

    fn summary(&self) -> &'static str {
        "two things that were created have two identifiers"
    }

    fn reason(&self) -> &'static str {
        "a client that creates a second thing loses the first one, or takes one for the other"
    }

    fn severity(&self) -> Severity {
        Severity::Behavioural
    }

    fn judge_series(&self, evidence: &SeriesEvidence<'_>, found: &mut Vec<Observation>) {
        if !matches!(evidence.series.kind, SeriesKind::CreateTwice { .. }) {
            return;
        }
        let (Some(one), Some(other)) = (evidence.exchange(0), evidence.exchange(1)) else { return };
        let created = [one, other].iter().all(|it| it.answer.status == 201);
        let bodies = [one, other].map(|it| it.request.body.as_ref().map(|body| body.content.as_str()));
        let (Some(first), Some(second)) = (evidence.body(0), evidence.body(1)) else { return };
        if !created || bodies[0] == bodies[1] {
            return;
        }
        let given = |value: &str| {
            one.request.path.split('/').any(|segment| segment == value)
                || bodies.into_iter().flatten().any(|body| body.contains(value))
        };
        let own: Vec<&str> = identifiers(first).into_iter().filter(|name| is_own(evidence, name)).collect();
        let values = |body: &Value, name: &str| body.get(name).and_then(text);
        let same = |name: &&str| values(first, name).is_some_and(|value| values(second, name) == Some(value));
        let is_given = |name: &&str| values(first, name).is_some_and(|value| given(&value));
        let chosen: Vec<&str> = own.into_iter().filter(|name| !is_given(name)).collect();
        if let Some(name) = chosen.first().filter(|_| chosen.iter().all(same)) {
            let location = format!("/{}", escape(name));
            found.push(Observation {
                check: self.id(),
                severity: self.severity(),
                contract: evidence.place(1, &location),
                rule: "identified anew".to_owned(),
                location,
                expected: "another identifier than that of what was created before".to_owned(),
                observed: "the same one".to_owned(),
                note: None,
            });
        }
    }
}

/// Whether a property identifies what an operation creates, by its name: `id`, or one that says what is created.
fn is_own(evidence: &SeriesEvidence<'_>, name: &str) -> bool {
    let plain = |text: &str| -> String {
        text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
    };
    let name = plain(name);
    if matches!(name.as_str(), "id" | "uuid") {
        return true;
    }
    let Some(stem) = name.strip_suffix("id").filter(|stem| stem.len() > 2) else { return false };
    let schema =
        evidence.schema(0).and_then(|schema| evidence.contract.resolve(schema)).map(|(place, _)| place);
    let schema = schema.as_deref().and_then(|place| place.strip_prefix("#/components/schemas/"));
    let operation = plain(&evidence.operation.id);
    operation.contains(stem) || schema.is_some_and(|schema| plain(schema).contains(stem))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::checks::testing_series::{created_twice, told};

    const FOUND: [&str; 1] = ["identified anew | /id | the same one"];

    #[test]
    fn accepts_two_identifiers() {
        let series = created_twice(["n", "m"], [&json!({ "id": "p1" }), &json!({ "id": "p2" })]);
        assert_eq!(told("identifiers_are_new", &series), [""; 0]);
    }

    #[test]
    fn rejects_one_for_both() {
        let series = created_twice(["n", "m"], [&json!({ "id": "p1" }), &json!({ "id": "p1" })]);
        assert_eq!(told("identifiers_are_new", &series), FOUND);
        let numbers = created_twice(["n", "m"], [&json!({ "id": 7 }), &json!({ "id": 7 })]);
        assert_eq!(told("identifiers_are_new", &numbers), FOUND);
    }

    #[test]
    fn what_was_not_created_or_not_asked_for_twice_proves_nothing() {
        let one = json!({ "id": "p1" });
        let mut found = created_twice(["n", "m"], [&one, &one]);
        found.exchanges[1].answer.status = 200;
        assert_eq!(told("identifiers_are_new", &found), [""; 0], "it was there already");
        assert_eq!(told("identifiers_are_new", &created_twice(["n", "n"], [&one, &one])), [""; 0]);
    }

    #[test]
    fn what_the_client_gave_and_what_belongs_to_something_else_is_not_chosen() {
        let one = json!({ "id": "given" });
        assert_eq!(
            told("identifiers_are_new", &created_twice(["given 1", "given 2"], [&one, &one])),
            [""; 0]
        );
        let owner = json!({ "owner_id": "o1" });
        assert_eq!(told("identifiers_are_new", &created_twice(["n", "m"], [&owner, &owner])), [""; 0]);
        let (a, b) = (json!({ "parcel_id": "p1", "id": "x" }), json!({ "parcel_id": "p2", "id": "x" }));
        assert_eq!(told("identifiers_are_new", &created_twice(["n", "m"], [&a, &b])), [""; 0]);
    }
}
