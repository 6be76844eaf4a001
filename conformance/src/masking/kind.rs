//! What a value is of a person, and how it is told from a placeholder: by the name beside it and by its form.

use std::net::IpAddr;

use crate::strategy::personal::{CITIES, FIRST_NAMES, LAST_NAMES, Personal, ZIP_CODES, personal};
use crate::strategy::words::words;

/// What a value is that must not be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A social security number.
    SocialSecurityNumber,
    /// A taxpayer's number of somebody without a social security number (ITIN).
    TaxpayerNumber,
    /// An employer's number.
    EmployerNumber,
    /// The number of a payment card.
    CardNumber,
    /// A telephone number.
    Phone,
    /// An e-mail address.
    Email,
    /// A first name.
    FirstName,
    /// A last name.
    LastName,
    /// First and last name.
    FullName,
    /// A date of birth.
    BirthDate,
    /// A street with its number.
    Street,
    /// A city.
    City,
    /// A ZIP code.
    ZipCode,
    /// An IP address.
    IpAddress,
    /// A password, a token, a key: what opens a door.
    Credential,
    /// Something else that the contract or a name calls sensitive.
    Sensitive,
}

/// What the placeholders of credentials and of anything else sensitive begin with.
pub(super) const MASKED: &str = "masked";

/// Between a name of the list and what tells the second use of it from the first.
pub(super) const AGAIN: &str = "-Q";

