//! `written_is_read_back`: what was written is what is read afterwards, value by value.
//!
//! The answer holds what was sent either at its root, property by property, or whole, in a property whose schema is
//! that of the request. Only what both schemas declare is compared, and only where the answer may hold what was sent.
//! Where an answer that may hold anything holds most of what was sent, be it that of the write itself, a difference
//! counts against the operation that writes, and only at a place where what was sent has stood at another time: what an
//! endpoint keeps to itself is its own affair. Where the path says which resource it is, the resource keeps that name
//! whatever the body says. A value that comes back in another form (other case, other blanks, another order, another way
//! to write a time) is told as that, and one that is masked is left alone.

use driftline_specs::{Direction, MediaType, Method, pointer};
use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::copies::{Mirror, mirrors, roots, sent};
use super::evidence::Known;
use super::{Check, Evidence, Observation, SeriesEvidence, Severity};
use crate::difference::is_same_number;
use crate::exchange::{SeriesKind, Trial};
use crate::pointer::{escape, generalise};
use crate::request::Request;

/// See the module.
pub(super) struct WrittenIsReadBack;

impl Check for WrittenIsReadBack {
    fn id(&self) -> &'static str {
        "written_is_read_back"
    }

    fn summary(&self) -> &'static str {
        "what was written is what is read afterwards, value by value"
    }

    fn reason(&self) -> &'static str {
        "a client that writes a value and reads another one has lost it, and a full replacement makes that final"
    }

    fn severity(&self) -> Severity {
        Severity::Behavioural
    }

    fn judge(&self, evidence: &Evidence<'_>, found: &mut Vec<Observation>) {
        let (exchange, operation) = (evidence.exchange, evidence.operation);
        let is_written = exchange.intent.is_valid() && (200..300).contains(&exchange.answer.status);
        let (Some(written), Some(answered)) = (&exchange.request.body, &evidence.json) else { return };
        let Some(body) = operation.request_body.as_ref().filter(|_| is_written) else { return };
        let is_sent = |it: &&MediaType| it.is_json() && it.name == written.media_type;
        let schema = body.content.iter().find(is_sent).and_then(|it| it.schema.as_ref());
        let (Some(schema), Some(answer)) = (schema, evidence.schema()) else { return };
        let Ok(sent) = serde_json::from_str(&written.content) else { return };
        let mirrors = mirrors(&sent, answered, &|name| evidence.known().free(answer, name));
        for mirror in mirrors {
            let (request, known) = (&exchange.request, &mut evidence.known());
            self.compare_mirror(&mirror, (&sent, &schema.pointer), (answered, request), known, found);
        }
    }

    fn judge_series(&self, evidence: &SeriesEvidence<'_>, found: &mut Vec<Observation>) {
        if matches!(evidence.series.kind, SeriesKind::Transition { .. }) {
            self.find_lost(evidence, found);
        }
        if !matches!(evidence.series.kind, SeriesKind::WriteThenRead { .. }) {
            return;
        }
        let Some((schema, sent)) = sent(evidence, 0) else { return };
        let (Some(read), Some(asked)) = (evidence.body(1), evidence.exchange(1)) else { return };
        match evidence.series.trial {
            Trial::Last => {
                let mut comparison = Comparison::of(&asked.request, Some(evidence));
                for root in roots(evidence, &schema, &sent, 1) {
                    if let Some(read) = read.pointer(&root) {
                        comparison.compare(&sent, read, &root);
                    }
                }
                for (location, difference) in comparison.found {
                    let contract = evidence.place(1, &location);
                    found.push(self.observation(location, contract, difference));
                }
            }
            Trial::First => {
                for mirror in mirrors(&sent, read, &|name| evidence.free(1, name)) {
                    let (request, known) = (&asked.request, &mut evidence.known());
                    self.compare_mirror(&mirror, (&sent, &schema), (read, request), known, found);
                }
            }
        }
    }
}

