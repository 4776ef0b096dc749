//! Business time: which minutes of which day the desk works, and arithmetic with them.
//!
//! A weekly pattern of hours, and exceptions by date from a CSV file (`date,kind,name`; kind `off` or `work`). Not a
//! holiday calculator: what the file does not say is not guessed. The surprising facts: in China some Saturdays and Sundays
//! are working days to make up for a holiday (调休), and next year's days are only published in the autumn, so a year
//! without rows is reported as missing while ordinary weekdays still count.
//! Every loop ends after ten years of days.

use crate::case::{Millis, text_enum};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::TimeZone;
use std::collections::{BTreeMap, BTreeSet};

mod hours;
pub use hours::{Hours, Span};

/// Working days of mainland China as published by the State Council; see `config/data/NOTICE.md`.
pub const CN_HOLIDAYS: &str = include_str!("../config/data/cn_holidays.csv");

const MINUTE: i64 = 60_000;
/// No walk goes further than this.
const MOST_DAYS: usize = 3_660;

text_enum! {
    /// What kind of day it is, by pattern and exceptions.
    DayKind {
        Working = "working",
        /// No hours on this weekday.
        Weekend = "weekend",
        /// An exception `off`.
        Off = "off",
        /// An exception `work`.
        Makeup = "makeup",
    }
}

#[derive(Debug, Clone)]
struct Exception {
    works: bool,
    name: String,
}

#[derive(Debug, Clone)]
pub struct Calendar {
    hours: Hours,
    exceptions: BTreeMap<Date, Exception>,
    /// Years whose exceptions are known. None: there are none to know (7×24).
    covered: Option<BTreeSet<i16>>,
    zone: TimeZone,
    zone_name: String,
}

/// A point in time that lies some business time ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    pub at: Millis,
    /// The first year on the way whose holidays are not known: the time is then earlier than or equal to the right one.
    pub missing_year: Option<i16>,
}

/// One working span, or one day without, on the way to a due time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceLine {
    pub date: Date,
    pub kind: DayKind,
    /// The counted part of the span; both None on a day without hours.
    pub from: Option<Millis>,
    pub to: Option<Millis>,
    /// Business minutes counted, rounded down.
    pub minutes: i64,
    /// Name of the holiday, or empty.
    pub note: String,
}

/// A day with its spans in UTC, clipped to nothing.
struct Day<'a> {
    date: Date,
    kind: DayKind,
    note: &'a str,
    spans: Vec<(Millis, Millis)>,
}

impl Calendar {
    /// Reads the exceptions (columns `date,kind,name`, with that header line). `tz` is an IANA name.
    ///
    /// Errors name the line. Hours without any span are refused: nothing would ever be due.
    pub fn from_csv(csv: &str, hours: &Hours, tz: &str) -> Result<Calendar, String> {
        let empty = Calendar {
            hours: hours.clone(),
            exceptions: BTreeMap::new(),
            covered: Some(BTreeSet::new()),
            zone: TimeZone::get(tz).map_err(|e| format!("time zone \"{tz}\": {e}"))?,
            zone_name: tz.to_owned(),
        };
        if hours.is_empty() {
            return Err("no working hours on any day of the week".to_owned());
        }
        empty.with_csv(csv)
    }

    /// Every minute of every day counts (7×24); no year is ever missing.
    pub fn continuous(tz: &str) -> Result<Calendar, String> {
        let mut calendar = Calendar::from_csv("date,kind,name\n", &Hours::always(), tz)?;
        calendar.covered = None;
        Ok(calendar)
    }

