//! A crate of somebody else, outside the workspace, that depends on a generated crate by its path.
#![expect(clippy::unwrap_used, reason = "a helper of tests fails the test")]

use std::path::{Path, PathBuf};
use std::process::Command;

/// What only a client needs.
const HTTP_STACK: [&str; 5] = ["reqwest", "hyper", "tokio", "rustls", "tower"];

const MODELS: &str = r#"
    use enrollconnect::models::{PolicyStatus, SimpleAddress};
    use enrollconnect::serde_json;

    pub fn status(text: &str) -> Result<PolicyStatus, serde_json::Error> {
        serde_json::from_str(text)
    }

    pub fn written(address: &SimpleAddress) -> Result<String, serde_json::Error> {
        serde_json::to_string(address)
    }
"#;

const CLIENT: &str = r#"
    use enrollconnect::operations::GetApplicationError;
    use enrollconnect::{Client, Error, models::PolicyStatus, servers};

    pub async fn status(key: String, id: &str) -> Result<Option<PolicyStatus>, Box<dyn std::error::Error>> {
        let client = Client::builder(servers::STAGING).api_key(key).build()?;
        match client.get_application(id).send().await {
            Ok(answer) => Ok(answer.body.policy_status),
            Err(Error::Status { error: GetApplicationError::NotFound(_), .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
"#;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

/// Writes the crate, with the workspace's own versions, so that nothing has to be looked up.
fn write(folder: &Path, features: &str, source: &str) {
    let path = root().join("generated/enrollconnect");
    let manifest = format!(
        "[package]\nname = \"downstream\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n\
         enrollconnect = {{ path = {:?}{features} }}\n\n[workspace]\n",
        path.to_str().unwrap()
    );
    std::fs::create_dir_all(folder.join("src")).unwrap();
    std::fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    std::fs::write(folder.join("src/lib.rs"), source).unwrap();
    std::fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
}

fn cargo(folder: &Path, arguments: &[&str]) -> String {
    // The crates of the generator's specimens have the same dependencies, so what is compiled is shared.
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| root().join("target"), PathBuf::from)
        .join("specimens");
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .args(["--quiet", "--offline", "--manifest-path"])
        .arg(folder.join("Cargo.toml"))
        .env("CARGO_TARGET_DIR", target)
        .env("RUSTFLAGS", "-D warnings")
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The names of everything that the crate is compiled with.
fn dependencies(folder: &Path) -> Vec<String> {
    let tree = cargo(folder, &["tree", "--edges", "normal,build", "--prefix", "none", "--format", "{lib}"]);
    tree.lines().map(|line| line.trim_end_matches(" (*)").to_owned()).collect()
}

#[test]
fn models_come_without_an_http_stack() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), ", default-features = false", MODELS);
    let dependencies = dependencies(folder.path());
    assert!(dependencies.iter().any(|name| name == "serde_json"), "{dependencies:?}");
    for absent in HTTP_STACK {
        assert!(!dependencies.iter().any(|name| name == absent), "{absent} in {dependencies:?}");
    }
    cargo(folder.path(), &["check"]);
}

#[test]
fn a_client_comes_by_default() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "", CLIENT);
    let dependencies = dependencies(folder.path());
    for present in HTTP_STACK {
        assert!(dependencies.iter().any(|name| name == present), "{present} not in {dependencies:?}");
    }
    cargo(folder.path(), &["check"]);
}
