//! Makes what shows a deviation as small as it can be while it shows it.
//!
//! A request is replaced by the least one of all, and else loses what it does without, piece by piece. What is about one place
//! of a request, because something is wrong there or allowed and refused, is put into the least request that has the place.
//! A sequence loses the steps that it does without.

use std::sync::Arc;

use driftline_specs::pointer;
use proptest::strategy::ValueTree;
use serde_json::Value;

use super::examine::repeat;
use crate::engine::{Case, Engine, How, Recipe, SeriesRecipe, Sighting};
use crate::exchange::SeriesKind;
use crate::sequence::Sequence;
use crate::strategy::{Allowed, Shrink};
use crate::variation::Variation;

/// Replaces the sighting's request by the simplest one that still shows the deviation.
pub(super) async fn shrink(engine: &mut Engine, sighting: &mut Sighting, tries: u32) {
    let Some(plan) = engine.plan(&sighting.how.recipe().operation_id) else { return };
    let original = sighting.how.recipe().case.clone();
    if let How::Series(SeriesRecipe { kind: SeriesKind::Sequence(sequence), .. }) = &sighting.how {
        let sequence = Arc::clone(sequence);
        return shorten(engine, sighting, sequence, tries).await;
    }
    // What is sent less of may bring less, which is not what is unusual; and a workflow is what somebody has written.
    if matches!(&sighting.how, How::Norm(_) | How::Workflow(_)) {
        return;
    }
    let intent = sighting.how.recipe().intent.clone();
    let least = plan.least().filter(|least| least.variant == original.variant);
    // A near miss is wrong at one place only, and what is allowed is not what is looked for.
    if let Some(flaw) = intent.flaw() {
        if let Some(value) = least.and_then(|least| grafted(&least.value, &original.value, &flaw.location)) {
            try_case(engine, sighting, &Case { value, ..original }).await;
        }
        return;
    }
    // Of a request with another method nothing is left to be made smaller.
    if intent.other_method().is_some() {
        return;
    }
    let Some(allowed) = plan.allowed(&original) else { return };
    if let How::Series(SeriesRecipe { kind: SeriesKind::Variation(variation), .. }) = &sighting.how {
        let variation = Arc::clone(variation);
        return less_around(engine, sighting, least, tries, &variation, allowed).await;
    }
    // What is asked of a list decides what the series is about.
    if matches!(&sighting.how, How::Series(series) if series.kind.depends_on_its_request()) {
        return;
    }
    // The least request of all is the most likely one to do.
    if let Some(least) = plan.least().filter(|least| *least != original)
        && try_case(engine, sighting, &least).await != Some(false)
    {
        return;
    }
    take_away(engine, sighting, tries, &allowed, None).await;
}

/// Takes away what the deviation shows without, piece by piece. What cannot be tried ends it, or is taken for `untried`.
async fn take_away(
    engine: &mut Engine,
    sighting: &mut Sighting,
    tries: u32,
    allowed: &Allowed,
    untried: Option<bool>,
) {
    let original = sighting.how.recipe().case.clone();
    // The tree is not kept across awaits: it is as cheap to walk to where it was.
    let mut verdicts: Vec<bool> = Vec::new();
    for _ in 0..tries {
        let Some(value) = walk(&original, allowed, &verdicts) else { return };
        let shows = try_case(engine, sighting, &Case { value, ..original.clone() }).await;
        let Some(shows) = shows.or(untried) else { return };
        verdicts.push(shows);
    }
}

/// Makes smaller what stands around the one thing that is varied.
async fn less_around(
    engine: &mut Engine,
    sighting: &mut Sighting,
    least: Option<Case>,
    tries: u32,
    variation: &Arc<Variation>,
    allowed: Allowed,
) {
    if variation.is_of_media_type() {
        return;
    }
    let original = sighting.how.recipe().case.clone();
    let least = least.and_then(|least| grafted(&least.value, &original.value, &variation.location));
    let varied = Arc::clone(variation);
    let allowed: Allowed = Arc::new(move |value| {
        allowed(value)
            && allowed(&varied.control(value))
            && varied.of(value).is_some_and(|varied| allowed(&varied))
    });
    if let Some(value) = least.filter(|value| allowed(value))
        && try_case(engine, sighting, &Case { value, ..original }).await == Some(true)
    {
        return;
    }
    // What is not accepted even without the one thing lacks something else.
    take_away(engine, sighting, tries, &allowed, Some(false)).await;
}

