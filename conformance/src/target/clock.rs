//! The clock of an endpoint that has one of its own.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use driftline_specs::Method;

use crate::request::{Body, Request};

/// Moves the time of an endpoint: that of a stand-in does not go by itself, so that waiting for it would be in vain.
#[derive(Clone)]
pub enum Clock {
    /// It is moved by this.
    Moved(Arc<dyn Fn(Duration) + Send + Sync>),
    /// It is moved by a request to this path: `POST`, with the seconds as `{"seconds": 30}`.
    Asked(String),
}

impl Clock {
    /// Returns a clock that is moved forward by `advance`.
    pub fn new(advance: impl Fn(Duration) + Send + Sync + 'static) -> Clock {
        Clock::Moved(Arc::new(advance))
    }

    /// The request that moves a clock forward; whole seconds, rounded up.
    pub(super) fn request(path: &str, by: Duration) -> Request {
        let seconds = by.as_secs() + u64::from(by.subsec_nanos() > 0);
        Request {
            operation_id: String::new(),
            method: Method::Post,
            template: path.to_owned(),
            path: path.to_owned(),
            query: String::new(),
            headers: Vec::new(),
            body: Some(Body {
                media_type: "application/json".to_owned(),
                content: format!("{{\"seconds\": {seconds}}}"),
            }),
        }
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Clock::Moved(_) => formatter.write_str("Clock"),
            Clock::Asked(path) => formatter.debug_tuple("Clock").field(path).finish(),
        }
    }
}
