//! What is asked of the API and what the API sends: operations with their requests and answers, lists, waits, webhooks.

use std::collections::BTreeSet;

use super::Type;

/// One operation.
#[derive(Debug, Clone)]
pub struct Operation {
    /// The operation's id.
    pub id: String,
    /// The client's method.
    pub method: String,
    /// The request type; the error enum is named after it.
    pub name: String,
    /// The module, and file, that holds it: that of its first tag.
    pub module: String,
    /// The HTTP method in upper case.
    pub http_method: String,
    /// The path template.
    pub path: String,
    /// The place in the contract.
    pub pointer: String,
    /// Documentation.
    pub docs: Vec<String>,
    /// The contract calls it deprecated.
    pub deprecated: bool,
    /// Groups of security schemes of which one has to be satisfied.
    pub security: Vec<Vec<String>>,
    /// A request may be sent again when nobody knows what became of it.
    pub repeatable: bool,
    /// Parameters; the required ones are arguments of the client's method.
    pub parameters: Vec<Parameter>,
    /// The body.
    pub body: Option<RequestBody>,
    /// Documented successes.
    pub successes: Vec<Answer>,
    /// Documented errors.
    pub errors: Vec<Answer>,
    /// How its answers are split into pages, if they are.
    pub pages: Option<Pages>,
    /// What is waited for by looking at its answers.
    pub waits: Vec<Wait>,
}

/// A request that the API sends.
#[derive(Debug, Clone)]
pub struct Webhook {
    /// The name in the contract.
    pub name: String,
    /// The receiver's method.
    pub method: String,
    /// The place in the contract.
    pub pointer: String,
    /// Documentation.
    pub docs: Vec<String>,
    /// The contract calls it deprecated.
    pub deprecated: bool,
    /// The type of its JSON body; a webhook without one has a signature.
    pub body: Option<Type>,
    /// How it is signed, if it is.
    pub signature: Option<Signature>,
}

/// How a webhook is signed: HMAC-SHA-256 over its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// The header.
    pub header: String,
    /// The variant of the runtime's `SignatureEncoding`.
    pub encoding: &'static str,
    /// What stands before the signature.
    pub prefix: String,
}

/// A state of a resource that is worth waiting for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wait {
    /// The client's method.
    pub method: String,
    /// What the resource is called.
    pub resource: String,
    /// The way from the body to the state.
    pub state: Vec<Step>,
    /// The states in which the wait is over.
    pub until: Vec<String>,
    /// The states from which those are not reached any more.
    pub fails: Vec<String>,
    /// Seconds between the first two looks, between looks after a long time, and until the wait is given up.
    pub times: [u64; 3],
}

/// How a list is walked through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pages {
    /// What leads from one page to the next.
    pub paging: Paging,
    /// The type of an item.
    pub item: Type,
    /// The way from the body to its items.
    pub items: Vec<Step>,
    /// The way to the cursor or URL of the next page.
    pub next: Option<Vec<Step>>,
    /// The way to the number of all items.
    pub total: Option<Vec<Step>>,
}

/// What leads from one page to the next; parameters are query parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Paging {
    /// The number of items to skip.
    Offset {
        /// The parameter.
        parameter: String,
        /// The parameter with the size of a page.
        limit: Option<String>,
        /// The size of a page where the parameter is not set.
        usual: Option<u64>,
    },
    /// The number of the page.
    Page {
        /// The parameter.
        parameter: String,
        /// The first page's number.
        first: u64,
        /// The parameter with the size of a page.
        limit: Option<String>,
        /// The size of a page where the parameter is not set.
        usual: Option<u64>,
    },
    /// A cursor from the body.
    Cursor {
        /// The parameter.
        parameter: String,
    },
    /// A URL from the body.
    Url,
    /// A URL from the header `Link`.
    Link,
}

/// A step from an object to one of its properties.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The field.
    pub field: String,
    /// The field is an `Option`.
    pub optional: bool,
    /// The value, if there is one, may be `null`.
    pub nullable: bool,
}

impl Operation {
    /// Adds the names of the types that it mentions.
    pub fn named<'a>(&'a self, names: &mut BTreeSet<&'a str>) {
        self.parameters.iter().for_each(|parameter| parameter.ty.named(names));
        self.body.iter().flat_map(|body| &body.forms).for_each(|form| form.ty.named(names));
        for answer in self.successes.iter().chain(&self.errors) {
            if let AnswerBody::Json(ty) = &answer.body {
                ty.named(names);
            }
        }
    }

    /// Tells whether it mentions a named type.
    pub fn mentions_types(&self) -> bool {
        let mut names = BTreeSet::new();
        self.named(&mut names);
        !names.is_empty()
    }
}

/// One parameter.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// The Rust name of argument or setter.
    pub name: String,
    /// The name in the request.
    pub parameter: String,
    /// Where it is: `path`, `query`, `header` or `cookie`.
    pub location: &'static str,
    /// The variant of the runtime's `Style`.
    pub style: &'static str,
    /// It has to be there.
    pub required: bool,
    /// The type.
    pub ty: Type,
    /// The place in the contract.
    pub pointer: String,
    /// Documentation.
    pub docs: Vec<String>,
    /// The contract calls it deprecated.
    pub deprecated: bool,
}

/// A request's body: one form, or a choice of several.
#[derive(Debug, Clone)]
pub struct RequestBody {
    /// It has to be there.
    pub required: bool,
    /// The enum's name when there are several forms.
    pub choice: Option<String>,
    /// The forms in the order of the contract.
    pub forms: Vec<BodyForm>,
}

/// One form of a request's body.
#[derive(Debug, Clone)]
pub struct BodyForm {
    /// The variant's name when there are several forms.
    pub variant: String,
    /// The media type.
    pub media_type: String,
    /// How it is written.
    pub encoding: Encoding,
    /// The type.
    pub ty: Type,
    /// The type converts to the choice: no form before has it.
    pub converts: bool,
    /// The place of the schema in the contract, if there is one.
    pub schema: Option<String>,
}

/// How a request's body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// As JSON.
    Json,
    /// As `multipart/form-data`; the type is a [`TypeKind::Form`](super::TypeKind::Form).
    Multipart,
    /// As `application/x-www-form-urlencoded`; the type is a [`TypeKind::Form`](super::TypeKind::Form).
    UrlEncoded,
    /// As text.
    Text,
    /// As bytes.
    Bytes,
}

/// A documented answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status as the contract writes it: `201`, `4XX`, `default`.
    pub status: String,
    /// The variant's name.
    pub variant: String,
    /// What comes with it.
    pub body: AnswerBody,
    /// Every JSON media type with the type that reads it, for the registry.
    pub media_types: Vec<(String, Type)>,
    /// The place in the contract.
    pub pointer: String,
    /// Documentation.
    pub docs: Vec<String>,
}

/// What comes with an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnswerBody {
    /// A JSON body of this type.
    Json(Type),
    /// A text body.
    Text,
    /// Bytes that are read as they come.
    Stream,
    /// Bytes, or nothing.
    Raw,
}
