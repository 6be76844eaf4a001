//! What the host needs of an API: its routes, how it wants to be authenticated, its stated limits, and an
//! answer to a call. An API written by hand implements [`Service`]; so would one that is mocked from a
//! contract alone.

use std::sync::Arc;
use std::time::Duration;

use http::Method;

use crate::answer::Answer;
use crate::call::{Call, PathValues};
use crate::clock::Clock;
use crate::limits::StatedLimits;
use crate::options::Capacity;

/// An API behind a listener.
pub(crate) trait Service: Send + Sync {
    /// The operations that the API answers.
    fn routes(&self) -> &'static [Route];

    /// How a caller proves who it is.
    fn authentication(&self) -> Authentication;

    /// What the vendor says about too many requests.
    fn stated_limits(&self) -> StatedLimits;

    /// Answers a call that got past authentication.
    fn answer(&self, call: &Call<'_>) -> Answer;

    /// Answers a request that did not get as far as [`Service::answer`].
    fn refuse(&self, refusal: Refusal<'_>) -> Answer;

    /// Goes back to the seeded world.
    fn reset(&self);

    /// Puts the resource that a path names into a state, as if it had got there; returns whether it is in that state
    /// now. What has no states of its own stays as it is.
    fn place(&self, _path: &PathValues, _state: &str) -> bool {
        false
    }
}

/// One operation of an API.
#[derive(Clone, Debug)]
pub(crate) struct Route {
    /// The operation ID in the contract.
    pub(crate) operation: &'static str,
    pub(crate) method: Method,
    /// The path template: `/connections/{public_id}`.
    pub(crate) path: &'static str,
}

impl Route {
    /// The values of the template's parameters, or nothing when the path is another one. Values are still
    /// percent-encoded.
    pub(crate) fn matches<'p>(&self, path: &'p str) -> Option<Vec<(&'static str, &'p str)>> {
        let mut values = Vec::new();
        let mut given = path.split('/');
        for expected in self.path.split('/') {
            let segment = given.next()?;
            match expected.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
                Some(_) if segment.is_empty() => return None,
                Some(name) => values.push((name, segment)),
                None if expected == segment => {}
                None => return None,
            }
        }
        given.next().is_none().then_some(values)
    }
}

/// How a caller proves who it is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Authentication {
    /// A key in a header of its own.
    ApiKey(&'static str),
    /// A token in `Authorization`, after `Bearer`.
    Bearer,
}

/// Why a request got no further.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Refusal<'a> {
    /// The credential is missing or wrong.
    Unauthorized,
    /// There were too many requests; the caller is to wait so many seconds.
    Throttled { seconds: u64 },
    /// Nothing answers at this path.
    NoSuchPath,
    /// Something answers at this path, but not to this method.
    MethodNotAllowed { allow: &'a str },
    /// The body is larger than the sandbox reads, or did not arrive; `operation` is the one addressed.
    Unreadable { operation: &'static str },
}

/// What an API's state is made from.
#[derive(Clone, Debug)]
pub(crate) struct World {
    pub(crate) seed: u64,
    pub(crate) clock: Arc<Clock>,
    pub(crate) settle_after: Duration,
    pub(crate) capacity: Capacity,
}
