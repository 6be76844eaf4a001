//! Types that are not generated: those that hold others pass their rules on.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};

use super::Validate;
use crate::rules::{Items, Others, Rules, Type};
use crate::{Base64, Date, DateTime, Nullable, Number, Sensitive, Tuple, Uuid};

macro_rules! unconstrained {
    ($($ty:ty),*) => {
        $(impl Validate for $ty {})*
    };
}

unconstrained!(&str, String, i32, i64, u64, f64, bool, Number, Date, DateTime, Uuid, Base64, Value, Map<String, Value>);

impl<T: Serialize> Validate for Tuple<T> {}

macro_rules! passed_on {
    ($($ty:ident),*) => {
        $(impl<T: Validate> Validate for $ty<T> {
            fn rules() -> Rules {
                T::rules()
            }
        })*
    };
}

passed_on!(Box, Nullable, Option, Sensitive);

impl<T: Validate, const N: usize> Validate for [T; N]
where
    [T; N]: Serialize,
{
    fn rules() -> Rules {
        const { &[Items(&[Type(T::rules)])] }
    }
}

impl<T: Validate> Validate for Vec<T> {
    fn rules() -> Rules {
        const { &[Items(&[Type(T::rules)])] }
    }
}

impl<T: Validate> Validate for BTreeMap<String, T> {
    fn rules() -> Rules {
        const { &[Others(&[], &[Type(T::rules)])] }
    }
}
