//! `pages_end`: a walk through the pages of a list ends.
//!
//! A walk ends on a short page, without a cursor, or without a next URL. One that comes back to a page that it has seen
//! never ends. One that leads to another host is not followed: a client would send its credential there.

use super::{Check, Observation, SeriesEvidence, Severity};
use crate::exchange::{Ending, SeriesKind};

/// See the module.
pub(super) struct PagesEnd;

impl Check for PagesEnd {
    fn id(&self) -> &'static str {
        "pages_end"
    }

    fn summary(&self) -> &'static str {
        "a walk through the pages of a list ends"
    }

    fn reason(&self) -> &'static str {
        "a client that follows the pages asks for ever, or stops by a rule of its own and misses what comes later"
    }

    fn severity(&self) -> Severity {
        Severity::Behavioural
    }

    fn judge_series(&self, evidence: &SeriesEvidence<'_>, found: &mut Vec<Observation>) {
        if !matches!(evidence.series.kind, SeriesKind::Walk { .. }) {
            return;
        }
        let (rule, expected, observed) = match evidence.series.ending {
            Ending::Repeated => {
                ("pages end", "another page, or the end of the list", "a page that was there before")
            }
            Ending::Elsewhere => {
                ("pages stay", "a page below the address that was asked", "a page somewhere else")
            }
            Ending::Done | Ending::TooLong => return,
        };
        let location = evidence.pagination(1).and_then(|it| it.next.clone());
        found.push(Observation {
            check: self.id(),
            severity: self.severity(),
            location: location.unwrap_or_default(),
            contract: evidence.operation.pointer.clone(),
            rule: rule.to_owned(),
            expected: expected.to_owned(),
            observed: observed.to_owned(),
            note: None,
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing_series::{created, ended, judged, page, parcels, told, walk};
    use crate::exchange::{Ending, Series};

    fn ending(ending: Ending) -> Series {
        let one = page(&parcels(&["a", "b"]), None);
        ended(walk(&one, &[one.clone(), one.clone()]), ending)
    }

    #[test]
    fn accepts_a_walk_that_ends_and_one_that_is_only_long() {
        assert_eq!(told("pages_end", &ending(Ending::Done)), [""; 0]);
        assert_eq!(told("pages_end", &ending(Ending::TooLong)), [""; 0]);
    }

    #[test]
    fn rejects_a_walk_that_leads_to_another_host_and_tells_it_once() {
        let found = ["pages stay | /page/next | a page somewhere else"];
        assert_eq!(told("pages_end", &ending(Ending::Elsewhere)), found);
        for check in ["pages_are_complete", "total_counts_the_list"] {
            assert_eq!(told(check, &ending(Ending::Elsewhere)), [""; 0], "{check}");
        }
    }

    #[test]
    fn rejects_a_walk_that_leads_round_in_a_circle() {
        let found = judged("pages_end", &ending(Ending::Repeated));
        assert_eq!(found.len(), 1);
        // What leads on is what is wrong.
        assert_eq!((found[0].rule.as_str(), found[0].location.as_str()), ("pages end", "/page/next"));
        assert_eq!(found[0].contract, "#/paths/~1parcels/get");
        assert_eq!(found[0].observed, "a page that was there before");
    }

    #[test]
    fn is_told_once_and_not_while_something_else_is_looked_for() {
        for check in ["pages_are_disjoint", "pages_are_complete", "total_counts_the_list"] {
            assert_eq!(told(check, &ending(Ending::Repeated)), [""; 0], "{check}");
        }
        let one = page(&parcels(&["a"]), None);
        let series = ended(created(&one["parcels"][0], std::slice::from_ref(&one)), Ending::Repeated);
        assert_eq!(told("pages_end", &series), [""; 0]);
    }
}
