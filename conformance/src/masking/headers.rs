//! Masks header fields, cookies among them.

use std::net::IpAddr;

use driftline_specs::{Operation, ParameterLocation};

use super::Masker;
use super::kind::Kind;

/// Fields that say by which machines a request came.
const FORWARDING: [&str; 12] = [
    "x-forwarded-for",
    "forwarded",
    "x-real-ip",
    "true-client-ip",
    "cf-connecting-ip",
    "x-client-ip",
    "x-cluster-client-ip",
    "fastly-client-ip",
    "x-original-forwarded-for",
    "x-envoy-external-address",
    "x-forwarded",
    "x-remote-addr",
];

/// Fields that hold a digest of a body, by which the masked values could be found out by trying, and signatures.
const DIGESTS: [&str; 9] = [
    "digest",
    "content-digest",
    "repr-digest",
    "content-md5",
    "signature",
    "signature-input",
    "x-signature",
    "x-hub-signature",
    "x-hub-signature-256",
];

/// Fields whose value is a URL.
const URLS: [&str; 6] =
    ["location", "content-location", "referer", "origin", "x-original-url", "x-forwarded-uri"];

impl Masker<'_> {
    /// Masks the fields of a message. `length` is that of its masked body.
    pub(super) fn headers(
        &mut self,
        operation: Option<&Operation>,
        request: bool,
        status: Option<u16>,
        headers: Vec<(String, String)>,
        length: Option<usize>,
    ) -> Vec<(String, String)> {
        let masked = headers.into_iter().map(|(name, value)| {
            let lower = name.to_ascii_lowercase();
            let value = match (lower.as_str(), length) {
                ("content-length", Some(length)) if !value.trim().is_empty() => length.to_string(),
                _ => self.header(operation, request, status, &lower, &value),
            };
            (name, value)
        });
        masked.collect()
    }

    fn header(
        &mut self,
        operation: Option<&Operation>,
        request: bool,
        status: Option<u16>,
        name: &str,
        value: &str,
    ) -> String {
        match name {
            "authorization" | "proxy-authorization" => return self.authorization(value),
            "cookie" => return self.cookies(value),
            "set-cookie" => {
                let (cookie, attributes) = value.split_once(';').unwrap_or((value, ""));
                let masked = self.cookies(cookie);
                let rest = if value.contains(';') { format!(";{attributes}") } else { String::new() };
                return format!("{masked}{rest}");
            }
            // Challenges, moments and what a program is called hold nobody's data, and much that looks like it.
            "www-authenticate" | "date" | "expires" | "last-modified" | "content-type" | "accept" => {
                return value.to_owned();
            }
            "link" => return self.links(value),
            "content-disposition" => return self.disposition(value),
            _ => {}
        }
        if DIGESTS.contains(&name) || (request && self.is_key(ParameterLocation::Header, name)) {
            return self.credential(value);
        }
        if FORWARDING.contains(&name) {
            let masked = self.addresses(value);
            return self.text(&masked);
        }
        if URLS.contains(&name) {
            return self.url(None, value);
        }
        let place = match (operation, status) {
            (Some(operation), None) => self.parameter(Some(operation), name, ParameterLocation::Header),
            (Some(operation), Some(status)) => {
                let response = operation.response_for(status);
                let header = response
                    .and_then(|it| it.headers.iter().find(|it| it.name.eq_ignore_ascii_case(name)))
                    .and_then(|it| it.schema.as_ref());
                match header {
                    Some(schema) => self.place(driftline_specs::Direction::Response, &[&schema.pointer]),
                    None => self.nowhere(),
                }
            }
            _ => self.nowhere(),
        };
        let masked = self.leaf(&place, "", name, value.to_owned());
        // What a field cannot hold would make the recording unreadable.
        if http::HeaderValue::from_str(&masked).is_ok() || masked == value {
            masked
        } else {
            self.credential(value)
        }
    }

    /// Masks a credential and leaves the scheme.
    fn authorization(&mut self, value: &str) -> String {
        match value.split_once(' ') {
            // `masked:masked`.
            Some((scheme, _)) if scheme.eq_ignore_ascii_case("basic") => {
                format!("{scheme} bWFza2VkOm1hc2tlZA==")
            }
            Some((scheme, rest)) if scheme.len() <= 20 => format!("{scheme} {}", self.credential(rest)),
            _ => self.credential(value),
        }
    }

    /// Masks the values of cookies and leaves their names.
    fn cookies(&mut self, value: &str) -> String {
        let masked = value.split(';').map(|pair| match pair.split_once('=') {
            Some((name, value)) => format!("{name}={}", self.credential(value)),
            None => pair.to_owned(),
        });
        masked.collect::<Vec<_>>().join(";")
    }

    /// Masks the URLs of a field `Link` (RFC 8288).
    fn links(&mut self, value: &str) -> String {
        let mut masked = String::new();
        let mut rest = value;
        while let Some((before, after)) = rest.split_once('<') {
            let Some((url, after)) = after.split_once('>') else { break };
            masked.push_str(&self.text(before));
            masked.push('<');
            masked.push_str(&self.url(None, url));
            masked.push('>');
            rest = after;
        }
        masked.push_str(&self.text(rest));
        masked
    }

    /// Masks the IP addresses of a field, with their ports and brackets around them.
    fn addresses(&mut self, value: &str) -> String {
        let sign = |it: char| it.is_ascii_hexdigit() || matches!(it, '.' | ':');
        let mut masked = String::new();
        let mut rest = value;
        while let Some(start) = rest.find(sign) {
            let (before, from) = rest.split_at(start);
            let (word, after) = from.split_at(from.find(|it| !sign(it)).unwrap_or(from.len()));
            masked.push_str(before);
            // An address of version 4 may have a port.
            let (address, port) = match word.rsplit_once(':') {
                Some((address, port)) if !address.contains(':') => (address, format!(":{port}")),
                _ => (word, String::new()),
            };
            match address.parse::<IpAddr>() {
                Ok(_) if Kind::IpAddress.is_placeholder(address) => masked.push_str(word),
                Ok(_) if self.stays() => {
                    self.learn(Kind::IpAddress, address);
                    masked.push_str(word);
                }
                Ok(_) => {
                    masked.push_str(&self.vault.replace(Kind::IpAddress, address, |_| true));
                    masked.push_str(&port);
                }
                Err(_) => masked.push_str(word),
            }
            rest = after;
        }
        masked.push_str(rest);
        masked
    }
}
