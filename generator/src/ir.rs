//! What a generated crate will consist of, decided: names, types, presence, documentation.
//!
//! Lowering makes it, emission prints it. Nothing here refers to OpenAPI's own types, and nothing that emission
//! does with it depends on anything else.

mod operation;

use std::collections::BTreeSet;

pub use operation::{
    Answer, AnswerBody, BodyForm, Encoding, Operation, Pages, Paging, Parameter, RequestBody, Signature,
    Step, Wait, Webhook,
};

/// One crate.
#[derive(Debug, Clone)]
pub struct Crate {
    /// The API's name: the folder in `specs/`, or the contract's file name.
    pub api: String,
    /// The crate's name as Cargo writes it.
    pub name: String,
    /// The contract's title.
    pub title: String,
    /// The contract's version, as the vendor writes it.
    pub version: String,
    /// Paragraphs of documentation from the contract's description.
    pub docs: Vec<String>,
    /// The file that the crate is generated from, for the header of every file.
    pub contract: String,
    /// The contract was inferred, not published.
    pub provisional: bool,
    /// The documents that the contract rests on, where they are known.
    pub sources: Vec<Source>,
    /// The base URLs that the contract lists.
    pub servers: Vec<Server>,
    /// The security schemes that a credential can be given for.
    pub credentials: Vec<CredentialScheme>,
    /// How many calls the API takes.
    pub limits: Limits,
    /// Named types, sorted by module and then in the order of the contract.
    pub types: Vec<TypeDef>,
    /// The tags of operations, those that the contract describes first.
    pub tags: Vec<Tag>,
    /// Operations in the order of the contract.
    pub operations: Vec<Operation>,
    /// What the API sends on its own, in the order of the contract.
    pub webhooks: Vec<Webhook>,
    /// Operations that could not be used and are left out.
    pub left_out: Vec<LeftOut>,
    /// What is only carried in part or as free-form JSON, with its place and the reason.
    pub notices: Vec<Notice>,
}

/// How many calls an API takes from one client.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Limits {
    /// How many at a time.
    pub concurrency: Option<usize>,
    /// How many a second.
    pub requests_per_second: Option<f64>,
}

/// A document that a contract rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// What it calls itself.
    pub title: String,
    /// The day on which it was read.
    pub retrieved: Option<String>,
}

/// A tag, whose operations stand together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// The name in the contract.
    pub name: String,
    /// The module, and file, that holds its operations.
    pub module: String,
    /// What the contract says of it.
    pub docs: Vec<String>,
}

/// An operation that is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Its id, or its method and path.
    pub operation: String,
    /// The place of what is wrong with it.
    pub pointer: String,
    /// What is wrong with it.
    pub reason: String,
}

/// Something of the contract that the crate does not carry in full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The place in the contract.
    pub pointer: String,
    /// What is missing and why.
    pub message: String,
}

/// A base URL.
#[derive(Debug, Clone)]
pub struct Server {
    /// The constant's name.
    pub name: String,
    /// The URL.
    pub url: String,
    /// What the contract says of it.
    pub docs: Vec<String>,
}

/// A security scheme that a credential can be given for.
#[derive(Debug, Clone)]
pub struct CredentialScheme {
    /// The scheme's name in the contract.
    pub name: String,
    /// The builder's method.
    pub method: String,
    /// Where the credential travels.
    pub placement: Placement,
    /// How tokens are had, where the contract says it.
    pub tokens: Option<TokenFlow>,
    /// What the contract says of it.
    pub docs: Vec<String>,
}

/// The client credentials flow of a security scheme of OAuth 2.0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenFlow {
    /// The builder's method that takes id and secret.
    pub method: String,
    /// The builder's method that takes everything.
    pub client_method: String,
    /// Where tokens are asked for; may be relative to the base URL.
    pub token_url: String,
    /// The scopes that the operations need.
    pub scopes: Vec<String>,
}

/// Where a credential travels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Placement {
    /// A header of this name.
    Header(String),
    /// A query parameter of this name.
    Query(String),
    /// A cookie of this name.
    Cookie(String),
    /// `Authorization: Bearer`.
    Bearer,
    /// `Authorization: Basic`, of user and password.
    Basic,
}

/// A named type.
#[derive(Debug, Clone)]
pub struct TypeDef {
    /// The Rust name.
    pub name: String,
    /// The module, and file, that holds it: that of the component it belongs to.
    pub module: String,
    /// The place in the contract.
    pub pointer: String,
    /// Documentation.
    pub docs: Vec<String>,
    /// The contract calls it deprecated.
    pub deprecated: bool,
    /// It can be part of a request, so it gets setters.
    pub in_request: bool,
    /// What it is.
    pub kind: TypeKind,
    /// The constraints of its schema that Rust does not rule out.
    pub rules: Vec<Rule>,
}

