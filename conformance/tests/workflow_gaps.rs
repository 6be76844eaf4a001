//! What a run of workflows leaves unproved: not what a workflow wants to be refused, but what none came to.
#![expect(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod support;

use std::sync::Arc;

use driftline_conformance::report::{Report, terminal};
use driftline_conformance::{Script, Suite};
use driftline_specs::Scenarios;
use support::{contract, notes, options};

/// Plays the workflow of these steps, and nothing else.
async fn played(steps: &str) -> Report {
    let server = notes(|_, reply| reply).await;
    let text = format!(
        "arazzo: 1.0.1\ninfo: {{title: Notes, version: '1'}}\n\
         sourceDescriptions: [{{name: notes, url: notes.json, type: openapi}}]\n\
         workflows:\n- workflowId: only\n  steps:\n{steps}"
    );
    let scenarios = Scenarios::from_texts(&[("notes.arazzo.yaml", &text)], &contract()).unwrap();
    let mut options = options(server.target());
    options.suites = vec![Suite::Scenario];
    options.script = Arc::new(Script { scenarios: Arc::new(scenarios), ..Script::default() });
    support::report(options).await
}

#[tokio::test]
async fn an_operation_that_a_workflow_wants_refused_need_not_succeed() {
    let report = played(
        "  - stepId: unknown\n    operationId: getNote\n    \
         parameters: [{name: note_id, in: path, value: 11111111-0000-4000-8000-000000000000}]\n    \
         successCriteria: [{condition: $statusCode == 404}]\n",
    )
    .await;
    assert_eq!(report.exit_status(), 0, "{}", terminal(&report, false));
}

#[tokio::test]
async fn an_operation_that_no_workflow_came_to_is_named() {
    let report = played(
        "  - stepId: list\n    operationId: listNotes\n    onSuccess: [{name: enough, type: end}]\n  \
         - stepId: create\n    operationId: createNote\n    requestBody: {payload: {text: a}}\n",
    )
    .await;
    assert_eq!(report.exit_status(), 3, "{}", terminal(&report, false));
    let [gap] = report.apis[0].inconclusive.as_slice() else { panic!("{}", terminal(&report, false)) };
    assert_eq!(gap.operation_id.as_deref(), Some("createNote"));
    assert_eq!(gap.reason, "was never reached: no workflow came to it");
}
