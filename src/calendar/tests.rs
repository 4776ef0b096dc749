use super::*;
use proptest::prelude::*;

const OFFICE: &str = "mon-fri 09:00-12:00 13:00-18:00";

fn china() -> Calendar {
    Calendar::from_csv(CN_HOLIDAYS, &OFFICE.parse().unwrap(), "Asia/Shanghai").unwrap()
}

/// `2026-10-10 09:00` in Shanghai.
fn at(text: &str) -> Millis {
    let civil: DateTime = text.replace(' ', "T").parse().unwrap();
    civil.to_zoned(TimeZone::get("Asia/Shanghai").unwrap()).unwrap().timestamp().as_millisecond()
}

#[test]
fn due_times() {
    let calendar = china();
    // (from, minutes, due)
    let table = [
        ("2020-10-13 10:00", 60, "2020-10-13 11:00"),
        ("2020-10-13 11:30", 60, "2020-10-13 13:30"),  // lunch
        ("2020-10-13 17:30", 60, "2020-10-14 09:30"),  // night
        ("2020-10-13 20:00", 30, "2020-10-14 09:30"),  // came in the evening
        ("2020-10-13 09:00", 480, "2020-10-13 18:00"), // exactly a day: its end, not the next morning
        ("2020-10-23 17:00", 120, "2020-10-26 10:00"), // weekend
        ("2020-09-30 17:00", 120, "2020-10-09 10:00"), // eight days off: national day and mid-autumn
        ("2026-02-13 17:00", 120, "2026-02-14 10:00"), // a Saturday that is a working day
        ("2026-02-14 17:00", 120, "2026-02-24 10:00"), // spring festival 2026 to 02-23
        ("2026-10-09 17:30", 60, "2026-10-10 09:30"),  // make-up Saturday after national day
        ("2026-09-18 17:30", 60, "2026-09-20 09:30"),  // make-up Sunday, the Saturday before is off
        ("2020-10-13 10:00:30.250", 1, "2020-10-13 10:01:30.250"),
        ("2020-10-13 10:00", 0, "2020-10-13 10:00"),
        ("2020-10-17 10:00", 0, "2020-10-17 10:00"),
        ("2020-10-17 10:00", -5, "2020-10-17 10:00"),
    ];
    for (from, minutes, due) in table {
        let found = calendar.add(at(from), minutes);
        assert_eq!(calendar.local(found.at), calendar.local(at(due)), "{from} + {minutes}");
        assert_eq!(found.missing_year, None, "{from}");
    }
}

#[test]
fn working_hours_end_before_their_end() {
    let working = |text| china().is_working(at(text));
    assert!(working("2020-10-13 09:00") && working("2020-10-13 11:59:59.999") && !working("2020-10-13 12:00"));
    assert!(!working("2020-10-13 08:59:59.999") && !working("2020-10-17 10:00") && working("2026-10-10 10:00"));
}

#[test]
fn working_days() {
    let calendar = china();
    let table = [
        ("2020-10-13 10:00", 3, "2020-10-16 10:00"),
        ("2020-10-15 10:30", 3, "2020-10-20 10:30"),
        ("2026-09-30 16:00", 3, "2026-10-10 16:00"), // 8, 9 and the make-up Saturday
        ("2020-10-13 22:00", 1, "2020-10-14 18:00"),
        ("2020-10-13 03:00", 1, "2020-10-14 09:00"),
        ("2020-10-13 22:00", 0, "2020-10-13 22:00"),
    ];
    for (from, days, due) in table {
        assert_eq!(calendar.local(calendar.add_days(at(from), days).at), calendar.local(at(due)), "{from} + {days}");
    }
    assert_eq!(calendar.add_days(at("2026-12-31 10:00"), 1).missing_year, Some(2027));
    assert_eq!(calendar.add_days(i64::MAX, u32::MAX).at, i64::MAX);
}

#[test]
fn a_missing_year_is_said_not_guessed() {
    let calendar = china();
    let due = calendar.add(at("2026-12-31 17:30"), 60);
    assert_eq!((due.at, due.missing_year), (at("2027-01-01 09:30"), Some(2027)));
    assert_eq!(calendar.add(at("2026-12-31 17:00"), 60).missing_year, None);
    assert_eq!(calendar.missing_years(at("2025-01-01 00:00"), at("2028-01-01 00:00")), [2027, 2028]);
    assert!(calendar.missing_years(at("2018-01-01 00:00"), at("2026-12-31 23:59")).is_empty());
    assert_eq!(calendar.missing_years(i64::MIN, i64::MAX).len(), 11);
}

