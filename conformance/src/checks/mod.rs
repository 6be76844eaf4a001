//! The checks: each judges one exchange, or several together, from the client's side.
//!
//! One check, one file, named for its id, with what it looks for, why that matters to a client, and its
//! tests. [`all`] is the registry, and every list of checks is printed from it. Checks see [`Evidence`]: the
//! exchange and what the contract says about it, worked out once for all of them.

mod allow_lists_methods;
mod answers_agree;
mod answers_as_recorded;
mod bodies;
mod body_schema;
mod body_well_formed;
mod causes;
mod change_time_moves;
mod content_type_documented;
mod copies;
mod created_is_listed;
mod creation_time_kept;
mod credential_accepted;
mod credential_required;
mod declared;
mod defaults_applied;
mod deprecation_documented;
mod documentation;
mod error_body;
mod evidence;
mod filter_loses_nothing;
mod filter_selects;
mod header_schema;
mod header_value;
mod identifiers_agree;
mod identifiers_are_new;
mod invalid_request_refused;
mod items;
mod latency_within_budget;
mod limit_honoured;
mod methods;
mod model_round_trip;
mod no_server_error;
mod norm_always_null;
mod norm_form_changed;
mod norm_known_good_refused;
mod norm_one_value;
mod norm_property_absent;
mod norm_status_rare;
mod norm_undocumented_appears;
mod norms;
mod optional_property_seen;
mod order_holds;
mod pages_are_complete;
mod pages_are_disjoint;
mod pages_end;
mod reads_repeat;
mod redirect_leads_on;
mod refusal_changes_nothing;
mod refusal_names_place;
mod replacement_is_whole;
mod resource_found;
mod sent;
mod sequence_keeps_to_model;
mod series;
mod status_documented;
mod step;
mod step_succeeds;
mod syntax;
#[cfg(test)]
mod testing;
#[cfg(test)]
pub(crate) mod testing_norms;
#[cfg(test)]
mod testing_series;
mod total_counts_the_list;
mod transition_allowed;
mod transition_reaches;
mod transition_refused;
mod undocumented_method_refused;
mod undocumented_property;
mod unknown_enum_value;
mod valid_request_accepted;
mod volatile;
mod whole;
mod witnesses;
mod written_is_read_back;

use std::fmt;

use driftline_specs::Method;
use serde::{Deserialize, Serialize};

use crate::norms::Sign;

pub use bodies::Rewritten;
pub(crate) use causes::{is_told_before, is_told_by, is_told_for_all};
pub(crate) use declared::{Declared, Property};
pub use documentation::documentation;
pub use evidence::{Evidence, Judge, Reading};
pub(crate) use items::{Identity, identifiers};
pub(crate) use methods::is_at;
pub use norms::{NormEvidence, Standing};
pub(crate) use refusal_changes_nothing::changed;
pub(crate) use resource_found::means_missing;
pub use series::SeriesEvidence;
pub use step::StepEvidence;
pub use syntax::Fault;
pub use whole::{OptionalProperty, WholeEvidence};

/// How much a deviation hurts a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing.
    Notice,
    /// Something new that the client tolerates.
    Additive,
    /// Statuses, lifecycle, pagination, filters or authorisation do not work as stated.
    Behavioural,
    /// The generated client fails, misreads or is refused.
    Breaking,
}

impl Severity {
    /// What it means to a client, in a line.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Severity::Breaking => "the generated client fails, misreads or is refused",
            Severity::Behavioural => "the client works, but what it asks for is not done as stated",
            Severity::Additive => "something new that the client tolerates",
            Severity::Notice => "worth knowing",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Severity::Notice => "notice",
            Severity::Additive => "additive",
            Severity::Behavioural => "behavioural",
            Severity::Breaking => "breaking",
        })
    }
}

/// One deviation in one exchange, or in several together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// The check that speaks.
    pub check: &'static str,
    /// How much it hurts.
    pub severity: Severity,
    /// Where in the answer, as a JSON Pointer; empty for the whole answer.
    pub location: String,
    /// Where the contract says otherwise.
    pub contract: String,
    /// Which rule of that place is broken; part of the finding's identity.
    pub rule: String,
    /// What the contract says, without values from the answer.
    pub expected: String,
    /// What came, without values from the answer.
    pub observed: String,
    /// A sentence on what this means to a client, when there is more to say.
    pub note: Option<String>,
}

