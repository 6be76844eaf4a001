//! Finds in a text what looks like a person's data or a credential, and is no placeholder.
//!
//! Masking replaces what is found here, whatever the contract says of the place; the scan of a repository reports it.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::kind::{Kind, digits, is_issued_number};

/// Something that was found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Hit {
    /// What it looks like.
    pub kind: Kind,
    /// Where in the text it is, in bytes.
    pub range: Range<usize>,
}

/// One thing to look for: what is found by the pattern, in its first group if it has one.
struct Detector {
    kind: Kind,
    pattern: Regex,
    /// Whether letters and digits may follow directly on either side.
    glued: bool,
    /// Whether what was found is what it looks like.
    holds: fn(&str) -> bool,
    /// What a text must have, so that most are not searched.
    needs: Needs,
}

/// What a text has to have for a detector to look at it.
#[derive(Debug, Clone, Copy)]
enum Needs {
    /// One of these.
    One(&'static [&'static str]),
    /// So many digits.
    Digits(usize),
}

impl Needs {
    fn are_in(self, text: &str) -> bool {
        match self {
            Needs::One(wanted) => wanted.iter().any(|it| text.contains(it)),
            Needs::Digits(wanted) => text.bytes().filter(u8::is_ascii_digit).take(wanted).count() == wanted,
        }
    }
}

