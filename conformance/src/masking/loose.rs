//! Masks texts that name their values without being JSON: XML, JSON lines, event streams, and JSON that was cut off.

use std::sync::LazyLock;

use regex::Regex;

use super::Masker;
use super::place::Place;

/// Where a name stands beside a value: the name is the first group, the value the second.
static NAMED: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    [
        // JSON, also where it stands in a text of JSON and where its end is missing.
        r#"\\*"([\w-]{1,60})\\*"\s*:\s*\\*"([^"\\]+)"#,
        r#"\\*"([\w-]{1,60})\\*"\s*:\s*(\d+)"#,
        // An element of XML with a text in it.
        r"<(?:[\w.-]+:)?([\w.-]{1,60})(?:\s[^<>]*)?>([^<>]+)</",
        // An attribute.
        r#"\b([\w.-]{1,60})\s*=\s*["']([^"'<>]+)["']"#,
    ]
    .into_iter()
    .filter_map(|pattern| Regex::new(pattern).ok())
    .collect()
});

impl<'c> Masker<'c> {
    /// Masks a body that is text and not JSON as a whole.
    pub(super) fn loose(&mut self, place: &Place<'c>, text: &str) -> String {
        let mut masked = String::with_capacity(text.len());
        for line in text.split_inclusive('\n') {
            let content = line.trim_end_matches(['\n', '\r']);
            let (lead, rest) = content.split_at(content.find(['{', '[']).unwrap_or(content.len()));
            // A line of JSON, or one of an event stream.
            let json = if matches!(lead.trim(), "" | "data:") { self.json(place, rest) } else { None };
            match json {
                Some(json) => {
                    masked.push_str(lead);
                    masked.push_str(&json);
                    masked.push_str(line.get(content.len()..).unwrap_or_default());
                }
                None => masked.push_str(line),
            }
        }
        for pattern in NAMED.iter() {
            masked = self.named(pattern, &masked);
        }
        self.text(&masked)
    }

    fn named(&mut self, pattern: &Regex, text: &str) -> String {
        let nowhere = self.nowhere();
        let mut masked = String::with_capacity(text.len());
        let mut at = 0;
        for found in pattern.captures_iter(text) {
            let (Some(name), Some(value)) = (found.get(1), found.get(2)) else { continue };
            masked.push_str(text.get(at..value.start()).unwrap_or_default());
            masked.push_str(&self.leaf(&nowhere, "", name.as_str(), value.as_str().to_owned()));
            at = value.end();
        }
        masked.push_str(text.get(at..).unwrap_or_default());
        masked
    }
}
