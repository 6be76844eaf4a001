//! Finds OpenAPI fragments in a Markdown page: fenced code blocks in JSON or YAML whose top level says `openapi` or
//! `swagger`.

use std::path::Path;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use serde_json::Value;

use super::{FragmentOrigin, fault_at, tables};
use crate::error::{Error, Fault, Place};
use crate::operation::Method;
use crate::source::{Source, line_and_column};

/// What a page or document holds.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) fragments: Vec<Fragment>,
    /// Environment and URL, from a table.
    pub(super) servers: Vec<(String, String)>,
}

/// One fragment with its place.
#[derive(Debug)]
pub(super) struct Fragment {
    pub(super) origin: FragmentOrigin,
    pub(super) value: Value,
}

impl Found {
    pub(super) fn extend(&mut self, other: Self) {
        for mut fragment in other.fragments {
            fragment.origin.number = self.fragments.len() + 1;
            self.fragments.push(fragment);
        }
        for server in other.servers {
            if !self.servers.iter().any(|(_, url)| *url == server.1) {
                self.servers.push(server);
            }
        }
    }

    fn push(&mut self, source: &str, heading: Option<String>, line: usize, value: Value) {
        let operations = operations(&value);
        let number = self.fragments.len() + 1;
        let origin = FragmentOrigin { number, source: source.to_owned(), heading, line, operations };
        self.fragments.push(Fragment { origin, value });
    }
}

/// Whether a text is a document and not a page.
pub(super) fn is_document(name: &str, text: &str) -> bool {
    let extension = Path::new(name).extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    match extension.to_ascii_lowercase().as_str() {
        "json" | "yaml" | "yml" => true,
        "md" | "markdown" => false,
        _ => Source::parse(Path::new(name), text).is_ok_and(|(_, value)| is_openapi(&value)),
    }
}

/// Reads a whole document as one fragment.
pub(super) fn document(name: &str, text: &str) -> Result<Found, Error> {
    let (_, value) = Source::parse(Path::new(name), text)?;
    if !is_openapi(&value) {
        return Err(Fault::new("this is not an OpenAPI document")
            .at(Place::file(Path::new(name)))
            .expecting("`openapi` or `swagger` at the top level")
            .advise("import a Markdown page as a file that ends in .md")
            .into(Error::Import));
    }
    let mut found = Found::default();
    found.push(name, None, 1, value);
    Ok(found)
}

/// Reads the fragments of a page; a page without any is refused.
pub(super) fn fragments(name: &str, text: &str) -> Result<Found, Error> {
    let mut found = Found::default();
    let mut heading: Option<String> = None;
    let mut in_heading = false;
    let mut block: Option<(usize, String)> = None;
    let mut fences = 0_usize;
    let mut tables = tables::Collector::default();
    for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
        tables.event(&event);
        match event {
            Event::Start(Tag::Heading { .. }) => {
                heading = Some(String::new());
                in_heading = true;
            }
            Event::End(TagEnd::Heading(_)) => in_heading = false,
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_))) => {
                fences += 1;
                // The fence has a line of its own.
                block = Some((line_and_column(text, range.start).0 + 1, String::new()));
            }
            Event::End(TagEnd::CodeBlock) => {
                if let Some((line, content)) = block.take()
                    && let Some(value) = fragment(name, line, &content)?
                {
                    found.push(name, heading.clone(), line, value);
                }
            }
            Event::Text(piece) | Event::Code(piece) => {
                if let Some((_, content)) = &mut block {
                    content.push_str(&piece);
                } else if in_heading && let Some(heading) = &mut heading {
                    heading.push_str(&piece);
                }
            }
            _ => {}
        }
    }
    found.servers = tables.servers();
    if found.fragments.is_empty() {
        return Err(Fault::new(format!(
            "the page has no OpenAPI fragment; it has {fences} fenced code blocks"
        ))
        .at(Place::file(Path::new(name)))
        .expecting(
            "fenced code blocks (``` or ~~~) in JSON or YAML with `openapi` or `swagger` at the top level",
        )
        .advise("import the page that shows the API's specification")
        .into(Error::Import));
    }
    Ok(found)
}

/// Reads a code block: `None` when it is something else than a fragment.
fn fragment(name: &str, line: usize, content: &str) -> Result<Option<Value>, Error> {
    match Source::parse(Path::new(name), content) {
        Ok((_, value)) => Ok(is_openapi(&value).then_some(value)),
        Err(error) if looks_like_openapi(content) => {
            let at = line + error.line().unwrap_or(1) - 1;
            let problem = format!("the fragment here cannot be read: {}", error.problem());
            let mut fault = fault_at(name, at, error.column().unwrap_or(1), problem);
            fault.expected = error.expected().map(str::to_owned);
            Err(fault.advise("correct the fragment in a copy of the page").into(Error::Import))
        }
        Err(_) => Ok(None),
    }
}

fn is_openapi(value: &Value) -> bool {
    value.get("openapi").or_else(|| value.get("swagger")).is_some()
}

/// Whether a text that cannot be parsed was meant as a fragment.
fn looks_like_openapi(content: &str) -> bool {
    let start: String = content.chars().filter(|character| !character.is_whitespace()).take(11).collect();
    ["{\"openapi\":", "{\"swagger\":", "openapi:", "swagger:"].iter().any(|sign| start.starts_with(sign))
}

/// The operations of a fragment, `POST /orders`.
fn operations(value: &Value) -> Vec<String> {
    let paths = value.get("paths").and_then(Value::as_object);
    paths
        .into_iter()
        .flatten()
        .flat_map(|(path, item)| {
            let methods = item.as_object().into_iter().flat_map(|members| members.keys());
            methods.filter_map(move |key| Method::from_key(key).map(|method| format!("{method} {path}")))
        })
        .collect()
}
