//! Finds the environments of an API in a page's tables: columns *Environment* and *URL*, in Markdown or as the HTML
//! that some documentation hosts write.

use pulldown_cmark::{Event, Tag, TagEnd};
use url::Url;

/// The tables of a page, as rows of cells.
#[derive(Default)]
pub(super) struct Collector {
    tables: Vec<Vec<Vec<String>>>,
    in_cell: bool,
    html: String,
}

impl Collector {
    /// Takes one event of the page.
    pub(super) fn event(&mut self, event: &Event<'_>) {
        match event {
            Event::Start(Tag::Table(_)) => self.tables.push(Vec::new()),
            Event::Start(Tag::TableHead | Tag::TableRow) => {
                if let Some(table) = self.tables.last_mut() {
                    table.push(Vec::new());
                }
            }
            Event::Start(Tag::TableCell) => {
                self.in_cell = true;
                if let Some(row) = self.tables.last_mut().and_then(|table| table.last_mut()) {
                    row.push(String::new());
                }
            }
            Event::End(TagEnd::TableCell) => self.in_cell = false,
            Event::Text(text) | Event::Code(text) if self.in_cell => {
                let row = self.tables.last_mut().and_then(|table| table.last_mut());
                if let Some(cell) = row.and_then(|row| row.last_mut()) {
                    cell.push_str(text);
                }
            }
            Event::Html(html) | Event::InlineHtml(html) => self.html.push_str(html),
            _ => {}
        }
    }

    /// Returns environment and URL of each row of the first table that has both.
    pub(super) fn servers(mut self) -> Vec<(String, String)> {
        self.tables.extend(html_tables(&self.html));
        self.tables
            .iter()
            .map(|table| servers_of(table))
            .find(|servers| !servers.is_empty())
            .unwrap_or_default()
    }
}

fn servers_of(table: &[Vec<String>]) -> Vec<(String, String)> {
    let Some((header, rows)) = table.split_first() else { return Vec::new() };
    let column = |names: &[&str]| {
        header.iter().position(|cell| names.iter().any(|name| cell.trim().eq_ignore_ascii_case(name)))
    };
    let (Some(environment), Some(url)) = (column(&["environment"]), column(&["url", "base url"])) else {
        return Vec::new();
    };
    rows.iter()
        .filter_map(|row| {
            let url = row.get(url)?.trim().trim_end_matches('/');
            let is_web = Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
            is_web.then(|| (row.get(environment).map_or("", |cell| cell.trim()).to_owned(), url.to_owned()))
        })
        .collect()
}

/// Reads the tables of HTML text: rows and cells by their tags, everything else by its text.
fn html_tables(html: &str) -> Vec<Vec<Vec<String>>> {
    let mut tables: Vec<Vec<Vec<String>>> = Vec::new();
    let mut in_cell = false;
    let mut rest = html;
    while !rest.is_empty() {
        let (text, tag, after) = match rest.split_once('<') {
            Some((text, after)) => match after.split_once('>') {
                Some((tag, after)) => (text, tag, after),
                None => break,
            },
            None => (rest, "", ""),
        };
        let row = tables.last_mut().and_then(|table| table.last_mut());
        if in_cell && let Some(cell) = row.and_then(|row| row.last_mut()) {
            cell.push_str(&unescaped(text));
        }
        let name = tag.split(|character: char| character.is_whitespace()).next().unwrap_or_default();
        match name.to_ascii_lowercase().as_str() {
            "table" => tables.push(Vec::new()),
            "tr" => {
                if let Some(table) = tables.last_mut() {
                    table.push(Vec::new());
                }
            }
            "td" | "th" => {
                in_cell = true;
                if let Some(row) = tables.last_mut().and_then(|table| table.last_mut()) {
                    row.push(String::new());
                }
            }
            "/td" | "/th" | "/tr" | "/table" => in_cell = false,
            _ => {}
        }
        rest = after;
    }
    tables
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}
