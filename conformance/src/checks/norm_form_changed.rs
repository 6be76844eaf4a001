//! `norm_form_changed`: a value that always looked like one thing does not look like another one now.
//!
//! A schema that says `type: string` allows a UUID, a day and a sentence alike, and one that says nothing allows anything.
//! Only where all that was learned has one form is another one a change; an integer and a fraction are the same.

use super::norms::runs;
use super::{Check, NormEvidence, Observation, Severity};
use crate::norms::{Place, Share, Sign, improbable};

/// See the module.
pub(super) struct NormFormChanged;

impl Check for NormFormChanged {
    fn id(&self) -> &'static str {
        "norm_form_changed"
    }

    fn summary(&self) -> &'static str {
        "a value that always looked like one thing does not look like another"
    }

    fn reason(&self) -> &'static str {
        "whoever reads a day, a number or an identifier out of a plain text fails when it becomes something else"
    }

    fn severity(&self) -> Severity {
        Severity::Behavioural
    }

    fn judge_norms(&self, evidence: &NormEvidence<'_>, found: &mut Vec<(Observation, Sign)>) {
        for place in evidence.places() {
            let Some(seen) = place.seen else { continue };
            let mut forms = place.known.forms.iter();
            let (Some((form, count)), None) = (forms.next(), forms.next()) else { continue };
            let known = Share::new(*count, place.known.filled);
            let is_other = !seen.forms.is_empty() && !seen.forms.keys().any(|now| now.is_near(*form));
            // One value that many have is one case of its form, and an echo has the form of what was sent.
            let (was, now) = (various(place.known, place.known.filled_runs), various(seen, 1));
            let a_run = Share::new(was, was).a_run(place.known.filled_runs);
            if place.is_sent || known.with < known.of || !is_other || !improbable(a_run, Share::new(0, now)) {
                continue;
            }
            let now: Vec<&str> = seen.forms.keys().map(|form| form.words()).collect();
            let observation = Observation {
                check: self.id(),
                severity: self.severity(),
                location: place.location.to_owned(),
                contract: place.contract.clone(),
                rule: format!("form {}", place.location),
                expected: format!(
                    "{} in {} of {} ({})",
                    form.words(),
                    known.with,
                    known.of,
                    runs(place.known.filled_runs)
                ),
                observed: format!("{} in {} of {}", now.join(" or "), seen.filled, seen.filled),
                note: None,
            };
            let location = place.location.to_owned();
            found.push((observation, Sign::NotOf { status: place.status, location, form: *form }));
        }
    }
}

/// How many resources have a value of their own, at least: of the most frequent one, one in each run.
fn various(place: &Place, runs: u64) -> u64 {
    match place.compared {
        0 => place.filled,
        compared => compared.saturating_sub(place.commonest).saturating_add(runs),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::checks::testing_norms::told;

    #[test]
    fn accepts_the_same_form_and_a_place_of_many() {
        let day =
            |id: usize| json!({ "id": format!("a{id}"), "note": format!("2025-01-{:02}", id % 28 + 1) });
        let any = |id: usize| match id % 2 {
            0 => day(id),
            _ => json!({ "id": format!("a{id}"), "note": "soon" }),
        };
        let text = |id: usize| json!({ "id": format!("a{id}"), "note": format!("soon {id}") });
        assert_eq!(told("norm_form_changed", &day, &day), [""; 0]);
        assert_eq!(told("norm_form_changed", &day, &any), [""; 0]);
        assert_eq!(told("norm_form_changed", &any, &text), [""; 0]);
        let fraction = |id: usize| json!({ "id": format!("a{id}"), "amount": id as f64 + 0.5 });
        let whole = |id: usize| json!({ "id": format!("a{id}"), "amount": id });
        assert_eq!(told("norm_form_changed", &whole, &fraction), [""; 0]);
    }

    #[test]
    fn one_value_of_many_is_one_case() {
        let day =
            |id: usize| json!({ "id": format!("a{id}"), "note": format!("2025-01-{:02}", id % 28 + 1) });
        let one = |id: usize| json!({ "id": format!("a{id}"), "note": "soon" });
        assert_eq!(told("norm_form_changed", &day, &one), [""; 0]);
        let one_day = |id: usize| json!({ "id": format!("a{id}"), "note": "2025-01-31" });
        let text = |id: usize| json!({ "id": format!("a{id}"), "note": format!("day {id}") });
        assert_eq!(told("norm_form_changed", &one_day, &text), [""; 0]);
    }

    #[test]
    fn rejects_another_form() {
        let day =
            |id: usize| json!({ "id": format!("a{id}"), "note": format!("2025-01-{:02}", id % 28 + 1) });
        let text = |id: usize| json!({ "id": format!("a{id}"), "note": format!("day {id}") });
        assert_eq!(
            told("norm_form_changed", &day, &text),
            ["/note: a date in 40 of 40 (1 run), a text in 40 of 40"]
        );
    }
}
