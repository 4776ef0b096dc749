//! Tables: sentences, and whose they are.

use super::*;

#[test]
fn sentences_end_where_a_reader_ends_them() {
    for (text, expected) in [
        ("您好，\n请安装 KB1。然后重启！", "您好，|请安装 KB1。|然后重启！"),
        ("1. 原因是什么？请说明。", "1. 原因是什么？|请说明。"),
        ("Install build 10.0.17763.1 first. Then restart. Done.", "Install build 10.0.17763.1 first.|Then restart.|Done."),
        ("他说“可以。”之后重试", "他说“可以。”之后重试"),
        ("Why? Because e.g. this; and that", "Why?|Because e.g. this;|and that"),
        ("\n \n", ""),
    ] {
        assert_eq!(sentences(text).join("|"), expected, "{text}");
    }
}

const PROPOSED: &str = "尊敬的刘先生，\n\n案例分析：\n1. 可能的原因？\n磁盘空间不足。请检查。\n\n2. 何时修复？\n【待填写：请回答此问题】\n\n为便于分析，请补充：\n- 版本\n----------\n谢谢。";
const PREVIEW: &str = "name，\n\n案例分析：\n1. heading\nanswer\n\n为便于分析，请补充：\n- winver\n----------\n谢谢。";

fn answers() -> Vec<Answer> {
    let answer = |question: &str, article: Option<&str>| Answer {
        number: Some("1".into()),
        question: question.into(),
        article: article.map(str::to_owned),
        also: Vec::new(),
        score: 3.0,
        runner_up: None,
    };
    vec![answer("请问可能的原因", Some("rollback-causes")), answer("何时修复", None)]
}

fn report(sent: &[String]) -> EditsReport {
    let mut edits = Edits::default();
    let answers = answers();
    for sent in sent {
        edits.add(&Approved {
            stage: Stage::InitialResponse,
            language: Language::Zh,
            answers: &answers,
            proposed: &PROPOSED.replace("可能", "请问可能"),
            sent,
            preview: PREVIEW,
        });
    }
    edits.finish(10)
}

/// `place kind before -> after xN`
fn shown(report: &EditsReport) -> Vec<String> {
    let side = |side: &Option<String>| side.clone().unwrap_or_default();
    report.changes.iter().map(|c| format!("{} {}: {} -> {} x{}", c.place, c.kind, side(&c.before), side(&c.after), c.count)).collect()
}

#[test]
fn a_change_belongs_to_the_article_or_template_it_stood_in() {
    let sent = |from: &str, to: &str| vec![PROPOSED.replace("可能", "请问可能").replacen(from, to, 1)];
    for (from, to, expected) in [
        ("", "", ""),
        ("请检查。", "", "article rollback-causes removed: 请检查。 ->  x1"),
        ("请检查。", "请先检查。", "article rollback-causes changed: 请检查。 -> 请先检查。 x1"),
        ("请检查。", "请检查。再重启。", "article rollback-causes added:  -> 再重启。 x1"),
        ("【待填写：请回答此问题】", "下周。", "template initial_response/zh changed: 【待填写：请回答此问题】 -> 下周。 x1"),
        ("- 版本", "- 版本号", "template initial_response/zh changed: - 版本 -> - 版本号 x1"),
        ("谢谢。", "谢谢！", "template initial_response/zh changed: 谢谢。 -> 谢谢！ x1"),
        ("尊敬的", "", "template initial_response/zh changed: 尊敬的刘先生， -> 刘先生， x1"),
    ] {
        assert_eq!(shown(&report(&sent(from, to))).join("|"), expected, "{from} -> {to}");
    }
}

#[test]
fn the_most_frequent_comes_first_and_places_are_counted_by_draft() {
    let body = PROPOSED.replace("可能", "请问可能");
    let sent = [body.clone(), body.replace("请检查。", ""), body.replace("请检查。", ""), body.replace("谢谢。", "此致。")];
    let report = report(&sent);
    assert_eq!((report.drafts, report.unchanged, report.more), (4, 1, 0));
    assert_eq!(shown(&report)[0], "article rollback-causes removed: 请检查。 ->  x2");
    let first = &report.places[0];
    assert_eq!((first.place.as_str(), first.drafts, first.edited, first.removed), ("article rollback-causes", 4, 2, 2));
    assert_eq!(report.places.len(), 2);
}

#[test]
fn an_answer_without_a_heading_begins_with_the_analysis() {
    let answers = &answers()[..1];
    let proposed = "您好\n案例分析：\n磁盘空间不足。\n----------\n谢谢。";
    let mut edits = Edits::default();
    let draft = Approved {
        stage: Stage::Progress,
        language: Language::Zh,
        answers,
        proposed,
        sent: &proposed.replace("不足", "太少"),
        preview: "案例分析：\nanswer\n----------\n谢谢。",
    };
    edits.add(&draft);
    assert_eq!(shown(&edits.finish(1)), ["article rollback-causes changed: 磁盘空间不足。 -> 磁盘空间太少。 x1"]);
}

#[test]
fn what_is_not_listed_is_counted() {
    let body = PROPOSED.replace("可能", "请问可能");
    let sent: Vec<String> = (0..20).map(|n| body.replace("请检查。", &format!("{n}。"))).collect();
    let report = report(&sent);
    assert_eq!((report.changes.len(), report.more, report.places[0].changed), (10, 10, 20));
}
