//! Series against a small server: what several requests show together, and the bounds that hold for them.
#![expect(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod support;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use driftline_conformance::report::{Finding, FindingStatus, terminal};
use driftline_conformance::target::TargetKind;
use driftline_conformance::{Report, RunOptions, Verdict};
use driftline_specs::Contract;
use serde_json::{Value, json};
use support::{Asked, Reply, Server, edit, report, target};

/// Jars on a shelf: made, read, replaced, relabelled by an action, and listed with one more member of `x-pagination`.
fn contract(pagination: &Value) -> Contract {
    contract_with(pagination, &json!({ "type": "integer", "minimum": 1, "maximum": 50 }))
}

/// The same with this schema of the size of a page.
fn contract_with(pagination: &Value, size: &Value) -> Contract {
    Contract::from_text("jars.json", &document(pagination, size).to_string()).unwrap()
}

/// The same, with a list whose items say nothing of lids.
fn without_lids() -> Contract {
    let pagination = json!({ "style": "offset", "offset": "offset", "limit": "limit", "items": "/jars" });
    let mut document = document(&pagination, &json!({ "type": "integer", "minimum": 1, "maximum": 50 }));
    let list = "/paths/~1jars/get/responses/200/content/application~1json/schema/properties/jars/items";
    *document.pointer_mut(list).unwrap() = json!({ "type": "object", "required": ["jar_id"], "properties": {
        "jar_id": { "type": "string" }, "label": { "type": "string" } } });
    Contract::from_text("jars.json", &document.to_string()).unwrap()
}

fn document(pagination: &Value, size: &Value) -> Value {
    let jar = json!({ "$ref": "#/components/schemas/Jar" });
    let new_jar = json!({ "$ref": "#/components/schemas/NewJar" });
    let body = |schema: &Value| json!({ "application/json": { "schema": schema } });
    let answer = |schema: &Value| json!({ "description": "ok", "content": body(schema) });
    let given = |schema: &Value| json!({ "required": true, "content": body(schema) });
    let gone = json!({ "description": "no such jar" });
    let query = |name: &str, schema: Value| json!({ "name": name, "in": "query", "schema": schema });
    let id = json!([{ "name": "jar_id", "in": "path", "required": true, "schema": { "type": "string" } }]);
    let list = json!({ "type": "object", "required": ["jars"], "properties": {
        "jars": { "type": "array", "items": jar },
        "total": { "type": "integer" },
        "next": { "type": "string", "nullable": true },
    } });
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Jars", "version": "1" },
        "paths": {
            "/jars": {
                "post": { "operationId": "createJar", "requestBody": given(&new_jar),
                    "responses": { "201": answer(&jar) } },
                "get": { "operationId": "listJars", "x-pagination": pagination,
                    "parameters": [
                        query("limit", size.clone()),
                        query("offset", json!({ "type": "integer", "minimum": 0, "maximum": 1000 })),
                        query("lid", json!({ "type": "string", "enum": ["red", "blue"] })),
                    ],
                    "responses": { "200": answer(&list) } },
            },
            "/jars/{jar_id}": {
                "parameters": id,
                "get": { "operationId": "getJar", "responses": { "200": answer(&jar), "404": gone } },
                "put": { "operationId": "replaceJar", "requestBody": given(&new_jar),
                    "responses": { "200": answer(&jar), "404": gone } },
            },
            "/jars/{jar_id}/relabel": {
                "parameters": id,
                "post": { "operationId": "relabelJar", "requestBody": given(&new_jar),
                    "responses": { "200": answer(&jar), "404": gone } },
            },
        },
        "components": { "schemas": {
            "NewJar": { "type": "object", "required": ["label", "lid"], "properties": {
                "label": { "type": "string", "minLength": 2, "maxLength": 12, "pattern": "^[a-z]+$" },
                "lid": { "type": "string", "enum": ["red", "blue"] },
            } },
            "Jar": { "type": "object", "required": ["jar_id", "label", "lid"], "properties": {
                "jar_id": { "type": "string" },
                "label": { "type": "string" },
                "lid": { "type": "string", "enum": ["red", "blue"] },
            } },
        } },
    })
}

fn by_offset() -> Contract {
    contract(&json!({ "style": "offset", "offset": "offset", "limit": "limit", "items": "/jars",
        "total": "/total" }))
}

