//! `reads_repeat`: a request that changes nothing is answered twice with the same.
//!
//! Nothing is sent between the two. Where they differ a few more are sent: what stays then, and is not again what it was first,
//! has happened in between, as time leads things from one state to another. Times, numbers of requests and signed addresses may differ,
//! since an endpoint may tell when and how it answered; whatever else differs makes a client see something else each time
//! that it looks.

use super::volatile::forget;
use super::{Check, Observation, SeriesEvidence, Severity};
use crate::difference::difference;
use crate::exchange::SeriesKind;
use crate::pointer::generalise;

/// See the module.
pub(super) struct ReadsRepeat;

impl Check for ReadsRepeat {
    fn id(&self) -> &'static str {
        "reads_repeat"
    }

    fn summary(&self) -> &'static str {
        "a request that changes nothing is answered twice with the same"
    }

    fn reason(&self) -> &'static str {
        "a client that looks twice sees two things, although nothing has happened in between"
    }

    fn severity(&self) -> Severity {
        Severity::Behavioural
    }

    fn judge_series(&self, evidence: &SeriesEvidence<'_>, found: &mut Vec<Observation>) {
        if evidence.series.kind != SeriesKind::Again {
            return;
        }
        let (Some(first), Some(again)) = (evidence.body(0), evidence.body(1)) else { return };
        // What the schema says is wrong, or does not speak of, is told by other checks, however often it comes.
        if !evidence.is_valid(0) || !evidence.is_valid(1) {
            return;
        }
        let (mut first, mut again) = (first.clone(), again.clone());
        forget(&mut first, &mut again);
        if let Some((location, what)) = difference(&first, &again)
            && evidence.declares(0, &location)
            && !has_happened(evidence, &location)
        {
            found.push(Observation {
                check: self.id(),
                severity: self.severity(),
                contract: evidence.place(0, &location),
                rule: format!("repeats {}", generalise(&location)),
                location,
                expected: "the same answer again".to_owned(),
                observed: format!("different: the second answer {what}"),
                note: None,
            });
        }
    }
}

/// Whether what differs has come to stay: it is the same twice, and never again what it was.
fn has_happened(evidence: &SeriesEvidence<'_>, location: &str) -> bool {
    let later = (1..evidence.series.exchanges.len()).filter_map(|read| evidence.body(read));
    let later: Vec<_> = later.map(|body| body.pointer(location)).collect();
    let first = evidence.body(0).and_then(|body| body.pointer(location));
    later.windows(2).any(|two| matches!(two, [one, other] if one == other)) && !later.contains(&first)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::checks::testing_series::{again, judged, listed, page, parcels, told, walk};
    use crate::exchange::{Series, SeriesKind};

    #[test]
    fn accepts_the_same_answer_in_other_words() {
        let first = json!({ "id": "a", "weight": 42, "tags": ["x"], "note": null });
        let second = json!({ "note": null, "weight": 42.0, "tags": ["x"], "id": "a" });
        assert_eq!(told("reads_repeat", &again(&first, &second)), [""; 0]);
    }

    #[test]
    fn rejects_another_value_where_it_stands() {
        let parcel = |city: &str| json!({ "id": "a", "address": { "city": city } });
        let found = judged("reads_repeat", &again(&parcel("Here"), &parcel("There")));
        assert_eq!(found[0].location, "/address/city");
        assert_eq!(found[0].contract, "#/components/schemas/Parcel/properties/address/properties/city");
        assert_eq!(found[0].observed, "different: the second answer has another string");
        assert_eq!(found.len(), 1);
    }

    #[test]
    fn rejects_what_comes_and_goes() {
        let series = again(&json!({ "id": "a", "name": "n" }), &json!({ "id": "a" }));
        let missing = "repeats /name | /name | different: the second answer lacks it";
        assert_eq!(told("reads_repeat", &series), [missing]);
        let series = again(&json!({ "id": "a" }), &json!({ "id": "a", "note": null }));
        let added = "repeats /note | /note | different: the second answer has it in addition";
        assert_eq!(told("reads_repeat", &series), [added]);
        let series = again(&json!({ "tags": ["x", "y"] }), &json!({ "tags": ["x"] }));
        let fewer = "repeats /tags | /tags | different: the second answer has 1 items instead of 2";
        assert_eq!(told("reads_repeat", &series), [fewer]);
    }

    #[test]
    fn rejects_another_order_of_a_list_by_place_not_by_item() {
        let (first, second) = (page(&parcels(&["a", "b"]), None), page(&parcels(&["b", "a"]), None));
        let exchanges = vec![listed("", &first), listed("", &second)];
        let series = Series { kind: SeriesKind::Again, exchanges, ..again(&first, &second) };
        let told = told("reads_repeat", &series);
        assert_eq!(
            told,
            ["repeats /parcels/*/id | /parcels/0/id | different: the second answer has another string"]
        );
    }

    #[test]
    fn accepts_times_that_differ_and_nothing_else_in_their_place() {
        let parcel = |note: &str| json!({ "id": "a", "note": note, "tags": [note] });
        let now = parcel("2026-01-01T00:00:00Z");
        let later = parcel("2026-01-01T00:00:01.5+02:00");
        assert_eq!(told("reads_repeat", &again(&now, &later)), [""; 0]);
        for other in ["tomorrow", "2026-01-01", ""] {
            assert_eq!(told("reads_repeat", &again(&now, &parcel(other))).len(), 1, "{other}");
        }
    }

    #[test]
    fn what_the_schema_forbids_or_does_not_speak_of_is_other_checks_affair() {
        let invalid = again(&json!({ "id": "a", "weight": 1 }), &json!({ "id": "a", "weight": "heavy" }));
        assert_eq!(told("reads_repeat", &invalid), [""; 0]);
        let undeclared = again(&json!({ "id": "a", "mood": "good" }), &json!({ "id": "a", "mood": "bad" }));
        assert_eq!(told("reads_repeat", &undeclared), [""; 0]);
    }

    #[test]
    fn what_stays_has_happened_in_between() {
        let parcel = |city: &str| json!({ "id": "a", "address": { "city": city } });
        let read = |later: &[&str]| {
            let mut series = again(&parcel("Here"), &parcel("There"));
            let later = later.iter().map(|city| again(&parcel(city), &parcel(city)).exchanges.remove(0));
            series.exchanges.extend(later);
            told("reads_repeat", &series).len()
        };
        assert_eq!((read(&["There"]), read(&["Elsewhere", "Elsewhere"])), (0, 0));
        assert_eq!((read(&["Here"]), read(&["There", "There", "Here"])), (1, 1), "it comes and goes");
        assert_eq!(read(&["Elsewhere", "Nowhere"]), 1, "it is never the same");
    }

    #[test]
    fn says_nothing_of_other_series() {
        let (whole, small) = (page(&parcels(&["a", "b"]), None), page(&parcels(&["c"]), None));
        assert_eq!(told("reads_repeat", &walk(&whole, &[small])), [""; 0]);
    }
}
