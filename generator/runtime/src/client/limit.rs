//! How many calls at a time, and how many a second.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until};

/// The longest time between two calls that a rate can ask for.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Lets calls leave no faster and no more at a time than was agreed, whichever clone of a client makes them.
pub(super) struct Limits {
    permits: Option<Arc<Semaphore>>,
    interval: Option<Duration>,
    /// When the next call may leave. Whoever waits for it holds the lock, so that one who gives up takes no time
    /// from those behind.
    next: Mutex<Option<Instant>>,
}

/// A call is under way until this is dropped.
#[derive(Default)]
pub(super) struct Turn {
    _permit: Option<OwnedSemaphorePermit>,
}

impl Limits {
    pub(super) fn new(concurrency: Option<usize>, requests_per_second: Option<f64>) -> Self {
        let permits = concurrency.map(|most| Arc::new(Semaphore::new(most.clamp(1, Semaphore::MAX_PERMITS))));
        let interval = requests_per_second
            .filter(|rate| rate.is_finite() && *rate > 0.0)
            .map(|rate| Duration::try_from_secs_f64(1.0 / rate).map_or(DAY, |interval| interval.min(DAY)));
        Self { permits, interval, next: Mutex::new(None) }
    }

    /// Waits for a turn, in the order of asking.
    pub(super) async fn turn(&self) -> Turn {
        let permit = match &self.permits {
            // The semaphore is never closed.
            Some(permits) => Arc::clone(permits).acquire_owned().await.ok(),
            None => None,
        };
        if let Some(interval) = self.interval {
            let mut next = self.next.lock().await;
            if let Some(departure) = *next {
                sleep_until(departure).await;
            }
            *next = Some(Instant::now() + interval);
        }
        Turn { _permit: permit }
    }
}
