//! Which methods the contract documents at a path, and which ones an answer says there are.

use std::collections::BTreeSet;

use driftline_specs::{Contract, Operation};

use super::Evidence;
use super::header_value::parts;

/// Returns the methods of an operation's own path.
pub(super) fn documented(contract: &Contract, operation: &Operation) -> BTreeSet<&'static str> {
    let operations = contract.operations().iter().filter(|it| it.path == operation.path);
    operations.map(|it| it.method.as_str()).collect()
}

/// Returns the methods of every path that a request may have gone to: `/groups/search` is at `/groups/{id}` as well.
pub(super) fn possible(contract: &Contract, path: &str) -> BTreeSet<&'static str> {
    let operations = contract.operations().iter().filter(|it| is_at(&it.path, path));
    operations.map(|it| it.method.as_str()).collect()
}

/// Whether a path may be that of a template; a segment with a parameter in it may be anything.
pub(crate) fn is_at(template: &str, path: &str) -> bool {
    let (template, path): (Vec<&str>, Vec<&str>) = (template.split('/').collect(), path.split('/').collect());
    let fits = |(wanted, given): (&&str, &&str)| wanted.contains('{') || wanted == given;
    template.len() == path.len() && template.iter().zip(&path).all(fits)
}

/// Returns the place of an operation's path in the contract.
pub(super) fn path_item(operation: &Operation) -> String {
    operation.pointer.rsplit_once('/').map_or(operation.pointer.as_str(), |(path, _)| path).to_owned()
}

/// Returns the methods in the `Allow` field of an answer, in upper case.
pub(super) fn allowed(evidence: &Evidence<'_>) -> Option<BTreeSet<String>> {
    let text = evidence.exchange.answer.combined("allow")?;
    Some(parts(&text).map(str::to_ascii_uppercase).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_may_be_that_of_several_templates() {
        assert!(is_at("/groups/{id}", "/groups/search"));
        assert!(is_at("/groups/{id}.json", "/groups/7.json"));
        assert!(is_at("/groups/search", "/groups/search"));
        assert!(!is_at("/groups/search", "/groups/7"));
        assert!(!is_at("/groups/{id}", "/groups/7/members"));
    }
}