fn by_url() -> Contract {
    contract(&json!({ "style": "url", "limit": "limit", "items": "/jars", "next": "/next" }))
}

/// How many jars stand on the shelf from the start.
const SEEDS: usize = 12;

/// The jars as they should be.
struct Shelf {
    jars: Vec<Value>,
}

impl Shelf {
    fn new() -> Shelf {
        let mut shelf = Shelf { jars: Vec::new() };
        for number in 0..SEEDS {
            shelf.add(&json!({ "label": "seed", "lid": if number % 3 == 0 { "red" } else { "blue" } }));
        }
        shelf
    }

    fn add(&mut self, body: &Value) -> Value {
        let id = format!("jar-{}", self.jars.len());
        let jar = json!({ "jar_id": id, "label": body["label"], "lid": body["lid"] });
        self.jars.push(jar.clone());
        jar
    }

    fn answer(&mut self, asked: &Asked) -> Reply {
        let body: Value = serde_json::from_str(&asked.body).unwrap_or_default();
        let segments: Vec<&str> = asked.path.trim_matches('/').split('/').collect();
        match (asked.method.as_str(), segments.as_slice()) {
            ("POST", ["jars"]) => Reply::json(201, &self.add(&body)),
            ("GET", ["jars"]) => {
                let number = |name| query(asked, name).and_then(|it| it.parse::<usize>().ok());
                let (limit, offset) = (number("limit").unwrap_or(5), number("offset").unwrap_or(0));
                let lid = query(asked, "lid");
                let fits = |jar: &&Value| lid.as_ref().is_none_or(|lid| jar["lid"] == lid.as_str());
                let all: Vec<&Value> = self.jars.iter().filter(fits).collect();
                let page: Vec<&Value> = all.iter().skip(offset).take(limit).copied().collect();
                let after = offset + page.len();
                let filter = lid.as_ref().map(|lid| format!("&lid={lid}")).unwrap_or_default();
                let next = (after < all.len()).then(|| format!("/jars?limit={limit}&offset={after}{filter}"));
                Reply::json(200, &json!({ "jars": page, "total": all.len(), "next": next }))
            }
            (method, ["jars", id, rest @ ..]) => {
                let Some(jar) = self.jars.iter_mut().find(|jar| jar["jar_id"] == *id) else {
                    return Reply::empty(404);
                };
                match (method, rest) {
                    ("GET", []) => {}
                    ("PUT", []) => *jar = json!({ "jar_id": id, "label": body["label"], "lid": body["lid"] }),
                    // An action that is told a label and is free to make of it what it likes.
                    ("POST", ["relabel"]) => jar["label"] = json!("relabelled"),
                    (_, []) => return Reply::empty(405).with("allow", "GET, PUT"),
                    _ => return Reply::empty(405).with("allow", "POST"),
                }
                Reply::json(200, jar)
            }
            _ => Reply::empty(404),
        }
    }
}

fn query(asked: &Asked, name: &str) -> Option<String> {
    let mut pairs = asked.query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
}

fn is_list(asked: &Asked) -> bool {
    asked.method == "GET" && asked.path == "/jars"
}

/// Serves jars whose right answers may be changed.
async fn jars(change: impl Fn(&Asked, Reply) -> Reply + Send + Sync + 'static) -> Server {
    let shelf = Arc::new(Mutex::new(Shelf::new()));
    Server::start(move |asked| {
        let reply = shelf.lock().unwrap().answer(&asked);
        let reply = change(&asked, reply);
        async move { reply }
    })
    .await
}

fn options(server: &Server, contract: Contract) -> RunOptions {
    let mut target = target(&server.url);
    target.credentials.clear();
    let mut options = RunOptions::new("jars", contract, target);
    options.requests_per_operation = 8;
    options
}

/// Probes jars whose right answers are changed.
async fn probed(
    contract: Contract,
    change: impl Fn(&Asked, Reply) -> Reply + Send + Sync + 'static,
) -> Report {
    let server = jars(change).await;
    report(options(&server, contract)).await
}

/// Returns the only finding.
fn only(report: &Report) -> &Finding {
    assert_eq!(report.apis[0].findings.len(), 1, "{}", terminal(report, false));
    &report.apis[0].findings[0]
}