#[test]
fn december_rows_do_not_prove_their_year() {
    let csv = "date,kind,name\n2026-12-31,off,元旦\n2027-01-01,off,元旦\n2028-02-05,work,春节\n";
    let calendar = Calendar::from_csv(csv, &OFFICE.parse().unwrap(), "Asia/Shanghai").unwrap();
    assert_eq!(calendar.missing_years(at("2026-01-01 00:00"), at("2028-01-01 00:00")), [2026, 2028]);
}

#[test]
fn later_files_amend_earlier_ones() {
    let calendar = china().with_csv("date,kind,name\n2026-10-10,off,调整\n2026-10-07,work,调整\n").unwrap();
    assert_eq!(calendar.add(at("2026-10-09 17:30"), 60).at, at("2026-10-12 09:30"));
    assert_eq!(calendar.day_kind("2026-10-07".parse().unwrap()), DayKind::Makeup);
}

#[test]
fn the_trace_adds_up() {
    let trace = china().trace(at("2026-09-30 17:00"), 120);
    let lines: Vec<(String, DayKind, i64, &str)> = trace.iter().map(|l| (l.date.to_string(), l.kind, l.minutes, l.note.as_str())).collect();
    assert_eq!(lines.first(), Some(&("2026-09-30".to_owned(), DayKind::Working, 60, "")));
    assert_eq!(lines[1..8].iter().filter(|l| l.1 == DayKind::Off && l.2 == 0 && l.3 == "国庆节").count(), 7);
    assert_eq!(lines.last(), Some(&("2026-10-08".to_owned(), DayKind::Working, 60, "")));
    assert_eq!(trace.last().unwrap().to, Some(china().add(at("2026-09-30 17:00"), 120).at));
    let weekend = china().trace(at("2020-10-17 12:00"), 1);
    assert_eq!((weekend[0].kind, weekend[1].kind, weekend[2].minutes), (DayKind::Weekend, DayKind::Weekend, 1));
    assert!(china().trace(0, 0).is_empty());
}

#[test]
fn around_the_clock() {
    let calendar = Calendar::continuous("Asia/Shanghai").unwrap();
    assert_eq!(calendar.add(at("2031-12-31 23:30"), 61), Due { at: at("2032-01-01 00:31"), missing_year: None });
    assert_eq!(calendar.minutes_between(at("2031-12-31 00:00"), at("2032-01-01 00:00")), 1440);
}

#[test]
fn summer_time_days_have_their_real_length() {
    let csv = "date,kind,name\n2026-01-01,off,New Year\n";
    let berlin = Calendar::from_csv(csv, &"mon-sun 00:00-24:00".parse().unwrap(), "Europe/Berlin").unwrap();
    let local = |text: &str| text.parse::<DateTime>().unwrap().to_zoned(TimeZone::get("Europe/Berlin").unwrap()).unwrap().timestamp();
    let minutes = |a: &str, b: &str| berlin.minutes_between(local(a).as_millisecond(), local(b).as_millisecond());
    assert_eq!(minutes("2026-03-29T00:00", "2026-03-30T00:00"), 23 * 60);
    assert_eq!(minutes("2026-10-25T00:00", "2026-10-26T00:00"), 25 * 60);
}

#[test]
fn wrong_files_name_the_line() {
    let table = [
        ("day,kind\n", "line 1: expected the columns date,kind,name, found day,kind"),
        ("date,kind,name\n2026-01-01,off,a\n2026-02-30,off,b\n", "line 3: \"2026-02-30\" is not a date like 2026-10-01"),
        ("date,kind,name\n2026-01-01,holiday,a\n", "line 2: kind \"holiday\", expected off or work"),
        ("date,kind,name\n2026-01-01,off,a\n\n2026-01-01,work,b\n", "line 4: 2026-01-01 occurs twice"),
    ];
    for (csv, expected) in table {
        let found = Calendar::from_csv(csv, &OFFICE.parse().unwrap(), "Asia/Shanghai").unwrap_err();
        assert_eq!(found, expected);
    }
    let short = Calendar::from_csv("date,kind,name\n2026-01-01,off\n", &OFFICE.parse().unwrap(), "Asia/Shanghai").unwrap_err();
    assert!(short.starts_with("line 2: "), "{short}");
    assert!(Calendar::from_csv(CN_HOLIDAYS, &OFFICE.parse().unwrap(), "Asia/Nowhere").unwrap_err().contains("Asia/Nowhere"));
    assert!(Calendar::from_csv(CN_HOLIDAYS, &Hours::default(), "Asia/Shanghai").is_err());
}

