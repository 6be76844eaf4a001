//! Puts something of the same length in the place of a file's content.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};

use super::Masker;

/// What the files of the usual formats begin with, and what a program looks at to tell them apart.
const BEGINNINGS: [&[u8]; 10] = [
    b"%PDF-1.7\n",
    b"%PDF-",
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"GIF89a",
    b"GIF87a",
    b"PK\x03\x04",
    b"II*\0",
    b"MM\0*",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
];

const FILLING: &[u8] = b"masked file ";

/// Returns as many bytes as there are in a file, with its beginning and nothing else of it.
pub(super) fn content(file: &[u8]) -> Vec<u8> {
    let beginning = BEGINNINGS.into_iter().find(|it| file.starts_with(it)).unwrap_or_default();
    let filling = FILLING.iter().copied().cycle();
    beginning.iter().copied().chain(filling).take(file.len()).collect()
}

/// Whether a text is a file of one of the usual formats in base64.
pub(super) fn is_encoded(text: &str) -> bool {
    // Eight characters are six bytes, enough for most beginnings.
    let head = text.get(..8).and_then(|it| STANDARD.decode(it).ok()).unwrap_or_default();
    head.len() >= 4 && BEGINNINGS.into_iter().any(|it| head.starts_with(it.get(..6).unwrap_or(it)))
}

impl Masker<'_> {
    /// Masks the content of a file that stands in a text, as base64 or plain.
    pub(super) fn encoded_file(&mut self, text: &str) -> String {
        if self.stays() {
            return text.to_owned();
        }
        let plain: String = text.chars().filter(|it| !it.is_ascii_whitespace()).collect();
        for engine in [&STANDARD, &URL_SAFE] {
            if let Ok(bytes) = engine.decode(&plain) {
                return engine.encode(content(&bytes));
            }
        }
        String::from_utf8_lossy(&content(text.as_bytes())).into_owned()
    }
}

/// Returns a file's name that says only what kind of file it is.
pub(super) fn name(name: &str) -> String {
    match name.rsplit_once('.') {
        Some((_, kind))
            if !kind.is_empty() && kind.len() <= 5 && kind.bytes().all(|it| it.is_ascii_alphanumeric()) =>
        {
            format!("masked.{kind}")
        }
        _ => "masked".to_owned(),
    }
}
