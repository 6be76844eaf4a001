//! The cookies of an exchange, as HAR lists them beside the header fields (RFC 6265 sections 4.1 and 4.2).

use har::v1_2::Cookies;

/// The cookies that a field `Cookie` sends.
pub(super) fn sent(value: &str) -> impl Iterator<Item = Cookies> {
    value.split(';').filter_map(|pair| named(pair.trim()))
}

/// The cookie that a field `Set-Cookie` sets.
pub(super) fn set(value: &str) -> Option<Cookies> {
    let mut attributes = value.split(';').map(str::trim);
    let mut cookie = named(attributes.next()?)?;
    for attribute in attributes {
        let (name, value) = attribute.split_once('=').unwrap_or((attribute, ""));
        match name.to_ascii_lowercase().as_str() {
            "path" => cookie.path = Some(value.to_owned()),
            "domain" => cookie.domain = Some(value.to_owned()),
            "httponly" => cookie.http_only = Some(true),
            "secure" => cookie.secure = Some(true),
            // HAR wants another form of the date than the field has, and a browser does without.
            _ => {}
        }
    }
    Some(cookie)
}

fn named(pair: &str) -> Option<Cookies> {
    let (name, value) = pair.split_once('=')?;
    Some(Cookies { name: name.to_owned(), value: value.to_owned(), ..Cookies::default() })
}