impl Kind {
    /// Returns what it is, for people.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::SocialSecurityNumber => "social security number",
            Kind::TaxpayerNumber => "taxpayer number (ITIN)",
            Kind::EmployerNumber => "employer number",
            Kind::CardNumber => "card number",
            Kind::Phone => "telephone number",
            Kind::Email => "e-mail address",
            Kind::FirstName => "first name",
            Kind::LastName => "last name",
            Kind::FullName => "name",
            Kind::BirthDate => "date of birth",
            Kind::Street => "street",
            Kind::City => "city",
            Kind::ZipCode => "ZIP code",
            Kind::IpAddress => "IP address",
            Kind::Credential => "credential",
            Kind::Sensitive => "sensitive value",
        }
    }

    /// Whether it is its digits, whatever stands between them.
    pub(super) fn is_digits(self) -> bool {
        use Kind::{CardNumber, EmployerNumber, Phone, SocialSecurityNumber, TaxpayerNumber};
        matches!(self, SocialSecurityNumber | TaxpayerNumber | EmployerNumber | CardNumber | Phone)
    }

    /// Whether it is told from others without regard to case.
    pub(super) fn ignores_case(self) -> bool {
        !matches!(self, Kind::Credential | Kind::Sensitive)
    }

    /// Whether a value can be this at all: `verified` is no social security number, whatever its property is called.
    pub(super) fn fits(self, value: &str) -> bool {
        let digits = value.bytes().filter(u8::is_ascii_digit).count();
        match self {
            kind if kind.is_digits() => digits >= 4,
            Kind::Email => value.contains('@'),
            Kind::BirthDate | Kind::ZipCode => digits >= 4,
            Kind::IpAddress => value.parse::<IpAddr>().is_ok(),
            _ => value.chars().any(char::is_alphanumeric),
        }
    }

    /// Whether a value is a placeholder already, and so nobody's.
    pub(super) fn is_placeholder(self, value: &str) -> bool {
        let value = value.trim();
        if value.starts_with(MASKED) {
            return true;
        }
        let digits = digits(value);
        match self {
            Kind::SocialSecurityNumber | Kind::TaxpayerNumber => {
                digits.len() == 9 && !is_issued_number(&digits)
            }
            Kind::EmployerNumber => digits.len() == 9 && digits.starts_with("07"),
            Kind::CardNumber => digits.starts_with('0'),
            Kind::Phone => is_fictional_phone(&digits),
            Kind::Email => is_reserved_address(value),
            Kind::FirstName => is_listed(value, &[FIRST_NAMES]),
            Kind::LastName => is_listed(value, &[LAST_NAMES]),
            Kind::FullName => value.split_whitespace().all(|it| is_listed(it, &[FIRST_NAMES, LAST_NAMES])),
            Kind::City => is_listed(value, &[CITIES]),
            Kind::Street => value
                .strip_suffix(" Example Street")
                .is_some_and(|it| it.bytes().all(|it| it.is_ascii_digit())),
            Kind::ZipCode => {
                let five = digits.get(..5).unwrap_or_default();
                (ZIP_CODES.contains(&five) || five.starts_with("00"))
                    && matches!(digits.get(5..), Some("" | "0000"))
            }
            Kind::IpAddress => value.parse().is_ok_and(|it| is_nobodys_address(&it)),
            Kind::BirthDate | Kind::Credential | Kind::Sensitive => false,
        }
    }

    /// Returns what a property, a parameter or a header field of this name holds.
    ///
    /// `parent` is the name around it: `last` in `name` is a last name.
    pub(super) fn of_name(parent: &str, name: &str) -> Option<Kind> {
        /// Names that say something only with the one around them.
        const PARTS: [&str; 15] = [
            "first", "last", "middle", "given", "family", "full", "name", "line", "line1", "line_1", "line2",
            "line_2", "number", "value", "address",
        ];
        let singular = singular(name);
        Kind::of_words(&singular).or_else(|| {
            let parent = self::singular(parent);
            if parent.is_empty() || !PARTS.contains(&singular.as_str()) {
                return None;
            }
            Kind::of_words(&format!("{singular}_{parent}"))
                .or_else(|| Kind::of_words(&format!("{parent}_{singular}")))
        })
    }

    fn of_words(name: &str) -> Option<Kind> {
        let words = words(name);
        let has = |word: &str| words.iter().any(|it| it == word);
        let any = |list: &[&str]| words.iter().any(|it| list.contains(&it.as_str()));
        let last = words.last().map(String::as_str).unwrap_or_default();
        // What is said about one, not one.
        if matches!(
            last,
            "type"
                | "kind"
                | "count"
                | "status"
                | "required"
                | "enabled"
                | "policy"
                | "length"
                | "format"
                | "in"
                | "at"
                | "url"
                | "uri"
                | "endpoint"
                | "method"
                | "label"
                | "placeholder"
        ) {
            return None;
        }
        if any(&[
            "token",
            "secret",
            "password",
            "passwd",
            "passphrase",
            "pwd",
            "apikey",
            "jwt",
            "otp",
            "cvv",
            "cvc",
            "csrf",
            "xsrf",
            "authorization",
            "credential",
            "passcode",
        ]) || (has("key")
            && any(&["api", "access", "private", "secret", "signing", "subscription", "functions"]))
            || (has("session") && any(&["id", "key", "cookie"]))
            || (words.len() == 1 && matches!(last, "auth" | "session" | "sid"))
        {
            return Some(Kind::Credential);
        }
        if let Some(personal) = personal(name) {
            return Some(match personal {
                Personal::SocialSecurityNumber => Kind::SocialSecurityNumber,
                Personal::TaxpayerNumber => Kind::TaxpayerNumber,
                Personal::EmployerNumber => Kind::EmployerNumber,
                Personal::Phone => Kind::Phone,
                Personal::Email => Kind::Email,
                Personal::ZipCode => Kind::ZipCode,
                Personal::FullName => Kind::FullName,
                Personal::FirstName => Kind::FirstName,
                Personal::LastName => Kind::LastName,
                Personal::BirthDate => Kind::BirthDate,
                Personal::Street => Kind::Street,
                Personal::City => Kind::City,
                // A state alone tells little, and much of what is answered depends on it.
                Personal::State => return None,
            });
        }
        let person = [
            "applicant",
            "member",
            "subscriber",
            "dependent",
            "spouse",
            "contact",
            "holder",
            "cardholder",
            "patient",
            "guardian",
            "agent",
            "broker",
            "employee",
            "person",
            "customer",
            "signer",
            "beneficiary",
            "insured",
            "owner",
            "guarantor",
            "child",
        ];
        match last {
            "name" if any(&["maiden", "birth"]) => return Some(Kind::LastName),
            "name" if any(&["preferred", "nick"]) => return Some(Kind::FirstName),
            "name" if any(&person) => return Some(Kind::FullName),
            "firstname" | "givenname" | "forename" | "middlename" | "nickname" => {
                return Some(Kind::FirstName);
            }
            "lastname" | "familyname" => return Some(Kind::LastName),
            "fullname" => return Some(Kind::FullName),
            "birthday" | "dateofbirth" => return Some(Kind::BirthDate),
            "cell" | "cellphone" | "phonenumber" => return Some(Kind::Phone),
            "emailaddress" | "mail" => return Some(Kind::Email),
            "postcode" | "postalcode" => return Some(Kind::ZipCode),
            "address" | "address1" | "address2" => return Some(Kind::Street),
            "ip" => return Some(Kind::IpAddress),
            "username" | "login" | "iban" | "passport" | "mbi" => return Some(Kind::Sensitive),
            _ => {}
        }
        if has("ip") && last == "address" {
            return Some(Kind::IpAddress);
        }
        let document =
            any(&["passport", "license", "licence", "medicare", "medicaid", "alien", "visa", "uscis"]);
        let account = any(&["account", "routing", "card"]);
        if (document && matches!(last, "number" | "id" | "no" | "num"))
            || (account && matches!(last, "number" | "no" | "num"))
        {
            return Some(if has("card") { Kind::CardNumber } else { Kind::Sensitive });
        }
        (last == "name" && has("user")).then_some(Kind::Sensitive)
    }
}

