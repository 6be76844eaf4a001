//! Every recorded request once more, by the generated client.

use std::fmt;

use driftline_specs::recording::{Ask, Difference, Entry};
use driftline_specs::{Contract, Recording};

use super::parts::{parts, respects};
use super::routes::Routes;
use crate::calls::{Caller, Outcome, Unmade};

/// Makes the requests of a recording again.
#[derive(Debug)]
pub struct Rebuild<'r> {
    recording: &'r Recording,
    contract: &'r Contract,
    routes: Routes<'r>,
}

/// What became of one recorded request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remade {
    /// The exchange's place in the recording, from 0.
    pub index: usize,
    /// The step or the operation that the recording names.
    pub step: Option<String>,
    /// The operation of the contract, if it has one.
    pub operation: Option<String>,
    /// The method.
    pub method: String,
    /// The status of the recorded answer.
    pub status: u16,
    /// What became of it.
    pub end: End,
}

/// What became of a recorded request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// The same request arrived.
    Same {
        /// What the client made of the answer.
        outcome: Outcome,
    },
    /// Another request arrived, or one several times.
    Different {
        /// In which respects it is another one; none where it arrived several times.
        differences: Vec<Difference>,
        /// How many requests arrived.
        arrived: usize,
    },
    /// The contract has no such operation, and no generated client could ask this.
    Foreign,
    /// The generated types cannot express it.
    Unmade(Unmade),
    /// The client did not send it.
    Unsent {
        /// Why.
        reason: String,
    },
}

impl Remade {
    /// Tells whether the generated client falls short of what was recorded.
    ///
    /// A request that the client cannot make and that was refused then was wrong on purpose; one that was accepted is one
    /// that an application wants to send.
    #[must_use]
    pub fn is_failure(&self) -> bool {
        match self.end {
            End::Same { .. } | End::Foreign => false,
            End::Different { .. } => true,
            End::Unmade(_) | End::Unsent { .. } => self.status < 400,
        }
    }
}

/// A line for a person: which request, and what is the matter with it. It holds no value.
impl fmt::Display for Remade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "entry {}", self.index)?;
        if let Some(step) = &self.step {
            write!(f, " (step `{step}`)")?;
        }
        let operation = self.operation.as_deref().map_or(String::new(), |id| format!(" `{id}`"));
        write!(f, ", {}{operation}, answered {}: ", self.method, self.status)?;
        match &self.end {
            End::Same { .. } => f.write_str("the same request"),
            End::Different { differences, arrived } if differences.is_empty() => {
                write!(f, "{arrived} requests arrived instead of one")
            }
            End::Different { differences, .. } => {
                let differences: Vec<String> = differences.iter().map(ToString::to_string).collect();
                f.write_str(&differences.join(", "))
            }
            End::Foreign => f.write_str("the contract has no such operation"),
            End::Unmade(unmade) => write!(f, "the generated types cannot express it: {unmade}"),
            End::Unsent { reason } => write!(f, "the client did not send it: {reason}"),
        }
    }
}

impl<'r> Rebuild<'r> {
    /// Begins with a recording and the contract that it is held to.
    #[must_use]
    pub fn new(recording: &'r Recording, contract: &'r Contract) -> Rebuild<'r> {
        Rebuild { recording, contract, routes: Routes::of(recording, contract) }
    }

    /// The path below which the recorded API answered: what a client's base URL ends in.
    #[must_use]
    pub fn base_path(&self) -> &str {
        self.routes.base_path()
    }

    /// Sends every request, one after the other. `arrived` gives what has arrived at the other end since it was last
    /// asked.
    pub async fn run(&self, caller: &dyn Caller, mut arrived: impl FnMut() -> Vec<Ask>) -> Vec<Remade> {
        let mut remade = Vec::new();
        for (index, entry) in self.recording.entries().enumerate() {
            let (operation, end) = self.remake(entry, caller, &mut arrived).await;
            remade.push(Remade {
                index,
                step: entry.step().map(str::to_owned),
                operation,
                method: entry.method().to_owned(),
                status: entry.status(),
                end,
            });
        }
        remade
    }

    async fn remake(
        &self,
        entry: Entry<'_>,
        caller: &dyn Caller,
        arrived: &mut impl FnMut() -> Vec<Ask>,
    ) -> (Option<String>, End) {
        let ask = entry.to_ask();
        let Some((operation, path)) = self.routes.find(&ask.method, &ask.url) else {
            return (None, End::Foreign);
        };
        let respects = respects(self.contract, operation);
        // What came before says nothing of this request.
        drop(arrived());
        let outcome = match caller.call(&operation.id, parts(&ask, path, &respects)) {
            Ok(call) => call.await,
            Err(unmade) => return (Some(operation.id.clone()), End::Unmade(unmade)),
        };
        let end = match (arrived().as_slice(), outcome) {
            ([], Outcome::NoAnswer { reason }) => End::Unsent { reason },
            ([], _) => End::Unsent { reason: "nothing has arrived".to_owned() },
            ([other], outcome) => {
                let differences = ask.differences(other, &respects);
                if differences.is_empty() {
                    End::Same { outcome }
                } else {
                    End::Different { differences, arrived: 1 }
                }
            }
            (several, _) => End::Different { differences: Vec::new(), arrived: several.len() },
        };
        (Some(operation.id.clone()), end)
    }
}
