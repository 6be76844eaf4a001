//! Walks through the pages of a list, as its `x-pagination` says.

use std::collections::HashSet;

use driftline_specs::{Pagination, PaginationStyle};
use serde_json::Value;
use url::Url;

use super::{Case, Engine, Plan, Recipe, set_query};
use crate::exchange::{Ending, Exchange};
use crate::request::Request;
use crate::scenario::cursor_of;

/// How many pages of a list are looked at.
pub(super) const PAGES: usize = 24;

impl Engine {
    /// Goes through a list page by page, as its `x-pagination` says.
    pub(super) async fn walk(
        &mut self,
        plan: &Plan,
        recipe: &Recipe,
        into: &mut Vec<Exchange>,
    ) -> Option<Ending> {
        let pagination = plan.operation.pagination.clone()?;
        let mut request = plan.request(&recipe.case, &recipe.path.values());
        let mut seen = HashSet::from([request.target()]);
        let mut pages = HashSet::new();
        let mut items = 0;
        for page in 1..=PAGES {
            let exchange = self.send_step(recipe, request).await?;
            let body = self.judge.json(&exchange.answer.body)?;
            let listed = body.pointer(&pagination.items)?;
            let found = listed.as_array()?.len();
            let next = self.next(plan, recipe, &pagination, &exchange, &body, Walked { page, items, found });
            into.push(exchange);
            items += found;
            // A page that comes again leads round in a circle, whatever its address is.
            if found > 0 && !pages.insert(listed.to_string()) {
                return Some(Ending::Repeated);
            }
            match next {
                None => return Some(Ending::Done),
                Some(Next::Elsewhere) => return Some(Ending::Elsewhere),
                Some(Next::Beyond) => return Some(Ending::TooLong),
                Some(Next::Page(next)) if !seen.insert(next.target()) => return Some(Ending::Repeated),
                Some(Next::Page(next)) => request = *next,
            }
        }
        Some(Ending::TooLong)
    }

    /// The next page; `None` after the last.
    fn next(
        &self,
        plan: &Plan,
        recipe: &Recipe,
        pagination: &Pagination,
        exchange: &Exchange,
        body: &Value,
        walked: Walked,
    ) -> Option<Next> {
        let mut case = recipe.case.clone();
        let asked =
            pagination.limit.as_ref().and_then(|limit| query_value(&case, limit)).and_then(Value::as_u64);
        let total = pagination.total.as_ref().and_then(|at| body.pointer(at)?.as_u64());
        let promised = total.is_some_and(|total| ((walked.items + walked.found) as u64) < total);
        // A server may give less than it was asked for: while the total promises more, a short page is not the last.
        let is_short =
            walked.found == 0 || !promised && asked.is_some_and(|asked| (walked.found as u64) < asked);
        match pagination.style {
            PaginationStyle::Offset => {
                let offset = pagination.offset.as_ref().filter(|_| !is_short)?;
                let after = (walked.items + walked.found) as u64;
                if plan.greatest(offset).is_some_and(|most| after > most) {
                    return Some(Next::Beyond);
                }
                set_query(&mut case, offset, Value::from(after));
            }
            PaginationStyle::Page => {
                let page = pagination.page.as_ref().filter(|_| !is_short)?;
                let after = pagination.first + walked.page as u64;
                if plan.greatest(page).is_some_and(|most| after > most) {
                    return Some(Next::Beyond);
                }
                set_query(&mut case, page, Value::from(after));
            }
            PaginationStyle::Cursor => {
                let next =
                    body.pointer(pagination.next.as_ref()?)?.as_str().filter(|next| !next.is_empty())?;
                let cursor = pagination.cursor.as_ref()?;
                let value = cursor_of(next, cursor).unwrap_or_else(|| next.to_owned());
                set_query(&mut case, cursor, Value::from(value));
            }
            PaginationStyle::Url => {
                let next =
                    body.pointer(pagination.next.as_ref()?)?.as_str().filter(|next| !next.is_empty())?;
                return Some(self.at(plan, recipe, next).map_or(Next::Elsewhere, Next::page));
            }
            PaginationStyle::Link => {
                let link = exchange.answer.headers.iter().filter(|(name, _)| name == "link");
                let next = link.flat_map(|(_, value)| value.split(',')).find_map(|link| {
                    let (target, parameters) = link.trim().strip_prefix('<')?.split_once('>')?;
                    let is_next =
                        parameters.split(';').any(|it| matches!(it.trim(), "rel=next" | "rel=\"next\""));
                    is_next.then(|| target.to_owned())
                })?;
                return Some(self.at(plan, recipe, &next).map_or(Next::Elsewhere, Next::page));
            }
            _ => return None,
        }
        Some(Next::page(plan.request(&case, &recipe.path.values())))
    }

    /// A request to a URL that an answer gave, where it stays below the target.
    fn at(&self, plan: &Plan, recipe: &Recipe, url: &str) -> Option<Request> {
        let base = &self.client.target().base_url;
        let url = base.join(url).ok().filter(|url| origin(url) == origin(base))?;
        let path = url.path().strip_prefix(base.path().trim_end_matches('/'))?.to_owned();
        let query = url.query().unwrap_or_default().to_owned();
        Some(Request { path, query, ..plan.request(&recipe.case, &recipe.path.values()) })
    }
}

/// What comes after a page.
enum Next {
    /// Another one.
    Page(Box<Request>),
    /// One that would leave the target.
    Elsewhere,
    /// One that the contract does not allow to ask for.
    Beyond,
}

impl Next {
    fn page(request: Request) -> Next {
        Next::Page(Box::new(request))
    }
}

/// How far a walk is.
#[derive(Debug, Clone, Copy)]
struct Walked {
    /// The number of the page, from 1.
    page: usize,
    /// How many items came before it.
    items: usize,
    /// How many it has.
    found: usize,
}

/// Scheme, host and port.
fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

/// The value of a query parameter of a case.
fn query_value<'c>(case: &'c Case, name: &str) -> Option<&'c Value> {
    case.value.get("query")?.get(name)
}
