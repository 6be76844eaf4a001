//! What has to hold of every file, whatever the contract says.

use std::collections::BTreeSet;
use std::path::{Component, Path};

use driftline_generator::{Generated, Tree};
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};
use quote::ToTokens as _;

use super::strings::MARK;

/// Checks a generated crate and the crate of registries that is made from it.
pub(crate) fn sound(generated: &Generated) -> Result<(), String> {
    tree(&generated.tree)?;
    let apis = driftline_generator::generate_apis(&[(&generated.krate, "../it".to_owned())], "../runtime");
    tree(&apis)
}

fn tree(tree: &Tree) -> Result<(), String> {
    let mut names = BTreeSet::new();
    for (path, text) in tree.iter() {
        let at = |problem: String| format!("{path}: {problem}");
        stays_inside(path).map_err(at)?;
        if !names.insert(path.to_lowercase()) {
            return Err(at("is there twice where case does not count".to_owned()));
        }
        characters(text).map_err(at)?;
        match Path::new(path).extension().and_then(|extension| extension.to_str()) {
            // The runtime's own files say nothing of a contract.
            _ if path.starts_with("driftline-runtime/") => {}
            Some("rs") => rust(text).map_err(at)?,
            Some("toml") => manifest(text).map_err(at)?,
            Some("md") => markdown(text, true).map_err(at)?,
            _ => return Err(at("is a file of an unknown kind".to_owned())),
        }
    }
    Ok(())
}

/// No path leads out of the folder, is hidden, or has a name that some system keeps for itself.
fn stays_inside(path: &str) -> Result<(), String> {
    let inside = Path::new(path).components().all(|component| matches!(component, Component::Normal(_)));
    let plain = |name: &str| {
        let stem = name.split('.').next().unwrap_or_default().to_ascii_lowercase();
        let device = matches!(stem.as_str(), "con" | "prn" | "aux" | "nul")
            || stem
                .strip_prefix("com")
                .or(stem.strip_prefix("lpt"))
                .is_some_and(|it| it.len() == 1 && it != "0" && it.bytes().all(|it| it.is_ascii_digit()));
        let characters = name.chars().all(|it| it.is_ascii_alphanumeric() || matches!(it, '_' | '-' | '.'));
        !name.is_empty() && name.len() <= 120 && !name.starts_with('.') && characters && !device
    };
    if inside && path.split('/').all(plain) {
        Ok(())
    } else {
        Err("is no path for a file of the crate".to_owned())
    }
}

