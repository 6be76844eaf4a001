//! The sandbox's own time. It starts at a fixed instant and moves only when it is told to: by one tick for
//! each request that got past authentication, and by whatever a caller adds. Nothing here reads the time of day, so
//! the same requests see the same timestamps on any day.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// Where sandbox time starts and how fast requests move it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockOptions {
    /// The instant at which a new world begins.
    pub start: Timestamp,
    /// How far each authenticated request moves the clock. Zero leaves moving it to the caller.
    pub tick: Duration,
}

impl Default for ClockOptions {
    /// Starts on 15 January 2026 at 14:00 UTC and moves one second a request, so that a client that polls
    /// sees its application progress without any real waiting.
    fn default() -> ClockOptions {
        const START: i64 = 1_768_485_600;
        ClockOptions {
            start: Timestamp::from_second(START).unwrap_or(Timestamp::UNIX_EPOCH),
            tick: Duration::from_secs(1),
        }
    }
}

/// A clock that moves only when told.
#[derive(Debug)]
pub(crate) struct Clock {
    options: ClockOptions,
    now: Mutex<Timestamp>,
}

impl Clock {
    pub(crate) fn new(options: ClockOptions) -> Clock {
        Clock { options, now: Mutex::new(options.start) }
    }

    pub(crate) fn start(&self) -> Timestamp {
        self.options.start
    }

    pub(crate) fn now(&self) -> Timestamp {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Moves time by one tick and returns the new instant.
    pub(crate) fn tick(&self) -> Timestamp {
        self.advance(self.options.tick)
    }

    /// Moves time forward and returns the new instant. Time stops at the end of what can be represented.
    pub(crate) fn advance(&self, by: Duration) -> Timestamp {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        *now = after(*now, by);
        *now
    }

    /// Goes back to the start.
    pub(crate) fn reset(&self) {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner) = self.options.start;
    }
}

/// The instant `by` after `instant`, or the last instant there is.
pub(crate) fn after(instant: Timestamp, by: Duration) -> Timestamp {
    SignedDuration::try_from(by).ok().and_then(|by| instant.checked_add(by).ok()).unwrap_or(Timestamp::MAX)
}

/// The instant `days` days before `instant`, or the first instant there is.
pub(crate) fn days_before(instant: Timestamp, days: i64) -> Timestamp {
    instant.checked_sub(SignedDuration::from_hours(days.saturating_mul(24))).unwrap_or(Timestamp::MIN)
}

/// The calendar date of an instant in UTC.
pub(crate) fn date_of(instant: Timestamp) -> Date {
    instant.to_zoned(TimeZone::UTC).date()
}

/// The first day of the month after `date`, which is when coverage usually begins.
pub(crate) fn first_of_next_month(date: Date) -> Date {
    let (year, month) =
        if date.month() == 12 { (date.year().saturating_add(1), 1) } else { (date.year(), date.month() + 1) };
    Date::new(year, month, 1).unwrap_or(Date::MAX)
}
