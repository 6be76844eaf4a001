//! JSON as a person compares it: what is counted of one thing stands in one line.

use serde_json::Value;

/// How deep objects are spread over lines; what is below has one line.
const SPREAD: usize = 64;

/// Writes a document; objects that hold nothing but numbers, flags and such objects take one line.
pub(super) fn printed(document: &Value) -> String {
    let mut text = String::new();
    write(&mut text, document, 0);
    text.push('\n');
    text
}

fn write(text: &mut String, value: &Value, depth: usize) {
    match value {
        Value::Object(members) if depth < SPREAD && !is_a_line(value) => {
            let indent = "  ".repeat(depth + 1);
            for (index, (name, member)) in members.iter().enumerate() {
                text.push_str(if index == 0 { "{\n" } else { ",\n" });
                text.push_str(&indent);
                text.push_str(&Value::from(name.as_str()).to_string());
                text.push_str(": ");
                write(text, member, depth + 1);
            }
            text.push('\n');
            text.push_str(&"  ".repeat(depth));
            text.push('}');
        }
        Value::Object(members) => {
            for (index, (name, member)) in members.iter().enumerate() {
                text.push_str(if index == 0 { "{ " } else { ", " });
                text.push_str(&Value::from(name.as_str()).to_string());
                text.push_str(": ");
                write(text, member, SPREAD);
            }
            text.push_str(if members.is_empty() { "{}" } else { " }" });
        }
        other => text.push_str(&other.to_string()),
    }
}

/// Whether an object is what is counted of one thing: numbers and flags, and maps of them.
fn is_a_line(value: &Value) -> bool {
    let is_counted = |value: &Value| value.is_number() || value.is_boolean();
    value.as_object().is_some_and(|members| {
        members.values().all(|member| {
            is_counted(member)
                || !members.contains_key("answers")
                    && member.as_object().is_some_and(|inner| inner.values().all(is_counted))
        }) && members.values().any(is_counted)
            || members.is_empty()
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::printed;

    #[test]
    fn what_is_counted_of_one_thing_has_one_line() {
        let document =
            json!({ "a": "b", "places": { "/x": { "of": 3, "forms": { "text": 3 } }, "/y": { "of": 1 } } });
        let text = printed(&document);
        assert_eq!(
            text,
            "{\n  \"a\": \"b\",\n  \"places\": {\n    \"/x\": { \"of\": 3, \"forms\": { \"text\": 3 } },\n    \
             \"/y\": { \"of\": 1 }\n  }\n}\n"
        );
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), document);
    }
}