fn checks(report: &Report) -> Vec<&str> {
    let mut checks: Vec<&str> = report.apis[0].findings.iter().map(|it| it.check.as_str()).collect();
    checks.sort_unstable();
    checks.dedup();
    checks
}

#[tokio::test]
async fn a_right_server_gives_no_finding() {
    for contract in [by_offset(), by_url()] {
        // What the action makes of a label is its own affair: it is not compared.
        let report = probed(contract, |_, reply| reply).await;
        assert_eq!(report.verdict(), Verdict::NoDrift, "{}", terminal(&report, false));
        assert_eq!(report.apis[0].coverage.succeeded, 5);
    }
}

#[tokio::test]
async fn only_sizes_of_page_that_the_contract_allows_are_asked_for() {
    let pagination = json!({ "style": "offset", "offset": "offset", "limit": "limit", "items": "/jars" });
    for (size, small) in [
        (json!({ "type": "integer", "minimum": 15, "maximum": 40 }), Some(20)),
        (json!({ "type": "integer", "enum": [7, 10] }), Some(10)),
        (json!({ "type": "integer", "enum": [7] }), None),
    ] {
        let server = jars(|_, reply| reply).await;
        report(options(&server, contract_with(&pagination, &size))).await;
        let asked = server.asked();
        let sizes = asked.iter().filter_map(|it| query(it, "limit")?.parse::<u64>().ok());
        let mut sizes: Vec<u64> = sizes.collect();
        sizes.sort_unstable();
        sizes.dedup();
        let allows = |it: &u64| match size["enum"].as_array() {
            Some(listed) => listed.contains(&json!(it)),
            None => (15..=40).contains(it),
        };
        assert!(sizes.iter().all(allows), "{size}: {sizes:?}");
        if let Some(small) = small {
            // The second page of a walk.
            let second = format!("limit={small}&offset={small}");
            assert!(asked.iter().any(|it| it.query == second), "{size}: {sizes:?}");
        }
    }
}

/// Probes jars whose filtered list is empty in some of the series that ask for it, and says in how many it was.
async fn filtered(strikes: impl Fn(usize) -> bool + Send + Sync + 'static) -> (Report, usize) {
    let (series, struck) = (Mutex::new((None, 0)), Arc::new(AtomicUsize::new(0)));
    let count = Arc::clone(&struck);
    let report = probed(by_offset(), move |asked, reply| {
        let (whole, number) = &mut *series.lock().unwrap();
        let page = is_list(asked).then(|| (query(asked, "limit"), query(asked, "offset")));
        let is_filtered = page.is_some() && query(asked, "lid").is_some();
        // The page without a filter comes right before.
        if !is_filtered || page != whole.take() {
            *whole = page.filter(|_| !is_filtered);
            return reply;
        }
        *number += 1;
        if !strikes(*number - 1) {
            return reply;
        }
        count.fetch_add(1, Ordering::SeqCst);
        edit(reply, |list| list["jars"] = json!([]))
    })
    .await;
    (report, struck.load(Ordering::SeqCst))
}

#[tokio::test]
async fn what_several_requests_show_once_may_be_the_worlds_doing_and_what_they_show_again_is_found() {
    let (report, struck) = filtered(|number| number == 0).await;
    assert_eq!((report.verdict(), struck), (Verdict::NoDrift, 1), "{}", terminal(&report, false));
    let (report, struck) = filtered(|number| number % 5 == 0).await;
    let finding = only(&report);
    assert_eq!(
        (finding.check.as_str(), finding.status),
        ("filter_loses_nothing", FindingStatus::Intermittent)
    );
    assert!(struck > 1 && !finding.confirmations.starts_with("0/"), "{struck}: {}", finding.confirmations);
}

/// Probes jars whose list says nothing of lids; a filtered one becomes another one, given all jars and those it has.
async fn of_lids(change: impl Fn(&Value, Value) -> Value + Send + Sync + 'static) -> Report {
    let all = Mutex::new(json!([]));
    probed(without_lids(), move |asked, reply| {
        if !is_list(asked) || reply.status != 200 {
            return reply;
        }
        edit(reply, |list| {
            for jar in list["jars"].as_array_mut().unwrap() {
                jar.as_object_mut().unwrap().remove("lid");
            }
            let mut all = all.lock().unwrap();
            match query(asked, "lid") {
                None => *all = list["jars"].clone(),
                Some(_) => {
                    let limit = query(asked, "limit").and_then(|it| it.parse().ok()).unwrap_or(5);
                    list["jars"] = change(&all, list["jars"].take());
                    list["jars"].as_array_mut().unwrap().truncate(limit);
                }
            }
        })
    })
    .await
}

