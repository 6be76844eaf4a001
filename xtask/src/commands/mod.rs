//! One file a command: its arguments, its help, and what it prints.

pub(crate) mod generate;
pub(crate) mod import;
pub(crate) mod regenerate;

/// What a command ends with: an exit status, or an error that becomes 2.
pub(crate) type Outcome = Result<std::process::ExitCode, miette::Report>;
