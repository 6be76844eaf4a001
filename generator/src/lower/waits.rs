//! What is worth waiting for: the lifecycle's waits become methods of the client, beside the operation that looks.

use std::collections::{BTreeSet, HashMap};

use driftline_specs::Lifecycle;

use super::name;
use super::pages::way;
use crate::ir::{AnswerBody, Operation, TypeDef, Wait};

/// Gives the operations that look at a resource what is waited for; the lifecycle has been held against the contract.
pub(super) fn fill_in(lifecycle: Option<&Lifecycle>, types: &[TypeDef], operations: &mut [Operation]) {
    let types: HashMap<&str, &TypeDef> = types.iter().map(|it| (it.name.as_str(), it)).collect();
    let mut methods: BTreeSet<String> = operations.iter().map(|operation| operation.method.clone()).collect();
    for resource in lifecycle.into_iter().flat_map(|lifecycle| &lifecycle.resources) {
        let Some(operation) = operations.iter_mut().find(|operation| operation.id == resource.read) else {
            continue;
        };
        // What else has to be given could not be asked for.
        let simple = operation.parameters.iter().filter(|parameter| parameter.required).count() == 1
            && operation.body.as_ref().is_none_or(|body| !body.required);
        let [success] = operation.successes.as_slice() else { continue };
        let AnswerBody::Json(body) = &success.body else { continue };
        let Some((state, _)) = way(&types, body, &resource.state).filter(|_| simple) else { continue };
        for wait in &resource.waits {
            let mut method = name::value_name(&format!("wait until {}", wait.name));
            if methods.contains(&method) {
                method = name::value_name(&format!("wait until {} {}", resource.name, wait.name));
            }
            if !methods.insert(method.clone()) {
                continue;
            }
            operation.waits.push(Wait {
                method,
                resource: resource.name.clone(),
                state: state.clone(),
                until: wait.until.clone(),
                fails: wait.fails.clone(),
                times: [wait.every, wait.at_most, wait.within],
            });
        }
    }
}
