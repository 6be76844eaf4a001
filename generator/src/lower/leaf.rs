//! Texts, numbers and flags: types that hold no other.
//!
//! An integer is `i64`, or `u64` where the contract allows nothing below zero. Its format says how wide it is, and
//! is not followed: a partner who outgrows `int32` must not take a client down. What fits neither is a `Number`.

use std::collections::HashSet;

use serde_json::{Number, Value};

use super::schema::{Lowering, MAX_DEPTH, Place};
use super::view::View;
use crate::ir::Type;

/// The first integers that `i64` and `u64` cannot hold. Documents that were written by a program which has floats
/// only have them for the last ones that they can.
const BEYOND_I64: f64 = 9_223_372_036_854_775_808.0;
const BEYOND_U64: f64 = 18_446_744_073_709_551_616.0;

/// What the parts of a schema say together of a text or a number.
#[derive(Default)]
struct Said {
    type_name: Option<String>,
    format: Option<String>,
    /// The highest lower bound and the lowest upper one.
    low: Option<f64>,
    high: Option<f64>,
    /// Numbers that the contract gives as values: defaults, examples, enums.
    samples: Vec<Number>,
    visited: HashSet<String>,
}

impl<'a> Lowering<'a> {
    /// The type of a schema that is no object, array, enum or union; `Any` where it says nothing.
    pub(super) fn leaf(&self, view: &View<'a>, place: &Place) -> Type {
        let mut said = Said::default();
        if matches!(view.type_name(), Some("integer")) || view.type_name().is_none() {
            self.gather(&place.pointer, &mut said, 0);
        }
        let type_name = view.type_name().or(said.type_name.as_deref());
        let format = view.format();
        match type_name {
            Some("string") => match format.as_deref().or(said.format.as_deref()) {
                Some("date") => Type::Date,
                Some("date-time") => Type::DateTime,
                Some("uuid") => Type::Uuid,
                Some("byte") => Type::Base64,
                _ => Type::String,
            },
            Some("integer") => integer(&said),
            Some("number") => Type::Number,
            Some("boolean") => Type::Boolean,
            _ => Type::Any,
        }
    }

    /// Adds what the schema at a place says, and the members of its `allOf`.
    fn gather(&self, pointer: &str, said: &mut Said, depth: usize) {
        let Some((pointer, schema)) = self.contract.resolve(pointer) else { return };
        if !said.visited.insert(pointer.clone()) {
            return;
        }
        let text = |key: &str| schema.get(key).and_then(Value::as_str).map(str::to_owned);
        // An integer is a number as well: the narrower type counts.
        let type_name = text("type");
        if said.type_name.is_none() || type_name.as_deref() == Some("integer") {
            said.type_name = type_name.or(said.type_name.take());
        }
        said.format = said.format.take().or_else(|| text("format"));
        let bound = |key: &str, exclusive: &str, step: f64| {
            let bound = schema.get(key)?.as_f64()?;
            let is_exclusive = schema.get(exclusive) == Some(&Value::Bool(true));
            Some(if is_exclusive && bound.fract() == 0.0 { bound + step } else { bound })
        };
        if let Some(low) = bound("minimum", "exclusiveMinimum", 1.0) {
            said.low = Some(said.low.map_or(low, |known| known.max(low)));
        }
        if let Some(high) = bound("maximum", "exclusiveMaximum", -1.0) {
            said.high = Some(said.high.map_or(high, |known| known.min(high)));
        }
        let lists =
            ["enum", "x-examples"].into_iter().filter_map(|key| schema.get(key)?.as_array()).flatten();
        let values = ["default", "example"].into_iter().filter_map(|key| schema.get(key)).chain(lists);
        said.samples.extend(values.filter_map(|value| value.as_number().cloned()));
        if depth < MAX_DEPTH
            && let Some(parts) = schema.get("allOf").and_then(Value::as_array)
        {
            for index in 0..parts.len() {
                self.gather(&format!("{pointer}/allOf/{index}"), said, depth + 1);
            }
        }
    }
}

fn integer(said: &Said) -> Type {
    let format = said.format.as_deref().unwrap_or_default();
    let float = |number: &Number| number.as_f64().unwrap_or(f64::INFINITY);
    if said.samples.iter().any(|number| float(number).fract() != 0.0) {
        // The values that the contract shows are no integers, whatever it says of the type.
        return Type::Number;
    }
    let unsigned_format = format.starts_with("uint") || format.starts_with("u-int");
    // A format that is as wide as a type limits the values more surely than a bound which was rounded.
    let is_sized = unsigned_format || format.starts_with("int");
    let low = said.low.filter(|low| !is_sized || low.abs() <= BEYOND_U64);
    let high = said.high.filter(|_| !is_sized);
    let is_unsigned = low.map_or(unsigned_format, |low| low >= 0.0)
        && said.samples.iter().all(|number| float(number) >= 0.0);
    let (least, beyond) = if is_unsigned { (0.0, BEYOND_U64) } else { (-BEYOND_I64, BEYOND_I64) };
    let fits = |number: &Number| match number {
        _ if number.is_i64() => true,
        _ if number.is_u64() => is_unsigned,
        _ => float(number) >= least && float(number) < beyond,
    };
    let is_bounded = low.is_none_or(|low| low >= least) && high.is_none_or(|high| high <= beyond);
    match is_unsigned {
        _ if !is_bounded || !said.samples.iter().all(fits) => Type::Number,
        true => Type::Unsigned,
        false => Type::Integer,
    }
}
