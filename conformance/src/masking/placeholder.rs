//! Placeholders: the n-th value of a range that is nobody's, and how it looks in the place of another.

use jiff::civil::Date;

use super::kind::{AGAIN, Kind, MASKED, digits};
use crate::strategy::personal::{CITIES, FIRST_NAMES, LAST_NAMES, ZIP_CODES};

/// Returns the n-th placeholder of a kind, in the form in which values of the kind are told apart.
///
/// `original` is in that form as well; its year and its kind of address are kept.
pub(super) fn nth(kind: Kind, n: u32, original: &str) -> String {
    match kind {
        Kind::SocialSecurityNumber => number(n, 10, 40),
        Kind::TaxpayerNumber => number(n, 93, 1),
        Kind::EmployerNumber => format!("07{:07}", n + 1),
        Kind::CardNumber => format!("{:0width$}", n + 1, width = original.len()),
        // Ten digits: area codes from 512 on, so that there are more than a hundred.
        Kind::Phone => format!("{}55501{:02}", 512 + (n / 100) % 400, n % 100),
        Kind::Email => format!("person-{}@example.com", n + 1),
        Kind::FirstName => listed(FIRST_NAMES, n),
        Kind::LastName => listed(LAST_NAMES, n),
        Kind::FullName => format!("{} {}", listed(FIRST_NAMES, n), listed(LAST_NAMES, n)),
        Kind::City => listed(CITIES, n),
        Kind::Street => format!("{} Example Street", n + 1),
        Kind::ZipCode => match ZIP_CODES.get(n as usize) {
            Some(code) => (*code).to_owned(),
            // No post office has a code that begins with 00 and goes up to 00399.
            None => format!("{:05}", 1 + n % 399),
        },
        Kind::BirthDate => day(n, original),
        Kind::IpAddress if original.contains(':') => format!("2001:db8::{:x}", n + 1),
        Kind::IpAddress => {
            let net = ["192.0.2", "198.51.100", "203.0.113"];
            let net = net.get((n / 254) as usize % net.len()).copied().unwrap_or("192.0.2");
            format!("{net}.{}", 1 + n % 254)
        }
        Kind::Credential => format!("{MASKED}-credential-{:04}", n + 1),
        Kind::Sensitive if is_uuid(original) => format!("00000000-0000-4000-8000-{:012x}", n + 1),
        Kind::Sensitive => format!("{MASKED}-{:04}", n + 1),
    }
}

/// Returns the form in which values of a kind are told apart: digits alone, ISO dates, small letters.
pub(super) fn canonical(kind: Kind, value: &str) -> String {
    let value = value.trim();
    match kind {
        Kind::Phone => {
            let digits = digits(value);
            // The country code of North America may be there or not.
            match digits.strip_prefix('1') {
                Some(ten) if ten.len() == 10 => ten.to_owned(),
                _ => digits,
            }
        }
        kind if kind.is_digits() => digits(value),
        Kind::BirthDate => Layout::of(value).map_or_else(|| value.to_owned(), |(date, _)| date.to_string()),
        kind if kind.ignores_case() => value.to_lowercase(),
        _ => value.to_owned(),
    }
}

/// Writes a placeholder as the original was written: with its dashes, its order of day and month.
pub(super) fn render(kind: Kind, placeholder: &str, original: &str) -> String {
    let spaced = |text: String| {
        let start = original.len() - original.trim_start().len();
        let end = original.trim_end().len();
        match (original.get(..start), original.get(end.max(start)..)) {
            (Some(before), Some(after)) => format!("{before}{text}{after}"),
            _ => text,
        }
    };
    if kind == Kind::BirthDate {
        let written = Layout::of(original.trim()).and_then(|(_, layout)| {
            let date: Date = placeholder.parse().ok()?;
            layout.write(date, original.trim())
        });
        return spaced(written.unwrap_or_else(|| placeholder.to_owned()));
    }
    if kind == Kind::ZipCode && original.trim().len() > 5 && placeholder.len() == 5 {
        let rest = original.trim().get(5..).unwrap_or_default();
        return spaced(format!("{placeholder}{}", rest.replace(|it: char| it.is_ascii_digit(), "0")));
    }
    if !kind.is_digits() {
        return spaced(placeholder.to_owned());
    }
    let wanted = digits(original).len();
    let mut filled = match wanted.checked_sub(placeholder.len()) {
        // What is longer than a number of ours has a country code in front.
        Some(0) => placeholder.to_owned(),
        Some(more) => format!("{}{placeholder}", "1".repeat(more)),
        // Only the last digits were given.
        None => placeholder.get(placeholder.len() - wanted..).unwrap_or_default().to_owned(),
    }
    .into_bytes()
    .into_iter();
    original
        .chars()
        .map(|it| if it.is_ascii_digit() { filled.next().map_or(it, char::from) } else { it })
        .collect()
}

/// Returns what else may stand in a place that does not take the usual placeholder: of the same length, of the same
/// letters and digits.
pub(super) fn alternatives(n: u32, usual: &str, original: &str) -> Vec<String> {
    let length = original.chars().count();
    let serial = (n + 1).to_string();
    let letters: String = usual.chars().filter(|it| it.is_alphanumeric()).collect();
    // The serial number stays, whatever is cut off before it.
    let fitted: String = {
        let room = length.saturating_sub(serial.len());
        let stem: String = MASKED.chars().cycle().take(room).collect();
        format!("{stem}{serial}")
    };
    vec![letters, fitted, same_signs(n, original)]
}

