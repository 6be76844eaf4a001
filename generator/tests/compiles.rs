//! Generated crates go through the compiler, outside the workspace, with the runtime that they vendor.

use std::path::{Path, PathBuf};
use std::process::Command;

use driftline_generator::{Settings, generate, tree};
use driftline_specs::Contract;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

#[test]
fn specimens_compile_outside_the_workspace_without_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    let specimens = [
        ("petstore", include_str!("specimens/petstore.yaml")),
        ("names", include_str!("specimens/names.yaml")),
        ("unions", include_str!("specimens/unions.yaml")),
    ];
    for (name, text) in specimens {
        let contract = Contract::from_text(&format!("{name}.yaml"), text).unwrap();
        let generated = generate(&contract, &Settings::new(name, name, format!("{name}.yaml"))).unwrap();
        let crate_folder = folder.path().join(name);
        tree::replace(&crate_folder, &generated.tree).unwrap();
        // The workspace's own versions, so that nothing has to be looked up.
        std::fs::copy(root().join("Cargo.lock"), crate_folder.join("Cargo.lock")).unwrap();
        for features in [&["--no-default-features"][..], &[]] {
            let target = std::env::var_os("CARGO_TARGET_DIR")
                .map_or_else(|| root().join("target"), PathBuf::from)
                .join("specimens");
            let output = Command::new(env!("CARGO"))
                .args(["check", "--quiet", "--offline", "--manifest-path"])
                .arg(crate_folder.join("Cargo.toml"))
                .args(features)
                .env("CARGO_TARGET_DIR", target)
                .env("RUSTFLAGS", "-D warnings")
                .output()
                .unwrap();
            assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        }
    }
}
