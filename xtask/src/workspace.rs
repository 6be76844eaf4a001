//! Where the project's folders are.

use std::path::{Path, PathBuf};

/// The project's root, found from this crate's manifest, so that commands work from any folder in it.
pub(crate) fn root() -> PathBuf {
    let manifest = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    manifest.parent().map_or_else(|| PathBuf::from("."), Path::to_owned)
}

/// The contracts.
pub(crate) fn specs() -> PathBuf {
    root().join("specs")
}

/// The generated crates.
pub(crate) fn generated() -> PathBuf {
    root().join("generated")
}

/// A path as a person in the project's root would write it.
pub(crate) fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}
