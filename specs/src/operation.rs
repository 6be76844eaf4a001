//! The operation table: what an API can be asked, with every `$ref` followed.
//!
//! These are plain types; `contract::table` fills them. A schema is named by its canonical pointer and read
//! through [`Contract`](crate::Contract), so that the types here stay small and a schema has one home.

use std::fmt;

use serde_json::Value;

/// One operation of a contract.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Operation {
    /// The `operationId`, or one derived from method and path when the contract gives none.
    pub id: String,
    /// Whether the contract gives no `operationId`, so that `id` is derived.
    pub id_derived: bool,
    /// The HTTP method.
    pub method: Method,
    /// The path template, as the contract writes it.
    pub path: String,
    /// Where the operation is defined: `#/paths/~1applications/get`.
    pub pointer: String,
    /// The contract's summary.
    pub summary: Option<String>,
    /// The contract's description.
    pub description: Option<String>,
    /// The tags, in the contract's order.
    pub tags: Vec<String>,
    /// Whether the contract calls the operation deprecated.
    pub deprecated: bool,
    /// Whether the operation is inferred by us (`x-provisional: true`), not stated by the vendor.
    pub provisional: bool,
    /// Whether sending a request twice has the effect of sending it once, where `x-idempotent` says it.
    pub idempotent: Option<bool>,
    /// The parameters of the path item and of the operation; those of the operation win.
    pub parameters: Vec<Parameter>,
    /// The request body, when the operation takes one.
    pub request_body: Option<RequestBody>,
    /// The responses, in the contract's order.
    pub responses: Vec<Response>,
    /// Alternatives, each a set of schemes that are needed together; the operation's own or the document's.
    ///
    /// An alternative without a scheme allows anonymous requests. No alternative at all means that the contract
    /// does not speak of security.
    pub security: Vec<Vec<SecurityRequirement>>,
    /// How the operation's answers are split into pages (`x-pagination`).
    pub pagination: Option<Pagination>,
}

impl Operation {
    /// Returns the response that the contract states for a status: the exact one, then its range, then `default`.
    pub fn response_for(&self, status: u16) -> Option<&Response> {
        let of = |wanted: StatusSpec| self.responses.iter().find(move |response| response.status == wanted);
        of(StatusSpec::Code(status))
            .or_else(|| of(StatusSpec::Range(u8::try_from(status / 100).ok()?)))
            .or_else(|| of(StatusSpec::Default))
    }
}

/// An HTTP method that OpenAPI 3.0 knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the variants are the methods' own names")]
pub enum Method {
    Get,
    Put,
    Post,
    Delete,
    Options,
    Head,
    Patch,
    Trace,
}

impl Method {
    /// Every method, in the order of the Path Item Object.
    pub const ALL: [Self; 8] =
        [Self::Get, Self::Put, Self::Post, Self::Delete, Self::Options, Self::Head, Self::Patch, Self::Trace];

    /// Returns the method as HTTP writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Put => "PUT",
            Self::Post => "POST",
            Self::Delete => "DELETE",
            Self::Options => "OPTIONS",
            Self::Head => "HEAD",
            Self::Patch => "PATCH",
            Self::Trace => "TRACE",
        }
    }

    /// Returns the method as a Path Item Object writes it.
    pub fn as_key(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::Put => "put",
            Self::Post => "post",
            Self::Delete => "delete",
            Self::Options => "options",
            Self::Head => "head",
            Self::Patch => "patch",
            Self::Trace => "trace",
        }
    }

    /// Reads the key of a Path Item Object.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.as_key() == key)
    }

    /// Whether a request changes nothing (RFC 9110 section 9.2.1).
    pub fn is_safe(self) -> bool {
        matches!(self, Self::Get | Self::Head | Self::Options | Self::Trace)
    }

    /// Whether sending a request twice has the effect of sending it once (RFC 9110 section 9.2.2).
    pub fn is_idempotent(self) -> bool {
        self.is_safe() || matches!(self, Self::Put | Self::Delete)
    }
}

