//! A part of an API's operations, so that several runs share the work.

use std::fmt;
use std::str::FromStr;

use crate::error::Error;

/// The M-th of N parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Partition {
    part: usize,
    parts: usize,
}

impl Partition {
    /// Whether the n-th operation of the contract, counted from 0, belongs to this part.
    #[must_use]
    pub fn holds(self, index: usize) -> bool {
        index % self.parts == self.part - 1
    }
}

impl FromStr for Partition {
    type Err = Error;

    fn from_str(text: &str) -> Result<Partition, Error> {
        let numbers = text.split_once('/').and_then(|(part, parts)| {
            Some((part.trim().parse::<usize>().ok()?, parts.trim().parse::<usize>().ok()?))
        });
        match numbers {
            Some((part, parts)) if part >= 1 && part <= parts => Ok(Partition { part, parts }),
            _ => Err(Error::Partition { given: text.to_owned() }),
        }
    }
}

impl fmt::Display for Partition {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.part, self.parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_cover_everything_once() {
        let parts: Vec<Partition> = (1..=3).map(|m| format!("{m}/3").parse().unwrap()).collect();
        for index in 0..20 {
            assert_eq!(parts.iter().filter(|part| part.holds(index)).count(), 1, "{index}");
        }
    }

    #[test]
    fn nonsense_is_refused() {
        for text in ["0/3", "4/3", "1", "a/b", "1/0", "-1/2", ""] {
            assert!(text.parse::<Partition>().is_err(), "{text}");
        }
    }
}
