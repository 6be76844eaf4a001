//! How parameters are written (OpenAPI 3.0.4, section "Style Values").

use serde_json::Value;

/// The style of a parameter, with its `explode`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// `form` with `explode: false`: `a=1,2`.
    Form,
    /// `form` with `explode: true`: `a=1&a=2`.
    FormExploded,
    /// `simple` with `explode: false`: `1,2`.
    Simple,
    /// `simple` with `explode: true`: `1,2` for arrays, `k=1,l=2` for objects.
    SimpleExploded,
    /// `spaceDelimited`: `a=1%202`.
    SpaceDelimited,
    /// `pipeDelimited`: `a=1%7C2`.
    PipeDelimited,
    /// `deepObject`: `a[k]=1&a[l]=2`. What lies deeper, of which the standard says nothing, is written as most
    /// servers read it: `a[k][l]=1`, and `a[0]=1&a[1]=2` for arrays.
    DeepObject,
    /// `label` with `explode: false`: `.1,2`.
    Label,
    /// `label` with `explode: true`: `.1.2`, `.k=1.l=2`.
    LabelExploded,
    /// `matrix` with `explode: false`: `;a=1,2`.
    Matrix,
    /// `matrix` with `explode: true`: `;a=1;a=2`, `;k=1;l=2`.
    MatrixExploded,
    /// The value as JSON text, for a parameter with `content`.
    Json,
}

/// A scalar as it is written in a parameter; `null` is the empty text.
pub(super) fn scalar(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn members(value: &Value) -> Vec<(String, String)> {
    match value {
        Value::Object(object) => object.iter().map(|(name, value)| (name.clone(), scalar(value))).collect(),
        _ => Vec::new(),
    }
}

/// Writes a value with brackets for everything that lies below it. A value that was read or written as JSON is not
/// too deep to recurse over.
fn deep(name: &str, value: &Value, pairs: &mut Vec<(String, String)>) {
    match value {
        Value::Object(object) => {
            object.iter().for_each(|(key, value)| deep(&format!("{name}[{key}]"), value, pairs))
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| deep(&format!("{name}[{index}]"), item, pairs))
        }
        scalar_value => pairs.push((name.to_owned(), scalar(scalar_value))),
    }
}

impl Style {
    /// Writes a query or cookie parameter as pairs that still have to be percent-encoded.
    pub(crate) fn pairs(self, name: &str, value: &Value) -> Vec<(String, String)> {
        let one = |text: String| vec![(name.to_owned(), text)];
        match (self, value) {
            (Self::Json, value) => one(value.to_string()),
            (Self::FormExploded, Value::Array(items)) => {
                items.iter().map(|item| (name.to_owned(), scalar(item))).collect()
            }
            (Self::FormExploded, Value::Object(_)) => members(value),
            (Self::DeepObject, Value::Object(_) | Value::Array(_)) => {
                let mut pairs = Vec::new();
                deep(name, value, &mut pairs);
                pairs
            }
            (style, Value::Array(items)) => {
                let separator = match style {
                    Self::SpaceDelimited => " ",
                    Self::PipeDelimited => "|",
                    _ => ",",
                };
                one(items.iter().map(scalar).collect::<Vec<_>>().join(separator))
            }
            (style, Value::Object(_)) => {
                let separator = match style {
                    Self::SpaceDelimited => " ",
                    Self::PipeDelimited => "|",
                    _ => ",",
                };
                one(members(value)
                    .into_iter()
                    .flat_map(|(key, text)| [key, text])
                    .collect::<Vec<_>>()
                    .join(separator))
            }
            (_, scalar_value) => one(scalar(scalar_value)),
        }
    }

    /// Writes a path or header parameter; `encode` is applied to every part, not to the delimiters.
    pub(crate) fn text(self, name: &str, value: &Value, encode: impl Fn(&str) -> String) -> String {
        let (prefix, separator, named) = match self {
            Self::Label => (".", ",", false),
            Self::LabelExploded => (".", ".", false),
            Self::Matrix => (";", ",", true),
            Self::MatrixExploded => (";", ";", true),
            _ => ("", ",", false),
        };
        let exploded = matches!(self, Self::SimpleExploded | Self::LabelExploded | Self::MatrixExploded);
        let label = format!("{}=", encode(name));
        let body = match value {
            Value::Array(items) if exploded && named => {
                let items: Vec<_> =
                    items.iter().map(|item| format!("{label}{}", encode(&scalar(item)))).collect();
                return format!("{prefix}{}", items.join(separator));
            }
            Value::Array(items) => {
                items.iter().map(|item| encode(&scalar(item))).collect::<Vec<_>>().join(separator)
            }
            Value::Object(_) if exploded => {
                let members: Vec<_> = members(value)
                    .into_iter()
                    .map(|(key, text)| format!("{}={}", encode(&key), encode(&text)))
                    .collect();
                return format!("{prefix}{}", members.join(separator));
            }
            Value::Object(_) => {
                let members: Vec<_> = members(value)
                    .into_iter()
                    .flat_map(|(key, text)| [encode(&key), encode(&text)])
                    .collect();
                members.join(",")
            }
            _ if self == Self::Json => encode(&value.to_string()),
            other => encode(&scalar(other)),
        };
        if named { format!("{prefix}{label}{body}") } else { format!("{prefix}{body}") }
    }
}
