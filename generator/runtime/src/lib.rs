//! What every crate that Driftline generates calls at run time.
//!
//! Generated crates hold what is special to a contract: structs, enums, one request type an operation. What
//! does not depend on the contract lives here, once:
//!
//! - types through which a payload goes and comes back unchanged: [`Nullable`], [`AdditionalProperties`],
//!   [`Number`], [`Date`], [`DateTime`], [`Uuid`], [`Base64`], [`Tuple`], and the [`open_enum!`], [`open_values!`],
//!   [`object!`] and [`union!`] macros that give generated types their JSON form;
//! - [`Sensitive`], whose value never prints;
//! - [`decode`], whose errors name the JSON Pointer of the failure and never a value;
//! - [`Validate`], which reports every constraint of its schema that a value violates;
//! - [`registry`], the form in which generated crates tell the conformance suite what they can decode;
//! - with the feature `client`, the HTTP call: requests, answers, errors by status, credentials;
//! - with the feature `calls`, [`calls`], through which a request is made of what stands on the wire;
//! - with the feature `webhooks`, [`WebhookSecrets`], which takes a body only with its signature.
//!
//! This crate knows no contract, does not generate anything and never reads a specification.

pub mod decode;
pub mod registry;
pub mod rules;

mod additional;
mod base64_text;
mod integers;
mod kept_text;
mod nullable;
mod number;
mod object;
mod open_enum;
mod open_values;
mod sensitive;
mod time;
mod tuple;
mod union;
mod uuid_text;
mod validate;

#[cfg(feature = "calls")]
pub mod calls;
#[cfg(feature = "client")]
mod client;
#[cfg(any(feature = "client", feature = "webhooks"))]
mod credential;
#[cfg(feature = "webhooks")]
mod webhook;

pub use additional::AdditionalProperties;
pub use base64_text::Base64;
pub use decode::DecodeError;
pub use nullable::Nullable;
pub use number::Number;
pub use open_enum::Unrecognized;
pub use sensitive::Sensitive;
pub use time::{Date, DateTime};
pub use tuple::Tuple;
pub use union::UnrecognizedValue;
pub use uuid_text::Uuid;
pub use validate::{Invalid, Validate, Violation};

#[cfg(feature = "client")]
pub use client::{
    Answer, Body, BuildError, ByteStream, Call, ClientCredentials, Error, FilePart, Form, HttpClient,
    HttpClientBuilder, HttpService, Items, Octets, Page, PageToken, Pages, PaginationError, Placement,
    Refusal, Request, Response, Retry, Style, TimeLimit, TokenError, TransportError, WaitError, Waiting,
};

#[cfg(any(feature = "client", feature = "webhooks"))]
pub use credential::Credential;
#[cfg(feature = "webhooks")]
pub use webhook::{Signature, SignatureEncoding, WebhookError, WebhookSecrets};

/// The date and time library whose types [`Date`] and [`DateTime`] convert from and to.
pub use jiff;
/// The JSON library whose [`serde_json::Value`] stands for free-form values.
pub use serde_json;
/// The library whose UUIDs [`Uuid`] converts from and to.
pub use uuid;

/// Methods, statuses and headers.
#[cfg(any(feature = "client", feature = "webhooks"))]
pub use http;
/// The HTTP client whose requests and responses a layer sees.
#[cfg(feature = "client")]
pub use reqwest;

/// What the macros of this crate expand to. Not part of the public interface.
#[doc(hidden)]
pub mod private {
    #[cfg(feature = "client")]
    pub use crate::client::{Paging, Wait, Walk, text_of};
    pub use crate::object::{Fields, NOTHING, Object, Writer, deserialize};
    pub use crate::open_enum::text;
    pub use crate::open_values::{Literal, position};
    pub use crate::union::{Shape, candidates, fitting, read};
    pub use crate::validate::mark::variant;
    pub use serde;
    #[cfg(feature = "client")]
    pub use tower;
}
