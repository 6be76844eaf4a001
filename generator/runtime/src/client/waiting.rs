//! Waiting for what an API does later: looking at a resource again and again, until it is in the state that was waited
//! for, cannot reach it any more, or the time is up.

use std::fmt;
use std::future::IntoFuture;
use std::pin::Pin;
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout_at};

use super::{Answer, Error, Request, Response};

/// What is waited for.
#[derive(Debug, Clone, Copy)]
pub struct Wait<T, E> {
    /// Reads an answer.
    pub read: fn(Answer) -> Result<Response<T>, Error<E>>,
    /// Finds the state.
    pub state: fn(&T) -> Option<String>,
    /// The states in which the wait is over.
    pub until: &'static [&'static str],
    /// The states from which those are not reached any more.
    pub fails: &'static [&'static str],
    /// Seconds between the first two looks, between looks after a long time, and until the wait is given up.
    pub times: [u64; 3],
}

/// A wait that begins when it is awaited.
///
/// Pauses grow by half from one look to the next. Dropping the future ends the wait; it has changed nothing.
#[must_use = "nothing is waited for until this is awaited"]
pub struct Waiting<'a, T, E> {
    request: Request<'a>,
    wait: Wait<T, E>,
    every: Duration,
    at_most: Duration,
    within: Duration,
}

impl<T, E> fmt::Debug for Waiting<'_, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Waiting")
            .field("request", &self.request)
            .field("until", &self.wait.until)
            .field("within", &self.within)
            .finish_non_exhaustive()
    }
}

/// Why a wait ended without what was waited for.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WaitError<T, E> {
    /// The resource is in a state from which what was waited for is not reached.
    #[error("it became `{state}`, from which what was waited for is not reached")]
    Failed {
        /// The state.
        state: &'static str,
        /// The answer that showed it.
        response: Box<Response<T>>,
    },
    /// The time is up.
    #[error("what was waited for did not come within {within:?}")]
    Deadline {
        /// How long was waited.
        within: Duration,
        /// The last answer, if there was one.
        last: Option<Box<Response<T>>>,
    },
    /// A look failed.
    #[error(transparent)]
    Call(#[from] Error<E>),
}

impl<'a, T, E> Waiting<'a, T, E> {
    /// Starts with a request that looks at the resource.
    pub fn new(request: Request<'a>, wait: Wait<T, E>) -> Self {
        let [every, at_most, within] = wait.times.map(Duration::from_secs);
        Self { request, wait, every, at_most, within }
    }

    /// Sets the time between the first two looks.
    pub fn every(mut self, every: Duration) -> Self {
        self.every = every;
        self.at_most = self.at_most.max(every);
        self
    }

    /// Sets the longest time between two looks.
    pub fn at_most(mut self, at_most: Duration) -> Self {
        self.at_most = at_most;
        self.every = self.every.min(at_most);
        self
    }

    /// Sets the time after which the wait is given up.
    pub fn within(mut self, within: Duration) -> Self {
        self.within = within;
        self
    }

    async fn run(self) -> Result<Response<T>, WaitError<T, E>> {
        let deadline = Instant::now().checked_add(self.within);
        let mut last = None;
        match deadline {
            None => self.look(&mut last).await,
            Some(deadline) => match timeout_at(deadline, self.look(&mut last)).await {
                Ok(end) => end,
                Err(_) => Err(WaitError::Deadline { within: self.within, last }),
            },
        }
    }

    async fn look(&self, last: &mut Option<Box<Response<T>>>) -> Result<Response<T>, WaitError<T, E>> {
        let mut pause = self.every;
        loop {
            let answer = self.request.clone().send().await.map_err(Error::from)?;
            let response = (self.wait.read)(answer)?;
            let state = (self.wait.state)(&response.body);
            let is_in = |states: &'static [&'static str]| {
                states.iter().copied().find(|known| state.as_deref() == Some(*known))
            };
            if is_in(self.wait.until).is_some() {
                return Ok(response);
            }
            let response = Box::new(response);
            if let Some(state) = is_in(self.wait.fails) {
                return Err(WaitError::Failed { state, response });
            }
            // A state that nobody knows may lead on.
            *last = Some(response);
            sleep(pause).await;
            pause = (pause * 3 / 2).min(self.at_most);
        }
    }
}

impl<'a, T, E> IntoFuture for Waiting<'a, T, E>
where
    T: Send + 'a,
    E: Send + 'a,
{
    type Output = Result<Response<T>, WaitError<T, E>>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}