/// A name with its last word in the singular.
fn singular(name: &str) -> String {
    let mut words = words(name);
    if let Some(last) = words.last_mut()
        && last.len() > 3
        && !last.ends_with("ss")
        && last.ends_with('s')
    {
        let cut = if last.ends_with("sses") { 2 } else { 1 };
        last.truncate(last.len() - cut);
    }
    words.join("_")
}

/// The digits of a text.
pub(super) fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// Whether nine digits are a social security number or an ITIN that somebody may have.
///
/// No number has area 000 or 666, group 00 or serial 0000. The 900 area is that of ITINs, with groups 50 to 65, 70 to
/// 88, 90 to 92 and 94 to 99.
pub(super) fn is_issued_number(digits: &str) -> bool {
    let part = |range| digits.get(range).and_then(|it: &str| it.parse::<u32>().ok()).unwrap_or_default();
    let (area, group, serial) = (part(0..3), part(3..5), part(5..9));
    match area {
        0 | 666 => false,
        900.. => matches!(group, 50..=65 | 70..=88 | 90..=92 | 94..=99),
        _ => group != 0 && serial != 0,
    }
}

/// Whether the digits are those of a telephone number that is kept for fiction: 555-0100 to 555-0199.
pub(super) fn is_fictional_phone(digits: &str) -> bool {
    let local = digits.len().checked_sub(7).and_then(|at| digits.get(at..)).unwrap_or_default();
    local.starts_with("55501")
}

/// Whether an e-mail address is in a domain that RFC 2606 or RFC 6761 reserves.
pub(super) fn is_reserved_address(address: &str) -> bool {
    let domain = address.rsplit_once('@').map_or(address, |(_, domain)| domain).to_ascii_lowercase();
    let last_two: Vec<&str> = domain.rsplit('.').take(2).collect();
    matches!(last_two.first(), Some(&("example" | "test" | "invalid" | "localhost")))
        || matches!(last_two.as_slice(), ["com" | "org" | "net", "example"])
}

/// Whether an IP address is one of documentation, of a private network or of the machine itself.
pub(super) fn is_nobodys_address(address: &IpAddr) -> bool {
    match address {
        IpAddr::V4(it) => {
            it.is_documentation()
                || it.is_private()
                || it.is_loopback()
                || it.is_unspecified()
                || it.is_link_local()
        }
        IpAddr::V6(it) => {
            let segments = it.segments();
            it.is_loopback()
                || it.is_unspecified()
                || (segments[0] == 0x2001 && segments[1] == 0xdb8)
                || segments[0] & 0xfe00 == 0xfc00
                || segments[0] & 0xffc0 == 0xfe80
        }
    }
}

fn is_listed(value: &str, lists: &[&[&str]]) -> bool {
    let base = match value.split_once(AGAIN) {
        Some((base, again)) if !again.is_empty() && again.bytes().all(|it| it.is_ascii_lowercase()) => base,
        _ => value,
    };
    lists.iter().any(|list| list.contains(&base))
}
