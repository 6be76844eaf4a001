//! One cause, one observation: what several checks, or one check several times, say about the same thing.
//!
//! An object that lacks what it must have and has what nobody knows is of another shape: a property was
//! renamed, or the whole object replaced. That is told once, where something is missing.

use super::allow_lists_methods::ABSENT;
use super::total_counts_the_list::ANOTHER_NUMBER;
use super::{Observation, Severity};
use crate::pointer::generalise;

/// Merges the observations of one exchange that have one cause.
pub(super) fn merge(found: Vec<Observation>) -> Vec<Observation> {
    let mut merged: Vec<Observation> = Vec::with_capacity(found.len());
    for observation in &found {
        let parent = parent(&observation.location);
        let strangers: Vec<&str> = found.iter().filter(|it| is_stranger(it, parent)).map(name).collect();
        let missing: Vec<&str> = found.iter().filter(|it| is_missing(it, parent)).map(name).collect();
        if strangers.is_empty() || missing.is_empty() {
            merged.push(observation.clone());
        } else if is_missing(observation, parent) && missing.first() == Some(&name(observation)) {
            merged.push(Observation {
                rule: format!("required {}", missing.join(" ")),
                observed: match missing.len() {
                    1 => format!("absent, and there is {} instead", strangers.join(", ")),
                    _ => format!(
                        "absent like {}, and there is {} instead",
                        missing.get(1..).unwrap_or_default().join(", "),
                        strangers.join(", "),
                    ),
                },
                ..observation.clone()
            });
        } else if !is_missing(observation, parent) && !is_stranger(observation, parent) {
            merged.push(observation.clone());
        }
    }
    merged
}

/// Whether an observation says again what another one of the same operation has said: a sibling that knows better
/// testifies to what is known to be wrong, and so do norms.
pub(crate) fn is_told_by(observation: &Observation, known: &Observation) -> bool {
    if observation.check == "norm_known_good_refused" && !is_of_norms(known) {
        return ["valid_request_accepted", "status_documented", "no_server_error"].contains(&known.check);
    }
    if is_of_norms(observation) && !is_of_norms(known) {
        return is_known_to_norms(observation, known);
    }
    // Pages that lose items have fewer than the total counts.
    if observation.check == "total_counts_the_list" && observation.observed == ANOTHER_NUMBER {
        return known.check == "pages_are_complete";
    }
    observation.check == "answers_agree"
        && known.check != "answers_agree"
        && known.contract == observation.contract
}

/// Whether an observation says of one operation what has been said of another one, and is true of the API as a whole.
pub(crate) fn is_told_for_all(observation: &Observation, known: &Observation) -> bool {
    let of_all = (observation.check, observation.rule.as_str()) == ("allow_lists_methods", ABSENT);
    of_all && (known.check, &known.rule) == (observation.check, &observation.rule)
}

/// What of a single operation explains what a sequence or a workflow shows.
const EXPLAINS: [&str; 10] = [
    "no_server_error",
    "status_documented",
    "valid_request_accepted",
    "invalid_request_refused",
    "replacement_is_whole",
    "transition_allowed",
    "transition_refused",
    "transition_reaches",
    "refusal_changes_nothing",
    "reads_repeat",
];

/// Whether what a sequence or a workflow shows has been told by something simpler: of the same operation, or of the same
/// place by whichever operation shows it.
pub(crate) fn is_told_before(
    observation: &Observation,
    known: &Observation,
    is_of_the_operation: bool,
) -> bool {
    if known.check == observation.check {
        return false;
    }
    let (place, told) = (generalise(&observation.location), generalise(&known.location));
    let is_place = !told.is_empty() && told == place;
    let explains = is_of_the_operation && EXPLAINS.contains(&known.check);
    match observation.check {
        "sequence_keeps_to_model" => is_place || explains,
        // What is wrong with an operation by itself is why its step fails; that the workflow has failed is in the report.
        "step_succeeds" => {
            let below = known.contract.strip_prefix(&observation.contract);
            let is_declared =
                !place.is_empty() && below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
            is_place && known.severity > Severity::Notice
                || is_declared
                || is_of_the_operation
                    && (known.severity >= Severity::Behavioural || known.check == "unknown_enum_value")
        }
        "answers_as_recorded" if place.is_empty() => {
            explains || is_of_the_operation && told.is_empty() && known.severity > Severity::Notice
        }
        "answers_as_recorded" => {
            let around = |outer: &str, inner: &str| {
                inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            };
            !told.is_empty()
                && (known.contract == observation.contract
                    || is_of_the_operation && (around(&told, &place) || around(&place, &told)))
        }
        _ => false,
    }
}

fn is_of_norms(observation: &Observation) -> bool {
    observation.check.starts_with("norm_")
}

/// Whether what is unusual follows from a deviation: at its place or around it, or from a property that has another name.
/// Where answers have the wrong status, all statuses are unusual.
fn is_known_to_norms(observation: &Observation, known: &Observation) -> bool {
    let place = generalise(&known.location);
    if observation.location.is_empty() {
        return place.is_empty();
    }
    let around = |outer: &str, inner: &str| {
        inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    known.contract == observation.contract
        || !place.is_empty()
            && (around(&place, &observation.location) || around(&observation.location, &place))
        // What stands where something is missing was told with that.
        || observation.check == "norm_undocumented_appears" && is_missing(known, parent(&observation.location))
        || is_stranger(known, parent(&known.location)) && parent(&place) == parent(&observation.location)
}

fn is_stranger(observation: &Observation, object: &str) -> bool {
    observation.check == "undocumented_property" && parent(&observation.location) == object
}

fn is_missing(observation: &Observation, object: &str) -> bool {
    observation.rule.starts_with("required ") && parent(&observation.location) == object
}

fn parent(location: &str) -> &str {
    location.rsplit_once('/').map_or("", |(parent, _)| parent)
}

fn name(observation: &Observation) -> &str {
    observation.location.rsplit('/').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Observation, is_told_by};
    use crate::checks::Severity;

    fn observed(check: &'static str, location: &str, rule: &str) -> Observation {
        Observation {
            check,
            severity: Severity::Notice,
            location: location.to_owned(),
            contract: format!("#{location}"),
            rule: rule.to_owned(),
            expected: String::new(),
            observed: String::new(),
            note: None,
        }
    }

    #[test]
    fn what_stands_where_something_is_missing_is_told_with_that() {
        let missing = observed("error_body", "/fault/errors", "required errors");
        let appears = |location| observed("norm_undocumented_appears", location, "appears");
        assert!(is_told_by(&appears("/fault/error"), &missing));
        assert!(!is_told_by(&appears("/error"), &missing), "that is another object");
        let other = observed("body_schema", "/fault/errors", "type");
        assert!(!is_told_by(&appears("/fault/error"), &other), "nothing is missing");
    }

    #[test]
    fn a_total_of_more_than_incomplete_pages_have_is_told_with_them() {
        let counted = |seen: &str| Observation {
            observed: seen.to_owned(),
            ..observed("total_counts_the_list", "/page/total", "total /page/total")
        };
        let pages = |check| observed(check, "/parcels", "pages are complete");
        assert!(is_told_by(&counted("another number"), &pages("pages_are_complete")));
        assert!(!is_told_by(&counted("another number"), &pages("limit_honoured")));
        assert!(!is_told_by(&counted("the number of items of the page"), &pages("pages_are_complete")));
    }
}
