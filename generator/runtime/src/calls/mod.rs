//! How a request is made through a generated client by somebody who does not know its types: from what stands on the
//! wire.
//!
//! A table of generated code says for each operation how [`Parts`] become the arguments and setters of its builder; the
//! texts are read as the types want them, and what no type can hold is named ([`Unmade`]). So a recorded request can be
//! made again by the client that an application would use, and compared with what was recorded.

mod fields;
mod parts;
mod reading;

use std::fmt;
use std::future::Future;
use std::pin::Pin;

pub use parts::{Content, FormField, In, Parts};

use crate::client::{BuildError, Error, Response};

/// How the operations of one API are called.
#[derive(Debug, Clone, Copy)]
pub struct Calls {
    /// The API's name, as in `specs/`.
    pub api: &'static str,
    /// Makes a client for a base URL, without a credential, a limit of its pace or a second attempt.
    pub connect: fn(&str) -> Result<Box<dyn Caller>, BuildError>,
    /// The operations that cannot be called from parts, with the reason.
    pub left_out: &'static [(&'static str, &'static str)],
}

/// A client whose operations are called by their id.
pub trait Caller: Send + Sync {
    /// Makes a call of an operation, which is sent when it is awaited.
    ///
    /// # Errors
    ///
    /// Fails when the client cannot make such a call, with the part that is in the way.
    fn call(&self, operation_id: &str, parts: Parts) -> Result<Calling<'_>, Unmade>;
}

/// A call on its way.
pub type Calling<'a> = Pin<Box<dyn Future<Output = Outcome> + Send + 'a>>;

/// What came of a call, as the generated client tells it. No value of an answer is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// A documented success, read as its type.
    Success {
        /// The status.
        status: u16,
    },
    /// A documented error, read as its type.
    Failure {
        /// The status.
        status: u16,
    },
    /// A status that the contract does not document.
    Undocumented {
        /// The status.
        status: u16,
    },
    /// A documented status whose body is not what its type reads.
    Undecodable {
        /// The status.
        status: u16,
        /// Where, as a JSON Pointer into the body.
        path: String,
        /// Why, without values from the body.
        message: String,
    },
    /// There was no answer.
    NoAnswer {
        /// Why.
        reason: String,
    },
}

/// Why no call can be made of parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmade {
    /// What is in the way: the name of a parameter, the body, the operation.
    pub part: String,
    /// Why, without a value.
    pub reason: String,
}

impl Unmade {
    pub(crate) fn new(part: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { part: part.into(), reason: reason.into() }
    }
}

impl fmt::Display for Unmade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.part, self.reason)
    }
}

impl std::error::Error for Unmade {}

/// How one operation is called with a client `C`.
pub struct CallEntry<C: 'static> {
    /// The operation's id.
    pub operation_id: &'static str,
    /// Takes what the operation's builder wants, and sends it.
    pub make: for<'a> fn(&'a C, &mut Parts) -> Result<Calling<'a>, Unmade>,
}

/// A client with the table of its operations.
pub struct Table<C: 'static> {
    /// The client.
    pub client: C,
    /// How its operations are called.
    pub entries: &'static [CallEntry<C>],
    /// The operations that are not.
    pub left_out: &'static [(&'static str, &'static str)],
}

impl<C: Send + Sync> Caller for Table<C> {
    fn call(&self, operation_id: &str, mut parts: Parts) -> Result<Calling<'_>, Unmade> {
        if let Some(entry) = self.entries.iter().find(|entry| entry.operation_id == operation_id) {
            return (entry.make)(&self.client, &mut parts);
        }
        let left_out = self.left_out.iter().find(|(id, _)| *id == operation_id);
        let reason = left_out.map_or("the generated client does not have it", |(_, reason)| reason);
        Err(Unmade::new(format!("operation `{operation_id}`"), reason))
    }
}

/// Awaits what a generated `send` gives, and keeps what came of it.
pub(super) async fn outcome<T, E>(sent: impl Future<Output = Result<Response<T>, Error<E>>>) -> Outcome {
    match sent.await {
        Ok(response) => Outcome::Success { status: response.status.as_u16() },
        Err(Error::Status { status, .. }) => Outcome::Failure { status: status.as_u16() },
        Err(Error::Undocumented { status, .. }) => Outcome::Undocumented { status: status.as_u16() },
        Err(Error::Decode { status, error, .. }) => Outcome::Undecodable {
            status: status.as_u16(),
            path: error.path().to_owned(),
            message: error.message().to_owned(),
        },
        Err(error @ (Error::Pagination(_) | Error::Transport(_))) => {
            // An error of documented statuses need not be printable, and none is left here.
            let reason = error.map(|_| Never).to_string();
            Outcome::NoAnswer { reason }
        }
    }
}

#[derive(Debug)]
struct Never;

impl fmt::Display for Never {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}
