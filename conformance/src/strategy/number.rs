//! Numbers: strategies and boundary values for `minimum`, `maximum`, their exclusive forms, `multipleOf` and
//! the numeric formats.

use proptest::strategy::{SBoxedStrategy, Strategy};
use serde_json::{Number, Value};

use super::shape::NumberLimits;
use super::words::words;

/// How far generation strays from a limit, or from zero, when the other side is open.
const SPAN: f64 = 10_000.0;

/// Integers beyond this are not represented exactly by every JSON reader (RFC 8259 section 6).
const EXACT: f64 = 9_007_199_254_740_991.0;

/// Numbers on a grid: `step * (low..=high)`, printed with `decimals` digits.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Grid {
    step: f64,
    low: i64,
    high: i64,
    decimals: usize,
    integer: bool,
}

impl Grid {
    fn of(limits: &NumberLimits, integer: bool, format: Option<&str>, name: &str) -> Option<Grid> {
        let (mut low, mut high) = open_ends(limits, integer, format, name);
        let (step, decimals) = match (integer, limits.multiple_of) {
            (true, Some(multiple)) if multiple.fract() == 0.0 => (multiple, 0),
            // An integer that is a multiple of 0.5 may be any integer.
            (true, _) => (1.0, 0),
            (false, Some(multiple)) => (multiple, decimals(multiple)),
            (false, None) => {
                // Hundredths, finer in a narrow range and coarser far from zero.
                let step = |digits: i32| 10_f64.powi(-digits);
                let mut digits = 2;
                while digits < 12 && high - low < step(digits) * 4.0 {
                    digits += 1;
                }
                while digits > -300 && low.abs().max(high.abs()) / step(digits) > EXACT {
                    digits -= 1;
                }
                (step(digits), usize::try_from(digits).unwrap_or(0))
            }
        };
        low = (low / step).ceil();
        high = (high / step).floor();
        if limits.minimum.is_some_and(|(limit, excluded)| excluded && low * step <= limit) {
            low += 1.0;
        }
        if limits.maximum.is_some_and(|(limit, excluded)| excluded && high * step >= limit) {
            high -= 1.0;
        }
        let (low, high) = (low.clamp(-EXACT, EXACT) as i64, high.clamp(-EXACT, EXACT) as i64);
        if low > high {
            return None;
        }
        Some(Grid { step, low, high, decimals, integer })
    }

    fn value(self, index: i64) -> Value {
        let exact = index as f64 * self.step;
        if self.integer {
            return Value::from(exact as i64);
        }
        // Printing and reading gives the shortest decimal: 0.3, not 0.30000000000000004.
        let rounded = format!("{exact:.*}", self.decimals).parse().unwrap_or(exact);
        Number::from_f64(rounded).map_or(Value::Null, Value::Number)
    }
}

/// Returns a strategy for the numbers that the limits allow; `None` when there is no such number.
pub(super) fn strategy(
    limits: &NumberLimits,
    integer: bool,
    format: Option<&str>,
    name: &str,
) -> Option<SBoxedStrategy<Value>> {
    let grid = Grid::of(limits, integer, format, name)?;
    Some((grid.low..=grid.high).prop_map(move |index| grid.value(index)).sboxed())
}

/// Returns the values at and just inside each limit, and zero and one where they are allowed.
pub(super) fn boundaries(
    limits: &NumberLimits,
    integer: bool,
    format: Option<&str>,
    name: &str,
) -> Vec<Value> {
    let Some(grid) = Grid::of(limits, integer, format, name) else { return Vec::new() };
    let mut indices = Vec::new();
    if limits.minimum.is_some() {
        indices.extend([grid.low, grid.low + 1]);
    }
    if limits.maximum.is_some() {
        indices.extend([grid.high, grid.high - 1]);
    }
    indices.extend([1, 0]);
    let mut values = Vec::new();
    for index in indices {
        let value = grid.value(index);
        if (grid.low..=grid.high).contains(&index) && !values.contains(&value) {
            values.push(value);
        }
    }
    values
}

fn open_ends(limits: &NumberLimits, integer: bool, format: Option<&str>, name: &str) -> (f64, f64) {
    let minimum = limits.minimum.map(|(limit, _)| limit);
    let maximum = limits.maximum.map(|(limit, _)| limit);
    let (low, high) = match (minimum, maximum) {
        (Some(low), Some(high)) => (low, high),
        (Some(low), None) => (low, low + SPAN),
        (None, Some(high)) if high >= 0.0 => (0.0, high),
        (None, Some(high)) => (high - SPAN, high),
        (None, None) if integer && words(name).iter().any(|word| word == "year") => (2020.0, 2035.0),
        (None, None) => (0.0, SPAN),
    };
    match format {
        Some("int32") => (low.max(f64::from(i32::MIN)), high.min(f64::from(i32::MAX))),
        _ => (low, high),
    }
}

/// Returns how many digits after the point a step has.
fn decimals(step: f64) -> usize {
    let text = format!("{step}");
    text.split_once('.').map_or(0, |(_, fraction)| fraction.len())
}
