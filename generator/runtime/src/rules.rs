//! The constraints of a contract's schemas, as tables that generated types carry.
//!
//! They are plain constants: a type whose schema constrains nothing has an empty one. What they mean stands in
//! [`validate`](crate::Validate::validate), which is the only reader.

pub use crate::Validate;
pub use Rule::*;

/// What holds for a value.
pub type Rules = &'static [Rule];

/// One constraint of JSON Schema, or where in a value others hold.
///
/// Numbers are text, as the contract has them: they are compared exactly.
#[derive(Debug, Clone, Copy)]
pub enum Rule {
    /// At least so many characters.
    MinLength(u64),
    /// At most so many characters.
    MaxLength(u64),
    /// A match of this pattern somewhere, in the syntax of the crate `regex-lite`.
    Pattern(&'static str),
    /// At least this number.
    Minimum(&'static str),
    /// More than this number.
    ExclusiveMinimum(&'static str),
    /// At most this number.
    Maximum(&'static str),
    /// Less than this number.
    ExclusiveMaximum(&'static str),
    /// A multiple of this number.
    MultipleOf(&'static str),
    /// At least so many items.
    MinItems(u64),
    /// At most so many items.
    MaxItems(u64),
    /// No two items are equal.
    UniqueItems,
    /// A text that the enum does not list is allowed, since an alternative of the schema takes any.
    Unlisted,
    /// At least so many properties.
    MinProperties(u64),
    /// At most so many properties.
    MaxProperties(u64),
    /// These properties are there.
    Required(&'static [&'static str]),
    /// What holds for the value of a property.
    Property(&'static str, Rules),
    /// What holds for the values of all properties but these.
    Others(&'static [&'static str], Rules),
    /// What holds for every item.
    Items(Rules),
    /// What holds for the item at an index.
    Item(usize, Rules),
    /// What holds for the variants of a union, by name.
    Variants(&'static [(&'static str, Rules)]),
    /// What holds for a type. A function, since types refer to each other in circles.
    Type(fn() -> Rules),
}