/// Judges exchanges: each by itself, several together, or all of a run.
pub trait Check: Send + Sync {
    /// The id, which is the name of its file and reads like a sentence.
    fn id(&self) -> &'static str;
    /// What it looks for, in a line.
    fn summary(&self) -> &'static str;
    /// Why it matters to a client, in a sentence or two.
    fn reason(&self) -> &'static str;
    /// The worst severity of its findings.
    fn severity(&self) -> Severity;
    /// The share of an operation's answers to valid requests that has to show a deviation before it is a finding.
    fn quorum(&self) -> f64 {
        0.0
    }
    /// Adds what it finds in an exchange.
    fn judge(&self, _evidence: &Evidence<'_>, _found: &mut Vec<Observation>) {}
    /// Adds what it finds in the answer to a method that the contract does not document for the path.
    fn judge_other_method(&self, _evidence: &Evidence<'_>, _method: Method, _found: &mut Vec<Observation>) {}
    /// Adds what it finds in several exchanges that say something together.
    fn judge_series(&self, _evidence: &SeriesEvidence<'_>, _found: &mut Vec<Observation>) {}
    /// Adds what it finds in a step of a workflow that is over.
    fn judge_step(&self, _evidence: &StepEvidence<'_>, _found: &mut Vec<Observation>) {}
    /// Adds what it finds in all answers of an operation, beside what was learned of it; each with what a single answer
    /// has to show again.
    fn judge_norms(&self, _evidence: &NormEvidence<'_>, _found: &mut Vec<(Observation, Sign)>) {}

    /// Adds what it finds in all answers of a run together; each with the operation that it is about, and what a single answer
    /// has to show again.
    fn judge_whole(&self, _evidence: &WholeEvidence, _found: &mut Vec<(String, Observation, Sign)>) {}
}

/// Returns every check, in the order in which they judge.
#[must_use]
pub fn all() -> &'static [&'static dyn Check] {
    &[
        &no_server_error::NoServerError,
        &credential_accepted::CredentialAccepted,
        &credential_required::CredentialRequired,
        &invalid_request_refused::InvalidRequestRefused,
        &refusal_names_place::RefusalNamesPlace,
        &valid_request_accepted::ValidRequestAccepted,
        &undocumented_method_refused::UndocumentedMethodRefused,
        &allow_lists_methods::AllowListsMethods,
        &status_documented::StatusDocumented,
        &redirect_leads_on::RedirectLeadsOn,
        &header_schema::HeaderSchema,
        &deprecation_documented::DeprecationDocumented,
        &latency_within_budget::LatencyWithinBudget,
        &content_type_documented::ContentTypeDocumented,
        &body_well_formed::BodyWellFormed,
        &error_body::ErrorBody,
        &body_schema::BodySchema,
        &unknown_enum_value::UnknownEnumValue,
        &undocumented_property::UndocumentedProperty,
        &model_round_trip::ModelRoundTrip,
        &reads_repeat::ReadsRepeat,
        &written_is_read_back::WrittenIsReadBack,
        &answers_agree::AnswersAgree,
        &replacement_is_whole::ReplacementIsWhole,
        &defaults_applied::DefaultsApplied,
        &creation_time_kept::CreationTimeKept,
        &change_time_moves::ChangeTimeMoves,
        &identifiers_agree::IdentifiersAgree,
        &identifiers_are_new::IdentifiersAreNew,
        &created_is_listed::CreatedIsListed,
        &limit_honoured::LimitHonoured,
        &pages_end::PagesEnd,
        &pages_are_disjoint::PagesAreDisjoint,
        &pages_are_complete::PagesAreComplete,
        &total_counts_the_list::TotalCountsTheList,
        &filter_selects::FilterSelects,
        &filter_loses_nothing::FilterLosesNothing,
        &order_holds::OrderHolds,
        &transition_allowed::TransitionAllowed,
        &transition_refused::TransitionRefused,
        &transition_reaches::TransitionReaches,
        &refusal_changes_nothing::RefusalChangesNothing,
        &resource_found::ResourceFound,
        &sequence_keeps_to_model::SequenceKeepsToModel,
        &step_succeeds::StepSucceeds,
        &answers_as_recorded::AnswersAsRecorded,
        &optional_property_seen::OptionalPropertySeen,
        &norm_property_absent::NormPropertyAbsent,
        &norm_always_null::NormAlwaysNull,
        &norm_one_value::NormOneValue,
        &norm_form_changed::NormFormChanged,
        &norm_undocumented_appears::NormUndocumentedAppears,
        &norm_status_rare::NormStatusRare,
        &norm_known_good_refused::NormKnownGoodRefused,
    ]
}

/// Whether a deviation that a check saw so often, in so many answers to valid requests, is a finding.
pub(crate) fn is_enough(check: &str, seen: u64, answers: u64) -> bool {
    let quorum = all().iter().find(|it| it.id() == check).map_or(0.0, |it| it.quorum());
    quorum == 0.0 || seen as f64 > answers as f64 * quorum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_answer_counts_when_most_are() {
        assert!(is_enough("latency_within_budget", 6, 10));
        assert!(!is_enough("latency_within_budget", 5, 10), "the median is within the budget");
        assert!(is_enough("body_schema", 1, 1000));
    }

    #[test]
    fn ids_are_unique_and_documented() {
        let mut ids: Vec<_> = all().iter().map(|check| check.id()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all().len());
        for check in all() {
            assert!(check.summary().len() > 10 && check.reason().len() > 20, "{}", check.id());
            let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
                .join(format!("src/checks/{}.rs", check.id()));
            assert!(file.is_file(), "{} has no file of its name", check.id());
        }
    }
}
