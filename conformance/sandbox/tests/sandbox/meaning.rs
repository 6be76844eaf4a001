//! What requests mean beside their schemas: what is left out, replaced, identified, timed and at its limit. As elsewhere,
//! the judge is a small one of its own.

use serde_json::{Value, json};

use super::support::{Bench, Problem, Reply, Send};
use super::tour::{document, group, ready};

/// The checks of this kind.
pub(crate) const CHECKS: [&str; 7] = [
    "valid_request_accepted",
    "replacement_is_whole",
    "defaults_applied",
    "creation_time_kept",
    "change_time_moves",
    "identifiers_agree",
    "identifiers_are_new",
];

/// The check of what an API does not take, after which nothing else can be asked of it.
pub(crate) const NARROWER: &str = CHECKS[0];

/// Returns what an API shows of it, each with the operation that shows it.
pub(crate) async fn meaning(api: &str, bench: &Bench) -> Vec<(&'static str, Problem)> {
    let mut showing = Showing { bench, shown: Vec::new() };
    match api {
        "enrollconnect" => showing.enrollconnect().await,
        "clasp" => showing.clasp().await,
        _ => showing.onboarding().await,
    }
    showing.shown
}

struct Showing<'b> {
    bench: &'b Bench,
    shown: Vec<(&'static str, Problem)>,
}

impl Showing<'_> {
    async fn ask(&self, operation: &str, path: &[&str], query: &[(&str, &str)], body: Send) -> Reply {
        self.bench.send(operation, path, query, body, true).await
    }

    fn shows_if(&mut self, is: bool, operation: &'static str, check: &'static str, place: &str) {
        if is {
            self.shown.push((operation, (check, place.to_owned())));
        }
    }

    /// Whether a request is taken.
    async fn takes(
        &mut self,
        operation: &'static str,
        query: &[(&str, &str)],
        body: Send,
        place: &str,
    ) -> bool {
        let reply = self.ask(operation, &[], query, body).await;
        self.shows_if(reply.status >= 400, operation, NARROWER, place);
        reply.status < 400
    }

    async fn enrollconnect(&mut self) {
        let mut adoption = ready();
        adoption["special_enrollment_period"]["event_type"] = json!("adoption");
        let place = "#/components/schemas/SpecialEnrollmentPeriod/properties/event_type";
        self.takes("createApplication", &[], adoption.into(), place).await;
        let created = self.ask("createApplication", &[], &[], ready().into()).await;
        let id = created.text_at("/application_id");
        let mut other = ready();
        other["plan_hios_id"] = json!("12345TX0010002");
        other.as_object_mut().unwrap().shift_remove("external_id");
        let before = self.ask("getApplication", &[id], &[], Send::Nothing).await;
        self.ask("updateApplication", &[id], &[], other.into()).await;
        let after = self.ask("getApplication", &[id], &[], Send::Nothing).await;
        let place = "#/components/schemas/ApplicationCreateRequest/properties/external_id";
        let is_kept = before.json.get("external_id").is_some() && after.json.get("external_id").is_some();
        self.shows_if(is_kept, "updateApplication", "replacement_is_whole", place);
        self.times("getApplication", "ApplicationResponse", &before.json, &after.json);
        let mut documents = Vec::new();
        for name in ["one.pdf", "two.pdf"] {
            let body = document(name).into();
            let reply = self.ask("uploadSupportingDocumentation", &[id], &[], body).await;
            documents.push(reply.text_at("/document_id").to_owned());
        }
        let place = "#/components/schemas/SupportingDocumentResponse/properties/document_id";
        let same = documents[0] == documents[1];
        self.shows_if(same, "uploadSupportingDocumentation", "identifiers_are_new", place);
        // Those of last year are no drafts any more.
        let query = [("policy_status", "draft"), ("plan_year", "2025")];
        let page = self.ask("listApplications", &[], &query, Send::Nothing).await;
        let statuses = page.each("/applications", "/policy_status");
        let place = "#/paths/~1api~1v1~1applications/get";
        let is_other = statuses.iter().any(|status| *status != "draft");
        self.shows_if(is_other, "listApplications", "filter_selects", place);
    }

    async fn clasp(&mut self) {
        let place = "#/paths/~1connections/get/parameters/1/schema";
        if !self.takes("listConnections", &[("page_size", "100")], Send::Nothing, place).await {
            return;
        }
        let page = self.ask("listConnections", &[], &[], Send::Nothing).await;
        let id = page.text_at("/results/0/id");
        let read = self.ask("retrieveConnection", &[id], &[], Send::Nothing).await;
        let is_other = read.at("/id").as_str() != Some(id);
        let place = "#/components/schemas/Connection/properties/id";
        self.shows_if(is_other, "retrieveConnection", "identifiers_agree", place);
    }

    async fn onboarding(&mut self) {
        let mut full = group();
        full["external_id"] = json!("ext-1");
        let place = "#/components/schemas/GroupRegistration/properties/external_id";
        self.takes("registerGroup", &[], group().into(), place).await;
        let mut long = full.clone();
        long["name"] = json!("n".repeat(255));
        let place = "#/components/schemas/GroupRegistration/properties/name";
        self.takes("registerGroup", &[], long.into(), place).await;
        let created = self.ask("registerGroup", &[], &[], full.into()).await;
        let id = created.text_at("/group_id");
        let before = self.ask("getGroup", &[id], &[], Send::Nothing).await;
        self.ask("updateGroup", &[id], &[], json!({"name": "Quarry Works, renamed (example)"}).into()).await;
        let after = self.ask("getGroup", &[id], &[], Send::Nothing).await;
        self.times("getGroup", "Group", &before.json, &after.json);
        let without = self.ask("listGroups", &[], &[], Send::Nothing).await;
        let with = self.ask("listGroups", &[], &[("limit", "25")], Send::Nothing).await;
        let is_other = without.each("/groups", "/group_id") != with.each("/groups", "/group_id");
        self.shows_if(is_other, "listGroups", "defaults_applied", "#/paths/~1groups/get/parameters/2");
    }

    /// Compares the times of what was changed in between.
    fn times(&mut self, operation: &'static str, schema: &str, before: &Value, after: &Value) {
        let place = |name: &str| format!("#/components/schemas/{schema}/properties/{name}");
        let is_other = before["created_at"] != after["created_at"];
        self.shows_if(is_other, operation, "creation_time_kept", &place("created_at"));
        let stands = before["updated_at"] == after["updated_at"];
        self.shows_if(stands, operation, "change_time_moves", &place("updated_at"));
    }
}
