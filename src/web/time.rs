//! Times as people read them: in the desk's time zone, `2026-11-23 15:04`, and how long ago in words.

use super::Pages;
use super::session::Reader;
use crate::app::App;
use crate::case::{Language, Millis};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

/// A point in time, ready for a page.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Moment {
    /// RFC 3339, for machines.
    pub iso: String,
    pub text: String,
    pub age: String,
}

pub(super) struct Times<'a> {
    zone: &'a TimeZone,
    pub now: Millis,
    language: Language,
}

/// The desk's time zone.
pub(super) fn zone(app: &App) -> TimeZone {
    TimeZone::get(app.calendar.zone_name()).unwrap_or(TimeZone::UTC)
}

impl Pages {
    pub(super) fn times(&self, reader: &Reader) -> Times<'_> {
        Times { zone: &self.zone, now: self.app.now(), language: reader.language }
    }
}

impl Times<'_> {
    pub fn at(&self, at: Millis) -> Moment {
        let stamp = Timestamp::from_millisecond(at).unwrap_or(Timestamp::UNIX_EPOCH);
        Moment {
            iso: stamp.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            text: stamp.to_zoned(self.zone.clone()).strftime("%Y-%m-%d %H:%M").to_string(),
            age: age(self.now.saturating_sub(at), self.language),
        }
    }
    pub fn maybe(&self, at: Option<Millis>) -> Option<Moment> {
        at.map(|at| self.at(at))
    }
}

/// How long ago; negative: how long from now.
fn age(elapsed: Millis, language: Language) -> String {
    let minutes = elapsed.unsigned_abs() / 60_000;
    let (count, zh, en) = match minutes {
        0 => return if language == Language::Zh { "刚刚".into() } else { "just now".into() },
        1..60 => (minutes, "分钟", "min"),
        60..2880 => (minutes / 60, "小时", "h"),
        _ => (minutes / 1440, "天", "d"),
    };
    match (language, elapsed >= 0) {
        (Language::Zh, true) => format!("{count} {zh}前"),
        (Language::Zh, false) => format!("{count} {zh}后"),
        (Language::En, true) => format!("{count} {en} ago"),
        (Language::En, false) => format!("in {count} {en}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages() {
        const MINUTE: Millis = 60_000;
        for (elapsed, zh, en) in [
            (0, "刚刚", "just now"),
            (-59_999, "刚刚", "just now"),
            (5 * MINUTE, "5 分钟前", "5 min ago"),
            (-5 * MINUTE, "5 分钟后", "in 5 min"),
            (47 * 60 * MINUTE, "47 小时前", "47 h ago"),
            (48 * 60 * MINUTE, "2 天前", "2 d ago"),
        ] {
            assert_eq!((age(elapsed, Language::Zh).as_str(), age(elapsed, Language::En).as_str()), (zh, en));
        }
    }

    #[test]
    fn shown_in_the_zone() {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let times = Times { zone: &zone, now: 0, language: Language::En };
        let moment = times.at(1_795_446_240_000);
        assert_eq!((moment.iso.as_str(), moment.text.as_str()), ("2026-11-23T15:04:00Z", "2026-11-23 23:04"));
    }
}
