//! A round through every operation of an API, with and without success, that shows every kind of drift in the
//! catalogue if it is there.

use driftline_sandbox::CREDENTIAL;
use serde_json::{Value, json};

use super::support::{Bench, Problem, Reply, Send};

/// One exchange and what is wrong with its answer.
pub(crate) struct Stop {
    pub(crate) operation: &'static str,
    pub(crate) reply: Reply,
    pub(crate) problems: Vec<Problem>,
}

/// A new application that can be submitted as it is.
pub(crate) fn ready() -> Value {
    json!({
        "external_id": "ext-1",
        "plan_hios_id": "12345TX0010001",
        "plan_year": 2026,
        "applicants": {"primary": {
            "first_name": "Avery", "last_name": "Testwell", "date_of_birth": "1980-01-02", "gender": "female",
            "ssn": "900010001", "signature": "Avery Testwell",
        }},
        "residential_address":
            {"street_address_1": "1 Example Street", "city": "Sampleville", "state": "TX", "zip_code": "00000"},
        "special_enrollment_period": {"event_type": "offered_ichra", "event_date": "2026-01-01"},
        "signatures": {"signature_date": "2026-01-10"},
    })
}

pub(crate) fn document(filename: &str) -> Value {
    json!({
        "file": {"filename": filename, "content_type": "application/pdf", "content_base64": "JVBERi0xLjQ="},
        "document_type": "sep",
    })
}

pub(crate) fn group() -> Value {
    json!({"name": "Quarry Works (example)", "fein": "000000001", "broker": {"name": "Lantern Press (example)"}})
}

/// Goes round.
pub(crate) async fn round(api: &str, bench: &Bench) -> Vec<Stop> {
    let mut tour = Tour { bench, stops: Vec::new() };
    match api {
        "enrollconnect" => tour.enrollconnect().await,
        "clasp" => tour.clasp().await,
        _ => tour.onboarding().await,
    }
    tour.stops
}

struct Tour<'b> {
    bench: &'b Bench,
    stops: Vec<Stop>,
}

