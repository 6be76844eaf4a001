//! Masks multipart bodies (RFC 2046 section 5.1, RFC 7578) part by part.

use super::place::Place;
use super::{Masker, file, media};

impl<'c> Masker<'c> {
    /// Masks a body with a boundary; nothing where it is not what it says.
    pub(super) fn multipart(&mut self, place: &Place<'c>, boundary: &str, body: &[u8]) -> Option<Vec<u8>> {
        let delimiter = format!("--{boundary}");
        let mut places = positions(body, delimiter.as_bytes());
        places.retain(|at| *at == 0 || body.get(at - 1) == Some(&b'\n'));
        if places.is_empty() {
            return None;
        }
        let mut masked = Vec::with_capacity(body.len());
        // Nobody reads what stands before the first part and after the last one.
        for (index, at) in places.iter().enumerate() {
            let from = at + delimiter.len();
            let to = places.get(index + 1).copied().unwrap_or(body.len());
            let part = body.get(from..to)?;
            masked.extend_from_slice(delimiter.as_bytes());
            if part.starts_with(b"--") {
                masked.extend_from_slice(b"--\r\n");
                break;
            }
            masked.extend_from_slice(&self.part(place, part)?);
        }
        Some(masked)
    }

    /// Masks a part, from the end of its delimiter to the beginning of the next one.
    fn part(&mut self, place: &Place<'c>, part: &[u8]) -> Option<Vec<u8>> {
        let (gap, line): (&[u8], &str) = match positions(part, b"\r\n\r\n").first() {
            Some(_) => (b"\r\n\r\n", "\r\n"),
            None => (b"\n\n", "\n"),
        };
        let head_end = *positions(part, gap).first()?;
        let head = std::str::from_utf8(part.get(..head_end)?).ok()?;
        let content = part.get(head_end + gap.len()..)?;
        let ends = [&b"\r\n"[..], b"\n"].into_iter().find(|it| content.ends_with(it)).unwrap_or_default();
        let content = content.get(..content.len() - ends.len())?;

        let header = |name: &str| {
            head.lines().find_map(|it| {
                let (field, value) = it.split_once(':')?;
                field.trim().eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
            })
        };
        let disposition = header("content-disposition").unwrap_or_default();
        let name = media::parameter(&disposition, "name").unwrap_or_default();
        let media_type = header("content-type");
        let is_file = ["filename", "filename*"].iter().any(|it| media::parameter(&disposition, it).is_some());
        let below = place.member(&name);
        let text = std::str::from_utf8(content).ok();
        let masked = match text {
            Some(text) if !is_file && !media_type.as_deref().is_some_and(media::is_binary) => {
                let json = media_type.as_deref().is_some_and(media::is_json);
                let as_json = if json { self.json(&below, text) } else { None };
                as_json.unwrap_or_else(|| self.leaf(&below, "", &name, text.to_owned())).into_bytes()
            }
            _ => file::content(content),
        };

        let mut whole = Vec::new();
        let head: Vec<String> = head
            .lines()
            .map(|it| match it.split_once(':') {
                Some((field, value)) if field.eq_ignore_ascii_case("content-disposition") => {
                    format!("{field}:{}", self.disposition(value))
                }
                Some((field, _)) if field.eq_ignore_ascii_case("content-length") => {
                    format!("{field}: {}", masked.len())
                }
                Some((field, value)) if !field.eq_ignore_ascii_case("content-type") => {
                    format!("{field}:{}", self.text(value))
                }
                _ => it.to_owned(),
            })
            .collect();
        whole.extend_from_slice(head.join(line).as_bytes());
        whole.extend_from_slice(gap);
        whole.extend_from_slice(&masked);
        whole.extend_from_slice(ends);
        Some(whole)
    }

    /// Masks the names of a part and of its file.
    pub(super) fn disposition(&mut self, value: &str) -> String {
        let masked = value.split(';').map(|it| match it.split_once('=') {
            Some((name, given)) if name.trim().eq_ignore_ascii_case("filename") => {
                format!("{name}=\"{}\"", file::name(given.trim().trim_matches('"')))
            }
            Some((name, given)) if name.trim().eq_ignore_ascii_case("filename*") => {
                format!("{name}=UTF-8''{}", file::name(given.trim()))
            }
            _ => self.text(it),
        });
        masked.collect::<Vec<_>>().join(";")
    }
}

/// Where something stands in bytes, without overlap.
fn positions(bytes: &[u8], wanted: &[u8]) -> Vec<usize> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(window) = bytes.get(at..at + wanted.len()) {
        if window == wanted {
            found.push(at);
            at += wanted.len();
        } else {
            at += 1;
        }
    }
    found
}
