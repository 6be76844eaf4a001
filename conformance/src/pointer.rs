//! JSON Pointer segments (RFC 6901). Following a pointer through a contract is the contract's business.

/// Returns a name as one segment of a JSON Pointer.
pub(crate) fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
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
