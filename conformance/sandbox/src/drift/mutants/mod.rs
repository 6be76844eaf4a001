//! Departures that nobody thought of beforehand: mutants, enumerated from a contract. Where the catalogue has one kind of
//! drift for each idea, here is one mutant for each place of each success and each thing that can be done there.
//! They are data, so that a run can take a sample of them and say which ones it did not find.

mod alter;
mod enumerate;
mod shape;

use std::fmt;
use std::str::FromStr;

pub use enumerate::mutants;

/// One departure from a contract: an operation, a place in what it answers, and what is done there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mutant {
    /// The API that it changes.
    pub api: String,
    /// The operation whose answers it changes.
    pub operation_id: String,
    /// The documented status of the answers that it changes; nothing where the request is what counts.
    pub status: Option<u16>,
    /// The place in the JSON body: a JSON Pointer in which `*` stands for every item of an array. Empty for the body
    /// as a whole, and for what is not in the body.
    pub place: String,
    /// Where the contract speaks of that place.
    pub contract: String,
    /// What is done there.
    pub mutation: Mutation,
}

/// What a mutant does at its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mutation {
    /// A property is left out.
    Dropped {
        /// Whether the contract requires it.
        required: bool,
    },
    /// A value gets another JSON type; `null` stays `null`.
    Retyped,
    /// A value that may not be `null` is `null`.
    Nulled,
    /// A property gets another name.
    Renamed,
    /// An enum has a value that the contract does not list.
    EnumExtended,
    /// The answer has this success status, which the contract does not document.
    Status(u16),
    /// The operation answers without a credential.
    Authorisation,
    /// JSON calls itself `text/plain`.
    ContentType,
}

/// Mutants that do the same thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MutantClass {
    /// A required property is left out.
    Dropped,
    /// A property that the contract does not require is left out, which the contract allows.
    DroppedOptional,
    /// See [`Mutation::Retyped`].
    Retyped,
    /// See [`Mutation::Nulled`].
    Nulled,
    /// See [`Mutation::Renamed`].
    Renamed,
    /// See [`Mutation::EnumExtended`].
    EnumExtended,
    /// See [`Mutation::Status`].
    Status,
    /// See [`Mutation::Authorisation`].
    Authorisation,
    /// See [`Mutation::ContentType`].
    ContentType,
}

impl MutantClass {
    /// Every class, in the order of reports.
    pub const ALL: [MutantClass; 9] = [
        MutantClass::Dropped,
        MutantClass::DroppedOptional,
        MutantClass::Retyped,
        MutantClass::Nulled,
        MutantClass::Renamed,
        MutantClass::EnumExtended,
        MutantClass::Status,
        MutantClass::Authorisation,
        MutantClass::ContentType,
    ];

    /// The class as IDs and reports write it.
    pub fn as_str(self) -> &'static str {
        match self {
            MutantClass::Dropped => "dropped",
            MutantClass::DroppedOptional => "dropped-optional",
            MutantClass::Retyped => "retyped",
            MutantClass::Nulled => "nulled",
            MutantClass::Renamed => "renamed",
            MutantClass::EnumExtended => "enum-extended",
            MutantClass::Status => "status",
            MutantClass::Authorisation => "authorisation",
            MutantClass::ContentType => "content-type",
        }
    }

    /// Whether the contract rules out what these mutants do.
    ///
    /// Leaving out what is not required is allowed in each answer, so only several answers together can tell that it
    /// happens always.
    pub fn breaks_contract(self) -> bool {
        self != MutantClass::DroppedOptional
    }
}

impl fmt::Display for MutantClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for MutantClass {
    type Err = String;

    fn from_str(text: &str) -> Result<MutantClass, String> {
        MutantClass::ALL.into_iter().find(|class| class.as_str() == text).ok_or_else(|| {
            let known: Vec<&str> = MutantClass::ALL.into_iter().map(MutantClass::as_str).collect();
            format!("the classes are {}", known.join(", "))
        })
    }
}

impl Mutant {
    /// The class that it is counted in.
    pub fn class(&self) -> MutantClass {
        match self.mutation {
            Mutation::Dropped { required: true } => MutantClass::Dropped,
            Mutation::Dropped { required: false } => MutantClass::DroppedOptional,
            Mutation::Retyped => MutantClass::Retyped,
            Mutation::Nulled => MutantClass::Nulled,
            Mutation::Renamed => MutantClass::Renamed,
            Mutation::EnumExtended => MutantClass::EnumExtended,
            Mutation::Status(_) => MutantClass::Status,
            Mutation::Authorisation => MutantClass::Authorisation,
            Mutation::ContentType => MutantClass::ContentType,
        }
    }

    /// The name that stays the same as long as the contract's place does:
    /// `enrollconnect/getApplication/200/policies/*/gross_premium/retyped`.
    pub fn id(&self) -> String {
        let status = self.status.map(|status| format!("/{status}")).unwrap_or_default();
        format!("{}/{}{status}{}/{}", self.api, self.operation_id, self.place, self.class())
    }

    /// Whether an operation needs no credential any more.
    pub(crate) fn admits_anyone(&self, operation: &str) -> bool {
        self.operation_id == operation && self.mutation == Mutation::Authorisation
    }
}
