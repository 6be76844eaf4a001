//! One file a command: its arguments, its help, and what it prints.

pub(crate) mod bundle;
#[cfg(feature = "endpoints")]
pub(crate) mod checks;
pub(crate) mod corpus;
#[cfg(feature = "endpoints")]
pub(crate) mod drift;
#[cfg(feature = "endpoints")]
mod dry_run;
#[cfg(feature = "endpoints")]
mod endpoint;
pub(crate) mod generate;
pub(crate) mod import;
pub(crate) mod lint;
#[cfg(feature = "endpoints")]
mod norms;
#[cfg(feature = "endpoints")]
mod progress;
#[cfg(feature = "endpoints")]
pub(crate) mod record;
pub(crate) mod regenerate;
#[cfg(feature = "endpoints")]
pub(crate) mod replay;
#[cfg(feature = "endpoints")]
mod resume;
#[cfg(feature = "endpoints")]
pub(crate) mod sandbox;
#[cfg(feature = "endpoints")]
pub(crate) mod scan;
#[cfg(feature = "endpoints")]
mod script;
#[cfg(feature = "endpoints")]
pub(crate) mod selftest;

/// What a command ends with: an exit status, or an error that becomes 2.
pub(crate) type Outcome = Result<std::process::ExitCode, miette::Report>;

/// Writes a file so that whoever looks, or stops the process, finds the old one or the new one.
pub(crate) fn write_whole(path: &std::path::Path, text: &str) -> std::io::Result<()> {
    let mut staged = path.as_os_str().to_owned();
    staged.push(".new");
    std::fs::write(&staged, text)?;
    std::fs::rename(&staged, path)
}
