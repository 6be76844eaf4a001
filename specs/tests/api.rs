//! An API's folder: settings, document and overlay.

use std::fs;
use std::path::Path;

use driftline_specs::{Api, ApiStatus, Error, TargetKind};

const SETTINGS: &str = "\
name = \"shop\"
title = \"Shop\"
status = \"provisional\"

[[sources]]
title = \"A page\"
kind = \"page\"
covers = \"everything\"

[targets.sandbox]
kind = \"embedded\"

[targets.staging]
base_url = \"https://staging.example.com\"
kind = \"staging\"
credential_env = \"SHOP_KEY\"
requests_per_second = 2.5
max_latency = 800
";

fn folder(settings: &str, overlay: Option<&str>) -> tempfile::TempDir {
    let specs = tempfile::tempdir().expect("created");
    let dir = specs.path().join("shop");
    fs::create_dir(&dir).expect("created");
    fs::write(dir.join("api.toml"), settings).expect("written");
    fs::write(dir.join("openapi.yaml"), include_str!("specimens/shop.yaml")).expect("written");
    if let Some(overlay) = overlay {
        fs::write(dir.join("overlay.yaml"), overlay).expect("written");
    }
    specs
}

fn load(specs: &Path) -> Result<Api, Error> {
    Api::load(specs, "shop")
}

#[test]
fn an_api_is_a_folder() {
    let overlay = "overlay: 1.1.0\ninfo: {title: t, version: '1'}\nactions:\n  - target: $.info\n    description: we infer it\n    update: {x-provisional: true}\n";
    let specs = folder(SETTINGS, Some(overlay));
    let api = load(specs.path()).expect("loads");
    assert_eq!(api.config.status, ApiStatus::Provisional);
    assert_eq!(api.config.targets["sandbox"].kind, TargetKind::Embedded);
    assert_eq!(api.config.targets["staging"].requests_per_second, Some(2.5));
    assert_eq!(api.config.targets["staging"].max_latency, Some(800));
    assert!(api.contract.is_provisional());
    assert_eq!(api.contract.servers()[0].url, "https://eu.shop.example.com");
    assert_eq!(Api::list(specs.path()).expect("lists"), ["shop"]);
}

#[test]
fn every_action_says_why() {
    let overlay = "overlay: 1.1.0\ninfo: {title: t, version: '1'}\nactions:\n  - target: $.info\n    update: {x-provisional: true}\n";
    let specs = folder(SETTINGS, Some(overlay));
    let error = load(specs.path()).expect_err("no description");
    assert!(error.to_string().contains("does not say why"), "{error}");
    assert_eq!(error.line(), Some(4));
}

#[test]
fn an_unknown_api_lists_the_known_ones_and_is_never_a_path() {
    let specs = folder(SETTINGS, None);
    for name in ["shopp", "../shop", "/etc", "Shop", "", "shop/.."] {
        let error = Api::load(specs.path(), name).expect_err("unknown");
        assert!(matches!(error, Error::UnknownApi(_)), "{error}");
        assert_eq!(error.expected(), Some("one of shop"));
    }
}

#[test]
fn settings_are_strict_and_errors_have_a_place() {
    for (from, to, said, line) in [
        ("kind = \"embedded\"", "kind = \"embeded\"", "unknown variant", 11),
        ("credential_env", "credential-env", "unknown field", 16),
        ("status = \"provisional\"", "status = provisional", "settings cannot be read", 3),
        ("name = \"shop\"", "name = \"store\"", "those of \"store\"", 0),
        ("[targets.staging]", "[client]\nconcurrency = 0\n[targets.staging]", "settings cannot be read", 14),
        ("[targets.staging]", "[client]\nrequests_per_second = 0\n[targets.staging]", "is no rate", 0),
        ("[targets.staging]", "[client]\nrequests_per_second = nan\n[targets.staging]", "is no rate", 0),
    ] {
        let specs = folder(&SETTINGS.replace(from, to), None);
        let error = load(specs.path()).expect_err(to);
        assert!(error.to_string().contains(said), "{error}");
        assert_eq!(error.line().unwrap_or(0), line, "{error}");
    }
}

#[test]
fn what_every_client_keeps_to_is_read() {
    let specs = folder(&format!("{SETTINGS}\n[client]\nconcurrency = 1\nrequests_per_second = 10\n"), None);
    let client = load(specs.path()).expect("loaded").config.client;
    assert_eq!((client.concurrency.map(usize::from), client.requests_per_second), (Some(1), Some(10.0)));
    let specs = folder(SETTINGS, None);
    let client = load(specs.path()).expect("loaded").config.client;
    assert_eq!((client.concurrency, client.requests_per_second), (None, None));
}
