//! Overlays: what an action changes, what it refuses, and where a changed part is written.

use driftline_specs::{Contract, Error, Overlay};
use serde_json::{Value, json};

const SHOP: &str = include_str!("specimens/shop.yaml");

fn overlay(actions: &str) -> String {
    format!("overlay: 1.1.0\ninfo: {{title: t, version: '1'}}\nactions:\n{actions}")
}

fn apply(document: &Value, actions: &str) -> Result<Value, Error> {
    let mut document = document.clone();
    Overlay::from_text("overlay.yaml", &overlay(actions))?.apply(&mut document)?;
    Ok(document)
}

fn refusal(document: &Value, actions: &str) -> String {
    apply(document, actions).expect_err("the overlay is wrong").to_string()
}

#[test]
fn an_update_merges_objects_concatenates_arrays_and_replaces_primitives() {
    let document = json!({"a": {"b": {"c": 1, "d": [1]}, "e": "x"}});
    let changed = apply(
        &document,
        "  - {target: $.a, update: {b: {c: 2, d: [2, 3], new: true}}}\n  - {target: $.a.e, update: y}\n  - {target: $.a.b.d, update: {k: v}}\n",
    );
    assert_eq!(
        changed.expect("applies"),
        json!({"a": {"b": {"c": 2, "d": [1, 2, 3, {"k": "v"}], "new": true}, "e": "y"}})
    );
}

#[test]
fn a_removal_takes_every_match_out_of_its_array_or_object() {
    let document = json!({"list": [1, 2, 3, 2], "keep": 1, "drop": 2, "z": 3});
    let changed = apply(
        &document,
        "  - {target: '$.list[?@ == 2]', remove: true}\n  - {target: $.drop, remove: true}\n",
    )
    .expect("applies");
    assert_eq!(changed, json!({"list": [1, 3], "keep": 1, "z": 3}));
    let order: Vec<&String> = changed.as_object().expect("an object").keys().collect();
    assert_eq!(order, ["list", "keep", "z"], "the order of the others stays");
}

#[test]
fn a_copy_merges_the_one_value_that_its_query_selects() {
    let document = json!({"from": {"x": {"y": 1}}, "to": {"x": {"z": 2}}});
    let changed = apply(&document, "  - {target: $.to, copy: $.from}\n").expect("applies");
    assert_eq!(changed["to"], json!({"x": {"y": 1, "z": 2}}));
    assert!(refusal(&document, "  - {target: $.to, copy: '$.*'}\n").contains("selects 2 values"));
}

#[test]
fn an_action_whose_target_matches_nothing_is_named() {
    let document = json!({"a": 1});
    let error = apply(
        &document,
        "  - {target: $.a, update: 2}\n  - {target: $.gone, description: mark the SSN, update: {x: 1}}\n",
    )
    .expect_err("the second action has no place");
    assert!(matches!(error, Error::Overlay(_)));
    assert_eq!(error.line(), Some(5));
    assert_eq!(error.pointer(), Some("#/actions/1/target"));
    let message = error.to_string();
    assert!(message.contains("action 1 of the overlay (mark the SSN), target $.gone"), "{message}");
    assert!(message.contains("matches nothing"), "{message}");
}

#[test]
fn what_does_not_fit_together_is_refused() {
    let document = json!({"a": {"b": 1, "l": [1]}});
    for (actions, said) in [
        (
            "  - {target: $.a, update: {b: {c: 1}}}\n",
            "an object cannot be merged into a primitive value at #/a/b",
        ),
        ("  - {target: $.a, update: 1}\n", "a primitive value cannot be merged into an object"),
        ("  - {target: '$.a.*', update: 1}\n", "selects both primitives and arrays"),
        ("  - {target: $, remove: true}\n", "whole document cannot be removed"),
        ("  - {target: $.a, update: 1, copy: $.a}\n", "cancel each other"),
        ("  - {target: $.a}\n", "changes nothing"),
        ("  - {target: $.a, updat: 1}\n", "\"updat\" is not a field"),
        ("  - {target: 'a[', update: 1}\n", "no JSONPath query"),
    ] {
        let message = refusal(&document, actions);
        assert!(message.contains(said), "{message} should say {said}");
    }
}

