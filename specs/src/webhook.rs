//! What an API sends on its own: webhooks and callbacks, with every `$ref` followed.

use crate::operation::{Method, Parameter, RequestBody, Response};

/// A request that the API sends to whoever has asked for it: an operation under `webhooks` of the document
/// (OpenAPI 3.1; `x-webhooks` in one of 3.0), or under `callbacks` of an operation.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Webhook {
    /// The `operationId`; without one, the name that it stands under, with the method where there are several.
    pub name: String,
    /// The operation that asks for it, where it is a callback of one.
    pub callback_of: Option<String>,
    /// The runtime expression of the URL that it is sent to, where it is a callback.
    pub expression: Option<String>,
    /// The HTTP method.
    pub method: Method,
    /// Where it is defined.
    pub pointer: String,
    /// The contract's summary.
    pub summary: Option<String>,
    /// The contract's description.
    pub description: Option<String>,
    /// Whether the contract calls it deprecated.
    pub deprecated: bool,
    /// Whether it is inferred by us (`x-provisional: true`), not stated by the vendor.
    pub provisional: bool,
    /// The parameters.
    pub parameters: Vec<Parameter>,
    /// The body, when there is one.
    pub request_body: Option<RequestBody>,
    /// What the receiver may answer, in the contract's order.
    pub responses: Vec<Response>,
    /// How the receiver knows who has sent it (`x-webhook-signature`).
    pub signature: Option<WebhookSignature>,
}

/// How an API signs what it sends (`x-webhook-signature`): HMAC-SHA-256 (RFC 2104) over the bytes of the body.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct WebhookSignature {
    /// The header that holds the signature.
    pub header: String,
    /// How its bytes are written.
    pub encoding: SignatureEncoding,
    /// What stands before it in the header: `sha256=`.
    pub prefix: String,
}

/// How the bytes of a signature are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureEncoding {
    /// Two hexadecimal digits a byte, in either case.
    Hex,
    /// Base64 (RFC 4648 section 4).
    Base64,
}
