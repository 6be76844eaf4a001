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
    page: Option<String>,
    first: Option<u64>,
    cursor: Option<String>,
    items: String,
    next: Option<String>,
    total: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Style {
    Offset,
    Page,
    Cursor,
    Url,
    Link,
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
    const PARAMETER: &str = "the name of a query parameter";
    const POINTER: &str = "the place in the body of what leads to the next page";
    let (style, needed): (_, &[(&str, bool, &str)]) = match written.style {
        Style::Offset => (PaginationStyle::Offset, &[("offset", written.offset.is_some(), PARAMETER)]),
        Style::Page => (PaginationStyle::Page, &[("page", written.page.is_some(), PARAMETER)]),
        Style::Cursor => (
            PaginationStyle::Cursor,
            &[("cursor", written.cursor.is_some(), PARAMETER), ("next", written.next.is_some(), POINTER)],
        ),
        Style::Url => (PaginationStyle::Url, &[("next", written.next.is_some(), POINTER)]),
        Style::Link => (PaginationStyle::Link, &[]),
    };
    if let Some((member, _, what)) = needed.iter().find(|(_, there, _)| !there) {
        return Err((None, format!("pagination of this style needs `{member}`, {what}")));
    }
    for (member, name) in [
        ("limit", &written.limit),
        ("offset", &written.offset),
        ("page", &written.page),
        ("cursor", &written.cursor),
    ] {
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
        page: written.page,
        first: written.first.unwrap_or(1),
        cursor: written.cursor,
        items: written.items,
        next: written.next,
        total: written.total,
    })
}
