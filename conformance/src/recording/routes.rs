//! Which operation a recorded request is for.

use std::collections::{BTreeMap, BTreeSet};

use driftline_specs::{Contract, Operation, Recording};
use percent_encoding::percent_decode_str;

/// Finds operations by method and URL, below the path at which the API answered when it was recorded.
#[derive(Debug, Clone)]
pub struct Routes<'c> {
    contract: &'c Contract,
    base: String,
}

/// Values of a path's parameters by name, percent-encoding undone.
pub type PathValues = Vec<(String, String)>;

impl<'c> Routes<'c> {
    /// Returns the routes of a contract at a recorded API. Its base path is the one below which most of the recorded
    /// requests are the contract's; of several, one that the contract lists as a server's, and then the shortest.
    #[must_use]
    pub fn of(recording: &Recording, contract: &'c Contract) -> Routes<'c> {
        let mut bases: BTreeMap<String, usize> = BTreeMap::new();
        for entry in recording.entries() {
            let path: Vec<&str> = path_of(entry.url()).split('/').collect();
            let operations = contract.operations().iter().filter(|it| it.method.as_str() == entry.method());
            let fitting: BTreeSet<String> = operations
                .filter_map(|operation| {
                    // What stands before a template's first slash is the end of the base.
                    let at = path.len().checked_sub(operation.path.split('/').count())?;
                    let (base, rest) = path.split_at_checked(at + 1)?;
                    let rest: Vec<&str> = std::iter::once("").chain(rest.iter().copied()).collect();
                    values(&operation.path, &rest)?;
                    Some(base.join("/"))
                })
                .collect();
            fitting.into_iter().for_each(|base| *bases.entry(base).or_default() += 1);
        }
        let servers: BTreeSet<String> = contract
            .servers()
            .iter()
            .map(|server| path_of(&server.url).trim_end_matches('/').to_owned())
            .collect();
        let best = bases
            .into_iter()
            .max_by_key(|(base, count)| (*count, servers.contains(base), std::cmp::Reverse(base.len())));
        Routes { contract, base: best.map(|(base, _)| base).unwrap_or_default() }
    }

    /// Returns the routes of a contract below a path.
    pub(super) fn below(contract: &'c Contract, base: &str) -> Routes<'c> {
        Routes { contract, base: base.trim_end_matches('/').to_owned() }
    }

    /// The path that stands before those of the contract, without a slash at the end.
    #[must_use]
    pub fn base_path(&self) -> &str {
        &self.base
    }

    /// Finds the operation that a request is for, with the values of its path.
    #[must_use]
    pub fn find(&self, method: &str, url: &str) -> Option<(&'c Operation, PathValues)> {
        let rest = path_of(url).strip_prefix(&self.base)?;
        let path: Vec<&str> = rest.split('/').collect();
        let operations = self.contract.operations().iter().filter(|it| it.method.as_str() == method);
        let fitting = operations.filter_map(|it| Some((it, values(&it.path, &path)?)));
        // A path without parameters goes before one with them (OpenAPI 3.0.4, "Paths Object").
        fitting.min_by_key(|(it, _)| it.path.matches('{').count())
    }
}

/// The path of a URL.
pub(super) fn path_of(url: &str) -> &str {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    match url.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("", |at| &rest[at..]),
        None => url,
    }
}

/// The values of a template's parameters, if the segments of a path are those of the template.
fn values(template: &str, path: &[&str]) -> Option<PathValues> {
    let template: Vec<&str> = template.split('/').collect();
    if template.len() != path.len() {
        return None;
    }
    let mut values = Vec::new();
    for (template, segment) in template.iter().zip(path) {
        segment_values(template, segment, &mut values)?;
    }
    Some(values)
}

/// The values of one segment, in which parameters and fixed text alternate.
fn segment_values(template: &str, segment: &str, values: &mut PathValues) -> Option<()> {
    let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let Some((before, rest)) = template.split_once('{') else {
        return (decode(template) == decode(segment)).then_some(());
    };
    let (name, after) = rest.split_once('}')?;
    let behind = segment.strip_prefix(before)?;
    let fixed = after.split('{').next().unwrap_or_default();
    let end = match fixed {
        "" => behind.len(),
        // The last one is the end of the segment.
        fixed if fixed.len() == after.len() => behind.len().checked_sub(fixed.len())?,
        fixed => behind.find(fixed)?,
    };
    let (value, rest) = behind.split_at_checked(end)?;
    if value.is_empty() {
        return None;
    }
    values.push((name.to_owned(), decode(value)));
    segment_values(after, rest, values)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(template: &str, path: &str) -> Option<Vec<(String, String)>> {
        values(template, &path.split('/').collect::<Vec<_>>())
    }

    #[test]
    fn values_stand_where_the_template_has_names() {
        let pairs = |pairs: &[(&str, &str)]| {
            Some(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
        };
        assert_eq!(found("/a/{b}", "/a/c%2Fd%20e"), pairs(&[("b", "c/d e")]));
        assert_eq!(found("/{a}.json", "/x.y.json"), pairs(&[("a", "x.y")]));
        assert_eq!(found("/{a}-{b}/c", "/1-2-3/c"), pairs(&[("a", "1"), ("b", "2-3")]));
        assert_eq!(found("/a%20b", "/a b"), pairs(&[]));
        assert_eq!(found("/a/{b}", "/a/b/c"), None);
        assert_eq!(found("/a/{b}", "/a/"), None);
        assert_eq!(found("/{a}.json", "/x.xml"), None);
    }
}