/// No character that ends a line where an editor or a compiler does not expect it, or that turns the direction of
/// what follows (rustc refuses those).
fn characters(text: &str) -> Result<(), String> {
    let refused = |it: &char| {
        (it.is_control() && *it != '\n')
            || matches!(it, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    match text.chars().find(refused) {
        None => Ok(()),
        Some(found) => Err(format!("has the character {found:?}: {:?}", around(text, found))),
    }
}

fn around(text: &str, found: char) -> &str {
    text.lines().find(|line| line.contains(found)).unwrap_or_default()
}

fn rust(text: &str) -> Result<(), String> {
    syn::parse_file(text).map_err(|error| format!("is not Rust: {error}: {text}"))?;
    let tokens: TokenStream = text.parse().map_err(|error| format!("has no tokens: {error}"))?;
    words(tokens)
}

/// What a contract says is in literals and, as names that were made of it, in identifiers.
fn words(tokens: TokenStream) -> Result<(), String> {
    // Documentation is a row of attributes.
    let mut docs: Vec<String> = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        if let TokenTree::Punct(punct) = &token
            && punct.as_char() == '#'
        {
            if matches!(tokens.peek(), Some(TokenTree::Punct(bang)) if bang.as_char() == '!') {
                tokens.next();
            }
            if let Some(TokenTree::Group(group)) = tokens.peek()
                && let Some(line) = doc(group)?
            {
                docs.push(line);
                tokens.next();
                continue;
            }
        }
        markdown(&docs.join("\n"), false)?;
        docs.clear();
        match token {
            TokenTree::Group(group) => words(group.stream())?,
            TokenTree::Ident(ident) if ident.to_string().contains(MARK) => {
                return Err(format!("has the word of a contract as an identifier: {ident}"));
            }
            TokenTree::Literal(literal) => whole(&literal.to_string())?,
            TokenTree::Ident(_) | TokenTree::Punct(_) => {}
        }
    }
    markdown(&docs.join("\n"), false)
}

/// The text of `[doc = "…"]`.
fn doc(group: &proc_macro2::Group) -> Result<Option<String>, String> {
    let mut tokens = group.stream().into_iter();
    match (group.delimiter(), tokens.next(), tokens.next(), tokens.next(), tokens.next()) {
        (Delimiter::Bracket, Some(TokenTree::Ident(doc)), Some(_), Some(TokenTree::Literal(text)), None)
            if doc == "doc" =>
        {
            let text: syn::LitStr = syn::parse_str(&text.to_string()).map_err(|error| error.to_string())?;
            Ok(Some(text.value().strip_prefix(' ').map_or_else(|| text.value(), str::to_owned)))
        }
        _ => Ok(None),
    }
}

/// A literal ends where its text ends.
fn whole(literal: &str) -> Result<(), String> {
    let parsed: syn::Lit = syn::parse_str(literal).map_err(|error| format!("{literal}: {error}"))?;
    let suffix = match &parsed {
        syn::Lit::Str(text) => text.suffix(),
        syn::Lit::ByteStr(text) => text.suffix(),
        other if other.to_token_stream().to_string().contains(MARK) => {
            return Err(format!("{literal} is no text"));
        }
        _ => "",
    };
    if suffix.is_empty() { Ok(()) } else { Err(format!("{literal} goes on behind its end")) }
}

/// Documentation says what it says: no markup, no code, no link of a contract's making.
fn markdown(text: &str, is_file: bool) -> Result<(), String> {
    if text.is_empty() {
        return Ok(());
    }
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_SMART_PUNCTUATION;
    for event in Parser::new_ext(text, options) {
        let complain = |what: &str| Err(format!("has {what} in its documentation: {text:?}"));
        match event {
            Event::Html(html)
                if is_file && html.starts_with("<!-- @generated") && html.trim_end().ends_with("-->") => {}
            Event::Html(_) | Event::InlineHtml(_) => return complain("HTML"),
            Event::Start(Tag::CodeBlock(kind)) if kind != CodeBlockKind::Fenced("no_run".into()) => {
                return complain("code");
            }
            Event::Start(Tag::Link { dest_url, .. })
                if dest_url.contains(MARK) || dest_url.contains(':') && !dest_url.contains("::") =>
            {
                return complain("a link");
            }
            Event::Start(Tag::Image { .. }) => return complain("an image"),
            Event::Start(Tag::FootnoteDefinition(_)) | Event::FootnoteReference(_) => {
                return complain("a footnote");
            }
            _ => {}
        }
    }
    Ok(())
}

/// `Cargo.toml` has the keys that it should have.
fn manifest(text: &str) -> Result<(), String> {
    let table: toml::Table = text.parse().map_err(|error| format!("is not TOML: {error}"))?;
    let keys = |table: &toml::Table| table.keys().cloned().collect::<Vec<_>>().join(" ");
    let sub = |name: &str| table.get(name).and_then(toml::Value::as_table).cloned().unwrap_or_default();
    for (name, allowed) in [
        ("", "dependencies dev-dependencies features package"),
        ("package", "description edition name publish rust-version version"),
        ("dependencies", "driftline-runtime it"),
        ("dev-dependencies", "axum tokio"),
    ] {
        let table = if name.is_empty() { table.clone() } else { sub(name) };
        if let Some(key) = table.keys().find(|key| !allowed.split(' ').any(|allowed| allowed == *key)) {
            return Err(format!("has the key {key:?} in [{name}] ({})", keys(&table)));
        }
    }
    let is_name = |name: &str| {
        !name.is_empty()
            && name.chars().all(|it| it.is_ascii_alphanumeric() || matches!(it, '-' | '_' | ':' | '/'))
    };
    for (feature, others) in &sub("features") {
        let others: Vec<&str> =
            others.as_array().into_iter().flatten().filter_map(toml::Value::as_str).collect();
        if !is_name(feature) || !others.iter().all(|other| is_name(other)) {
            return Err(format!("has the feature {feature:?} = {others:?}"));
        }
    }
    Ok(())
}
