//! Bounds: "at most 50 characters", "nine digits", "between 1 and 100".

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::{Pattern, pattern, sentences};

/// The bounds that a description states; an exact one is both.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(in super::super) struct Bounds {
    pub(in super::super) least: Option<f64>,
    pub(in super::super) most: Option<f64>,
    /// Whether the length is counted in digits.
    pub(in super::super) digits: bool,
}

const UNIT: &str = r"(?:(?:unicode|alphanumeric|utf-?8|ascii|numeric|printable|alphabetic) )*(character|char|digit|letter)s?\b";
const NUMBER: &str =
    r"(\d[\d,]{0,9}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fourteen|sixteen|twenty)";

static MOST: LazyLock<[Regex; 4]> = LazyLock::new(|| {
    [
        pattern(&format!(
            r"(?i)\b(?:max(?:imum|\.)?(?: (?:length|size))?(?: (?:is|of|allowed))*\s*[:=]?|at most|up to|no (?:more|longer) than|(?:not|cannot) exceed|limited to|less than or equal to)\s*{NUMBER}[ -]{UNIT}"
        )),
        pattern(&format!(
            r"(?i)\b{NUMBER}[ -]{UNIT}\s*\(?(?:max\b|maximum|or less|or fewer|limit\b|at most)"
        )),
        pattern(
            r"(?i)\bmax(?:imum)?[ _]?length(?: is| of| allowed)*\s*[:=]?\s*(\d[\d,]{0,9})(?:\b(?:\s*[.,;)\n]|\s*$))",
        ),
        pattern(&format!(
            r"(?i)\blonger than {NUMBER}[ -]{UNIT} (?:is|are|will be) (?:truncated|rejected|refused|not)"
        )),
    ]
});
static BETWEEN: Pattern = LazyLock::new(|| {
    pattern(&format!(r"(?i)(?:\b(?:between|from)\s+)?\b{NUMBER}\s*(?:and|to|-|–)\s*{NUMBER}[ -]{UNIT}"))
});
static LEAST: Pattern = LazyLock::new(|| {
    pattern(&format!(
        r"(?i)\b(?:min(?:imum|\.)?(?: length)?(?: (?:is|of))*\s*[:=]?|at least)\s*{NUMBER}[ -]{UNIT}"
    ))
});
static EXACT: LazyLock<[Regex; 2]> = LazyLock::new(|| {
    [
        pattern(&format!(r"(?i)^(?:a |an |the |must be |exactly |is |its |of )*{NUMBER}[ -]{UNIT}")),
        pattern(&format!(
            r"(?i)\b(?:exactly|must be|has|have|must have|consists? of|must contain)(?: an?| exactly)? {NUMBER}[ -]{UNIT}"
        )),
    ]
});
static PARTIAL: Pattern = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:last|first|final|leading|trailing|decimal|after|before|prefix|suffix|per|or|each|line|words?|if|when|where|only|except|excluding|optional|recommended|should|suggest|visible|shown|display(?:ed)?|truncated?|bytes?|separated|between|by default|typically|usually|often|e\.g|than one|other|currently|starts?|begins?|ends?|followed|plus|and an?|entries|items|keys?|values|concatenat\w+|contains? at least)\b",
    )
});

/// Returns the lengths that a plain text states for a string; nothing when it states several.
pub(in super::super) fn lengths(text: &str) -> Option<Bounds> {
    let mut found: Vec<Bounds> = Vec::new();
    for sentence in sentences(text) {
        let partial = PARTIAL.is_match(sentence);
        if let Some(between) = BETWEEN.captures(sentence) {
            let least = number(&between, 1);
            let most = number(&between, 2);
            if least <= most && !sentence.to_ascii_lowercase().contains("decimal") {
                found.push(Bounds { least, most, digits: digits(&between, 3) });
            }
            continue;
        }
        let most = MOST.iter().find_map(|it| it.captures(sentence));
        if partial && (most.is_some() || LEAST.is_match(sentence)) {
            // Several numbers, or a bound on a part: not to be taken for the bound of the whole.
            found.push(Bounds::default());
            continue;
        }
        let least = LEAST.captures(sentence);
        if most.is_some() || least.is_some() {
            found.push(Bounds {
                least: least.as_ref().and_then(|it| number(it, 1)),
                most: most.as_ref().and_then(|it| number(it, 1)),
                digits: most.as_ref().or(least.as_ref()).is_some_and(|it| digits(it, 2)),
            });
            continue;
        }
        if !partial && let Some(exact) = EXACT.iter().find_map(|it| it.captures(sentence)) {
            let length = number(&exact, 1);
            found.push(Bounds { least: length, most: length, digits: digits(&exact, 2) });
        }
    }
    single(&found)
}

