//! Norms: what is learned, kept and judged by; what does not get into them; and files that are damaged.
#![expect(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod support;

use std::path::Path;

use driftline_conformance::norms::Form;
use driftline_conformance::{Norms, Report, RunOptions, Verdict, report, survey};
use driftline_specs::Api;
use serde_json::{Value, json};
use support::{Asked, Reply, Server, edit, notes, options};

/// The notes, each with a mood and a due day, changed before they are answered.
async fn moody(change: fn(&Asked, &mut Value)) -> Server {
    notes(move |asked, reply| {
        if reply.status >= 300 || asked.method == "DELETE" {
            return reply;
        }
        edit(reply, |body| match body.get_mut("notes").and_then(Value::as_array_mut) {
            Some(notes) => notes.iter_mut().for_each(|note| change(asked, note)),
            None => change(asked, body),
        })
    })
    .await
}

async fn learned(options: RunOptions) -> (Report, Norms) {
    let (report, norms) = survey(options).await.unwrap();
    (Report::new(0, vec![report]), norms)
}

fn read(text: &str) -> Result<Norms, driftline_conformance::Error> {
    Norms::from_text(Path::new("norms/test.json"), text)
}

#[tokio::test]
async fn what_is_learned_comes_back_the_same_and_satisfies_its_schema() {
    let server = moody(|_, _| {}).await;
    let (_, norms) = learned(options(server.target())).await;
    let text = norms.to_json();
    assert_eq!(read(&text).unwrap(), norms);
    let twice = norms.clone().and(&norms);
    assert_eq!(twice.runs, 2);
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("norms.schema.json");
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(schema).unwrap()).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    for text in [text, twice.to_json()] {
        let json: Value = serde_json::from_str(&text).unwrap();
        let errors: Vec<String> = validator.iter_errors(&json).map(|error| error.to_string()).collect();
        assert_eq!(errors, [""; 0]);
    }
}

#[tokio::test]
async fn the_same_run_learns_the_same_but_for_its_speed() {
    let mut texts = Vec::new();
    for _ in 0..2 {
        let server = moody(|_, _| {}).await;
        let mut target = server.target();
        target.concurrency = 1;
        let (_, mut norms) = learned(options(target)).await;
        let operations = norms.operations.values_mut();
        operations.flat_map(|it| it.answers.values_mut()).for_each(|answers| answers.latency.clear());
        texts.push(norms.to_json());
    }
    assert_eq!(texts[0], texts[1]);
}

#[tokio::test]
async fn merging_adds_what_was_counted_and_keeps_the_least_share() {
    let server = moody(|_, _| {}).await;
    let (_, norms) = learned(options(server.target())).await;
    let both = norms.clone().and(&norms).and(&norms);
    for (id, operation) in &norms.operations {
        let merged = &both.operations[id];
        for (asked, statuses) in &operation.statuses {
            assert_eq!(merged.statuses[asked].answers, statuses.answers * 3);
            for (status, count) in &statuses.of {
                assert_eq!(merged.statuses[asked].of[status].least_percent, count.least_percent);
            }
        }
        for (status, answers) in &operation.answers {
            for (location, place) in &answers.places {
                let merged = &merged.answers[status];
                assert_eq!(merged.places[location].present, place.present * 3);
                assert_eq!(merged.parent_of(location).runs, 3);
            }
        }
    }
    let other = Norms { target: "elsewhere".to_owned(), ..norms.clone() };
    assert!(norms.fits(&other).unwrap_err().contains("`elsewhere`"));
    assert_eq!(norms.fits(&norms), Ok(()));
}

#[tokio::test]
async fn a_run_like_those_before_is_silent_and_one_that_lacks_something_is_told() {
    let right = moody(|_, _| {}).await;
    let (_, norms) = learned(options(right.target())).await;
    let judged = async |server: &Server| {
        let mut options = options(server.target());
        options.norms = Some(norms.clone());
        learned(options).await.0
    };
    let quiet = judged(&right).await;
    assert_eq!(quiet.verdict(), Verdict::NoDrift, "{}", report::terminal(&quiet, false));
    let wrong = moody(|asked, note| {
        if asked.path.ends_with("/finish") {
            note.as_object_mut().unwrap().remove("rank");
        }
    })
    .await;
    let told = judged(&wrong).await;
    let findings = &told.apis[0].findings;
    let shown: Vec<_> = findings.iter().map(|it| (it.check.as_str(), it.location.as_str())).collect();
    assert_eq!(shown, [("norm_property_absent", "/rank")], "{}", report::terminal(&told, false));
    assert_eq!(findings[0].confirmations, "3/3");
    assert!(findings[0].message.contains("The norms say: present in "), "{}", findings[0].message);
}

#[tokio::test]
async fn runs_of_other_suites_are_not_judged() {
    let right = moody(|_, _| {}).await;
    let (_, norms) = learned(options(right.target())).await;
    let wrong = moody(|_, note| {
        note.as_object_mut().unwrap().remove("rank");
    })
    .await;
    let mut options = options(wrong.target());
    options.suites.truncate(1);
    assert!(options.fits(&norms).unwrap_err().contains("suites"));
    options.norms = Some(norms);
    assert_eq!(learned(options).await.0.apis[0].findings, []);
}

