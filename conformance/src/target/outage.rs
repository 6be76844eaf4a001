//! Failures that say nothing about the contract.
//!
//! An endpoint that cannot be reached, is overloaded or does not accept our credential has not departed from
//! its contract. Such failures are counted and make a run inconclusive; they are never findings.

use std::time::Duration;

/// What kind of failure it is; the same kind is told once, with a count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OutageKind {
    /// No connection: refused, reset, or the name does not resolve.
    Unreachable,
    /// No complete answer in time.
    TimedOut,
    /// The connection ended before the answer did.
    CutOff,
    /// 502, 503 or 504.
    Unavailable,
    /// 429, again and again.
    Throttled,
    /// 401 or 403 to our own credential.
    NotAuthorised,
    /// An answer larger than is read.
    TooLarge,
}

impl OutageKind {
    /// Whether the endpoint as a whole is in trouble, so that going on is pointless.
    #[must_use]
    pub fn is_systemic(self) -> bool {
        !matches!(self, OutageKind::TooLarge | OutageKind::NotAuthorised)
    }
}

/// One failure, with words for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outage {
    /// What kind of failure.
    pub kind: OutageKind,
    /// What happened, as a lower-case fragment.
    pub reason: String,
}

impl Outage {
    pub(crate) fn new(kind: OutageKind, reason: impl Into<String>) -> Outage {
        Outage { kind, reason: reason.into() }
    }
}

/// Reads `Retry-After` (RFC 9110 section 10.2.3): seconds, or a date that is compared with `now`.
///
/// `now` is the answer's own `Date` field where it has one, so that no clock of ours matters.
pub(crate) fn retry_after(value: &str, now: Option<&str>) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    if let Ok(seconds) = value.parse::<f64>() {
        // Not in the standard, but seen; more time than asked for is the polite reading.
        return Duration::try_from_secs_f64(seconds.ceil()).ok();
    }
    let (until, now) = (http_date(value)?, http_date(now?)?);
    Some(Duration::from_secs(until.saturating_sub(now)))
}

/// Reads an IMF-fixdate (RFC 9110 section 5.6.7) as seconds since 1970.
fn http_date(text: &str) -> Option<u64> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (_, rest) = text.trim().split_once(", ")?;
    let mut parts = rest.split(' ');
    let day: u64 = parts.next()?.parse().ok()?;
    let month = parts.next()?;
    let month = MONTHS.iter().position(|it| *it == month)? as u64 + 1;
    let year: u64 = parts.next()?.parse().ok().filter(|year| (1970..10_000).contains(year))?;
    let mut clock = parts.next()?.split(':').map(str::parse::<u64>);
    let mut part = || clock.next()?.ok();
    let (hour, minute, second) = (part()?, part()?, part()?);
    // Days from the civil calendar, with years that start in March.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day - 1;
    let days = days.checked_sub(719_468)?;
    Some(days * 86_400 + hour * 3600 + minute * 60 + second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_read_in_both_forms() {
        assert_eq!(retry_after("120", None), Some(Duration::from_secs(120)));
        assert_eq!(retry_after("1.5", None), Some(Duration::from_secs(2)));
        let now = Some("Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(retry_after("Sun, 06 Nov 1994 08:50:07 GMT", now), Some(Duration::from_secs(30)));
        assert_eq!(retry_after("Sun, 06 Nov 1994 08:50:07 GMT", None), None);
        assert_eq!(retry_after("soon", now), None);
        assert_eq!(retry_after("-1", now), None);
    }

    #[test]
    fn dates_are_counted_from_1970() {
        assert_eq!(http_date("Thu, 01 Jan 1970 00:00:00 GMT"), Some(0));
        assert_eq!(http_date("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777));
    }
}
