//! The runtime's source, for crates that stand alone.

/// The manifest of a vendored runtime. Versions are those of the workspace; a test holds them together.
const MANIFEST: &str = include_str!("vendor/Cargo.toml");

macro_rules! sources {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_str!(concat!("../runtime/", $path)))),*]
    };
}

/// Every source file of the runtime.
const SOURCES: &[(&str, &str)] = sources![
    "src/lib.rs",
    "src/additional.rs",
    "src/base64_text.rs",
    "src/credential.rs",
    "src/decode.rs",
    "src/integers.rs",
    "src/kept_text.rs",
    "src/nullable.rs",
    "src/number.rs",
    "src/object.rs",
    "src/open_enum.rs",
    "src/open_values.rs",
    "src/registry.rs",
    "src/rules.rs",
    "src/sensitive.rs",
    "src/time.rs",
    "src/tuple.rs",
    "src/union.rs",
    "src/uuid_text.rs",
    "src/webhook.rs",
    "src/calls/mod.rs",
    "src/calls/fields.rs",
    "src/calls/parts.rs",
    "src/calls/reading.rs",
    "src/validate/mod.rs",
    "src/validate/decimal.rs",
    "src/validate/mark.rs",
    "src/validate/types.rs",
    "src/validate/walk.rs",
    "src/client/mod.rs",
    "src/client/answer.rs",
    "src/client/builder.rs",
    "src/client/call.rs",
    "src/client/error.rs",
    "src/client/form.rs",
    "src/client/layer.rs",
    "src/client/limit.rs",
    "src/client/link.rs",
    "src/client/oauth.rs",
    "src/client/octets.rs",
    "src/client/pages.rs",
    "src/client/placement.rs",
    "src/client/request.rs",
    "src/client/retry.rs",
    "src/client/send.rs",
    "src/client/settings.rs",
    "src/client/stream.rs",
    "src/client/style.rs",
    "src/client/waiting.rs",
];

/// Returns the files of the vendored runtime, relative to its folder.
pub(crate) fn runtime() -> impl Iterator<Item = (&'static str, String)> {
    let manifest = ("Cargo.toml", format!("# {} for the crate beside it.\n{MANIFEST}", crate::emit::MARK));
    let sources = SOURCES.iter().map(|(path, text)| (*path, format!("// {}.\n{text}", crate::emit::MARK)));
    let licences = [
        ("LICENSE-MIT", include_str!("../../LICENSE-MIT").to_owned()),
        ("LICENSE-APACHE", include_str!("../../LICENSE-APACHE").to_owned()),
    ];
    std::iter::once(manifest).chain(sources).chain(licences)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    fn files(folder: &Path, prefix: &str, found: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let name = format!("{prefix}{}", entry.file_name().to_str().unwrap());
            if entry.file_type().unwrap().is_dir() {
                files(&entry.path(), &format!("{name}/"), found);
            } else {
                found.insert(name);
            }
        }
    }

    #[test]
    fn every_source_file_of_the_runtime_is_vendored() {
        let mut found = BTreeSet::new();
        files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("runtime/src"), "src/", &mut found);
        let vendored: BTreeSet<_> = SOURCES.iter().map(|(path, _)| (*path).to_owned()).collect();
        assert_eq!(found, vendored);
    }

    #[test]
    fn the_vendored_manifest_asks_for_the_versions_of_the_workspace() {
        let workspace =
            std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.toml")).unwrap();
        let workspace = workspace.parse::<toml::Table>().unwrap();
        let vendored = MANIFEST.parse::<toml::Table>().unwrap();
        let shared = workspace["workspace"]["dependencies"].as_table().unwrap();
        for (name, wanted) in vendored["dependencies"].as_table().unwrap() {
            let version = |value: &toml::Value| match value {
                toml::Value::String(version) => version.clone(),
                table => table["version"].as_str().unwrap().to_owned(),
            };
            let features = |value: &toml::Value| value.get("features").cloned();
            assert_eq!(version(wanted), version(&shared[name]), "{name}");
            // The order of properties matters to contracts only.
            let wanted = features(wanted).map(|features| features.to_string());
            let shared = features(&shared[name])
                .map(|features| features.to_string().replace(", \"preserve_order\"", ""));
            assert_eq!(wanted, shared, "{name}");
        }
        let own = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("runtime/Cargo.toml"))
            .unwrap();
        let own = own.parse::<toml::Table>().unwrap();
        assert_eq!(vendored["features"], own["features"]);
        let names = |table: &toml::Table| {
            table["dependencies"].as_table().unwrap().keys().cloned().collect::<BTreeSet<_>>()
        };
        assert_eq!(names(&vendored), names(&own));
    }
}
