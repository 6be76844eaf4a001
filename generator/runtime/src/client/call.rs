//! What generated code says of an operation, once.

use http::Method;

/// An operation, as its contract describes it to whoever sends its requests.
#[derive(Debug)]
pub struct Call {
    /// The operation's id.
    pub operation: &'static str,
    /// The method.
    pub method: Method,
    /// The path template.
    pub path: &'static str,
    /// The names of security schemes, in groups of which one has to be satisfied.
    pub security: &'static [&'static [&'static str]],
    /// Sending it twice has the effect of sending it once (RFC 9110 section 9.2.2), so that it may be tried again.
    pub repeatable: bool,
}
