//! Synthetic personal values: data that looks like a person's and can be nobody's.
//!
//! A property's name tells what it holds; the values come from ranges that are reserved or were never
//! issued: social security numbers from the 900 area with a group that no taxpayer number uses, taxpayer
//! numbers (ITIN) with group 93, employer numbers with prefix 07, telephone numbers 555-01xx, and mail
//! addresses at `example.com`. Several layouts are offered for each, because contracts disagree on dashes;
//! the caller keeps those that the schema accepts.

use proptest::sample::select;
use proptest::strategy::{SBoxedStrategy, Strategy};

use super::words::words;

pub(crate) const FIRST_NAMES: &[&str] =
    &["Alex", "Blair", "Casey", "Devon", "Emery", "Finley", "Harper", "Jordan"];
pub(crate) const LAST_NAMES: &[&str] =
    &["Example", "Sample", "Specimen", "Placeholder", "Testcase", "Fixture"];
const STATES: &[&str] = &["TX", "FL", "GA", "OH", "NC", "AZ", "CA", "NY"];
pub(crate) const CITIES: &[&str] = &["Springfield", "Riverside", "Fairview", "Greenville"];
pub(crate) const ZIP_CODES: &[&str] = &["78701", "33101", "30301", "43085", "27601", "85001", "02108"];

/// What a property's name says of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Personal {
    SocialSecurityNumber,
    TaxpayerNumber,
    EmployerNumber,
    Phone,
    Email,
    ZipCode,
    FullName,
    FirstName,
    LastName,
    BirthDate,
    Street,
    State,
    City,
}

/// Returns what a property of this name holds of a person.
pub(crate) fn personal(name: &str) -> Option<Personal> {
    let words = words(name);
    let has = |word: &str| words.iter().any(|it| it == word);
    let last = words.last().map(String::as_str).unwrap_or_default();

    if has("ssn") || (has("social") && has("security")) {
        return Some(Personal::SocialSecurityNumber);
    }
    if has("itin") {
        return Some(Personal::TaxpayerNumber);
    }
    if has("ein") || has("fein") || (has("tax") && (has("id") || has("number"))) {
        return Some(Personal::EmployerNumber);
    }
    if matches!(last, "phone" | "fax" | "telephone" | "mobile")
        || (matches!(last, "number" | "1" | "2") && (has("phone") || has("fax") || has("telephone")))
    {
        return Some(Personal::Phone);
    }
    if last == "email" || (has("email") && last == "address") {
        return Some(Personal::Email);
    }
    if has("zip") || has("postal") || has("zipcode") {
        return Some(Personal::ZipCode);
    }
    if last == "signature" || (last == "name" && (has("full") || has("legal") || has("signed"))) {
        return Some(Personal::FullName);
    }
    if last == "name" && (has("first") || has("given") || has("middle")) {
        return Some(Personal::FirstName);
    }
    if last == "name" && (has("last") || has("family")) || last == "surname" {
        return Some(Personal::LastName);
    }
    if has("birth") || has("birthdate") || last == "dob" {
        return Some(Personal::BirthDate);
    }
    if has("street") || (has("address") && matches!(last, "1" | "line" | "line1")) {
        return Some(Personal::Street);
    }
    match last {
        "state" => Some(Personal::State),
        "city" => Some(Personal::City),
        _ => None,
    }
}

/// Returns the synthetic strategies that suit a property's name, the most usual layout first.
pub(super) fn strategies(name: &str) -> Vec<SBoxedStrategy<String>> {
    let Some(personal) = personal(name) else { return Vec::new() };
    match personal {
        Personal::SocialSecurityNumber => identifiers(&["9AAGGDDDD", "9AA-GG-DDDD"], 10..=49),
        Personal::TaxpayerNumber => identifiers(&["9AAGGDDDD", "9AA-GG-DDDD"], 93..=93),
        Personal::EmployerNumber => vec![
            (0..10_000_000u32).prop_map(|serial| format!("07{serial:07}")).sboxed(),
            (0..10_000_000u32).prop_map(|serial| format!("07-{serial:07}")).sboxed(),
        ],
        Personal::Phone => ["512555{}", "512-555-{}", "(512) 555-{}", "+1512555{}"]
            .into_iter()
            .map(|layout| (100..200u32).prop_map(|line| layout.replace("{}", &format!("{line:04}"))).sboxed())
            .collect(),
        Personal::Email => vec![email()],
        Personal::ZipCode => vec![chosen(ZIP_CODES)],
        Personal::FullName => vec![
            (select(FIRST_NAMES), select(LAST_NAMES))
                .prop_map(|(first, last)| format!("{first} {last}"))
                .sboxed(),
        ],
        Personal::FirstName => vec![chosen(FIRST_NAMES)],
        Personal::LastName => vec![chosen(LAST_NAMES)],
        Personal::BirthDate => vec![birth_date()],
        Personal::Street => {
            vec![(1..9999u32).prop_map(|number| format!("{number} Example Street")).sboxed()]
        }
        Personal::State => vec![chosen(STATES)],
        Personal::City => vec![chosen(CITIES)],
    }
}

/// Returns addresses in the domain that RFC 2606 reserves.
pub(super) fn email() -> SBoxedStrategy<String> {
    (select(FIRST_NAMES), 0..100_000u32)
        .prop_map(|(name, serial)| format!("{}.{serial}@example.com", name.to_lowercase()))
        .sboxed()
}

fn birth_date() -> SBoxedStrategy<String> {
    (1920..=2004i32, 1..=12u8, 1..=28u8)
        .prop_map(|(year, month, day)| format!("{year:04}-{month:02}-{day:02}"))
        .sboxed()
}

fn chosen(values: &'static [&'static str]) -> SBoxedStrategy<String> {
    select(values).prop_map(str::to_owned).sboxed()
}

fn identifiers(
    layouts: &[&'static str],
    groups: std::ops::RangeInclusive<u32>,
) -> Vec<SBoxedStrategy<String>> {
    layouts
        .iter()
        .map(|layout| {
            (0..100u32, groups.clone(), 1..10_000u32)
                .prop_map(|(area, group, serial)| {
                    layout
                        .replace("AA", &format!("{area:02}"))
                        .replace("GG", &format!("{group:02}"))
                        .replace("DDDD", &format!("{serial:04}"))
                })
                .sboxed()
        })
        .collect()
}