impl fmt::Display for Method {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// A parameter in a path, a query, a header or a cookie.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Parameter {
    /// The name on the wire.
    pub name: String,
    /// Where it goes.
    pub location: ParameterLocation,
    /// Whether a request must have it; always true in a path.
    pub required: bool,
    /// Whether the contract calls it deprecated.
    pub deprecated: bool,
    /// Whether an empty value is allowed (`allowEmptyValue`, query only).
    pub allow_empty_value: bool,
    /// Whether reserved characters go unencoded (`allowReserved`, query only).
    pub allow_reserved: bool,
    /// The contract's description.
    pub description: Option<String>,
    /// How the value is written; the location's default when the contract does not say.
    pub style: ParameterStyle,
    /// Whether arrays and objects are written member by member; the style's default when the contract does not say.
    pub explode: bool,
    /// The schema of the value; with `content`, of the decoded content.
    pub schema: Option<SchemaRef>,
    /// The media type of a parameter that is described by `content`.
    pub content_type: Option<String>,
    /// Where the parameter is defined.
    pub pointer: String,
}

/// Where a parameter goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the variants are the standard's own values of `in`")]
pub enum ParameterLocation {
    Path,
    Query,
    Header,
    Cookie,
}

impl ParameterLocation {
    /// Returns the location as OpenAPI writes it in `in`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
        }
    }

    pub(crate) fn from_key(key: &str) -> Option<Self> {
        [Self::Path, Self::Query, Self::Header, Self::Cookie]
            .into_iter()
            .find(|location| location.as_str() == key)
    }

    /// Returns the style that holds when the contract names none (OpenAPI 3.0, Parameter Object).
    pub fn default_style(self) -> ParameterStyle {
        match self {
            Self::Path | Self::Header => ParameterStyle::Simple,
            Self::Query | Self::Cookie => ParameterStyle::Form,
        }
    }
}

impl fmt::Display for ParameterLocation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// How a parameter's value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the variants are the standard's own values of `style`")]
pub enum ParameterStyle {
    Matrix,
    Label,
    Form,
    Simple,
    SpaceDelimited,
    PipeDelimited,
    DeepObject,
}

impl ParameterStyle {
    const ALL: [Self; 7] = [
        Self::Matrix,
        Self::Label,
        Self::Form,
        Self::Simple,
        Self::SpaceDelimited,
        Self::PipeDelimited,
        Self::DeepObject,
    ];

    /// Returns the style as OpenAPI writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Matrix => "matrix",
            Self::Label => "label",
            Self::Form => "form",
            Self::Simple => "simple",
            Self::SpaceDelimited => "spaceDelimited",
            Self::PipeDelimited => "pipeDelimited",
            Self::DeepObject => "deepObject",
        }
    }

    /// Reads the style from its name in a document.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|style| style.as_str() == key)
    }
}

/// A request body.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RequestBody {
    /// Whether a request must have it.
    pub required: bool,
    /// The contract's description.
    pub description: Option<String>,
    /// The media types to choose from, in the contract's order.
    pub content: Vec<MediaType>,
    /// Where the request body is defined.
    pub pointer: String,
}

/// One media type of a body.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct MediaType {
    /// The name as the contract writes it: `application/json`.
    pub name: String,
    /// The schema of the content.
    pub schema: Option<SchemaRef>,
    /// Where the Media Type Object is.
    pub pointer: String,
}

impl MediaType {
    /// Whether the content is JSON: `application/json` or any `+json` suffix (RFC 6838), whatever its parameters.
    pub fn is_json(&self) -> bool {
        let essence = self.name.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        essence == "application/json" || essence == "text/json" || essence.ends_with("+json")
    }
}

/// The canonical pointer of a schema, after following every `$ref`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SchemaRef {
    /// `#/components/schemas/Foo`, or the place of an inline schema.
    pub pointer: String,
}

/// A response that the contract states.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Response {
    /// The statuses that it is for.
    pub status: StatusSpec,
    /// The contract's description; empty when it has none.
    pub description: String,
    /// The headers, in the contract's order.
    pub headers: Vec<Header>,
    /// The media types, in the contract's order; none for a response without a body.
    pub content: Vec<MediaType>,
    /// What may be asked next, in the contract's order.
    pub links: Vec<Link>,
    /// Where the response is defined.
    pub pointer: String,
}

/// The statuses that a response is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StatusSpec {
    /// One status: `404`.
    Code(u16),
    /// A hundred of them, by the first digit: `4XX`.
    Range(u8),
    /// Every status that no other response is for.
    Default,
}

