//! Sections about time: `[calendar]`, `[sla.<priority>]`, `[survey]`, `[reminder]`, `[retention]`.

use super::read::Reader;
use super::server::reason;
use crate::calendar::{CN_HOLIDAYS, Calendar, Hours};
use crate::sla::{Target, Targets};

/// Working hours, and the days off and make-up days of a file (default: the shipped ones of mainland China).
pub fn calendar(root: &Reader<'_>, time_zone: &str) -> Option<Calendar> {
    let section = root.section("calendar");
    let is_continuous = section.flag("always_open", false);
    let text = section.text("hours", "mon-fri 09:00-18:00");
    let hours: Option<Hours> = text.parse().map_err(|error: String| section.problem("hours", error)).ok();
    let file = section.path("file");
    let own = file.as_ref().and_then(|path| match std::fs::read_to_string(path) {
        Ok(text) => Some(text),
        Err(error) => {
            section.problem("file", format!("{} cannot be read: {}", path.display(), reason(&error)));
            None
        }
    });
    let adds = section.flag("file_adds", true);
    // The time zone has its own check where it is read.
    jiff::tz::TimeZone::get(time_zone).ok()?;
    if is_continuous {
        return Calendar::continuous(time_zone).ok();
    }
    let shipped = if adds || own.is_none() { CN_HOLIDAYS } else { "date,kind,name\n" };
    let calendar = Calendar::from_csv(shipped, &hours?, time_zone).ok()?;
    let Some(own) = own else { return Some(calendar) };
    calendar.with_csv(&own).map_err(|error| section.problem_in(&file.unwrap_or_default(), None, error)).ok()
}

pub fn targets(root: &Reader<'_>) -> Targets {
    let usual = Targets::default();
    let sla = root.section("sla");
    let warn_percent = u8::try_from(sla.integer("warn_percent", i64::from(usual.warn_percent), 1..=100)).unwrap_or(usual.warn_percent);
    Targets {
        low: target(&sla.section("low"), usual.low),
        normal: target(&sla.section("normal"), usual.normal),
        high: target(&sla.section("high"), usual.high),
        urgent: target(&sla.section("urgent"), usual.urgent),
        warn_percent,
    }
}

/// 0: no such target.
fn target(section: &Reader<'_>, usual: Target) -> Target {
    let minutes = |key: &str, usual: Option<i64>| {
        let minutes = section.integer(key, usual.unwrap_or(0), 0..=525_600);
        (minutes > 0).then_some(minutes)
    };
    let target = Target {
        first_response_minutes: minutes("first_response_minutes", usual.first_response_minutes),
        next_update_minutes: minutes("next_update_minutes", usual.next_update_minutes),
        resolve_minutes: minutes("resolve_minutes", usual.resolve_minutes),
    };
    if let (Some(first), Some(resolve)) = (target.first_response_minutes, target.resolve_minutes)
        && first > resolve
    {
        section.problem("resolve_minutes", format!("{resolve} minutes to resolve are less than the {first} minutes to the first response"));
    }
    target
}
