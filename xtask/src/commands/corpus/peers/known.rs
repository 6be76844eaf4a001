//! Which generators there are, and how a user runs each.

use std::ffi::OsString;
use std::path::Path;

/// A generator.
#[derive(Debug)]
pub(in super::super) struct Peer {
    /// What it is called.
    pub(in super::super) name: &'static str,
    /// The crate that has its program.
    pub(in super::super) package: &'static str,
    /// The program.
    pub(in super::super) program: &'static str,
    /// The version that is measured.
    pub(in super::super) version: &'static str,
    /// How it is run, in words.
    pub(in super::super) how: &'static str,
    /// The arguments for a contract, a folder and a crate's name.
    pub(super) arguments: fn(&Path, &Path, &str) -> Vec<OsString>,
    /// Makes what was generated a crate of this name.
    pub(super) complete: fn(&Path, &str) -> std::io::Result<()>,
    /// The ends of names of methods that are a second way to call the operation of the name before it.
    pub(super) doubles: &'static [&'static str],
}

/// All of them.
pub(in super::super) const PEERS: &[Peer] = &[
    Peer {
        name: "openapi-to-rust",
        package: "openapi-to-rust",
        program: "openapi-to-rust",
        version: "0.23.0",
        how: "`openapi-to-rust generate FILE --output-dir DIR --module-name api`, in a crate with the dependencies of \
              its `REQUIRED_DEPS.toml`",
        arguments: |contract, folder, _| {
            let api = folder.join("src/api");
            vec![
                "generate".into(),
                contract.into(),
                "--output-dir".into(),
                api.into(),
                "--module-name".into(),
                "api".into(),
            ]
        },
        complete: |folder, name| {
            let dependencies = std::fs::read_to_string(folder.join("src/api/REQUIRED_DEPS.toml"))?;
            let manifest = format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n");
            std::fs::write(folder.join("Cargo.toml"), format!("{manifest}\n{dependencies}"))?;
            std::fs::write(folder.join("src/lib.rs"), "pub mod api;\n")
        },
        doubles: &["_binary_stream", "_stream"],
    },
    Peer {
        name: "ploidy",
        package: "ploidy",
        program: "ploidy",
        version: "0.15.0",
        how: "`ploidy generate rust FILE -o DIR --name NAME`",
        arguments: |contract, folder, name| {
            let mut arguments: Vec<OsString> = vec!["generate".into(), "rust".into(), contract.into()];
            arguments.extend(["-o".into(), folder.into(), "--name".into(), name.into()]);
            arguments
        },
        complete: |_, _| Ok(()),
        doubles: &[],
    },
    Peer {
        name: "oas3-gen",
        package: "oas3-gen",
        program: "oas3-gen",
        version: "0.29.0",
        how: "`oas3-gen generate client-mod -i FILE -o DIR --workspace`",
        arguments: |contract, folder, _| {
            let mut arguments: Vec<OsString> = vec!["generate".into(), "client-mod".into()];
            arguments.extend([
                "-i".into(),
                contract.into(),
                "-o".into(),
                folder.into(),
                "--workspace".into(),
            ]);
            arguments
        },
        complete: |_, _| Ok(()),
        doubles: &[],
    },
    Peer {
        name: "progenitor",
        package: "cargo-progenitor",
        program: "cargo-progenitor",
        version: "0.15.1",
        how: "`cargo progenitor -i FILE -o DIR -n NAME -v 0.1.0`",
        arguments: |contract, folder, name| {
            let mut arguments: Vec<OsString> = vec!["progenitor".into(), "-i".into(), contract.into()];
            arguments.extend([
                "-o".into(),
                folder.into(),
                "-n".into(),
                name.into(),
                "-v".into(),
                "0.1.0".into(),
            ]);
            arguments
        },
        complete: |_, _| Ok(()),
        doubles: &[],
    },
];
