//! `content_type_documented`: a body comes as a media type that the contract documents for the status.
//!
//! A client chooses its decoder by the media type; a page of HTML where JSON is documented cannot be
//! read at all.

use super::{Check, Evidence, Observation, Severity};

/// See the module.
pub(super) struct ContentTypeDocumented;

impl Check for ContentTypeDocumented {
    fn id(&self) -> &'static str {
        "content_type_documented"
    }

    fn summary(&self) -> &'static str {
        "a body comes as a media type that the contract documents for the status"
    }

    fn reason(&self) -> &'static str {
        "a client chooses its decoder by the media type and cannot read a body of another"
    }

    fn severity(&self) -> Severity {
        Severity::Breaking
    }

    fn judge(&self, evidence: &Evidence<'_>, found: &mut Vec<Observation>) {
        let Some(documented) = evidence.documented else { return };
        let empty = evidence.exchange.answer.body.is_empty();
        if evidence.media_type.is_some()
            || documented.content.is_empty()
            || empty
            || !evidence.may_have_body()
        {
            return;
        }
        let expected: Vec<&str> = documented.content.iter().map(|it| it.name.as_str()).collect();
        let given = evidence.exchange.answer.header("content-type").and_then(|it| it.split(';').next());
        let success = (200..300).contains(&evidence.status());
        found.push(Observation {
            check: self.id(),
            severity: if success { Severity::Breaking } else { Severity::Behavioural },
            location: String::new(),
            contract: driftline_specs::pointer::join(&documented.pointer, "content"),
            rule: evidence.status().to_string(),
            expected: expected.join(" or "),
            observed: given.map_or_else(
                || "no Content-Type".to_owned(),
                |it| it.trim().chars().filter(|it| !it.is_control()).take(60).collect(),
            ),
            note: None,
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{answer, found, judged_by_all};

    #[test]
    fn accepts_documented_media_types_with_parameters() {
        let body = answer("Application/JSON; charset=utf-8", r#"{"id":"a"}"#);
        assert_eq!(found("content_type_documented", 200, &body), [""; 0]);
        assert_eq!(found("content_type_documented", 200, &answer("text/html", "")), [""; 0], "no body");
        assert_eq!(
            found("content_type_documented", 404, &answer("text/plain", "gone")),
            [""; 0],
            "none stated"
        );
    }

    #[test]
    fn a_range_covers_its_media_types_and_json_among_them_is_judged() {
        let good = r#"{"id":"a"}"#;
        for media_type in ["application/json", "application/problem+json; charset=utf-8"] {
            assert_eq!(judged_by_all(203, &answer(media_type, good)), [], "{media_type}");
            let rules: Vec<_> =
                judged_by_all(203, &answer(media_type, "{}")).into_iter().map(|it| it.check).collect();
            assert_eq!(rules, ["body_schema"], "{media_type}");
        }
        assert_eq!(judged_by_all(203, &answer("application/pdf", "%PDF")), []);
        assert_eq!(judged_by_all(203, &answer("text/csv", "id\na\n")), []);
        assert_eq!(found("content_type_documented", 203, &answer("image/png", "PNG")), ["203"]);
    }

    #[test]
    fn rejects_another_media_type() {
        assert_eq!(found("content_type_documented", 200, &answer("text/html", "<p>")), ["200"]);
        assert_eq!(found("content_type_documented", 200, &answer("", "{}")), ["200"], "no Content-Type");
    }
}
