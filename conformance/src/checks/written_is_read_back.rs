//! `written_is_read_back`: what was written is what is read afterwards, value by value.
//!
//! The answer holds what was sent either at its root, property by property, or whole, in a property whose schema is
//! that of the request. Only what both schemas declare is compared. A value that comes back in another form (other
//! case, other blanks, another way to write a number or a time) is told as that, and one that is masked is left alone.

use serde_json::Value;

use super::{Check, Observation, SeriesEvidence, Severity};
use crate::exchange::{SeriesKind, Trial};
use crate::pointer::{escape, generalise};

/// See the module.
pub(super) struct WrittenIsReadBack;

impl Check for WrittenIsReadBack {
    fn id(&self) -> &'static str {
        "written_is_read_back"
    }

    fn summary(&self) -> &'static str {
        "what was written is what is read afterwards, value by value"
    }

    fn reason(&self) -> &'static str {
        "a client that writes a value and reads another one has lost it, and a full replacement makes that final"
    }

    fn severity(&self) -> Severity {
        Severity::Behavioural
    }

    fn judge_series(&self, evidence: &SeriesEvidence<'_>, found: &mut Vec<Observation>) {
        if !matches!(evidence.series.kind, SeriesKind::WriteThenRead { .. })
            || evidence.series.trial != Trial::Last
        {
            return;
        }
        let Some((schema, sent)) = sent(evidence) else { return };
        let (Some(read), Some(answered)) = (evidence.body(1), evidence.schema(1)) else { return };
        let mut comparison = Comparison { evidence, found: Vec::new() };
        for root in roots(evidence, &schema, &sent, answered) {
            if let Some(read) = read.pointer(&root) {
                comparison.compare(&sent, read, &root);
            }
        }
        for (location, difference) in comparison.found {
            found.push(Observation {
                check: self.id(),
                severity: if difference.is_form { Severity::Notice } else { self.severity() },
                contract: evidence.place(1, &location),
                rule: format!("read back {}", generalise(&location)),
                location,
                expected: "what was written".to_owned(),
                observed: difference.observed,
                note: None,
            });
        }
    }
}

/// The schema and the value of the JSON body that was written.
fn sent(evidence: &SeriesEvidence<'_>) -> Option<(String, Value)> {
    let body = evidence.exchange(0)?.request.body.as_ref()?;
    let content = &evidence.operation_of(0)?.request_body.as_ref()?.content;
    let media_type = content.iter().find(|it| it.is_json() && it.name == body.media_type)?;
    let schema = media_type.schema.as_ref()?.pointer.clone();
    Some((schema, serde_json::from_str(&body.content).ok()?))
}

/// Where an answer holds what was written, as JSON Pointers.
fn roots(evidence: &SeriesEvidence<'_>, schema: &str, sent: &Value, answered: &str) -> Vec<String> {
    let canonical = |pointer: &str| evidence.contract.resolve(pointer).map(|(pointer, _)| pointer);
    let own = canonical(schema);
    let whole = evidence.body(1).and_then(Value::as_object).into_iter().flatten().filter_map(|(name, _)| {
        let place = evidence.declared(answered, std::slice::from_ref(name))?;
        (canonical(&place) == own).then(|| format!("/{}", escape(name)))
    });
    let mut roots: Vec<String> = whole.collect();
    let names = sent.as_object().into_iter().flatten().map(|(name, _)| name);
    if roots.is_empty()
        && names.into_iter().any(|name| evidence.declared(answered, std::slice::from_ref(name)).is_some())
    {
        roots.push(String::new());
    }
    roots
}

struct Difference {
    observed: String,
    /// It says the same in another way.
    is_form: bool,
}

struct Comparison<'e, 'a> {
    evidence: &'e SeriesEvidence<'a>,
    found: Vec<(String, Difference)>,
}

impl Comparison<'_, '_> {
    fn differs(&mut self, location: &str, observed: impl Into<String>, is_form: bool) {
        self.found.push((location.to_owned(), Difference { observed: observed.into(), is_form }));
    }

    /// Compares what was sent with what stands at a location of the answer.
    fn compare(&mut self, sent: &Value, read: &Value, location: &str) {
        match (sent, read) {
            (Value::Object(sent), Value::Object(read)) => {
                for (name, value) in sent {
                    let place = format!("{location}/{}", escape(name));
                    match read.get(name) {
                        Some(other) => self.compare(value, other, &place),
                        // What the answer has no place for is not lost, and nothing is what null says.
                        None if value.is_null() || !self.evidence.declares(1, &place) => {}
                        None => self.differs(&place, "absent", false),
                    }
                }
            }
            (Value::Array(sent), Value::Array(read)) if sent.len() == read.len() => {
                for (index, (sent, read)) in sent.iter().zip(read).enumerate() {
                    self.compare(sent, read, &format!("{location}/{index}"));
                }
            }
            (Value::Array(sent), Value::Array(read)) => {
                let more = if read.len() > sent.len() { "more items" } else { "fewer items" };
                self.differs(location, more, false);
            }
            (Value::Number(a), Value::Number(b)) if a == b || a.as_f64() == b.as_f64() => {}
            (sent, read) if sent == read => {}
            (Value::String(_), Value::String(read)) if is_masked(read) => {}
            (Value::String(a), Value::String(b)) if form(a) == form(b) => {
                self.differs(location, "the same in another form", true);
            }
            (_, Value::Null) => self.differs(location, "null", false),
            _ => self.differs(location, "another value", false),
        }
    }
}

/// Whether a text hides what it stands for.
fn is_masked(text: &str) -> bool {
    let hidden = text.chars().filter(|it| matches!(it, '*' | '•' | 'X' | 'x')).count();
    hidden >= 3 && hidden * 2 >= text.chars().count()
}

/// What is the same in two ways to write a text.
fn form(text: &str) -> String {
    if let Ok(time) = text.parse::<jiff::Timestamp>() {
        return time.to_string();
    }
    text.chars().filter(|it| it.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
