//! Which part of a list is asked for, and what an answer says about the rest: as `x-pagination` declares it, or by
//! the names that everybody uses.

use std::ops::Range;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use driftline_specs::{Operation, PaginationStyle, ParameterLocation};
use serde_json::{Map, Value};

use super::values::Shape;

/// The most items that are shown to a caller that names no number.
const USUAL: usize = 100;

/// The most items of any page.
const MOST: usize = 1000;

const LIMITS: [&str; 10] = [
    "limit",
    "per_page",
    "perPage",
    "page_size",
    "pageSize",
    "pagesize",
    "size",
    "max_results",
    "maxResults",
    "count",
];
const OFFSETS: [&str; 4] = ["offset", "skip", "start", "startIndex"];
const PAGES: [&str; 4] = ["page", "page_number", "pageNumber", "pageNo"];

/// One page of a list.
#[derive(Clone, Debug)]
pub(super) struct Page {
    pub(super) range: Range<usize>,
    pub(super) total: usize,
    size: usize,
    number: u64,
}

/// The names of the parameters of an operation that choose a page.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    limit: Option<String>,
    offset: Option<String>,
    page: Option<String>,
    cursor: Option<String>,
    first: u64,
}

impl Names {
    pub(super) fn of(operation: &Operation) -> Names {
        if let Some(it) = &operation.pagination {
            let (limit, offset, page, cursor) =
                (it.limit.clone(), it.offset.clone(), it.page.clone(), it.cursor.clone());
            return Names { limit, offset, page, cursor, first: it.first };
        }
        let one = |names: &[&str]| {
            let mut own = operation.parameters.iter().filter(|it| it.location == ParameterLocation::Query);
            own.find(|it| names.contains(&it.name.as_str())).map(|it| it.name.clone())
        };
        Names { limit: one(&LIMITS), offset: one(&OFFSETS), page: one(&PAGES), cursor: None, first: 1 }
    }

    /// Whether a parameter chooses a page and no items.
    pub(super) fn has(&self, name: &str) -> bool {
        [&self.limit, &self.offset, &self.page, &self.cursor].iter().any(|it| it.as_deref() == Some(name))
    }

    /// The page that a query asks for; what it leaves open is what `usual` says, by the contract's defaults.
    pub(super) fn page(
        &self,
        query: &Map<String, Value>,
        total: usize,
        usual: &dyn Fn(&str) -> Option<u64>,
    ) -> Page {
        let number = |name: &Option<String>| {
            let name = name.as_deref()?;
            let value = query.get(name).and_then(Value::as_u64).or_else(|| usual(name))?;
            usize::try_from(value).ok()
        };
        let size = number(&self.limit).map_or(USUAL, |size| size.min(MOST));
        let page = number(&self.page).map_or(self.first, |it| it as u64).max(self.first);
        let before = usize::try_from(page - self.first).unwrap_or(usize::MAX);
        let cursor = self.cursor.as_deref().and_then(|name| query.get(name)).and_then(read_cursor);
        let start = cursor.or(number(&self.offset)).unwrap_or_else(|| before.saturating_mul(size)).min(total);
        let end = start.saturating_add(size).min(total);
        Page { range: start..end, total, size, number: page }
    }
}

impl Page {
    /// Whether there is more after it.
    pub(super) fn has_more(&self) -> bool {
        self.range.end < self.total && !self.range.is_empty()
    }

    /// What leads to the next page of a declared pagination: a cursor or a URL; nothing after the last.
    pub(super) fn next(
        &self,
        operation: &Operation,
        names: &Names,
        url: &str,
        query: &[(String, String)],
    ) -> Option<String> {
        let style = operation.pagination.as_ref()?.style;
        if !self.has_more() {
            return None;
        }
        let cursor = URL_SAFE_NO_PAD.encode(format!("from:{}", self.range.end));
        if style == PaginationStyle::Cursor {
            return Some(cursor);
        }
        let (name, value) = match (&names.cursor, &names.offset, &names.page) {
            (Some(name), _, _) => (name, cursor),
            (None, Some(name), _) => (name, self.range.end.to_string()),
            (None, None, Some(name)) => (name, (self.number + 1).to_string()),
            (None, None, None) => return None,
        };
        let mut next = url::form_urlencoded::Serializer::new(String::new());
        next.extend_pairs(query.iter().filter(|(known, _)| known != name));
        next.append_pair(name, &value);
        Some(format!("{url}?{}", next.finish()))
    }

    /// What an answer around a list says about it, of what its schema declares.
    pub(super) fn say(&self, shape: &Shape, facts: &mut Map<String, Value>) {
        for (name, _) in &shape.properties {
            let plain: String =
                name.chars().filter(|it| it.is_alphanumeric()).flat_map(char::to_lowercase).collect();
            let value = match plain.as_str() {
                "total" | "totalcount" | "totalitems" | "totalresults" | "totalelements" | "totalrecords" => {
                    Value::from(self.total)
                }
                "count" | "size" | "numberofelements" => Value::from(self.range.len()),
                "limit" | "perpage" | "pagesize" => Value::from(self.size),
                "offset" | "skip" => Value::from(self.range.start),
                "page" | "pagenumber" | "currentpage" => Value::from(self.number),
                "totalpages" | "pagecount" | "pages" => Value::from(self.total.div_ceil(self.size.max(1))),
                "hasmore" | "hasnext" | "hasnextpage" | "more" => Value::Bool(self.has_more()),
                "next" | "nextpage" | "nexturl" | "nextcursor" | "nextpagetoken" | "previous" | "prev" => {
                    Value::Null
                }
                _ => continue,
            };
            facts.insert((*name).to_owned(), value);
        }
    }
}

fn read_cursor(cursor: &Value) -> Option<usize> {
    if let Some(number) = cursor.as_u64() {
        return usize::try_from(number).ok();
    }
    let bytes = URL_SAFE_NO_PAD.decode(cursor.as_str()?).ok()?;
    std::str::from_utf8(&bytes).ok()?.strip_prefix("from:")?.parse().ok()
}
