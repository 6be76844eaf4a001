//! What the host needs of an API: its routes, how it wants to be authenticated, its stated limits, and an
//! answer to a call. An API written by hand implements [`Service`], and so does `generic`, which has nothing but a
//! contract.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use http::header::AUTHORIZATION;
use http::request::Parts;
use http::{HeaderMap, Method};
use serde_json::Value;

use crate::CREDENTIAL;
use crate::answer::Answer;
use crate::call::{Call, PathValues};
use crate::clock::Clock;
use crate::limits::StatedLimits;
use crate::options::Capacity;

/// An API behind a listener.
pub(crate) trait Service: Send + Sync {
    /// The operations that the API answers.
    fn routes(&self) -> &[Route];

    /// How a caller proves who it is.
    fn authentication(&self) -> Authentication;

    /// Whether a caller may ask for an operation; without one, for what is no part of the API.
    fn admits(&self, operation: Option<&str>, parts: &Parts) -> bool {
        let _ = operation;
        self.authentication().admits(&parts.headers)
    }

    /// Whether the API holds requests to the contract by itself, so that the host need not.
    fn reads_requests(&self) -> bool {
        false
    }

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

    /// Puts a value into a property of the resource that a path names, as if it had been written; returns whether there is
    /// such a resource. What has no resources to write stays as it is.
    fn write(&self, _path: &PathValues, _name: &str, _value: &Value) -> bool {
        false
    }
}

/// One operation of an API.
#[derive(Clone, Debug)]
pub(crate) struct Route {
    /// The operation ID in the contract.
    pub(crate) operation: Cow<'static, str>,
    pub(crate) method: Method,
    /// The path template: `/connections/{public_id}`.
    pub(crate) path: Cow<'static, str>,
}

impl Route {
    /// A route of an API that is written by hand.
    pub(crate) const fn new(operation: &'static str, method: Method, path: &'static str) -> Route {
        Route { operation: Cow::Borrowed(operation), method, path: Cow::Borrowed(path) }
    }

    /// The values of the template's parameters, or nothing when the path is another one. Values are still
    /// percent-encoded.
    pub(crate) fn matches<'p>(&self, path: &'p str) -> Option<Vec<(&str, &'p str)>> {
        let mut values = Vec::new();
        let mut given = path.split('/');
        for expected in self.path.split('/') {
            segment(expected, given.next()?, &mut values)?;
        }
        given.next().is_none().then_some(values)
    }
}

/// Reads one segment by its template, `{id}` or `{name}.{format}`. A value ends where what follows it in the template
/// comes next.
fn segment<'t, 'p>(template: &'t str, given: &'p str, values: &mut Vec<(&'t str, &'p str)>) -> Option<()> {
    let Some((before, rest)) = template.split_once('{') else { return (template == given).then_some(()) };
    let Some((name, rest)) = rest.split_once('}') else { return (template == given).then_some(()) };
    let given = given.strip_prefix(before)?;
    let following = rest.split('{').next().unwrap_or_default();
    let end = match following {
        "" => given.len(),
        // What ends the template ends the segment, and may stand inside the value too.
        last if last.len() == rest.len() => given.rfind(last)?,
        between => given.find(between)?,
    };
    let (value, left) = given.split_at_checked(end).filter(|(value, _)| !value.is_empty())?;
    values.push((name, value));
    segment(rest, left, values)
}

/// How a caller proves who it is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Authentication {
    /// A key in a header of its own.
    ApiKey(&'static str),
    /// A token in `Authorization`, after `Bearer`.
    Bearer,
}

impl Authentication {
    /// Whether a request has the credential in its place.
    pub(crate) fn admits(self, headers: &HeaderMap) -> bool {
        match self {
            Authentication::ApiKey(header) => {
                headers.get(header).is_some_and(|key| key.as_bytes() == CREDENTIAL.as_bytes())
            }
            Authentication::Bearer => headers
                .get(AUTHORIZATION)
                .and_then(|value| value.to_str().ok())
                .and_then(|value| value.split_once(' '))
                .is_some_and(|(scheme, token)| {
                    scheme.eq_ignore_ascii_case("bearer") && token.trim() == CREDENTIAL
                }),
        }
    }
}

/// Why a request got no further.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Refusal<'a> {
    /// The credential is missing or wrong.
    Unauthorized { operation: &'a str },
    /// There were too many requests; the caller is to wait so many seconds.
    Throttled { seconds: u64 },
    /// Nothing answers at this path.
    NoSuchPath,
    /// Something answers at this path, but not to this method.
    MethodNotAllowed { allow: &'a str },
    /// The body is larger than the sandbox reads, or did not arrive; `operation` is the one addressed.
    Unreadable { operation: &'a str },
}

/// What an API's state is made from.
#[derive(Clone, Debug)]
pub(crate) struct World {
    pub(crate) seed: u64,
    pub(crate) clock: Arc<Clock>,
    pub(crate) settle_after: Duration,
    pub(crate) capacity: Capacity,
}