#[test]
fn hours_as_written() {
    let hours: Hours = "Mon-Fri 09:00-12:00, 13:00-18:00; sat 09:00-12:00; makeup 10:00-16:00".parse().unwrap();
    assert_eq!(hours.of(Weekday::Friday).len(), 2);
    assert_eq!(hours.of(Weekday::Saturday), [Span { start: 540, end: 720 }]);
    assert_eq!(hours.of_makeup(Weekday::Sunday), [Span { start: 600, end: 960 }]);
    assert!("mon 09:00-12:00 12:00-18:00".parse::<Hours>().is_ok());
    let table = [
        ("", "no working hours on any day of the week"),
        ("mon", "hours \"mon\": no span like 09:00-18:00"),
        ("mon 9-18", "hours \"mon 9-18\": \"9\" is not a time like 09:00"),
        ("mon 18:00-09:00", "hours \"mon 18:00-09:00\": \"18:00-09:00\" ends before it starts"),
        ("mon 09:00-12:00 11:00-13:00", "hours \"mon 09:00-12:00 11:00-13:00\": \"11:00-13:00\" overlaps the span before it"),
        ("mon 09:00-24:01", "hours \"mon 09:00-24:01\": \"24:01\" is not a time like 09:00"),
        ("day 09:00-10:00", "hours \"day 09:00-10:00\": \"day\" is not a weekday or a range like mon-fri"),
        ("fri-mon 09:00-10:00", "hours \"fri-mon 09:00-10:00\": fri-mon runs backwards"),
        ("mon 09:00-10:00; mon 11:00-12:00", "hours \"mon 11:00-12:00\": mon is given twice"),
    ];
    for (text, expected) in table {
        assert_eq!(text.parse::<Hours>().unwrap_err(), expected);
    }
}

#[test]
fn extreme_times_end() {
    let calendar = china();
    for from in [i64::MIN, i64::MAX, -1, 0] {
        assert!(calendar.add(from, i64::MAX).at >= from);
        assert!(calendar.add(from, 10).at >= from);
        calendar.minutes_between(from, i64::MAX);
        calendar.minutes_between(i64::MAX, from);
        calendar.is_working(from);
        assert!(calendar.trace(from, i64::MAX).len() <= 2 * MOST_DAYS);
    }
}

proptest! {
    /// From 2018 to 2026, up to about a year of work.
    #[test]
    fn adding_and_measuring_agree(from in 1_514_736_000_000_i64..1_790_000_000_000, minutes in 0_i64..130_000) {
        let calendar = china();
        let due = calendar.add(from, minutes);
        prop_assert!(due.at >= from);
        prop_assert_eq!(calendar.minutes_between(from, due.at), minutes);
        prop_assert_eq!(calendar.minutes_between(due.at, from), -minutes);
        if minutes > 0 {
            let before = calendar.local(due.at - 1);
            prop_assert!(calendar.is_working(due.at - 1), "{} is not working time", before);
        }
    }

    #[test]
    fn more_work_is_never_due_earlier(from in 1_514_736_000_000_i64..1_790_000_000_000, a in 0_i64..20_000, b in 0_i64..20_000, later in 0_i64..900_000_000) {
        let calendar = china();
        prop_assert!(calendar.add(from, a).at <= calendar.add(from, a + b).at);
        prop_assert!(calendar.add(from, a).at <= calendar.add(from + later, a).at);
        // In two steps as in one.
        prop_assert_eq!(calendar.add(calendar.add(from, a).at, b).at.max(from), if b == 0 { calendar.add(from, a).at } else { calendar.add(from, a + b).at });
    }

    #[test]
    fn a_trace_counts_what_was_asked(from in 1_514_736_000_000_i64..1_790_000_000_000, minutes in 0_i64..10_000) {
        let trace = china().trace(from, minutes);
        let millis: i64 = trace.iter().filter_map(|l| Some(l.to? - l.from?)).sum();
        prop_assert_eq!(millis, minutes * MINUTE);
    }
}
