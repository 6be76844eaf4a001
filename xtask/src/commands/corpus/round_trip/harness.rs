//! The program that reads and writes values as the types of one generated crate.
//!
//! It has the crate's models and nothing of its client. On each line of its input there is a schema and a value;
//! on the same line of its output, what became of it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use crate::workspace;

/// The features of a generated crate that are not models.
const NOT_MODELS: [&str; 2] = ["default", "client"];

const MAIN: &str = r#"// Reads and writes values as the types of one crate; made by `cargo xtask corpus`.

use std::io::{BufRead, Write};

use driftline_runtime::private::serde::de::DeserializeOwned;
use driftline_runtime::Validate;
use driftline_runtime::serde_json::{self, Value, json};

type Codec = fn(&[u8]) -> Value;

fn again<T: DeserializeOwned + Validate + std::fmt::Debug>(text: &[u8]) -> Value {
    match driftline_runtime::decode::from_slice::<T>(text) {
        Err(error) => json!({"path": error.path(), "message": error.message()}),
        Ok(value) => match serde_json::to_value(&value) {
            Err(error) => json!({"path": "", "message": format!("cannot be written back: {error}")}),
            Ok(written) => json!({
                "value": written,
                "unrecognized": unrecognized(&format!("{value:?}")),
                "violations": violations(&value),
            }),
        },
    }
}

fn violations<T: Validate>(value: &T) -> Vec<(&'static str, String)> {
    let invalid = value.validate().err();
    let violations = invalid.iter().flat_map(|invalid| invalid.violations());
    violations.map(|it| (it.keyword, it.to_string())).collect()
}

/// Whether some part of a value is none of the variants that a union lists. An enum of texts may well hold others.
fn unrecognized(shown: &str) -> bool {
    shown.contains("Unrecognized(UnrecognizedValue)")
}

fn main() {
    let mut output = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let Ok(line) = line else { return };
        let Ok(request) = serde_json::from_str::<Value>(&line) else { return };
        let schema = request["schema"].as_str().unwrap_or_default();
        let answer = match CODECS.iter().find(|(known, _)| *known == schema) {
            Some((_, codec)) => codec(request["value"].to_string().as_bytes()),
            None => Value::Null,
        };
        if writeln!(output, "{answer}").and_then(|()| output.flush()).is_err() {
            return;
        }
    }
}
"#;

/// Writes the program for a crate that stands in `../../SLUG`; `models` are the types of component schemas.
pub(super) fn write(folder: &Path, slug: &str, models: &BTreeMap<String, String>) -> std::io::Result<()> {
    std::fs::create_dir_all(folder.join("src"))?;
    let krate = folder.join("../..").join(slug).join("Cargo.toml");
    let features = features(&std::fs::read_to_string(krate)?)?;
    let runtime = workspace::root().join("generator/runtime");
    let manifest = format!(
        "[package]\nname = \"trip-{slug}\"\nversion = \"0.1.0\"\nedition = \"2024\"\npublish = false\n\n\
         [dependencies]\ndriftline-runtime = {{ path = {runtime:?}, default-features = false }}\n\
         {slug} = {{ path = \"../../{slug}\", default-features = false, features = {features:?} }}\n",
    );
    let mut main = MAIN.to_owned();
    main.push_str("\nconst CODECS: &[(&str, Codec)] = &[\n");
    for (schema, ty) in models {
        // Writing to a string does not fail.
        let _ = writeln!(main, "    ({schema:?}, again::<{ty}>),");
    }
    main.push_str("];\n");
    std::fs::write(folder.join("Cargo.toml"), manifest)?;
    std::fs::write(folder.join("src/main.rs"), main)
}

/// The features that bring a crate's models.
fn features(manifest: &str) -> std::io::Result<Vec<String>> {
    let manifest: toml::Table = manifest.parse().map_err(std::io::Error::other)?;
    let features = manifest.get("features").and_then(toml::Value::as_table);
    let names = features.into_iter().flat_map(|features| features.keys());
    Ok(names.filter(|name| !NOT_MODELS.contains(&name.as_str())).cloned().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_takes_every_feature_but_the_client() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(root.path().join("of-pets")).unwrap();
        let manifest = "[features]\ndefault = [\"client\", \"pets\"]\nclient = []\npets = []\n";
        std::fs::write(root.path().join("of-pets/Cargo.toml"), manifest).unwrap();
        let folder = root.path().join("round-trip/of-pets");
        std::fs::create_dir_all(&folder).unwrap();
        let models =
            BTreeMap::from([("#/components/schemas/a\"b".to_owned(), "of_pets::models::AB".to_owned())]);
        write(&folder, "of-pets", &models).unwrap();
        let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap();
        assert!(manifest.contains("default-features = false, features = [\"pets\"]"), "{manifest}");
        let main = std::fs::read_to_string(folder.join("src/main.rs")).unwrap();
        assert!(main.contains(r##"("#/components/schemas/a\"b", again::<of_pets::models::AB>)"##), "{main}");
    }
}
