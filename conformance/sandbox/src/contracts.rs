//! The APIs that the sandbox serves and their contracts, which are compiled in so that a sandbox starts
//! anywhere. The contracts say which requests are valid; how the APIs behave is written by hand in their own
//! folders.

use std::sync::OnceLock;

use driftline_specs::Contract;

use crate::error::Error;
use crate::service::{Service, World};
use crate::{clasp, enrollconnect, onboarding};

/// One API that the sandbox knows.
pub(crate) struct Definition {
    pub(crate) name: &'static str,
    document: &'static str,
    overlay: &'static str,
    pub(crate) service: fn(World) -> Box<dyn Service>,
    loaded: OnceLock<Contract>,
}

macro_rules! definition {
    ($name:literal, $service:path) => {
        Definition {
            name: $name,
            document: include_str!(concat!("../../../specs/", $name, "/openapi.yaml")),
            overlay: include_str!(concat!("../../../specs/", $name, "/overlay.yaml")),
            service: $service,
            loaded: OnceLock::new(),
        }
    };
}

static DEFINITIONS: [Definition; 3] = [
    definition!("clasp", clasp::service),
    definition!("enrollconnect", enrollconnect::service),
    definition!("onboarding", onboarding::service),
];

/// Every API, in the order of names.
pub(crate) fn definitions() -> &'static [Definition] {
    &DEFINITIONS
}

impl Definition {
    /// The API's contract with its overlay applied; it is loaded once a process.
    pub(crate) fn contract(&self) -> Result<Contract, Error> {
        if let Some(contract) = self.loaded.get() {
            return Ok(contract.clone());
        }
        let contract = Contract::from_text_with_overlay(self.name, self.document, self.overlay)
            .map_err(|source| Error::Contract { api: self.name.to_owned(), source: Box::new(source) })?;
        Ok(self.loaded.get_or_init(|| contract).clone())
    }
}
