//! Strings of a `format`, kept to names, addresses and hosts that are reserved for examples.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::collection::vec;
use proptest::sample::select;
use proptest::strategy::{Just, SBoxedStrategy, Strategy, Union};

use super::personal;

/// A file that is small, printable and starts as a PDF does (ISO 32000-2 section 7.5.2).
pub(super) const DOCUMENT: &str = "%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\n\
                                   trailer\n<< /Root 1 0 R >>\n%%EOF\n";

/// Returns a strategy for strings of a format; `None` for a format without rules that are known here.
pub(super) fn strategy(format: &str) -> Option<SBoxedStrategy<String>> {
    Some(match format {
        "date" => date(),
        "date-time" => (date(), time(), offset())
            .prop_map(|(date, time, offset)| format!("{date}T{time}{offset}"))
            .sboxed(),
        "time" => (time(), offset()).prop_map(|(time, offset)| format!("{time}{offset}")).sboxed(),
        "duration" => (1..400u32).prop_map(|days| format!("P{days}D")).sboxed(),
        "email" | "idn-email" => personal::email(),
        "uri" | "url" | "iri" | "uri-reference" | "iri-reference" => {
            token().prop_map(|token| format!("https://example.com/{token}")).sboxed()
        }
        "uri-template" => {
            token().prop_map(|token| format!("https://example.com/{token}{{/part}}{{?page}}")).sboxed()
        }
        "hostname" | "idn-hostname" => token().prop_map(|token| format!("{token}.example.com")).sboxed(),
        "ipv4" => (1..255u8).prop_map(|host| format!("192.0.2.{host}")).sboxed(),
        "ipv6" => (1..0xffffu16).prop_map(|host| format!("2001:db8::{host:x}")).sboxed(),
        "uuid" => proptest::array::uniform16(proptest::num::u8::ANY).prop_map(uuid).sboxed(),
        "byte" => vec(proptest::num::u8::ANY, 0..24).prop_map(|bytes| STANDARD.encode(bytes)).sboxed(),
        "binary" => Just(DOCUMENT.to_owned()).sboxed(),
        "json-pointer" => token().prop_map(|token| format!("/{token}")).sboxed(),
        "regex" => Just("^[a-z]+$".to_owned()).sboxed(),
        _ => return None,
    })
}

/// Returns the values of a format that implementations trip over, all of them valid.
pub(super) fn boundaries(format: &str) -> &'static [&'static str] {
    match format {
        "date" => &["2024-02-29", "2026-12-31", "2000-01-01"],
        "date-time" => &[
            "2024-02-29T23:59:59Z",
            "2026-01-01T00:00:00+00:00",
            "2026-06-30T12:30:45.123456Z",
            "2026-06-30T12:30:45-07:00",
        ],
        "uuid" => &["00000000-0000-4000-8000-000000000000"],
        "byte" => &["", "Zg==", "Zm8="],
        "uri" | "url" => &["https://example.com", "https://example.com/a?b=c&d=%20#e"],
        _ => &[],
    }
}

/// Returns texts that look like a value of a format and are none, the most telling one first.
pub(super) fn broken(format: &str) -> &'static [&'static str] {
    match format {
        // An endpoint that knows how a day is written may still not know how many a month has.
        "date" => &["31.12.2026", "2026-02-30"],
        "date-time" => &["31.12.2026 23:59", "2026-02-30T12:00:00Z"],
        "time" => &["half past nine", "25:00:00Z"],
        "email" | "idn-email" => &["nobody at example.com"],
        "uri" | "url" | "iri" => &["example dot com"],
        "uuid" => &["00000000-0000-4000-8000"],
        "ipv4" => &["192.0.2.256"],
        "ipv6" => &["2001:db8::g"],
        "hostname" | "idn-hostname" => &["-.example.com"],
        "regex" => &["("],
        _ => &["~ no such format ~"],
    }
}

fn date() -> SBoxedStrategy<String> {
    (2000..=2035i32, 1..=12u8, 1..=28u8)
        .prop_map(|(year, month, day)| format!("{year:04}-{month:02}-{day:02}"))
        .sboxed()
}

fn time() -> SBoxedStrategy<String> {
    (0..24u8, 0..60u8, 0..60u8)
        .prop_map(|(hour, minute, second)| format!("{hour:02}:{minute:02}:{second:02}"))
        .sboxed()
}

fn offset() -> SBoxedStrategy<String> {
    Union::new_weighted(vec![
        (6, Just("Z".to_owned()).sboxed()),
        (2, select(&["+00:00", "-05:00", "+02:00", "+05:30"][..]).prop_map(str::to_owned).sboxed()),
    ])
    .sboxed()
}

fn token() -> SBoxedStrategy<String> {
    (0..1_000_000u32).prop_map(|serial| format!("t{serial}")).sboxed()
}

fn uuid(mut bytes: [u8; 16]) -> String {
    // Version 4, variant 1 (RFC 9562 section 5.4).
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let part = |range: std::ops::Range<usize>| hex.get(range).unwrap_or_default().to_owned();
    [part(0..8), part(8..12), part(12..16), part(16..20), part(20..32)].join("-")
}
