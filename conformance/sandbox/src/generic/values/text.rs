//! Texts by format, pattern and length.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::pattern;
use super::shape::Shape;
use crate::random::Random;

/// The longest text that is made however long it has to be.
const LONGEST: usize = 100_000;

/// How many more repetitions a pattern is tried with until the text is long enough.
const STRETCHES: [u32; 9] = [0, 1, 2, 4, 8, 16, 32, 64, 256];

const WORDS: [&str; 12] = [
    "amber", "basil", "cedar", "delta", "ember", "fern", "grove", "hazel", "iris", "juniper", "linden",
    "maple",
];

/// A text for a shape; `guess` says how often others were refused.
pub(super) fn text(shape: &Shape, name: &str, guess: u64, random: &mut Random) -> String {
    let (least, most) =
        (shape.length.least.unwrap_or(0).min(LONGEST), shape.length.most.unwrap_or(usize::MAX));
    let fits = |text: &str| (least..=most).contains(&text.chars().count());
    // A format that nobody's pattern agrees with is given up after a while, and the other way round.
    if guess % 3 != 2 || shape.format.is_none() {
        for pattern in &shape.patterns {
            let mut found = STRETCHES.iter().filter_map(|more| pattern::text(pattern, *more, random));
            if let Some(text) = found.find(|text| fits(text)) {
                return text;
            }
        }
    }
    if let Some(text) = shape.format.as_deref().and_then(|format| formatted(format, name, random))
        && (fits(&text) || guess.is_multiple_of(2) && shape.patterns.is_empty() && most >= text.len())
    {
        return text;
    }
    let mut text = format!("{} {}", random.pick(&WORDS), random.pick(&WORDS));
    while text.chars().count() < least {
        text.push(' ');
        text.push_str(random.pick(&WORDS));
    }
    let mut cut: String = text.chars().take(most.min(least.max(24))).collect();
    if cut.ends_with(' ') {
        cut.pop();
        cut.push('s');
    }
    cut
}

fn formatted(format: &str, name: &str, random: &mut Random) -> Option<String> {
    let day = |random: &mut Random| {
        format!("{}-{:02}-{:02}", 2020 + random.below(5), 1 + random.below(12), 1 + random.below(28))
    };
    let time = |random: &mut Random| {
        format!("{:02}:{:02}:{:02}Z", random.below(24), random.below(60), random.below(60))
    };
    Some(match format {
        "date" => day(random),
        "time" => time(random),
        "date-time" => format!("{}T{}", day(random), time(random)),
        "duration" => format!("P{}D", 1 + random.below(30)),
        "email" | "idn-email" => format!("{}{}@example.com", random.pick(&WORDS), random.below(1000)),
        "uuid" => {
            let (high, low) = (random.next(), random.next());
            let (first, second) = (high >> 32, (high >> 16) & 0xffff);
            let (third, fourth) = (0x4000 | high & 0xfff, 0x8000 | (low >> 48) & 0x3fff);
            format!("{first:08x}-{second:04x}-{third:04x}-{fourth:04x}-{:012x}", low & 0xffff_ffff_ffff)
        }
        "uri" | "url" | "iri" | "uri-reference" | "iri-reference" | "uri-template" => {
            format!("https://example.com/{}/{}", random.pick(&WORDS), random.below(1000))
        }
        "hostname" | "idn-hostname" => format!("{}.example.com", random.pick(&WORDS)),
        "ipv4" => format!("192.0.2.{}", 1 + random.below(254)),
        "ipv6" => format!("2001:db8::{:x}", 1 + random.below(0xffff)),
        "byte" | "base64" => STANDARD.encode(random.pick(&WORDS)),
        "json-pointer" => format!("/{}", random.pick(&WORDS)),
        "relative-json-pointer" => "1".to_owned(),
        "regex" => "^[a-z]+$".to_owned(),
        "int32" | "int64" | "integer" => random.below(1_000_000).to_string(),
        "decimal" | "number" | "float" | "double" => {
            format!("{}.{:02}", random.below(1000), random.below(100))
        }
        "password" => format!("{}-{name}-{}", random.pick(&WORDS), random.below(10_000)),
        _ => return None,
    })
}
