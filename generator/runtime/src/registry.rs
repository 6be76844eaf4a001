//! How generated crates tell the conformance suite what they can decode.
//!
//! The suite knows nothing of Rust syntax: it looks an operation's body up here, lets the generated type read
//! and write it, and names the Rust symbol that a place of the contract became.

use crate::DecodeError;

/// Everything about one API's generated crate.
#[derive(Debug, Clone, Copy)]
pub struct Registry {
    /// The API's name, as in `specs/`.
    pub api: &'static str,
    /// The crate's name.
    pub crate_name: &'static str,
    /// Every generated operation.
    pub operations: &'static [OperationEntry],
    /// Every documented JSON body.
    pub bodies: &'static [BodyEntry],
    /// Every place of the contract that became a Rust item, sorted by pointer.
    pub symbols: &'static [SymbolEntry],
}

/// One operation.
#[derive(Debug, Clone, Copy)]
pub struct OperationEntry {
    /// The operation's id.
    pub id: &'static str,
    /// The HTTP method in upper case.
    pub method: &'static str,
    /// The path template.
    pub path: &'static str,
    /// The method of the generated client.
    pub rust: &'static str,
}

/// One documented JSON body.
#[derive(Debug, Clone, Copy)]
pub struct BodyEntry {
    /// The operation's id.
    pub operation_id: &'static str,
    /// The status as the contract writes it (`201`, `4XX`, `default`), or none for the request's body.
    pub status: Option<&'static str>,
    /// The media type as the contract writes it.
    pub media_type: &'static str,
    /// The Rust type.
    pub rust: &'static str,
    /// Reads a body as the generated type and writes it again.
    pub round_trip: fn(&[u8]) -> Result<Vec<u8>, DecodeError>,
}

/// One place of the contract and what it became.
#[derive(Debug, Clone, Copy)]
pub struct SymbolEntry {
    /// The place, as a URI fragment with a JSON Pointer: `#/components/schemas/Policy/properties/id`.
    pub pointer: &'static str,
    /// The Rust path of the type, field, variant or method.
    pub rust: &'static str,
}

impl Registry {
    /// Finds the body of an operation: its request's for no status, else the response's, where an exact status
    /// goes before a range and a range before `default` (OpenAPI 3.0.4, section "Responses Object").
    pub fn body(&self, operation_id: &str, status: Option<u16>, media_type: &str) -> Option<&BodyEntry> {
        let candidates = |wanted: Option<&str>| {
            self.bodies.iter().find(|body| {
                body.operation_id == operation_id
                    && body.media_type.eq_ignore_ascii_case(media_type)
                    && match (body.status, wanted) {
                        (None, None) => true,
                        (Some(status), Some(wanted)) => status.eq_ignore_ascii_case(wanted),
                        _ => false,
                    }
            })
        };
        match status {
            None => candidates(None),
            Some(status) => candidates(Some(&status.to_string()))
                .or_else(|| candidates(Some(&format!("{}XX", status / 100))))
                .or_else(|| candidates(Some("default"))),
        }
    }

    /// Returns the Rust path of a place of the contract.
    pub fn symbol(&self, pointer: &str) -> Option<&'static str> {
        let at = self.symbols.binary_search_by(|entry| entry.pointer.cmp(pointer)).ok()?;
        self.symbols.get(at).map(|entry| entry.rust)
    }
}
