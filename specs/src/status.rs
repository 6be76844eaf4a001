//! The short text that HTTP gives to a status (RFC 9110 section 15), for responses that a contract leaves
//! undescribed.

use crate::operation::StatusSpec;

/// Returns the neutral description of a response: a reason phrase, or what its range means.
pub(crate) fn phrase(status: StatusSpec) -> &'static str {
    match status {
        StatusSpec::Code(code) => code_phrase(code),
        StatusSpec::Range(first) => class(u16::from(first)),
        StatusSpec::Default => "Any other response",
    }
}

fn code_phrase(code: u16) -> &'static str {
    http::StatusCode::from_u16(code)
        .ok()
        .and_then(|status| status.canonical_reason())
        .unwrap_or_else(|| class(code / 100))
}

fn class(first: u16) -> &'static str {
    match first {
        1 => "Informational",
        2 => "Successful",
        3 => "Redirection",
        4 => "Client error",
        5 => "Server error",
        _ => "Response",
    }
}
