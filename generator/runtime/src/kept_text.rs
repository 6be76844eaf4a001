//! Text that a type reads only when it is asked to, kept as it came.

use serde::{Deserialize, Serialize};

/// Text as it was read. A `null` where the contract promises text is kept as well, and reads as empty.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct KeptText(Option<Box<str>>);

impl Default for KeptText {
    fn default() -> Self {
        Self(Some(Box::default()))
    }
}

impl KeptText {
    pub(crate) fn as_str(&self) -> &str {
        self.0.as_deref().unwrap_or_default()
    }

    pub(crate) fn is_null(&self) -> bool {
        self.0.is_none()
    }
}

impl<T: Into<Box<str>>> From<T> for KeptText {
    fn from(text: T) -> Self {
        Self(Some(text.into()))
    }
}

/// Gives a type around a [`KeptText`] the text and how it prints.
macro_rules! kept_text {
    ($name:ident) => {
        impl $name {
            /// Returns the text as it was read, or as it will be sent; empty for a `null`.
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }

            /// Tells whether `null` was read where the contract promises text.
            pub fn is_null(&self) -> bool {
                self.0.is_null()
            }
        }
    };
    ($name:ident shown) => {
        $crate::kept_text::kept_text!($name);

        impl ::core::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

pub(crate) use kept_text;
