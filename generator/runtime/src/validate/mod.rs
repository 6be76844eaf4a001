//! Whether a value keeps to its schema's constraints.
//!
//! The value is written as JSON once, and the JSON is held against the type's [`rules`](crate::rules). Types keep what
//! the contract does not list, so JSON alone does not tell which variant of a union it was, or whether an enum's value
//! is documented: while a value is written for this purpose, [`mark`] says so.

mod decimal;
pub(crate) mod mark;
mod types;
mod walk;

use std::fmt;

use serde::Serialize;
use serde_json::Value;

use crate::rules::Rules;

/// Generated types, each of which knows the constraints of its schema.
pub trait Validate: Serialize {
    /// Returns the constraints. Not for callers.
    #[doc(hidden)]
    fn rules() -> Rules
    where
        Self: Sized,
    {
        &[]
    }

    /// Checks the value against the constraints of its schema: lengths, patterns, bounds, counts, uniqueness, values
    /// of enums, variants of unions, and what has to be there when it is sent.
    ///
    /// Formats are not checked, and neither is what Rust's types rule out already.
    ///
    /// # Errors
    ///
    /// Fails with every violation, each with its place and what was expected there, and never with a value.
    fn validate(&self) -> Result<(), Invalid>
    where
        Self: Sized,
    {
        check(self, Self::rules())
    }
}

/// One constraint that a value does not keep to.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Violation {
    /// Where, as a JSON Pointer (RFC 6901); empty for the whole value.
    pub path: String,
    /// The keyword of JSON Schema that says so: `maxLength`, `pattern`, `enum`.
    pub keyword: &'static str,
    /// What was expected there.
    pub expected: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = if self.path.is_empty() { "the root" } else { &self.path };
        write!(f, "expected {} at {path} (`{}`)", self.expected, self.keyword)
    }
}

/// A value that does not keep to its schema's constraints.
///
/// It shows places and constraints, and never a value, which may be personal data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invalid(Vec<Violation>);

impl Invalid {
    /// Returns every violation, in the order in which the value is written.
    pub fn violations(&self) -> &[Violation] {
        &self.0
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, violation) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("; ")?;
            }
            violation.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Invalid {}

/// Checks a value against rules.
pub(crate) fn check<T: Serialize>(value: &T, rules: Rules) -> Result<(), Invalid> {
    // As text first: that code is there already wherever the value is sent.
    match mark::marked(|| serde_json::to_vec(value)) {
        Ok(marked) => check_marked(&marked, rules),
        Err(_) => Err(unwritable("a value that JSON can say")),
    }
}

fn check_marked(marked: &[u8], rules: Rules) -> Result<(), Invalid> {
    let Ok(value) = serde_json::from_slice::<Value>(marked) else {
        return Err(unwritable("a value that is nested less deeply"));
    };
    match walk::violations(&value, rules) {
        violations if violations.is_empty() => Ok(()),
        violations => Err(Invalid(violations)),
    }
}

fn unwritable(expected: &str) -> Invalid {
    Invalid(vec![Violation { path: String::new(), keyword: "type", expected: expected.to_owned() }])
}
