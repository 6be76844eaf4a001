//! The targets: what each does with an input, and what has to hold.

use driftline_generator::{Runtime, Settings};
use driftline_specs::{Contract, Direction, lint};

use crate::checks;

/// How many places of one contract are asked for; more of them say nothing new.
const MAX_ASKED: usize = 30;

/// Reads any text as a contract, and says where things are in it.
pub fn load(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    match Contract::from_text("contract", text) {
        Ok(contract) => positions(&contract),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// Reads any text as an overlay, and applies it to a contract.
pub fn overlay(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let contract = include_str!("../../../specs/clasp/openapi.yaml");
    if let Ok(contract) = Contract::from_text_with_overlay("contract", contract, text) {
        positions(&contract);
    }
}

fn positions(contract: &Contract) {
    for loss in contract.losses().iter().take(MAX_ASKED) {
        assert!(contract.position_of_loss(loss).is_some(), "{loss:?}");
    }
    for refusal in contract.refusals().iter().take(MAX_ASKED) {
        assert!(contract.position(&refusal.pointer).is_some(), "{refusal:?}");
    }
}

/// Brings a contract into the one form, and asks everything of it that conformance and lints do.
pub fn normalise(data: &[u8]) {
    let Some(contract) = contract(data) else { return };
    positions(&contract);
    let mut schemas = Vec::new();
    for operation in contract.operations() {
        assert!(contract.at(&operation.pointer).is_some(), "{}", operation.pointer);
        assert_eq!(contract.operation(&operation.id).map(|it| &it.pointer), Some(&operation.pointer));
        let bodies = operation.request_body.iter().flat_map(|body| &body.content);
        let answers = operation.responses.iter().flat_map(|response| &response.content);
        let media_types = bodies.chain(answers).filter_map(|media_type| media_type.schema.as_ref());
        schemas.extend(media_types.chain(operation.parameters.iter().filter_map(|it| it.schema.as_ref())));
    }
    for schema in schemas.into_iter().take(MAX_ASKED) {
        assert!(contract.at(&schema.pointer).is_some(), "{}", schema.pointer);
        if let Ok(validator) = contract.validator(&schema.pointer, Direction::Response) {
            validator.violations(&serde_json::json!({"a": [1, null, "b"]}));
        }
    }
    for lint in lint::check(&contract) {
        assert!(!lint.message.is_empty());
    }
    // What is in the one form stays in it.
    let again = Contract::from_text("again.json", &contract.document().to_string());
    let again = again.unwrap_or_else(|error| panic!("the one form is not read again: {error}"));
    assert_eq!(again.operations().len(), contract.operations().len());
}

/// Decides on a crate.
pub fn lower(data: &[u8]) {
    let Some(contract) = contract(data) else { return };
    if let Ok(krate) = driftline_generator::lower(&contract, &settings()) {
        assert_eq!(
            krate.operations.len() + krate.left_out.len(),
            contract.operations().len() + contract.refusals().len()
        );
    }
}

/// Writes a crate, and reads its files again.
pub fn emit(data: &[u8]) {
    let Some(contract) = contract(data) else { return };
    if let Ok(generated) = driftline_generator::generate(&contract, &settings()) {
        checks::sound(&generated).unwrap_or_else(|problem| panic!("{problem}"));
    }
}

fn contract(data: &[u8]) -> Option<Contract> {
    Contract::from_text("contract", std::str::from_utf8(data).ok()?).ok()
}

/// The runtime says nothing of a contract, so it is not written.
fn settings() -> Settings {
    Settings::new("it", "it", "contract.yaml").runtime(Runtime::Path("../runtime".to_owned()))
}
