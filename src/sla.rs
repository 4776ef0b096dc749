//! Targets in business time: when an answer, a next word, a solution is due, and how that stands.
//!
//! Pure arithmetic over a [`Calendar`]; db keeps the due times, reports and pages ask for the state. While the customer's
//! answer is awaited the clocks of next update and solution stand still ([`pauses`], [`resume`]); the one of the first response never
//! does. A first response is the first mail of a person to the customer; acknowledgements sent by a rule do not count.

use crate::calendar::{Calendar, Due};
use crate::case::{Millis, Priority, Status, text_enum};
use serde::Deserialize;

text_enum! {
    /// Which of the three targets.
    Clock { FirstResponse = "first_response", NextUpdate = "next_update", Resolve = "resolve" }
}
text_enum! {
    /// How a target stands.
    State {
        Ok = "ok",
        /// So much of the time is used that somebody should look.
        Warning = "warning",
        /// Late, whether done by now or not.
        Breached = "breached",
        /// The customer's answer is awaited.
        Paused = "paused",
        /// Done in time.
        Met = "met",
        /// There is no target.
        None = "none",
    }
}

/// Business minutes; None: no such target.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Target {
    pub first_response_minutes: Option<i64>,
    pub next_update_minutes: Option<i64>,
    pub resolve_minutes: Option<i64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Targets {
    pub low: Target,
    pub normal: Target,
    pub high: Target,
    pub urgent: Target,
    /// From how much of the business time used (percent, 1 to 100) a target shows as a warning.
    pub warn_percent: u8,
}

impl Default for Targets {
    /// For days of eight hours: answer within 8, 4, 2, 1 hours; word every 5, 3, 2, 1 days; solution in 20, 10, 5, 3 days.
    fn default() -> Targets {
        let target = |first, update_days: i64, resolve_days: i64| Target {
            first_response_minutes: Some(first),
            next_update_minutes: Some(update_days * 480),
            resolve_minutes: Some(resolve_days * 480),
        };
        Targets { low: target(480, 5, 20), normal: target(240, 3, 10), high: target(120, 2, 5), urgent: target(60, 1, 3), warn_percent: 75 }
    }
}

impl Targets {
    pub fn of(&self, priority: Priority) -> &Target {
        match priority {
            Priority::Low => &self.low,
            Priority::Normal => &self.normal,
            Priority::High => &self.high,
            Priority::Urgent => &self.urgent,
        }
    }

    /// Business minutes of one target.
    pub fn minutes(&self, clock: Clock, priority: Priority) -> Option<i64> {
        let target = self.of(priority);
        match clock {
            Clock::FirstResponse => target.first_response_minutes,
            Clock::NextUpdate => target.next_update_minutes,
            Clock::Resolve => target.resolve_minutes,
        }
    }
}

/// When the target is due. First response and solution start with the case (its first mail's `received_at`) or its reopening, the next
/// update with the last mail sent.
pub fn due(clock: Clock, priority: Priority, started_at: Millis, targets: &Targets, calendar: &Calendar) -> Option<Due> {
    targets.minutes(clock, priority).map(|minutes| calendar.add(started_at, minutes))
}

/// Whether a clock stands still in a status.
pub fn pauses(clock: Clock, status: Status) -> bool {
    clock != Clock::FirstResponse && status == Status::WaitingCustomer
}

/// The new due time of a clock that stood still from `paused_at` to `resumed_at`: what was left then is left now. A target that was
/// breached before the pause stays so.
pub fn resume(due_at: Millis, paused_at: Millis, resumed_at: Millis, calendar: &Calendar) -> Due {
    if paused_at >= due_at || resumed_at <= paused_at {
        return Due { at: due_at, missing_year: None };
    }
    calendar.add_millis(resumed_at, calendar.millis_between(paused_at, due_at))
}

/// How a target stands at `now`. `paused`: see [`pauses`]. `warn_percent` counts business time from `started_at` to the due time.
pub fn state(
    due_at: Option<Millis>,
    done_at: Option<Millis>,
    started_at: Millis,
    paused: bool,
    now: Millis,
    warn_percent: u8,
    calendar: &Calendar,
) -> State {
    let Some(due_at) = due_at else { return State::None };
    match done_at {
        Some(done_at) if done_at <= due_at => return State::Met,
        Some(_) => return State::Breached,
        None if paused => return State::Paused,
        None if now > due_at => return State::Breached,
        None => {}
    }
    let total = calendar.millis_between(started_at, due_at);
    let used = calendar.millis_between(started_at, now);
    if used.saturating_mul(100) >= total.saturating_mul(i64::from(warn_percent)) { State::Warning } else { State::Ok }
}

