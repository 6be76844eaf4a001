//! Known-good bodies, each with what it is changed to in one property: the same changes in every run, so that runs can be
//! compared, and a name for each that tells no value.

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::strategy::{Change, Generator, Node, Stream, changes};

/// How many bytes of a digest tell values apart.
const DIGEST: usize = 4;

/// A known-good body, with what can be changed in it.
pub(super) struct Fixture {
    /// The body.
    pub(super) body: Value,
    /// What it is known by from run to run.
    pub(super) label: String,
    /// Its changes, each with what it is known by.
    pub(super) changes: Vec<(String, Change)>,
}

impl Fixture {
    /// Finds the changes of a body of this schema, where there is one.
    pub(super) fn new(
        generator: &mut Generator,
        schema: Option<&Node>,
        body: Value,
        stream: &Stream,
    ) -> Fixture {
        let mut runner = stream.runner();
        let tag = generator.run_tag().map(ToString::to_string);
        let label = digest(&body, tag.as_deref());
        let changes = schema.map(|node| changes(generator, node, &body, &mut runner)).unwrap_or_default();
        let labelled = |change: Change| (labelled(&label, &change), change);
        let changes = changes.into_iter().map(labelled).collect();
        Fixture { body, label, changes }
    }
}

/// What a change is known by: the body, the place, and whether something is left out there. What is put there is the same
/// in every run, and is counted together.
fn labelled(body: &str, change: &Change) -> String {
    let absent = if change.is_absent() { " is absent" } else { "" };
    format!("{body} {}{absent}", change.location)
}

/// What a value is known by, whatever the word that marks a run is.
fn digest(value: &Value, tag: Option<&str>) -> String {
    let text = value.to_string();
    let text = tag.map_or(text.clone(), |tag| text.replace(tag, ""));
    let hash: [u8; 32] = Sha256::digest(text.as_bytes()).into();
    hash.iter().take(DIGEST).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::digest;

    #[test]
    fn the_word_that_marks_a_run_makes_no_difference() {
        let of = |tag: &str| digest(&json!({ "id": format!("{tag}-7"), "size": 1 }), Some(tag));
        assert_eq!(of("driftline-00000001"), of("driftline-87654321"));
        assert_ne!(digest(&json!(1), None), digest(&json!(2), None));
        assert_eq!(digest(&json!(null), None).len(), 8);
    }
}
