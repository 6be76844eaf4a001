//! Reads the contracts of other companies' APIs.
//!
//! An API is a folder under `specs/`: its settings ([`Api`]), the vendor's OpenAPI document, and an [`Overlay`] with
//! what we add or correct. Loading them gives a [`Contract`]: the effective document with references resolved, its
//! [`Operation`] table, and [`Validator`]s for its schemas. [`import`] makes such a document from a vendor's pages;
//! a [`Recording`] is what an endpoint answered once.
//!
//! ```
//! use driftline_specs::{Contract, Direction};
//!
//! # fn main() -> Result<(), driftline_specs::Error> {
//! let contract = Contract::from_text(
//!     "pets.yaml",
//!     "openapi: 3.0.3
//! info: {title: Pets, version: '1'}
//! paths: {}
//! components: {schemas: {Name: {type: string, maxLength: 3}}}",
//! )?;
//! let name = contract.validator("#/components/schemas/Name", Direction::Response)?;
//! let violations = name.violations(&"Rex the dog".into());
//! assert_eq!(violations[0].expected, "at most 3 characters");
//! assert_eq!(violations[0].observed, "string of 11 characters");
//! # Ok(())
//! # }
//! ```
//!
//! This crate does no network I/O and knows nothing of Rust source: clients are generated, and endpoints are
//! judged, elsewhere.

mod api;
mod contract;
mod error;
mod fixtures;
mod grammar;
pub mod import;
mod lifecycle;
mod lineage;
pub mod lint;
mod loss;
mod normalise;
mod operation;
mod overlay;
pub mod pointer;
pub mod recording;
mod reference;
pub mod scenario;
mod source;
mod stack;
mod status;
mod validation;
mod webhook;

pub use api::{
    Api, ApiConfig, ApiStatus, ClientConfig, GeneratorConfig, Source, TargetConfig, TargetKind, Undeclared,
};
pub use contract::Contract;
pub use error::{Error, Fault, Place, Position};
pub use fixtures::{Fixtures, fixtures};
pub use lifecycle::{Lifecycle, Resource, Transition, Wait};
pub use loss::{Loss, LossKind, Refusal};
pub use openapiv3;
pub use operation::{
    Header, Link, MediaType, Method, Operation, Pagination, PaginationStyle, Parameter, ParameterLocation,
    ParameterStyle, RequestBody, Response, SchemaRef, SecurityRequirement, SecurityScheme,
    SecuritySchemeKind, Server, StatusSpec,
};
pub use overlay::{Action, Overlay};
pub use recording::{Recording, recordings};
pub use scenario::Scenarios;
pub use validation::{Direction, Validator, Violation};
pub use webhook::{SignatureEncoding, Webhook, WebhookSignature};
