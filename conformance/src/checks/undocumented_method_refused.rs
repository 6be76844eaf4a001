//! `undocumented_method_refused`: a method that the contract does not document for a path is refused.
//!
//! A `DELETE` that works and that nobody documents is a door that nobody watches; at the least it is something new. The
//! refusal is `405` (RFC 9110 section 15.5.6), or whatever else an endpoint says to what it does not know. Only a success
//! counts, and not one that is a page for people, which a web server shows for whatever is asked. `OPTIONS` is left out:
//! every endpoint may answer it, and browsers make it do so.

use driftline_specs::Method;

use super::methods::{path_item, possible};
use super::{Check, Evidence, Observation, Severity};

/// See the module.
pub(super) struct UndocumentedMethodRefused;

impl Check for UndocumentedMethodRefused {
    fn id(&self) -> &'static str {
        "undocumented_method_refused"
    }

    fn summary(&self) -> &'static str {
        "a method that the contract does not document for a path is refused"
    }

    fn reason(&self) -> &'static str {
        "a client has no operation for it, and what it does is neither described nor watched"
    }

    fn severity(&self) -> Severity {
        Severity::Additive
    }

    fn judge_other_method(&self, evidence: &Evidence<'_>, method: Method, found: &mut Vec<Observation>) {
        let status = evidence.status();
        let path = &evidence.exchange.request.path;
        let is_documented = possible(evidence.contract, path).contains(method.as_str());
        let media_type = evidence.exchange.answer.header("content-type").unwrap_or_default();
        let is_page = media_type.trim_start().to_ascii_lowercase().starts_with("text/html");
        if method == Method::Options || is_documented || is_page || !(200..300).contains(&status) {
            return;
        }
        found.push(Observation {
            check: self.id(),
            severity: self.severity(),
            location: String::new(),
            contract: path_item(evidence.operation),
            rule: format!("accepts {method}"),
            expected: format!("no {method} at this path, so 405"),
            observed: format!("status {status}"),
            note: None,
        });
    }
}

#[cfg(test)]
mod tests {
    use driftline_specs::Method;

    use crate::checks::testing::{answer, json, judged};
    use crate::exchange::Intent;

    fn rules(status: u16, method: Method) -> Vec<String> {
        let given = json("not even JSON");
        let found = judged("", status, &given, Intent::OtherMethod(method), None);
        found.into_iter().map(|it| format!("{} {}", it.check, it.rule)).collect()
    }

    #[test]
    fn accepts_a_refusal_of_any_kind_and_does_not_judge_its_body() {
        for status in [301, 400, 401, 403, 404, 409, 415, 422, 500, 501] {
            assert_eq!(rules(status, Method::Patch), [""; 0], "{status}");
        }
        assert_eq!(rules(204, Method::Options), [""; 0]);
        assert_eq!(rules(200, Method::Get), [""; 0], "that one is documented");
        let page = answer("Text/HTML; charset=utf-8", "<!doctype html>");
        assert_eq!(judged("", 200, &page, Intent::OtherMethod(Method::Patch), None), []);
        let found = judged("", 200, &answer("", ""), Intent::Valid, None);
        assert!(found.iter().all(|it| it.check != "undocumented_method_refused"));
    }

    #[test]
    fn rejects_a_success() {
        assert_eq!(rules(200, Method::Patch), ["undocumented_method_refused accepts PATCH"]);
        assert_eq!(rules(204, Method::Delete), ["undocumented_method_refused accepts DELETE"]);
    }
}
