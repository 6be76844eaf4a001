//! Generated crates go through the compiler, outside the workspace, with the runtime that they vendor.

use std::path::{Path, PathBuf};
use std::process::Command;

use driftline_generator::{Settings, generate, tree};
use driftline_specs::Contract;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Writes a crate and lets the compiler check it once for each choice of features.
fn check(folder: &Path, name: &str, text: &str, choices: &[&[&str]]) {
    let contract = Contract::from_text(&format!("{name}.yaml"), text).unwrap();
    let generated = generate(&contract, &Settings::new(name, name, format!("{name}.yaml"))).unwrap();
    let crate_folder = folder.join(name);
    tree::replace(&crate_folder, &generated.tree).unwrap();
    // The workspace's own versions, so that nothing has to be looked up.
    std::fs::copy(root().join("Cargo.lock"), crate_folder.join("Cargo.lock")).unwrap();
    for features in choices {
        let target = std::env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| root().join("target"), PathBuf::from)
            .join("specimens");
        let output = Command::new(env!("CARGO"))
            .args(["check", "--quiet", "--offline", "--manifest-path"])
            .arg(crate_folder.join("Cargo.toml"))
            .args(*features)
            .env("CARGO_TARGET_DIR", target)
            .env("RUSTFLAGS", "-D warnings")
            .output()
            .unwrap();
        assert!(output.status.success(), "{name} {features:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
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
        check(folder.path(), name, text, &[&["--no-default-features"], &[]]);
    }
}

/// A contract of many operations under three tags, of which the last has a name that Cargo has taken. `Shared` is
/// behind all of them, each tag has a model of its own, which holds another one, and `Orphan` is behind none.
fn large() -> String {
    let mut text = "openapi: 3.0.3\ninfo: {title: Large, version: '1'}\npaths:\n".to_owned();
    for number in 0..102 {
        let (tag, model) = [("Cats", "Cat"), ("Big Dogs", "Dog"), ("default", "Bird")][number % 3];
        text.push_str(&format!(
            "  /{model}/{number}/{{id}}:\n    post:\n      operationId: get{model}{number}\n      tags: [{tag}]\n      \
             parameters: [{{name: id, in: path, required: true, schema: {{type: integer}}}}]\n      \
             requestBody: {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/{model}'}}}}}}}}\n      \
             responses:\n        '200': {{description: ok, content: {{application/json: {{schema: {{$ref: \
             '#/components/schemas/Shared'}}}}}}}}\n"
        ));
    }
    text.push_str("components:\n  schemas:\n    Shared: {type: object, properties: {id: {type: integer}}}\n");
    text.push_str("    Orphan: {type: object, properties: {id: {type: integer}}}\n");
    for model in ["Cat", "Dog", "Bird"] {
        text.push_str(&format!(
            "    {model}: {{type: object, properties: {{part: {{$ref: '#/components/schemas/{model}Part'}}}}}}\n    \
             {model}Part: {{type: object, properties: {{size: {{type: string, enum: [s, m, l]}}}}}}\n"
        ));
    }
    text
}

#[test]
fn a_large_crate_is_compiled_by_the_tag() {
    let text = large();
    let contract = Contract::from_text("large.yaml", &text).unwrap();
    let generated = generate(&contract, &Settings::new("large", "large", "large.yaml")).unwrap();
    let models = generated.tree.get("src/models/mod.rs").unwrap();
    let gate = |module: &str| {
        let at = models.find(&format!("mod {module};")).unwrap();
        models[..at].lines().next_back().filter(|line| line.starts_with("#[cfg")).map(str::to_owned)
    };
    assert_eq!(gate("shared"), None);
    assert_eq!(gate("orphan").as_deref(), Some("#[cfg(feature = \"full\")]"));
    assert_eq!(gate("cat_part").as_deref(), Some("#[cfg(feature = \"cats\")]"));
    assert_eq!(gate("dog_part").as_deref(), Some("#[cfg(feature = \"big-dogs\")]"));
    assert_eq!(gate("bird").as_deref(), Some("#[cfg(feature = \"default-tag\")]"));

    let folder = tempfile::tempdir().unwrap();
    let choices: [&[&str]; 4] = [
        &["--no-default-features"],
        &["--no-default-features", "--features", "client,big-dogs"],
        &["--no-default-features", "--features", "cats"],
        &[],
    ];
    check(folder.path(), "large", &text, &choices);
}
