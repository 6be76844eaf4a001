//! The HTTP call: one [`HttpClient`] an API, one [`Request`] a call, one [`Answer`] that a generated `send`
//! turns into a typed [`Response`] or [`Error`].
//!
//! Nothing here retries or knows an operation; redirects are never followed, so that a credential
//! cannot leave the configured host.

mod answer;
mod builder;
mod call;
mod credential;
mod error;
mod form;
mod link;
mod pages;
mod request;
mod style;

pub use answer::{Answer, Response};
pub use builder::{BuildError, HttpClient, HttpClientBuilder};
pub use call::Call;
pub use credential::{Credential, Placement};
pub use error::{Body, Error, TransportError};
pub use form::{FilePart, Form};
pub use pages::{Items, Page, PageToken, Pages, PaginationError, Paging, Walk, text_of};
pub use request::Request;
pub use style::Style;
