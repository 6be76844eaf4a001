//! `created_is_listed`: what was created is in the list of its kind.
//!
//! The list is walked through to its end. The item is known by a property that identifies items and that the answer to the
//! creation has as well.

use serde_json::Value;

use super::items::{identifiers, text};
use super::{Check, Observation, SeriesEvidence, Severity};
use crate::exchange::{Ending, SeriesKind};

/// See the module.
pub(super) struct CreatedIsListed;

impl Check for CreatedIsListed {
    fn id(&self) -> &'static str {
        "created_is_listed"
    }

    fn summary(&self) -> &'static str {
        "what was created is in the list of its kind"
    }

    fn reason(&self) -> &'static str {
        "a client that looks for what it made in the list does not find it, and makes another one"
    }

    fn severity(&self) -> Severity {
        Severity::Behavioural
    }

    fn judge_series(&self, evidence: &SeriesEvidence<'_>, found: &mut Vec<Observation>) {
        if !matches!(evidence.series.kind, SeriesKind::CreateThenList { .. })
            || evidence.series.ending != Ending::Done
        {
            return;
        }
        let Some(created) = evidence.body(0) else { return };
        let pages = 1..evidence.series.exchanges.len();
        let items: Vec<&Value> = pages.flat_map(|page| evidence.items(page)).collect();
        // An empty list does not say what its items are known by, but lacks whatever was created.
        let names = identifiers(items.first().copied().unwrap_or(created));
        let Some(name) = names.into_iter().find(|name| created.get(*name).and_then(text).is_some()) else {
            return;
        };
        let own = created.get(name).and_then(text);
        if items.iter().all(|item| item.get(name).and_then(text) != own) {
            let list = evidence.operation_of(1).map_or("", |list| list.id.as_str());
            found.push(Observation {
                check: self.id(),
                severity: self.severity(),
                location: evidence.pagination(1).map(|it| it.items.clone()).unwrap_or_default(),
                contract: evidence.operation.pointer.clone(),
                rule: format!("listed by {list}"),
                expected: "what was created, in the list".to_owned(),
                observed: "a list without it".to_owned(),
                note: None,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::checks::testing_series::{created, ended, judged, page, parcels, told};
    use crate::exchange::Ending;

    #[test]
    fn accepts_what_is_on_any_page() {
        let pages = [page(&parcels(&["a", "b"]), None), page(&parcels(&["c"]), None)];
        assert_eq!(told("created_is_listed", &created(&json!({ "id": "c" }), &pages)), [""; 0]);
    }

    #[test]
    fn rejects_a_list_without_it() {
        let pages = [page(&parcels(&["a", "b"]), None), page(&parcels(&["c"]), None)];
        let found = judged("created_is_listed", &created(&json!({ "id": "d" }), &pages));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].rule, "listed by listParcels");
        assert_eq!(found[0].location, "/parcels");
        assert_eq!(found[0].contract, "#/paths/~1parcels/get");
        assert_eq!(found[0].observed, "a list without it");
    }

    #[test]
    fn rejects_an_empty_list() {
        let found = told("created_is_listed", &created(&json!({ "id": "a" }), &[page(&[], None)]));
        assert_eq!(found, ["listed by listParcels | /parcels | a list without it"]);
    }

    #[test]
    fn identifiers_are_the_same_as_text_or_number() {
        let pages = [page(&[json!({ "id": 7 })], None)];
        assert_eq!(told("created_is_listed", &created(&json!({ "id": "7" }), &pages)), [""; 0]);
    }

    #[test]
    fn a_walk_that_has_no_end_proves_nothing() {
        let pages = [page(&parcels(&["a", "b"]), None)];
        for ending in [Ending::TooLong, Ending::Repeated, Ending::Elsewhere] {
            let series = ended(created(&json!({ "id": "d" }), &pages), ending);
            assert_eq!(told("created_is_listed", &series), [""; 0]);
        }
    }

    #[test]
    fn without_a_common_identifier_nothing_is_known() {
        let pages = [page(&[json!({ "name": "n" }), json!({ "name": "m" })], None)];
        assert_eq!(told("created_is_listed", &created(&json!({ "id": "d", "name": "o" }), &pages)), [""; 0]);
        let pages = [page(&parcels(&["a"]), None)];
        assert_eq!(told("created_is_listed", &created(&json!({ "state": "open" }), &pages)), [""; 0]);
    }
}
