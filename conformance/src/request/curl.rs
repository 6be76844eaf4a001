//! A request as a `curl` command that reproduces it, with placeholders where the credential goes.

use super::Request;
use crate::target::Credential;

/// Returns a command for a POSIX shell; bodies with control characters use the `$'…'` form, which bash, zsh
/// and POSIX.1-2024 understand.
///
/// The values of the credentials never appear: a placeholder that is a shell variable is left to the shell.
#[must_use]
pub fn curl(
    base_url: &str,
    request: &Request,
    headers: &[(String, String)],
    credentials: &[Credential],
) -> String {
    let mut target = request.target();
    let mut words = vec!["curl".to_owned(), "--globoff".to_owned()];
    if request.method.as_str() == "HEAD" {
        words.push("--head".to_owned());
    } else if request.method.as_str() != "GET" {
        words.extend(["-X".to_owned(), request.method.to_string()]);
    }
    for credential in credentials {
        match credential {
            // A field without content is left out unless it ends like this.
            Credential::Header { name, .. } if credential.shown().is_empty() => {
                words.extend(["-H".to_owned(), quoted(&format!("{name};"))]);
            }
            Credential::Header { name, .. } => {
                words.extend(["-H".to_owned(), double_quoted(&format!("{name}: {}", credential.shown()))]);
            }
            Credential::Query { name, .. } => {
                let separator = if target.contains('?') { '&' } else { '?' };
                target.push_str(&format!("{separator}{name}={}", credential.shown()));
            }
        }
    }
    for (name, _) in headers {
        // Fields that were given on the command line may be secrets of another kind.
        words.extend(["-H".to_owned(), quoted(&format!("{name}: <{}>", name.to_lowercase()))]);
    }
    let accept = request.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let content_type = request.body.iter().map(|body| ("Content-Type", body.media_type.as_str()));
    for (name, value) in accept.chain(content_type) {
        let field = if value.is_empty() { format!("{name};") } else { format!("{name}: {value}") };
        words.extend(["-H".to_owned(), quoted(&field)]);
    }
    if let Some(body) = &request.body {
        words.extend(["--data-raw".to_owned(), quoted(&body.content)]);
    }
    let url = format!("{}{target}", base_url.trim_end_matches('/'));
    let has_variable =
        credentials.iter().any(|it| matches!(it, Credential::Query { .. }) && it.shown().starts_with('$'));
    words.push(if has_variable { double_quoted(&url) } else { quoted(&url) });
    words.join(" ")
}

/// Quotes a word so that the shell takes it as it is.
fn quoted(text: &str) -> String {
    let plain = |it: char| it.is_ascii_alphanumeric() || "-._~/:=%,@+".contains(it);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    if !text.chars().any(|it| it.is_control() && it != '\n') {
        return format!("'{}'", text.replace('\'', r"'\''"));
    }
    let mut word = String::from("$'");
    for character in text.chars() {
        match character {
            '\r' => word.push_str("\\r"),
            '\n' => word.push_str("\\n"),
            '\t' => word.push_str("\\t"),
            '\'' => word.push_str("\\'"),
            '\\' => word.push_str("\\\\"),
            other if other.is_control() => word.push_str(&format!("\\{:03o}", u32::from(other))),
            other => word.push(other),
        }
    }
    word.push('\'');
    word
}

/// Quotes a word in which the shell replaces a variable.
fn double_quoted(text: &str) -> String {
    if !text.contains('$') {
        return quoted(text);
    }
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('`', "\\`"))
}
