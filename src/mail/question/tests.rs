//! Tables: a mail's own text, and the questions that a careful reader finds in it.

mod chinese;
mod english;
mod none;

use super::super::{Question, prose};
use super::questions;

fn asked(text: &str) -> Vec<Question> {
    questions(text, &prose::lines(text).collect::<Vec<_>>())
}

pub(super) type Row = (&'static str, &'static [(&'static str, &'static str)]);

fn found(text: &str) -> Vec<(String, String)> {
    asked(text).into_iter().map(|q| (q.number.unwrap_or_default(), q.text)).collect()
}

/// Every row, all failures at once; the place of each question is checked too.
pub(super) fn check(rows: &[Row]) {
    let mut wrong = String::new();
    for (text, want) in rows {
        let got = found(text);
        let got: Vec<(&str, &str)> = got.iter().map(|(n, t)| (n.as_str(), t.as_str())).collect();
        if got != *want {
            wrong += &format!("--- {text}\nwant {want:?}\ngot  {got:?}\n");
        }
        for question in asked(text) {
            let rest = &text[question.at..];
            let first: String = question.text.chars().take(2).collect();
            let near: String = rest.chars().take(30).collect();
            if !near.contains(&first) {
                wrong += &format!("--- {text}\nplace {} of {:?}\n", question.at, question.text);
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn the_reference_request() {
    let here = std::path::Path::new(file!());
    let root = if here.is_absolute() { here.ancestors().nth(4).expect("root") } else { std::path::Path::new(env!("CARGO_MANIFEST_DIR")) };
    let raw = std::fs::read(root.join("tests/reference/request.eml")).expect("tests/reference/request.eml");
    let mail = crate::mail::parse(&raw, &crate::mail::Settings::default());
    let got: Vec<(Option<&str>, &str)> = mail.questions.iter().map(|q| (q.number.as_deref(), q.text.as_str())).collect();
    assert_eq!(
        got,
        [
            (Some("1"), "这几个补丁在其他客户有没有出现过"),
            (Some("2"), "可能的原因是什么"),
            (Some("3"), "如果再出现这个问题，请提供一个排查解决的方法。")
        ]
    );
    assert!(mail.questions.iter().all(|q| mail.reply_text[q.at..].starts_with(q.number.as_deref().unwrap_or("-"))));
}

#[test]
fn long_points_are_shortened_and_many_are_cut() {
    let long = format!("请问：\n1. {}。请问如何解决？\n2. 能否回退？", "电脑更新后出现了很多问题，".repeat(60));
    let got = asked(&long);
    assert!(got.iter().all(|q| q.text.chars().count() <= 400) && got[0].text.ends_with("请问如何解决？"), "{got:?}");
    let many: String = (1..=300).map(|n| format!("补丁{n}是否发布？\n")).collect();
    assert_eq!(asked(&many).len(), 100);
}

#[test]
fn big_texts_are_quick() {
    let texts = [
        "1. a? ".repeat(400_000),
        "？".repeat(700_000),
        "请问".repeat(300_000),
        "1、".repeat(400_000),
        "- x\n".repeat(500_000),
        "(1) ".repeat(500_000),
        "如何，\n".repeat(200_000),
        "“".repeat(600_000) + "请问？",
        "could you ".repeat(200_000),
    ];
    for text in &texts {
        assert!(asked(text).len() <= 100);
    }
}
