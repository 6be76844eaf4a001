//! Descriptions as documentation: Markdown that rustdoc renders without a warning and never runs.

/// Turns a description into lines. Indentation, fences, brackets and tags lose their meaning, so that nothing
/// of a contract becomes a link, a heading of the page, HTML or a doc test.
pub(super) fn lines(description: Option<&str>) -> Vec<String> {
    let Some(description) = description else { return Vec::new() };
    let mut lines: Vec<String> = Vec::new();
    for line in description.split(['\n', '\r', '\u{2028}', '\u{2029}']) {
        let line = sanitise(line.trim());
        if line.is_empty() && lines.last().is_none_or(String::is_empty) {
            continue;
        }
        lines.push(line);
    }
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

fn sanitise(line: &str) -> String {
    let balanced = line.matches('`').count().is_multiple_of(2) && !line.contains("```");
    let mut code = false;
    let mut text = String::with_capacity(line.len() + 8);
    for character in line.chars() {
        match character {
            '`' if balanced => {
                code = !code;
                text.push('`');
            }
            '`' => text.push('\''),
            _ if code => text.push(character),
            '[' | ']' | '<' | '>' | '\\' | '|' | '*' | '#' | '~' => {
                text.push('\\');
                text.push(character);
            }
            character
                if character.is_control()
                    || matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') =>
            {
                text.push(' ')
            }
            character => text.push(character),
        }
    }
    bare_urls(&text)
}

/// Puts bare URLs into code spans: rustdoc warns of a bare one, and a link is the vendor's to make.
fn bare_urls(line: &str) -> String {
    if !line.contains("://") || line.contains('`') {
        return line.to_owned();
    }
    let words = line.split(' ').map(|word| {
        if word.contains("://") { format!("`{}`", word.replace('\\', "")) } else { word.to_owned() }
    });
    words.collect::<Vec<_>>().join(" ")
}
