//! The header `Link` (RFC 8288).

use http::{HeaderMap, header};

/// Returns the target of the first link whose relation is `next`.
pub(super) fn next(headers: &HeaderMap) -> Option<String> {
    let fields = headers.get_all(header::LINK).iter().filter_map(|field| field.to_str().ok());
    fields.flat_map(links).find(|(_, relations)| is_next(relations)).map(|(target, _)| target.to_owned())
}

/// One relation, or several with spaces between them; their case does not count (section 2.1.1).
fn is_next(relations: &str) -> bool {
    relations.split_ascii_whitespace().any(|relation| relation.eq_ignore_ascii_case("next"))
}

/// The links of a field: each target with its `rel`.
fn links(field: &str) -> Vec<(&str, &str)> {
    let mut links = Vec::new();
    let mut rest = field;
    while let Some((_, from_target)) = rest.split_once('<') {
        let Some((target, parameters)) = from_target.split_once('>') else { break };
        let end = end_of(parameters);
        let (own, following) = parameters.split_at(end);
        // The first `rel` counts (section 3.3).
        let relation = split_outside_quotes(own, ';').into_iter().find_map(|parameter| {
            let (name, value) = parameter.split_once('=')?;
            name.trim().eq_ignore_ascii_case("rel").then(|| value.trim().trim_matches('"'))
        });
        links.push((target, relation.unwrap_or_default()));
        rest = following;
    }
    links
}

/// Where the parameters of a link end: at a comma that is in no quotes, or with the field.
fn end_of(parameters: &str) -> usize {
    split_outside_quotes(parameters, ',').first().map_or(0, |own| own.len())
}

fn split_outside_quotes(text: &str, separator: char) -> Vec<&str> {
    let mut quoted = false;
    text.split(move |character| {
        quoted ^= character == '"';
        character == separator && !quoted
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_link_is_found_among_others() {
        let found = |fields: &[&str]| {
            let mut headers = HeaderMap::new();
            for field in fields {
                headers.append(header::LINK, field.parse().expect("a header"));
            }
            next(&headers)
        };
        let github = r#"<https://api.example.com/a?page=1>; rel="prev", <https://api.example.com/a?page=3>; rel="next""#;
        assert_eq!(found(&[github]).as_deref(), Some("https://api.example.com/a?page=3"));
        assert_eq!(
            found(&["</first>; rel=first", "</b,c>; title=\"a, b; c\"; REL=\"last Next\""]).as_deref(),
            Some("/b,c")
        );
        assert_eq!(found(&["</a>; rel=prev; rel=next"]), None);
        assert_eq!(found(&["</a>; title=\"rel=next\""]), None);
        for broken in ["", "<", "</a", "</a>", "; rel=next", "</a>; rel", "</a>; rel=\"next"] {
            let _ = found(&[broken]);
        }
        assert_eq!(found(&[]), None);
    }
}
