//! What a mock cannot do as the contract has it, said before anybody asks.

use driftline_specs::Contract;

use super::layout::{example, success};
use super::reply;
use super::values::{Reader, Wish, make};

/// One thing that a mock does otherwise than its contract says, or not at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// The operation, as the contract calls it.
    pub operation: String,
    /// What about it.
    pub message: String,
    /// Where the contract speaks of it.
    pub pointer: String,
}

/// Everything to be said of a contract, in the order of its operations.
pub fn remarks(contract: &Contract) -> Vec<Remark> {
    let contract = &Reader::new(contract.clone());
    let mut remarks: Vec<Remark> = Vec::new();
    for refusal in contract.refusals() {
        remarks.push(Remark {
            operation: refusal.operation.clone(),
            message: format!("is not served: {}", refusal.reason),
            pointer: refusal.pointer.clone(),
        });
    }
    for operation in contract.operations() {
        let mut say = |message: String, pointer: &str| {
            remarks.push(Remark { operation: operation.id.clone(), message, pointer: pointer.to_owned() });
        };
        if operation.path.contains(['?', '#']) {
            say(
                "has a path with a query or a fragment, by which requests are not told apart".to_owned(),
                &operation.pointer,
            );
        }
        let Some((status, response)) = success(operation) else {
            say("documents no success".to_owned(), &operation.pointer);
            continue;
        };
        let Some(schema) = reply::media(response).and_then(|media| media.schema.as_ref()) else { continue };
        let validator = match contract.validator(&schema.pointer, driftline_specs::Direction::Response) {
            Ok(validator) => validator,
            Err(error) => {
                say(format!("has a {status} that nothing can be checked against: {error}"), &schema.pointer);
                continue;
            }
        };
        let media = reply::media(response).map(|media| media.pointer.as_str()).unwrap_or_default();
        let stated = example(contract, media, |value| validator.is_valid(value));
        let made = make(contract, &schema.pointer, Wish { preferred: stated.as_ref(), ..Wish::default() });
        if let Some(violation) = made.violations.first() {
            say(
                format!(
                    "answers {status} with a body that its schema does not allow: none could be made ({} is expected at \
                     {:?})",
                    violation.expected, violation.instance
                ),
                &violation.schema,
            );
        }
    }
    remarks
}