static DETECTORS: LazyLock<Vec<Detector>> = LazyLock::new(|| {
    let detector = |kind, needs, pattern: &str, glued, holds| {
        // A pattern that is wrong finds nothing, and the tests below look for one of each.
        Regex::new(pattern).ok().map(|pattern| Detector { kind, pattern, glued, holds, needs })
    };
    let any: fn(&str) -> bool = |_| true;
    let is_issued: fn(&str) -> bool = |it| is_issued_number(&digits(it));
    let is_dialled: fn(&str) -> bool = |it| (8..=15).contains(&digits(it).len());
    [
        detector(
            Kind::Credential,
            Needs::One(&["PRIVATE KEY"]),
            r"-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*(?:-----END [A-Z ]*PRIVATE KEY-----)?",
            true,
            any,
        ),
        detector(Kind::Credential, Needs::One(&["eyJ"]), r"eyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*", false, any),
        detector(
            Kind::Credential,
            Needs::One(&["earer", "EARER", "asic", "ASIC"]),
            r"(?i)\b(?:bearer|basic)[ +]+([a-z0-9._~+/-]{8,}=*)",
            false,
            is_random,
        ),
        detector(
            Kind::Credential,
            Needs::One(&["k_", "gh", "github_pat_", "AKIA", "xox", "AIza", "glpat-", "SG."]),
            r"(?:(?:sk|pk|rk)_(?:live|test)_\w{8,}|gh[pousr]_\w{20,}|github_pat_\w{20,}|AKIA[0-9A-Z]{16}|xox[abprs]-[\w-]{10,}|AIza[\w-]{35}|glpat-[\w-]{20,}|SG\.[\w-]{16,}\.[\w-]{16,})",
            false,
            any,
        ),
        detector(
            Kind::Credential,
            Needs::One(&["://"]),
            r"[a-z][a-z0-9+.-]*://([^/\s@:?#]*:[^/\s@?#]+)@",
            true,
            |it| it != MASKED_USER,
        ),
        detector(
            Kind::Credential,
            Needs::One(&["=", ":"]),
            r#"(?i)(?:password|passwd|passphrase|secret|token|api[_-]?key|access[_-]?key)["']?\s*[:=]\s*["']?([^\s"'&,;<>{}()\[\]|`]{4,})"#,
            true,
            is_random,
        ),
        detector(Kind::Email, Needs::One(&["@"]), r"[\w.%+'-]+@[\w-]+(?:\.[\w-]+)+", true, any),
        detector(
            Kind::CardNumber,
            Needs::Digits(13),
            r"[3-6]\d{3}(?:[- ]?\d{4}){2}[- ]?\d{3,4}|3[47]\d{2}[- ]?\d{6}[- ]?\d{5}",
            false,
            is_luhn,
        ),
        detector(
            Kind::SocialSecurityNumber,
            Needs::Digits(9),
            "\\d{3}[-\u{2010}-\u{2014} .]\\d{2}[-\u{2010}-\u{2014} .]\\d{4}|\\d{9}",
            false,
            is_issued,
        ),
        detector(
            Kind::Phone,
            Needs::Digits(10),
            r"(?:\+?1[-. ]?)?(?:\([2-9]\d{2}\)[- ]?|[2-9]\d{2}[-. ]?)[2-9]\d{2}[-. ]?\d{4}",
            false,
            any,
        ),
        detector(
            Kind::Phone,
            Needs::One(&["+"]),
            r"\+[1-9]\d{0,2}[-. ]?(?:\(?\d{1,5}\)?[-. ]?){1,5}\d{2,}",
            false,
            is_dialled,
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
});

/// What the name and the password in a URL are replaced with.
pub(super) const MASKED_USER: &str = "masked:masked";

/// Returns what a text holds, in its order, none overlapping another.
#[must_use]
pub fn find(text: &str) -> Vec<Hit> {
    let mut hits: Vec<Hit> = Vec::new();
    // Most texts are short words; none of what is looked for is.
    if text.len() < 7 {
        return hits;
    }
    for detector in DETECTORS.iter().filter(|it| it.needs.are_in(text)) {
        for range in detector.ranges(text) {
            let found = text.get(range.clone()).unwrap_or_default();
            let kind = match detector.kind {
                Kind::SocialSecurityNumber if digits(found).starts_with('9') => Kind::TaxpayerNumber,
                kind => kind,
            };
            let overlaps = |hit: &Hit| hit.range.start < range.end && range.start < hit.range.end;
            if !kind.is_placeholder(found) && !hits.iter().any(overlaps) {
                hits.push(Hit { kind, range });
            }
        }
    }
    hits.sort_by_key(|hit| hit.range.start);
    hits
}

impl Detector {
    fn ranges(&self, text: &str) -> Vec<Range<usize>> {
        let mut ranges = Vec::new();
        let mut at = 0;
        while at <= text.len() {
            let Some(found) = self.pattern.captures_at(text, at) else { break };
            let Some(whole) = found.get(0) else { break };
            let range = found.get(1).unwrap_or(whole).range();
            let value = text.get(range.clone()).unwrap_or_default();
            if (self.glued || is_apart(text, &range)) && (self.holds)(value) {
                at = range.end.max(at + 1);
                ranges.push(range);
            } else {
                // What begins one character further on may still be one; the rest of a long number is none.
                let rest = text.get(whole.start()..).unwrap_or_default();
                let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
                let width = rest.chars().next().map_or(1, char::len_utf8);
                at = whole.start() + if digits > whole.len() { digits } else { width };
            }
        }
        ranges
    }
}

/// Whether no letter or digit stands next to a range, nor the rest of a number with a point.
pub(super) fn is_apart(text: &str, range: &Range<usize>) -> bool {
    let before = text.get(..range.start).unwrap_or_default();
    let after = text.get(range.end..).unwrap_or_default();
    let mut ahead = after.chars();
    let (next, then) = (ahead.next(), ahead.next());
    let mut behind = before.chars().rev();
    let (previous, first) = (behind.next(), behind.next());
    let digit = |it: Option<char>| it.is_some_and(|it| it.is_ascii_digit());
    let inside = |it: Option<char>| it.is_some_and(char::is_alphanumeric);
    let decimal = (next == Some('.') && digit(then)) || (previous == Some('.') && digit(first));
    // `-` joins the parts of longer numbers.
    let longer = (next == Some('-') && digit(then)) || (previous == Some('-') && digit(first));
    !inside(previous) && !inside(next) && !decimal && !longer
}

/// Whether a text has what words do not: digits, or capitals after small letters.
fn is_random(text: &str) -> bool {
    let digit = text.bytes().any(|it| it.is_ascii_digit());
    let mixed =
        text.bytes().zip(text.bytes().skip(1)).any(|(a, b)| a.is_ascii_lowercase() && b.is_ascii_uppercase());
    digit
        || mixed
        || (text.len() >= 6 && text.bytes().any(|it| matches!(it, b'!' | b'#' | b'$' | b'%' | b'^' | b'*')))
}

/// Whether the last digit is the check digit of those before it (ISO/IEC 7812-1).
fn is_luhn(text: &str) -> bool {
    let digits = digits(text);
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(index, digit)| {
            let digit = u32::from(digit - b'0');
            match index % 2 {
                0 => digit,
                _ if digit > 4 => digit * 2 - 9,
                _ => digit * 2,
            }
        })
        .sum();
    (13..=19).contains(&digits.len()) && sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<Kind> {
        find(text).into_iter().map(|hit| hit.kind).collect()
    }

    #[test]
    fn one_of_each_is_found() {
        let card = ["4539 1488", "0343 6467"].join(" ");
        let private = ["-----BEGIN", "PRIVATE KEY-----abc-----END PRIVATE KEY-----"].join(" ");
        let stripe = ["sk", "live", "4eC39HqLyjWDarjt"].join("_");
        let json_web_token = ["eyJhbGciOiJIUzI1NiJ9", "eyJzdWIiOiIxMjM0In0", "c2lnbmF0dXJl"].join(".");
        for (text, kind) in [
            ("523-45-6789", Kind::SocialSecurityNumber),
            ("523 45 6789", Kind::SocialSecurityNumber),
            ("523\u{2011}45\u{2011}6789", Kind::SocialSecurityNumber),
            ("523456789", Kind::SocialSecurityNumber),
            ("ref-523-45-6789.", Kind::SocialSecurityNumber),
            ("912-70-1234", Kind::TaxpayerNumber),
            ("912701234", Kind::TaxpayerNumber),
            ("jan.kowalski+x@mail.co.uk", Kind::Email),
            ("(212) 867-5309", Kind::Phone),
            ("212.867.5309", Kind::Phone),
            ("2128675309", Kind::Phone),
            ("+1 212-867-5309", Kind::Phone),
            ("+48 22 123 45 67", Kind::Phone),
            (&card, Kind::CardNumber),
            (&private, Kind::Credential),
            (&stripe, Kind::Credential),
            (&json_web_token, Kind::Credential),
            ("Bearer ab12cd34ef", Kind::Credential),
            ("password: hunter2", Kind::Credential),
            ("\"api_key\":\"a1b2c3d4\"", Kind::Credential),
            ("postgres://me:secret@db", Kind::Credential),
        ] {
            assert_eq!(kinds(text), [kind], "{text}");
            assert_eq!(kinds(&format!("It is {text} and so on")), [kind], "in words: {text}");
        }
    }

    #[test]
    fn placeholders_and_other_numbers_are_not_found() {
        for text in [
            "900-10-0001",
            "900930001",
            "000-12-3456",
            "666-12-3456",
            "123-00-4567",
            "512-555-0110",
            "+15125550199",
            "a@example.com",
            "a@mail.example.org",
            "a@b.test",
            "1700000000",
            "0b3a9c1e-8d2f-4f6a-9b1c-2d3e4f5a6b7c",
            "12345678-1234-1234-1234-123456789012",
            "0.523456789",
            "1523456789012345",
            "2025-03-01T10:00:00.523456789Z",
            "a523456789b",
            "1-523-45-6789-1",
            "Bearer masked-credential-0001",
            "Bearer authentication is needed",
            "token: string",
            "https://masked:masked@example.com",
            "4539 1488 0343 6468",
            "v1.2.3 of 2025-03-01 at 10:00",
        ] {
            assert_eq!(kinds(text), [], "{text}");
        }
    }

    #[test]
    fn several_are_found_in_their_order_and_where_they_are() {
        let text = "a@b.de, 523-45-6789; b@c.fr";
        let found: Vec<&str> = find(text).into_iter().filter_map(|hit| text.get(hit.range)).collect();
        assert_eq!(found, ["a@b.de", "523-45-6789", "b@c.fr"]);
    }
}
