//! `Date:` (RFC 5322 §3.3): strict first, then the forms of the wild: asctime, ISO 8601, locale dates with AM and PM, named
//! zones, months in other languages. For display only; clocks run on received_at. A bare `CST` is China, where the desk is.

use super::header::{decode, floor, to_text};
use crate::case::Millis;
use jiff::Timestamp;
use jiff::civil::DateTime;

/// `Date:` as milliseconds; None: no date can be read.
pub fn date(raw: &[u8]) -> Option<Millis> {
    let text = decode(floor(&to_text(raw), 200).as_bytes());
    if !text.ends_with("CST") {
        let strict = jiff::fmt::rfc2822::DateTimeParser::new().relaxed_weekday(true);
        if let Ok(at) = strict.parse_timestamp(&text) {
            return Some(at.as_millisecond());
        }
    }
    lenient(&text)
}

/// What was found in a date, in order of appearance.
#[derive(Default)]
struct Found {
    /// Values and digits of plain numbers.
    numbers: Vec<(i16, usize)>,
    /// Index into `numbers` that 年, 月 or 日 name.
    month: Option<i8>,
    time: Option<(i8, i8, i8)>,
    is_afternoon: Option<bool>,
    /// Seconds east of UTC.
    offset: Option<i32>,
    has_dots: bool,
}

fn lenient(text: &str) -> Option<Millis> {
    let found = scan(text);
    let (year, month, day) = civil_day(&found)?;
    let (hour, minute, second) = found.time?;
    let hour = match found.is_afternoon {
        Some(true) if hour < 12 => hour + 12,
        Some(false) if hour == 12 => 0,
        _ => hour,
    };
    // A leap second is the last of its minute.
    let civil = DateTime::new(year, month, day, hour, minute, second.min(59), 0).ok()?;
    let utc = civil.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp();
    let offset = found.offset.unwrap_or(8 * 3600);
    Some(Timestamp::from_second(utc.as_second() - i64::from(offset)).ok()?.as_millisecond())
}

fn scan(text: &str) -> Found {
    let mut found = Found::default();
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &text[at..];
        let Some(c) = rest.chars().next() else { break };
        let len = match c {
            '0'..='9' => found.number(rest),
            '+' | '-' if found.time.is_some() && found.offset.is_none_or(|o| o == 0) => found.sign(rest),
            c if c.is_alphabetic() => {
                let len = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
                found.word(&rest[..len]);
                len
            }
            c => c.len_utf8(),
        };
        at += len;
    }
    found
}

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

impl Found {
    /// A time of day (`14:10:12`, `14.10`) or a number; returns its length.
    fn number(&mut self, rest: &str) -> usize {
        let len = digits(rest);
        let separator = rest.as_bytes().get(len).copied();
        let follows = digits(rest.get(len + 1..).unwrap_or(""));
        let is_time = len <= 2 && follows == 2 && (separator == Some(b':') || (separator == Some(b'.') && self.numbers.len() >= 3));
        if is_time && self.time.is_none() {
            let part = |from: usize, len: usize| rest.get(from..from + len).and_then(|t| t.parse::<i8>().ok()).unwrap_or(-1);
            let after = len + 3;
            let has_seconds = matches!(rest.as_bytes().get(after), Some(b':' | b'.')) && digits(rest.get(after + 1..).unwrap_or("")) >= 2;
            self.time = Some((part(0, len), part(len + 1, 2), if has_seconds { part(after + 1, 2) } else { 0 }));
            let end = if has_seconds { after + 3 } else { after };
            // Fractions of a second.
            return end + rest.get(end..).and_then(|r| r.strip_prefix('.')).map_or(0, |r| 1 + digits(r));
        }
        if let Ok(value) = rest[..len].parse::<i16>()
            && self.numbers.len() < 6
            && len <= 4
        {
            self.has_dots |= separator == Some(b'.');
            self.numbers.push((value, len));
        }
        len
    }

    /// `+0800`, `-05:00`, `+8`.
    fn sign(&mut self, rest: &str) -> usize {
        let number: String =
            rest[1..].chars().take(5).take_while(|c| c.is_ascii_digit() || *c == ':').filter(char::is_ascii_digit).collect();
        let (hours, minutes) = match number.len() {
            1 | 2 => (number.parse().unwrap_or(0), 0),
            3 | 4 => (number[..number.len() - 2].parse().unwrap_or(0), number[number.len() - 2..].parse().unwrap_or(0)),
            _ => return 1,
        };
        let seconds: i32 = if hours < 24 && minutes < 60 { hours * 3600 + minutes * 60 } else { 0 };
        self.offset = Some(if rest.starts_with('-') { -seconds } else { seconds });
        1 + rest[1..].bytes().take(5).take_while(|b| b.is_ascii_digit() || *b == b':').count()
    }

    fn word(&mut self, word: &str) {
        let lower = word.to_lowercase();
        match lower.as_str() {
            "am" | "上午" | "凌晨" | "午前" => self.is_afternoon = Some(false),
            "pm" | "下午" | "晚上" | "午後" => self.is_afternoon = Some(true),
            _ if self.time.is_some() && self.offset.is_none() && zone(&lower).is_some() => self.offset = zone(&lower),
            _ if self.month.is_none() => self.month = month(&lower),
            _ => {}
        }
    }
}

