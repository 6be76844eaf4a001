//! The end of a run: what it created is ended, where the API has a way to do that.
//!
//! Nothing else is touched. A resource is deleted, or led to a state that nothing leads out of, when one request does it
//! from the state that it is in; no further state is brought about for that. The requests come on top of the run's, are
//! bounded themselves, keep the target's pace, and are not judged: the endpoint was judged on the same operations before.

use std::time::Duration;

use futures_util::stream::{self, StreamExt as _};
use serde_json::Value;
use tokio::time::Instant;

use crate::cancel::Cancel;
use crate::engine::{Ender, Engine, Place};
use crate::report::CleanUp;
use crate::request::Request;
use crate::target::{Answer, Bounds, Client, Stop};

/// How long it may take.
const TIME: Duration = Duration::from_secs(60);

/// How long it may take when somebody waits for the run to stop.
const TIME_WHEN_STOPPED: Duration = Duration::from_secs(10);

/// Ends what a run created, and says what is left.
pub(crate) async fn clean_up(engine: &mut Engine) -> CleanUp {
    let stopped = matches!(engine.book.stop, Some(Stop::Cancelled | Stop::Hopeless(_)));
    let bounds = Bounds {
        // At most two for each resource, and never more than the run itself has sent.
        requests: Some(engine.client.sent()),
        deadline: Some(Instant::now() + if stopped { TIME_WHEN_STOPPED } else { TIME }),
        cancel: Cancel::new(),
    };
    let client = engine.client.within(bounds);
    let to_end = engine.created.to_end();
    let width = client.target().concurrency.max(1);
    let mut rest = to_end.as_slice();
    // What lies below a resource is ended before it, whatever the order of answers.
    while let Some(((template, _), _)) = rest.first() {
        let depth = template.matches('{').count();
        let (level, deeper) =
            rest.split_at(rest.iter().take_while(|((it, _), _)| it.matches('{').count() == depth).count());
        rest = deeper;
        let attempts: Vec<_> =
            level.iter().map(|(place, ender)| end(engine, &client, place, ender)).collect();
        let ended: Vec<bool> = stream::iter(attempts).buffered(width).collect().await;
        for ((place, _), _) in level.iter().zip(ended).filter(|(_, ended)| *ended) {
            engine.created.end(place);
        }
        if client.is_failing() {
            break;
        }
    }
    let mut summary = engine.created.summary();
    summary.requests = client.sent();
    summary
}

/// Ends one resource; returns whether it has ended.
async fn end(engine: &Engine, client: &Client, place: &Place, ender: &Ender) -> bool {
    match ender {
        Ender::Delete(operation) => {
            ask(engine, client, operation, place).await.is_some_and(|it| is_gone(&it))
        }
        Ender::Transition { read, state, operations, last } => {
            let Some(answer) = ask(engine, client, read, place).await else { return false };
            if matches!(answer.status, 404 | 410) {
                return true;
            }
            let body: Value = serde_json::from_slice(&answer.body).unwrap_or(Value::Null);
            let Some(state) = body.pointer(state).and_then(Value::as_str) else { return false };
            if last.contains(state) {
                return true;
            }
            let Some(operation) = operations.get(state) else { return false };
            ask(engine, client, operation, place).await.is_some_and(|it| is_gone(&it))
        }
    }
}

/// Whether an answer says that a resource is no longer there.
fn is_gone(answer: &Answer) -> bool {
    matches!(answer.status, 200..=299 | 404 | 410)
}

/// Asks an operation on a resource.
async fn ask(engine: &Engine, client: &Client, operation: &str, (_, values): &Place) -> Option<Answer> {
    if client.is_failing() {
        return None;
    }
    let plan = engine.plan(operation)?;
    let case = engine.bodies(operation).first().cloned().or_else(|| plan.least())?;
    let request: Request = plan.request(&case, values);
    // A place that is not whole would be another one.
    if request.path.contains('{') {
        return None;
    }
    client.send(&request, &client.target().credentials).await.ok()
}
