//! Masks URLs, their queries, and forms, which are written like queries.

use driftline_specs::{Operation, ParameterLocation, SecuritySchemeKind};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::Masker;
use super::kind::{Kind, MASKED};
use super::place::Place;

/// What stays as it is in a segment of a path (RFC 3986 section 3.3).
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'!')
    .remove(b'$')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b':')
    .remove(b'@');

impl<'c> Masker<'c> {
    /// Masks a URL, absolute or not. With an operation, its parameters say what stands where.
    pub(super) fn url(&mut self, operation: Option<&Operation>, url: &str) -> String {
        let (rest, fragment) = cut(url, '#');
        let (rest, query) = cut(rest, '?');
        let (origin, path) = match rest.split_once("//") {
            Some((scheme, rest)) if scheme.is_empty() || scheme.ends_with(':') => {
                let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
                let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
                let user = if authority.len() == host.len() { "" } else { "masked:masked@" };
                (format!("{scheme}//{user}{host}"), path)
            }
            _ => (String::new(), rest),
        };
        let mut masked = origin;
        masked.push_str(&self.path(operation, path));
        if let Some(query) = query {
            masked.push('?');
            let parameter =
                |masker: &Masker<'c>, name: &str| masker.parameter(operation, name, ParameterLocation::Query);
            masked.push_str(&self.pairs(query, &parameter));
        }
        if let Some(fragment) = fragment {
            masked.push('#');
            // Some servers hand tokens over in the fragment, written as a query.
            let nowhere = |masker: &Masker<'c>, _: &str| masker.nowhere();
            let form = fragment.contains('=');
            masked.push_str(&if form { self.pairs(fragment, &nowhere) } else { self.text(fragment) });
        }
        masked
    }

    fn path(&mut self, operation: Option<&Operation>, path: &str) -> String {
        let given: Vec<&str> = path.split('/').collect();
        // The template is the end of the path; what a server puts before it is its own.
        let template: Vec<&str> = operation.map(|it| it.path.split('/').collect()).unwrap_or_default();
        let before = given.len().checked_sub(template.len()).map(|it| it + usize::from(!template.is_empty()));
        let masked = given.iter().enumerate().map(|(index, segment)| {
            let Ok(text) = percent_decode_str(segment).decode_utf8() else { return (*segment).to_owned() };
            let at = before.and_then(|before| (index + 1).checked_sub(before));
            let written = at.and_then(|at| template.get(at)).copied().unwrap_or_default();
            let name = written.strip_prefix('{').and_then(|it| it.strip_suffix('}'));
            let masked = match name {
                Some(name) => {
                    let place = self.parameter(operation, name, ParameterLocation::Path);
                    self.leaf(&place, "", name, text.to_string())
                }
                // A constant of the contract is nobody's.
                None if !written.is_empty() && written == text => return (*segment).to_owned(),
                None => self.text(&text),
            };
            if masked == text {
                (*segment).to_owned()
            } else {
                utf8_percent_encode(&masked, SEGMENT).to_string()
            }
        });
        masked.collect::<Vec<_>>().join("/")
    }

    /// Masks `name=value&…`; `place` says what the contract knows of a name.
    pub(super) fn pairs(&mut self, pairs: &str, place: &dyn Fn(&Masker<'c>, &str) -> Place<'c>) -> String {
        let decode = |it: &str| {
            let spaced = it.replace('+', " ");
            percent_decode_str(&spaced).decode_utf8().map(|it| it.into_owned()).unwrap_or(spaced)
        };
        let encode = |it: &str| url::form_urlencoded::byte_serialize(it.as_bytes()).collect::<String>();
        let masked = pairs.split('&').map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (plain_name, plain) = (decode(name), decode(value));
            let place = place(self, &plain_name);
            // `applicant[ssn]` and `applicant.ssn` end with what counts.
            let mut parts = plain_name.rsplit(['[', ']', '.']).filter(|it| !it.is_empty());
            let (last, parent) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
            let masked = if self.is_key(ParameterLocation::Query, &plain_name) && !plain.is_empty() {
                self.credential(&plain)
            } else {
                self.leaf(&place, parent, last, plain.clone())
            };
            let masked_name = self.text(&plain_name);
            let name = if masked_name == plain_name { name.to_owned() } else { encode(&masked_name) };
            match (pair.contains('='), masked == plain) {
                (false, _) => name,
                (true, true) => format!("{name}={value}"),
                (true, false) => format!("{name}={}", encode(&masked)),
            }
        });
        masked.collect::<Vec<_>>().join("&")
    }

    /// The place of a parameter.
    pub(super) fn parameter(
        &self,
        operation: Option<&Operation>,
        name: &str,
        location: ParameterLocation,
    ) -> Place<'c> {
        let same = |it: &str| match location {
            ParameterLocation::Header => it.eq_ignore_ascii_case(name),
            _ => it == name,
        };
        let parameters = operation.into_iter().flat_map(|it| &it.parameters);
        let schema = parameters
            .filter(|it| it.location == location && same(&it.name))
            .find_map(|it| it.schema.as_ref());
        match schema {
            Some(schema) => self.place(driftline_specs::Direction::Request, &[&schema.pointer]),
            None => self.nowhere(),
        }
    }

    /// Whether a security scheme has its key there.
    pub(super) fn is_key(&self, location: ParameterLocation, name: &str) -> bool {
        self.schemes.iter().any(|scheme| match &scheme.kind {
            SecuritySchemeKind::ApiKey { location: at, name: key } => {
                *at == location && key.eq_ignore_ascii_case(name)
            }
            _ => false,
        })
    }

    /// Masks what opens a door.
    pub(super) fn credential(&mut self, value: &str) -> String {
        if value.trim().is_empty() || value.starts_with(MASKED) {
            return value.to_owned();
        }
        if self.stays() {
            self.learn(Kind::Credential, value);
            return value.to_owned();
        }
        self.vault.replace(Kind::Credential, value, |_| true)
    }
}

fn cut(text: &str, at: char) -> (&str, Option<&str>) {
    text.split_once(at).map_or((text, None), |(before, after)| (before, Some(after)))
}
