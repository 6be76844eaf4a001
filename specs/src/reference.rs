//! References (`$ref`): following them, refusing those that lead nowhere, and bringing neighbouring files in.
//!
//! After [`bundle`] every reference is into the document itself; after [`check`] each of them leads to a value.
//! Cycles through properties or items are as good as any other reference. A cycle of references alone has no value
//! at all, and is an error.

mod bundle;

use std::collections::HashSet;

use serde_json::Value;

pub(crate) use bundle::bundle;

use crate::error::{Error, Fault};
use crate::grammar::{self, Kind, Site};
use crate::lineage::Lineage;
use crate::pointer;

/// The longest chain of references that is followed.
const MAX_CHAIN: usize = 100;

/// Follows `$ref`s from a pointer to the value that is none: its canonical pointer and itself.
///
/// `None` when a reference leads nowhere or in a circle.
pub(crate) fn resolve<'v>(document: &'v Value, pointer: &str) -> Option<(String, &'v Value)> {
    let mut tokens = pointer::tokens(pointer)?;
    for _ in 0..MAX_CHAIN {
        let value = pointer::lookup(document, &tokens)?;
        match target_of(value) {
            Some(target) => tokens = pointer::tokens(target)?,
            None => return Some((pointer::from_tokens(&tokens), value)),
        }
    }
    None
}

/// The target of a Reference Object.
fn target_of(value: &Value) -> Option<&str> {
    value.as_object()?.get("$ref")?.as_str()
}

/// Refuses references that lead nowhere or in a circle.
pub(crate) fn check(document: &Value, lineage: &Lineage) -> Result<(), Error> {
    let mut sound = HashSet::new();
    let mut failure = None;
    grammar::walk(document, &mut |pointer, site| {
        if failure.is_none()
            && let Some(target) = site.reference()
            && !sound.contains(target)
        {
            match follow(document, pointer, target) {
                Ok(()) => {
                    sound.insert(target);
                }
                Err(broken) => failure = Some(broken.error(document, lineage, pointer, site, target)),
            }
        }
    });
    failure.map_or(Ok(()), Err)
}

/// What is wrong with a reference.
enum Broken {
    Dangling(String),
    Cycle(Vec<String>),
}

fn follow(document: &Value, start: &str, target: &str) -> Result<(), Broken> {
    let mut chain = vec![start.to_owned()];
    let mut target = target;
    loop {
        let Some(tokens) = pointer::tokens(target) else {
            return Err(Broken::Dangling(target.to_owned()));
        };
        let here = pointer::from_tokens(&tokens);
        if chain.contains(&here) {
            chain.push(here);
            return Err(Broken::Cycle(chain));
        }
        let value = pointer::lookup(document, &tokens).ok_or_else(|| Broken::Dangling(target.to_owned()))?;
        chain.push(here);
        match target_of(value) {
            // A chain this long is as bad as a circle.
            Some(_) if chain.len() > MAX_CHAIN => return Err(Broken::Cycle(chain)),
            Some(next) => target = next,
            None => return Ok(()),
        }
    }
}

impl Broken {
    fn error(
        self,
        document: &Value,
        lineage: &Lineage,
        pointer: &str,
        site: Site<'_>,
        written: &str,
    ) -> Error {
        let place = lineage.place(&pointer::join(pointer, "$ref"));
        let fault = match self {
            Self::Cycle(chain) => Fault::new(format!("references lead in a circle: {}", chain.join(" -> ")))
                .advise("define the value at one of these places"),
            Self::Dangling(target) => {
                let through =
                    if target == written { String::new() } else { format!(" (through {written:?})") };
                let advice = match elsewhere(document, &target, site.kind) {
                    Some(found) => format!("did you mean {found:?}?"),
                    None => "define it, or correct the reference".to_owned(),
                };
                Fault::new(format!("the reference {target:?}{through} leads nowhere"))
                    .expecting(format!("a {} there", site.kind.name()))
                    .advise(advice)
            }
        };
        fault.at(place).into(Error::Reference)
    }
}

/// Looks for a component that the reference may have meant: the same name in other letters or another section.
fn elsewhere(document: &Value, target: &str, kind: Kind) -> Option<String> {
    let name = pointer::last_token(target)?;
    let components = document.get("components")?.as_object()?;
    let wanted = kind.component();
    let mut sections: Vec<_> = components.iter().collect();
    sections.sort_by_key(|(section, _)| Some(section.as_str()) != wanted);
    sections.into_iter().find_map(|(section, members)| {
        let found = members.as_object()?.keys().find(|key| key.eq_ignore_ascii_case(&name))?;
        Some(pointer::from_tokens(["components", section, found]))
    })
}