/// The state that a case with several targets shows: the one that most needs a look.
pub fn worst(states: &[State]) -> State {
    states.iter().copied().min_by_key(|state| rank(*state)).unwrap_or(State::None)
}

/// Order of lists: what most needs a look first.
pub fn rank(state: State) -> u8 {
    match state {
        State::Breached => 0,
        State::Warning => 1,
        State::Ok => 2,
        State::Paused => 3,
        State::Met => 4,
        State::None => 5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Nine to five every day, UTC.
    fn calendar() -> Calendar {
        Calendar::from_csv("date,kind,name\n1970-01-01,off,\n", &"mon-sun 09:00-17:00".parse().unwrap(), "UTC").unwrap()
    }

    const DAY: Millis = 86_400_000;

    /// Hour of the second day of 1970, which works; later days follow.
    fn hour(hours: i64) -> Millis {
        DAY + hours * 3_600_000
    }

    #[test]
    fn states() {
        let calendar = calendar();
        let (start, due) = (hour(9), Some(hour(13)));
        // (due, done, paused, now, state)
        let table = [
            (None, None, false, hour(99), State::None),
            (due, None, false, hour(9), State::Ok),
            (due, None, false, hour(12) - 1, State::Ok),
            (due, None, false, hour(12), State::Warning),
            (due, None, false, hour(13), State::Warning),
            (due, None, false, hour(13) + 1, State::Breached),
            (due, None, true, hour(13) + 1, State::Paused),
            (due, Some(hour(13)), false, hour(20), State::Met),
            (due, Some(hour(13) + 1), false, hour(20), State::Breached),
            (due, Some(hour(10)), true, hour(20), State::Met),
            (Some(hour(9)), None, false, hour(9), State::Warning),
        ];
        for (due, done, paused, now, expected) in table {
            assert_eq!(state(due, done, start, paused, now, 75, &calendar), expected, "{due:?} {done:?} {paused} {now}");
        }
    }

    #[test]
    fn a_warning_counts_business_time() {
        // Eight hours from 16:00: one today, seven tomorrow. The night uses nothing.
        let due = Some(hour(24 + 16));
        let at = |now| state(due, None, hour(16), false, now, 50, &calendar());
        assert_eq!((at(hour(24 + 8)), at(hour(24 + 11)), at(hour(24 + 12))), (State::Ok, State::Ok, State::Warning));
    }

    #[test]
    fn due_by_priority() {
        let (calendar, mut targets) = (calendar(), Targets::default());
        let at = |priority, targets: &Targets| due(Clock::FirstResponse, priority, hour(9), targets, &calendar).map(|due| due.at);
        assert_eq!(at(Priority::Urgent, &targets), Some(hour(10)));
        assert_eq!(at(Priority::Low, &targets), Some(hour(17)));
        targets.normal = Target::default();
        assert_eq!(at(Priority::Normal, &targets), None);
    }

    #[test]
    fn a_pause_moves_the_due_time_by_what_was_left() {
        let calendar = calendar();
        // Due at 13:00, paused at 11:00 with two hours left, resumed the next day at 16:00: one hour then, one the day after.
        assert_eq!(resume(hour(13), hour(11), hour(24 + 16), &calendar).at, hour(48 + 10));
        assert_eq!(resume(hour(13), hour(14), hour(24 + 16), &calendar).at, hour(13), "late before the pause");
        assert_eq!(resume(hour(13), hour(11), hour(11), &calendar).at, hour(13));
        assert!(!pauses(Clock::FirstResponse, Status::WaitingCustomer));
        assert!(pauses(Clock::NextUpdate, Status::WaitingCustomer) && pauses(Clock::Resolve, Status::WaitingCustomer));
        assert!(!pauses(Clock::Resolve, Status::InProgress));
    }

    #[test]
    fn the_worst_shows() {
        assert_eq!(worst(&[State::Met, State::Paused, State::Warning]), State::Warning);
        assert_eq!(worst(&[State::None, State::Met]), State::Met);
        assert_eq!(worst(&[]), State::None);
    }

    #[test]
    fn configured_in_part() {
        let targets: Targets = toml::from_str("warn_percent = 50\n[urgent]\nfirst_response_minutes = 30\n").unwrap();
        assert_eq!(targets.urgent, Target { first_response_minutes: Some(30), ..Target::default() });
        assert_eq!((targets.warn_percent, targets.low), (50, Targets::default().low));
    }
}
