//! What several requests show together: a list that is walked through and filtered, what is written and then read, the
//! same read twice, what two operations say of one thing, what is allowed and forbidden in a state. As for single answers, the judge is a small one of its own.

use serde_json::{Value, json};

use super::support::{Bench, Problem, Reply, Send};
use super::tour::{group, ready};

/// The checks that need several requests, or what was asked beside what was answered.
pub(crate) const CHECKS: [&str; 12] = [
    "limit_honoured",
    "pages_end",
    "pages_are_disjoint",
    "pages_are_complete",
    "total_counts_the_list",
    "filter_selects",
    "filter_loses_nothing",
    "written_is_read_back",
    "reads_repeat",
    "answers_agree",
    "transition_refused",
    "transition_allowed",
];

/// The size of a small page.
const SMALL: usize = 10;

/// More pages than any list here has.
const PAGES: usize = 20;

/// How a list is asked for and what its pages look like.
struct List {
    operation: &'static str,
    size: &'static str,
    /// The parameter that leads to the next page.
    onward: &'static str,
    items: &'static str,
    id: &'static str,
    total: Option<&'static str>,
    filter: Option<&'static str>,
    /// A filter by what only the operation that reads an item says of it, and that operation.
    read_filter: Option<(&'static str, &'static str)>,
}

const APPLICATIONS: List = List {
    operation: "listApplications",
    size: "limit",
    onward: "offset",
    items: "/applications",
    id: "/application_id",
    total: Some("/pagination/total"),
    filter: Some("plan_hios_id"),
    read_filter: Some(("issuer_hios_id", "getApplication")),
};

const GROUPS: List = List {
    operation: "listGroups",
    size: "limit",
    onward: "offset",
    items: "/groups",
    id: "/group_id",
    total: Some("/pagination/total"),
    filter: Some("registration_status"),
    read_filter: None,
};

const CONNECTIONS: List = List {
    operation: "listConnections",
    size: "page_size",
    onward: "cursor",
    items: "/results",
    id: "/id",
    total: None,
    filter: None,
    read_filter: None,
};

/// Returns what an API's lists, writes and reads show, each with the operation that shows it.
pub(crate) async fn together(api: &str, bench: &Bench) -> Vec<(&'static str, Problem)> {
    let mut showing = Showing { bench, shown: Vec::new() };
    match api {
        "enrollconnect" => {
            showing.list(&APPLICATIONS).await;
            showing.written("createApplication", ready(), "/application_id", "getApplication").await;
            showing.again("getApplication", "HSA000000001").await;
            showing.listed(&APPLICATIONS, "getApplication").await;
            showing.states().await;
        }
        "clasp" => {
            let page = showing.page(&CONNECTIONS, &[]).await;
            showing.list(&CONNECTIONS).await;
            showing.again("retrieveConnection", page.text_at("/results/0/id")).await;
            showing.listed(&CONNECTIONS, "retrieveConnection").await;
        }
        _ => {
            showing.list(&GROUPS).await;
            showing.written("registerGroup", group(), "/group_id", "getGroup").await;
            showing.again("getGroup", "GRP00000001").await;
        }
    }
    showing.shown
}

/// An operation, where in its answer a thing stands, and what it says of it.
type Said<'s> = (&'static str, &'s str, &'s Value);

struct Showing<'b> {
    bench: &'b Bench,
    shown: Vec<(&'static str, Problem)>,
}

