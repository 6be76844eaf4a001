//! People who do not exist, with everything that must not be left of them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use proptest::prelude::*;
use serde_json::{Value, json};

#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) first: String,
    pub(crate) last: String,
    pub(crate) ssn: String,
    pub(crate) itin: String,
    pub(crate) email: String,
    pub(crate) phone: String,
    pub(crate) birth: String,
    pub(crate) street: String,
    pub(crate) city: String,
    pub(crate) token: String,
    pub(crate) password: String,
    pub(crate) address: String,
    pub(crate) code: String,
    pub(crate) income: u32,
}

/// A word that stands nowhere by chance.
fn word(least: usize) -> impl Strategy<Value = String> {
    proptest::string::string_regex(&format!("[BDFGKLPRTVZ][aeiou][bdfgklprtvz][aeiou]q[a-z]{{{least},5}}"))
        .expect("is one")
}

pub(crate) fn people() -> impl Strategy<Value = Person> {
    let names = (word(0), word(0), word(0), word(1));
    let numbers = (1..=665u32, 1..=99u32, 1..=9999u32, 900..=999u32, 70..=88u32, 200..=999u32);
    let rest = (200..=554u32, 0..=9999u32, 1930..=2020u32, 1..=12u32, 1..=28u32, "[A-F]{4}-[0-9]{3}");
    let secrets = (
        "[a-z0-9]{6}[A-Z0-9]{24}",
        "[a-z]{3}[0-9]{6}[A-Z]{4}!",
        100_001..=9_999_999u32,
        (1..=223u8, any::<u8>()),
    );
    (names, numbers, rest, secrets).prop_map(|(names, numbers, rest, secrets)| {
        let (first, last, city, domain) = names;
        let (area, group, serial, high, itin, code) = numbers;
        let (exchange, line, year, month, day, sign) = rest;
        let (token, password, income, (a, b)) = secrets;
        Person {
            ssn: format!("{area:03}-{group:02}-{serial:04}"),
            itin: format!("{high}{itin:02}{serial:04}"),
            email: format!("{}.{}@{}.com", first.to_lowercase(), last.to_lowercase(), domain.to_lowercase()),
            phone: format!("{code}-{exchange}-{line:04}"),
            birth: format!("{year}-{month:02}-{day:02}"),
            street: format!("{serial} {last} Road"),
            // Neither private nor of documentation.
            address: format!("{}.77.{b}.9", if matches!(a, 10 | 127) { 8 } else { a }),
            first,
            last,
            city,
            token,
            password,
            code: sign,
            income,
        }
    })
}

pub(crate) fn bare(dashed: &str) -> String {
    dashed.replace('-', "")
}

impl Person {
    pub(crate) fn body(&self) -> Value {
        json!({
            "first_name": self.first, "last_name": self.last, "ssn": self.ssn, "itin": self.itin,
            "date_of_birth": self.birth, "email": self.email, "phone": bare(&self.phone), "kind": "Smoker",
            "income": self.income, "code": self.code,
            "address": {"line1": self.street, "city": self.city, "state": "TX", "zip": "94110-2233"},
            "notes": self.notes(),
            "document": STANDARD.encode(format!("%PDF-1.7\n{} {}", self.ssn, self.last)),
        })
    }

    /// Everything in places that nothing is said of.
    pub(crate) fn notes(&self) -> Value {
        let inner = json!({"who": {"ssn": bare(&self.ssn), "born": self.us_birth()}, "mail": [self.email]})
            .to_string();
        json!({
            "text": format!("{} {} ({}) called {} from {}.", self.first, self.last, self.ssn, self.phone, self.city),
            "inner": inner,
            "encoded": STANDARD.encode(&inner),
            "list": [bare(&self.ssn), self.itin, self.phone, format!("+1{}", bare(&self.phone))],
            "number": bare(&self.ssn).trim_start_matches('0').parse::<u64>().unwrap_or(0),
            "url": format!("https://{}:{}@example.com/p/{}?email={}", "user", self.password, self.ssn, encoded(&self.email)),
            "auth": format!("Bearer {}", self.token),
            "jwt": format!("eyJhbGciOiJIUzI1NiJ9.eyJ{}.{}", self.token, self.token),
            "fields": [{"name": "last_name", "value": self.last}, {"name": "dob", "value": self.us_birth()}],
            "contact": {"name": format!("{} {}", self.first, self.last), "birthDate": self.birth, "api_key": self.token},
            self.email.clone(): "a key", "password": self.password,
        })
    }

    pub(crate) fn us_birth(&self) -> String {
        let mut parts = self.birth.split('-');
        let (year, month, day) = (parts.next(), parts.next(), parts.next());
        format!("{}/{}/{}", month.unwrap_or(""), day.unwrap_or(""), year.unwrap_or(""))
    }

    /// Everything that must not be left, as people write it.
    pub(crate) fn secrets(&self) -> Vec<String> {
        let Person {
            first,
            last,
            ssn,
            itin,
            email,
            phone,
            birth,
            street,
            city,
            token,
            password,
            address,
            code,
            ..
        } = self;
        let mut all: Vec<String> =
            [first, last, ssn, itin, email, phone, birth, street, city, token, password, address, code]
                .map(String::clone)
                .into();
        all.extend([
            bare(ssn),
            bare(phone),
            self.us_birth(),
            self.birth.replace('-', ""),
            self.income.to_string(),
        ]);
        all
    }
}

/// A text as it stands in a query.
pub(crate) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}
