//! `step_succeeds`: each step of a workflow does what its success criteria say.
//!
//! What is written down in `scenarios/` is what somebody relies on from one end to the other. A step whose criteria do not
//! hold is told, unless the workflow says what to do then: try again, or go on elsewhere. A workflow that ends with the
//! step, though in order, has not succeeded.

use driftline_specs::scenario::{Expression, Part, Root, Test};

use super::{Check, Observation, Severity, StepEvidence};

/// See the module.
pub(super) struct StepSucceeds;

impl Check for StepSucceeds {
    fn id(&self) -> &'static str {
        "step_succeeds"
    }

    fn summary(&self) -> &'static str {
        "each step of a workflow does what its success criteria say"
    }

    fn reason(&self) -> &'static str {
        "a workflow is what a caller relies on from one end to the other; where a step fails, what follows it does not take \
         place"
    }

    fn severity(&self) -> Severity {
        Severity::Behavioural
    }

    fn judge_step(&self, evidence: &StepEvidence<'_>, found: &mut Vec<Observation>) {
        // Criteria of one step mostly fail together, and the first says why.
        let Some(criterion) = evidence.unmet.first() else { return };
        let body = criterion.expressions().into_iter().find(|it| is_body(it));
        let location = match (&criterion.test, body) {
            (Test::Simple(_) | Test::Regex(..) | Test::Comparison(..), Some(expression)) => {
                expression.below_pointer()
            }
            _ => String::new(),
        };
        let status = evidence.evidence.status();
        let told = criterion.expressions().iter().any(|it| matches!(it.root(), Root::StatusCode));
        let observed = match location.as_str() {
            _ if told => format!("status {status}"),
            "" => "it does not hold".to_owned(),
            location => described(evidence, location),
        };
        let file = evidence.workflow.file.file_name().unwrap_or_default().to_string_lossy();
        let contract = match location.as_str() {
            "" => evidence.evidence.operation.pointer.clone(),
            location => evidence.evidence.place(location),
        };
        // Whatever is asked of one place, there is one reason why it does not hold there.
        let rule = match location.as_str() {
            "" => format!("{} {} {}", evidence.workflow.id, evidence.place, criterion.text),
            _ => "criterion".to_owned(),
        };
        found.push(Observation {
            check: self.id(),
            severity: self.severity(),
            location,
            contract,
            rule,
            expected: format!("`{}` ({file}:{})", criterion.text, criterion.line),
            observed,
            note: None,
        });
    }
}

fn is_body(expression: &Expression) -> bool {
    matches!(expression.root(), Root::Response(Part::Body))
}

/// Says what stands at a place of the answer; only a value that the contract lists is shown, since any other may be a
/// person's data.
fn described(evidence: &StepEvidence<'_>, location: &str) -> String {
    let Some(value) = evidence.evidence.at(location) else { return "absent".to_owned() };
    let place = evidence.evidence.place(location);
    let listed = evidence.evidence.contract.resolve(&place).and_then(|(_, schema)| schema.get("enum"));
    if let Some(text) = value.as_str()
        && listed.and_then(|it| it.as_array()).is_some_and(|it| it.contains(value))
    {
        return format!("`{text}`");
    }
    match value {
        serde_json::Value::Null => "null",
        serde_json::Value::Bool(true) => "true",
        serde_json::Value::Bool(false) => "false",
        serde_json::Value::Number(_) => "another number",
        serde_json::Value::String(_) => "another text",
        serde_json::Value::Array(_) => "an array for which it does not hold",
        serde_json::Value::Object(_) => "an object for which it does not hold",
    }
    .to_owned()
}
