//! Lives that go another way than `lifecycle.yaml` says: what a state forbids is done, what it allows is refused, and what
//! was done leads elsewhere. The resource is put into another state before or after the operation, which itself stays right.

use driftline_specs::{Lifecycle, Operation, Resource, Response, StatusSpec};

use super::enumerate::Finding;
use super::{MutantClass, Mutation};
use crate::answer::Answer;
use crate::call::{Call, Payload};
use crate::service::Service;

/// An operation in a state, and what happens instead of what the lifecycle says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// What happens.
    pub fate: Fate,
    /// The state in which the operation is asked for.
    pub from: String,
    /// The state that the resource is put into: before the operation where that decides what is allowed, else after it.
    pub by: String,
    /// The operation that reads the resource.
    pub read: String,
    /// Where the state stands in what it answers, as a JSON Pointer.
    pub state: String,
}

/// What may happen to a transition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// See [`MutantClass::TransitionAllowed`].
    Allowed,
    /// See [`MutantClass::TransitionRefused`].
    Refused,
    /// See [`MutantClass::TransitionLost`].
    Lost,
    /// See [`MutantClass::TransitionAstray`].
    Astray,
    /// See [`MutantClass::RefusalActs`].
    RefusalActs,
}

impl Move {
    pub(super) fn class(&self) -> MutantClass {
        match self.fate {
            Fate::Allowed => MutantClass::TransitionAllowed,
            Fate::Refused => MutantClass::TransitionRefused,
            Fate::Lost => MutantClass::TransitionLost,
            Fate::Astray => MutantClass::TransitionAstray,
            Fate::RefusalActs => MutantClass::RefusalActs,
        }
    }

    /// Whether a call is about a resource in the state.
    pub(super) fn is_asked_for(&self, service: &dyn Service, call: &Call<'_>) -> bool {
        self.state_of(service, call).is_some_and(|state| state == self.from)
    }

    /// Answers to such a call as the move has it, and says whether that is another answer or leads to another state.
    pub(super) fn answer(&self, service: &dyn Service, call: &Call<'_>) -> (Answer, bool) {
        match self.fate {
            Fate::Allowed | Fate::Refused => {
                service.place(&call.path, &self.by);
                let answer = service.answer(call);
                let shows = answer.is_success() == (self.fate == Fate::Allowed);
                if !answer.is_success() {
                    service.place(&call.path, &self.from);
                }
                // What is refused for another reason than the state is refused with that reason.
                let stays = shows || answer.is_success();
                (if stays { answer } else { service.answer(call) }, shows)
            }
            Fate::Lost | Fate::Astray | Fate::RefusalActs => {
                let answer = service.answer(call);
                let moves = answer.is_success() == (self.fate != Fate::RefusalActs);
                (answer, moves && service.place(&call.path, &self.by))
            }
        }
    }

    fn state_of(&self, service: &dyn Service, call: &Call<'_>) -> Option<String> {
        let operation = &*service.routes().iter().find(|route| route.operation == self.read)?.operation;
        let read = Call { operation, query: &[], payload: Payload::Absent, ..call.clone() };
        let mut answer = service.answer(&read);
        answer.json_mut()?.pointer(&self.state)?.as_str().map(str::to_owned)
    }
}

/// Everything that can happen to what an operation does with the states of a resource.
pub(super) fn moves(operation: &Operation, lifecycle: Option<&Lifecycle>) -> Vec<Finding> {
    let resources = lifecycle.map_or(&[][..], |lifecycle| lifecycle.resources.as_slice());
    resources.iter().flat_map(|resource| of_resource(operation, resource)).collect()
}

fn of_resource(operation: &Operation, resource: &Resource) -> Vec<Finding> {
    let own: Vec<_> =
        resource.transitions.iter().filter(|it| it.operation.as_ref() == Some(&operation.id)).collect();
    let states = states(resource);
    let allows = |state: &str| own.iter().any(|transition| transition.from.iter().any(|it| it == state));
    let (Some(allowing), Some(forbidding)) = (
        states.iter().copied().find(|state| allows(state)),
        states.iter().copied().find(|state| !allows(state)),
    ) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for from in states.iter().copied() {
        let reached: Vec<&str> = own
            .iter()
            .filter(|transition| transition.from.iter().any(|it| it == from))
            .flat_map(|transition| transition.to.iter().map(String::as_str))
            .collect();
        let elsewhere = states.iter().copied().find(|state| *state != from && !reached.contains(state));
        let mut fates = Vec::new();
        if allows(from) {
            fates.push((Fate::Refused, forbidding));
            let loses = !reached.contains(&from) && !operation.responses.iter().any(promises);
            fates.extend(loses.then_some((Fate::Lost, from)));
            fates.extend(elsewhere.map(|state| (Fate::Astray, state)));
        } else {
            fates.push((Fate::Allowed, allowing));
            fates.extend(elsewhere.map(|state| (Fate::RefusalActs, state)));
        }
        for (fate, by) in fates {
            let (read, state) = (resource.read.clone(), resource.state.clone());
            let what = Move { fate, from: from.to_owned(), by: by.to_owned(), read, state };
            found.push((format!("/{from}"), operation.pointer.clone(), Mutation::Transition(what)));
        }
    }
    found
}

/// Whether an answer promises a change for later (RFC 9110 section 15.3.3): then the old state is fine as well.
fn promises(response: &Response) -> bool {
    response.status == StatusSpec::Code(202)
}

/// The states that a lifecycle knows, in its order.
fn states(resource: &Resource) -> Vec<&str> {
    let mut states: Vec<&str> = Vec::new();
    let listed = resource.transitions.iter().flat_map(|it| it.from.iter().chain(&it.to));
    for state in resource.initial.iter().chain(listed) {
        if !states.contains(&state.as_str()) {
            states.push(state);
        }
    }
    states
}
