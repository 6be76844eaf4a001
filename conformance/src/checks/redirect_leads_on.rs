//! `redirect_leads_on`: a documented redirect says where to, and does not leave TLS.
//!
//! A redirect without a usable `Location` is a dead end (RFC 9110 section 15.4), and one from `https` to `http` sends what
//! follows in the clear, the credential included. That it leads to another host may be what the contract means, as with
//! a download or a payment page; an undocumented redirect is `status_documented`'s. No redirect is followed.

use super::header_schema::is_reference;
use super::{Check, Evidence, Observation, Severity};

/// See the module.
pub(super) struct RedirectLeadsOn;

impl Check for RedirectLeadsOn {
    fn id(&self) -> &'static str {
        "redirect_leads_on"
    }

    fn summary(&self) -> &'static str {
        "a documented redirect says where to, and does not leave TLS"
    }

    fn reason(&self) -> &'static str {
        "a client is sent on and does not know where, or sends in the clear what was meant for one endpoint"
    }

    fn severity(&self) -> Severity {
        Severity::Behavioural
    }

    fn judge(&self, evidence: &Evidence<'_>, found: &mut Vec<Observation>) {
        let Some(documented) = evidence.documented else { return };
        if !matches!(evidence.status(), 301 | 302 | 303 | 307 | 308) {
            return;
        }
        // What is documented of the header is `header_schema`'s.
        let header = documented.headers.iter().find(|it| it.name.eq_ignore_ascii_case("location"));
        let (rule, expected, observed) = match evidence.exchange.answer.header("location") {
            None if header.is_some_and(|it| it.required) => return,
            None => ("location", "a `Location` header", "no `Location` header"),
            Some(text) if !is_reference(text) && header.is_some() => return,
            Some(text) if !is_reference(text) => {
                ("reference", "a URI reference in `Location`", "another text there")
            }
            Some(_) if evidence.leaves_tls() => ("tls", "a redirect within `https`", "one to `http`"),
            Some(_) => return,
        };
        found.push(Observation {
            check: self.id(),
            severity: self.severity(),
            location: String::new(),
            contract: header.map_or_else(|| documented.pointer.clone(), |it| it.pointer.clone()),
            rule: rule.to_owned(),
            expected: expected.to_owned(),
            observed: observed.to_owned(),
            note: None,
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{answer, found, judged_at};

    #[test]
    fn accepts_a_redirect_that_leads_somewhere() {
        for location in ["/things/b", "https://pay.example.com/a", "http://127.0.0.1:1/"] {
            let given = answer("", "").with("location", location);
            assert_eq!(found("redirect_leads_on", 307, &given), [""; 0], "{location}");
        }
        assert_eq!(found("redirect_leads_on", 302, &answer("", "")), [""; 0], "status_documented's");
    }

    #[test]
    fn rejects_a_dead_end() {
        assert_eq!(found("redirect_leads_on", 307, &answer("", "")), ["location"]);
        assert_eq!(
            found("redirect_leads_on", 307, &answer("", "").with("location", "over there")),
            ["reference"]
        );
    }

    #[test]
    fn rejects_a_redirect_that_leaves_tls() {
        let given = |location: &str| answer("", "").with("location", location);
        let at = |url: &str, location: &str| judged_at(url, "redirect_leads_on", 307, &given(location));
        assert_eq!(at("https://api.example.com/v1", "http://api.example.com/v1/things/a"), ["tls"]);
        assert_eq!(at("https://api.example.com/v1", "//cdn.example.com/a"), [""; 0]);
        assert_eq!(at("http://api.example.com/v1", "http://cdn.example.com/a"), [""; 0]);
    }
}