#[test]
fn overlay_1_0_has_neither_copy_nor_primitive_targets() {
    let old = |action: &str| {
        let text = overlay(action).replace("1.1.0", "1.0.0");
        Overlay::from_text("o", &text).and_then(|overlay| overlay.apply(&mut json!({"a": 1, "b": {}})))
    };
    assert!(old("  - {target: $.b, update: {c: 1}}\n").is_ok());
    assert!(old("  - {target: $.a, update: 2}\n").expect_err("a primitive").to_string().contains("1.1.0"));
    assert!(old("  - {target: $.b, copy: $.b}\n").expect_err("a copy").to_string().contains("1.1.0"));
}

#[test]
fn copies_of_copies_are_bounded() {
    let doubling = "  - {target: $.a, copy: $.a}\n".repeat(40);
    assert!(refusal(&json!({"a": [1]}), &doubling).contains("adds too much"));
    let nesting = "  - {target: $.a, copy: $}\n".repeat(200);
    assert!(refusal(&json!({"a": {"b": 1}}), &nesting).contains("nests too deeply"));
}

#[test]
fn a_changed_part_has_its_place_in_the_overlay_and_the_rest_in_the_document() {
    let text = overlay(
        "  - target: $.components.schemas.Order.properties.note\n    description: free text about people\n    update:\n      x-sensitive: true\n  - target: $.paths['/orders'].get.parameters[0]\n    remove: true\n  - target: $.paths['/orders'].get['x-pagination'].limit\n    remove: true\n",
    );
    let shop = Contract::from_text_with_overlay("shop.yaml", SHOP, &text).expect("loads");
    let place = |pointer: &str| {
        let position = shop.position(pointer).expect("known");
        (position.file.display().to_string(), position.line)
    };
    let note = "#/components/schemas/Order/properties/note";
    assert_eq!(shop.at(note), Some(&json!({"type": "string", "nullable": true, "x-sensitive": true})));
    assert_eq!(place(&format!("{note}/x-sensitive")), ("shop.yaml (overlay)".to_owned(), 7));
    assert_eq!(place(&format!("{note}/type")).0, "shop.yaml");
    let line = |needle: &str| SHOP.lines().position(|line| line.contains(needle)).expect("there") + 1;
    assert_eq!(
        place("#/paths/~1orders/get/parameters/0").1,
        line("name: offset"),
        "indexes behind a removed item shift"
    );
    assert_eq!(place("#/components/schemas/Line/properties/sku").1, line("sku: {type: string}"));
}

#[test]
fn a_query_that_would_look_at_too_much_is_refused_before_it_does() {
    let deep = (0..60).fold(json!({"a": 1}), |inner, _| json!({"a": inner, "b": [1, 2, 3]}));
    let wide: serde_json::Map<_, _> =
        (0..2_000).map(|index| (format!("p{index}"), json!({"a": [1, 2]}))).collect();
    let document = json!({"deep": deep, "wide": wide});
    for target in ["$..*..*..*..*..*", "$..[?@ == $.wide]['a','a']['a','a']", "$..[?count($..*) > 1]"] {
        let refused = refusal(&document, &format!("- {{target: \"{target}\", remove: true}}"));
        assert!(refused.contains("too many values"), "{target}: {refused}");
    }
    let twice = "['wide','wide']".repeat(30);
    assert!(
        refusal(&document, &format!("- {{target: \"${twice}\", remove: true}}")).contains("too many values")
    );
    let usual = "$.wide[?@.a[0] == 1]";
    apply(&document, &format!("- {{target: \"{usual}\", update: {{b: 1}}}}")).expect("is nothing special");
}