    /// Adds a further file, whose rows win over those read before: notices are amended in mid-year.
    pub fn with_csv(mut self, csv: &str) -> Result<Calendar, String> {
        let mut seen = BTreeSet::new();
        let csv = csv.trim_start_matches('\u{feff}');
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(csv.as_bytes());
        let header: Vec<String> = reader.headers().map_err(|e| format!("line 1: {e}"))?.iter().map(str::to_owned).collect();
        if header != ["date", "kind", "name"] {
            return Err(format!("line 1: expected the columns date,kind,name, found {}", header.join(",")));
        }
        for record in reader.records() {
            let record = record.map_err(|e| format!("line {}: {e}", line_of(csv, e.position())))?;
            let line = line_of(csv, record.position());
            let (date, exception) = read_row(&record).map_err(|e| format!("line {line}: {e}"))?;
            if !seen.insert(date) {
                return Err(format!("line {line}: {date} occurs twice"));
            }
            // The last days of a December are published with the following year, so they prove nothing about their own.
            if let Some(covered) = self.covered.as_mut().filter(|_| !exception.works && date.month() < 12) {
                covered.insert(date.year());
            }
            self.exceptions.insert(date, exception);
        }
        Ok(self)
    }

    /// IANA name of the desk's time zone.
    pub fn zone_name(&self) -> &str {
        &self.zone_name
    }

    /// The civil time at the desk. Times outside the years -9999 to 9999 are clamped.
    pub fn local(&self, at: Millis) -> DateTime {
        self.zone.to_datetime(timestamp(at))
    }

    pub fn day_kind(&self, date: Date) -> DayKind {
        match self.exceptions.get(&date) {
            Some(e) if e.works => DayKind::Makeup,
            Some(_) => DayKind::Off,
            None if self.hours.of(date.weekday()).is_empty() => DayKind::Weekend,
            None => DayKind::Working,
        }
    }

    /// Whether this moment is within working hours (start included, end not).
    pub fn is_working(&self, at: Millis) -> bool {
        self.days(at).next().is_some_and(|day| day.spans.iter().any(|(start, end)| (*start..*end).contains(&at)))
    }

    /// The moment when so many business minutes after `from` have passed; `from` itself for none or a negative number.
    /// Exactly at the end of a span it is that end, not the next morning. More than ten years of work end after ten years.
    pub fn add(&self, from: Millis, minutes: i64) -> Due {
        self.add_millis(from, minutes.saturating_mul(MINUTE))
    }

    /// As [`Calendar::add`], to the millisecond.
    pub fn add_millis(&self, from: Millis, millis: i64) -> Due {
        let mut due = Due { at: from, missing_year: None };
        let mut left = millis;
        if left <= 0 {
            return due;
        }
        for day in self.days(from) {
            due.missing_year = due.missing_year.or_else(|| self.missing_year(day.date));
            for (start, end) in day.spans {
                let start = start.max(from);
                if end - start >= left && end > start {
                    due.at = start + left;
                    return due;
                }
                left -= (end - start).max(0);
                due.at = due.at.max(end);
            }
        }
        due
    }

    /// The same time of day so many working days later, moved into that day's hours; for reminders and surveys. `from` itself for none or a
    /// negative number.
    pub fn add_days(&self, from: Millis, days: u32) -> Due {
        let mut due = Due { at: from, missing_year: None };
        let time = self.local(from).time();
        let days = usize::try_from(days).unwrap_or(usize::MAX);
        for day in self.days(from).skip(1).filter(|day| !day.spans.is_empty()).take(days) {
            let (open, close) = (day.spans[0].0, day.spans[day.spans.len() - 1].1);
            due.missing_year = due.missing_year.or_else(|| self.missing_year(day.date));
            let same_time = self.zone.to_ambiguous_timestamp(day.date.to_datetime(time)).compatible();
            due.at = same_time.map_or(open, |at| at.as_millisecond()).clamp(open, close.max(open));
        }
        due
    }

    /// Business minutes from `a` to `b`, rounded towards zero; negative when `b` is earlier. What lies more than ten years after the
    /// earlier one is not counted.
    pub fn minutes_between(&self, a: Millis, b: Millis) -> i64 {
        self.millis_between(a, b) / MINUTE
    }

    /// As [`Calendar::minutes_between`], to the millisecond.
    pub fn millis_between(&self, a: Millis, b: Millis) -> i64 {
        if b < a {
            return -self.millis_between(b, a);
        }
        let mut sum = 0;
        for day in self.days(a) {
            if day.spans.first().is_some_and(|(start, _)| *start >= b) {
                break;
            }
            sum += day.spans.iter().map(|(start, end)| ((*end).min(b) - (*start).max(a)).max(0)).sum::<i64>();
        }
        sum
    }

