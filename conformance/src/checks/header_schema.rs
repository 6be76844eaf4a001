//! `header_schema`: the headers that the contract documents for an answer are there, and are what their schema says.
//!
//! A header is read in the `simple` style of OpenAPI: `X-Tags: a, b` is an array of two. What an answer has beside the
//! documented headers is nobody's business. `Location` is looked at more closely where it leads somewhere: with `201` and
//! with redirects it has to be a reference (RFC 9110 section 10.2.2).

use driftline_specs::{Direction, Header};

use super::header_value::decode;
use super::{Check, Evidence, Observation, Severity};

/// See the module.
pub(super) struct HeaderSchema;

impl Check for HeaderSchema {
    fn id(&self) -> &'static str {
        "header_schema"
    }

    fn summary(&self) -> &'static str {
        "the documented headers of an answer are there, and are what their schema says"
    }

    fn reason(&self) -> &'static str {
        "a client that goes on from a header, as to the place of what it made, finds nothing or something else"
    }

    fn severity(&self) -> Severity {
        Severity::Behavioural
    }

    fn judge(&self, evidence: &Evidence<'_>, found: &mut Vec<Observation>) {
        let Some(documented) = evidence.documented else { return };
        for header in &documented.headers {
            let wrong = match evidence.exchange.answer.combined(&header.name) {
                None if header.required => Some((
                    format!("required {}", header.name.to_ascii_lowercase()),
                    header.pointer.clone(),
                    format!("the header `{}`", header.name),
                    format!("no `{}` header", header.name),
                )),
                None => None,
                Some(text) => wrong(evidence, header, &text),
            };
            found.extend(wrong.map(|(rule, contract, expected, observed)| Observation {
                check: self.id(),
                severity: self.severity(),
                location: String::new(),
                contract,
                rule,
                expected,
                observed,
                note: None,
            }));
        }
    }
}

/// Returns the rule that the text of a header breaks, where it stands, what it asks for, and what came.
fn wrong(evidence: &Evidence<'_>, header: &Header, text: &str) -> Option<(String, String, String, String)> {
    let name = header.name.to_ascii_lowercase();
    let shown = &header.name;
    // Lines of `Set-Cookie` cannot be put together (RFC 9110 section 5.3), and each is of its own making.
    if name == "set-cookie" {
        return None;
    }
    if name == "location" && matches!(evidence.status(), 201 | 300..=399) && !is_reference(text) {
        let expected = format!("a URI reference in `{shown}`");
        return Some((
            format!("reference {name}"),
            header.pointer.clone(),
            expected,
            "another text there".to_owned(),
        ));
    }
    let schema = header.schema.as_ref()?;
    let validator = evidence.contract.validator(&schema.pointer, Direction::Response).ok()?;
    let is_valid =
        |text: &str| decode(evidence.contract, header, text).iter().any(|value| validator.is_valid(value));
    // A field that a proxy has written once more is as good as one.
    let answer = &evidence.exchange.answer;
    let mut lines = answer.headers.iter().filter(|(it, _)| it.eq_ignore_ascii_case(&header.name));
    if is_valid(text) || lines.all(|(_, line)| is_valid(line.trim())) {
        return None;
    }
    let values = decode(evidence.contract, header, text);
    let violation = validator.violations(values.first()?).into_iter().next()?;
    let rule = format!("{} {name}", violation.keyword);
    let expected = format!("{} in the header `{shown}`", violation.expected);
    Some((rule, violation.schema, expected, format!("{} in `{shown}`", violation.observed)))
}

/// Whether a text can be a URI reference (RFC 3986 section 4.1).
pub(super) fn is_reference(text: &str) -> bool {
    let is_legal = |it: char| it.is_ascii_graphic() && !"\"<>\\^`{|}".contains(it);
    let base = url::Url::parse("http://host.invalid/").ok();
    !text.is_empty() && text.chars().all(is_legal) && base.is_some_and(|base| base.join(text).is_ok())
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{Given, answer, found, json, judged};
    use crate::exchange::Intent;

    fn ok() -> Given {
        json(r#"{"id":"a"}"#)
    }

    #[test]
    fn accepts_what_the_schema_says_in_the_simple_style() {
        for (name, value) in [
            ("X-Count", "17"),
            ("x-count", "0"),
            ("X-Share", "0.25"),
            ("X-Whole", "true"),
            ("X-Numbers", "1, 2,3"),
            ("X-Numbers", ""),
            ("X-Pair", "left,1,right,2"),
            ("X-Until", "2026-01-15T14:00:00Z"),
            ("X-Any", "17"),
            ("X-Any", "many"),
            ("X-Json", r#"{"left":1}"#),
            ("X-Nobody-Knows", "\u{7f}"),
        ] {
            assert_eq!(found("header_schema", 200, &ok().with(name, value)), [""; 0], "{name}: {value}");
        }
        let twice = ok().with("X-Numbers", "1").with("X-Numbers", "2");
        assert_eq!(found("header_schema", 200, &twice), [""; 0], "lines are one list");
        let repeated = ok().with("X-Count", "7").with("x-count", "7");
        assert_eq!(found("header_schema", 200, &repeated), [""; 0], "each of them is right");
        assert_eq!(found("header_schema", 200, &ok()), [""; 0], "none of them is required");
        assert_eq!(
            found("header_schema", 404, &answer("", "").with("X-Count", "x")),
            [""; 0],
            "of another status"
        );
    }

    #[test]
    fn rejects_another_value() {
        for (name, value, rule) in [
            ("X-Count", "many", "type x-count"),
            ("X-Count", "1.5", "type x-count"),
            ("X-Count", "-1", "minimum x-count"),
            ("X-Share", "a quarter", "type x-share"),
            ("X-Whole", "yes", "type x-whole"),
            ("X-Numbers", "1,two", "type x-numbers"),
            ("X-Pair", "left,one", "type x-pair"),
            ("X-Until", "Thu, 15 Jan 2026 14:00:00 GMT", "format x-until"),
            ("X-Json", "left", "type x-json"),
        ] {
            assert_eq!(found("header_schema", 200, &ok().with(name, value)), [rule], "{name}: {value}");
        }
    }

    #[test]
    fn no_value_of_a_header_is_shown() {
        let given = ok().with("X-Count", "secret-8271");
        let found = judged("header_schema", 200, &given, Intent::Valid, None);
        assert_eq!(found.len(), 1);
        assert!(!format!("{found:?}").contains("8271"), "{found:?}");
    }

    #[test]
    fn a_required_header_is_missed_and_a_location_is_a_reference() {
        assert_eq!(found("header_schema", 201, &answer("", "")), ["required location"]);
        for location in ["/things/a", "https://api.example.com/things/a", "a?b=c#d", "../a"] {
            assert_eq!(found("header_schema", 201, &answer("", "").with("Location", location)), [""; 0]);
        }
        for location in ["", "the thing a", "http://[/", "/things/{id}", "http://a b/"] {
            let given = answer("", "").with("location", location);
            assert_eq!(found("header_schema", 201, &given), ["reference location"], "{location}");
        }
    }
}
