//! Importing a vendor's page.

use std::path::Path;

use driftline_specs::import::{self, Options, Provenance};
use driftline_specs::{Contract, Error};
use serde_json::json;

const PAGE: &str = include_str!("specimens/page.md");

#[test]
fn fragments_are_merged_in_the_order_of_the_page() {
    let imported = import::from_page("page.md", PAGE).expect("imports");
    let operations: Vec<&str> = imported
        .fragments
        .iter()
        .flat_map(|fragment| fragment.operations.iter().map(String::as_str))
        .collect();
    assert_eq!(operations, ["POST /orders", "GET /orders", "GET /orders/{id}"]);
    assert_eq!(imported.fragments[1].heading.as_deref(), Some("List orders"));
    assert_eq!(
        imported.fragments[1].line,
        PAGE.lines().position(|line| line == "openapi: 3.0.0").expect("there") + 1
    );
    let keys: Vec<&String> = imported.document.as_object().expect("an object").keys().collect();
    assert_eq!(keys, ["openapi", "info", "servers", "security", "paths", "components"]);
    let sections: Vec<&String> =
        imported.document["components"].as_object().expect("an object").keys().collect();
    assert_eq!(sections, ["securitySchemes", "responses", "schemas"]);
    let schemas: Vec<&String> =
        imported.document["components"]["schemas"].as_object().expect("an object").keys().collect();
    assert_eq!(schemas, ["Order", "Problem", "OrderPage"]);
    assert_eq!(
        imported.document["servers"],
        json!([{"url": "https://staging.example.com", "description": "Staging"},
               {"url": "https://api.example.com", "description": "Production"}])
    );
}

#[test]
fn the_vendors_words_are_left_out_and_noted() {
    let imported = import::from_page("page.md", PAGE).expect("imports");
    let text = import::to_yaml(&imported.document);
    assert!(!text.contains("vendor says"), "{text}");
    assert_eq!(imported.document["components"]["responses"]["NotFound"]["description"], "Not found");
    assert_eq!(imported.document["paths"]["/orders"]["post"]["responses"]["201"]["description"], "Created");
    let left_out = "left out the vendor's description at #/components/schemas/Order/description";
    assert!(imported.notices.iter().any(|notice| notice == left_out), "{:?}", imported.notices);
    assert_eq!(
        imported.document["components"]["schemas"]["Order"]["properties"]["description"],
        json!({"type": "string"}),
        "a property of that name stays"
    );
    let kept =
        import::from_texts(&[("page.md", PAGE)], &Options { keep_vendor_text: true, ..Options::default() });
    let kept = kept.expect("imports");
    assert_eq!(kept.document["components"]["schemas"]["Order"]["description"], "The vendor says: an order.");
}

#[test]
fn our_words_survive_a_new_import() {
    let mut existing = import::from_page("page.md", PAGE).expect("imports").document;
    existing["info"]["title"] = json!("Our title");
    existing["components"]["schemas"]["Order"]["description"] = json!("What a customer buys.");
    existing["paths"]["/orders"]["get"]["parameters"][1]["description"] = json!("Size of a page.");
    // The vendor puts a parameter in front of it.
    let page = PAGE.replace(
        "      - name: status\n",
        "      - {name: since, in: query, schema: {type: string}}\n      - name: status\n",
    );
    assert_ne!(page, PAGE);
    let again = import::from_texts(
        &[("page.md", &page)],
        &Options { existing: Some(existing), ..Options::default() },
    )
    .expect("imports");
    assert_eq!(again.document["info"]["title"], "Our title");
    assert_eq!(again.document["components"]["schemas"]["Order"]["description"], "What a customer buys.");
    let parameters = &again.document["paths"]["/orders"]["get"]["parameters"];
    assert_eq!(
        parameters[2],
        json!({"name": "limit", "in": "query", "schema": {"type": "integer"}, "description": "Size of a page."})
    );
    assert_eq!(parameters[0].get("description"), None);
}

#[test]
fn two_definitions_of_one_thing_name_both_fragments() {
    let page = PAGE.replace("\"total\":{\"type\":\"integer\"}", "\"total\":{\"type\":\"number\"}");
    let page = page.replacen("\"total\":{\"type\":\"number\"}", "\"total\":{\"type\":\"integer\"}", 1);
    assert_ne!(page, PAGE, "the second definition differs");
    let error = import::from_page("page.md", &page).expect_err("a contradiction");
    assert!(matches!(error, Error::Import(_)), "{error}");
    assert_eq!(error.pointer(), Some("#/components/schemas/Order/properties/total/type"));
    let message = error.to_string();
    for said in
        ["fragment 1 (page.md:", "under \"Create order\"", "fragment 3 (page.md:", "under \"Get order\""]
    {
        assert!(message.contains(said), "{message} should say {said}");
    }
}

