//! What a contract says that could not be carried over as it was written: losses, and operations left out.
//!
//! A [`Loss`] costs a detail, a [`Refusal`] an operation. Neither is an error by itself: one bad place must not cost
//! the whole contract. Who wants none of either asks [`Contract::refuse_faults`](crate::Contract::refuse_faults).

/// A detail of the vendor's document that the contract carries only in part, or reads otherwise than it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Loss {
    /// The place in the vendor's document, or in the overlay or neighbouring file that wrote it.
    pub pointer: String,
    /// What is lost, and what is kept in its stead: a lower-case fragment.
    pub message: String,
    /// Whose limits the loss is due to.
    pub kind: LossKind,
    /// Which of the texts the place is in.
    pub(crate) source: usize,
}

/// Why something is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LossKind {
    /// OpenAPI 3.0, the form that contracts are brought into, cannot say it.
    Form,
    /// The document is wrong there, and was read as it is most likely meant.
    Fault,
}

/// An operation that cannot be used and is left out of the contract's operations.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refusal {
    /// The operation's id, or its method and path: `GET /pets`.
    pub operation: String,
    /// The place of what is wrong; [`Contract::position`](crate::Contract::position) knows its line.
    pub pointer: String,
    /// What is wrong, what was expected, and what to do: a lower-case fragment.
    pub reason: String,
}

/// A loss whose place is still one in the document as it was when the loss was noticed.
#[derive(Debug)]
pub(crate) struct Note {
    pub(crate) pointer: String,
    pub(crate) message: String,
    pub(crate) kind: LossKind,
    /// How many edits had been made.
    pub(crate) edits: usize,
}
