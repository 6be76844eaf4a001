//! The near misses of an operation: which requests break one constraint of the contract, and in which order.
//!
//! What can be broken inside a value is [`candidates`]' to say. Here the parts of a request come together: parameters,
//! the body, what is required of the request itself, and how a body is written. The keywords take turns, and a
//! constraint is broken in another manner or at a second place only after every constraint was broken once.

use std::collections::HashSet;
use std::sync::Arc;

use driftline_specs::{Direction, MediaType, Parameter, ParameterLocation, Validator, pointer};
use serde_json::Value;

use super::plan::{Case, Plan, generated, is_header_text, is_path_text, text};
use crate::flaw::Flaw;
use crate::strategy::{Candidate, KEYWORDS, Node, Reader, Written, candidates};

/// A request that breaks one constraint.
#[derive(Debug, Clone)]
pub(crate) struct NearMiss {
    /// The generated part of the request.
    pub(crate) case: Case,
    /// What is wrong with it.
    pub(crate) flaw: Arc<Flaw>,
}

/// One part of a valid case, with the judge of its values.
struct Part<'c> {
    case: &'c Case,
    /// Where it is in the case, as a JSON Pointer.
    at: String,
    value: &'c Value,
    node: Node,
    validator: Arc<Validator>,
    written: Written,
    parameter: Option<ParameterLocation>,
}

/// The near misses that were decided on.
struct Chosen {
    /// Each of a constraint that was not yet broken in this manner.
    misses: Vec<NearMiss>,
    /// The others.
    repeated: Vec<NearMiss>,
    most: usize,
}

impl Chosen {
    fn all(mut self) -> Vec<NearMiss> {
        self.repeated.truncate(self.most.saturating_sub(self.misses.len()));
        self.misses.extend(self.repeated);
        self.misses
    }
}

/// What may become a near miss.
enum Proposal {
    /// It is one.
    Sure(NearMiss),
    /// Something inside the part of this number.
    Inside(usize, Candidate),
}

impl Plan {
    /// Returns at most so many near misses of these valid cases, the most telling first.
    pub(crate) fn near_misses(&self, bases: &[&Case], most: usize) -> Vec<NearMiss> {
        let mut reader = Reader::new(self.contract().clone());
        let mut parts: Vec<Part<'_>> = Vec::new();
        let mut proposals: Vec<((usize, usize), u64, Proposal)> = Vec::new();
        for case in bases {
            for miss in self.whole(case) {
                let rank = rank(&miss.flaw.keyword);
                let place = self.stream().rank(&miss.flaw.location);
                proposals.push(((0, rank), place, Proposal::Sure(miss)));
            }
            for part in self.parts(case) {
                for candidate in candidates(&mut reader, &part.node, part.value, part.written) {
                    let place = self.stream().rank(&format!("{}{}", part.at, candidate.location));
                    let turn = (candidate.manner, rank(candidate.keyword));
                    proposals.push((turn, place, Proposal::Inside(parts.len(), candidate)));
                }
                parts.push(part);
            }
        }
        proposals.sort_by_key(|(turn, place, _)| (*turn, *place));
        let mut chosen = Chosen { misses: Vec::new(), repeated: Vec::new(), most };
        while let Some(((manner, _), ..)) = proposals.first() {
            let manner = *manner;
            let mut pools: Vec<std::vec::IntoIter<Proposal>> = Vec::new();
            for rank in 0..KEYWORDS.len() + 2 {
                let own = proposals.extract_if(.., |(turn, ..)| *turn == (manner, rank)).map(|(.., it)| it);
                pools.push(own.collect::<Vec<_>>().into_iter());
            }
            self.choose(pools, &parts, &mut chosen);
        }
        chosen.all()
    }

