//! Tables: one change, one difference.

use super::*;
use crate::draft::Level;

fn base() -> Outcome {
    Outcome {
        kind: "message".into(),
        case: "new CAS-03160-B3H1K7".into(),
        rule: Some("rollback".into()),
        stage: Some("initial_response".into()),
        language: "zh".into(),
        priority: "normal".into(),
        answers: vec![("原因？".into(), vec!["rollback-causes".into()]), ("何时？".into(), vec![])],
        subject: "回复: 回滚".into(),
        body: "您好\n原因如下\n谢谢".into(),
        findings: vec![finding("question.open", "何时？")],
        ..Outcome::default()
    }
}

fn finding(name: &str, text: &str) -> Finding {
    Finding::new(name, Level::Error, text.into())
}

/// `aspect[question]: before -> after`, or the lines.
fn shown(differences: &[Difference]) -> Vec<String> {
    let side = |side: &Option<String>| side.clone().unwrap_or_else(|| "-".into());
    let one = |d: &Difference| match &d.lines[..] {
        [] => format!(
            "{}{}: {} -> {}",
            d.aspect,
            d.question.as_ref().map_or(String::new(), |q| format!("[{q}]")),
            side(&d.before),
            side(&d.after)
        ),
        lines => format!("{}: {}", d.aspect, lines.join("|")),
    };
    differences.iter().map(one).collect()
}

#[test]
fn every_aspect_is_compared() {
    type Change = fn(&mut Outcome);
    let table: [(Change, &[&str]); 14] = [
        (|_| {}, &[]),
        (|o| o.kind = "auto_reply".into(), &["kind: message -> auto_reply"]),
        (|o| o.case = "ignored: test".into(), &["case: new CAS-03160-B3H1K7 -> ignored: test"]),
        (|o| o.rule = None, &["rule: rollback -> -"]),
        (|o| o.stage = Some("progress".into()), &["stage: initial_response -> progress"]),
        (|o| o.language = "en".into(), &["language: zh -> en"]),
        (|o| o.priority = "high".into(), &["priority: normal -> high"]),
        (|o| o.category = Some("update".into()), &["category: - -> update"]),
        (|o| o.owner = Some("wei".into()), &["owner: - -> wei"]),
        (|o| o.answers[1].1 = vec!["a".into(), "b".into()], &["article[何时？]: open -> a + b"]),
        (|o| o.answers.swap(0, 1), &[]),
        (|o| drop(o.answers.remove(0)), &["article[原因？]: rollback-causes -> -"]),
        (|o| o.subject = "回复: x".into(), &["subject: 回复: 回滚 -> 回复: x"]),
        (|o| o.body = "您好\n原因是\n谢谢".into(), &["text: @@ -1,3 +1,3 @@| 您好|-原因如下|+原因是| 谢谢"]),
    ];
    for (n, (change, expected)) in table.into_iter().enumerate() {
        let mut after = base();
        change(&mut after);
        assert_eq!(shown(&compare(&base(), &after)), expected, "row {n}");
    }
}

#[test]
fn findings_are_a_set_with_counts() {
    let mut after = base();
    after.findings.push(finding("question.open", "何时？"));
    after.findings.push(finding("kb.unknown", "KB1"));
    let expected = ["finding: - -> error question.open: 何时？", "finding: - -> error kb.unknown: KB1"];
    assert_eq!(shown(&compare(&base(), &after)), expected);
    let backwards = ["finding: error question.open: 何时？ -> -", "finding: error kb.unknown: KB1 -> -"];
    assert_eq!(shown(&compare(&after, &base())), backwards);
    after.findings = (0..100).map(|n| finding("x", &n.to_string())).collect();
    assert_eq!(compare(&base(), &after).len(), MAX_FINDINGS);
}

#[test]
fn the_same_question_twice_is_compared_in_order() {
    let twice = |first: &str, second: &str| Outcome {
        answers: vec![("原因？".into(), vec![first.into()]), ("原因？".into(), vec![second.into()])],
        ..Outcome::default()
    };
    assert_eq!(shown(&compare(&twice("a", "b"), &twice("a", "c"))), ["article[原因？]: b -> c"]);
}

#[test]
fn a_mail_counts_once_for_each_aspect() {
    let mut summary = Summary::default();
    let mut after = base();
    after.findings.clear();
    after.findings.push(finding("x", "1"));
    after.priority = "low".into();
    summary.add(&base(), &compare(&base(), &after));
    summary.add(&base(), &[]);
    assert_eq!((summary.mails, summary.drafts, summary.differ), (2, 2, 1));
    assert_eq!(summary.by.into_iter().collect::<Vec<_>>(), [(Aspect::Priority, 1), (Aspect::Finding, 1)]);
}