#[tokio::test]
async fn a_filter_by_what_only_reading_tells_is_held_to_that() {
    let report = of_lids(|_, kept| kept).await;
    assert_eq!(checks(&report), [""; 0], "{}", terminal(&report, false));
    let report = of_lids(|all, _| all.clone()).await;
    let finding = only(&report);
    assert_eq!((finding.check.as_str(), finding.operation_id.as_str()), ("filter_selects", "listJars"));
    assert_eq!(finding.observed, "an item that is read with another value");
    assert!(finding.message.contains("was filtered by lid, and some items read with getJar"));
    assert!(finding.curl.contains("lid="), "the list is what shows it: {}", finding.curl);
    let lost = |kept: Value| kept.as_array().unwrap().iter().skip(1).cloned().collect();
    let report = of_lids(move |_, kept| lost(kept)).await;
    assert_eq!(checks(&report), ["filter_loses_nothing"], "{}", terminal(&report, false));
}

#[tokio::test]
async fn what_is_created_and_not_listed_is_found() {
    // The list shows what was there from the start, and nothing that came later.
    let report = probed(by_offset(), |asked, reply| match is_list(asked) && query(asked, "lid").is_none() {
        true => edit(reply, |page| {
            let offset = query(asked, "offset").and_then(|it| it.parse().ok()).unwrap_or(0);
            let left = SEEDS.saturating_sub(offset);
            page["jars"].as_array_mut().unwrap().truncate(left);
            page["total"] = json!(SEEDS);
        }),
        false => reply,
    })
    .await;
    let finding = only(&report);
    assert_eq!((finding.check.as_str(), finding.operation_id.as_str()), ("created_is_listed", "listJars"));
    assert_eq!((finding.location.as_str(), finding.status), ("/jars", FindingStatus::Confirmed));
    assert!(finding.message.starts_with("After createJar, GET /jars was walked through in "));
    assert!(finding.curl.contains("/jars?"), "{}", finding.curl);
}

#[tokio::test]
async fn what_is_written_and_not_kept_is_found_for_what_is_made_and_what_is_replaced() {
    let report = probed(by_offset(), |asked, reply| match asked.method == "GET" && reply.status == 200 {
        true if !is_list(asked) => edit(reply, |jar| jar["label"] = json!("label")),
        _ => reply,
    })
    .await;
    let finding = only(&report);
    assert_eq!((finding.check.as_str(), finding.operation_id.as_str()), ("written_is_read_back", "getJar"));
    assert_eq!((finding.location.as_str(), finding.observed.as_str()), ("/label", "another value"));
    assert_eq!(finding.contract, "#/components/schemas/Jar/properties/label");
    assert!(finding.exchanges >= 2, "after createJar and after replaceJar: {}", finding.exchanges);
}

#[tokio::test]
async fn a_next_page_on_another_host_is_never_asked_for() {
    let elsewhere = Server::start(|_| async { Reply::json(200, &json!({ "jars": [] })) }).await;
    let url = elsewhere.url.clone();
    let server = jars(move |asked, reply| match is_list(asked) && reply.status == 200 {
        true => edit(reply, |page| {
            if let Some(next) = page["next"].as_str().map(str::to_owned) {
                page["next"] = json!(format!("{url}{next}"));
            }
        }),
        false => reply,
    })
    .await;
    let report = report(options(&server, by_url())).await;
    assert_eq!(elsewhere.asked(), [], "nothing leaves the host");
    assert_eq!(checks(&report), ["pages_end"], "told as what it is: {}", terminal(&report, false));
    assert_eq!(only(&report).observed, "a page somewhere else");
}

#[tokio::test]
async fn a_total_that_lies_makes_no_walk_endless() {
    for total in [0, 1_000_000, u64::MAX] {
        let server = jars(move |asked, reply| match is_list(asked) && reply.status == 200 {
            true => edit(reply, |page| page["total"] = json!(total)),
            false => reply,
        })
        .await;
        let report = report(options(&server, by_offset())).await;
        assert_eq!(checks(&report), ["total_counts_the_list"], "{}", terminal(&report, false));
        assert!(server.asked().len() < 600, "{} requests", server.asked().len());
    }
}

