//! Working hours of a week, and the line of text they are written as in the configuration.

use super::Weekday;
use std::str::FromStr;

/// From `start` to `end` in minutes of the day, 0 to 1440; `start < end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    pub start: u16,
    pub end: u16,
}

/// Working spans of each weekday, in order, not overlapping.
///
/// Written `mon-fri 09:00-12:00 13:00-18:00; sat 09:00-12:00`; the part after `makeup` are the hours of make-up working days
/// (default: the weekday's own, or else those of the first weekday that has any). `24:00` ends a day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hours {
    days: [Vec<Span>; 7],
    makeup: Vec<Span>,
}

const NAMES: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

impl Hours {
    /// 00:00 to 24:00 every day.
    pub fn always() -> Hours {
        Hours { days: std::array::from_fn(|_| vec![Span { start: 0, end: 1440 }]), makeup: Vec::new() }
    }

    pub fn is_empty(&self) -> bool {
        self.days.iter().all(Vec::is_empty)
    }

    pub fn of(&self, day: Weekday) -> &[Span] {
        &self.days[usize::try_from(day.to_monday_zero_offset()).unwrap_or(0)]
    }

    /// Hours of a weekend day that is a working day by exception.
    pub fn of_makeup(&self, day: Weekday) -> &[Span] {
        if !self.makeup.is_empty() {
            return &self.makeup;
        }
        let own = self.of(day);
        if own.is_empty() { self.days.iter().find(|spans| !spans.is_empty()).map_or(&[], Vec::as_slice) } else { own }
    }
}

impl FromStr for Hours {
    type Err = String;

    fn from_str(text: &str) -> Result<Hours, String> {
        let mut hours = Hours::default();
        for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
            let mut words = part.split_whitespace();
            let days = words.next().unwrap_or_default().to_ascii_lowercase();
            let spans = read_spans(words).map_err(|e| format!("hours \"{part}\": {e}"))?;
            if days == "makeup" {
                hours.makeup = spans;
                continue;
            }
            let (first, last) = days.split_once('-').unwrap_or((&days, &days));
            let index = |name: &str| NAMES.iter().position(|n| *n == name);
            let (Some(first), Some(last)) = (index(first), index(last)) else {
                return Err(format!("hours \"{part}\": \"{days}\" is not a weekday or a range like mon-fri"));
            };
            if first > last {
                return Err(format!("hours \"{part}\": {days} runs backwards"));
            }
            for (day, name) in hours.days[first..=last].iter_mut().zip(&NAMES[first..=last]) {
                if !day.is_empty() {
                    return Err(format!("hours \"{part}\": {name} is given twice"));
                }
                day.clone_from(&spans);
            }
        }
        if hours.is_empty() { Err("no working hours on any day of the week".to_owned()) } else { Ok(hours) }
    }
}

impl<'de> serde::Deserialize<'de> for Hours {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Hours, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

fn read_spans<'a>(words: impl Iterator<Item = &'a str>) -> Result<Vec<Span>, String> {
    let mut spans: Vec<Span> = Vec::new();
    for word in words.flat_map(|word| word.split(',')).filter(|word| !word.is_empty()) {
        let (start, end) = word.split_once('-').ok_or_else(|| format!("\"{word}\" is not a span like 09:00-18:00"))?;
        let span = Span { start: read_minute(start)?, end: read_minute(end)? };
        if span.start >= span.end {
            return Err(format!("\"{word}\" ends before it starts"));
        }
        if spans.last().is_some_and(|before| before.end > span.start) {
            return Err(format!("\"{word}\" overlaps the span before it"));
        }
        spans.push(span);
    }
    if spans.is_empty() { Err("no span like 09:00-18:00".to_owned()) } else { Ok(spans) }
}

fn read_minute(text: &str) -> Result<u16, String> {
    let wrong = || format!("\"{text}\" is not a time like 09:00");
    let (hour, minute) = text.split_once(':').ok_or_else(wrong)?;
    let (hour, minute): (u16, u16) = (hour.parse().map_err(|_| wrong())?, minute.parse().map_err(|_| wrong())?);
    if minute > 59 || hour > 24 || (hour == 24 && minute > 0) { Err(wrong()) } else { Ok(hour * 60 + minute) }
}
