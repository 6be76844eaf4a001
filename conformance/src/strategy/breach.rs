//! Values that are just beyond what a schema allows, one keyword at a time.
//!
//! They are made from the value that is there, so that a text too long is the text that was long enough, and
//! synthetic people stay synthetic.

use serde_json::{Number, Value, json};

use super::format;
use super::near_miss::Written;
use super::shape::{Kind, NumberLimits, Shape, TextLimits};

/// The longest text that is sent to exceed a `maxLength`.
const LONGEST: usize = 4096;

/// How many characters are added to what a pattern describes, where one does not end it.
const LONGER: usize = 12;

/// How many digits a postal code has in the United States.
const ZIP_CODE: usize = 5;

/// The longest array that is sent to exceed a `maxItems`.
const MOST_ITEMS: usize = 256;

/// What is done to a place to break a constraint there.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Edit {
    /// The property is left out.
    Remove,
    /// The value is put there.
    Set(Value),
}

/// Returns the keywords of a shape with the values that break them; `current` is the valid value, where there is one.
///
/// A keyword that can be broken in several manners, which an endpoint may notice one by one, is there as often, the most telling
/// one first.
pub(super) fn breaches(
    shape: &Shape,
    current: Option<&Value>,
    written: Written,
) -> Vec<(&'static str, Vec<Edit>)> {
    let mut found: Vec<(&'static str, Vec<Value>)> = Vec::new();
    let kind = shape.kind();
    found.push(("type", kind.map_or_else(Vec::new, |kind| other_types(kind, written))));
    match (kind, written, current) {
        (Some(Kind::Integer), ..) => found.push(("type", vec![json!(1.5)])),
        // One where a list of them is wanted, and a list of one where it is not, are taken for each other.
        (Some(Kind::Object), Written::Json, Some(current)) => found.push(("type", vec![json!([current])])),
        _ => {}
    }
    // What is written as text is taken for what it says.
    if let (Some(Kind::Integer | Kind::Number | Kind::Boolean), Written::Json, Some(current)) =
        (kind, written, current.filter(|it| it.is_number() || it.is_boolean()))
    {
        found.push(("type", vec![json!(current.to_string())]));
    }
    if !shape.nullable && (kind.is_some() || shape.choices.is_some()) {
        found.push(("nullable", vec![Value::Null]));
    }
    if let Some(choices) = &shape.choices {
        found.push(("enum", unlisted(choices)));
    } else {
        match kind {
            Some(Kind::Text) => found.extend(texts(&shape.text, current.and_then(Value::as_str))),
            Some(Kind::Integer | Kind::Number) => {
                found.extend(numbers(&shape.number, current));
                let format = shape.text.format.as_deref();
                found.push(("format", format.map_or_else(Vec::new, beyond)));
            }
            Some(Kind::Array) => {
                let items = current.and_then(Value::as_array);
                found.extend(items.map_or_else(Vec::new, |items| arrays(shape, items)));
            }
            Some(Kind::Object | Kind::Boolean) | None => {}
        }
    }
    found.retain_mut(|(_, values)| {
        if written != Written::Json {
            // Written as text, these cannot be told from an absent value.
            values.retain(|it| !matches!(it.to_string().as_str(), "null" | "\"\"" | "[]" | "{}"));
        }
        !values.is_empty()
    });
    found
        .into_iter()
        .map(|(keyword, values)| (keyword, values.into_iter().map(Edit::Set).collect()))
        .collect()
}

/// Values of other types. As text everything is a text, and one item is a list of one.
fn other_types(kind: Kind, written: Written) -> Vec<Value> {
    match (kind, written) {
        (Kind::Integer | Kind::Number | Kind::Boolean, _) => vec![json!("text")],
        (_, Written::Text | Written::Form) => Vec::new(),
        (Kind::Text, Written::Json) => vec![json!(7), json!(true)],
        (Kind::Object | Kind::Array, Written::Json) => vec![json!("text")],
    }
}

fn unlisted(choices: &[Value]) -> Vec<Value> {
    if choices.iter().any(Value::is_string) {
        return vec![json!("unlisted")];
    }
    let greatest = choices.iter().filter_map(Value::as_i64).max();
    greatest.and_then(|it| it.checked_add(1)).map(Value::from).into_iter().collect()
}

fn texts(limits: &TextLimits, current: Option<&str>) -> Vec<(&'static str, Vec<Value>)> {
    let mut found = Vec::new();
    let text = current.unwrap_or("text");
    let values = |texts: Vec<String>| texts.into_iter().map(Value::String).collect::<Vec<_>>();
    if let Some(most) = limits.max.filter(|most| *most <= LONGEST) {
        let more = text.chars().last().filter(char::is_ascii_alphanumeric).unwrap_or('x');
        let long: String = text.chars().chain(std::iter::repeat(more)).take(most + 1).collect();
        found.push(("maxLength", values(vec![long])));
    }
    if limits.min > 0 {
        let padded = text.chars().chain(std::iter::repeat('x'));
        found.push(("minLength", values(vec![padded.take(limits.min - 1).collect()])));
    }
    if !limits.patterns.is_empty() {
        found.extend(beside_a_pattern(text).into_iter().map(|broken| ("pattern", values(broken))));
    }
    if let Some(format) = &limits.format {
        let broken = format::broken(format).iter().map(|it| vec![(*it).to_owned()]);
        found.extend(broken.map(|broken| ("format", values(broken))));
    }
    found
}

/// Texts that are no longer what a pattern describes: at the end, at the beginning, with more of the same, and with less. An
/// endpoint may hold to any of these without the others.
fn beside_a_pattern(text: &str) -> Vec<Vec<String>> {
    // Where a length is fixed as well, only an exchanged character keeps it.
    let exchanged = |at: usize| {
        ['~', 'x', '0'].map(|odd| {
            text.chars().enumerate().map(|(place, it)| if place == at { odd } else { it }).collect::<String>()
        })
    };
    let length = text.chars().count();
    let mut end = exchanged(length.saturating_sub(1)).to_vec();
    end.extend([format!("{text}~"), format!("~{text}"), "~".to_owned()]);
    let mut beginning = exchanged(0).to_vec();
    // What is of one class may still have a beginning of its own. Nine digits may be those of a person.
    match length {
        9.. => beginning.retain(|it| !it.starts_with('0')),
        _ => beginning.rotate_right(1),
    }
    beginning.push(format!("~{text}"));
    let last = text.chars().last().filter(char::is_ascii_alphanumeric).map(String::from).unwrap_or_default();
    let more = [1, LONGER].map(|count| format!("{text}{}", last.repeat(count)));
    let fewer = text.chars().take(length.saturating_sub(1)).collect();
    let mut all = vec![end, beginning, more.to_vec(), vec![fewer]];
    // Postal codes have a longer form in the United States; a social security number does not end so.
    if length == ZIP_CODE && text.bytes().all(|it| it.is_ascii_digit()) {
        all.extend(["-0000", "0000"].map(|more| vec![format!("{text}{more}")]));
    }
    all
}

fn numbers(limits: &NumberLimits, current: Option<&Value>) -> Vec<(&'static str, Vec<Value>)> {
    let mut found = Vec::new();
    let step = limits.multiple_of.unwrap_or(1.0);
    if let Some((least, excluded)) = limits.minimum {
        let below = [excluded.then_some(least), Some(least - step), Some(least - 1.0)];
        found.push(("minimum", below.into_iter().flatten().filter_map(number).collect()));
    }
    if let Some((most, excluded)) = limits.maximum {
        let above = [excluded.then_some(most), Some(most + step), Some(most + 1.0)];
        found.push(("maximum", above.into_iter().flatten().filter_map(number).collect()));
    }
    if let Some(step) = limits.multiple_of {
        let from = current.and_then(Value::as_f64).unwrap_or(0.0);
        let between = [1.0, -1.0, step / 2.0, -step / 2.0].map(|it| from + it);
        found.push(("multipleOf", between.into_iter().filter_map(number).collect()));
    }
    found
}

/// Integers that a format has no room for.
fn beyond(format: &str) -> Vec<Value> {
    match format {
        "int32" => vec![json!(2_147_483_648_i64), json!(-2_147_483_649_i64)],
        "int64" => vec![json!(9_223_372_036_854_775_808_u64)],
        _ => Vec::new(),
    }
}

fn arrays(shape: &Shape, items: &[Value]) -> Vec<(&'static str, Vec<Value>)> {
    let mut found = Vec::new();
    let repeated = |count: usize| Value::Array(items.iter().cycle().take(count).cloned().collect());
    if let Some(most) = shape.array.max.filter(|most| *most < MOST_ITEMS && !items.is_empty()) {
        found.push(("maxItems", vec![repeated(most + 1)]));
    }
    if shape.array.min > 0 {
        let few = items.iter().take(shape.array.min - 1).cloned().collect();
        found.push(("minItems", vec![Value::Array(few)]));
    }
    if shape.array.unique && !items.is_empty() {
        found.push(("uniqueItems", vec![repeated(items.len() + 1)]));
    }
    found
}

/// Returns a number as JSON, whole numbers without a point.
fn number(value: f64) -> Option<Value> {
    // Beyond this a whole number is not exact (RFC 8259 section 6).
    if value.fract() == 0.0 && value.abs() < 9_007_199_254_740_991.0 {
        return Some(Value::from(value as i64));
    }
    Number::from_f64(value).map(Value::Number)
}

#[cfg(test)]
mod tests {
    use super::beside_a_pattern;

    #[test]
    fn a_pattern_is_broken_at_both_ends_and_in_its_length() {
        let all = beside_a_pattern("123");
        let [end, beginning, more, fewer] = all.as_slice() else { panic!("{all:?}") };
        assert_eq!(end[..3], ["12~", "12x", "120"]);
        assert_eq!(beginning[..3], ["023", "~23", "x23"]);
        assert_eq!(*more, ["1233", "123333333333333"]);
        assert_eq!(*fewer, ["12"]);
        assert_eq!(beside_a_pattern("78701")[4..], [["78701-0000"], ["787010000"]]);
        let all = beside_a_pattern("");
        let [.., more, fewer] = all.as_slice() else { panic!("{all:?}") };
        assert_eq!((more[0].as_str(), fewer[0].as_str()), ("", ""), "no harm is done");
    }
}
