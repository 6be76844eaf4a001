//! One stored application: the caller's body as it was sent, the facts in it that decide what happens, and
//! where it stands.

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;

use super::carrier::{Carrier, Documents, carrier_of, issuer_of};
use super::lifecycle::{Proof, State};
use super::readiness;
use super::refusals::ErrorDetail;
use crate::clock::{date_of, first_of_next_month};
use crate::shelf::Weigh;

/// What makes the carrier refuse an application after it was submitted.
const FAILS: &str = "fail-submission";

/// A stored application.
#[derive(Clone, Debug)]
pub(super) struct Application {
    pub(super) number: u64,
    /// The body as JSON text: a fraction of the memory that its parsed form takes.
    body: String,
    pub(super) facts: Facts,
    /// What the content lacks for submission.
    lacking: Vec<ErrorDetail>,
    pub(super) state: State,
    pub(super) proof: Proof,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
    pub(super) submitted_at: Option<Timestamp>,
    /// When coverage ended, or would have begun if it was cancelled.
    pub(super) ended_on: Option<Date>,
    /// The number of documents so far.
    pub(super) documents: u64,
    /// When the review of the last document is due, as the store schedules it.
    pub(super) review: Option<(Timestamp, u64)>,
}

/// What the sandbox needs of a body without parsing it again.
#[derive(Clone, Debug)]
pub(super) struct Facts {
    pub(super) external_id: Option<String>,
    pub(super) tpa_slug: Option<String>,
    pub(super) employer_external_id: Option<String>,
    pub(super) plan_hios_id: String,
    pub(super) plan_year: i64,
    pub(super) event: Option<String>,
    pub(super) desired_effective_date: Option<String>,
    pub(super) carrier: &'static Carrier,
}

impl Facts {
    /// The facts of a body that the contract allows.
    pub(super) fn of(body: &Value) -> Facts {
        let text = |pointer: &str| body.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        let plan_hios_id = text("/plan_hios_id").unwrap_or_default();
        Facts {
            external_id: text("/external_id"),
            tpa_slug: text("/tpa_slug"),
            employer_external_id: text("/hra/employer/external_id"),
            carrier: carrier_of(&plan_hios_id),
            plan_hios_id,
            plan_year: body.get("plan_year").and_then(Value::as_i64).unwrap_or_default(),
            event: text("/special_enrollment_period/event_type"),
            desired_effective_date: text("/desired_effective_date"),
        }
    }

    pub(super) fn issuer(&self) -> &str {
        issuer_of(&self.plan_hios_id)
    }

    fn weight(&self) -> usize {
        let optional = [
            &self.external_id,
            &self.tpa_slug,
            &self.employer_external_id,
            &self.event,
            &self.desired_effective_date,
        ];
        let optional: usize = optional.into_iter().flatten().map(String::len).sum();
        optional + self.plan_hios_id.len()
    }
}

impl Application {
    pub(super) fn draft(number: u64, body: &Value, now: Timestamp) -> Application {
        let mut application = Application {
            number,
            body: String::new(),
            facts: Facts::of(body),
            lacking: Vec::new(),
            state: State::Draft,
            proof: Proof::NoneNeeded,
            created_at: now,
            updated_at: now,
            submitted_at: None,
            ended_on: None,
            documents: 0,
            review: None,
        };
        application.replace(body, now);
        application
    }

    /// Replaces the whole body.
    pub(super) fn replace(&mut self, body: &Value, now: Timestamp) {
        self.facts = Facts::of(body);
        self.lacking = readiness::lacking(body, self.facts.carrier, date_of(now));
        self.proof = self.proof.with_need(self.facts.carrier.wants_proof_of(self.facts.event.as_deref()));
        self.body = body.to_string();
        self.updated_at = now;
    }

    /// The identifier on the wire.
    pub(super) fn id(&self) -> String {
        id_of(self.number)
    }

    /// The body as the caller sent it.
    pub(super) fn body(&self) -> Value {
        // The text was printed from a value, so it parses.
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    /// Whether the carrier will refuse the application after submission.
    pub(super) fn is_to_fail(&self) -> bool {
        self.facts.external_id.as_deref().is_some_and(|id| id.starts_with(FAILS))
    }

    /// The `errors` of the wire: for a draft what it lacks for submission, for a failed submission the carrier's
    /// reason.
    pub(super) fn errors(&self) -> Vec<ErrorDetail> {
        match self.state {
            State::Draft => {
                let owed =
                    self.facts.carrier.documents == Documents::BeforeSubmission && self.proof.is_owed();
                let owed = owed.then(|| {
                    ErrorDetail::general(
                        "missing_required_field",
                        "this carrier wants a supporting document before submission",
                    )
                });
                self.lacking.iter().cloned().chain(owed).collect()
            }
            State::SubmissionFailed => {
                let reason = format!("{} did not accept the application", self.facts.carrier.name);
                vec![ErrorDetail::general("plan_not_available", reason)]
            }
            _ => Vec::new(),
        }
    }

    /// When coverage begins, or would.
    pub(super) fn effective_date(&self) -> Date {
        let desired = self.facts.desired_effective_date.as_deref().and_then(|date| date.parse().ok());
        desired.unwrap_or_else(|| first_of_next_month(date_of(self.submitted_at.unwrap_or(self.created_at))))
    }
}

impl Weigh for Application {
    fn weight(&self) -> usize {
        let lacking: usize = self
            .lacking
            .iter()
            .map(|error| {
                size_of::<ErrorDetail>() + error.message.len() + error.field.as_ref().map_or(0, String::len)
            })
            .sum();
        size_of::<Application>() + self.body.len() + self.facts.weight() + lacking
    }
}

/// The identifier of the application with this number.
pub(super) fn id_of(number: u64) -> String {
    format!("HSA{number:09}")
}

/// The number in an identifier, when it is written as this API writes it.
pub(super) fn number_of(id: &str) -> Option<u64> {
    let number = id.strip_prefix("HSA")?.parse().ok()?;
    (id_of(number) == id).then_some(number)
}