/// Returns the range that a plain text states for a number; nothing when it states several.
pub(in super::super) fn range(text: &str) -> Option<Bounds> {
    static BETWEEN: Pattern = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:must be|value|number|limit|range|integer|values?|page size)?\s*(?:is |are )?(?:between|ranges? from)\s+(-?\d[\d,]{0,12}(?:\.\d+)?)\s+(?:and|to)\s+(-?\d[\d,]{0,12}(?:\.\d+)?)(?:[^\w%.]|[.](?:\s|$)|$)",
        )
    });
    static MOST: Pattern = LazyLock::new(|| {
        pattern(
            r"(?i)(?:\bmax(?:imum)?(?: (?:value|allowed|limit|page size))?(?: (?:is|of|value|allowed))*\s*[:=]?|\bcannot (?:exceed|be greater than)|\bmust not exceed|\bno (?:more|greater) than|\bup to)\s*`?(\d[\d,]{0,12})`?(?:\s*(?:$|[.](?:\s|$)|[,;)\n]|\()|\s+(?:inclusive|and|results?|items?|records?|entries|objects?|rows|elements|per page)\b)",
        )
    });
    static LEAST: Pattern = LazyLock::new(|| {
        pattern(
            r"(?i)\bmin(?:imum)?(?: (?:value|allowed))?(?: (?:is|of|value|allowed))*\s*[:=]?\s*`?(-?\d[\d,]{0,12})`?(?:\s*(?:$|[.](?:\s|$)|[,;)\n]|\()|\s+(?:inclusive|and|results?|items?|records?|entries|objects?|rows|elements|per page)\b)",
        )
    });
    static OTHER_UNIT: Pattern = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:characters?|chars?|digits?|letters?|decimal|places?|bytes?|[kmg]i?b|megabytes?|requests?|times|attempts|if|when|unless|for|except|where|only|per|default(?:s|ing)?(?: to)? (?:the )?max|first|last|attribute|propert(?:y|ies)|array|objects? in|precision|currently|recommend(?:ed)?)\b",
        )
    });
    let mut found = Vec::new();
    for sentence in sentences(text) {
        let bounds = if let Some(between) = BETWEEN.captures(sentence) {
            Bounds { least: number(&between, 1), most: number(&between, 2), digits: false }
        } else {
            Bounds {
                least: LEAST.captures(sentence).and_then(|it| number(&it, 1)),
                most: MOST.captures(sentence).and_then(|it| number(&it, 1)),
                digits: false,
            }
        };
        if bounds != Bounds::default() {
            found.push(if OTHER_UNIT.is_match(sentence) { Bounds::default() } else { bounds });
        }
    }
    single(&found)
}

/// One statement, or a least and a most in two; anything else is more than can be understood.
fn single(found: &[Bounds]) -> Option<Bounds> {
    let bounds = match found {
        [one] => *one,
        [one, two] if one == two => *one,
        [one, two] if one.least.is_none() && two.most.is_none() => Bounds { least: two.least, ..*one },
        [one, two] if one.most.is_none() && two.least.is_none() => Bounds { least: one.least, ..*two },
        _ => return None,
    };
    (bounds.least.is_some() || bounds.most.is_some()).then_some(bounds)
}

fn digits(found: &Captures<'_>, group: usize) -> bool {
    found.get(group).is_some_and(|unit| unit.as_str().eq_ignore_ascii_case("digit"))
}

fn number(found: &Captures<'_>, group: usize) -> Option<f64> {
    let text = found.get(group)?.as_str().to_ascii_lowercase();
    let text = text.trim_end_matches(',');
    let words =
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    let word = words.iter().zip(1_u8..).find(|(word, _)| **word == text).map(|(_, value)| f64::from(value));
    word.or(match text {
        "fourteen" => Some(14.0),
        "sixteen" => Some(16.0),
        "twenty" => Some(20.0),
        _ => text.replace(',', "").parse().ok(),
    })
}
