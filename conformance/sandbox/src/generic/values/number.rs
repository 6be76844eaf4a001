//! Numbers within their limits.

use serde_json::{Number, Value};

use super::shape::Shape;
use crate::random::Random;

/// The width of the range that numbers come from.
const SPAN: f64 = 997.0;

/// A number for a shape.
pub(super) fn number(shape: &Shape, whole: bool, random: &mut Random) -> Value {
    let step = shape.multiple_of.unwrap_or(if whole { 1.0 } else { 0.25 });
    // A whole number has to be a multiple of a whole number as well.
    let step = if whole && step.fract() != 0.0 { (step * 1000.0).round().max(1.0) } else { step };
    let (least, most) = (shape.number.least, shape.number.most);
    let low = least.unwrap_or_else(|| most.map_or(1.0, |most| if most < 1.0 { most - SPAN } else { 1.0 }));
    let high = most.unwrap_or(low.max(1.0) + SPAN).min(low + SPAN.max(step * 8.0));
    let mut first = (low / step).ceil();
    let mut last = (high / step).floor();
    if shape.exclusive.0 && least.is_some() && first * step <= low {
        first += 1.0;
    }
    if shape.exclusive.1 && most == Some(high) && last * step >= high {
        last -= 1.0;
    }
    if last < first {
        // Between two multiples there is none, or the range is narrower than the step.
        let middle = if shape.multiple_of.is_some() { first * step } else { (low + high) / 2.0 };
        return of(middle, whole);
    }
    let span = (last - first).min(1e9);
    let at = first + (random.next() % (span as u64 + 1)) as f64;
    // One division is exact where a product is not: 3 * 0.01 is not 0.03, and 3 / 100 is.
    let inverse = (1.0 / step).round();
    let value = if step < 1.0 && (inverse * step - 1.0).abs() < 1e-9 { at / inverse } else { at * step };
    of(value, whole)
}

fn of(value: f64, whole: bool) -> Value {
    let is_whole = value.fract() == 0.0 && value.abs() < 9.0e15;
    if whole || is_whole {
        // Saturates, so that the greatest numbers stay numbers.
        return Value::from(value as i64);
    }
    Number::from_f64(value).map_or(Value::from(0), Value::Number)
}
