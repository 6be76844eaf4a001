//! What is wrong with a near miss: which constraint it breaks, where, and how that is written.

use driftline_specs::{Operation, StatusSpec};

use crate::request::Request;

/// The one thing that is wrong with a request.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Flaw {
    /// The keyword that is broken; [`Flaw::SYNTAX`], [`Flaw::TRAILING`] and [`Flaw::MEDIA_TYPE`] beside those of JSON
    /// Schema.
    pub keyword: String,
    /// The place in the contract whose constraint is broken.
    pub contract: String,
    /// The place in the request, as a JSON Pointer that begins with `/body`, `/query`, `/header`, `/path` or `/cookie`.
    pub location: String,
    /// What the contract asks for there.
    pub expected: String,
}

impl Flaw {
    /// A body that says it is JSON and cannot be read.
    pub const SYNTAX: &str = "syntax";

    /// A body that says it is JSON, with something after its end (RFC 8259 section 2).
    pub const TRAILING: &str = "trailing";

    /// A body of a media type that the contract does not list.
    pub const MEDIA_TYPE: &str = "content";

    /// Spoils what no generated value can: the body's syntax and its media type.
    pub(crate) fn spoil(&self, request: &mut Request) {
        let Some(body) = &mut request.body else { return };
        match self.keyword.as_str() {
            Flaw::SYNTAX => {
                body.content.pop();
            }
            Flaw::TRAILING => body.content.push(','),
            Flaw::MEDIA_TYPE => "text/plain".clone_into(&mut body.media_type),
            _ => {}
        }
    }
}

/// Returns the documented statuses with which an operation refuses a bad request; none where it documents none.
///
/// `default` speaks of refusals only beside a success of its own.
pub(crate) fn refusals(operation: &Operation) -> Vec<String> {
    let succeeds = operation.responses.iter().any(|response| response.status.is_success());
    let statuses = operation.responses.iter().map(|response| response.status);
    let refuses = statuses.filter(|status| match status {
        StatusSpec::Code(code) => matches!(code, 400 | 422),
        StatusSpec::Range(range) => *range == 4,
        StatusSpec::Default => succeeds,
    });
    refuses.map(|status| status.to_string()).collect()
}
