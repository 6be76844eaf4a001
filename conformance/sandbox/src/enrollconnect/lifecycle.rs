//! The states of an application and what each allows. Only a draft can be replaced or submitted; a failed submission
//! is as read-only as any other, because the page says that an application is so once it was submitted. Only what is
//! pending can be cancelled, and only what is effectuated can be terminated.

/// Where an application stands; the `policy_status` of the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Draft,
    PendingEffectuation,
    Effectuated,
    SubmissionFailed,
    Cancelled,
    Terminated,
}

impl State {
    pub(super) const ALL: [State; 6] = [
        State::Draft,
        State::PendingEffectuation,
        State::Effectuated,
        State::SubmissionFailed,
        State::Cancelled,
        State::Terminated,
    ];

    pub(super) fn as_str(self) -> &'static str {
        match self {
            State::Draft => "draft",
            State::PendingEffectuation => "pending_effectuation",
            State::Effectuated => "effectuated",
            State::SubmissionFailed => "submission_failed",
            State::Cancelled => "cancelled",
            State::Terminated => "terminated",
        }
    }

    /// Whether the application can be replaced and submitted.
    pub(super) fn is_draft(self) -> bool {
        self == State::Draft
    }

    /// Whether the carrier has, or had, a policy for the application.
    pub(super) fn has_policy(self) -> bool {
        !matches!(self, State::Draft | State::SubmissionFailed)
    }

    /// Whether documents are still of use.
    pub(super) fn takes_documents(self) -> bool {
        matches!(self, State::Draft | State::PendingEffectuation)
    }

    /// Whether the first or the next premium can still be paid.
    pub(super) fn takes_payment(self) -> bool {
        matches!(self, State::PendingEffectuation | State::Effectuated)
    }
}

/// Where the proof of the special enrollment period stands; the `document_status` of the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Proof {
    NoneNeeded,
    Required,
    Uploaded,
    Verified,
    Denied,
}

impl Proof {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Proof::NoneNeeded => "none_needed",
            Proof::Required => "required",
            Proof::Uploaded => "uploaded",
            Proof::Verified => "verified",
            Proof::Denied => "denied",
        }
    }

    /// The proof of an application whose need for one has changed.
    pub(super) fn with_need(self, wanted: bool) -> Proof {
        match (self, wanted) {
            (Proof::NoneNeeded, true) => Proof::Required,
            (Proof::Required, false) => Proof::NoneNeeded,
            (as_it_was, _) => as_it_was,
        }
    }

    /// Whether an upload is still owed.
    pub(super) fn is_owed(self) -> bool {
        matches!(self, Proof::Required | Proof::Denied)
    }

    /// Whether nothing about the proof holds coverage back.
    pub(super) fn is_settled(self) -> bool {
        matches!(self, Proof::NoneNeeded | Proof::Verified)
    }
}
