//! The HTTP call: one [`HttpClient`] an API, one [`Request`] a call, one [`Answer`] that a generated `send`
//! turns into a typed [`Response`] or [`Error`].
//!
//! `request` and `form` make a request of parameters and a body, `octets` is a body's bytes. `send` brings it on its way:
//! `limit` says when it may leave, `placement` and `oauth` what it is authorised with, `layer` what is around each attempt,
//! `retry` whether there is another one. `answer` and `stream` are what came back.
//!
//! Redirects are never followed, so that a credential cannot leave the configured host.

mod answer;
mod builder;
mod call;
mod error;
mod form;
mod layer;
mod limit;
mod link;
mod oauth;
mod octets;
mod pages;
mod placement;
mod request;
mod retry;
mod send;
mod settings;
mod stream;
mod style;
mod waiting;

pub use answer::{Answer, Response};
pub use builder::{BuildError, HttpClient, HttpClientBuilder};
pub use call::Call;
pub use error::{Body, Error, TimeLimit, TransportError};
pub use form::{FilePart, Form};
pub use layer::HttpService;
pub use oauth::{ClientCredentials, Refusal, TokenError};
pub use octets::Octets;
pub use pages::{Items, Page, PageToken, Pages, PaginationError, Paging, Walk, text_of};
pub use placement::Placement;
pub use request::Request;
pub use retry::Retry;
pub use stream::ByteStream;
pub use style::Style;
pub use waiting::{Wait, WaitError, Waiting};
