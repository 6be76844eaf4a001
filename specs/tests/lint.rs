//! Lints: every rule has a contract of its name in `lint/`, in which a person can read both sides.
//!
//! A line that ends in `# found: words` is one that the rule objects to, with these words in its message. Every other
//! line is one that it has to be silent about.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use driftline_specs::Contract;
use driftline_specs::lint::{self, Rule, Severity};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lint")
}

fn specimen(rule: &Rule) -> (Contract, String) {
    let path = folder().join(format!("{}.yaml", rule.id));
    let text =
        std::fs::read_to_string(&path).unwrap_or_else(|_| panic!("{} has no contract to show it", rule.id));
    (Contract::load(&path, &[]).unwrap_or_else(|error| panic!("{error}")), text)
}

/// The lines that a rule has to object to, with what it has to say.
fn expected(text: &str) -> BTreeMap<usize, &str> {
    let lines = text.lines().zip(1..);
    lines.filter_map(|(line, number)| Some((number, line.split_once("# found: ")?.1))).collect()
}

#[test]
fn every_rule_finds_what_its_contract_shows_and_nothing_else() {
    let mut wrong = Vec::new();
    for rule in lint::rules() {
        let (contract, text) = specimen(rule);
        let expected = expected(&text);
        assert!(!expected.is_empty(), "{} shows nothing", rule.id);
        let mut found: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        for lint in rule.check(&contract) {
            assert_eq!((lint.rule, lint.severity), (rule.id, rule.severity));
            // What cannot be carried over is gone.
            let there = contract.at(&lint.pointer).is_some()
                || ["mended_fault", "refused_operation"].contains(&rule.id);
            assert!(there, "{}: {} leads nowhere", rule.id, lint.pointer);
            let position = lint.position.expect("what is in the text has a place");
            found.entry(position.line).or_default().push(lint.message);
        }
        for (line, words) in &expected {
            let messages = found.remove(line).unwrap_or_default();
            if !messages.iter().any(|message| message.contains(words)) {
                wrong.push(format!("{}:{line}: expected {words:?}, found {messages:?}", rule.id));
            }
        }
        wrong.extend(
            found.iter().map(|(line, messages)| format!("{}:{line}: not expected {messages:?}", rule.id)),
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_contract_is_left_of_a_rule_that_is_gone() {
    for entry in folder().read_dir().unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let id = name.strip_suffix(".yaml").unwrap();
        assert!(lint::rules().iter().any(|rule| rule.id == id), "{name} shows no rule");
    }
}

#[test]
fn rules_are_told_apart_by_their_ids_and_described() {
    let ids: Vec<&str> = lint::rules().iter().map(|rule| rule.id).collect();
    let mut sorted = ids.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(ids, sorted, "ordered by id, each once");
    let page = lint::documentation();
    for rule in lint::rules() {
        assert!(page.contains(&format!("| `{}` | {} | {} |", rule.id, rule.what, rule.why)));
        for words in [rule.what, rule.why] {
            assert!(!words.contains(['|', '\n']) && !words.ends_with('.'), "{words:?} fits no cell");
        }
    }
}

#[test]
fn a_sound_contract_has_no_lint() {
    let contract = Contract::from_text(
        "sound.yaml",
        "openapi: 3.0.3
info: {title: Pets, version: '1'}
tags: [{name: pets}]
security: [{Key: []}]
paths:
  /pets:
    get:
      operationId: listPets
      tags: [pets]
      parameters:
        - {name: limit, in: query, description: At most 100., schema: {type: integer, minimum: 1, maximum: 100}}
      responses:
        '200': {description: Pets., content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
        '401': {description: No., content: {application/json: {schema: {$ref: '#/components/schemas/Error'}}}}
components:
  securitySchemes: {Key: {type: apiKey, in: header, name: x-api-key}}
  schemas:
    Pet:
      type: object
      required: [name]
      properties:
        name: {type: string, maxLength: 30, description: 'Required. At most 30 characters.', example: Rex}
        born: {type: string, format: date, description: Day of birth (YYYY-MM-DD). May be null., nullable: true}
        kind: {type: string, enum: [cat, dog], default: cat, description: 'One of `cat`, `dog`. Defaults to `cat`.'}
    Error: {type: object, properties: {message: {type: string}}}
",
    )
    .unwrap();
    assert_eq!(lint::check(&contract), []);
}

#[test]
fn lints_are_ordered_by_severity_then_rule_then_place_and_are_always_the_same() {
    let text = std::fs::read_to_string(folder().join("enum_contradicts_prose.yaml")).unwrap()
        + "    Impossible: {type: string, minLength: 3, maxLength: 1}\n";
    let lints = || lint::check(&Contract::from_text("api.yaml", &text).unwrap());
    let found = lints();
    assert_eq!(found, lints());
    assert_eq!(found.first().map(|lint| lint.rule), Some("unsatisfiable_schema"));
    let order: Vec<_> = found
        .iter()
        .map(|lint| (std::cmp::Reverse(lint.severity), lint.rule, lint.position.as_ref().unwrap().line))
        .collect();
    assert!(order.is_sorted(), "{order:?}");
    assert!(Severity::Error > Severity::Warning && Severity::Warning > Severity::Hint);
}

#[test]
fn an_overlay_is_named_where_it_is_at_fault() {
    let document = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}
components: {schemas: {Kind: {type: string, enum: [cat, dog]}}}\n";
    let overlay = "overlay: 1.0.0\ninfo: {title: O, version: '1'}
actions:
  - target: $.components.schemas.Kind
    update: {default: fish}\n";
    let contract = Contract::from_text_with_overlay("api.yaml", document, overlay).unwrap();
    let lints = lint::check(&contract);
    let lint = lints.iter().find(|lint| lint.rule == "default_violates_schema").unwrap();
    let position = lint.position.as_ref().unwrap();
    assert_eq!((position.file.to_str(), position.line), (Some("api.yaml (overlay)"), 5));
    assert_eq!(lint.pointer, "#/components/schemas/Kind/default");
}

#[test]
fn hostile_contracts_end() {
    // Schemas that contain each other in every way, and prose that invites to look for long.
    let many = |count: usize, member: &dyn Fn(usize) -> String| (0..count).map(member).collect::<String>();
    let cycle = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n"
        .to_owned()
        + &many(25, &|index| {
            let all =
                (0..25).map(|other| format!("{{$ref: '#/components/schemas/S{other}'}}")).collect::<Vec<_>>();
            let all = all.join(", ");
            format!(
                "    S{index}: {{required: [a], allOf: [{all}], oneOf: [{all}], anyOf: [{all}], items: {{$ref: '#/components/schemas/S{index}'}}}}\n"
            )
        });
    let prose = "one of `a`, ".repeat(5_000) + &"`null_if_a_b` (required) max 3 ".repeat(5_000);
    let words = format!(
        "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths: {{}}\ncomponents:\n  schemas:\n    A: {{type: string, description: {}}}\n",
        serde_json::json!(prose)
    );
    for text in [cycle, words] {
        // Whether such a contract is read is another test's affair.
        if let Ok(contract) = Contract::from_text("api.yaml", &text) {
            lint::check(&contract);
        }
    }
}