/// A text with the same kinds of signs in the same places: a number in the base that digits and letters allow.
fn same_signs(n: u32, original: &str) -> String {
    let mut left = n + 1;
    let mut signs: Vec<char> = original
        .chars()
        .rev()
        .map(|sign| {
            let (first, base) = match sign {
                '0'..='9' => (b'0', 10),
                'a'..='f' => (b'a', 6),
                'A'..='F' => (b'A', 6),
                'g'..='z' => (b'g', 20),
                'G'..='Z' => (b'G', 20),
                other => return if other.is_alphanumeric() { 'x' } else { other },
            };
            let digit = u8::try_from(left % base).unwrap_or_default();
            left /= base;
            char::from(first + digit)
        })
        .collect();
    signs.reverse();
    signs.into_iter().collect()
}

fn listed(list: &[&str], n: u32) -> String {
    let length = u32::try_from(list.len()).unwrap_or(1).max(1);
    let base = list.get((n % length) as usize).copied().unwrap_or(MASKED);
    match n / length {
        0 => base.to_owned(),
        round => format!("{base}{AGAIN}{}", letters(round - 1)),
    }
}

/// A number in letters: `a`, `b`, … `z`, `ba`, …
fn letters(mut n: u32) -> String {
    let mut letters = Vec::new();
    loop {
        letters.push(char::from(b'a' + u8::try_from(n % 26).unwrap_or_default()));
        n /= 26;
        if n == 0 {
            break;
        }
    }
    letters.into_iter().rev().collect()
}

/// Nine digits of the 900 area with one of these groups.
fn number(n: u32, group: u32, groups: u32) -> String {
    let (serial, n) = (n % 9_999 + 1, n / 9_999);
    let (group, n) = (group + n % groups, n / groups);
    format!("9{:02}{group:02}{serial:04}", n % 100)
}

/// Another day of the year of a date, so that who is a child stays one.
fn day(n: u32, original: &str) -> String {
    let Ok(date) = original.parse::<Date>() else { return format!("{MASKED}-{:04}", n + 1) };
    let month = i8::try_from(1 + n % 12).unwrap_or(1);
    let day = i8::try_from(1 + (n / 12) % 28).unwrap_or(1);
    Date::new(date.year(), month, day).map_or_else(|_| original.to_owned(), |it| it.to_string())
}

fn is_uuid(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 36
        && bytes.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// How a date is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// `1980-02-28`, perhaps with a time after it.
    Iso,
    /// `19800228`.
    Compact,
    /// `02/28/1980` and its like, with what stands between.
    MonthFirst(char),
    /// `28/02/1980`, where it can be nothing else.
    DayFirst(char),
}

impl Layout {
    /// Returns the date of a text, and how it is written.
    pub(super) fn of(text: &str) -> Option<(Date, Layout)> {
        let number = |range| text.get(range).and_then(|it: &str| it.parse::<i16>().ok());
        let small = |range| number(range).and_then(|it| i8::try_from(it).ok());
        if text.len() == 8 && text.bytes().all(|it| it.is_ascii_digit()) {
            let date = Date::new(number(0..4)?, small(4..6)?, small(6..8)?).ok()?;
            return Some((date, Layout::Compact));
        }
        let bytes = text.as_bytes();
        if bytes.get(4) == Some(&b'-') && bytes.get(7) == Some(&b'-') {
            let date = Date::new(number(0..4)?, small(5..7)?, small(8..10)?).ok()?;
            let ends = bytes.get(10).is_none_or(|it| matches!(it, b'T' | b't' | b' '));
            return ends.then_some((date, Layout::Iso));
        }
        let between = text.chars().find(|it| !it.is_ascii_digit())?;
        let mut parts = text.split(between);
        let (first, second, year) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() || !matches!(between, '/' | '.' | '-') || year.len() != 4 {
            return None;
        }
        let (first, second, year): (i8, i8, i16) =
            (first.parse().ok()?, second.parse().ok()?, year.parse().ok()?);
        let month_first = Date::new(year, first, second).map(|it| (it, Layout::MonthFirst(between)));
        month_first.or_else(|_| Date::new(year, second, first).map(|it| (it, Layout::DayFirst(between)))).ok()
    }

    /// Writes a date in the place of another; a time that follows it stays.
    fn write(self, date: Date, original: &str) -> Option<String> {
        let (year, month, day) = (date.year(), date.month(), date.day());
        // One digit or two, as the original has it.
        let short = |it: i8, part: usize, between: char| {
            let width = original.split(between).nth(part).map_or(2, str::len);
            format!("{it:0width$}")
        };
        Some(match self {
            Layout::Iso => format!("{date}{}", original.get(10..)?),
            Layout::Compact => format!("{year:04}{month:02}{day:02}"),
            Layout::MonthFirst(it) => {
                format!("{}{it}{}{it}{year:04}", short(month, 0, it), short(day, 1, it))
            }
            Layout::DayFirst(it) => format!("{}{it}{}{it}{year:04}", short(day, 0, it), short(month, 1, it)),
        })
    }
}

/// Returns how a date of birth may be written elsewhere.
pub(super) fn spellings(date: &str) -> Vec<String> {
    let Ok(date) = date.parse::<Date>() else { return Vec::new() };
    let (year, month, day) = (date.year(), date.month(), date.day());
    vec![
        date.to_string(),
        format!("{month:02}/{day:02}/{year:04}"),
        format!("{month}/{day}/{year}"),
        format!("{year:04}{month:02}{day:02}"),
    ]
}