impl WrittenIsReadBack {
    /// What a client writes of a resource, and what is not there any more after something was done to it that writes nothing.
    fn find_lost(&self, evidence: &SeriesEvidence<'_>, found: &mut Vec<Observation>) {
        let (Some(before), Some(after), Some(reader)) =
            (evidence.body(0), evidence.body(2), evidence.operation_of(0))
        else {
            return;
        };
        if evidence.exchange(1).is_none_or(|asked| asked.request.body.is_some()) {
            return;
        }
        let writes = evidence
            .contract
            .operations()
            .iter()
            .filter(|it| it.path == reader.path && matches!(it.method, Method::Put | Method::Patch));
        let bodies = writes.filter_map(|it| it.request_body.as_ref()?.content.iter().find(|it| it.is_json()));
        let written = bodies.filter_map(|it| Some(evidence.properties(&it.schema.as_ref()?.pointer, &[])));
        for (name, _) in written.flatten() {
            let said = |body: &Value| body.get(&name).is_some_and(|it| !it.is_null());
            if said(before) && !said(after) && evidence.is_answered(2, &format!("/{}", escape(&name))) {
                let location = format!("/{}", escape(&name));
                let observed = "nothing, after the state has changed".to_owned();
                let contract = evidence.place(2, &location);
                found.push(self.observation(location, contract, Difference { observed, is_form: false }));
            }
        }
    }

    /// Compares what was sent, and its schema, with a mirror of it in what is read, and what that was asked for by; then
    /// notes what stands there as it was written.
    fn compare_mirror(
        &self,
        mirror: &Mirror,
        (sent, schema): (&Value, &str),
        (read, request): (&Value, &Request),
        known: &mut Known,
        found: &mut Vec<Observation>,
    ) {
        let Some(read) = read.pointer(&mirror.root) else { return };
        let mut comparison = Comparison::of(request, None);
        comparison.compare(sent, read, "");
        for (inside, difference) in comparison.found {
            if known.was_mirrored(&mirror.place, &inside) {
                let tokens = pointer::tokens(&format!("#{inside}")).unwrap_or_default();
                let contract = known.below(schema, &tokens).unwrap_or_else(|| schema.to_owned());
                found.push(self.observation(format!("{}{inside}", mirror.root), contract, difference));
            }
        }
        comparison.same.iter().for_each(|inside| known.note_mirrored(&mirror.place, inside));
    }

    fn observation(&self, location: String, contract: String, difference: Difference) -> Observation {
        Observation {
            check: self.id(),
            severity: if difference.is_form { Severity::Notice } else { self.severity() },
            contract,
            rule: format!("read back {}", generalise(&location)),
            location,
            expected: "what was written".to_owned(),
            observed: difference.observed,
            note: None,
        }
    }
}

struct Difference {
    observed: String,
    /// It says the same in another way.
    is_form: bool,
}

struct Comparison<'e, 'a> {
    /// What says what an answer may hold; nothing where no schema does.
    evidence: Option<&'e SeriesEvidence<'a>>,
    /// What was answered with what is read.
    request: &'e Request,
    found: Vec<(String, Difference)>,
    /// Where something is read as it was written.
    same: Vec<String>,
}

impl<'e, 'a> Comparison<'e, 'a> {
    fn of(request: &'e Request, evidence: Option<&'e SeriesEvidence<'a>>) -> Self {
        Comparison { evidence, request, found: Vec::new(), same: Vec::new() }
    }

    fn differs(&mut self, location: &str, observed: impl Into<String>, is_form: bool) {
        self.found.push((location.to_owned(), Difference { observed: observed.into(), is_form }));
    }

    /// Whether what was sent could not be read: the path names what is read there, or the answer may not hold it.
    fn is_excused(&self, sent: &Value, read: &Value, location: &str) -> bool {
        let text = read.as_str().map_or_else(|| read.to_string(), str::to_owned);
        if self.request.path.split('/').any(|it| percent_decode_str(it).decode_utf8_lossy() == text)
            && !text.is_empty()
        {
            return true;
        }
        let tokens = pointer::tokens(&format!("#{location}")).unwrap_or_default();
        let Some(evidence) = self.evidence else { return false };
        let place = evidence.schema(1).and_then(|schema| evidence.declared(schema, &tokens));
        let validator = place.and_then(|it| evidence.contract.validator(&it, Direction::Response).ok());
        validator.is_some_and(|validator| !validator.is_valid(sent))
    }

