//! What can go wrong with a call.

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use super::{PaginationError, TokenError};
use crate::DecodeError;

/// Any error, as the `tower` ecosystem passes it on.
pub(super) type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Why a call gave no documented success. `E` is the operation's enum of documented error statuses.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error<E> {
    /// The API answered an error status that the contract documents.
    #[error("the API answered {status}: {error}")]
    Status {
        /// The status.
        status: StatusCode,
        /// The headers, such as `Retry-After`.
        headers: Box<HeaderMap>,
        /// The documented body.
        error: E,
    },
    /// The API answered a status that the contract does not document.
    #[error("the API answered {status}, which its contract does not document ({body:?})")]
    Undocumented {
        /// The status.
        status: StatusCode,
        /// The headers.
        headers: Box<HeaderMap>,
        /// The body as it came.
        body: Body,
    },
    /// The API answered a documented status with a body that is not the documented one.
    #[error("the API answered {status} with a body that is not the documented one: {error}")]
    Decode {
        /// The status.
        status: StatusCode,
        /// The headers.
        headers: Box<HeaderMap>,
        /// The body as it came.
        body: Body,
        /// Where reading it failed, and on what.
        error: DecodeError,
    },
    /// A list cannot be walked on.
    #[error(transparent)]
    Pagination(#[from] PaginationError),
    /// There was no answer.
    #[error(transparent)]
    Transport(#[from] TransportError),
}

impl<E> Error<E> {
    /// Returns the status, if there was an answer.
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Status { status, .. } | Self::Undocumented { status, .. } | Self::Decode { status, .. } => {
                Some(*status)
            }
            Self::Pagination(_) | Self::Transport(_) => None,
        }
    }

    /// Returns the answer's headers, if there was an answer.
    pub fn headers(&self) -> Option<&HeaderMap> {
        match self {
            Self::Status { headers, .. }
            | Self::Undocumented { headers, .. }
            | Self::Decode { headers, .. } => Some(headers),
            Self::Pagination(_) | Self::Transport(_) => None,
        }
    }

    /// Changes the type of the documented error, for instance to collect the errors of several operations.
    pub fn map<F>(self, change: impl FnOnce(E) -> F) -> Error<F> {
        match self {
            Self::Status { status, headers, error } => {
                Error::Status { status, headers, error: change(error) }
            }
            Self::Undocumented { status, headers, body } => Error::Undocumented { status, headers, body },
            Self::Decode { status, headers, body, error } => Error::Decode { status, headers, body, error },
            Self::Pagination(error) => Error::Pagination(error),
            Self::Transport(error) => Error::Transport(error),
        }
    }
}

/// Why there was no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TransportError {
    /// The request could not be made from what was given.
    #[error("the request cannot be made: {0}")]
    Request(String),
    /// The body violates the constraints of its schema, and the client validates requests. Nothing was sent.
    #[error("the body is not what the contract asks for: {0}")]
    Invalid(crate::Invalid),
    /// A time limit of the client passed.
    #[error("{0}")]
    Timeout(TimeLimit),
    /// No connection could be made.
    #[error("no connection to the API")]
    Connect(#[source] reqwest::Error),
    /// The answer is larger than the client's limit.
    #[error("the answer is larger than {limit} bytes, the limit that the client was built with")]
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// There is no access token to make the call with.
    #[error("no access token: {0}")]
    Token(#[from] TokenError),
    /// A layer of the client failed.
    #[error("a layer of the client failed")]
    Layer(#[source] BoxError),
    /// The connection broke or carried something that is not HTTP.
    #[error("the call failed on its way")]
    Http(#[source] reqwest::Error),
}

/// The time limits of a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TimeLimit {
    /// That of making a connection: `connect_timeout`.
    #[error("no connection to the API in time")]
    Connect,
    /// That of one attempt: `attempt_timeout`.
    #[error("the API did not answer in time")]
    Attempt,
    /// That of the whole call with its retries and its waiting: `timeout`.
    #[error("the call took longer than it may in all")]
    Call,
}

impl TransportError {
    /// Whether another attempt may have another end.
    pub(super) fn is_transient(&self) -> bool {
        match self {
            Self::Timeout(limit) => *limit != TimeLimit::Call,
            Self::Connect(_) => true,
            Self::Token(error) => error.is_transient(),
            Self::Http(error) => !error.is_builder(),
            Self::Request(_) | Self::Invalid(_) | Self::TooLarge { .. } | Self::Layer(_) => false,
        }
    }

    /// What it is, in a word or two that hold nothing of the call.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Timeout(_) => "time-out",
            Self::Connect(_) => "no connection",
            Self::Token(_) => "no token",
            Self::Http(_) => "connection broken",
            Self::Request(_) | Self::Invalid(_) | Self::TooLarge { .. } | Self::Layer(_) => "not sent",
        }
    }

    /// What failed at the service that sends requests: the client itself, or a layer around it.
    pub(super) fn of_service(error: BoxError) -> Self {
        match error.downcast::<reqwest::Error>() {
            Ok(error) => (*error).into(),
            Err(error) => Self::Layer(error),
        }
    }
}

impl From<reqwest::Error> for TransportError {
    fn from(error: reqwest::Error) -> Self {
        // The URL may carry a credential in its query.
        let error = error.without_url();
        if error.is_timeout() {
            Self::Timeout(if error.is_connect() { TimeLimit::Connect } else { TimeLimit::Attempt })
        } else if error.is_connect() {
            Self::Connect(error)
        } else {
            Self::Http(error)
        }
    }
}

/// A body as it came. `Debug` shows its size only: it may hold personal data.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Body(Bytes);

impl Body {
    /// Returns the bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Returns the bytes without a copy.
    pub fn into_bytes(self) -> Bytes {
        self.0
    }

    /// Returns the text, with a replacement character for what is not UTF-8.
    pub fn to_text(&self) -> String {
        String::from_utf8_lossy(&self.0).into_owned()
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self(bytes)
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "body of {} bytes", self.0.len())
    }
}

/// Gives an operation's enum of error statuses its `Display` and `Error`.
#[macro_export]
macro_rules! status_errors {
    ($name:ident {}) => {
        impl ::core::fmt::Display for $name {
            fn fmt(&self, _: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                match *self {}
            }
        }

        impl ::core::error::Error for $name {}
    };
    ($name:ident { $($variant:ident = $text:literal),+ $(,)? }) => {
        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(match self {
                    $(Self::$variant(_) => $text,)+
                })
            }
        }

        impl ::core::error::Error for $name {}
    };
}
