//! The ledger: deviations that are known and accepted until a day.
//!
//! ```toml
//! version = 1
//!
//! [[deviation]]
//! fingerprint = "0123456789abcdef"
//! reason = "the partner mends it in March"
//! owner = "benefits team"
//! since = "2026-01-15"
//! expires = "2026-04-01"
//! ```
//!
//! An entry that has expired no longer accepts anything and names its owner. A hash of the contract slice,
//! which ends an entry when the contract under it changes, is a later version's.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use serde::Deserialize;

use crate::error::Error;
use crate::finding::Fingerprint;

/// A day of the calendar, as `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(try_from = "DateText")]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl FromStr for Date {
    type Err = String;

    fn from_str(text: &str) -> Result<Date, String> {
        let wrong = || format!("{text:?} is not a day of the form YYYY-MM-DD");
        let mut parts = text.split('-');
        let mut part = |length: usize| {
            let digits = parts.next().filter(|it| it.len() == length);
            digits.filter(|it| it.bytes().all(|byte| byte.is_ascii_digit())).ok_or_else(wrong)
        };
        let year: u16 = part(4)?.parse().map_err(|_| wrong())?;
        let month: u8 = part(2)?.parse().map_err(|_| wrong())?;
        let day: u8 = part(2)?.parse().map_err(|_| wrong())?;
        let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let days = match month {
            2 if leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => 0,
        };
        if parts.next().is_some() || day == 0 || day > days {
            return Err(wrong());
        }
        Ok(Date { year, month, day })
    }
}

impl fmt::Display for Date {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// A day as TOML may write it: quoted, or as its own local date.
#[derive(Deserialize)]
#[serde(untagged)]
enum DateText {
    Quoted(String),
    Native(toml::value::Datetime),
}

impl TryFrom<DateText> for Date {
    type Error = String;

    fn try_from(text: DateText) -> Result<Date, String> {
        match text {
            DateText::Quoted(text) => text.parse(),
            DateText::Native(day) => day.to_string().parse(),
        }
    }
}

/// Deviations that are known and accepted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ledger {
    /// The version of the form.
    pub version: u32,
    /// The deviations.
    #[serde(default, rename = "deviation")]
    pub deviations: Vec<Deviation>,
}

/// One deviation that is accepted.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deviation {
    /// The finding's identity.
    pub fingerprint: Fingerprint,
    /// Why it is accepted.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// The day from which it is accepted.
    pub since: Date,
    /// The last day on which it is accepted; accepted for good when absent.
    pub expires: Option<Date>,
}

/// Whether an entry holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It holds.
    Accepted,
    /// Its last day is over.
    Expired,
}

impl Ledger {
    /// Reads a ledger; one that does not exist is empty.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, is not of this form, or names a deviation twice.
    pub fn load(path: &Path) -> Result<Ledger, Error> {
        match std::fs::read_to_string(path) {
            Ok(text) => Ledger::from_text(path, &text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                Ok(Ledger { version: 1, deviations: Vec::new() })
            }
            Err(error) => Err(Error::Ledger { path: path.to_owned(), line: None, reason: error.to_string() }),
        }
    }

    /// Reads a ledger from text; `path` is for messages.
    ///
    /// # Errors
    ///
    /// When the text is not of this form or names a deviation twice.
    pub fn from_text(path: &Path, text: &str) -> Result<Ledger, Error> {
        let refuse = |line, reason| Error::Ledger { path: path.to_owned(), line, reason };
        let ledger: Ledger = toml::from_str(text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start));
            let line = before.map(|before| before.matches('\n').count() + 1);
            refuse(line, error.message().to_owned())
        })?;
        if ledger.version != 1 {
            let reason = format!("version {} is not known; this Driftline reads version 1", ledger.version);
            return Err(refuse(None, reason));
        }
        for (index, deviation) in ledger.deviations.iter().enumerate() {
            let others = ledger.deviations.get(..index).unwrap_or_default();
            if others.iter().any(|other| other.fingerprint == deviation.fingerprint) {
                let reason = format!("fingerprint {} stands here twice", deviation.fingerprint);
                return Err(refuse(None, reason));
            }
        }
        Ok(ledger)
    }

    /// Returns the entry of a finding.
    #[must_use]
    pub fn find(&self, fingerprint: &Fingerprint) -> Option<&Deviation> {
        self.deviations.iter().find(|deviation| deviation.fingerprint == *fingerprint)
    }
}

impl Deviation {
    /// Returns whether the entry holds on a day.
    #[must_use]
    pub fn standing(&self, today: Date) -> Standing {
        match self.expires {
            Some(expires) if expires < today => Standing::Expired,
            _ => Standing::Accepted,
        }
    }

    /// Returns the entry in words.
    #[must_use]
    pub fn words(&self, standing: Standing) -> String {
        let until = self.expires.map(|day| day.to_string());
        match (standing, until) {
            (Standing::Expired, Some(day)) => {
                format!("was accepted until {day} by {}: {}", self.owner, self.reason)
            }
            (_, Some(day)) => format!("accepted until {day} by {}: {}", self.owner, self.reason),
            (_, None) => format!("accepted by {}: {}", self.owner, self.reason),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENTRY: &str = r#"
        [[deviation]]
        fingerprint = "00000000000000aa"
        reason = "known"
        owner = "us"
        since = 2026-01-01
        expires = "2026-02-28"
    "#;

    fn read(text: &str) -> Result<Ledger, Error> {
        Ledger::from_text(Path::new("ledger.toml"), text)
    }

    #[test]
    fn an_entry_holds_through_its_last_day() {
        let ledger = read(&format!("version = 1\n{ENTRY}")).unwrap();
        let deviation = &ledger.deviations[0];
        assert_eq!(deviation.standing("2026-02-28".parse().unwrap()), Standing::Accepted);
        assert_eq!(deviation.standing("2026-03-01".parse().unwrap()), Standing::Expired);
        assert!(deviation.words(Standing::Expired).contains("us"));
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        let message = |text: &str| read(text).unwrap_err().to_string();
        assert!(message("version = 1\n[[deviation]]\nreason = 'x'").starts_with("ledger.toml:2"), "line");
        assert!(message("version = 2").contains("version 2"));
        assert!(message(&format!("version = 1\n{ENTRY}\n{ENTRY}")).contains("twice"));
        assert!(message("version = 1\nmore = 2").contains("more"));
        assert!(message(&format!("version = 1\n{ENTRY}").replace("02-28", "02-30")).contains("02-30"));
    }

    #[test]
    fn a_ledger_that_does_not_exist_is_empty() {
        let ledger = Ledger::load(Path::new("/nowhere/at/all/ledger.toml")).unwrap();
        assert_eq!(ledger.deviations, []);
    }
}
