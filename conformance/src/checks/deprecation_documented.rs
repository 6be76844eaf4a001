//! `deprecation_documented`: an answer does not announce the end of what the contract calls current.
//!
//! `Deprecation` (RFC 9745), `Sunset` (RFC 8594) and a `Warning` with the code 299, the one for what lasts (RFC 7234
//! section 5.5.7), are how a vendor tells clients before anything breaks. Caches and proxies write the other warnings. An
//! operation that the contract calls deprecated may say so, and so may one whose header is documented.

use super::{Check, Evidence, Observation, Severity};

/// The headers that announce something, and what they announce.
const HEADERS: [(&str, &str); 3] = [
    ("Deprecation", "that it is deprecated"),
    ("Sunset", "that it will be gone"),
    ("Warning", "a warning that lasts"),
];

/// See the module.
pub(super) struct DeprecationDocumented;

impl Check for DeprecationDocumented {
    fn id(&self) -> &'static str {
        "deprecation_documented"
    }

    fn summary(&self) -> &'static str {
        "no answer announces the end of what the contract does not call deprecated"
    }

    fn reason(&self) -> &'static str {
        "it works today; the header says that a client has to be changed before it no longer does"
    }

    fn severity(&self) -> Severity {
        Severity::Notice
    }

    fn judge(&self, evidence: &Evidence<'_>, found: &mut Vec<Observation>) {
        if evidence.operation.deprecated || !evidence.exchange.intent.is_valid() {
            return;
        }
        let announced = HEADERS.iter().filter(|(name, _)| {
            let headers = evidence.documented.iter().flat_map(|response| &response.headers);
            announces(evidence, name) && !headers.into_iter().any(|it| it.name.eq_ignore_ascii_case(name))
        });
        // The first says most: what will be gone is deprecated.
        found.extend(announced.take(1).map(|(name, what)| Observation {
            check: self.id(),
            severity: self.severity(),
            location: String::new(),
            contract: evidence.operation.pointer.clone(),
            rule: "announced".to_owned(),
            expected: "an operation that is not deprecated".to_owned(),
            observed: format!("a `{name}` header, which says {what}"),
            note: None,
        }));
    }
}

/// Whether an answer has the header, with something in it that announces.
fn announces(evidence: &Evidence<'_>, name: &str) -> bool {
    let mut lines = evidence.exchange.answer.headers.iter().filter(|(it, _)| it.eq_ignore_ascii_case(name));
    lines.any(|(_, value)| match name {
        // `false` and `?0` were written before the standard settled on a date.
        "Deprecation" => !matches!(value.trim(), "" | "false" | "?0"),
        "Warning" => value.split(',').any(|it| it.trim_start().starts_with("299 ")),
        _ => !value.trim().is_empty(),
    })
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{Given, found, json, observed, severity};
    use crate::checks::{Severity, testing};
    use crate::exchange::Intent;

    fn with(name: &str, value: &str) -> Given {
        json(r#"{"id":"a"}"#).with(name, value)
    }

    #[test]
    fn accepts_what_proxies_write_and_what_says_no() {
        for (name, value) in [
            ("Warning", "110 cache \"Response is Stale\""),
            ("Warning", "214 proxy \"Transformation applied\""),
            ("Deprecation", "false"),
            ("Sunset", ""),
            ("X-Deprecation", "@1688169599"),
        ] {
            assert_eq!(found("deprecation_documented", 200, &with(name, value)), [""; 0], "{name}: {value}");
        }
        let strange = testing::judged(
            "deprecation_documented",
            401,
            &with("Deprecation", "true"),
            Intent::WithoutCredential,
            None,
        );
        assert_eq!(strange, [], "what is said to strangers");
        assert_eq!(
            found("deprecation_documented", 201, &with("Sunset", "soon")),
            [""; 0],
            "documented there"
        );
    }

    #[test]
    fn rejects_an_announcement_once() {
        for (name, value) in [
            ("Deprecation", "@1688169599"),
            ("deprecation", "true"),
            ("Sunset", "Sat, 31 Dec 2033 23:59:59 GMT"),
            ("Warning", "199 - \"misc\", 299 - \"v1 is deprecated\""),
        ] {
            assert_eq!(found("deprecation_documented", 200, &with(name, value)), ["announced"]);
            assert_eq!(severity("deprecation_documented", 200, &with(name, value)), [Severity::Notice]);
        }
        let both = with("Sunset", "soon").with("Deprecation", "true");
        let said = observed("deprecation_documented", 200, &both);
        assert_eq!(said, ["a `Deprecation` header, which says that it is deprecated"]);
    }
}
