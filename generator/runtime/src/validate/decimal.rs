//! Numbers as they are written, compared and divided exactly.

use std::cmp::Ordering;

/// A number: `digits` times ten to the power of `exponent`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Decimal {
    digits: i128,
    exponent: i32,
    /// The nearest float, for what is too large or too fine to be compared exactly.
    float: f64,
}

impl Decimal {
    /// Reads a number of JSON.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let float: f64 = text.parse().ok()?;
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let exponent: i32 = exponent.parse().ok()?;
        let exponent = exponent.checked_sub(i32::try_from(fraction.len()).ok()?)?;
        let digits = format!("{whole}{fraction}").parse().ok()?;
        Some(Self { digits, exponent, float })
    }

    /// Brings two numbers to one exponent, if their digits fit then.
    fn aligned(self, other: Self) -> Option<(i128, i128)> {
        let exponent = self.exponent.min(other.exponent);
        let scaled = |number: Self| {
            let power = u32::try_from(number.exponent.checked_sub(exponent)?).ok()?;
            10_i128.checked_pow(power)?.checked_mul(number.digits)
        };
        Some((scaled(self)?, scaled(other)?))
    }

    pub(super) fn compare(self, other: Self) -> Ordering {
        match self.aligned(other) {
            Some((one, other)) => one.cmp(&other),
            None => self.float.total_cmp(&other.float),
        }
    }

    /// Tells whether this is a whole multiple of the other; what is too large for an answer counts as one.
    pub(super) fn is_multiple_of(self, other: Self) -> bool {
        match self.aligned(other) {
            Some((one, other)) => other == 0 || one % other == 0,
            None => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        Decimal::parse(text).unwrap()
    }

    #[test]
    fn numbers_are_compared_as_they_are_written() {
        assert_eq!(decimal("42").compare(decimal("4.2e1")), Ordering::Equal);
        assert_eq!(decimal("9007199254740993").compare(decimal("9007199254740992")), Ordering::Greater);
        assert_eq!(decimal("-0.5").compare(decimal("-0.25")), Ordering::Less);
        assert_eq!(decimal("1e300").compare(decimal("1e-300")), Ordering::Greater);
    }

    #[test]
    fn decimal_fractions_are_multiples_of_decimal_fractions() {
        assert!(decimal("0.3").is_multiple_of(decimal("0.1")));
        assert!(decimal("19.99").is_multiple_of(decimal("0.01")));
        assert!(!decimal("19.995").is_multiple_of(decimal("0.01")));
        assert!(decimal("4e1").is_multiple_of(decimal("5")));
        assert!(decimal("5").is_multiple_of(decimal("0")));
    }
}
