//! Our extension `x-pagination`: how an operation's answers are split into pages.

use serde::Deserialize;

use super::table::Reader;
use crate::error::{Error, Fault};
use crate::operation::{Operation, Pagination, PaginationStyle, ParameterLocation};
use crate::pointer;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    style: Style,
    limit: Option<String>,
    offset: Option<String>,
    cursor: Option<String>,
    items: String,
    next: Option<String>,
    total: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Style {
    Offset,
    Cursor,
}

/// Reads the extension of an operation and checks that it fits the operation.
pub(super) fn read(reader: &Reader<'_>, operation: &Operation) -> Result<Option<Pagination>, Error> {
    let at = pointer::join(&operation.pointer, "x-pagination");
    // Other people use the same key for their own purposes; ours always has a style.
    let Some(value) = reader.value(&at).filter(|value| value.get("style").is_some()) else { return Ok(None) };
    let refuse = |fault: Fault| fault.advise("see `x-pagination` in specs/README.md").into(Error::Structure);
    let written = Written::deserialize(value)
        .map_err(|error| refuse(reader.fault(&at, format!("this is no `x-pagination`: {error}"))))?;
    let style = match written.style {
        Style::Offset => PaginationStyle::Offset,
        Style::Cursor => PaginationStyle::Cursor,
    };
    let needed = match style {
        PaginationStyle::Offset => ("offset", &written.offset),
        PaginationStyle::Cursor => ("cursor", &written.cursor),
    };
    if needed.1.is_none() {
        let problem = format!("pagination of this style needs `{}`", needed.0);
        return Err(refuse(reader.fault(&at, problem).expecting("the name of a query parameter")));
    }
    for (member, name) in
        [("limit", &written.limit), ("offset", &written.offset), ("cursor", &written.cursor)]
    {
        let Some(name) = name else { continue };
        let declared =
            operation.parameters.iter().any(|it| it.location == ParameterLocation::Query && it.name == *name);
        if !declared {
            let problem = format!("{name:?} is not a query parameter of this operation");
            return Err(refuse(reader.fault(&pointer::join(&at, member), problem)));
        }
    }
    for (member, place) in
        [("items", Some(&written.items)), ("next", written.next.as_ref()), ("total", written.total.as_ref())]
    {
        if place.is_some_and(|place| !(place.is_empty() || place.starts_with('/'))) {
            let fault = reader.fault(&pointer::join(&at, member), "this is not a JSON Pointer");
            return Err(refuse(fault.expecting("a pointer into the response body such as /results")));
        }
    }
    Ok(Some(Pagination {
        style,
        limit: written.limit,
        offset: written.offset,
        cursor: written.cursor,
        items: written.items,
        next: written.next,
        total: written.total,
    }))
}
