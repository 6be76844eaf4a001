//! Generating crates of growing size, step by step. The throughput is in component schemas, each with an operation: it
//! should stay where it is while the contract grows.

#[path = "../../specs/benches/synthetic/mod.rs"]
mod synthetic;

use divan::Bencher;
use divan::counter::ItemsCount;
use driftline_generator::{Settings, emit, lower, tree};
use driftline_specs::Contract;

const SIZES: [usize; 3] = [50, 500, 5_000];

fn main() {
    divan::main();
}

fn contract(size: usize) -> Contract {
    Contract::from_text("synthetic.json", &synthetic::contract(size).to_string()).expect("loads")
}

fn settings() -> Settings {
    Settings::new("synthetic", "synthetic", "synthetic.json")
}

/// Deciding on types and operations.
#[divan::bench(args = SIZES, sample_count = 10, name = "1 lower")]
fn lowering(bencher: Bencher<'_, '_>, size: usize) {
    let contract = contract(size);
    bencher.counter(ItemsCount::new(size)).bench_local(|| lower(&contract, &settings()).expect("lowers"));
}

/// Printing all files into memory, on all cores.
#[divan::bench(args = SIZES, sample_count = 10, name = "2 emit")]
fn emitting(bencher: Bencher<'_, '_>, size: usize) {
    let krate = lower(&contract(size), &settings()).expect("lowers");
    bencher.counter(ItemsCount::new(size)).bench_local(|| emit(&krate, &settings()).expect("emits"));
}

/// Writing all files into a folder that is not there yet.
#[divan::bench(args = SIZES, sample_count = 5, name = "3 write")]
fn writing(bencher: Bencher<'_, '_>, size: usize) {
    let krate = lower(&contract(size), &settings()).expect("lowers");
    let files = emit(&krate, &settings()).expect("emits");
    bencher
        .counter(ItemsCount::new(size))
        .with_inputs(|| tempfile::tempdir().expect("made"))
        .bench_local_refs(|folder| tree::replace(&folder.path().join("it"), &files).expect("writes").len());
}

/// Finding that nothing has changed.
#[divan::bench(args = SIZES, sample_count = 5, name = "4 compare")]
fn comparing(bencher: Bencher<'_, '_>, size: usize) {
    let krate = lower(&contract(size), &settings()).expect("lowers");
    let files = emit(&krate, &settings()).expect("emits");
    let folder = tempfile::tempdir().expect("made");
    tree::replace(&folder.path().join("it"), &files).expect("writes");
    bencher.counter(ItemsCount::new(size)).bench_local(|| {
        let changes = tree::replace(&folder.path().join("it"), &files).expect("compares");
        assert!(changes.is_empty());
    });
}