    /// Compares what was sent with what stands at a location of the answer.
    fn compare(&mut self, sent: &Value, read: &Value, location: &str) {
        if !(sent == read || sent.is_object() && read.is_object()) && self.is_excused(sent, read, location) {
            return;
        }
        match (sent, read) {
            (sent, read) if sent == read && !sent.is_object() => {
                self.same.push(location.to_owned());
            }
            (Value::Object(sent), Value::Object(read)) => {
                for (name, value) in sent {
                    let place = format!("{location}/{}", escape(name));
                    match read.get(name) {
                        Some(other) => self.compare(value, other, &place),
                        // What the answer has no place for is not lost, and nothing is what null says.
                        None if value.is_null() => {}
                        None if self.evidence.is_some_and(|evidence| !evidence.is_answered(1, &place)) => {}
                        None => self.differs(&place, "absent", false),
                    }
                }
            }
            (Value::Array(sent), Value::Array(read)) if sent != read && sorted(sent) == sorted(read) => {
                self.differs(location, "the same items in another order", true);
            }
            (Value::Array(sent), Value::Array(read)) if sent.len() == read.len() => {
                for (index, (sent, read)) in sent.iter().zip(read).enumerate() {
                    self.compare(sent, read, &format!("{location}/{index}"));
                }
            }
            (Value::Array(sent), Value::Array(read)) => {
                let more = if read.len() > sent.len() { "more items" } else { "fewer items" };
                self.differs(location, more, false);
            }
            (Value::Number(a), Value::Number(b)) if is_same_number(a, b) => {}
            (Value::String(_), Value::String(read)) if is_masked(read) => {}
            (Value::String(a), Value::String(b)) if form(a) == form(b) => {
                self.differs(location, "the same in another form", true);
            }
            (_, Value::Null) => self.differs(location, "null", false),
            _ => self.differs(location, "another value", false),
        }
    }
}

/// Items in an order that does not depend on where they stand.
fn sorted(items: &[Value]) -> Vec<String> {
    let mut items: Vec<String> = items.iter().map(Value::to_string).collect();
    items.sort_unstable();
    items
}

/// Whether a text hides what it stands for.
fn is_masked(text: &str) -> bool {
    let is_mask = |it: &char| matches!(it, '*' | '•' | 'X' | 'x');
    let hidden = text.chars().filter(is_mask).count();
    // What stands between groups hides nothing and shows nothing: `XXX-XX-0000`.
    let shown = text.chars().filter(|it| it.is_alphanumeric() && !is_mask(it)).count();
    hidden >= 3 && hidden >= shown
}

