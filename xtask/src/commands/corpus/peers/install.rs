//! Finds the programs of other generators in their pinned versions, or installs them.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::Peer;

/// Returns the program of a peer: one on the search path that Cargo installed in the version that is measured, else
/// one in `root`, where it is installed if need be.
pub(super) fn program(peer: &Peer, root: &Path) -> std::io::Result<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    folders.insert(0, root.join("bin"));
    let own = folders.iter().find(|bin| has(bin, peer));
    if let Some(bin) = own {
        return Ok(bin.join(peer.program));
    }
    anstream::println!("installing {} {}", peer.package, peer.version);
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["install", "--locked", "--version", peer.version, peer.package, "--root"])
        .arg(root)
        .status()?;
    if status.success() {
        Ok(root.join("bin").join(peer.program))
    } else {
        let problem = format!("cannot install {} {}; see what Cargo says", peer.package, peer.version);
        Err(std::io::Error::other(problem))
    }
}

/// Whether Cargo installed the peer's version into a folder: it keeps a list beside it.
fn has(bin: &Path, peer: &Peer) -> bool {
    let list = bin.parent().map(|root| root.join(".crates.toml"));
    let list = list.and_then(|list| std::fs::read_to_string(list).ok()).unwrap_or_default();
    list.contains(&format!("\"{} {} (", peer.package, peer.version)) && bin.join(peer.program).is_file()
}
