//! Defaults: "defaults to `asc`", "Default: 25".

use std::sync::LazyLock;

use super::{Pattern, pattern};

/// Returns the value that a plain text calls the default; nothing when it names several, or none that is a value.
pub(in super::super) fn default_value(text: &str) -> Option<String> {
    static STATED: Pattern = LazyLock::new(|| {
        pattern(concat!(
            r"(?i)\b(?:(?:it )?defaults? (?:value )?(?:to|is|of)(?: be)?|default(?: value)?\s*[:=])\s*",
            r#"(?:`["']?([^`"'\n]{1,60})["']?`|"([^"\n]{1,60})"|'([^'\n]{1,60})'|(-?\d[\d,]*(?:\.\d+)?|true|false)"#,
            r"(?:[^\w%\-/:.]|[.](?:\s|$)|$))",
        ))
    });
    static ANY: Pattern = LazyLock::new(|| pattern(r"(?i)\bdefault"));
    static CONDITION: Pattern = LazyLock::new(|| {
        pattern(r"(?i)\b(?:if|when|unless|otherwise|for|depending|except|where|or|expression)\b")
    });
    // A second mention may be another default: for another case, or of another field.
    if ANY.find_iter(text).count() != 1 {
        return None;
    }
    let found = STATED.captures(text)?;
    let before = text.get(..found.get(0)?.start()).unwrap_or_default();
    let after = text.get(found.get(0)?.end()..).unwrap_or_default();
    let head = before.rsplit(['\n', '.', ';', '(']).next().unwrap_or_default();
    let tail = after.split(['\n', '.', ';', ')']).next().unwrap_or_default();
    if CONDITION.is_match(head) || CONDITION.is_match(tail) || head.contains('`') {
        return None;
    }
    let tail = tail.trim_start().to_ascii_lowercase();
    if ["day", "hour", "minute", "second", "month", "week", "year", "ms", "mb", "kb", "gb", "of ", "x "]
        .iter()
        .any(|unit| tail.starts_with(unit))
        && found.get(4).is_some()
    {
        // A number with a unit may be stated in another unit than the schema's.
        return None;
    }
    found.iter().skip(1).flatten().next().map(|value| value.as_str().trim().to_owned())
}
