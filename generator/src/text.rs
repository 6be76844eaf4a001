//! What a contract says, made safe for comments, documentation and manifests. Literals of Rust take care of
//! themselves.
//!
//! Every text of a contract that becomes neither a literal nor a name goes through one of these functions: nothing
//! of it may end a line or a comment, turn the direction of the text around it (rustc refuses that), hide, or become
//! markup, a link or a doc test.

/// The character, or a space in place of one that ends lines, turns the direction of text, or cannot be seen.
pub(crate) fn printable(character: char) -> char {
    let unseen = matches!(
        character,
        '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}'
    );
    if unseen || character.is_control() { ' ' } else { character }
}

/// Text for a line of a comment or a manifest.
pub(crate) fn one_line(text: &str) -> String {
    text.chars().map(printable).collect()
}

/// Text for a code span of documentation: what stands between the backticks.
pub(crate) fn code(text: &str) -> String {
    let code: String =
        text.chars().map(|character| if character == '`' { '\'' } else { printable(character) }).collect();
    // With nothing between them, two backticks would begin another code span.
    if code.is_empty() { " ".to_owned() } else { code }
}

/// Text for the middle of a sentence of documentation, without any markup.
pub(crate) fn inline(text: &str) -> String {
    let mut inline = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if character == '_' {
            inline.push('\\');
        }
        push_plain(&mut inline, character);
    }
    // Rustdoc warns of a bare URL.
    inline.replace("://", "\\://")
}

/// Adds a character so that it is no markup.
pub(crate) fn push_plain(text: &mut String, character: char) {
    if matches!(character, '[' | ']' | '<' | '>' | '`' | '\\' | '*' | '#' | '|' | '~') {
        text.push('\\');
    }
    text.push(printable(character));
}

/// Tells whether a word at the start of a line would begin an item of a list, or underline a heading.
pub(crate) fn begins_item(word: &str) -> bool {
    let number = word.strip_suffix(['.', ')']);
    matches!(word, "-" | "+" | "\\*" | "•")
        || number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
        || word.chars().all(|character| character == '-')
        || word.chars().all(|character| character == '=')
}

/// The first sentence of a line of documentation, up to its full stop.
pub(crate) fn first_sentence(line: &str) -> &str {
    let mut in_code = false;
    let mut before = ' ';
    for (index, character) in line.char_indices() {
        match character {
            '`' => in_code = !in_code,
            ' ' if before == '.' && !in_code => {
                let sentence = line.get(..index).unwrap_or(line);
                if !["e.g.", "i.e.", "etc.", "vs.", "No."].iter().any(|word| sentence.ends_with(word)) {
                    return sentence;
                }
            }
            _ => {}
        }
        before = character;
    }
    line
}
