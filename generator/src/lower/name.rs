//! Names that a person would choose, that Rust accepts, and that stay where they are.

use std::collections::{HashMap, HashSet};

use heck::{ToSnakeCase, ToUpperCamelCase};
use icu_normalizer::ComposingNormalizerBorrowed;

/// The longest name, in characters. Longer ones are cut, and told apart by number.
const MAX_NAME: usize = 200;

/// Names that mean something else in generated code.
const RESERVED_TYPES: &[&str] = &[
    "AdditionalProperties",
    "Base64",
    "BTreeMap",
    "Box",
    "Clone",
    "Credential",
    "Date",
    "DateTime",
    "Debug",
    "Default",
    "Err",
    "Error",
    "FilePart",
    "Form",
    "From",
    "Into",
    "Iterator",
    "Nullable",
    "Number",
    "Ok",
    "Option",
    "PartialEq",
    "Response",
    "Result",
    "Self",
    "Send",
    "Sensitive",
    "Some",
    "None",
    "String",
    "Style",
    "Sync",
    "ToString",
    "Tuple",
    "Unrecognized",
    "UnrecognizedValue",
    "Uuid",
    "Value",
    "Vec",
];

/// Turns text into a type's name: letters and digits in upper camel case, not starting with a digit.
pub(super) fn type_name(text: &str) -> String {
    let name = normal(&words(text).to_upper_camel_case());
    let name = match name.chars().next() {
        None => "Empty".to_owned(),
        Some(first) if !unicode_ident::is_xid_start(first) => format!("N{name}"),
        Some(_) => name,
    };
    if RESERVED_TYPES.contains(&name.as_str()) { format!("{name}Model") } else { name }
}

/// Turns an enum's value into a variant's name. Digits stay apart: `1.2` is `N1_2`, and `12` is `N12`.
pub(super) fn variant_name(value: &str) -> String {
    let mut parts = vec![String::new()];
    let mut characters = value.chars().peekable();
    while let Some(character) = characters.next() {
        let after_digit = parts.last().is_some_and(|part| part.ends_with(|last: char| last.is_ascii_digit()));
        let before_digit = characters.peek().is_some_and(char::is_ascii_digit);
        if after_digit && before_digit && matches!(character, '.' | '-' | '_' | '/' | ':' | ',' | ' ') {
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(character);
        }
    }
    let parts: Vec<_> = parts.iter().map(|part| words(part).to_upper_camel_case()).collect();
    let name = normal(&parts.join("_"));
    match name.chars().next() {
        None if value.is_empty() => "Empty".to_owned(),
        None => "Symbol".to_owned(),
        Some(first) if !unicode_ident::is_xid_start(first) => format!("N{name}"),
        Some(_) if matches!(name.as_str(), "Self" | "Unrecognized") => format!("{name}Value"),
        Some(_) => name,
    }
}

/// Turns a number into a variant's name: `Value1`, `Minus1`, `Value1_5`.
pub(super) fn number_name(number: &str) -> String {
    let (sign, digits) = match number.strip_prefix('-') {
        Some(digits) => ("Minus", digits),
        None => ("Value", number),
    };
    let digits = digits.replace('.', "_").replace("e-", "eMinus").replace("e+", "e");
    format!("{sign}{digits}")
}

/// Turns text into the name of a field, an argument, a method or a module.
pub(super) fn value_name(text: &str) -> String {
    let name = normal(&words(text).to_snake_case());
    match name.chars().next() {
        None => "empty".to_owned(),
        Some(first) if !unicode_ident::is_xid_start(first) => format!("n{name}"),
        Some(_) => name,
    }
}

/// A name in the form in which Rust compares names (Unicode's normalization form C), and not too long.
fn normal(name: &str) -> String {
    let cut: String = name.chars().take(MAX_NAME).collect();
    if cut.is_ascii() { cut } else { ComposingNormalizerBorrowed::new_nfc().normalize(&cut).into_owned() }
}

/// Turns text into the name of a module, which is a file's name as well: ASCII, and no keyword.
pub(super) fn module_name(text: &str) -> String {
    let name = value_name(text);
    let mut ascii = String::new();
    for character in name.chars() {
        match character.is_ascii() {
            true => ascii.push(character),
            false => ascii.push_str(&format!("u{:x}", u32::from(character))),
        }
        if ascii.len() >= MAX_MODULE {
            break;
        }
    }
    let is_free = is_identifier(&ascii) && !is_device(&ascii);
    if is_free { ascii } else { format!("{ascii}_") }
}

