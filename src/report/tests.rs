use super::*;

/// Nine to five on weekdays, UTC; 2020 and 2021 are known.
fn calendar() -> Calendar {
    let csv = "date,kind,name\n2020-01-01,off,a\n2021-01-01,off,a\n";
    Calendar::from_csv(csv, &"mon-fri 09:00-17:00".parse().unwrap(), "UTC").unwrap()
}

/// Monday 2020-10-12 09:00 and days after it.
const MONDAY: Millis = 1_602_493_200_000;
const HOUR: Millis = 3_600_000;
const DAY: Millis = 24 * HOUR;

fn case(number: &str, status: Status, created_at: Millis) -> OpenCase {
    OpenCase {
        id: CaseId(1),
        number: number.to_owned(),
        title: "更新失败".to_owned(),
        status,
        owner: None,
        priority: Priority::Normal,
        customer: "王工".to_owned(),
        language: Language::Zh,
        created_at,
        updated_at: created_at,
        first_response_due_at: None,
        first_responded_at: None,
        next_update_due_at: None,
        last_sent_at: None,
        resolve_due_at: None,
        resolved_at: None,
    }
}

fn sample() -> OpenReport {
    let now = MONDAY + 4 * DAY;
    let mut late = case("CAS-00001-A1A1A1", Status::New, now - 2 * DAY);
    late.first_response_due_at = Some(now - 2 * DAY + HOUR);
    let mut fine = case("CAS-00002-A1A1A1", Status::InProgress, now - 3 * DAY);
    fine.owner = Some("李四".to_owned());
    fine.resolve_due_at = Some(now + 10 * DAY);
    fine.next_update_due_at = Some(now + 3 * DAY);
    fine.last_sent_at = Some(now - HOUR);
    let mut waiting = case("CAS-00003-A1A1A1", Status::WaitingCustomer, now - 40 * DAY);
    waiting.owner = Some("李四".to_owned());
    waiting.first_response_due_at = Some(now - 39 * DAY);
    waiting.first_responded_at = Some(now - 40 * DAY + HOUR);
    waiting.next_update_due_at = Some(now - DAY);
    waiting.resolve_due_at = Some(now - DAY);
    let finished = [Status::Archived, Status::Cancelled, Status::Merged].map(|status| case("CAS-00009-A1A1A1", status, 0));
    let cases = [vec![fine, waiting, late], finished.to_vec()].concat();
    open(&cases, &[5, 4, 4, 5, 2], now, &calendar(), &Targets::default())
}

#[test]
fn counts() {
    let report = sample();
    assert_eq!(report.total, 3);
    assert_eq!(report.by_status, [(Status::New, 1), (Status::InProgress, 1), (Status::WaitingCustomer, 1)]);
    assert_eq!(report.by_owner, [(Some("李四".to_owned()), 2), (None, 1)]);
    assert_eq!(report.by_age, [("0-1", 0), ("2-3", 2), ("4-7", 0), ("8-14", 0), ("15-30", 0), (">30", 1)]);
    assert_eq!(report.by_sla, [(State::Ok, 1), (State::Breached, 1), (State::Paused, 1)]);
    assert_eq!((report.satisfaction.csat, report.satisfaction.n), (Some(80.0), 5));
    assert!(report.missing_years.is_empty());
}

#[test]
fn the_most_urgent_first_with_the_next_due_time() {
    let report = sample();
    let rows: Vec<_> = report.rows.iter().map(|row| (&row.case.number[4..9], row.sla, row.due_clock, row.due.as_deref())).collect();
    assert_eq!(
        rows,
        [
            ("00001", State::Breached, Some(Clock::FirstResponse), Some("2020-10-14 10:00")),
            ("00002", State::Ok, Some(Clock::NextUpdate), Some("2020-10-19 09:00")),
            ("00003", State::Paused, None, None),
        ]
    );
    assert_eq!(report.rows[2].first_response, State::Met);
}

#[test]
fn what_is_done_late_is_breached_but_no_longer_due() {
    let mut late = case("CAS-00001-A1A1A1", Status::InProgress, MONDAY);
    (late.first_response_due_at, late.first_responded_at) = (Some(MONDAY + HOUR), Some(MONDAY + 2 * HOUR));
    late.resolve_due_at = Some(MONDAY + 7 * DAY);
    let report = open(&[late], &[], MONDAY + 3 * HOUR, &calendar(), &Targets::default());
    assert_eq!((report.rows[0].sla, report.rows[0].due_clock), (State::Breached, Some(Clock::Resolve)));
}

