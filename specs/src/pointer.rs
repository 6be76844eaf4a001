//! JSON Pointers (RFC 6901) as URI fragments: `#/components/schemas/Foo/properties/a~1b`.
//!
//! Every pointer that this crate hands out has this form and is canonical: `~` and `/` are escaped as RFC 6901
//! says, and `%` becomes `%25` so that decoding the fragment gives the same tokens back. Nothing else is
//! percent-encoded, because people read these pointers. Reading is lenient: other percent-encoded characters and
//! plain JSON Pointers without `#` are understood.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

/// Returns the tokens of a pointer, unescaped; the root has none.
///
/// `None` when the text is not a pointer (RFC 6901 section 3: every token starts with `/`).
pub fn tokens(pointer: &str) -> Option<Vec<String>> {
    let path = pointer.strip_prefix('#').unwrap_or(pointer);
    if path.is_empty() {
        return Some(Vec::new());
    }
    let path = path.strip_prefix('/')?;
    Some(path.split('/').map(|token| unescape(percent_decoded(token))).collect())
}

/// Returns the canonical pointer that these tokens form.
pub fn from_tokens<S: AsRef<str>>(tokens: impl IntoIterator<Item = S>) -> String {
    let mut pointer = String::from("#");
    for token in tokens {
        push(&mut pointer, token.as_ref());
    }
    pointer
}

/// Returns `pointer` with one more token, which may be any property name or array index.
pub fn join(pointer: &str, token: &str) -> String {
    let mut joined = String::with_capacity(pointer.len() + token.len() + 1);
    joined.push_str(pointer);
    push(&mut joined, token);
    joined
}

/// Returns the canonical form of a pointer, `None` when it is not one.
pub fn canonical(pointer: &str) -> Option<String> {
    tokens(pointer).map(from_tokens)
}

/// Returns the last token, unescaped; `None` for the root.
pub fn last_token(pointer: &str) -> Option<String> {
    tokens(pointer)?.pop()
}

/// Returns the value that `tokens` lead to.
pub(crate) fn lookup<'a, S: AsRef<str>>(root: &'a Value, tokens: &[S]) -> Option<&'a Value> {
    tokens.iter().try_fold(root, |value, token| child(value, token.as_ref()))
}

/// Returns the value that `tokens` lead to, to be changed.
pub(crate) fn lookup_mut<'a, S: AsRef<str>>(root: &'a mut Value, tokens: &[S]) -> Option<&'a mut Value> {
    tokens.iter().try_fold(root, |value, token| match value {
        Value::Object(members) => members.get_mut(token.as_ref()),
        Value::Array(items) => items.get_mut(index(token.as_ref())?),
        _ => None,
    })
}

/// Removes members of objects, in time that does not grow with the square of their number.
pub(crate) fn remove_members(root: &mut Value, pointers: &[String]) {
    let mut by_parent: HashMap<Vec<String>, HashSet<String>> = HashMap::new();
    for mut at in pointers.iter().filter_map(|pointer| tokens(pointer)) {
        if let Some(last) = at.pop() {
            by_parent.entry(at).or_default().insert(last);
        }
    }
    for (parent, names) in by_parent {
        if let Some(Value::Object(members)) = lookup_mut(root, &parent) {
            members.retain(|key, _| !names.contains(key));
        }
    }
}

/// Returns the member or item that one token names.
pub(crate) fn child<'a>(value: &'a Value, token: &str) -> Option<&'a Value> {
    match value {
        Value::Object(members) => members.get(token),
        Value::Array(items) => items.get(index(token)?),
        _ => None,
    }
}

/// Reads an array index as RFC 6901 section 4 writes it: no sign, no leading zero.
pub(crate) fn index(token: &str) -> Option<usize> {
    let digits = token.bytes().all(|byte| byte.is_ascii_digit());
    let leading_zero = token.len() > 1 && token.starts_with('0');
    if digits && !leading_zero { token.parse().ok() } else { None }
}

pub(crate) fn push(pointer: &mut String, token: &str) {
    pointer.push('/');
    if !token.bytes().any(|byte| matches!(byte, b'~' | b'/' | b'%')) {
        pointer.push_str(token);
        return;
    }
    let mut rest = token;
    while let Some(at) = rest.find(['~', '/', '%']) {
        let (before, after) = rest.split_at(at);
        pointer.push_str(before);
        pointer.push_str(match after.as_bytes().first() {
            Some(b'~') => "~0",
            Some(b'/') => "~1",
            _ => "%25",
        });
        rest = after.get(1..).unwrap_or_default();
    }
    pointer.push_str(rest);
}

fn unescape(token: String) -> String {
    if token.contains('~') { token.replace("~1", "/").replace("~0", "~") } else { token }
}

/// Decodes `%XX`; text that is no valid encoding, or that would not be UTF-8, stays as it is.
fn percent_decoded(token: &str) -> String {
    if !token.contains('%') {
        return token.to_owned();
    }
    let mut bytes = Vec::with_capacity(token.len());
    let mut rest = token.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        if first == b'%'
            && let Some((encoded, after)) = after.split_at_checked(2)
            && let [high, low] = encoded
            && let (Some(high), Some(low)) = (hex(*high), hex(*low))
        {
            bytes.push(high * 16 + low);
            rest = after;
        } else {
            bytes.push(first);
            rest = after;
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| token.to_owned())
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}
