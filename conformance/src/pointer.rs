//! JSON Pointer segments (RFC 6901). Following a pointer through a contract is the contract's business.

/// Returns a name as one segment of a JSON Pointer.
pub(crate) fn escape(name: &str) -> String {
    let mut segment = String::with_capacity(name.len());
    escape_into(name, &mut segment);
    segment
}

/// Adds a name to a JSON Pointer as one segment, without the slash before it.
pub(crate) fn escape_into(name: &str, pointer: &mut String) {
    let mut rest = name;
    while let Some(at) = rest.find(['~', '/']) {
        let (plain, special) = rest.split_at(at);
        pointer.push_str(plain);
        pointer.push_str(if special.starts_with('~') { "~0" } else { "~1" });
        rest = special.get(1..).unwrap_or_default();
    }
    pointer.push_str(rest);
}

/// Returns a pointer with every array index replaced by `*`, so that it names a place, not an item.
pub(crate) fn generalise(pointer: &str) -> String {
    pointer
        .split('/')
        .map(|segment| {
            let index = !segment.is_empty() && segment.bytes().all(|byte| byte.is_ascii_digit());
            if index { "*" } else { segment }
        })
        .collect::<Vec<_>>()
        .join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_has_no_slash_and_no_tilde_of_its_own() {
        for (name, segment) in
            [("", ""), ("plain", "plain"), ("a/b", "a~1b"), ("~/~", "~0~1~0"), ("ä~1/ö", "ä~01~1ö")]
        {
            assert_eq!(escape(name), segment);
        }
    }
}
