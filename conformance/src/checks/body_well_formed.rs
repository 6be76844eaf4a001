//! `body_well_formed`: a body that calls itself JSON is one JSON text in UTF-8, whose objects have no name twice.
//!
//! Parsers disagree on everything else (RFC 8259 sections 4 and 8.1), and the generated client's refuses most of it:
//! `{"id":1}}`, a byte order mark, Latin-1. What a readable body says is for `body_schema` and `error_body`; a
//! body that broke off on the way is an outage and never gets here. `204 No Content` with a length is judged as well:
//! the bytes that follow are taken for the next answer (RFC 9110 section 8.6, RFC 9112 section 6.1).

use super::{Check, Evidence, Observation, Severity};
use crate::pointer::generalise;

/// See the module.
pub(super) struct BodyWellFormed;

impl Check for BodyWellFormed {
    fn id(&self) -> &'static str {
        "body_well_formed"
    }

    fn summary(&self) -> &'static str {
        "a JSON body is one JSON text in UTF-8, and no object in it has a name twice"
    }

    fn reason(&self) -> &'static str {
        "a client cannot read a malformed body at all, and of a name that is there twice it takes either value"
    }

    fn severity(&self) -> Severity {
        Severity::Breaking
    }

    fn judge(&self, evidence: &Evidence<'_>, found: &mut Vec<Observation>) {
        if let Some(length) = announced(evidence) {
            found.push(Observation {
                check: self.id(),
                severity: Severity::Behavioural,
                location: String::new(),
                contract: match evidence.documented {
                    Some(response) => response.pointer.clone(),
                    None => evidence.operation.pointer.clone(),
                },
                rule: format!("{} with a body", evidence.status()),
                expected: "an answer without a body".to_owned(),
                observed: format!("a {length} header"),
                note: Some("what follows is taken for the beginning of the next answer".to_owned()),
            });
        }
        let Some(media_type) = evidence.media_type.filter(|_| evidence.may_have_body()) else { return };
        if let Some(fault) = evidence.fault {
            let reads = matches!(evidence.round_trip(), Some(Ok(_)));
            found.push(Observation {
                check: self.id(),
                severity: if reads { Severity::Behavioural } else { Severity::Breaking },
                location: String::new(),
                contract: media_type.pointer.clone(),
                rule: fault.name().to_owned(),
                expected: "one JSON text in UTF-8".to_owned(),
                observed: fault.words().to_owned(),
                note: (!reads).then(|| "the generated client cannot read it".to_owned()),
            });
        }
        let mut told: Vec<String> = Vec::new();
        for place in &evidence.twice {
            let rule = format!("twice {}", generalise(place));
            if told.contains(&rule) {
                continue;
            }
            let fails = matches!(evidence.round_trip(), Some(Err(_)));
            found.push(Observation {
                check: self.id(),
                severity: if fails { Severity::Breaking } else { Severity::Behavioural },
                location: place.clone(),
                contract: evidence.schema().unwrap_or(&media_type.pointer).to_owned(),
                rule: rule.clone(),
                expected: "each name once".to_owned(),
                observed: "there twice".to_owned(),
                note: Some(match fails {
                    true => "the generated client fails to decode it".to_owned(),
                    false => "which of the two counts depends on who reads it".to_owned(),
                }),
            });
            told.push(rule);
        }
    }
}

/// Returns the header with which an answer that has no body announces one.
fn announced(evidence: &Evidence<'_>) -> Option<&'static str> {
    let answer = &evidence.exchange.answer;
    if evidence.status() != 204 {
        return None;
    }
    let length = answer.header("content-length").and_then(|it| it.trim().parse::<u64>().ok());
    match length {
        Some(1..) => Some("Content-Length"),
        _ if answer.header("transfer-encoding").is_some() => Some("Transfer-Encoding"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::Severity;
    use crate::checks::testing::{answer, found, json, judged, judged_by_all, round_trip};
    use crate::exchange::Intent;

    #[test]
    fn accepts_one_json_text_and_leaves_other_media_types_alone() {
        assert_eq!(found("body_well_formed", 200, &json("\n {\"id\":\"ä\"} \r\n")), [""; 0]);
        assert_eq!(found("body_well_formed", 200, &json("")), [""; 0], "body_schema's");
        assert_eq!(found("body_well_formed", 404, &answer("text/plain", "{{")), [""; 0], "none stated");
        assert_eq!(found("body_well_formed", 200, &answer("text/html", "<p>")), [""; 0], "of another type");
        let same_name_elsewhere =
            json(r#"{"id":"a","owner":{"name":"b"},"labels":{"id":{}},"parts":[{"n":1},{"n":1}]}"#);
        assert_eq!(found("body_well_formed", 200, &same_name_elsewhere), [""; 0]);
    }

    #[test]
    fn rejects_what_cannot_be_read_by_its_kind() {
        for (body, rule) in [
            (&b"{\"id\":\"\xe4\"}"[..], "encoding"),
            (b"\xEF\xBB\xBF{\"id\":\"a\"}", "byte order mark"),
            (b"{\"id\":\"a\"}\n{\"id\":\"b\"}", "trailing"),
            (b"{\"id\":\"a\"", "truncated"),
            (b"oh no", "malformed"),
        ] {
            for status in [200, 422] {
                let found = judged_by_all(status, &answer("application/json", body));
                let short: Vec<_> =
                    found.iter().map(|it| (it.check, it.rule.as_str(), it.severity)).collect();
                assert_eq!(short, [("body_well_formed", rule, Severity::Breaking)], "{status}");
            }
        }
    }

    #[test]
    fn rejects_a_name_that_is_there_twice_once_for_each_place() {
        let body = json(r#"{"id":"a","id":"b","parts":[{"n":1,"n":2},{"n":3,"n":4}]}"#);
        let found = judged_by_all(200, &body);
        let short: Vec<_> = found.iter().map(|it| (it.rule.as_str(), it.severity)).collect();
        let behavioural = Severity::Behavioural;
        assert_eq!(short, [("twice /id", behavioural), ("twice /parts/*/n", behavioural)]);
        // That the generated type fails has this one cause, and is no bug of its own.
        let fails = judged("", 200, &body, Intent::Valid, round_trip(Err(("/id", "duplicate field"))));
        let short: Vec<_> = fails.iter().map(|it| (it.check, it.severity)).collect();
        let breaking = ("body_well_formed", Severity::Breaking);
        assert_eq!(short, [breaking, breaking]);
    }

    #[test]
    fn rejects_no_content_with_a_length() {
        let without = answer("", "");
        assert_eq!(found("body_well_formed", 204, &without), [""; 0]);
        assert_eq!(found("body_well_formed", 204, &answer("", "").with("content-length", "0")), [""; 0]);
        for header in [("content-length", "17"), ("transfer-encoding", "chunked")] {
            let given = answer("", "").with(header.0, header.1);
            assert_eq!(found("body_well_formed", 204, &given), ["204 with a body"]);
        }
    }
}
