//! Documents made to exhaust whoever reads them: each ends, quickly, with a contract or an error.

use std::fmt::Write as _;

use driftline_specs::Contract;

const HEAD: &str = r#"{"openapi":"3.1.0","info":{"title":"T","version":"1"},"#;

fn many(count: usize, item: impl Fn(usize) -> String) -> String {
    (0..count).map(item).collect::<Vec<_>>().join(",")
}

fn schemas(members: &str) -> String {
    format!(r#"{HEAD}"components":{{"schemas":{{{members}}}}}}}"#)
}

#[test]
fn references_in_circles_of_every_kind_end() {
    for text in [
        schemas(r##""A":{"$ref":"#/components/schemas/A"}"##),
        schemas(r##""A":{"$ref":"#/components/schemas/A/properties/a","properties":{"a":{"$ref":"#/components/schemas/A"}}}"##),
        schemas(r##""A":{"allOf":[{"$ref":"#/components/schemas/A"}],"anyOf":[{"$ref":"#/components/schemas/A"}]}"##),
        schemas(r##""A":{"$ref":"#"}"##),
        schemas(r##""A":{"$ref":"#/components/schemas"}"##),
        schemas(r##""A":{"$dynamicRef":"#a","$dynamicAnchor":"a"},"B":{"$recursiveRef":"#"},"C":{"$ref":"c","$id":"c"}"##),
        schemas(r##""A":{"$defs":{"B":{"$ref":"#/components/schemas/A/$defs/B"},"C":{"$ref":"#/components/schemas/A"}}}"##),
        format!(r##"{HEAD}"paths":{{"/a":{{"$ref":"#/paths/~1b"}},"/b":{{"$ref":"#/paths/~1a"}}}}}}"##),
        format!(r##"{HEAD}"paths":{{"/a":{{"$ref":"#/components/pathItems/A"}}}},"components":{{"pathItems":{{"A":{{"$ref":"#/components/pathItems/A"}}}}}}}}"##),
        format!(r##"{HEAD}"components":{{"responses":{{"A":{{"$ref":"#/components/responses/A"}}}},"parameters":{{"A":{{"$ref":"#/components/parameters/A"}}}}}}}}"##),
        r##"{"swagger":"2.0","parameters":{"A":{"$ref":"#/parameters/A"}},"responses":{"A":{"$ref":"#/responses/A"}},"paths":{"/a":{"get":{"parameters":[{"$ref":"#/parameters/A"}],"responses":{"200":{"$ref":"#/responses/A"}}}}}}"##.to_owned(),
    ] {
        if let Ok(contract) = Contract::from_text("t.json", &text) {
            contract.losses();
            for operation in contract.operations() {
                contract.position(&operation.pointer);
            }
        }
    }
}

#[test]
fn long_chains_and_many_faults_take_time_that_grows_with_the_document() {
    let chain = schemas(&many(2_000, |index| {
        format!(r##""S{index}":{{"$ref":"#/components/schemas/S{}"}}"##, index + 1)
    }));
    let dangling =
        schemas(&many(2_000, |index| format!(r##""S{index}":{{"items":{{"$ref":"#/N{index}"}}}}"##)));
    let definitions = format!(
        r#"{HEAD}"paths":{{"/a":{{"get":{{"responses":{{"200":{{"content":{{{}}}}}}}}}}}}}}}"#,
        many(1_000, |index| format!(r#""a/{index}":{{"schema":{{"$defs":{{"a":{{}}}}}}}}"#))
    );
    let ids = format!(
        r#"{HEAD}"paths":{{{}}}}}"#,
        many(2_000, |index| format!(
            r#""/{}{}":{{"get":{{"responses":{{}}}}}}"#,
            "-".repeat(index % 50),
            "_".repeat(index / 50)
        ))
    );
    for text in [chain, dangling, definitions, ids] {
        let contract = Contract::from_text("t.json", &text).expect("loads");
        contract.losses();
    }
}

#[test]
#[ignore = "takes half a minute without optimisation"]
fn what_many_operations_share_is_counted_for_each() {
    let links = many(1_100, |index| format!(r#""l{index}":{{"operationId":"no"}}"#));
    let paths = many(20_000, |index| {
        format!(r##""/a{index}":{{"get":{{"responses":{{"200":{{"$ref":"#/components/responses/R"}}}}}}}}"##)
    });
    let text = format!(
        r#"{HEAD}"paths":{{{paths}}},"components":{{"responses":{{"R":{{"links":{{{links}}}}}}}}}}}"#
    );
    let contract = Contract::from_text("t.json", &text).expect("loads");
    assert!(contract.refusals().last().expect("some").reason.contains("too many parts"));
}

#[test]
fn what_is_copied_does_not_multiply_without_end() {
    let field = format!(
        r#""parameters":{{"F":{{"name":"f","in":"formData","type":"string","enum":["{}"]}}}}"#,
        "x".repeat(1_000_000)
    );
    let paths = many(100, |index| {
        format!(r##""/a{index}":{{"post":{{"parameters":[{{"$ref":"#/parameters/F"}}]}}}}"##)
    });
    let text =
        format!(r#"{{"swagger":"2.0","info":{{"title":"T","version":"1"}},{field},"paths":{{{paths}}}}}"#);
    let contract = Contract::from_text("t.json", &text).expect("loads");
    assert!(contract.losses().iter().any(|loss| loss.message.contains("too much would be copied")));

    let name = "n".repeat(100_000);
    let properties = many(25_000, |index| format!(r#""p{index}":{{"const":1}}"#));
    let error =
        Contract::from_text("t.json", &schemas(&format!(r#""{name}":{{"properties":{{{properties}}}}}"#)));
    assert!(error.expect_err("too long").to_string().contains("names of the document are too long"));
}

#[test]
fn one_operation_with_very_much_in_it_ends() {
    let parameters = many(3_000, |index| format!(r#"{{"name":"p{index}","in":"query","schema":{{}}}}"#));
    let template = (0..100).fold(String::new(), |mut path, index| {
        let _ = write!(path, "{{p{index}}}");
        path
    });
    let statuses = many(3_000, |index| format!(r#""s{index}":{{}}"#));
    let text = format!(
        r#"{HEAD}"paths":{{"/{template}":{{"get":{{"parameters":[{parameters}],"responses":{{{statuses}}}}}}},"/{}":{{"get":{{}}}}}}}}"#,
        "{a}".repeat(10_000)
    );
    let contract = Contract::from_text("t.json", &text).expect("loads");
    assert_eq!(contract.operations().len(), 1);
    assert!(contract.refusals()[0].reason.contains("the path is too long"));
}

#[test]
fn names_with_nul_and_other_oddities_are_names() {
    let text = format!(
        r#"{HEAD}"paths":{{"/a\u0000b":{{"get":{{"operationId":"\u0000","responses":{{"200":null,"\u0000":{{}}}}}}}},"":null,"x":1}},"components":{{"schemas":{{"":{{"type":"\u2028"}},"~1%2F":[]}},"parameters":[],"responses":7}},"servers":"x","tags":{{}},"security":[null]}}"#
    );
    let contract = Contract::from_text("t.json", &text).expect("loads");
    assert_eq!(contract.operations().len(), 1);
    assert!(contract.refuse_faults().is_err());
    for text in [
        "{\"openapi\":\"3.0.0\",\"info\":\0}",
        "openapi: 3.0.0\n\0: a\n",
        "{}",
        "[]",
        "",
        "null",
        "{\"swagger\":2.0}",
        "{\"openapi\":{}}",
    ] {
        let _ = Contract::from_text("t", text).map(|contract| contract.losses().len());
    }
}