/// The findings of a check in a run that lists jars often.
async fn refused(rule: impl Fn(&Asked) -> bool + Send + Sync + 'static) -> Vec<(String, String, String)> {
    let server = jars(move |asked, reply| match is_list(asked) && rule(asked) {
        true => Reply::json(400, &json!({})),
        false => reply,
    })
    .await;
    let mut options = options(&server, by_offset());
    options.requests_per_operation = 60;
    let report = report(options).await;
    let told = report.apis[0].findings.iter().filter(|it| it.check == "valid_request_accepted");
    told.map(|it| (it.operation_id.clone(), it.severity.to_string(), it.message.clone())).collect()
}

#[tokio::test]
async fn a_query_that_is_refused_only_beside_another_part_is_taken_apart() {
    let found = refused(|asked| query(asked, "lid").is_some() && query(asked, "limit").is_none()).await;
    let [(operation, severity, message)] = found.as_slice() else { panic!("{found:#?}") };
    assert_eq!((operation.as_str(), severity.as_str()), ("listJars", "notice"));
    assert!(message.contains("GET /jars refused a query whose l"), "{message}");
}

#[tokio::test]
async fn a_query_that_is_refused_now_and_then_is_told_of() {
    let turns = AtomicUsize::new(0);
    let found = refused(move |_| turns.fetch_add(1, Ordering::SeqCst) % 3 == 1).await;
    let [(operation, severity, message)] = found.as_slice() else { panic!("{found:#?}") };
    assert_eq!((operation.as_str(), severity.as_str()), ("listJars", "breaking"));
    assert!(message.contains("was refused, and the same accepted right after that"), "{message}");
}

#[tokio::test]
async fn a_list_without_end_is_left_after_some_pages_and_proves_nothing() {
    let server = jars(|asked, reply| match is_list(asked) {
        true => {
            let number = |name| query(asked, name).and_then(|it| it.parse::<usize>().ok());
            let (limit, offset) = (number("limit").unwrap_or(5), number("offset").unwrap_or(0));
            let lid = query(asked, "lid").unwrap_or_else(|| "red".to_owned());
            let jar = |at| json!({ "jar_id": format!("n{at}"), "label": "some", "lid": lid });
            let page: Vec<Value> = (offset..offset + limit).map(jar).collect();
            Reply::json(200, &json!({ "jars": page }))
        }
        false => reply,
    })
    .await;
    let mut options = options(&server, by_offset());
    options.resources = driftline_conformance::Resources::Own;
    let report = report(options).await;
    assert_eq!(checks(&report), [""; 0], "{}", terminal(&report, false));
    assert!(server.asked().len() < 600, "{} requests", server.asked().len());
}

#[tokio::test]
async fn the_budget_bounds_series_too() {
    let server = jars(|_, reply| reply).await;
    report(options(&server, by_offset())).await;
    let all = server.asked().len() as u64;
    for budget in [all / 8, all / 4, all / 2, all - 1] {
        let server = jars(|_, reply| reply).await;
        let mut options = options(&server, by_offset());
        options.max_requests = Some(budget);
        let report = report(options).await;
        let asked = server.asked().len() as u64;
        assert!(asked <= budget, "{asked} of {budget}");
        assert_eq!(report.apis[0].requests, asked);
        assert!(report.apis[0].findings.is_empty(), "a series that is cut off proves nothing");
    }
}

#[tokio::test]
async fn production_gets_no_write_in_a_series_either() {
    let server = jars(|_, reply| reply).await;
    let mut options = options(&server, by_offset());
    options.target.kind = TargetKind::Production;
    let report = report(options).await;
    let asked = server.asked();
    assert!(asked.iter().all(|asked| matches!(asked.method.as_str(), "GET" | "OPTIONS")), "{asked:?}");
    assert!(asked.iter().any(|it| query(it, "offset").is_some()), "lists are walked through all the same");
    assert!(asked.iter().any(|it| query(it, "lid").is_some()), "and filtered");
    assert!(report.apis[0].findings.is_empty(), "{}", terminal(&report, false));
}
