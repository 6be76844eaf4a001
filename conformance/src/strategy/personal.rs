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

const FIRST_NAMES: &[&str] = &["Alex", "Blair", "Casey", "Devon", "Emery", "Finley", "Harper", "Jordan"];
const LAST_NAMES: &[&str] = &["Example", "Sample", "Specimen", "Placeholder", "Testcase", "Fixture"];
const STATES: &[&str] = &["TX", "FL", "GA", "OH", "NC", "AZ", "CA", "NY"];
const CITIES: &[&str] = &["Springfield", "Riverside", "Fairview", "Greenville"];
const ZIP_CODES: &[&str] = &["78701", "33101", "30301", "43085", "27601", "85001"];

/// Returns the synthetic strategies that suit a property's name, the most usual layout first.
pub(super) fn strategies(name: &str) -> Vec<SBoxedStrategy<String>> {
    let words = words(name);
    let has = |word: &str| words.iter().any(|it| it == word);
    let last = words.last().map(String::as_str).unwrap_or_default();

    if has("ssn") || (has("social") && has("security")) {
        return identifiers(&["9AAGGDDDD", "9AA-GG-DDDD"], 10..=49);
    }
    if has("itin") {
        return identifiers(&["9AAGGDDDD", "9AA-GG-DDDD"], 93..=93);
    }
    if has("ein") || has("fein") || (has("tax") && (has("id") || has("number"))) {
        return vec![
            (0..10_000_000u32).prop_map(|serial| format!("07{serial:07}")).sboxed(),
            (0..10_000_000u32).prop_map(|serial| format!("07-{serial:07}")).sboxed(),
        ];
    }
    if matches!(last, "phone" | "fax" | "telephone" | "mobile")
        || (matches!(last, "number" | "1" | "2") && (has("phone") || has("fax") || has("telephone")))
    {
        return ["512555{}", "512-555-{}", "(512) 555-{}", "+1512555{}"]
            .into_iter()
            .map(|layout| (100..200u32).prop_map(|line| layout.replace("{}", &format!("{line:04}"))).sboxed())
            .collect();
    }
    if last == "email" || (has("email") && last == "address") {
        return vec![email()];
    }
    if has("zip") || has("postal") || has("zipcode") {
        return vec![chosen(ZIP_CODES)];
    }
    if last == "signature" || (last == "name" && (has("full") || has("legal") || has("signed"))) {
        return vec![
            (select(FIRST_NAMES), select(LAST_NAMES))
                .prop_map(|(first, last)| format!("{first} {last}"))
                .sboxed(),
        ];
    }
    if last == "name" && (has("first") || has("given") || has("middle")) {
        return vec![chosen(FIRST_NAMES)];
    }
    if last == "name" && (has("last") || has("family")) || last == "surname" {
        return vec![chosen(LAST_NAMES)];
    }
    if has("birth") || has("birthdate") || last == "dob" {
        return vec![birth_date()];
    }
    if has("street") || (has("address") && matches!(last, "1" | "line" | "line1")) {
        return vec![(1..9999u32).prop_map(|number| format!("{number} Example Street")).sboxed()];
    }
    match last {
        "state" => vec![chosen(STATES)],
        "city" => vec![chosen(CITIES)],
        _ => Vec::new(),
    }
}

/// Returns addresses in the domain that RFC 2606 reserves.
pub(super) fn email() -> SBoxedStrategy<String> {
    (select(FIRST_NAMES), 0..100_000u32)
        .prop_map(|(name, serial)| format!("{}.{serial}@example.com", name.to_lowercase()))
        .sboxed()
}

fn birth_date() -> SBoxedStrategy<String> {
    (1950..=2004i32, 1..=12u8, 1..=28u8)
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
