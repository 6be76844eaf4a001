//! Reading contracts of growing size. The throughput is in component schemas, each with an operation: it should stay
//! where it is while the contract grows.

mod synthetic;

use divan::Bencher;
use divan::counter::ItemsCount;
use driftline_specs::{Contract, lint};

const SIZES: [usize; 3] = [50, 500, 5_000];

fn main() {
    divan::main();
}

fn bench(bencher: Bencher<'_, '_>, size: usize, text: &str) {
    bencher
        .counter(ItemsCount::new(size))
        .bench_local(|| Contract::from_text("synthetic", divan::black_box(text)).expect("loads"));
}

#[divan::bench(args = SIZES, sample_count = 10)]
fn json(bencher: Bencher<'_, '_>, size: usize) {
    bench(bencher, size, &synthetic::contract(size).to_string());
}

#[divan::bench(args = SIZES, sample_count = 10)]
fn yaml(bencher: Bencher<'_, '_>, size: usize) {
    bench(bencher, size, &serde_yaml::to_string(&synthetic::contract(size)).expect("writes"));
}

/// OpenAPI 3.1, so that every null has to be rewritten and remembered.
#[divan::bench(args = SIZES, sample_count = 10)]
fn newer(bencher: Bencher<'_, '_>, size: usize) {
    let text = synthetic::contract(size).to_string().replace(r#""openapi":"3.0.3""#, r#""openapi":"3.1.0""#);
    bench(bencher, size, &text.replace(r#""type":"string""#, r#""type":["string","null"]"#));
}

/// Asking where each operation is written, once the contract is read.
#[divan::bench(args = SIZES, sample_count = 10)]
fn positions(bencher: Bencher<'_, '_>, size: usize) {
    let text = synthetic::contract(size).to_string();
    bencher
        .counter(ItemsCount::new(size))
        .with_inputs(|| Contract::from_text("synthetic", &text).expect("loads"))
        .bench_local_refs(|contract| {
            contract.operations().iter().filter_map(|it| contract.position(&it.pointer)).count()
        });
}

#[divan::bench(args = SIZES, sample_count = 5)]
fn lints(bencher: Bencher<'_, '_>, size: usize) {
    let contract = Contract::from_text("synthetic", &synthetic::contract(size).to_string()).expect("loads");
    bencher.counter(ItemsCount::new(size)).bench_local(|| lint::check(&contract));
}
