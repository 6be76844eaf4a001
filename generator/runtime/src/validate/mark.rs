//! What types say of themselves while they are written for validation, and only then.

use std::cell::Cell;

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

/// How the only property of a marked value begins. No text that people write does.
const UNRECOGNIZED: &str = "\u{0}driftline unrecognized";
const VARIANT: &str = "\u{0}driftline variant ";

thread_local! {
    static MARKING: Cell<bool> = const { Cell::new(false) };
}

/// Writes something with marks.
pub(crate) fn marked<T>(write: impl FnOnce() -> T) -> T {
    struct Before(bool);

    impl Drop for Before {
        fn drop(&mut self) {
            MARKING.set(self.0);
        }
    }

    let _before = Before(MARKING.replace(true));
    write()
}

/// Writes a variant's value.
pub fn variant<T: Serialize, S: Serializer>(
    name: &'static str,
    value: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    if !MARKING.get() {
        return value.serialize(serializer);
    }
    let mut map = serializer.serialize_map(Some(1))?;
    map.serialize_entry(&format!("{VARIANT}{name}"), value)?;
    map.end()
}

/// Writes what belongs to nothing that the contract lists.
pub(crate) fn unrecognized<T: Serialize + ?Sized, S: Serializer>(
    value: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    if !MARKING.get() {
        return value.serialize(serializer);
    }
    let mut map = serializer.serialize_map(Some(1))?;
    map.serialize_entry(UNRECOGNIZED, value)?;
    map.end()
}

/// What a value turns out to be.
pub(super) enum Marked<'v> {
    Plain(&'v Value),
    Variant(&'v str, &'v Value),
    Unrecognized,
}

/// Reads the mark of a value.
pub(super) fn read(value: &Value) -> Marked<'_> {
    let only = value.as_object().filter(|object| object.len() == 1).and_then(|object| object.iter().next());
    match only {
        Some((name, _)) if name == UNRECOGNIZED => Marked::Unrecognized,
        Some((name, inner)) => match name.strip_prefix(VARIANT) {
            Some(name) => Marked::Variant(name, inner),
            None => Marked::Plain(value),
        },
        None => Marked::Plain(value),
    }
}
