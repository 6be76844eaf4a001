//! `allow_lists_methods`: `405` comes with `Allow`, and `Allow` lists the methods that the contract documents.
//!
//! RFC 9110 section 15.5.6 asks for the field, and section 10.2.1 leaves it to the endpoint what is in it at the moment; so
//! it is a notice when a documented method is not listed, or another one is. `HEAD` and `OPTIONS` need no
//! documentation. An answer to `OPTIONS` may have the field, and is judged when it has.

use driftline_specs::Method;

use super::methods::{allowed, documented, path_item, possible};
use super::{Check, Evidence, Observation, Severity};

/// See the module.
pub(super) struct AllowListsMethods;

/// The rule of an answer without the field, which is told once for an API.
pub(super) const ABSENT: &str = "405 without Allow";

impl Check for AllowListsMethods {
    fn id(&self) -> &'static str {
        "allow_lists_methods"
    }

    fn summary(&self) -> &'static str {
        "405 comes with an `Allow` header, and it lists the methods that the contract documents"
    }

    fn reason(&self) -> &'static str {
        "whoever finds out by `Allow` what can be done learns something else than from the contract"
    }

    fn severity(&self) -> Severity {
        Severity::Notice
    }

    fn judge_other_method(&self, evidence: &Evidence<'_>, method: Method, found: &mut Vec<Observation>) {
        let status = evidence.status();
        let is_asked = method == Method::Options && (200..300).contains(&status);
        if status != 405 && !is_asked {
            return;
        }
        let mut add = |rule: String, expected: String, observed: String| {
            found.push(Observation {
                check: self.id(),
                severity: self.severity(),
                location: String::new(),
                contract: path_item(evidence.operation),
                rule,
                expected,
                observed,
                note: None,
            });
        };
        let documented = documented(evidence.contract, evidence.operation);
        let shown = documented.iter().copied().collect::<Vec<_>>().join(", ");
        let Some(allowed) = allowed(evidence) else {
            if status == 405 {
                add(ABSENT.to_owned(), format!("405 with `Allow: {shown}`"), "no `Allow` header".to_owned());
            }
            return;
        };
        let possible = possible(evidence.contract, &evidence.exchange.request.path);
        for left_out in documented.iter().filter(|it| !allowed.contains(**it)) {
            let observed = format!("an `Allow` header that leaves out {left_out}");
            add(format!("leaves out {left_out}"), format!("`Allow: {shown}`"), observed);
        }
        // Only methods that everybody knows: what else is there is the endpoint's own, and may be anything.
        let known = Method::ALL.iter().map(|it| it.as_str()).filter(|it| allowed.contains(*it));
        for listed in known.filter(|it| !possible.contains(it) && !matches!(*it, "HEAD" | "OPTIONS")) {
            let observed = format!("an `Allow` header that lists {listed}");
            add(format!("lists {listed}"), format!("`Allow: {shown}`"), observed);
        }
    }
}

#[cfg(test)]
mod tests {
    use driftline_specs::Method;

    use crate::checks::testing::{Given, answer, judged};
    use crate::exchange::Intent;

    fn rules(status: u16, method: Method, given: &Given) -> Vec<String> {
        let found = judged("allow_lists_methods", status, given, Intent::OtherMethod(method), None);
        found.into_iter().map(|it| it.rule).collect()
    }

    fn allow(value: &str) -> Given {
        answer("", "").with("Allow", value)
    }

    #[test]
    fn accepts_the_documented_methods_in_any_writing() {
        for value in ["GET", "get, head,OPTIONS", "HEAD,, GET ,OPTIONS"] {
            assert_eq!(rules(405, Method::Put, &allow(value)), [""; 0], "{value}");
            assert_eq!(rules(204, Method::Options, &allow(value)), [""; 0], "{value}");
        }
        let lines = answer("", "").with("allow", "OPTIONS").with("allow", "GET");
        assert_eq!(rules(405, Method::Put, &lines), [""; 0]);
    }

    #[test]
    fn accepts_other_refusals_without_it() {
        for status in [401, 403, 404, 501] {
            assert_eq!(rules(status, Method::Put, &answer("", "")), [""; 0], "{status}");
        }
        assert_eq!(rules(204, Method::Options, &answer("", "")), [""; 0], "it is free not to say");
        assert_eq!(rules(404, Method::Options, &allow("PUT")), [""; 0]);
    }

    #[test]
    fn rejects_what_the_contract_does_not_say() {
        assert_eq!(rules(405, Method::Put, &answer("", "")), ["405 without Allow"]);
        assert_eq!(rules(405, Method::Put, &allow("HEAD")), ["leaves out GET"]);
        assert_eq!(rules(405, Method::Put, &allow("")), ["leaves out GET"]);
        assert_eq!(rules(200, Method::Options, &allow("GET, DELETE, PURGE")), ["lists DELETE"]);
    }
}
