//! When a call is tried again, and after how long.

use std::time::{Duration, SystemTime};

use http::{HeaderMap, HeaderName, StatusCode, header};

/// The longest wait that a setting can ask for.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// How a call is tried again that may be repeated and got no answer, or an answer that will pass: 429, 502, 503 or
/// 504.
///
/// The waits grow exponentially, and half of each is left to chance, so that many clients do not come back at once.
/// A `Retry-After` (RFC 9110 section 10.2.3) is waited for where it is longer.
///
/// ```
/// use std::time::Duration;
/// use driftline_runtime::Retry;
///
/// let patient = Retry::new(5).least_delay(Duration::from_secs(1)).most_retry_after(Duration::from_secs(120));
/// # let _ = patient;
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retry {
    retries: u32,
    least_delay: Duration,
    most_delay: Duration,
    most_retry_after: Duration,
}

impl Default for Retry {
    /// Two retries, after at least 125 milliseconds and at most 10 seconds, or what `Retry-After` says up to 30 seconds.
    fn default() -> Self {
        Self::new(2)
    }
}

impl Retry {
    /// Tries again so many times at most, with the delays of [`Retry::default`].
    pub fn new(retries: u32) -> Self {
        Self {
            retries,
            least_delay: Duration::from_millis(250),
            most_delay: Duration::from_secs(10),
            most_retry_after: Duration::from_secs(30),
        }
    }

    /// Never tries again.
    pub fn never() -> Self {
        Self::new(0)
    }

    /// Sets the delay before the first retry, which doubles with each further one; 250 milliseconds unless set. What is
    /// waited is between half of the delay and all of it.
    pub fn least_delay(mut self, delay: Duration) -> Self {
        self.least_delay = delay.min(DAY);
        self
    }

    /// Sets the delay that is never exceeded, but for a `Retry-After`; 10 seconds unless set.
    pub fn most_delay(mut self, delay: Duration) -> Self {
        self.most_delay = delay.min(DAY);
        self
    }

    /// Sets how long a `Retry-After` is waited for; 30 seconds unless set. An answer that asks for more is given back
    /// as it is.
    pub fn most_retry_after(mut self, wait: Duration) -> Self {
        self.most_retry_after = wait.min(DAY);
        self
    }

    /// How long to wait after so many retries, or nothing where there is to be no further one.
    pub(super) fn wait(&self, retried: u32, headers: Option<&HeaderMap>) -> Option<Duration> {
        if retried >= self.retries {
            return None;
        }
        let doubled = self.least_delay.saturating_mul(2_u32.saturating_pow(retried));
        let half = doubled.min(self.most_delay) / 2;
        let delay = half + half.mul_f64(fastrand::f64());
        match headers.and_then(retry_after) {
            Some(asked) if asked > self.most_retry_after => None,
            Some(asked) => Some(asked.max(delay)),
            None => Some(delay),
        }
    }
}

/// Whether an answer says nothing of the request, only of the moment.
pub(super) fn is_transient(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::TOO_MANY_REQUESTS
            | StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT
    )
}

/// What `Retry-After` asks for, as seconds or as a date. A malformed one asks for nothing.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: HeaderName| headers.get(name)?.to_str().ok().map(str::trim);
    let asked = text(header::RETRY_AFTER)?;
    if !asked.is_empty() && asked.bytes().all(|byte| byte.is_ascii_digit()) {
        // A number beyond 64 bits is beyond every patience.
        return Some(asked.parse().map_or(Duration::MAX, Duration::from_secs));
    }
    let until = httpdate::parse_http_date(asked).ok()?;
    // The clock that wrote the date wrote `Date` as well; ours may differ from it.
    let now = text(header::DATE).and_then(|date| httpdate::parse_http_date(date).ok());
    Some(until.duration_since(now.unwrap_or_else(SystemTime::now)).unwrap_or_default())
}