impl StatusSpec {
    /// Reads the key of a Responses Object.
    pub fn from_key(key: &str) -> Option<Self> {
        if key == "default" {
            return Some(Self::Default);
        }
        match key.as_bytes() {
            [first @ b'1'..=b'5', b'x' | b'X', b'x' | b'X'] => Some(Self::Range(first - b'0')),
            [b'1'..=b'9', b'0'..=b'9', b'0'..=b'9'] => key.parse().ok().map(Self::Code),
            _ => None,
        }
    }

    /// Whether a response with this status is meant.
    pub fn covers(self, status: u16) -> bool {
        match self {
            Self::Code(code) => code == status,
            Self::Range(first) => status / 100 == u16::from(first),
            Self::Default => true,
        }
    }

    /// Whether every status meant is a success (2xx).
    pub fn is_success(self) -> bool {
        matches!(self, Self::Code(200..=299) | Self::Range(2))
    }
}

impl fmt::Display for StatusSpec {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => write!(formatter, "{code}"),
            Self::Range(first) => write!(formatter, "{first}XX"),
            Self::Default => formatter.write_str("default"),
        }
    }
}

/// A header of a response.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Header {
    /// The name, as the contract writes it.
    pub name: String,
    /// Whether every such response has it.
    pub required: bool,
    /// The contract's description.
    pub description: Option<String>,
    /// The schema of the value.
    pub schema: Option<SchemaRef>,
    /// Where the header is defined.
    pub pointer: String,
}

/// A Link Object: an operation that may follow a response.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Link {
    /// The name in the response.
    pub name: String,
    /// The operation that may follow, whether the contract names it by id or by reference.
    pub operation_id: String,
    /// Parameter (`id` or `path.id`) and the runtime expression or constant that fills it.
    pub parameters: Vec<(String, String)>,
    /// What to send as the request body: a runtime expression or a constant.
    pub request_body: Option<Value>,
    /// The contract's description.
    pub description: Option<String>,
    /// Where the link is defined.
    pub pointer: String,
}

/// One scheme of a security alternative.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SecurityRequirement {
    /// The name of the scheme in `components/securitySchemes`.
    pub scheme: String,
    /// The scopes that are needed.
    pub scopes: Vec<String>,
}

/// A way to authenticate.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SecurityScheme {
    /// The name in `components/securitySchemes`.
    pub name: String,
    /// What it takes.
    pub kind: SecuritySchemeKind,
    /// The contract's description.
    pub description: Option<String>,
    /// Where the scheme is defined.
    pub pointer: String,
}

/// What a security scheme takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecuritySchemeKind {
    /// A key in a header, a query parameter or a cookie.
    ApiKey {
        /// Where the key goes.
        location: ParameterLocation,
        /// The name of the header, parameter or cookie.
        name: String,
    },
    /// An HTTP authentication scheme.
    Http {
        /// The scheme in lower case: `bearer`, `basic`.
        scheme: String,
    },
    /// OAuth 2.
    OAuth2,
    /// OpenID Connect.
    OpenIdConnect,
}

/// How a list is split into pages (`x-pagination`).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pagination {
    /// What leads from one page to the next.
    pub style: PaginationStyle,
    /// The query parameter with the size of a page.
    pub limit: Option<String>,
    /// The query parameter with the number of items to skip.
    pub offset: Option<String>,
    /// The query parameter with the number of the page.
    pub page: Option<String>,
    /// The number of the first page, where pages are numbered.
    pub first: u64,
    /// The query parameter with the cursor.
    pub cursor: Option<String>,
    /// JSON Pointer of the page's items in the response body.
    pub items: String,
    /// JSON Pointer of the next page's cursor or URL in the response body.
    pub next: Option<String>,
    /// JSON Pointer of the number of all items in the response body.
    pub total: Option<String>,
}

/// The ways of [`Pagination`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum PaginationStyle {
    /// The client says how many items to skip.
    Offset,
    /// The client says the number of the page.
    Page,
    /// The body of each page has a cursor, or a URL that carries it, for a parameter of the next request.
    Cursor,
    /// The body of each page has the URL of the next one.
    Url,
    /// The header `Link` of each page has the URL of the next one (RFC 8288, `rel="next"`).
    Link,
}

/// Where an API answers, as the contract states it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Server {
    /// The URL; its variables are replaced with their defaults.
    pub url: String,
    /// The contract's description.
    pub description: Option<String>,
}