/// Puts what stands at a place of one value, or that nothing stands there, into another one, with as little as possible of what
/// is around it; `None` where the other one is no less.
fn grafted(least: &Value, from: &Value, location: &str) -> Option<Value> {
    let tokens = pointer::tokens(&format!("#{location}"))?;
    let mut grafted = least.clone();
    let mut at = String::new();
    for token in tokens {
        let parent = at.clone();
        at = pointer::join(&at, &token);
        let is_last = at == location;
        match (from.pointer(&at), grafted.pointer(&at).is_some()) {
            (Some(_), true) if !is_last => {}
            (Some(value), true) => *grafted.pointer_mut(&at)? = value.clone(),
            (Some(value), false) => {
                match grafted.pointer_mut(&parent)? {
                    Value::Object(members) => {
                        members.insert(token, value.clone());
                    }
                    // An item has the others beside it.
                    other => *other = from.pointer(&parent)?.clone(),
                }
                break;
            }
            (None, true) => {
                grafted.pointer_mut(&parent)?.as_object_mut()?.shift_remove(&token)?;
                break;
            }
            (None, false) => break,
        }
    }
    (grafted != *from).then_some(grafted)
}

/// Returns the value that a tree offers after these verdicts; `None` at its end.
fn walk(original: &Case, allowed: &Allowed, verdicts: &[bool]) -> Option<Value> {
    let mut tree = Shrink::new(original.value.clone(), allowed.clone());
    let mut more = tree.simplify();
    for shows in verdicts {
        if !more {
            return None;
        }
        more = if *shows { tree.simplify() } else { tree.complicate() };
    }
    more.then(|| tree.current())
}

/// Tries a simpler case; keeps it when it shows the deviation. `None` when it could not be tried.
async fn try_case(engine: &mut Engine, sighting: &mut Sighting, case: &Case) -> Option<bool> {
    let how = sighting.how.with(Recipe { case: case.clone(), ..sighting.how.recipe().clone() });
    try_how(engine, sighting, how).await
}

/// Tries something simpler; keeps it when it shows the deviation. `None` when it could not be tried.
async fn try_how(engine: &mut Engine, sighting: &mut Sighting, how: How) -> Option<bool> {
    let outcome = repeat(engine, &how, &sighting.fingerprint).await?;
    let shows = outcome.is_some();
    if let Some(shown) = outcome {
        sighting.how = how;
        sighting.exchange = shown.exchange;
        sighting.steps = shown.steps;
        sighting.script = shown.script;
    }
    Some(shows)
}

/// Leaves out of a sequence, one after another, the steps that it shows the deviation without; the last one is what shows
/// it.
async fn shorten(engine: &mut Engine, sighting: &mut Sighting, mut sequence: Arc<Sequence>, tries: u32) {
    let (mut at, mut tried) = (0, 0);
    while at + 1 < sequence.steps.len() && tried < tries {
        let How::Series(series) = &sighting.how else { return };
        let shorter = Arc::new(sequence.without(at));
        let kind = SeriesKind::Sequence(Arc::clone(&shorter));
        let how = How::Series(SeriesRecipe { kind, ..series.clone() });
        match try_how(engine, sighting, how).await {
            Some(true) => sequence = shorter,
            // One that has no answer as it should be without the step needs it.
            Some(false) | None => at += 1,
        }
        tried += 1;
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::grafted;

    #[test]
    fn what_stands_at_a_place_comes_with_little_around_it() {
        let least = json!({ "query": {}, "body": { "name": "n", "items": [{ "id": 1 }] } });
        let from = json!({ "query": { "page": 0, "size": 7 }, "body": {
            "name": 7, "note": "x", "items": [{ "id": 2 }, { "id": "wrong" }], "to": { "city": "", "zip": "1" } } });
        let of = |location: &str| grafted(&least, &from, location).unwrap();
        let mut expected = least.clone();
        expected["body"]["name"] = json!(7);
        assert_eq!(of("/body/name"), expected);
        let mut expected = least.clone();
        expected["query"]["page"] = json!(0);
        assert_eq!(of("/query/page"), expected, "another parameter is not needed");
        let mut expected = least.clone();
        expected["body"]["to"] = json!({ "city": "", "zip": "1" });
        assert_eq!(of("/body/to/city"), expected, "what it is in comes along");
        let mut expected = least.clone();
        expected["body"]["items"] = from["body"]["items"].clone();
        assert_eq!(of("/body/items/1/id"), expected, "an item comes with those before it");
    }

    #[test]
    fn what_is_missing_is_missing() {
        let least = json!({ "body": { "name": "n", "to": {} } });
        let from = json!({ "body": { "note": "x", "to": { "zip": "1" }, "by": { "zip": "1" } } });
        assert_eq!(grafted(&least, &from, "/body/name"), Some(json!({ "body": { "to": {} } })));
        assert_eq!(grafted(&least, &from, "/body/to/city"), Some(least.clone()), "it is missing there too");
        let with = json!({ "body": { "name": "n", "to": {}, "by": { "zip": "1" } } });
        assert_eq!(grafted(&least, &from, "/body/by/city"), Some(with));
        assert_eq!(grafted(&from, &from, "/body/name"), None, "nothing is less");
        assert_eq!(grafted(&json!({ "body": 1 }), &from, "/body/to/zip"), None);
    }
}
