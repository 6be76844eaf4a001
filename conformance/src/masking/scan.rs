//! Looks through a text, line by line, for what must not be in a repository.
//!
//! What is found is told by its kind and its place, never by itself.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use percent_encoding::percent_decode_str;
use regex::Regex;

use super::detect::find;
use super::kind::Kind;

/// Something in a text that looks like a person's data or like a credential.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Sighting {
    /// The line, counted from 1.
    pub line: usize,
    /// What it looks like.
    pub kind: Kind,
}

/// The shortest run of signs that is taken for base64.
const SHORTEST_BASE64: usize = 16;

/// `"name": "value"`, in JSON and in JSON that stands in a text of JSON.
static PAIR: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"\\*"([\w-]{2,40})\\*"\s*:\s*\\*"([^"\\]{2,200})\\*""#).ok());

/// A runtime expression of a workflow: a name for a value, and no value.
static EXPRESSION: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"\$(inputs|outputs|steps|workflows|request|response|components|sourceDescriptions)\.[\w.#/~-]+",
    )
    .ok()
});

/// Returns what a text holds, also percent-encoded and as base64, once for each line and kind.
#[must_use]
pub fn scan(text: &str) -> Vec<Sighting> {
    let mut sightings = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let mut kinds = Vec::new();
        let line = EXPRESSION.as_ref().map_or(line.into(), |expression| expression.replace_all(line, ""));
        seen(&line, &mut kinds, 2);
        kinds.sort_unstable();
        kinds.dedup();
        sightings.extend(kinds.into_iter().map(|kind| Sighting { line: index + 1, kind }));
    }
    sightings
}

fn seen(text: &str, kinds: &mut Vec<Kind>, depth: usize) {
    kinds.extend(find(text).into_iter().map(|hit| hit.kind));
    kinds.extend(named(text));
    if depth == 0 {
        return;
    }
    if text.contains('%')
        && let Ok(decoded) = percent_decode_str(text).decode_utf8()
        && decoded != text
    {
        seen(&decoded, kinds, depth - 1);
    }
    let other = |it: char| !(it.is_ascii_alphanumeric() || matches!(it, '+' | '/' | '-' | '_' | '='));
    for run in text.split(other).filter(|it| it.len() >= SHORTEST_BASE64) {
        let engines = [&STANDARD, &STANDARD_NO_PAD, &URL_SAFE_NO_PAD];
        let decoded = engines.into_iter().find_map(|it| String::from_utf8(it.decode(run).ok()?).ok());
        if let Some(decoded) = decoded.filter(|it| it != "masked:masked") {
            seen(&decoded, kinds, depth - 1);
        }
    }
}

/// What the names of a text of JSON say of their values.
fn named(text: &str) -> Vec<Kind> {
    let Some(pair) = PAIR.as_ref() else { return Vec::new() };
    let kinds = pair.captures_iter(text).filter_map(|found| {
        let (name, value) = (found.get(1)?.as_str(), found.get(2)?.as_str());
        let kind = Kind::of_name("", name).filter(|it| it.fits(value) && !it.is_placeholder(value))?;
        // Of a date it cannot be seen whose it is; of anything else that is sensitive, not what it is.
        let told = !matches!(kind, Kind::BirthDate | Kind::Sensitive | Kind::City | Kind::ZipCode);
        told.then_some(kind)
    });
    kinds.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<Kind> {
        scan(text).into_iter().map(|it| it.kind).collect()
    }

    #[test]
    fn values_are_found_by_form_by_name_and_in_other_forms() {
        assert_eq!(kinds("ssn 523-45-6789"), [Kind::SocialSecurityNumber]);
        assert_eq!(kinds(r#"{"first_name": "Ottokar"}"#), [Kind::FirstName]);
        assert_eq!(kinds(r#""text": "{\"last_name\":\"Kowalski\"}""#), [Kind::LastName]);
        assert_eq!(kinds("?mail=jan%40mail.pl"), [Kind::Email]);
        assert_eq!(kinds(&STANDARD.encode("{\"ssn\": \"523-45-6789\"}")), [Kind::SocialSecurityNumber]);
        assert_eq!(kinds(r#""password": "correcthorse""#), [Kind::Credential]);
    }

    #[test]
    fn each_line_and_kind_is_told_once_and_nobodys_values_not_at_all() {
        let text = "a\njan@mail.pl and eva@mail.pl, 212-867-5309\n\n(212) 867-5309";
        let seen = scan(text);
        let places: Vec<_> = seen.iter().map(|it| (it.line, it.kind)).collect();
        assert_eq!(places, [(2, Kind::Phone), (2, Kind::Email), (4, Kind::Phone)]);
        let none = r#"{"first_name": "Alex", "ssn": "900-10-0001", "email": "a@example.com", "phone": "512-555-0110", "street_address_1": "1 Example Street", "dob": "1980-02-03", "token": "masked-credential-0001"}"#;
        assert_eq!(kinds(none), []);
        assert_eq!(
            kinds("payload: {refresh_token: $steps.obtain.outputs.refresh, password: $inputs.password}"),
            []
        );
        assert_eq!(kinds("password: hunter2 $inputs.a"), [Kind::Credential]);
    }
}
