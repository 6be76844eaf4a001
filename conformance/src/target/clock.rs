//! The clock of an endpoint that has one of its own.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// Moves the time of an endpoint: that of the embedded sandbox does not go by itself, so that waiting for it would be in
/// vain.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn(Duration) + Send + Sync>);

impl Clock {
    /// Returns a clock that is moved forward by `advance`.
    pub fn new(advance: impl Fn(Duration) + Send + Sync + 'static) -> Clock {
        Clock(Arc::new(advance))
    }

    /// Moves it forward.
    pub fn advance(&self, by: Duration) {
        (self.0)(by);
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Clock")
    }
}
