//! How fast and how many at a time.

use std::time::Duration;

use tokio::sync::{Mutex, Semaphore, SemaphorePermit};
use tokio::time::{Instant, sleep_until};

/// Lets requests go no faster and no more at a time than a target allows.
#[derive(Debug)]
pub struct Pace {
    permits: Semaphore,
    interval: Option<Duration>,
    /// When the next request may leave.
    next: Mutex<Option<Instant>>,
}

impl Pace {
    /// Returns a pace of at most `concurrency` requests at one time and so many a second.
    #[must_use]
    pub fn new(concurrency: usize, requests_per_second: Option<f64>) -> Pace {
        let interval = requests_per_second
            .filter(|rate| rate.is_finite() && *rate > 0.0)
            .and_then(|rate| Duration::try_from_secs_f64(1.0 / rate).ok());
        let permits = Semaphore::new(concurrency.clamp(1, Semaphore::MAX_PERMITS));
        Pace { permits, interval, next: Mutex::new(None) }
    }

    /// Waits for a turn; the request is under way until the permit is dropped.
    pub async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        // The semaphore is never closed.
        let permit = self.permits.acquire().await.ok()?;
        let departure = {
            let mut next = self.next.lock().await;
            let departure = next.map_or_else(Instant::now, |next| next.max(Instant::now()));
            *next = Some(departure + self.interval.unwrap_or_default());
            departure
        };
        // A timer goes off at the next whole millisecond, also where its time is now.
        if departure > Instant::now() {
            sleep_until(departure).await;
        }
        Some(permit)
    }

    /// Holds back every further request for a while, as `Retry-After` asks.
    pub async fn pause(&self, wait: Duration) {
        let until = Instant::now() + wait;
        let mut next = self.next.lock().await;
        *next = Some(next.map_or(until, |next| next.max(until)));
    }
}