/// A constraint, or where in a value others hold: a variant of the runtime's `Rule`.
#[derive(Debug, Clone, PartialEq)]
pub enum Rule {
    /// A count under the name of a variant: `MinLength`, `MaxItems`.
    Limit(&'static str, u64),
    /// A number, as text, under the name of a variant: `Minimum`, `MultipleOf`.
    Bound(&'static str, String),
    /// A pattern in the syntax that the runtime checks.
    Pattern(String),
    /// No two items are equal.
    UniqueItems,
    /// A text that no enum lists is allowed, since an alternative takes any.
    Unlisted,
    /// These properties have to be there.
    Required(Vec<String>),
    /// What holds for a property.
    Property(String, Vec<Rule>),
    /// What holds for all properties but these.
    Others(Vec<String>, Vec<Rule>),
    /// What holds for every item.
    Items(Vec<Rule>),
    /// What holds for the item at an index.
    Item(usize, Vec<Rule>),
    /// What holds for the variants of a union.
    Variants(Vec<(String, Vec<Rule>)>),
    /// What holds for a named type.
    Type(String),
}

impl Rule {
    /// Adds the names of the types that it refers to.
    pub fn named<'a>(&'a self, names: &mut BTreeSet<&'a str>) {
        match self {
            Self::Type(name) => {
                names.insert(name);
            }
            Self::Property(_, rules) | Self::Others(_, rules) | Self::Items(rules) | Self::Item(_, rules) => {
                rules.iter().for_each(|rule| rule.named(names));
            }
            Self::Variants(variants) => {
                variants.iter().flat_map(|(_, rules)| rules).for_each(|rule| rule.named(names));
            }
            _ => {}
        }
    }
}

/// What a named type is.
#[derive(Debug, Clone)]
pub enum TypeKind {
    /// An object with declared properties.
    Struct(Struct),
    /// An object that is sent as a form, field by field, and never read.
    Form(Struct),
    /// Strings from a list that stays open.
    Enum(Vec<Variant>),
    /// Numbers, or values of several types, from a list that stays open.
    Values(Vec<ValueVariant>),
    /// One of several types, and whatever else may come.
    Union(Union),
    /// Another name for a type.
    Alias(Type),
}

impl TypeKind {
    /// Tells whether there is a value when nothing is given: for objects without a required property.
    pub fn has_default(&self) -> bool {
        match self {
            Self::Struct(object) | Self::Form(object) => {
                object.fields.iter().all(|field| field.presence != Presence::Required)
            }
            Self::Enum(_) | Self::Values(_) | Self::Union(_) | Self::Alias(_) => false,
        }
    }