impl Showing<'_> {
    async fn page(&self, list: &List, query: &[(&str, &str)]) -> Reply {
        self.bench.send(list.operation, &[], query, Send::Nothing, true).await
    }

    /// Notes a problem of an operation as a whole.
    fn shows(&mut self, operation: &'static str, check: &'static str) {
        let place = self.bench.operation(operation).pointer.clone();
        self.shown.push((operation, (check, place)));
    }

    /// Notes a problem with what stands at a place of an operation's answer.
    fn shows_at(&mut self, operation: &'static str, check: &'static str, at: &str) {
        let place = self.place(operation, at).unwrap_or_else(|| panic!("{operation} declares no {at}"));
        self.shown.push((operation, (check, place)));
    }

    /// The place in the contract of what stands at a place of an operation's success.
    fn place(&self, operation: &str, at: &str) -> Option<String> {
        let contract = &self.bench.contract;
        let operation = self.bench.operation(operation);
        let response = operation.response_for(200).or_else(|| operation.response_for(201))?;
        let mut place = response.content.first()?.schema.as_ref()?.pointer.clone();
        for name in at.split('/').skip(1) {
            let (owner, schema) = contract.resolve(&place)?;
            if name == "*" {
                place = format!("{owner}/items");
                continue;
            }
            schema.get("properties")?.get(name)?;
            place = format!("{owner}/properties/{name}");
        }
        Some(place)
    }

    /// Walks through a list, and asks for some of it.
    async fn list(&mut self, list: &List) {
        let whole = self.page(list, &[(list.size, "100")]).await;
        if let Some(pages) = self.walk(list).await {
            self.compare(list, &whole, &pages);
        }
        if let Some((filter, reader)) = list.read_filter {
            self.read_filter(list, &whole, filter, reader).await;
        }
        let Some(filter) = list.filter else { return };
        let items = whole.at(list.items).as_array().unwrap();
        let Some(wanted) = items[0][filter].as_str() else { return };
        let page = self.page(list, &[(list.size, "100"), (filter, wanted)]).await;
        let kept = page.each(list.items, list.id);
        if page.each(list.items, &format!("/{filter}")).iter().any(|value| *value != wanted) {
            self.shows(list.operation, "filter_selects");
        }
        let lost = |item: &&Value| !kept.contains(&item.pointer(list.id).unwrap().as_str().unwrap());
        if items.iter().filter(|item| item[filter] == wanted).any(|item| lost(&item)) {
            self.shows(list.operation, "filter_loses_nothing");
        }
    }

    /// Asks for some of a list by what only reading its items tells.
    async fn read_filter(&mut self, list: &List, whole: &Reply, filter: &str, reader: &'static str) {
        let mut read: Vec<(&str, String)> = Vec::new();
        for id in whole.each(list.items, list.id) {
            let item = self.bench.call(reader, &[id], &[], Send::Nothing).await;
            read.extend(item.at(&format!("/{filter}")).as_str().map(|value| (id, value.to_owned())));
        }
        let Some((_, wanted)) = read.first() else { return };
        let page = self.page(list, &[(list.size, "100"), (filter, wanted)]).await;
        let kept = page.each(list.items, list.id);
        if read.iter().any(|(id, value)| value != wanted && kept.contains(id)) {
            self.shows(list.operation, "filter_selects");
        }
    }

    /// Goes through small pages; `None` where that leads round in a circle.
    async fn walk(&mut self, list: &List) -> Option<Vec<Reply>> {
        let size = SMALL.to_string();
        let mut pages: Vec<Reply> = Vec::new();
        let mut onward: Option<String> = None;
        let mut items = 0;
        while pages.len() < PAGES {
            let mut query = vec![(list.size, size.as_str())];
            query.extend(onward.iter().map(|value| (list.onward, value.as_str())));
            let page = self.page(list, &query).await;
            let found = page.each(list.items, list.id).len();
            items += found;
            if found > SMALL && pages.is_empty() {
                self.shows(list.operation, "limit_honoured");
            }
            if found > 0 && pages.iter().any(|before| before.at(list.items) == page.at(list.items)) {
                self.shows(list.operation, "pages_end");
                return None;
            }
            onward = match list.onward {
                "cursor" => page.at("/next").as_str().map(cursor),
                _ => (found >= SMALL).then(|| items.to_string()),
            };
            pages.push(page);
            if onward.is_none() {
                return Some(pages);
            }
        }
        panic!("{} has no end", list.operation);
    }

    /// Compares small pages with a large one, and with what they say of the whole list.
    fn compare(&mut self, list: &List, whole: &Reply, pages: &[Reply]) {
        let mut walked: Vec<&str> = pages.iter().flat_map(|page| page.each(list.items, list.id)).collect();
        let all = walked.len();
        walked.sort_unstable();
        walked.dedup();
        if walked.len() < all {
            self.shows(list.operation, "pages_are_disjoint");
        }
        if whole.each(list.items, list.id).iter().any(|id| !walked.contains(id)) {
            self.shows(list.operation, "pages_are_complete");
        } else if let Some(total) = list.total
            && pages.iter().any(|page| *page.at(total) != json!(walked.len()))
        {
            self.shows_at(list.operation, "total_counts_the_list", total);
        }
    }

    /// Creates something and reads it.
    async fn written(&mut self, operation: &'static str, body: Value, id: &str, reader: &'static str) {
        let created = self.bench.send(operation, &[], &[], body.clone().into(), true).await;
        let read = self.bench.send(reader, &[created.text_at(id)], &[], Send::Nothing, true).await;
        for (name, value) in body.as_object().unwrap() {
            let at = format!("/{name}");
            if !value.is_object() && self.place(reader, &at).is_some() && read.at(&at) != value {
                self.shows_at(reader, "written_is_read_back", &at);
            }
        }
        self.agree((operation, "", &created.json), (reader, "", &read.json));
    }

    /// Reads items of a list.
    async fn listed(&mut self, list: &List, reader: &'static str) {
        let page = self.page(list, &[]).await;
        let item = format!("{}/*", list.items);
        for listed in page.at(list.items).as_array().unwrap() {
            let id = listed.pointer(list.id).unwrap().as_str().unwrap();
            let read = self.bench.send(reader, &[id], &[], Send::Nothing, true).await;
            self.agree((list.operation, &item, listed), (reader, "", &read.json));
        }
    }

    /// Compares what two operations say of one thing: neither leaves out what the other one says and both declare.
    fn agree(&mut self, one: Said<'_>, other: Said<'_>) {
        for ((operation, at, said), (witness, there, known)) in [(one, other), (other, one)] {
            for (name, value) in known.as_object().unwrap() {
                let (own, its) = (format!("{at}/{name}"), format!("{there}/{name}"));
                let both = self.place(operation, &own).is_some() && self.place(witness, &its).is_some();
                if both && !value.is_null() && said.get(name).is_none() {
                    self.shows_at(operation, "answers_agree", &own);
                }
            }
        }
    }

    /// Asks an application for what its state forbids, and another for what its state allows.
    async fn states(&mut self) {
        let draft = self.bench.send("createApplication", &[], &[], ready().into(), true).await;
        let draft = draft.text_at("/application_id");
        if self.bench.send("cancelApplication", &[draft], &[], Send::Nothing, true).await.status < 400 {
            self.shows("cancelApplication", "transition_refused");
        }
        let effectuated = self.page(&APPLICATIONS, &[("policy_status", "effectuated")]).await;
        let effectuated = effectuated.text_at("/applications/0/application_id");
        if self.bench.send("terminateApplication", &[effectuated], &[], Send::Nothing, true).await.status
            >= 400
        {
            self.shows("terminateApplication", "transition_allowed");
        }
    }

    /// Reads the same twice.
    async fn again(&mut self, operation: &'static str, id: &str) {
        let first = self.bench.send(operation, &[id], &[], Send::Nothing, true).await;
        let again = self.bench.send(operation, &[id], &[], Send::Nothing, true).await;
        for (name, value) in first.json.as_object().unwrap() {
            let at = format!("/{name}");
            if again.at(&at) != value {
                self.shows_at(operation, "reads_repeat", &at);
            }
        }
    }
}

/// The cursor in the address of a page.
fn cursor(next: &str) -> String {
    let url = reqwest::Url::parse(next).unwrap();
    url.query_pairs().find(|(name, _)| name == "cursor").unwrap().1.into_owned()
}
