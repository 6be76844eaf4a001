//! `format: date` and `format: date-time`, kept as the text that was read.
//!
//! Offsets, precision and letter case survive because the text does. A partner that writes a date which the
//! format forbids does not take the client down either: the failure shows where the value is used.

use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil;
use serde::{Deserialize, Serialize};

use crate::kept_text::{KeptText, kept_text};

/// A calendar date (`full-date` of RFC 3339 section 5.6).
///
/// ```
/// use driftline_runtime::{Date, jiff::civil::date};
///
/// let born = Date::from(date(1990, 2, 28));
/// assert_eq!(born.as_str(), "1990-02-28");
/// assert_eq!(born.to_civil().unwrap(), date(1990, 2, 28));
/// assert!("1990-02-30".parse::<Date>().is_err());
/// assert_eq!("19900228".parse::<Date>().unwrap().as_str(), "1990-02-28");
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Date(KeptText);

kept_text!(Date shown);

impl Date {
    /// Parses the text; a server's text that is no date is an error here and only here.
    pub fn to_civil(&self) -> Result<civil::Date, jiff::Error> {
        self.as_str().parse()
    }
}

impl From<civil::Date> for Date {
    fn from(date: civil::Date) -> Self {
        Self(date.to_string().into())
    }
}

impl FromStr for Date {
    type Err = jiff::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let date = civil::Date::from_str(text)?;
        // The library takes more forms than RFC 3339 allows; only the one form is sent.
        if date.to_string() == text { Ok(Self(text.into())) } else { Ok(Self::from(date)) }
    }
}

/// Tells whether a text that is a point in time has the form of RFC 3339 section 5.6.
fn is_rfc3339(text: &str) -> bool {
    let bytes = text.as_bytes();
    let punctuation = [(4, b'-'), (7, b'-'), (13, b':'), (16, b':')];
    let date_and_time = bytes.len() >= 20
        && matches!(bytes[10], b'T' | b't')
        && punctuation.iter().all(|(at, byte)| bytes[*at] == *byte);
    let offset = match bytes.last() {
        Some(b'Z' | b'z') => true,
        Some(last) if last.is_ascii_digit() => {
            let tail = bytes.len().checked_sub(6).and_then(|at| bytes.get(at..)).unwrap_or_default();
            matches!(tail, [b'+' | b'-', _, _, b':', _, _])
        }
        _ => false,
    };
    date_and_time && offset && !text.contains(['[', ','])
}

/// A point in time with its offset (`date-time` of RFC 3339 section 5.6).
///
/// ```
/// use driftline_runtime::DateTime;
///
/// let text = "2026-01-31T09:30:00.120+05:30";
/// let at: DateTime = text.parse().unwrap();
/// assert_eq!(at.as_str(), text);
/// assert_eq!(at.to_timestamp().unwrap().to_string(), "2026-01-31T04:00:00.12Z");
/// assert_eq!("20260131T040000Z".parse::<DateTime>().unwrap().as_str(), "2026-01-31T04:00:00Z");
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DateTime(KeptText);

kept_text!(DateTime shown);

impl DateTime {
    /// Parses the text; a server's text that is no date and time is an error here and only here.
    pub fn to_timestamp(&self) -> Result<Timestamp, jiff::Error> {
        self.as_str().parse()
    }
}

impl From<Timestamp> for DateTime {
    fn from(timestamp: Timestamp) -> Self {
        Self(timestamp.to_string().into())
    }
}

impl FromStr for DateTime {
    type Err = jiff::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let timestamp = Timestamp::from_str(text)?;
        // The library takes more forms than RFC 3339 allows; another form is sent in UTC.
        Ok(if is_rfc3339(text) { Self(text.into()) } else { Self::from(timestamp) })
    }
}
