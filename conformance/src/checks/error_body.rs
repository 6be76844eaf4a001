//! `error_body`: a documented error carries the body that the contract documents for it.
//!
//! A client that gets a bare status, or an envelope of another shape, cannot tell its user which field to
//! mend. It asks of errors what `body_schema` asks of other answers.

use super::body_schema::judge_body;
use super::{Check, Evidence, Observation, Severity};

/// See the module.
pub(super) struct ErrorBody;

impl Check for ErrorBody {
    fn id(&self) -> &'static str {
        "error_body"
    }

    fn summary(&self) -> &'static str {
        "a documented error carries the body that the contract documents for it"
    }

    fn reason(&self) -> &'static str {
        "without its body an error tells a client that something is wrong, but not what to mend"
    }

    fn severity(&self) -> Severity {
        Severity::Breaking
    }

    fn judge(&self, evidence: &Evidence<'_>, found: &mut Vec<Observation>) {
        if evidence.status() >= 400 {
            judge_body(self.id(), evidence, found);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{answer, found, json};

    #[test]
    fn accepts_the_documented_body_and_none_where_none_is_documented() {
        assert_eq!(found("error_body", 422, &json(r#"{"errors":[]}"#)), [""; 0]);
        assert_eq!(found("error_body", 404, &answer("", "")), [""; 0]);
    }

    #[test]
    fn rejects_an_empty_body_and_one_of_another_shape() {
        assert_eq!(found("error_body", 422, &answer("", "")), ["422 empty"]);
        assert_eq!(found("error_body", 422, &json("oh no")), [""; 0], "body_well_formed");
        assert_eq!(found("error_body", 422, &json(r#"{"error":"x"}"#)), ["required errors"]);
        assert_eq!(found("error_body", 422, &answer("text/html", "<p>")), [""; 0], "content_type_documented");
    }
}