/// The longest name of a module, in bytes; that of its file has to be short on every system.
const MAX_MODULE: usize = 80;

/// Whether Windows takes a file of this name for a device.
fn is_device(name: &str) -> bool {
    let numbered = |rest: &str| matches!(rest.as_bytes(), [b'1'..=b'9']);
    matches!(name, "con" | "prn" | "aux" | "nul")
        || name.strip_prefix("com").or(name.strip_prefix("lpt")).is_some_and(numbered)
}

/// Makes a word of everything that no identifier may hold, so that `+1` and `-1` stay apart.
fn words(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    for (index, character) in text.chars().enumerate() {
        let symbol = match character {
            '+' => "plus",
            '-' if index == 0 => "minus",
            '*' => "star",
            '<' => "less",
            '>' => "greater",
            '=' => "equals",
            '!' if text.chars().count() <= 2 => "not",
            '%' => "percent",
            '&' => "and",
            '$' if text.chars().count() == 1 => "dollar",
            '@' if text.chars().count() == 1 => "at",
            character if unicode_ident::is_xid_continue(character) => {
                words.push(character);
                continue;
            }
            _ => "",
        };
        words.push(' ');
        words.push_str(symbol);
        words.push(' ');
    }
    words
}

/// Writes a value's name so that Rust takes it: keywords raw, or with an underscore where raw is not allowed.
pub(super) fn escape_keyword(name: String) -> String {
    if matches!(name.as_str(), "self" | "super" | "crate" | "Self" | "_") {
        return format!("{name}_");
    }
    if is_identifier(&name) { name } else { format!("r#{name}") }
}

/// Whether Rust takes a name as it is. `gen` is a keyword since edition 2024, which `syn` leaves to the compiler.
pub(super) fn is_identifier(name: &str) -> bool {
    syn::parse_str::<syn::Ident>(name).is_ok() && name != "gen"
}

/// Guesses the singular of a property that holds a list; a word that is none keeps its form plus `Item`.
pub(super) fn singular(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    let strip = |count: usize| name.get(..name.len().saturating_sub(count)).unwrap_or(name).to_owned();
    if lower.ends_with("ies") && lower.len() > 4 {
        format!("{}y", strip(3))
    } else if ["sses", "shes", "ches", "xes"].iter().any(|end| lower.ends_with(end)) {
        strip(2)
    } else if lower.ends_with('s')
        && !["ss", "us", "is", "news", "series", "as", "os"].iter().any(|end| lower.ends_with(end))
        && lower.len() > 2
    {
        strip(1)
    } else {
        format!("{name} item")
    }
}

/// The names that are taken in one scope.
#[derive(Debug, Default, Clone)]
pub(super) struct Scope {
    taken: HashSet<String>,
    /// The last number that was given to each name that was taken before.
    numbers: HashMap<String, u32>,
}

impl Scope {
    pub(super) fn with(reserved: &[&str]) -> Self {
        Self { taken: reserved.iter().map(|name| (*name).to_owned()).collect(), numbers: HashMap::new() }
    }

    /// Takes a name together with the names that are made from it, or the first of `name2`, `name3` … for which
    /// all of them are free.
    pub(super) fn claim_family(&mut self, name: &str, endings: &[&str]) -> String {
        let mut candidate = name.to_owned();
        let number = self.numbers.entry(name.to_lowercase()).or_insert(1);
        loop {
            let family: Vec<_> = std::iter::once("")
                .chain(endings.iter().copied())
                .map(|ending| format!("{candidate}{ending}").to_lowercase())
                .collect();
            if family.iter().all(|name| !self.taken.contains(name)) {
                self.taken.extend(family);
                return candidate;
            }
            *number += 1;
            candidate = format!("{name}{number}");
        }
    }

    /// Takes a name, or the first of `name2`, `name3` … that is free. Case is ignored, since names also become
    /// files.
    pub(super) fn claim(&mut self, name: &str) -> String {
        let mut candidate = name.to_owned();
        let separator = if name.ends_with(|last: char| last.is_ascii_digit()) { "_" } else { "" };
        let number = self.numbers.entry(name.to_lowercase()).or_insert(1);
        while !self.taken.insert(candidate.to_lowercase()) {
            *number += 1;
            candidate = format!("{name}{separator}{number}");
        }
        candidate
    }
}