impl Tour<'_> {
    async fn go(
        &mut self,
        operation: &'static str,
        path: &[&str],
        query: &[(&str, &str)],
        body: Send,
    ) -> Reply {
        let anonymous = self.bench.send(operation, path, query, body.clone(), false).await;
        let mut problems = self.bench.problems(operation, &anonymous);
        if anonymous.status != 401 {
            problems.push(("credential_required", self.bench.operation(operation).pointer.clone()));
        }
        let is_new = !self.stops.iter().any(|stop| stop.operation == operation);
        for stranger in self.strangers(operation, path, query).into_iter().filter(|_| is_new) {
            let reply = Reply::of(stranger.send().await.unwrap()).await;
            if reply.status != 401 {
                problems.push(("credential_required", self.bench.operation(operation).pointer.clone()));
            }
        }
        if is_new && self.bench.is_first_at_its_path(operation) {
            problems.extend(self.bench.problems_of_methods(operation, path).await);
        }
        self.stops.push(Stop { operation, reply: anonymous, problems });
        let reply = self.bench.send(operation, path, query, body, true).await;
        let problems = self.bench.problems(operation, &reply);
        self.stops.push(Stop { operation, reply: reply.clone(), problems });
        reply
    }

    /// Requests with a credential that is not as it should be.
    fn strangers(
        &self,
        operation: &str,
        path: &[&str],
        query: &[(&str, &str)],
    ) -> Vec<reqwest::RequestBuilder> {
        let request = || self.bench.request(operation, path).query(query);
        vec![
            request().header("x-api-key", "wrong").bearer_auth("wrong"),
            request().header("x-api-key", "").header("authorization", "Bearer"),
            request().header("authorization", format!("Basic {CREDENTIAL}")),
            request().query(&[("x-api-key", CREDENTIAL), ("access_token", CREDENTIAL)]),
        ]
    }

    /// Sends a request that breaks the constraint at a place of the contract, which is a problem when it is taken.
    async fn refused(
        &mut self,
        operation: &'static str,
        path: &[&str],
        query: &[(&str, &str)],
        body: Send,
        place: &str,
    ) {
        let reply = self.go(operation, path, query, body).await;
        if reply.status < 300
            && let Some(stop) = self.stops.last_mut()
        {
            stop.problems.push(("invalid_request_refused", place.to_owned()));
        }
    }

    async fn enrollconnect(&mut self) {
        let nothing = || Send::Nothing;
        let lacking = {
            let mut body = ready();
            body.as_object_mut().unwrap().remove("signatures");
            body
        };
        self.go("listApplications", &[], &[], nothing()).await;
        self.go("listApplications", &[], &[("updated_since", "2026-01-01T00:00:00Z")], nothing()).await;
        self.go("createApplication", &[], &[], json!({}).into()).await;
        let created = self.go("createApplication", &[], &[], lacking.clone().into()).await;
        // What drifts may not be where it was, so identifiers come from the world's own numbering.
        let seeded = "HSA000000001";
        let id = created.at("/application_id").as_str().unwrap_or("HSA000000025").to_owned();
        let id = id.as_str();
        for operation in ["getApplication", "getPaymentRedirect", "cancelApplication", "terminateApplication"]
        {
            self.go(operation, &[id], &[], nothing()).await;
            self.go(operation, &["HSA999999999"], &[], nothing()).await;
        }
        self.go("getApplication", &[seeded], &[], nothing()).await;
        self.go("submitApplication", &[id], &[], nothing()).await;
        self.go("updateApplication", &[id], &[], lacking.into()).await;
        self.go("updateApplication", &[id], &[], ready().into()).await;
        self.go("uploadSupportingDocumentation", &[id], &[], document("proof.pdf").into()).await;
        self.go("uploadSupportingDocumentation", &[id], &[], json!({}).into()).await;
        let untyped = json!({"file": document("proof.pdf")["file"]});
        let place = "#/components/schemas/SupportingDocumentRequest/properties/document_type";
        self.refused("uploadSupportingDocumentation", &[id], &[], untyped.into(), place).await;
        self.go("submitApplication", &[id], &[], nothing()).await;
        self.go("updateApplication", &[id], &[], ready().into()).await;
        self.go("getApplication", &[id], &[], nothing()).await;
        self.go("cancelApplication", &[id], &[], nothing()).await;
        self.go("terminateApplication", &[seeded], &[], nothing()).await;
    }

    async fn clasp(&mut self) {
        let page = self.go("listConnections", &[], &[], Send::Nothing).await;
        let id = page.at("/results/0/id").as_str().unwrap_or("-").to_owned();
        self.go("listConnections", &[], &[("page_size", "0")], Send::Nothing).await;
        let place = "#/paths/~1connections/get/parameters/1/schema";
        self.refused("listConnections", &[], &[("page_size", "101")], Send::Nothing, place).await;
        self.go("listConnections", &[], &[("cursor", "no cursor")], Send::Nothing).await;
        for id in [id.as_str(), "conn_0"] {
            self.go("retrieveConnection", &[id], &[], Send::Nothing).await;
            self.go("submitReview", &[id], &[], Send::Nothing).await;
            let body = json!({"events": [{"category": "payroll_accessed", "status": "completed"}]});
            self.go("submitReview", &[id], &[], body.into()).await;
            self.go("submitReview", &[id], &[], json!({"broker_url": 7}).into()).await;
        }
    }

    async fn onboarding(&mut self) {
        self.go("registerGroup", &[], &[], group().into()).await;
        self.go("registerGroup", &[], &[], json!({"name": ""}).into()).await;
        self.go("registerGroup", &[], &[], Send::Raw("application/json", b"{".to_vec())).await;
        self.go("listGroups", &[], &[], Send::Nothing).await;
        self.go("listGroups", &[], &[("limit", "0")], Send::Nothing).await;
        let (unknown, place) = ([("registration_status", "lost")], "#/components/schemas/RegistrationState");
        self.refused("listGroups", &[], &unknown, Send::Nothing, place).await;
        for id in ["GRP00000001", "GRP99999999"] {
            for operation in ["getGroup", "getRegistrationStatus", "getGroupSummary", "getIntegrationStatus"]
            {
                self.go(operation, &[id], &[], Send::Nothing).await;
            }
            let body = json!({"broker": {"name": "Meadow Studio (example)"}});
            self.go("updateGroup", &[id], &[], body.into()).await;
        }
    }
}
