//! The parts of a `multipart/form-data` body (RFC 7578, RFC 2046 section 5.1).

use std::fmt;

/// The most parts that are looked at.
const MOST_PARTS: usize = 1_000;

/// One part of a form.
#[derive(Clone, PartialEq, Eq)]
pub struct Part {
    /// The name of the field.
    pub name: String,
    /// The name of the file, if the part is one.
    pub file_name: Option<String>,
    /// The media type, if the part says one.
    pub media_type: Option<String>,
    /// What is in it.
    pub content: Vec<u8>,
}

/// Shows how much is in it and not what: it may be personal data.
impl fmt::Debug for Part {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Part")
            .field("name", &self.name)
            .field("media_type", &self.media_type)
            .field("bytes", &self.content.len())
            .finish_non_exhaustive()
    }
}

/// Takes a body apart; nothing where it is not what its media type says, or has more than 1,000 parts.
pub fn parts_of(media_type: &str, body: &[u8]) -> Option<Vec<Part>> {
    let (essence, _) = media_type.split_once(';')?;
    if !essence.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let boundary = parameter(media_type, "boundary").filter(|boundary| !boundary.is_empty())?;
    let delimiter = format!("--{boundary}").into_bytes();
    let mut rest = after(body, &delimiter)?;
    let mut parts = Vec::new();
    let between = [b"\r\n".as_slice(), &delimiter].concat();
    while !rest.starts_with(b"--") {
        if parts.len() == MOST_PARTS {
            return None;
        }
        // What stands behind a delimiter on its line is padding.
        let part = after(rest, b"\r\n")?;
        // A part without a header begins with the empty line.
        let (head, content) = match part.strip_prefix(b"\r\n") {
            Some(content) => (&b""[..], content),
            None => split(part, b"\r\n\r\n")?,
        };
        let (content, behind) = split(content, &between)?;
        parts.push(self::part(std::str::from_utf8(head).ok()?, content)?);
        rest = behind;
    }
    Some(parts)
}

fn part(head: &str, content: &[u8]) -> Option<Part> {
    let field = |name: &str| {
        let lines = head.split("\r\n").filter_map(|line| line.split_once(':'));
        lines.into_iter().find(|(it, _)| it.trim().eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    };
    let disposition = field("content-disposition")?;
    Some(Part {
        name: parameter(disposition, "name")?,
        file_name: parameter(disposition, "filename"),
        media_type: field("content-type").map(str::to_owned),
        content: content.to_vec(),
    })
}

/// A parameter of a header field's value. Names of files are quoted in two ways: with a backslash, and as browsers do,
/// percent-encoded.
fn parameter(value: &str, name: &str) -> Option<String> {
    let mut rest = value.split_once(';')?.1;
    loop {
        let (key, behind) = rest.split_once('=')?;
        let behind = behind.trim_start();
        let (text, after) = match behind.strip_prefix('"') {
            Some(quoted) => unquoted(quoted)?,
            None => {
                let (text, after) = behind.split_once(';').unwrap_or((behind, ""));
                (text.trim().to_owned(), after)
            }
        };
        if key.trim_matches([' ', '\t', ';']).eq_ignore_ascii_case(name) {
            return Some(text.replace("%22", "\"").replace("%0D", "\r").replace("%0A", "\n"));
        }
        rest = after;
    }
}

/// A quoted text up to its end, and what stands behind it.
fn unquoted(quoted: &str) -> Option<(String, &str)> {
    let mut text = String::new();
    let mut characters = quoted.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return Some((text, &quoted[at + 1..])),
            '\\' => text.push(characters.next()?.1),
            other => text.push(other),
        }
    }
    None
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

fn split<'b>(bytes: &'b [u8], at: &[u8]) -> Option<(&'b [u8], &'b [u8])> {
    let place = find(bytes, at)?;
    Some((&bytes[..place], &bytes[place + at.len()..]))
}

fn after<'b>(bytes: &'b [u8], wanted: &[u8]) -> Option<&'b [u8]> {
    split(bytes, wanted).map(|(_, behind)| behind)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: &str = "multipart/form-data; boundary=\"b b\"";

    #[test]
    fn parts_are_told_apart_with_what_their_headers_say() {
        let body = "preamble\r\n--b b \r\nContent-Disposition: form-data; filename=\"a \\\"1\\\".pdf\"; name=\"file\"\r\n\
                    content-type: application/pdf\r\n\r\n%PDF\r\n--\r\n\r\n--b b\r\nContent-Disposition: form-data; \
                    name=\"%22q%22\"\r\n\r\n\r\n--b b--\r\nepilogue";
        let parts = parts_of(FORM, body.as_bytes()).unwrap();
        assert_eq!(parts.len(), 2);
        assert_eq!((parts[0].name.as_str(), parts[0].file_name.as_deref()), ("file", Some("a \"1\".pdf")));
        assert_eq!(parts[0].media_type.as_deref(), Some("application/pdf"));
        assert_eq!(parts[0].content, b"%PDF\r\n--\r\n");
        assert_eq!((parts[1].name.as_str(), parts[1].content.as_slice()), ("\"q\"", &b""[..]));
    }

    #[test]
    fn what_is_no_form_has_no_parts() {
        let whole = "--b b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--b b--\r\n";
        assert!(parts_of(FORM, whole.as_bytes()).is_some());
        for length in 0..whole.len() - 4 {
            assert_eq!(parts_of(FORM, &whole.as_bytes()[..length]), None, "{length}");
        }
        assert_eq!(parts_of("multipart/form-data", whole.as_bytes()), None);
        assert_eq!(parts_of("text/plain; boundary=\"b b\"", whole.as_bytes()), None);
        let many =
            "--b b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n".repeat(1_001) + "--b b--";
        assert_eq!(parts_of(FORM, many.as_bytes()), None);
    }
}