    /// Lets the keywords take turns.
    fn choose(&self, mut pools: Vec<std::vec::IntoIter<Proposal>>, parts: &[Part<'_>], chosen: &mut Chosen) {
        let mut known: HashSet<(usize, String, String)> = HashSet::new();
        loop {
            let mut is_over = true;
            for pool in &mut pools {
                // The next one that is a near miss of something new.
                for proposal in pool.by_ref() {
                    let Some(miss) = self.judged(proposal, parts) else { continue };
                    let Flaw { contract, keyword, .. } = &*miss.flaw;
                    if !known.insert((miss.case.variant, contract.clone(), keyword.clone())) {
                        chosen.repeated.push(miss);
                        continue;
                    }
                    if chosen.misses.len() < chosen.most {
                        chosen.misses.push(miss);
                        is_over = false;
                    }
                    break;
                }
            }
            if is_over {
                break;
            }
        }
    }

    /// Returns the near miss of a proposal, when it is one.
    fn judged(&self, proposal: Proposal, parts: &[Part<'_>]) -> Option<NearMiss> {
        let (part, candidate) = match proposal {
            Proposal::Sure(miss) => return Some(miss),
            Proposal::Inside(part, candidate) => (parts.get(part)?, candidate),
        };
        let miss = candidate.judge(self.contract(), &part.validator, part.value)?;
        let written = text(&miss.value);
        let arrives = match part.parameter {
            None => true,
            Some(ParameterLocation::Path) => is_path_text(&written),
            Some(ParameterLocation::Header) => is_header_text(&written) && !written.is_empty(),
            Some(_) => !matches!(written.as_str(), "" | "[]" | "{}"),
        };
        if !arrives {
            return None;
        }
        let mut case = part.case.clone();
        *case.value.pointer_mut(&part.at)? = miss.value;
        let flaw = Flaw {
            keyword: miss.keyword,
            contract: miss.contract,
            location: format!("{}{}", part.at, miss.location),
            expected: miss.expected,
        };
        Some(NearMiss { case, flaw: Arc::new(flaw) })
    }

    /// Returns the parts of a case that have a schema.
    fn parts<'c>(&self, case: &'c Case) -> Vec<Part<'c>> {
        let mut parts = Vec::new();
        let mut add = |at: String, pointer: &str, written: Written, parameter: Option<ParameterLocation>| {
            let value = case.value.pointer(&at);
            let validator = self.contract().validator(pointer, Direction::Request);
            if let (Some(value), Ok(validator)) = (value, validator) {
                parts.push(Part { case, at, value, node: Node::at(pointer), validator, written, parameter });
            }
        };
        for parameter in generated(&self.operation, &self.linked) {
            // How the text of `content` is read is a matter of its media type.
            if let Some(schema) = parameter.schema.as_ref().filter(|_| parameter.content_type.is_none()) {
                add(at(parameter), &schema.pointer, Written::Text, Some(parameter.location));
            }
        }
        let body = self.media_type(case);
        if let Some((media_type, written)) = body.and_then(|it| Some((it, written(it)?)))
            && let Some(schema) = &media_type.schema
        {
            add("/body".to_owned(), &schema.pointer, written, None);
        }
        parts
    }

    /// Returns the near misses that no schema speaks of: what is required of a request, and how its body is written.
    fn whole(&self, case: &Case) -> Vec<NearMiss> {
        let mut misses = Vec::new();
        let mut add = |case: Case, keyword: &str, contract: &str, location: String, expected: String| {
            let (keyword, contract) = (keyword.to_owned(), contract.to_owned());
            misses.push(NearMiss { case, flaw: Arc::new(Flaw { keyword, contract, location, expected }) });
        };
        for parameter in generated(&self.operation, &self.linked) {
            if parameter.required && parameter.location != ParameterLocation::Path {
                let mut without = case.clone();
                let group = without.value.get_mut(parameter.location.as_str()).and_then(Value::as_object_mut);
                if group.is_some_and(|group| group.shift_remove(&parameter.name).is_some()) {
                    let expected = format!("the parameter {:?}", parameter.name);
                    add(without, "required", &parameter.pointer, at(parameter), expected);
                }
            }
        }
        let body = self.operation.request_body.as_ref().zip(case.value.get("body"));
        let Some((request_body, value)) = body else { return misses };
        if request_body.required {
            let mut without = case.clone();
            without.value.as_object_mut().into_iter().for_each(|parts| {
                parts.shift_remove("body");
            });
            let location = "/body".to_owned();
            add(without, "required", &request_body.pointer, location, "a body".to_owned());
        }
        if let Some(media_type) = self.media_type(case).filter(|it| it.is_json()) {
            // An object or array without its last bracket is no JSON; a number without its last digit may be.
            if value.is_object() || value.is_array() {
                let location = "/body".to_owned();
                add(case.clone(), Flaw::SYNTAX, &media_type.pointer, location.clone(), "JSON".to_owned());
                add(case.clone(), Flaw::TRAILING, &media_type.pointer, location, "JSON".to_owned());
            }
            let names: Vec<&str> = request_body.content.iter().map(|it| it.name.as_str()).collect();
            if !names.iter().any(|name| name.starts_with("text/") || name.starts_with("*/")) {
                let contract = pointer::join(&request_body.pointer, "content");
                let location = "/body".to_owned();
                add(case.clone(), Flaw::MEDIA_TYPE, &contract, location, names.join(" or "));
            }
        }
        misses
    }
}

/// Returns the place of a keyword in the order of what is most telling; what no schema says goes first, since it is
/// the least that an endpoint can notice.
fn rank(keyword: &str) -> usize {
    let known = KEYWORDS.iter().position(|it| *it == keyword);
    known.map_or(usize::from(keyword == Flaw::MEDIA_TYPE), |at| at + 2)
}

/// Returns the place of a parameter in a case.
fn at(parameter: &Parameter) -> String {
    pointer::join(&pointer::join("", parameter.location.as_str()), &parameter.name)
}

/// Returns how a body of a media type is written; `None` where that is not known here.
fn written(media_type: &MediaType) -> Option<Written> {
    let essence = media_type.name.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match essence.as_str() {
        "multipart/form-data" | "application/x-www-form-urlencoded" => Some(Written::Form),
        _ if media_type.is_json() => Some(Written::Json),
        _ if essence.starts_with("text/") => Some(Written::Text),
        _ => None,
    }
}