#[test]
fn ages_and_their_buckets() {
    let table = [(-5, "0-1"), (0, "0-1"), (1, "0-1"), (2, "2-3"), (7, "4-7"), (8, "8-14"), (30, "15-30"), (31, ">30"), (i64::MAX, ">30")];
    for (days, bucket) in table {
        assert_eq!(age_bucket(days), bucket, "{days}");
    }
}

#[test]
fn a_missing_year_shows() {
    let mut long = case("CAS-00001-A1A1A1", Status::New, MONDAY);
    long.resolve_due_at = Some(MONDAY + 500 * DAY);
    let report = open(&[long], &[], MONDAY, &calendar(), &Targets::default());
    assert_eq!(report.missing_years, [2022]);
    assert!(render_table(&report, Language::En, 100).contains("no holidays for this year, due times may be too early: 2022"));
    assert!(render_table(&report, Language::Zh, 100).contains("可能偏早: 2022"));
}

#[test]
fn columns_align_in_both_languages() {
    for language in Language::ALL {
        let text = render_table(&sample(), *language, 120);
        let rows: Vec<&str> = text.lines().skip_while(|line| !line.is_empty()).skip(1).collect();
        assert_eq!(rows.len(), 4, "{text}");
        let columns: Vec<usize> = rows[1..].iter().map(|row| display_width(&row[..row.find("王工").unwrap()])).collect();
        let heading = rows[0].find(if *language == Language::Zh { "客户与" } else { "customer" }).unwrap();
        assert!(columns.iter().all(|column| *column == display_width(&rows[0][..heading])), "{text}");
        assert!(rows.iter().all(|row| display_width(row) <= 120), "{text}");
    }
    let zh = render_table(&sample(), Language::Zh, 120);
    assert!(zh.starts_with("未结案例: 3 (2020-10-16 09:00 UTC)\n") && zh.contains("80.0% (4-5 分 4/5，平均 4.00，n=5)"), "{zh}");
}

#[test]
fn long_and_hostile_texts_stay_on_their_line() {
    let mut odd = case("CAS-00001-A1A1A1", Status::New, MONDAY);
    odd.title = "很长\n的标题\u{1b}[31m".repeat(50);
    odd.owner = Some("一个名字非常长的工程师".to_owned());
    for width in [0, 80, 81, 121] {
        let text = render_table(&open(std::slice::from_ref(&odd), &[], MONDAY, &calendar(), &Targets::default()), Language::Zh, width);
        assert!(!text.contains('\u{1b}') && text.contains(" 一个名字…  "), "{text}");
        let last = text.lines().last().unwrap();
        assert!(last.starts_with("CAS-00001") && display_width(last) <= width.max(100), "{width}: {}", display_width(last));
    }
}

#[test]
fn widths() {
    for (text, width) in [("abc", 3), ("案例", 4), ("a案", 3), ("，", 2), ("e\u{301}", 1), ("…", 1), ("😀", 2), ("𠮷", 2), ("\u{feff}", 0)]
    {
        assert_eq!(display_width(text), width, "{text}");
    }
}

#[test]
fn a_spreadsheet_runs_nothing() {
    let evil = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\r=1", "＝1", "＋1"];
    for text in evil {
        let mut odd = case("CAS-00001-A1A1A1", Status::New, MONDAY);
        (odd.title, odd.customer, odd.owner) = (text.to_owned(), text.to_owned(), Some(text.to_owned()));
        let csv = render_csv(&open(&[odd], &[], MONDAY, &calendar(), &Targets::default()));
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        let row = reader.records().next().unwrap().unwrap();
        for column in [3, 4, 5] {
            assert_eq!(row.get(column), Some(format!("'{text}").as_str()));
        }
    }
    let csv = render_csv(&sample());
    assert!(csv.starts_with("number,status,") && csv.lines().count() == 4);
    assert!(
        csv.contains("CAS-00001-A1A1A1,new,normal,,王工,更新失败,zh,2,breached,breached,none,none,2020-10-14T10:00:00Z,first_response,"),
        "{csv}"
    );
}

#[test]
fn json_is_one_object() {
    let text = render_json(&sample());
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["by_status"][0], serde_json::json!(["new", 1]));
    assert_eq!(value["rows"][0]["case"]["number"], "CAS-00001-A1A1A1");
    assert_eq!(value["rows"][0]["sla"], "breached");
    assert!(!text.contains('\n'));
    assert_eq!(render_csv(&open(&[], &[], 0, &calendar(), &Targets::default())).lines().count(), 1);
}
