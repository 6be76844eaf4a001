//! Contracts whose shape would make whoever lowers them work without end: each ends, with a crate.

use std::sync::mpsc;
use std::time::Duration;

use driftline_generator::{Generated, Settings, generate};
use driftline_specs::Contract;

/// How long one contract may take, on a slow machine that does something else as well, without optimisation.
const PATIENCE: Duration = Duration::from_secs(120);

fn many(count: usize, item: impl Fn(usize) -> String) -> String {
    (0..count).map(item).collect::<Vec<_>>().join(",")
}

fn document(paths: &str, schemas: &str) -> String {
    format!(
        r#"{{"openapi":"3.0.3","info":{{"title":"T","version":"1"}},"paths":{{{paths}}},"components":{{"schemas":{{{schemas}}}}}}}"#
    )
}

/// Generates a crate; one that takes forever fails the test instead of keeping it.
fn ends(name: &str, text: String) -> Generated {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let contract = Contract::from_text("t.json", &text).expect("loads");
        sender.send(generate(&contract, &Settings::new("it", "it", "t.json"))).expect("waits");
    });
    let generated = receiver.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("{name} takes forever"));
    generated.unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn reference(name: impl std::fmt::Display) -> String {
    format!(r##"{{"$ref":"#/components/schemas/{name}"}}"##)
}

#[test]
fn compositions_that_multiply_end() {
    for keyword in ["allOf", "oneOf", "anyOf"] {
        let itself = format!(
            r#""A":{{"{keyword}":[{0},{0}],"properties":{{"a":{{"type":"string"}}}}}}"#,
            reference("A")
        );
        ends(&format!("{keyword} of itself"), document("", &itself));
        let both = format!(
            r#""A":{{"{keyword}":[{0},{1}],"properties":{{"a":{{}}}}}},"B":{{"{keyword}":[{0},{1}],"properties":{{"b":{{}}}}}}"#,
            reference("A"),
            reference("B")
        );
        ends(&format!("{keyword} of both"), document("", &both));
        for (what, own) in
            [("plain", ""), ("with properties", r#","properties":{"a":{"type":"string"}},"required":["a"]"#)]
        {
            let chain = many(60, |index| {
                let next = reference(format!("A{}", index + 1));
                format!(
                    r#""A{index}":{{"{keyword}":[{next},{next},{{"type":"object","allOf":[{next}]}}]{own}}}"#
                )
            });
            let end = r#","A60":{"type":"object","properties":{"z":{"type":"string","enum":["z"]}}}"#;
            ends(&format!("a chain of {keyword}, {what}"), document("", &format!("{chain}{end}")));
        }
        let nested = (0..55).fold(r#"{"type":"object","properties":{"a":{}}}"#.to_owned(), |inner, _| {
            format!(r#"{{"{keyword}":[{inner}],"properties":{{"b":{{"type":"string"}}}}}}"#)
        });
        ends(&format!("nested {keyword}"), document("", &format!(r#""A":{nested}"#)));
    }
    let branches = many(400, |index| {
        format!(
            r#""B{index}":{{"type":"object","required":["k"],"properties":{{"k":{{"type":"string","enum":["v{index}"]}},"p{index}":{{}}}}}}"#
        )
    });
    let union = many(400, |index| reference(format!("B{index}")));
    ends("a wide union", document("", &format!(r#"{branches},"U":{{"oneOf":[{union}]}}"#)));
    ends("a wide merge", document("", &format!(r#"{branches},"U":{{"allOf":[{union}]}}"#)));
    let alike = many(400, |index| {
        format!(r#"{{"type":"object","description":"{index}","properties":{{"a":{{}}}}}}"#)
    });
    ends("branches that look alike", document("", &format!(r#""U":{{"oneOf":[{alike}]}}"#)));
}

#[test]
fn names_that_are_all_alike_end() {
    let dashes = |index: usize| format!("{}{}", "-".repeat(index % 50), "_".repeat(index / 50));
    let properties = many(3_000, |index| format!(r#""{}a":{{"type":"string"}}"#, dashes(index)));
    ends("properties", document("", &format!(r#""A":{{"type":"object","properties":{{{properties}}}}}"#)));
    let values = many(3_000, |index| format!(r#""{}a""#, dashes(index)));
    ends("values", document("", &format!(r#""A":{{"type":"string","enum":[{values}]}}"#)));
    let components =
        many(1_000, |index| format!(r#""{}a":{{"type":"object","properties":{{"a":{{}}}}}}"#, dashes(index)));
    ends("components", document("", &components));
    let paths = many(700, |index| {
        format!(
            r#""/{}":{{"get":{{"operationId":"{}a","responses":{{"200":{{"description":"d"}}}}}}}}"#,
            dashes(index),
            dashes(index)
        )
    });
    ends("operations", document(&paths, ""));
    let parameters = many(1_000, |index| {
        format!(r#"{{"name":"{}a","in":"query","schema":{{"type":"string"}}}}"#, dashes(index))
    });
    ends(
        "parameters",
        document(&format!(r#""/a":{{"get":{{"parameters":[{parameters}],"responses":{{}}}}}}"#), ""),
    );
}

#[test]
fn what_is_deep_or_long_ends() {
    let long = "n".repeat(1_000);
    let deep = (0..50).fold(r#"{"type":"string"}"#.to_owned(), |inner, index| {
        format!(r#"{{"type":"object","properties":{{"{long}{index}":{inner},"b":{{"type":"array","items":{{"type":"object","properties":{{"c":{{}}}}}}}}}}}}"#)
    });
    ends("deep objects with long names", document("", &format!(r#""A":{deep}"#)));
    let lists = (0..100)
        .fold(r#"{"type":"string"}"#.to_owned(), |inner, _| format!(r#"{{"type":"array","items":{inner}}}"#));
    ends("deep lists", document("", &format!(r#""A":{lists}"#)));
    let maps = (0..100).fold(r#"{"type":"string"}"#.to_owned(), |inner, _| {
        format!(r#"{{"type":"object","additionalProperties":{inner}}}"#)
    });
    ends("deep maps", document("", &format!(r#""A":{maps}"#)));
    let chain = many(2_000, |index| {
        format!(
            r#""A{index}":{{"type":"object","required":["n"],"properties":{{"n":{}}}}}"#,
            reference(format!("A{}", (index + 1) % 2_000))
        )
    });
    ends("a circle of objects", document("", &chain));
    let aliases = many(2_000, |index| {
        format!(r#""A{index}":{{"type":"array","items":{}}}"#, reference(format!("A{}", (index + 1) % 2_000)))
    });
    ends("a circle of lists", document("", &aliases));
    let text = "*/ `a` ".repeat(100_000);
    ends(
        "a long description",
        document("", &format!(r#""A":{{"type":"object","description":"{text}","properties":{{"a":{{}}}}}}"#)),
    );
}