/// What is the same in two ways to write a text.
fn form(text: &str) -> String {
    if let Ok(time) = text.parse::<jiff::Timestamp>() {
        return time.to_string();
    }
    // A sign or a point is all the difference between two numbers.
    if (text.starts_with('-') || text.contains('.'))
        && let Ok(number) = text.parse::<f64>()
    {
        return number.to_string();
    }
    let kept: String = text.chars().filter(|it| it.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    if kept.is_empty() { text.to_owned() } else { kept }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use driftline_specs::Contract;
    use serde_json::{Value, json};

    use crate::checks::testing::{answer, exchange};
    use crate::checks::testing_series::{judged, sent, told, written};
    use crate::checks::{Judge, Severity};
    use crate::exchange::Intent;
    use crate::request::Body;

    /// What is found where one value is sent and another one is read.
    fn one(name: &str, sent: &Value, read: &Value) -> Vec<String> {
        told("written_is_read_back", &written("getParcel", &json!({ name: sent }), &json!({ name: read })))
    }

    #[test]
    fn accepts_what_was_written_and_what_the_endpoint_adds() {
        let sent = json!({ "name": "n", "tags": ["x"], "address": { "city": "c" } });
        let read = json!({ "id": "a", "state": "open", "name": "n", "tags": ["x"],
            "address": { "city": "c", "zip": "1" } });
        assert_eq!(told("written_is_read_back", &written("getParcel", &sent, &read)), [""; 0]);
    }

    #[test]
    fn what_is_done_to_a_resource_leaves_what_was_written() {
        let around = |before: Value, after: Value, asks_with: Option<&str>| {
            let mut series = sent(&["sent"], 200, "sent");
            series.exchanges[0].answer.body = Bytes::from(before.to_string());
            series.exchanges[2].answer.body = Bytes::from(after.to_string());
            series.exchanges[1].request.body = asks_with
                .map(|body| Body { media_type: "application/json".to_owned(), content: body.to_owned() });
            told("written_is_read_back", &series)
        };
        let before = || json!({ "id": "a", "state": "open", "name": "n", "seen": "2026-01-01T00:00:00Z" });
        let lost = json!({ "id": "a", "state": "sent" });
        let found = ["read back /name | /name | nothing, after the state has changed"];
        assert_eq!(around(before(), lost.clone(), None), found, "no client writes `seen`");
        assert_eq!(around(before(), json!({ "state": "sent", "name": "m" }), None), [""; 0]);
        assert_eq!(around(before(), lost, Some("{}")), [""; 0], "that may be what it was asked for");
    }

    #[test]
    fn rejects_what_is_lost_or_changed_each_in_its_place() {
        let sent = json!({ "name": "n", "weight": 2, "tags": ["x", "y"], "note": "m",
            "address": { "city": "c" } });
        let read = json!({ "weight": 3, "tags": ["x"], "note": null, "address": { "city": "d" } });
        let found = judged("written_is_read_back", &written("getParcel", &sent, &read));
        let mut brief: Vec<_> = found.iter().map(|it| (it.location.as_str(), it.observed.as_str())).collect();
        brief.sort_unstable();
        let expected = [
            ("/address/city", "another value"),
            ("/name", "absent"),
            ("/note", "null"),
            ("/tags", "fewer items"),
            ("/weight", "another value"),
        ];
        assert_eq!(brief, expected);
        assert!(found.iter().all(|it| it.severity == Severity::Behavioural));
        let name = found.iter().find(|it| it.location == "/name").unwrap();
        assert_eq!(name.contract, "#/components/schemas/Parcel/properties/name");
        assert_eq!(name.rule, "read back /name");
    }

    #[test]
    fn items_are_compared_one_by_one_and_named_by_their_place() {
        let told = one("tags", &json!(["x", "y"]), &json!(["x", "z"]));
        assert_eq!(told, ["read back /tags/* | /tags/1 | another value"]);
        assert_eq!(one("tags", &json!([]), &json!(["x"])), ["read back /tags | /tags | more items"]);
    }

    #[test]
    fn numbers_are_compared_by_value() {
        assert_eq!(one("weight", &json!(42), &json!(42.0)), [""; 0]);
        assert_eq!(one("weight", &json!(42.5), &json!(42)).len(), 1);
        assert_eq!(one("weight", &json!(42), &json!("42")).len(), 1, "a text is no number");
        let (large, next) = (json!(9_007_199_254_740_992_u64), json!(9_007_199_254_740_993_u64));
        assert_eq!(one("weight", &large, &next).len(), 1, "integers are exact, however large");
        assert_eq!(one("weight", &next, &next), [""; 0]);
    }

    #[test]
    fn null_is_nothing() {
        let series = written("getParcel", &json!({ "note": null, "name": "n" }), &json!({ "name": "n" }));
        assert_eq!(told("written_is_read_back", &series), [""; 0]);
        assert_eq!(one("note", &json!(null), &json!("")).len(), 1, "and not a text");
    }

    #[test]
    fn masked_values_are_left_alone() {
        for masked in ["************4444", "••••4444", "XXXXX4444", "XXX-XX-4444", "***-**-4444"] {
            assert_eq!(one("account", &json!("555566664444"), &json!(masked)), [""; 0], "{masked}");
        }
        assert_eq!(one("account", &json!("555566664444"), &json!("4444")).len(), 1);
        assert_eq!(one("account", &json!("n"), &json!("x")).len(), 1, "one letter hides nothing");
    }

    #[test]
    fn another_form_of_the_same_is_a_notice() {
        for (name, sent, read) in [
            ("name", "Jane  DOE", "jane doe"),
            ("account", "555-0101", "5550101"),
            ("account", "12.50", "12.5"),
            ("due", "2026-01-01T00:00:00Z", "2026-01-01T01:00:00.000+01:00"),
        ] {
            let series = written("getParcel", &json!({ name: sent }), &json!({ name: read }));
            let found = judged("written_is_read_back", &series);
            assert_eq!(found.len(), 1, "{sent}");
            assert_eq!(found[0].severity, Severity::Notice, "{sent}");
            assert_eq!(found[0].observed, "the same in another form");
        }
    }

    #[test]
    fn what_only_looks_alike_is_another_value() {
        for (sent, read) in [("-5", "5"), ("1.5", "15"), ("00123", "123"), ("…", "?"), ("–", "")] {
            let told = one("account", &json!(sent), &json!(read));
            assert_eq!(told, ["read back /account | /account | another value"], "{sent}");
        }
    }

    #[test]
    fn another_time_is_another_value() {
        let told = one("due", &json!("2026-01-01T00:00:00Z"), &json!("2026-01-01T00:00:00+01:00"));
        assert_eq!(told, ["read back /due | /due | another value"]);
    }

    #[test]
    fn items_in_another_order_are_a_notice() {
        let series = written("getParcel", &json!({ "tags": ["x", "y"] }), &json!({ "tags": ["y", "x"] }));
        let found = judged("written_is_read_back", &series);
        assert_eq!(found[0].severity, Severity::Notice);
        assert_eq!(found[0].observed, "the same items in another order");
        assert_eq!((found.len(), found[0].location.as_str()), (1, "/tags"));
    }

    #[test]
    fn what_is_only_written_is_not_missed() {
        let series = written("getParcel", &json!({ "name": "n", "pin": "0000" }), &json!({ "name": "n" }));
        assert_eq!(told("written_is_read_back", &series), [""; 0]);
    }

    #[test]
    fn what_the_answer_has_no_place_for_is_not_compared() {
        let series = written("getParcel", &json!({ "name": "n", "secret": "s" }), &json!({ "name": "n" }));
        assert_eq!(told("written_is_read_back", &series), [""; 0]);
    }

    #[test]
    fn what_the_answer_may_not_hold_is_not_missed() {
        // `default` is for the endpoint to resolve: no answer may say so.
        assert_eq!(one("service", &json!("default"), &json!("slow")), [""; 0]);
        assert_eq!(one("service", &json!("fast"), &json!("slow")).len(), 1, "both may be answered");
    }

    #[test]
    fn what_the_path_names_keeps_that_name() {
        // The resource is read at `/parcels/a`.
        assert_eq!(one("code", &json!("b"), &json!("a")), [""; 0]);
        assert_eq!(one("code", &json!("b"), &json!("c")).len(), 1, "which the path does not say");
    }

    /// What is told of writes whose answers may hold anything, one after another.
    fn told_of_mirrors(writes: &[(Value, Value)]) -> Vec<String> {
        let text = |properties: Value| json!({ "type": "object", "properties": properties });
        let body = |schema: Value| json!({ "application/json": { "schema": schema } });
        let new = text(json!({ "name": { "type": "string" }, "size": { "type": "integer" }, "owner": {
            "type": "object", "properties": { "code": { "type": "string" } } } }));
        let contract = json!({ "openapi": "3.0.0", "info": { "title": "Things", "version": "1" },
            "paths": { "/things": { "post": { "operationId": "getThing",
                "requestBody": { "content": body(new) },
                "responses": { "201": { "description": "made", "content":
                    body(text(json!({ "id": { "type": "string" }, "stored": { "type": "object" } }))) } } } } } });
        let contract = Contract::from_text("things.json", &contract.to_string()).unwrap();
        let operation = contract.operation("getThing").unwrap().clone();
        let judge = Judge::new(contract, None);
        let found = writes.iter().flat_map(|(sent, stored)| {
            let answered = json!({ "id": "a", "stored": stored }).to_string();
            let mut exchange = exchange(201, &answer("application/json", answered), Intent::Valid);
            let media_type = "application/json".to_owned();
            exchange.request.body = Some(Body { media_type, content: sent.to_string() });
            judge.judge(&operation, &exchange)
        });
        let found = found.filter(|it| it.check == "written_is_read_back");
        found.map(|it| format!("{} {} {}", it.location, it.observed, it.contract)).collect()
    }

    #[test]
    fn where_anything_may_be_what_once_stood_as_it_was_written_has_to_again() {
        let thing = |name: &str, code: &str| json!({ "name": name, "size": 1, "owner": { "code": code } });
        let less = json!({ "name": "n", "size": 1, "owner": {} });
        let same = (thing("n", "01"), thing("n", "01"));
        let schema = "#/paths/~1things/post/requestBody/content/application~1json/schema/properties/owner/properties/code";
        assert_eq!(
            told_of_mirrors(&[
                same.clone(),
                (thing("n", "02"), thing("n", "2")),
                (thing("n", "03"), less.clone())
            ]),
            [
                format!("/stored/owner/code another value {schema}"),
                format!("/stored/owner/code absent {schema}")
            ]
        );
        // What never stood there is the endpoint's own affair, and an object of something else is no copy.
        assert_eq!(told_of_mirrors(&[(thing("n", "01"), less.clone()), (thing("n", "02"), less)]), [""; 0]);
        assert_eq!(
            told_of_mirrors(&[same, (thing("n", "02"), json!({ "name": "of the store", "size": 2 }))]),
            [""; 0]
        );
    }

    #[test]
    fn a_whole_copy_of_what_was_written_is_found_by_its_schema() {
        let sent = json!({ "name": "n", "note": "m" });
        // The name beside it is another one.
        let read = |note: &str| json!({ "id": "a", "name": "of the record", "ordered": { "name": "n", "note": note } });
        assert_eq!(told("written_is_read_back", &written("getRecord", &sent, &read("m"))), [""; 0]);
        let told = told("written_is_read_back", &written("getRecord", &sent, &read("other")));
        assert_eq!(told, ["read back /ordered/note | /ordered/note | another value"]);
    }
}