    /// Returns the types that this one is made of.
    pub fn parts(&self) -> Vec<&Type> {
        match self {
            Self::Struct(object) | Self::Form(object) => {
                object.fields.iter().map(|field| &field.ty).chain(&object.additional).collect()
            }
            Self::Enum(_) | Self::Values(_) => Vec::new(),
            Self::Union(union) => union.variants.iter().map(|variant| &variant.ty).collect(),
            Self::Alias(ty) => vec![ty],
        }
    }
}

/// One of several types.
#[derive(Debug, Clone)]
pub struct Union {
    /// The property whose value says which one it is, if the contract has one.
    pub tag: Option<String>,
    /// The types in the order of the contract.
    pub variants: Vec<UnionVariant>,
    /// The variant that takes what the tag gives to no other.
    pub otherwise: Option<String>,
}

/// One type of a union.
#[derive(Debug, Clone)]
pub struct UnionVariant {
    /// The Rust name.
    pub name: String,
    /// The type.
    pub ty: Type,
    /// The values of the tag that mean this one.
    pub tags: Vec<String>,
    /// The JSON type: `string`, `integer`, `number`, `boolean`, `array`, `object`, or `any`.
    pub kind: &'static str,
    /// The properties that have to be there.
    pub required: Vec<String>,
    /// The properties that are declared.
    pub declared: Vec<String>,
    /// The properties that list the texts they may be, where nothing but the form tells the types apart.
    pub constants: Vec<(String, Vec<String>)>,
    /// The place of the schema in the contract.
    pub pointer: String,
    /// The type converts to the union: no variant before has it.
    pub converts: bool,
    /// Documentation.
    pub docs: Vec<String>,
}

impl Default for UnionVariant {
    fn default() -> Self {
        Self {
            name: String::new(),
            ty: Type::Any,
            tags: Vec::new(),
            kind: "object",
            required: Vec::new(),
            declared: Vec::new(),
            constants: Vec::new(),
            pointer: String::new(),
            converts: true,
            docs: Vec::new(),
        }
    }
}

/// An object with declared properties.
#[derive(Debug, Clone)]
pub struct Struct {
    /// The properties in the order of the contract.
    pub fields: Vec<Field>,
    /// The type of undeclared properties; none where they are dropped.
    pub additional: Option<Type>,
}

/// One property.
#[derive(Debug, Clone)]
pub struct Field {
    /// The Rust name.
    pub name: String,
    /// The property's name.
    pub property: String,
    /// The type without optionality.
    pub ty: Type,
    /// Whether it has to be there.
    pub presence: Presence,
    /// The place in the contract.
    pub pointer: String,
    /// Documentation.
    pub docs: Vec<String>,
    /// The contract calls it deprecated.
    pub deprecated: bool,
    /// The contract demands it, at least in the direction in which it travels.
    pub demanded: bool,
    /// It is an integer or holds some, without a named type between.
    pub integers: bool,
    /// It has to be there and is a list or a map.
    pub is_list: bool,
    /// The direction in which it travels.
    pub access: Access,
    /// The only value that the contract allows, where the property has to be there.
    pub constant: Option<Constant>,
    /// How it is written where the object is a form.
    pub part: PartEncoding,
}

/// How a property is written as a part of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PartEncoding {
    /// A scalar as text, a list of scalars as a part an item, a file as it is, anything else as JSON.
    Usual,
    /// As a parameter of this style: a variant of the runtime's `Style`.
    Style(&'static str),
    /// As this media type.
    MediaType(String),
}

/// The only value of a property.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Constant {
    /// A flag.
    Boolean(bool),
    /// The variant of the property's enum.
    Variant(String),
}

/// The direction in which a property travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Requests and answers have it.
    Both,
    /// Only answers have it (`readOnly`).
    ReadOnly,
    /// Only requests have it (`writeOnly`).
    WriteOnly,
}

/// Whether a property has to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// `T`, or `Nullable<T>` when the type says so.
    Required,
    /// `Option<T>`.
    Optional,
    /// `Option<Nullable<T>>`.
    Nullable,
}

/// One documented value of an enum.
#[derive(Debug, Clone)]
pub struct Variant {
    /// The Rust name.
    pub name: String,
    /// The value in JSON.
    pub value: String,
    /// Documentation.
    pub docs: Vec<String>,
}

/// One documented value of an enum whose values are not all strings.
#[derive(Debug, Clone)]
pub struct ValueVariant {
    /// The Rust name.
    pub name: String,
    /// The value: a string, a number or a boolean.
    pub value: serde_json::Value,
    /// Documentation.
    pub docs: Vec<String>,
}

/// A type as it is used.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Type {
    /// Text.
    String,
    /// An integer of any sign and format: `i64`.
    Integer,
    /// An integer that the contract never lets be negative: `u64`.
    Unsigned,
    /// A number that keeps how it was written.
    Number,
    /// `bool`.
    Boolean,
    /// `format: date`.
    Date,
    /// `format: date-time`.
    DateTime,
    /// `format: uuid`.
    Uuid,
    /// `f64`, where an overlay asks for it.
    Float,
    /// `format: byte`.
    Base64,
    /// A file in a multipart body.
    File,
    /// Any JSON value.
    Any,
    /// Any JSON object.
    AnyObject,
    /// An array.
    Array(Box<Type>),
    /// An object whose properties are all alike and undeclared.
    Map(Box<Type>),
    /// An array whose items have each a type of their own, and that ends with them.
    Tuple(Vec<Type>),
    /// A named type.
    Named(String),
    /// A value or `null`.
    Nullable(Box<Type>),
    /// A value that never prints.
    Sensitive(Box<Type>),
    /// A value on the heap, where a type would contain itself.
    Boxed(Box<Type>),
}

impl Type {
    /// Adds the names of the types that this one mentions.
    pub fn named<'a>(&'a self, names: &mut BTreeSet<&'a str>) {
        match self {
            Self::Named(name) => {
                names.insert(name);
            }
            Self::Array(inner)
            | Self::Map(inner)
            | Self::Nullable(inner)
            | Self::Sensitive(inner)
            | Self::Boxed(inner) => inner.named(names),
            Self::Tuple(items) => items.iter().for_each(|item| item.named(names)),
            _ => {}
        }
    }
}
