//! Departures that nobody thought of beforehand: mutants, enumerated from a contract. Where the catalogue has one kind of
//! drift for each idea, here is one mutant for each place of each answer and each request, each filter, each list and each
//! transition, and each thing that can be done there; and each of them again now and then, and on a condition.
//! They are data, so that a run can take a sample of them and say which ones it did not find.
//!
//! Each file enumerates its mutants and says what they do; `exhibit` is what the host sees of them.

mod alter;
mod bodies;
mod class;
mod enumerate;
mod exhibit;
mod lists;
mod lives;
mod mode;
mod requests;
mod shape;

use driftline_specs::Pagination;
use serde_json::Value;

pub use class::MutantClass;
pub use enumerate::mutants;
pub(crate) use exhibit::Exhibit;
pub use lists::ListFault;
pub use lives::{Fate, Move};
pub(crate) use mode::Asking;
pub use mode::{Condition, Mode, ModeKind};

use super::Severity;

/// One departure from a contract: an operation, a place in what it is asked or answers, what is done there, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mutant {
    /// The API that it changes.
    pub api: String,
    /// The operation whose answers it changes.
    pub operation_id: String,
    /// The documented status of the answers that it changes; nothing where the request is what counts.
    pub status: Option<u16>,
    /// The place: in an answer's JSON body a JSON Pointer in which `*` stands for every item of an array, empty for the
    /// body as a whole and for what is not in the body; of a request the same after `/body`, or `/query` and a
    /// parameter; of a transition the state in which it is tried.
    pub place: String,
    /// Where the contract speaks of that place.
    pub contract: String,
    /// What is done there.
    pub mutation: Mutation,
    /// When.
    pub mode: Mode,
}

/// What a mutant does at its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mutation {
    /// A property is left out.
    Dropped {
        /// Whether the contract requires it.
        required: bool,
    },
    /// A value gets another JSON type; `null` stays `null`.
    Retyped,
    /// A value is put into an array; `null` stays `null`.
    Arrayed,
    /// A value that may not be `null` is `null`.
    Nulled,
    /// A property gets another name.
    Renamed {
        /// Whether the contract requires it.
        required: bool,
    },
    /// An enum has a value that the contract does not list.
    EnumExtended,
    /// The answer has this status, which the contract does not document.
    Status(u16),
    /// JSON calls itself `text/plain`.
    ContentType,
    /// The operation answers without a credential.
    Authorisation,
    /// Requests that break a constraint are taken.
    Loosened {
        /// The constraint.
        keyword: &'static str,
    },
    /// Requests that break a constraint are refused, which the contract does not state.
    Tightened {
        /// The constraint.
        keyword: &'static str,
        /// What it asks for: a number, or the value of an enum that is not taken any more.
        to: Value,
    },
    /// The life of a resource goes another way.
    Transition(Move),
    /// A list does not do what it is asked.
    List {
        /// What it does instead.
        fault: ListFault,
        /// How the list is split into pages.
        pagination: Pagination,
    },
}

impl Mutant {
    /// The class that it is counted in.
    pub fn class(&self) -> MutantClass {
        match &self.mutation {
            Mutation::Dropped { required: true } => MutantClass::Dropped,
            Mutation::Dropped { required: false } => MutantClass::DroppedOptional,
            Mutation::Retyped => MutantClass::Retyped,
            Mutation::Arrayed => MutantClass::Arrayed,
            Mutation::Nulled => MutantClass::Nulled,
            Mutation::Renamed { .. } => MutantClass::Renamed,
            Mutation::EnumExtended => MutantClass::EnumExtended,
            Mutation::Status(_) => MutantClass::Status,
            Mutation::ContentType => MutantClass::ContentType,
            Mutation::Authorisation => MutantClass::Authorisation,
            Mutation::Loosened { .. } => MutantClass::Loosened,
            Mutation::Tightened { .. } => MutantClass::Tightened,
            Mutation::Transition(it) => it.class(),
            Mutation::List { fault, .. } => fault.class(),
        }
    }

    /// How bad it is for a client.
    pub fn severity(&self) -> Severity {
        let refusal = self.status.is_some_and(|status| status >= 400);
        match &self.mutation {
            Mutation::Dropped { required: true }
            | Mutation::Retyped
            | Mutation::Arrayed
            | Mutation::Nulled
            | Mutation::Renamed { required: true }
            | Mutation::ContentType
            | Mutation::Tightened { .. } => Severity::Breaking,
            Mutation::Status(_) if !refusal => Severity::Breaking,
            Mutation::EnumExtended => Severity::Additive,
            _ => Severity::Behavioural,
        }
    }

    /// Whether it changes how an operation refuses, and not what it does.
    pub fn is_of_a_refusal(&self) -> bool {
        self.status.is_some_and(|status| status >= 400)
    }

    /// The name that stays the same as long as the contract's place does:
    /// `enrollconnect/getApplication/200/policies/*/gross_premium/retyped`.
    pub fn id(&self) -> String {
        let status = self.status.map(|status| format!("/{status}")).unwrap_or_default();
        let keyword = match &self.mutation {
            Mutation::Loosened { keyword } | Mutation::Tightened { keyword, .. } => format!("/{keyword}"),
            _ => String::new(),
        };
        let Mutant { api, operation_id, place, .. } = self;
        format!("{api}/{operation_id}{status}{place}{keyword}/{}{}", self.class(), self.mode.suffix())
    }
}
