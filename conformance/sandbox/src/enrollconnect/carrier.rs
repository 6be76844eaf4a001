//! The carriers behind the plans and what each demands. A plan's HIOS ID begins with its issuer's five
//! digits, which decide the carrier. The carriers are invented and their issuer IDs begin with zeros, which no real issuer's
//! do; a plan of any other issuer belongs to a carrier that is content with what the vendor's page asks for.

use super::lifecycle::Proof;

/// What a carrier demands and offers.
#[derive(Debug)]
pub(super) struct Carrier {
    pub(super) issuer: &'static str,
    pub(super) name: &'static str,
    /// Whether values are checked beyond the contract: plan years, birth dates, effective dates.
    pub(super) strict: bool,
    /// Whether an ITIN will do in the place of an SSN.
    pub(super) accepts_itin: bool,
    /// Whether an applicant may choose when coverage begins.
    pub(super) selects_effective_date: bool,
    /// Whether an applicant under 18 needs a responsible party besides the guardian.
    pub(super) responsible_party: bool,
    /// Whether a payment method must come with the application.
    pub(super) payment_with_submission: bool,
    pub(super) payment_redirect: bool,
    pub(super) payment_phone: Option<&'static str>,
    /// Whether an application that is pending effectuation can be cancelled.
    pub(super) cancels: bool,
    pub(super) documents: Documents,
}

/// When a carrier wants the special enrollment period proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Documents {
    Never,
    /// Submission waits for an upload, whatever the event.
    BeforeSubmission,
    /// Effectuation waits for a verified upload, for some events.
    BeforeEffectuation,
}

/// A carrier without demands of its own, from which the others differ.
const CONTENT: Carrier = Carrier {
    issuer: "",
    name: "Any Other Carrier",
    strict: false,
    accepts_itin: true,
    selects_effective_date: true,
    responsible_party: false,
    payment_with_submission: false,
    payment_redirect: true,
    payment_phone: None,
    cancels: true,
    documents: Documents::Never,
};

static ANY_OTHER: Carrier = CONTENT;

static KNOWN: [Carrier; 5] = [
    Carrier {
        issuer: "00010",
        name: "Alder Mutual",
        strict: true,
        payment_phone: Some("8005550110"),
        documents: Documents::BeforeEffectuation,
        ..CONTENT
    },
    Carrier {
        issuer: "00020",
        name: "Birch Health",
        strict: true,
        accepts_itin: false,
        selects_effective_date: false,
        payment_redirect: false,
        payment_phone: Some("8005550120"),
        cancels: false,
        ..CONTENT
    },
    Carrier { issuer: "00030", name: "Cedar Plans", strict: true, payment_with_submission: true, ..CONTENT },
    Carrier {
        issuer: "00040",
        name: "Dogwood Care",
        strict: true,
        documents: Documents::BeforeSubmission,
        ..CONTENT
    },
    Carrier { issuer: "00050", name: "Elm Family", strict: true, responsible_party: true, ..CONTENT },
];

/// The issuer of no plan at all.
pub(super) const NO_ISSUER: &str = "00000";

/// An issuer whose plans are not for sale.
pub(super) const WITHDRAWN_ISSUER: &str = "00099";

/// The first five characters of a plan's HIOS ID.
pub(super) fn issuer_of(plan: &str) -> &str {
    plan.char_indices().nth(5).map_or(plan, |(end, _)| plan.get(..end).unwrap_or(plan))
}

/// The carrier of a plan.
pub(super) fn carrier_of(plan: &str) -> &'static Carrier {
    let issuer = issuer_of(plan);
    KNOWN.iter().find(|carrier| carrier.issuer == issuer).unwrap_or(&ANY_OTHER)
}

impl Carrier {
    /// Whether an event must be proven with a document before coverage is effectuated.
    pub(super) fn wants_proof_of(&self, event: Option<&str>) -> bool {
        match self.documents {
            Documents::Never => false,
            Documents::BeforeSubmission => true,
            Documents::BeforeEffectuation => {
                matches!(event, Some("loss_of_mec" | "marriage" | "birth" | "adoption" | "relocation"))
            }
        }
    }

    /// Whether the carrier waits for a proof before it effectuates coverage.
    pub(super) fn holds_back(&self, proof: Proof) -> bool {
        self.documents != Documents::Never && !proof.is_settled()
    }
}
