//! What a recording says of a workflow, by its steps.

use std::collections::BTreeMap;
use std::time::Duration;

use driftline_specs::Recording;
use serde_json::Value;

/// The most bytes of all bodies of a recording that are held.
const MOST: usize = 64 * 1024 * 1024;

/// What was recorded of one workflow.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    steps: BTreeMap<String, Vec<Remembered>>,
}

/// One exchange that was recorded.
#[derive(Debug, Clone)]
pub struct Remembered {
    /// The body of the request, where it is JSON.
    pub asked: Option<Value>,
    /// The status of the answer.
    pub status: u16,
    /// The header fields of the answer.
    pub headers: Vec<(String, String)>,
    /// The body of the answer, where it is JSON.
    pub body: Option<Value>,
    /// How long it took.
    pub elapsed: Duration,
}

impl Memory {
    /// Forgets how long answers took: a stand-in has no speed of its own.
    pub(crate) fn forget_times(&mut self) {
        self.steps.values_mut().flatten().for_each(|it| it.elapsed = Duration::ZERO);
    }

    /// Returns what a recording says of a workflow; `None` where it says nothing.
    #[must_use]
    pub fn of(recording: &Recording, workflow: &str) -> Option<Memory> {
        let mut memory = Memory::default();
        let mut size = 0;
        for entry in recording.entries().filter(|it| it.workflow() == Some(workflow)) {
            let Some(step) = entry.step() else { continue };
            let (asked, body) = (entry.request_body(), entry.response_body());
            size += asked.as_ref().map_or(0, |it| it.len()) + body.len();
            let json = |bytes: &[u8]| serde_json::from_slice(bytes).ok().filter(|_| size <= MOST);
            let headers = entry.response_headers().map(|(name, value)| (name.to_owned(), value.to_owned()));
            memory.steps.entry(step.to_owned()).or_default().push(Remembered {
                asked: asked.and_then(|it| json(&it)),
                status: entry.status(),
                headers: headers.collect(),
                body: json(&body),
                elapsed: entry.elapsed(),
            });
        }
        (!memory.steps.is_empty()).then_some(memory)
    }

    /// Returns what was recorded of a step: of the visit of this number, or of the last one.
    ///
    /// A step that was tried until it succeeded has as many exchanges as it took, and only the last of them counts.
    #[must_use]
    pub fn step(&self, place: &str, visit: usize, retried: bool) -> Option<&Remembered> {
        let all = self.steps.get(place)?;
        if retried { all.last() } else { all.get(visit).or(all.last()) }
    }
}

impl Remembered {
    /// Returns the first header field of a name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(it, _)| it.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}