/// A person of its own for each note: a name, an address, a number.
fn person(note: &Value) -> [String; 4] {
    let id = note["note_id"].as_str().unwrap();
    let number: usize = id[24..].parse().unwrap();
    let name: String = format!("{number:05}").bytes().map(|digit| char::from(digit - b'0' + b'k')).collect();
    [
        format!("Wilhelmina{name}"),
        format!("{name}@example.com"),
        format!("900-{:02}-{:04}", number % 100, number),
        format!("{number} Elm Row"),
    ]
}

#[tokio::test]
async fn no_person_gets_into_norms() {
    let server = moody(|_, note| {
        let parts = person(note);
        let note = note.as_object_mut().unwrap();
        let labels = parts.iter().map(|part| (part.clone(), json!(part))).collect::<serde_json::Map<_, _>>();
        note.insert("labels".to_owned(), labels.clone().into());
        note.insert("text".to_owned(), json!(parts.join(", ")));
        // As the value of an enum, in an object that nobody knows, and as a property that nobody declares.
        note.insert("kind".to_owned(), json!(parts[0]));
        note.insert("stranger".to_owned(), labels.into());
        note.insert(parts[0].clone(), json!(parts[0]));
    })
    .await;
    let mut options = options(server.target());
    options.max_requests = Some(400);
    let (report, norms) = learned(options).await;
    assert!(report.apis[0].requests > 100);
    let text = norms.to_json();
    for place in ["/labels/*", "/text", "/kind", "/stranger"] {
        assert!(text.contains(&format!("\"{place}\"")), "{place} is not in\n{text}");
    }
    for part in ["Wilhelmina", "kkk", "@example", "900-", "Elm Row"] {
        assert!(!text.contains(part), "{part} is in\n{text}");
    }
}

#[tokio::test]
async fn damaged_files_are_refused_with_their_place() {
    let server = moody(|_, _| {}).await;
    let (_, norms) = learned(options(server.target())).await;
    let text = norms.to_json();
    let message = |text: &str| read(text).unwrap_err().to_string();
    assert!(message("").starts_with("norms/test.json:"), "{}", message(""));
    let cut = &text[..text.len() / 2];
    let line = cut.lines().count();
    assert!(message(cut).starts_with(&format!("norms/test.json:{line}: EOF")), "{}", message(cut));
    let newer = text.replace("\"norms\": 1", "\"norms\": 2");
    assert!(message(&newer).contains("version 2 is not known"), "{}", message(&newer));
    let extra = text.replace("\"runs\": 1,", "\"runs\": 1, \"mood\": 3,");
    assert!(message(&extra).contains("`mood`"), "{}", message(&extra));

    // Edited by hand: more of them have a title than there are.
    let mut edited = norms.clone();
    let answers = edited.operations.get_mut("getNote").unwrap().answers.get_mut(&200).unwrap();
    answers.places.get_mut("/text").unwrap().present += 1000;
    let message = message(&edited.to_json());
    assert!(message.contains("at /operations/getNote/answers/200/places/~1text: `present` is"), "{message}");
}

#[test]
fn the_norms_of_the_embedded_sandbox_are_sane() {
    let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../specs");
    for name in Api::list(&specs).unwrap() {
        let api = Api::load(&specs, &name).unwrap();
        let path = api.dir.join("norms/sandbox.json");
        let text = std::fs::read_to_string(&path).unwrap();
        let norms = Norms::from_text(&path, &text).unwrap();
        assert_eq!(norms.to_json(), text, "{} is not as it is written", path.display());
        assert_eq!((norms.api.as_str(), norms.target.as_str()), (name.as_str(), "sandbox"));
        // One run shows what it shows; several show what they have in common.
        assert!(norms.runs >= 4);
        for operation in api.contract.operations() {
            let known = &norms.operations[&operation.id];
            let success = known.answers.iter().find(|(status, _)| (200..300).contains(*status)).unwrap();
            assert!(success.1.resources > 0 && !success.1.places.is_empty(), "{}", operation.id);
            let latency = known.answers.values().any(|answers| !answers.latency.is_empty());
            assert!(!latency, "a stand-in has no speed of its own");
        }
        assert!(text.len() < 200_000, "{} bytes", text.len());
        let forms = norms.operations.values().flat_map(|it| it.answers.values());
        assert!(forms.flat_map(|it| it.places.values()).any(|it| it.forms.contains_key(&Form::DateTime)));
    }
}

#[tokio::test]
async fn a_hostile_answer_does_not_make_norms_grow_without_end() {
    let server = notes(|asked, reply| {
        if asked.method != "POST" || reply.status != 201 {
            return reply;
        }
        let mut body: Value = serde_json::from_str(&reply.body).unwrap();
        let letters = |mut number: usize| {
            let mut name = String::from("x");
            while number > 0 {
                name.push(char::from(b'a' + (number % 26) as u8));
                number /= 26;
            }
            name
        };
        for number in 0..700 {
            body[letters(number)] = json!(1);
        }
        Reply::json(201, &body)
    })
    .await;
    let mut options = options(server.target());
    options.max_requests = Some(40);
    let (_, norms) = learned(options).await;
    let places = norms.operations.values().flat_map(|it| it.answers.values()).map(|it| it.places.len());
    assert!(places.max().unwrap() <= 600);
}
