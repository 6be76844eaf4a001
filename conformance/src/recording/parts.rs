//! A recorded request as the parts that a call is made of, and what of it counts.

use driftline_specs::recording::{Ask, Part, Respects, parts_of};
use driftline_specs::{Contract, Operation, ParameterLocation, SecuritySchemeKind};
use percent_encoding::percent_decode_str;
use url::form_urlencoded;

use super::routes::PathValues;
use crate::calls::{Content, FormField, Parts};

/// Headers that are no parameters, whatever a contract says (OpenAPI 3.0.4, "Fixed Fields" of the Parameter Object).
const NEVER: [&str; 3] = ["accept", "authorization", "content-type"];

/// What counts when two requests of an operation are compared: its parameters, and no credential.
pub(super) fn respects(contract: &Contract, operation: &Operation) -> Respects {
    let credentials = |wanted: ParameterLocation| {
        let schemes = contract.security_schemes();
        let names = schemes.into_iter().filter_map(move |scheme| match scheme.kind {
            SecuritySchemeKind::ApiKey { location, name } if location == wanted => Some(name),
            _ => None,
        });
        names.collect::<Vec<String>>()
    };
    let names = |wanted: ParameterLocation, besides: &[String]| {
        let own = operation.parameters.iter().filter(|parameter| parameter.location == wanted);
        let names = own.map(|parameter| parameter.name.clone());
        names.filter(|name| !besides.iter().any(|it| it.eq_ignore_ascii_case(name))).collect::<Vec<_>>()
    };
    let mut besides = credentials(ParameterLocation::Header);
    besides.extend(NEVER.map(str::to_owned));
    Respects {
        headers: names(ParameterLocation::Header, &besides),
        cookies: names(ParameterLocation::Cookie, &credentials(ParameterLocation::Cookie)),
        besides: credentials(ParameterLocation::Query),
    }
}

/// Takes a request apart.
pub(super) fn parts(ask: &Ask, path: PathValues, respects: &Respects) -> Parts {
    let query = ask.url.split('#').next().unwrap_or_default().split_once('?').map_or("", |(_, query)| query);
    let query = form_urlencoded::parse(query.as_bytes()).into_owned();
    let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let cookies = ask.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("cookie"));
    let cookies = cookies.flat_map(|(_, value)| value.split(';')).filter_map(|pair| pair.split_once('='));
    let cookies = cookies.map(|(name, value)| (name.trim().to_owned(), decode(value.trim())));
    let counts =
        |(name, _): &(String, String)| respects.headers.iter().any(|it| it.eq_ignore_ascii_case(name));
    Parts {
        path,
        query: query.filter(|(name, _)| !respects.besides.contains(name)).collect(),
        headers: ask.headers.iter().filter(|header| counts(header)).cloned().collect(),
        cookies: cookies.filter(|(name, _)| respects.cookies.contains(name)).collect(),
        body: ask.body.as_deref().filter(|body| !body.is_empty()).map(|body| content(ask, body)),
    }
}

fn content(ask: &Ask, body: &[u8]) -> Content {
    let media_type = ask.header("content-type").unwrap_or_default().to_owned();
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if essence == "application/x-www-form-urlencoded" {
        let fields = form_urlencoded::parse(body).into_owned().map(|(name, value)| FormField {
            name,
            content: value.into_bytes(),
            ..FormField::default()
        });
        return Content::Form { media_type, fields: fields.collect() };
    }
    match parts_of(&media_type, body) {
        Some(parts) => {
            let fields = parts.into_iter().map(|Part { name, file_name, media_type, content }| FormField {
                name,
                file_name,
                media_type,
                content,
            });
            Content::Form { media_type, fields: fields.collect() }
        }
        None => Content::Octets { media_type, bytes: body.to_vec() },
    }
}
