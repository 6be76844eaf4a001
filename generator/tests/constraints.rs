//! What of a contract's constraints the types carry, and what settings and overlays decide of types.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails the test")]

use driftline_generator::ir::Rule;
use driftline_generator::{Generated, LowerError, Settings, generate, lower};
use driftline_specs::Contract;

const SPECIMEN: &str = include_str!("specimens/constraints.yaml");

fn contract(text: &str) -> Contract {
    Contract::from_text("constraints.yaml", text).unwrap()
}

fn settings() -> Settings {
    Settings::new("constraints", "constraints", "constraints.yaml")
}

fn generated(settings: &Settings) -> Generated {
    generate(&contract(SPECIMEN), settings).unwrap()
}

fn file(generated: &Generated, path: &str) -> String {
    generated.tree.get(path).unwrap().to_owned()
}

#[test]
fn a_type_carries_the_constraints_that_can_be_reached_from_it() {
    let generated = generated(&settings());
    let order = file(&generated, "src/models/order.rs");
    for line in [
        "rules::Required(&[\"pass\"]),",
        "rules::Property(\"code\", &[rules::MaxLength(4), rules::Pattern(\"^[0-9]+$\")]),",
        "rules::Property(\"lines\", &[rules::MinItems(1), rules::UniqueItems, rules::Items(&[rules::Type(<Line as \
         rules::Validate>::rules)])]),",
        "rules::Property(\"pass\", &[rules::MinLength(8)]),",
        "rules::Property(\"pay\", &[rules::Type(<OrderPay as rules::Validate>::rules)]),",
        "rules::Property(\"open\", &[rules::Type(<OrderOpen as rules::Validate>::rules), rules::Unlisted]),",
        "rules::Property(\"count\", &[rules::Minimum(\"0\")]),",
        "(\"Text\", &[rules::MaxLength(3)])",
        "&[rules::MaxItems(1), rules::Items(&[rules::Maximum(\"9\")])]",
        "&[rules::MultipleOf(\"5\")]),",
    ] {
        assert!(order.contains(line), "{line}\n{order}");
    }
    assert!(!order.contains("\"secret\", &["), "{order}");
    assert!(file(&generated, "src/models/line.rs").contains("rules::ExclusiveMinimum(\"0\")"));
    assert!(!file(&generated, "src/models/free.rs").contains("rules"));
    // A pattern that looks ahead is named.
    let notice = generated.krate.notices.iter().find(|notice| notice.message.contains("pattern")).unwrap();
    assert_eq!(notice.pointer, "#/components/schemas/Order/properties/secret");
}

#[test]
fn a_text_beside_an_enum_among_other_alternatives_may_be_any() {
    let contract = Contract::from_text("unions.yaml", include_str!("specimens/unions.yaml")).unwrap();
    let generated = generate(&contract, &Settings::new("unions", "unions", "unions.yaml")).unwrap();
    let krate = &generated.krate;
    let rules = |name: &str| &krate.types.iter().find(|definition| definition.name == name).unwrap().rules;
    let [Rule::Variants(variants)] = rules("E").as_slice() else { panic!("{:?}", rules("E")) };
    let (_, text) = variants.iter().find(|(_, rules)| rules.contains(&Rule::Unlisted)).unwrap();
    assert_eq!(text.as_slice(), [Rule::Unlisted]);
}

#[test]
fn an_overlay_decides_what_a_text_or_a_number_becomes() {
    let order = file(&generated(&settings()), "src/models/order.rs");
    for field in [
        "pub id: Uuid,",
        "pub amount: Option<f64>,",
        "pub count: Option<i64>,",
        "pub day: Option<String>,",
        "pub kind: Option<String>,",
    ] {
        assert!(order.contains(field), "{field}\n{order}");
    }
    for (from, to, place) in [
        ("x-rust-type: f64", "x-rust-type: Decimal", "amount"),
        ("format: date, x-rust-type: String", "format: date, x-rust-type: i64", "day"),
        ("format: date, x-rust-type: String", "format: date, x-rust-type: 5", "day"),
        ("{$ref: '#/components/schemas/Free'}", "{type: object, x-rust-type: String}", "free"),
    ] {
        let text = SPECIMEN.replace(from, to);
        assert_ne!(text, SPECIMEN, "{from}");
        let error = lower(&contract(&text), &settings()).unwrap_err();
        let pointer = format!("#/components/schemas/Order/properties/{place}");
        assert_eq!(error.pointer(), Some(pointer.as_str()), "{error}");
        assert!(
            matches!(&error, LowerError::RustType { .. }) && error.to_string().contains("use "),
            "{error}"
        );
    }
}

#[test]
fn undeclared_properties_are_dropped_where_somebody_says_so_and_described_ones_never() {
    let kept = generated(&settings());
    let dropped = generated(&settings().keep_undeclared(false));
    let free = file(&kept, "src/models/free.rs");
    assert!(free.contains("pub additional_properties: AdditionalProperties,"), "{free}");
    let free = file(&dropped, "src/models/free.rs");
    assert!(free.contains("Free only {") && !free.contains("additional_properties"), "{free}");
    let order = file(&dropped, "src/models/order.rs");
    assert!(order.contains("pub additional_properties: AdditionalProperties<i64>,"), "{order}");
}