#[test]
fn a_page_without_fragments_is_refused() {
    let error =
        import::from_page("page.md", "# Orders\n\n```json\n{\"id\": 1}\n```\n").expect_err("nothing there");
    let message = error.to_string();
    assert!(message.contains("no OpenAPI fragment; it has 1 fenced code block"), "{message}");
    assert!(message.contains("`openapi` or `swagger`"), "{message}");
}

#[test]
fn a_broken_fragment_has_its_line_in_the_page() {
    let page = "# A\n\ntext\n\n```json\n{\"openapi\": \"3.0.0\",\n  \"info\": }\n```\n";
    let error = import::from_page("page.md", page).expect_err("broken");
    assert_eq!(error.line(), Some(7), "{error}");
}

#[test]
fn a_document_can_be_imported_too() {
    let shop = include_str!("specimens/shop.yaml");
    let imported = import::from_texts(&[("shop.yaml", shop)], &Options::default()).expect("imports");
    assert_eq!(imported.fragments.len(), 1);
    let again = Contract::from_text("again.yaml", &import::to_yaml(&imported.document)).expect("loads");
    assert_eq!(again.operations().len(), 4);
}

#[test]
fn written_yaml_is_read_back_the_same_by_readers_of_every_version() {
    let tricky = json!({
        "enum": ["yes", "no", "on", "Off", "true", "NULL", "~", "y", "010", "1_000", "0x1f", "12:30:00", "1e3",
            "2026-01-01", ".inf", "=", "<<", "", " x", "x ", "a: b", "a #b", "- a", "a:", "---", "'q'", "\"d\"",
            "[a]", "{a}", "*a", "&a", "!a", "%a", "@a", "`a`", "|", ">", "?", "tab\there", "line\u{2028}break",
            "\u{85}", "\u{feff}", "\u{7}"],
        "block": "first\nsecond\n\n  third\n",
        "strip": "first\nsecond",
        "keep": "first\nsecond\n\n",
        "indented": "  first\nsecond\n",
        "trailing": "first \nsecond\n",
        "yes": 1, "200": 1.5, "": null, "a: b": true, "big": 1e300, "small": -1, "empty": {"a": [], "b": {}},
        "nested": [[1, [2]], [{"a": [1]}], []],
    });
    let text = import::to_yaml(&tricky);
    let read: serde_json::Value = serde_yaml::from_str(&text).expect("valid YAML");
    assert_eq!(read, tricky, "{text}");
    for word in ["yes", "no", "on", "Off", "y", "12:30:00", "2026-01-01", "1_000"] {
        assert!(text.contains(&format!("- '{word}'\n")), "{word} is quoted in\n{text}");
    }
    assert!(text.contains("block: |\n  first\n  second\n\n    third\n"), "{text}");
}

const SETTINGS: &str = "\
# Who we are.
name = \"shop\"
title = \"Shop\"
status = \"documented\"

[[sources]]
title = \"Old page\" # by hand
kind = \"page\"
covers = \"orders\"

# How to reach it.
[targets.sandbox]
kind = \"embedded\"
";

#[test]
fn provenance_is_added_or_brought_up_to_date_and_the_rest_stays() {
    let of = |title: &str| {
        Provenance::of(title, "page", "2026-11-21", "the \"whole\" API", Path::new("a/page.md"), b"abc")
    };
    let added = import::record(Path::new("api.toml"), SETTINGS, &of("New page")).expect("recorded");
    let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let entry = format!(
        "\n[[sources]]\ntitle = \"New page\"\nkind = \"page\"\nretrieved = \"2026-11-21\"\ncovers = 'the \"whole\" API'\nsha256 = \"{digest}\"\nfile = \"page.md\"\n"
    );
    assert!(added.contains(&entry), "{added}");
    assert_eq!(added.replacen(&entry, "", 1), SETTINGS, "nothing else has changed");
    let updated = import::record(Path::new("api.toml"), SETTINGS, &of("Old page")).expect("recorded");
    assert_eq!(updated.matches("[[sources]]").count(), 1, "{updated}");
    assert!(
        updated.contains(digest) && updated.contains("# How to reach it.\n[targets.sandbox]"),
        "{updated}"
    );
    let again = import::record(Path::new("api.toml"), &updated, &of("Old page")).expect("recorded");
    assert_eq!(again, updated);
}
