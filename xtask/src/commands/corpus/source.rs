//! What can be counted in generated source without knowing the generator: lines, and methods of clients.

use std::collections::BTreeSet;
use std::path::Path;

/// Returns how many lines the Rust files of a folder have.
pub(super) fn lines(folder: &Path) -> usize {
    let mut lines = 0;
    each(folder, &mut |text| lines += text.lines().count());
    lines
}

/// Returns how many operations the clients of a folder have: public asynchronous methods of different names, without
/// those that are called like another one with one of the `doubles` at the end.
///
/// In every one of these generators an operation is one such method, and little else is.
pub(super) fn operations(folder: &Path, doubles: &[&str]) -> usize {
    let mut names = BTreeSet::new();
    each(folder, &mut |text| {
        let methods =
            text.lines().filter_map(|line| line.strip_prefix("    ")?.strip_prefix("pub async fn "));
        names.extend(methods.filter_map(|rest| rest.split(['(', '<']).next()).map(str::to_owned));
    });
    let double = |name: &&String| {
        doubles.iter().any(|end| name.strip_suffix(end).is_some_and(|name| names.contains(name)))
    };
    names.len() - names.iter().filter(double).count()
}

fn each(folder: &Path, with: &mut dyn FnMut(&str)) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            each(&path, with);
        } else if path.extension().is_some_and(|extension| extension == "rs")
            && let Ok(text) = std::fs::read_to_string(&path)
        {
            with(&text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_counts_once_and_its_double_does_not() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("client")).unwrap();
        let text = "impl Client {\n    pub async fn get_pet(&self) {}\n    pub async fn get_pet_stream<T>(&self) {}\n    \
                    pub async fn up_stream(&self) {}\n    pub fn new() {}\n}\npub async fn alone() {}\n";
        std::fs::write(folder.path().join("client/mod.rs"), text).unwrap();
        std::fs::write(folder.path().join("notes.md"), text).unwrap();
        assert_eq!(operations(folder.path(), &["_stream"]), 2);
        assert_eq!(lines(folder.path()), 7);
    }
}
