//! Our extension `x-pagination`: how an operation's answers are split into pages.

use serde::Deserialize;
use serde_json::Value;

use super::table::{Place, Reader};
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

/// Reads the extension of an operation; one that does not fit the operation is left out.
pub(super) fn read(reader: &Reader<'_>, place: &Place<'_>, operation: &Operation) -> Option<Pagination> {
    // Other people use the same key for their own purposes; ours always has a style.
    let Place { pointer: at, value } =
        place.member("x-pagination").filter(|it| it.value.get("style").is_some())?;
    match fitting(operation, value) {
        Ok(pagination) => Some(pagination),
        Err((member, problem)) => {
            let at = member.map_or_else(|| at.clone(), |member| pointer::join(&at, member));
            reader.mend(
                &at,
                format!("{problem}; pages are not walked through (see `x-pagination` in specs/README.md)"),
            );
            None
        }
    }
}

/// Reads the extension, or says which member of it is wrong.
fn fitting(operation: &Operation, value: &Value) -> Result<Pagination, (Option<&'static str>, String)> {
    let written =
        Written::deserialize(value).map_err(|error| (None, format!("this is no `x-pagination`: {error}")))?;
    let style = match written.style {
        Style::Offset => PaginationStyle::Offset,
        Style::Cursor => PaginationStyle::Cursor,
    };
    let needed = match style {
        PaginationStyle::Offset => ("offset", &written.offset),
        PaginationStyle::Cursor => ("cursor", &written.cursor),
    };
    if needed.1.is_none() {
        return Err((
            None,
            format!("pagination of this style needs `{}`, the name of a query parameter", needed.0),
        ));
    }
    for (member, name) in
        [("limit", &written.limit), ("offset", &written.offset), ("cursor", &written.cursor)]
    {
        let Some(name) = name else { continue };
        let declared =
            operation.parameters.iter().any(|it| it.location == ParameterLocation::Query && it.name == *name);
        if !declared {
            return Err((Some(member), format!("{name:?} is not a query parameter of this operation")));
        }
    }
    for (member, place) in
        [("items", Some(&written.items)), ("next", written.next.as_ref()), ("total", written.total.as_ref())]
    {
        if place.is_some_and(|place| !(place.is_empty() || place.starts_with('/'))) {
            return Err((Some(member), "this is not a JSON Pointer such as /results".to_owned()));
        }
    }
    Ok(Pagination {
        style,
        limit: written.limit,
        offset: written.offset,
        cursor: written.cursor,
        items: written.items,
        next: written.next,
        total: written.total,
    })
}
