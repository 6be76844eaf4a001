//! What a contract says beside its operations' requests and answers, and nothing is made of: it is named, so that
//! nobody looks for it in vain.

use driftline_specs::Contract;
use serde_json::Value;

use crate::ir::Notice;

/// The notices for the whole contract.
pub(super) fn notices(contract: &Contract) -> Vec<Notice> {
    let mut notices = Vec::new();
    for (index, server) in contract.servers().iter().enumerate() {
        let message = if server.url.contains('{') {
            "has a variable without a default, and no constant is made of it"
        } else if !server.url.contains("://") {
            "is relative to where the document was found, and no constant is made of it"
        } else {
            continue;
        };
        notices.push(Notice { pointer: format!("#/servers/{index}"), message: message.to_owned() });
    }
    let mut last_path = None;
    for operation in contract.operations() {
        let path = operation.pointer.rsplit_once('/').map(|(path, _)| path);
        if path != last_path {
            notices.extend(path.and_then(|path| servers(contract, path)));
            last_path = path;
        }
        notices.extend(servers(contract, &operation.pointer));
    }
    notices
}

/// Servers of a path or an operation of its own.
fn servers(contract: &Contract, owner: &str) -> Option<Notice> {
    let pointer = format!("{owner}/servers");
    let list = contract.at(&pointer).and_then(Value::as_array)?;
    let message = "names servers of its own; the client sends to the base URL that it was built with";
    (!list.is_empty()).then(|| Notice { pointer, message: message.to_owned() })
}