    /// How `add(from, minutes)` comes about, a line for each span and for each day without any.
    pub fn trace(&self, from: Millis, minutes: i64) -> Vec<TraceLine> {
        let mut lines = Vec::new();
        let mut left = minutes.saturating_mul(MINUTE);
        for day in self.days(from) {
            if left <= 0 {
                break;
            }
            let line = TraceLine { date: day.date, kind: day.kind, from: None, to: None, minutes: 0, note: day.note.to_owned() };
            if day.spans.is_empty() {
                lines.push(line.clone());
            }
            for (start, end) in day.spans {
                let start = start.max(from);
                let part = (end - start).min(left);
                if part <= 0 {
                    continue;
                }
                left -= part;
                lines.push(TraceLine { from: Some(start), to: Some(start + part), minutes: part / MINUTE, ..line.clone() });
            }
        }
        lines
    }

    /// The years from `from` to `to` whose holidays are not known; at most eleven.
    pub fn missing_years(&self, from: Millis, to: Millis) -> Vec<i16> {
        let (first, last) = (self.local(from).year(), self.local(to).year());
        let Some(covered) = &self.covered else { return Vec::new() };
        (first..=last.min(first.saturating_add(10))).filter(|year| !covered.contains(year)).collect()
    }

    fn missing_year(&self, date: Date) -> Option<i16> {
        let covered = self.covered.as_ref()?;
        (!covered.contains(&date.year())).then_some(date.year())
    }

    /// The days from the one `from` lies in, bounded.
    fn days(&self, from: Millis) -> impl Iterator<Item = Day<'_>> {
        std::iter::successors(Some(self.local(from).date()), |date| date.tomorrow().ok()).take(MOST_DAYS).map(|date| {
            let kind = self.day_kind(date);
            let spans = match kind {
                DayKind::Weekend | DayKind::Off => &[],
                DayKind::Working => self.hours.of(date.weekday()),
                DayKind::Makeup => self.hours.of_makeup(date.weekday()),
            };
            let spans = spans.iter().map(|span| (self.at(date, span.start), self.at(date, span.end))).collect();
            Day { date, kind, note: self.exceptions.get(&date).map_or("", |e| &e.name), spans }
        })
    }

    /// UTC of a minute of the day (1440: the next midnight). In a gap of summer time: the moment after it.
    fn at(&self, date: Date, minute: u16) -> Millis {
        let (date, minute) = if minute >= 1440 { (date.tomorrow().unwrap_or(date), 0) } else { (date, minute) };
        let civil = date.to_datetime(Time::constant((minute / 60) as i8, (minute % 60) as i8, 0, 0));
        self.zone.to_ambiguous_timestamp(civil).compatible().unwrap_or(Timestamp::MAX).as_millisecond()
    }
}

fn timestamp(at: Millis) -> Timestamp {
    Timestamp::from_millisecond(at).unwrap_or(if at < 0 { Timestamp::MIN } else { Timestamp::MAX })
}

/// The line a record starts on. The reader counts empty lines before a record as part of it.
fn line_of(csv: &str, position: Option<&csv::Position>) -> u64 {
    let Some(position) = position else { return 0 };
    let rest = csv.as_bytes().iter().skip(usize::try_from(position.byte()).unwrap_or(0));
    position.line() + rest.take_while(|b| matches!(b, b'\r' | b'\n')).filter(|b| **b == b'\n').count() as u64
}

fn read_row(record: &csv::StringRecord) -> Result<(Date, Exception), String> {
    let field = |i| record.get(i).unwrap_or("");
    let date: Date = field(0).parse().map_err(|_| format!("\"{}\" is not a date like 2026-10-01", field(0)))?;
    let works = match field(1) {
        "off" => false,
        "work" => true,
        other => return Err(format!("kind \"{other}\", expected off or work")),
    };
    Ok((date, Exception { works, name: field(2).to_owned() }))
}

#[cfg(test)]
mod tests;
