//! Recordings: what is written is read again, and what was cut off, edited or made up is refused with its place.

use std::fs;
use std::path::Path;
use std::time::Duration;

use driftline_specs::recording::{Answer, Ask, Origin, Parts};
use driftline_specs::{Error, Recording};
use serde_json::{Value, json};

fn origin() -> Origin {
    Origin { target: "sandbox".to_owned(), contract: "0123456789ab".to_owned() }
}

fn header(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

fn parts() -> Parts {
    Parts {
        workflow: Some("buyAnOrder".to_owned()),
        step: Some("create".to_owned()),
        started: "2025-03-01T10:00:00.250Z".to_owned(),
        elapsed: Duration::from_micros(12_500),
        ask: Ask {
            method: "POST".to_owned(),
            url: "https://api.example.com/orders?trace=a%20b&trace=2".to_owned(),
            headers: vec![header("Content-Type", "application/json"), header("Cookie", "a=1; b=2")],
            body: Some(br#"{"count": 1}"#.to_vec()),
        },
        answer: Answer {
            status: 201,
            headers: vec![
                header("content-type", "application/json; charset=utf-8"),
                header("location", "/orders/7"),
                header("set-cookie", "session=x; Path=/; HttpOnly; Secure"),
            ],
            body: "{\"id\": \"7\", \"name\": \"Zoë\"}".as_bytes().to_vec(),
        },
    }
}

fn recording() -> Recording {
    let mut recording = Recording::new(&origin());
    recording.page("buyAnOrder", "Buys an order.", "2025-03-01T10:00:00Z");
    recording.push(&parts()).expect("fits");
    recording
}

fn document() -> Value {
    serde_json::from_str(&recording().to_text()).expect("is JSON")
}

/// The error of a recording that was changed.
fn refused(change: impl FnOnce(&mut Value)) -> Error {
    let mut document = document();
    change(&mut document);
    let text = serde_json::to_string_pretty(&document).expect("is written");
    Recording::from_text(Path::new("edited.har"), &text).expect_err("is refused")
}

#[test]
fn what_is_written_is_read_again_and_gives_the_same_bytes() {
    let written = recording().to_text();
    let read = Recording::from_text(Path::new("own.har"), &written).expect("reads");
    assert_eq!(read.to_text(), written);
    assert!(written.ends_with("}\n"), "a file ends with a newline");
    assert_eq!(read.origin(), Some(origin()));
    assert_eq!(read.creator().0, "driftline");
    assert_eq!(read.workflows().collect::<Vec<_>>(), [("buyAnOrder", "Buys an order.")]);
    let entry = read.entries().next().expect("has one");
    assert_eq!(entry.to_parts(), parts());
    assert_eq!(entry.request_header("content-type"), Some("application/json"));
    assert_eq!(entry.request_media_type(), Some("application/json"));
    assert_eq!(entry.response_media_type(), Some("application/json; charset=utf-8"));
    assert_eq!((entry.workflow(), entry.step()), (Some("buyAnOrder"), Some("create")));
    assert_eq!(entry.elapsed(), Duration::from_micros(12_500));
}

#[test]
fn every_field_that_a_browser_needs_is_there() {
    let document = document();
    let entry = &document["log"]["entries"][0];
    for place in [
        "/log/version",
        "/log/creator/name",
        "/log/creator/version",
        "/log/pages/0/startedDateTime",
        "/log/pages/0/pageTimings",
    ] {
        assert!(document.pointer(place).is_some(), "{place}");
    }
    assert_eq!(document["log"]["version"], "1.2");
    assert_eq!(entry["cache"], json!({}));
    assert_eq!(entry["timings"]["wait"], 12.5);
    assert_eq!(entry["request"]["httpVersion"], "HTTP/1.1");
    let query = json!([{"name": "trace", "value": "a b"}, {"name": "trace", "value": "2"}]);
    assert_eq!(entry["request"]["queryString"], query);
    assert_eq!(
        entry["request"]["cookies"],
        json!([{"name": "a", "value": "1"}, {"name": "b", "value": "2"}])
    );
    assert_eq!(entry["request"]["bodySize"], 12);
    assert_eq!(entry["response"]["content"]["size"], 27);
    assert_eq!(entry["response"]["redirectURL"], "/orders/7");
    assert_eq!(entry["response"]["statusText"], "Created");
    assert_eq!(entry["response"]["cookies"][0]["httpOnly"], true);
    for message in ["request", "response"] {
        assert_eq!(entry[message]["headersSize"], -1);
    }
}

#[test]
fn bodies_that_are_no_text_keep_their_bytes() {
    let mut recording = Recording::new(&origin());
    let mut parts = parts();
    let bytes: Vec<u8> = (0..=255).collect();
    parts.ask.body = Some(bytes.clone());
    parts.answer.body = bytes.clone();
    recording.push(&parts).expect("fits");
    parts.ask.body = None;
    parts.answer.body.clear();
    recording.push(&parts).expect("fits");
    parts.ask.body = Some(Vec::new());
    recording.push(&parts).expect("fits");
    let read = Recording::from_text(Path::new("own.har"), &recording.to_text()).expect("reads");
    let entries: Vec<_> = read.entries().collect();
    assert_eq!(entries[0].request_body().as_deref(), Some(&bytes[..]));
    assert_eq!(&*entries[0].response_body(), &bytes[..]);
    assert_eq!(entries[1].request_body(), None);
    assert!(entries[1].response_body().is_empty());
    assert_eq!(entries[2].request_body().as_deref(), Some(&[][..]));
    assert_eq!(read.workflows().collect::<Vec<_>>(), [("buyAnOrder", "buyAnOrder")], "a page was made");
}

#[test]
fn forms_that_stand_there_as_parameters_are_written_out() {
    let form = |data: Value| {
        let mut document = document();
        document["log"]["entries"][0]["request"]["postData"] = data;
        document["log"]["entries"][0]["request"]["bodySize"] = json!(-1);
        let read =
            Recording::from_text(Path::new("form.har"), &document.to_string()).expect("keeps to the form");
        let body = read.entries().next().expect("has one").request_body().expect("has a body").into_owned();
        String::from_utf8(body).expect("is text")
    };
    let params = json!([{"name": "a b", "value": "1&2"}, {"name": "file", "value": "eHk=", "comment": "base64", "fileName": "x\".pdf", "contentType": "application/pdf"}]);
    let body = form(
        json!({"mimeType": "application/x-www-form-urlencoded", "params": [{"name": "a b", "value": "1&2"}]}),
    );
    assert_eq!(body, "a+b=1%262");
    let body = form(json!({"mimeType": "multipart/form-data; boundary=\"cut\"", "params": params}));
    let expected = "--cut\r\nContent-Disposition: form-data; name=\"a b\"\r\n\r\n1&2\r\n--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x%22.pdf\"\r\nContent-Type: application/pdf\r\n\r\nxy\r\n--cut--\r\n";
    assert_eq!(body, expected);
}

#[test]
fn the_older_version_is_read_and_others_are_refused_by_name() {
    let mut older = document();
    older["log"]["version"] = json!("1.1");
    let entry = older["log"]["entries"][0].as_object_mut().expect("is an object");
    entry.remove("comment");
    entry["timings"].as_object_mut().expect("is an object").remove("ssl");
    let read = Recording::from_text(Path::new("older.har"), &older.to_string()).expect("is read");
    assert_eq!(read.entries().next().expect("has one").step(), None);
    assert!(read.to_text().contains("\"version\": \"1.2\""), "and written as what it is now");

    let error = refused(|document| document["log"]["version"] = json!("1.3"));
    assert!(matches!(error, Error::Version(_)), "{error}");
    assert_eq!((error.line(), error.pointer()), (Some(3), Some("#/log/version")));
    assert_eq!((error.problem(), error.expected()), ("the HAR has version \"1.3\"", Some("1.2 or 1.1")));
    let error = refused(|document| {
        document["log"].as_object_mut().expect("is an object").remove("version");
    });
    assert_eq!(error.problem(), "the HAR has no version");
}

#[test]
fn what_contradicts_itself_is_refused_with_its_place() {
    let at = |place: &'static str, value: Value| {
        let error = refused(|document| {
            let below = document.pointer_mut(&format!("/log/entries/0{place}"));
            *below.expect("is there") = value;
        });
        let pointer = error.pointer().expect("has a place").to_owned();
        assert!(error.line().is_some_and(|it| it > 10), "{error}");
        assert_eq!(error.file(), Some(Path::new("edited.har")));
        assert!(error.problem().starts_with("entry 0 "), "{error}");
        assert!(error.advice().is_some_and(|it| it.contains("record it again")), "{error}");
        (pointer.trim_start_matches("#/log/entries/0").to_owned(), error.problem().to_owned())
    };
    for (place, value, reason) in [
        ("/response/content/size", json!(26), "the size says 26, but the body has 27 bytes"),
        ("/request/bodySize", json!(13), "the size says 13, but the body has 12 bytes"),
        ("/response/content/text", json!("shorter"), "the size says 27, but the body has 7 bytes"),
        ("/response/status", json!(0), "the status is not from 100 to 599"),
        ("/response/status", json!(600), "the status is not from 100 to 599"),
        ("/request/method", json!("SELL"), "the method is none of GET, PUT, POST"),
        ("/request/method", json!("get"), "the method is none of"),
        ("/request/url", json!("/orders/7"), "the URL is no absolute URL"),
        ("/request/url", json!("file:///etc/passwd"), "the URL is no absolute URL"),
        ("/startedDateTime", json!("yesterday"), "no instant of RFC 3339"),
        ("/time", json!(-2.0), "negative"),
        ("/pageref", json!("sellAnOrder"), "a page that the log does not have"),
        ("/request/headers/0/name", json!("Content Type"), "no name of a header field"),
        ("/request/headers/0/value", json!("a\r\nX: b"), "no value of a header field"),
    ] {
        let (pointer, problem) = at(place, value);
        assert!(problem.contains(reason), "{place}: {problem}");
        let at = if place == "/response/content/text" { "/response/content/size" } else { place };
        assert_eq!(pointer, at);
    }
}

#[test]
fn a_body_that_is_there_twice_or_not_as_it_says_is_refused() {
    let error = refused(|document| {
        let data = &mut document["log"]["entries"][0]["request"]["postData"];
        data["params"] = json!([{"name": "count", "value": "1"}]);
    });
    assert!(error.problem().contains("twice, as text and as parameters"), "{error}");
    let error = refused(|document| {
        document["log"]["entries"][0]["response"]["content"]["encoding"] = json!("base64");
    });
    assert!(error.problem().contains("not the base64 that it says it is"), "{error}");
    let error = refused(|document| {
        document["log"]["entries"][0]["response"]["content"]["encoding"] = json!("gzip");
    });
    assert!(error.problem().contains("the encoding is not base64"), "{error}");
    let error = refused(|document| {
        let content = document["log"]["entries"][0]["response"]["content"].as_object_mut();
        content.expect("is an object").remove("text");
    });
    assert!(error.problem().contains("the answer has a size, but no body"), "{error}");
}

#[test]
fn what_is_missing_or_of_another_type_is_named_and_values_are_not() {
    let error = refused(|document| {
        document["log"]["entries"][0].as_object_mut().expect("is an object").remove("request");
    });
    assert_eq!(error.pointer(), Some("#/log/entries/0"));
    assert!(error.problem().contains("missing field `request`"), "{error}");
    let error = refused(|document| {
        document["log"]["entries"][0]["response"]["status"] = json!("seven-of-nine");
    });
    assert_eq!(error.pointer(), Some("#/log/entries/0/response/status"));
    assert!(!error.to_string().contains("seven"), "{error}");
    let error = refused(|document| document["log"]["entries"] = json!({}));
    assert_eq!(error.pointer(), Some("#/log/entries"));
    let error = refused(|document| document["log"] = json!([]));
    assert!(error.problem().contains("no HAR"), "{error}");
    let error = refused(|document| {
        document["log"].as_object_mut().expect("is an object").remove("creator");
    });
    assert_eq!((error.pointer(), error.line()), (Some("#/log"), Some(2)));
}

#[test]
fn a_file_that_was_cut_off_anywhere_is_an_error_and_not_a_shorter_recording() {
    let written = recording().to_text();
    for end in 0..written.trim_end().len() {
        let Some(cut) = written.get(..end) else { continue };
        let error = Recording::from_text(Path::new("cut.har"), cut).expect_err("is not whole");
        assert!(matches!(error, Error::Syntax(_)), "{error}");
        assert!(error.line().is_some());
    }
    Recording::from_text(Path::new("yaml.har"), "log: {version: '1.2'}").expect_err("HAR is JSON");
}

#[test]
fn a_hostile_file_ends_with_an_error() {
    let deep = format!("{{\"log\":{}", "[".repeat(100_000));
    Recording::from_text(Path::new("deep.har"), &deep).expect_err("nests too deeply");
    let mut many = document();
    let entry = many["log"]["entries"][0].clone();
    many["log"]["entries"] = Value::Array(vec![json!(null); 10_001]);
    let error = Recording::from_text(Path::new("many.har"), &many.to_string()).expect_err("has too many");
    assert_eq!(error.expected(), Some("at most 10000"));
    let mut wide = entry;
    wide["request"]["headers"] = Value::Array(vec![json!({"name": "a", "value": "b"}); 1_001]);
    many["log"]["entries"] = json!([wide]);
    let error = Recording::from_text(Path::new("wide.har"), &many.to_string()).expect_err("is too wide");
    assert_eq!(error.pointer(), Some("#/log/entries/0/request/headers"));
}

#[test]
fn nothing_is_added_that_could_not_be_read_again() {
    let mut recording = recording();
    let mut wrong = parts();
    wrong.answer.status = 99;
    let error = recording.push(&wrong).expect_err("no status");
    assert_eq!(error.pointer(), Some("#/log/entries/1/response/status"));
    assert_eq!(recording.entries().len(), 1);
}

#[test]
fn a_file_is_replaced_whole_or_stays() {
    let folder = tempfile::tempdir().expect("created");
    let path = folder.path().join("deep/er/own.har");
    recording().save(&path).expect("is written");
    let first = fs::read_to_string(&path).expect("is there");
    let mut more = Recording::load(&path).expect("is read");
    more.push(&parts()).expect("fits");
    more.save(&path).expect("is written");
    assert_eq!(Recording::load(&path).expect("is read").entries().len(), 2);
    let names: Vec<_> = fs::read_dir(path.parent().expect("has one")).expect("is there").collect();
    assert_eq!(names.len(), 1, "nothing else is left");

    // A folder in the place of the file cannot be replaced; nothing of the attempt is left.
    let taken = folder.path().join("taken.har");
    fs::create_dir(&taken).expect("created");
    fs::write(taken.join("inside"), &first).expect("written");
    let error = more.save(&taken).expect_err("a folder is in the way");
    assert!(matches!(error, Error::Recording(_)), "{error}");
    assert_eq!(fs::read_to_string(taken.join("inside")).expect("is there"), first);
    assert_eq!(fs::read_dir(folder.path()).expect("is there").count(), 2);
}

#[test]
fn values_do_not_print() {
    let recording = recording();
    let entry = recording.entries().next().expect("has one");
    let printed = format!("{recording:?} {entry:?} {:?}", entry.to_parts());
    for value in ["Zoë", "count", "trace", "session", "b=2"] {
        assert!(!printed.contains(value), "{printed}");
    }
}

#[test]
fn captures_are_read_as_browsers_write_them() {
    let mut document = document();
    let good = document["log"]["entries"][0].clone();
    let mut sizes = good.clone();
    sizes["_initiator"] = json!({"type": "script"});
    sizes["response"]["content"]["size"] = json!(9);
    sizes["request"]["headers"] = json!([{"name": ":path", "value": "/orders"}]);
    sizes["request"]["postData"] = json!({"mimeType": "application/x-www-form-urlencoded", "text": "a=1", "params": [{"name": "a", "value": "1"}]});
    let mut aborted = good.clone();
    aborted["response"]["status"] = json!(0);
    let mut socket = good.clone();
    socket["request"]["url"] = json!("wss://api.example.com/live");
    document["log"]["entries"] = json!([good, sizes, aborted, socket, {}]);
    let text = document.to_string();
    Recording::from_text(Path::new("capture.har"), &text).expect_err("is none of ours");
    let capture = Recording::capture_from_text(Path::new("capture.har"), &text).expect("is read");
    let skipped: Vec<_> = capture.skipped.iter().map(|it| (it.entry, it.reason.as_str())).collect();
    let reasons = [
        (2, "the request had no answer"),
        (3, "the URL is no absolute URL with http or https"),
        (4, "there is a missing field `startedDateTime`"),
    ];
    assert_eq!(skipped, reasons);
    let entries: Vec<_> = capture.recording.entries().collect();
    assert_eq!(entries.len(), 2);
    assert_eq!(entries[1].request_body().as_deref(), Some(&b"a=1"[..]));
    assert_eq!(entries[1].request_headers().count(), 0);
}
