//! Generated crates go through the compiler, outside the workspace, with the runtime that they vendor.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails the test")]

use std::path::{Path, PathBuf};
use std::process::Command;

use driftline_generator::{Runtime, Settings, generate, generate_apis, tree};
use driftline_specs::Contract;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Writes the crate of a specimen, with the workspace's own versions, so that nothing has to be looked up.
fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
    let contract = Contract::from_text(&format!("{name}.yaml"), text).unwrap();
    let generated = generate(&contract, &Settings::new(name, name, format!("{name}.yaml"))).unwrap();
    let crate_folder = folder.join(name);
    tree::replace(&crate_folder, &generated.tree).unwrap();
    std::fs::copy(root().join("Cargo.lock"), crate_folder.join("Cargo.lock")).unwrap();
    crate_folder
}

fn cargo(crate_folder: &Path, command: &str, arguments: &[&str]) {
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| root().join("target"), PathBuf::from)
        .join("specimens");
    let output = Command::new(env!("CARGO"))
        .args([command, "--quiet", "--offline", "--manifest-path"])
        .arg(crate_folder.join("Cargo.toml"))
        .args(arguments)
        .env("CARGO_TARGET_DIR", target)
        .env("RUSTFLAGS", "-D warnings")
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{} {arguments:?}: {}",
        crate_folder.display(),
        String::from_utf8_lossy(&output.stderr)
    );
}

/// Writes a crate and lets the compiler check it once for each choice of features.
fn check(folder: &Path, name: &str, text: &str, choices: &[&[&str]]) {
    let crate_folder = write(folder, name, text);
    choices.iter().for_each(|features| cargo(&crate_folder, "check", features));
}

#[test]
fn specimens_compile_outside_the_workspace_without_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    let specimens = [
        ("petstore", include_str!("specimens/petstore.yaml")),
        ("names", include_str!("specimens/names.yaml")),
        ("unions", include_str!("specimens/unions.yaml")),
        ("schemas", include_str!("specimens/schemas.yaml")),
        ("constraints", include_str!("specimens/constraints.yaml")),
        ("lists", include_str!("specimens/lists.yaml")),
        ("parameters", include_str!("specimens/parameters.yaml")),
    ];
    for (name, text) in specimens {
        check(folder.path(), name, text, &[&["--no-default-features"], &[]]);
    }
    let receiver: &[&str] = &["--no-default-features", "--features", "webhooks"];
    for (name, text) in [
        ("webhooks", include_str!("specimens/webhooks.yaml")),
        ("unsigned", include_str!("specimens/unsigned.yaml")),
    ] {
        check(folder.path(), name, text, &[&["--no-default-features"], receiver, &[]]);
    }
}

#[test]
fn calls_by_parts_compile_without_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = root().join("generator/runtime").canonicalize().unwrap().display().to_string();
    let specimens = [
        ("petstore", include_str!("specimens/petstore.yaml")),
        ("names", include_str!("specimens/names.yaml")),
        ("unions", include_str!("specimens/unions.yaml")),
        ("lists", include_str!("specimens/lists.yaml")),
        ("parameters", include_str!("specimens/parameters.yaml")),
        ("bodies", include_str!("specimens/bodies.yaml")),
    ];
    let crates = specimens.map(|(name, text)| {
        let contract = Contract::from_text(&format!("{name}.yaml"), text).unwrap();
        let settings = Settings::new(name, name, format!("{name}.yaml"));
        let settings = settings.runtime(Runtime::Path(runtime.clone()));
        let generated = generate(&contract, &settings).unwrap();
        tree::replace(&folder.path().join(name), &generated.tree).unwrap();
        generated.krate
    });
    let given: Vec<_> = crates.iter().map(|krate| (krate, format!("../{}", krate.name))).collect();
    let apis = folder.path().join("apis");
    let tree = generate_apis(&given, &runtime);
    // What cannot be called is named, with the reason; everything else can.
    let bodies = tree.get("src/calls/bodies.rs").unwrap();
    assert!(bodies.contains(
        "(\"two_objects\", \"the members of two parameters stand side by side, of which `there` is one\")"
    ));
    assert!(!tree.get("src/calls/parameters.rs").unwrap().contains("const LEFT_OUT: &[(&str, &str)] = &[\n"));
    tree::replace(&apis, &tree).unwrap();
    std::fs::copy(root().join("Cargo.lock"), apis.join("Cargo.lock")).unwrap();
    cargo(&apis, "check", &["--features", "calls"]);
}

#[test]
fn values_of_every_form_of_schema_come_back_as_they_were() {
    let folder = tempfile::tempdir().unwrap();
    let crate_folder = write(folder.path(), "schemas", include_str!("specimens/schemas.yaml"));
    std::fs::create_dir_all(crate_folder.join("src/bin")).unwrap();
    std::fs::write(crate_folder.join("src/bin/values.rs"), include_str!("specimens/schemas_values.rs"))
        .unwrap();
    cargo(&crate_folder, "run", &["--no-default-features", "--bin", "values"]);
}

/// A contract of many operations under three tags and a webhook, of which the last has a name that Cargo has taken. `Shared` is
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
    text.push_str(
        "x-webhooks:\n  fed:\n    post:\n      requestBody: {content: {application/json: {schema: {$ref: \
         '#/components/schemas/Feeding'}}}}\n      responses: {}\n",
    );
    text.push_str("components:\n  schemas:\n    Shared: {type: object, properties: {id: {type: integer}}}\n");
    text.push_str("    Orphan: {type: object, properties: {id: {type: integer}}}\n");
    text.push_str("    Feeding: {type: object, properties: {cat: {$ref: '#/components/schemas/Cat'}}}\n");
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
    assert_eq!(gate("cat_part").as_deref(), Some("#[cfg(any(feature = \"cats\", feature = \"webhooks\"))]"));
    assert_eq!(gate("feeding").as_deref(), Some("#[cfg(feature = \"webhooks\")]"));
    assert_eq!(gate("dog_part").as_deref(), Some("#[cfg(feature = \"big-dogs\")]"));
    assert_eq!(gate("bird").as_deref(), Some("#[cfg(feature = \"default-tag\")]"));

    let folder = tempfile::tempdir().unwrap();
    let choices: [&[&str]; 5] = [
        &["--no-default-features"],
        &["--no-default-features", "--features", "client,big-dogs"],
        &["--no-default-features", "--features", "cats"],
        &["--no-default-features", "--features", "webhooks"],
        &[],
    ];
    check(folder.path(), "large", &text, &choices);
}