/// Hours of named zones (RFC 822 §5.1 and those that mail uses), as seconds.
fn zone(word: &str) -> Option<i32> {
    let hours = match word {
        "gmt" | "ut" | "utc" | "z" | "wet" => 0,
        "cst" | "hkt" | "sgt" => 8,
        "jst" | "kst" => 9,
        "bst" | "cet" | "mez" => 1,
        "cest" | "mesz" | "eet" => 2,
        "msk" | "eest" => 3,
        "est" | "cdt" => -5,
        "edt" => -4,
        "mst" | "pdt" => -7,
        "mdt" => -6,
        "pst" => -8,
        _ => return None,
    };
    Some(hours * 3600)
}

fn month(word: &str) -> Option<i8> {
    const MONTHS: [&[&str]; 12] = [
        &["jan", "ene", "gen"],
        &["feb", "fév", "fev"],
        &["mar", "mär", "maa", "mrz"],
        &["apr", "avr", "abr"],
        &["may", "mai", "mei", "mag"],
        &["jun", "juin", "giu"],
        &["jul", "juil", "lug"],
        &["aug", "aoû", "ago"],
        &["sep", "set"],
        &["oct", "okt", "ott", "out"],
        &["nov"],
        &["dec", "déc", "dez", "dic"],
    ];
    const CHINESE: [&str; 12] = ["一月", "二月", "三月", "四月", "五月", "六月", "七月", "八月", "九月", "十月", "十一月", "十二月"];
    let chinese = CHINESE.iter().rposition(|name| word.starts_with(name));
    chinese.or_else(|| MONTHS.iter().position(|names| names.iter().any(|n| word.starts_with(n)))).map(|n| n as i8 + 1)
}

/// Year, month, day: a month in words first, then year-month-day, then the orders of America and Europe.
fn civil_day(found: &Found) -> Option<(i16, i8, i8)> {
    let small = |n: i16| i8::try_from(n).ok();
    if let Some(month) = found.month {
        let [a, b, ..] = found.numbers[..] else { return None };
        let (day, wide) = if a.1 > 2 || a.0 > 31 { (b, a) } else { (a, b) };
        return Some((full_year(wide), month, small(day.0)?));
    }
    let [a, b, c, ..] = found.numbers[..] else { return None };
    if a.1 == 4 {
        return Some((a.0, small(b.0)?, small(c.0)?));
    }
    let day_first = a.0 > 12 || (found.has_dots && b.0 <= 12);
    let (month, day) = if day_first { (b.0, a.0) } else { (a.0, b.0) };
    Some((full_year(c), small(month)?, small(day)?))
}

/// RFC 5322 §4.3: two digits are this century below 50, three count from 1900. Mail of the last century has two.
fn full_year((year, digits): (i16, usize)) -> i16 {
    match (digits, year) {
        (1 | 2, 0..50) => year + 2000,
        (1..=3, _) => year + 1900,
        _ => year,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates() {
        let want = 1_603_347_012_000;
        for raw in [
            "Thu, 22 Oct 2020 14:10:12 +0800",
            "Thu, 22 Oct 2020 14:10:12 +0800 (CST)",
            "Thu, 22 Oct 2020 14:10:12 +0800 (GMT+08:00)",
            "Thu,22 Oct 2020 14:10:12 +0800",
            "Thu, 22 Oct 2020 14:10:12 CST",
            "Thu, 22 Oct 2020 14:10:12 +08:00",
            "22-Oct-2020 14:10:12 +0800",
            "2020-10-22 14:10:12 +0800",
            "2020-10-22T06:10:12Z",
            "2020-10-22T06:10:12.123Z",
            "2020/10/22 14:10:12",
            "2020年10月22日 14:10:12",
            "Fri, 22 Oct 2020 06:10:12 GMT",
            "Thu Oct 22 06:10:12 2020 GMT",
            "Thu Oct 22 14:10:12 2020",
            "Thu Oct 22 14:10:12 CST 2020",
            "Thu, 22 Oct 20 14:10:12 +0800",
            "10/22/2020 2:10:12 PM +0800",
            "22.10.2020 14:10:12 +0800",
            "Thu, 22 Oct 2020 01:10:12 EST",
            "Thu, 22 Oct 2020 14:10:12 GMT+8",
            "星期四, 22 十月 2020 14:10:12 +0800",
            "Do, 22 Okt 2020 14:10:12 +0800",
        ] {
            assert_eq!(date(raw.as_bytes()), Some(want), "{raw}");
        }
        for raw in ["", "garbage", "32 Oct 2020 10:00:00 +0800", "29 Feb 2027 10:00:00 +0000", "22 Oct 2020", "10:20:30"] {
            assert_eq!(date(raw.as_bytes()), None, "{raw}");
        }
        assert_eq!(date(b"Mon, 5 Feb 96 10:00:00 +0000"), Some(823_514_400_000));
    }
}
