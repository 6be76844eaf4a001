//! Lists: `pages` and `items`.

use std::fmt::Write as _;

use super::answer;
use crate::emit::source::{Source, literal};
use crate::emit::types::qualified;
use crate::ir::{Operation, Paging, Step};

/// Writes the methods of a request that lists.
pub(super) fn pages(source: &mut Source, operation: &Operation) {
    let Some(pages) = &operation.pages else { return };
    let name = &operation.name;
    let streams = format!("{}, {}, {name}Error", answer::success_type(operation), qualified(&pages.item));
    source.separate();
    source.open(format_args!("impl<'a> {name}<'a> {{"));
    source.docs(
        &[
            "Walks through the pages, from the one that the request asks for to the last. Each is fetched when it is \
             asked for; an error is the last thing in the stream.",
        ]
        .map(str::to_owned),
    );
    let result = format!(" -> driftline_runtime::Pages<'a, {streams}>");
    source.function("pub fn pages", &["self".to_owned()], &result);
    source.open(format_args!(
        "driftline_runtime::Pages::new(self.request, driftline_runtime::private::Walk {{"
    ));
    source.line(format_args!("paging: driftline_runtime::private::Paging::{},", paging(&pages.paging)));
    source.line(format_args!("read: Self::read,"));
    source.line(format_args!("items: |page| {},", to_items(&pages.items)));
    source.line(format_args!("next: {},", to_text(pages.next.as_deref())));
    source.line(format_args!("total: {},", to_text(pages.total.as_deref())));
    source.close("})");
    source.close("}");
    source.separate();
    source.doc(format_args!("Walks through the items of all pages."));
    let result = format!(" -> driftline_runtime::Items<'a, {streams}>");
    source.function("pub fn items", &["self".to_owned()], &result);
    source.line(format_args!("self.pages().items()"));
    source.close("}");
    source.close("}");
}

fn paging(paging: &Paging) -> String {
    match paging {
        Paging::Offset { parameter, limit, usual } => {
            format!("Offset({}, {:?}, {usual:?})", literal(parameter), Named(limit))
        }
        Paging::Page { parameter, first, limit, usual } => {
            format!("Page({}, {first}, {:?}, {usual:?})", literal(parameter), Named(limit))
        }
        Paging::Cursor { parameter } => format!("Cursor({})", literal(parameter)),
        Paging::Url => "Url".to_owned(),
        Paging::Link => "Link".to_owned(),
    }
}

/// A name that may be missing, as Rust writes it.
struct Named<'a>(&'a Option<String>);

impl std::fmt::Debug for Named<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Some(name) => write!(f, "Some({})", literal(name)),
            None => f.write_str("None"),
        }
    }
}

/// The way to the items; they can be taken out.
fn to_items(steps: &[Step]) -> String {
    let (mut way, steps) = beginning("&mut ", steps);
    for Step { field, optional, nullable } in steps {
        let _ = match (optional, nullable) {
            (false, false) => write!(way, ".map(|it| &mut it.{field})"),
            (false, true) => write!(way, ".and_then(|it| it.{field}.as_mut().into_option())"),
            (true, false) => write!(way, ".and_then(|it| it.{field}.as_mut())"),
            (true, true) => write!(way, ".and_then(|it| it.{field}.as_mut()?.as_mut().into_option())"),
        };
    }
    way
}

/// The way to a cursor, a URL or a number.
pub(super) fn to_text(steps: Option<&[Step]>) -> String {
    let Some(steps) = steps else { return "|_| None".to_owned() };
    let (way, steps) = beginning("&", steps);
    let mut way = format!("|page| {way}");
    for Step { field, optional, nullable } in steps {
        let _ = match (optional, nullable) {
            (false, false) => write!(way, ".map(|it| &it.{field})"),
            (false, true) => write!(way, ".and_then(|it| it.{field}.as_ref().into_option())"),
            (true, false) => write!(way, ".and_then(|it| it.{field}.as_ref())"),
            (true, true) => write!(way, ".and_then(|it| it.{field}.as_ref()?.as_ref().into_option())"),
        };
    }
    way + ".and_then(driftline_runtime::private::text_of)"
}

/// The first steps of a way, as far as everything is there, and those that follow.
fn beginning<'s>(reference: &str, steps: &'s [Step]) -> (String, &'s [Step]) {
    let there = steps.iter().take_while(|step| !step.optional && !step.nullable).count();
    let (direct, rest) = steps.split_at(there);
    if direct.is_empty() {
        return ("Some(page)".to_owned(), rest);
    }
    let fields: String = direct.iter().map(|step| format!(".{}", step.field)).collect();
    (format!("Some({reference}page{fields})"), rest)
}
