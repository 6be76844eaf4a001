//! Whatever a contract says, it stays text: in a literal, in a comment, in documentation, or in a name that was made
//! of it. No string of a contract becomes code, markup, a key of a manifest, or a path out of the crate.

mod checks;
mod contract;
mod strings;

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::process::Command;

use contract::Texts;
use driftline_generator::{Settings, generate, tree};
use driftline_specs::Contract;
use proptest::collection::vec;
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestError, TestRunner};
use serde_json::Value;

/// Returns whether there was an operation: strings in a path may well make it unusable.
fn check(document: &Value, texts: &[String]) -> Result<bool, String> {
    let file = texts.first().cloned().unwrap_or_default();
    let loaded =
        Contract::from_text("contract.json", &document.to_string()).map_err(|error| error.to_string())?;
    let generated = generate(&loaded, &Settings::new("it", "it", file)).map_err(|error| error.to_string())?;
    checks::sound(&generated)?;
    for text in texts {
        let name = driftline_generator::crate_name(text);
        generate(&loaded, &Settings::new("it", &name, "contract.json")).map_err(|error| error.to_string())?;
        if texts.len() > 3 {
            break;
        }
    }
    Ok(!generated.krate.operations.is_empty())
}

/// The same strings every time, or as many as `PROPTEST_CASES` says from the seed `PROPTEST_RNG_SEED`.
fn for_all_texts(name: &str, test: impl Fn(&[String]) -> Result<bool, String>) {
    let defaults =
        Config { cases: 24, rng_seed: RngSeed::Fixed(7), failure_persistence: None, ..Config::default() };
    let config = proptest::test_runner::contextualize_config(defaults);
    let (all, usable) = (Cell::new(0), Cell::new(0));
    let result = TestRunner::new(config).run(&vec(strings::hostile(), 1..60), |texts| {
        let has_operations = test(&texts).map_err(TestCaseError::fail)?;
        all.set(all.get() + 1);
        usable.set(usable.get() + u32::from(has_operations));
        Ok(())
    });
    match result {
        Ok(()) => {}
        Err(TestError::Fail(reason, texts)) => panic!("{name}: {reason}\nwith {texts:?}"),
        Err(TestError::Abort(reason)) => panic!("{name}: {reason}"),
    }
    assert!(usable.get() * 2 > all.get(), "{name}: only {} of {} have an operation", usable.get(), all.get());
}

#[test]
fn no_string_of_an_openapi_contract_becomes_anything_but_text_or_a_name() {
    for_all_texts("openapi", |texts| check(&contract::newer(&mut Texts::new(texts)), texts));
}

#[test]
fn no_string_of_a_swagger_contract_becomes_anything_but_text_or_a_name() {
    for_all_texts("swagger", |texts| check(&contract::older(&mut Texts::new(texts)), texts));
}

/// rustc has more to say of names and characters than a parser.
#[test]
fn a_crate_whose_every_name_is_hostile_compiles_without_a_warning() {
    let texts = strings::all();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let folder = tempfile::tempdir().unwrap();
    // Every string comes to other places when the list starts elsewhere.
    for (name, start) in [("newer", 0), ("older", 0), ("newer", 130)] {
        let texts: Vec<String> = texts.iter().cycle().skip(start).take(texts.len()).cloned().collect();
        let mut texts = Texts::new(&texts);
        let document =
            if name == "newer" { contract::newer(&mut texts) } else { contract::older(&mut texts) };
        let loaded = Contract::from_text("contract.json", &document.to_string()).unwrap();
        let generated = generate(&loaded, &Settings::new("it", "it", "contract.json")).unwrap();
        checks::sound(&generated).unwrap();
        let crate_folder = folder.path().join(name);
        tree::replace(&crate_folder, &generated.tree).unwrap();
        // The workspace's own versions, so that nothing has to be looked up.
        std::fs::copy(root.join("Cargo.lock"), crate_folder.join("Cargo.lock")).unwrap();
        let output = Command::new(env!("CARGO"))
            .args(["check", "--quiet", "--offline", "--manifest-path"])
            .arg(crate_folder.join("Cargo.toml"))
            .env("CARGO_TARGET_DIR", target.join("specimens"))
            .env("RUSTFLAGS", "-D warnings")
            .output()
            .unwrap();
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    }
}
