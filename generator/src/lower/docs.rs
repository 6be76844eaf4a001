//! Descriptions as documentation: Markdown that rustdoc renders without a warning and never runs.

use std::borrow::Cow;

use crate::text::{begins_item, code, printable, push_plain};

/// Turns a description into lines. Indentation, fences, brackets and tags lose their meaning, so that nothing
/// of a contract becomes a link, a heading of the page, HTML or a doc test.
pub(super) fn lines(description: Option<&str>) -> Vec<String> {
    let Some(description) = description else { return Vec::new() };
    let mut lines: Vec<String> = Vec::new();
    for line in description.split(['\n', '\r', '\u{2028}', '\u{2029}']) {
        let line = plain(line);
        match lines.last_mut() {
            None if line.is_empty() => {}
            Some(last) if line.is_empty() && last.is_empty() => {}
            // Emission breaks lines at its own width.
            Some(last) if goes_on(last, &line) => {
                last.push(' ');
                last.push_str(&line);
            }
            _ => lines.push(line),
        }
    }
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

/// Tells whether a line belongs to the paragraph of the line before it, as in Markdown, where neither is a row, a
/// heading, or the start of an item.
fn goes_on(last: &str, line: &str) -> bool {
    let stands_alone = |line: &str| line.is_empty() || line.starts_with("\\|") || line.starts_with("\\#");
    let mut words = line.split(' ');
    let item = words.next().is_some_and(begins_item);
    !stands_alone(last) && !stands_alone(line) && !item
}

/// Adds a paragraph of our own.
pub(super) fn paragraph(lines: &mut Vec<String>, text: &str) {
    if !lines.is_empty() {
        lines.push(String::new());
    }
    lines.push(text.to_owned());
}

/// One line. Code spans stay where there is no doubt where they begin and end.
fn plain(line: &str) -> String {
    let line: String = line.chars().map(printable).collect();
    let has_code = line.matches('`').count().is_multiple_of(2) && !line.contains("``");
    let mut text = String::with_capacity(line.len() + 8);
    for (index, part) in line.split(|character| has_code && character == '`').enumerate() {
        if index % 2 == 1 {
            text.push_str(&format!("`{}`", code(part)));
        } else {
            // Spaces after the mark of a list would begin a block of code.
            let before = part.starts_with(' ') && !text.is_empty();
            let after = part.ends_with(' ');
            let words: Vec<String> = unlinked(part).split_whitespace().map(word).collect();
            if before {
                text.push(' ');
            }
            text.push_str(&words.join(" "));
            if after && !words.is_empty() {
                text.push(' ');
            }
        }
    }
    let text = text.trim();
    // A line of these alone makes a heading of the line before it.
    match text.chars().next() {
        Some(first @ ('-' | '=')) if text.chars().all(|character| character == first) => format!("\\{text}"),
        _ => text.to_owned(),
    }
}

/// What is longer is no URL that somebody would follow.
const LONGEST_URL: usize = 2048;

/// The text of each link of Markdown, with the URL after it in brackets.
fn unlinked(text: &str) -> Cow<'_, str> {
    if !text.contains("](") {
        return text.into();
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("](") {
        // A text of many beginnings and one end would be looked through again and again.
        let end = after.bytes().take(LONGEST_URL).position(|byte| byte == b')');
        let link = before.rsplit_once('[').zip(end.map(|end| (&after[..end], &after[end + 1..])));
        match link.filter(|(_, (url, _))| is_url(url)) {
            Some(((before, words), (url, after))) => {
                plain.push_str(&format!("{before}{words} ({url})"));
                rest = after;
            }
            None => {
                plain.push_str(before);
                plain.push_str("](");
                rest = after;
            }
        }
    }
    plain.push_str(rest);
    plain.into()
}

fn is_url(text: &str) -> bool {
    text.contains("://") && !text.contains(char::is_whitespace)
}

/// A word without markup; a URL goes into a code span: rustdoc warns of a bare one, and a link is the vendor's to
/// make. What is around it as punctuation stays outside.
fn word(word: &str) -> String {
    if word.contains("://") {
        let inner = word.trim_start_matches(['(', '"', '\'']);
        let (open, url) = word.split_at(word.len() - inner.len());
        let inner = url.trim_end_matches([')', '.', ',', ';', ':', '"', '\'']);
        let (url, close) = url.split_at(inner.len());
        return format!("{open}`{}`{close}", code(url));
    }
    let mut plain = String::with_capacity(word.len() + 2);
    word.chars().for_each(|character| push_plain(&mut plain, character));
    plain
}
