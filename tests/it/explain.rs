//! What a desk asks about its drafts: why this one, what do the templates say, what do engineers change.

use crate::cli::{Shell, mail, reference, text};
use serde_json::json;

/// A desk with one proposed draft; its id.
fn proposed() -> (Shell, String) {
    let shell = Shell::new("");
    shell.expect(0, &["import", &reference("request.eml")]);
    let id = shell.json(&["queue", "--json"])[0]["id"].to_string();
    (shell, id)
}

#[test]
fn why_tells_case_rule_questions_facts_and_hashes() {
    let (shell, id) = proposed();
    let said = shell.expect(0, &["draft", "why", &id]);
    let at = |text: &str| said.find(text).unwrap_or_else(|| panic!("{text} is missing in\n{said}"));
    let order = [at("Case\n  "), at("\nRule\n  "), at("\nQuestions\n  "), at("\nFacts\n  "), at("\nMade of\n  ")];
    assert!(order.is_sorted(), "{said}");
    for part in [
        "  kind.message: ",
        "  rule.",
        "  question \"",
        ", runner-up ",
        "  fact.source: KB4577668：",
        "  knowledge.hash: 规则 ",
        "，模板 ",
        "  mail.hash: ",
    ] {
        at(part);
    }
    assert!(!said.contains("\nOther\n"), "{said}");
}

#[test]
fn a_template_is_previewed_with_the_sample_or_a_mail() {
    let shell = Shell::new("");
    for stage in ["initial_response", "progress", "reminder", "closure", "survey"] {
        for language in ["zh", "en"] {
            let value = shell.json(&["template", "preview", stage, "--language", language, "--json"]);
            assert_eq!((&value["stage"], &value["language"]), (&json!(stage), &json!(language)));
            assert!(value["subject"].as_str().is_some_and(|s| s.contains("CAS-00000-A0A0A0")), "{value}");
            assert!(value["body"].as_str().is_some_and(|body| body.len() > 40 && !body.contains("{{")), "{value}");
        }
    }
    let request = reference("request.eml");
    let of_mail = shell.expect(0, &["template", "preview", "initial_response", "--mail", &request, "--config", "casemate.toml"]);
    assert!(of_mail.starts_with("Subject: 回复: [案例号: CAS-03160-B3H1K7 ]") && of_mail.contains("400-000-0000"), "{of_mail}");
    assert_eq!(of_mail, shell.expect(0, &["template", "preview", "initial_response", "--mail", &request, "--config", "casemate.toml"]));
    let english = shell.json(&["template", "preview", "closure", "--language", "en", "--mail", &request, "--json"]);
    assert_eq!(english["language"], "en");
    shell.expect(2, &["template", "preview", "closing"]);
    shell.expect(1, &["template", "preview", "closure", "--mail", "absent.eml"]);
}

#[test]
fn every_problem_of_templates_is_told_with_file_and_line() {
    let shell = Shell::new("[templates]\ndirectory = \"own\"\n");
    for directory in ["own/drafts/closure/zh", "own/articles"] {
        std::fs::create_dir_all(shell.path(directory)).expect("made");
    }
    std::fs::write(shell.path("own/drafts/closure/zh/subject.hbs"), "{{case.number}}").expect("written");
    let said = shell.expect(0, &["template", "check", "--config", "casemate.toml"]);
    assert!(said.contains("templates") && said.contains("articles"), "{said}");
    let counted = shell.json(&["template", "check", "--config", "casemate.toml", "--json"]);
    assert!(counted["templates"].as_array().is_some_and(|names| names.contains(&json!("closure/zh/body"))), "{counted}");
    assert_eq!(counted["hashes"]["templates"].as_str().map(str::len), Some(12));

    std::fs::write(shell.path("own/drafts/closure/zh/body.hbs"), "案例\n{{case.numbr}}\n").expect("written");
    std::fs::write(shell.path("own/articles/x.md"), "+++\ntitle = \"x\"\nlanguage = \"zh\"\nasks = [['(', 2.0]]\n+++\nx\n")
        .expect("written");
    let output = shell.run(&["template", "check", "--config", "casemate.toml"]);
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(3), String::new()));
    let said = text(&output.stderr);
    assert!(
        said.contains("own/drafts/closure/zh/body.hbs:2: ") && said.contains("case.numbr") && said.contains("own/articles/x.md:"),
        "{said}"
    );
}

#[test]
fn what_engineers_change_is_counted_by_article() {
    let shell = Shell::new("");
    for n in 1..=3 {
        std::fs::write(shell.path(&format!("{n}.eml")), mail(n)).expect("written");
    }
    shell.expect(0, &["import", "1.eml", "2.eml", "3.eml"]);
    let queue = shell.json(&["queue", "--json"]);
    let ids: Vec<String> = queue.as_array().expect("list").iter().map(|draft| draft["id"].to_string()).collect();
    assert_eq!(ids.len(), 3);
    let mut article = String::new();
    for (n, id) in ids.iter().enumerate() {
        let draft = shell.json(&["draft", "show", id, "--json"]);
        article = draft["answers"][0]["article"].as_str().expect("answered").to_owned();
        if n > 0 {
            // The sentence after the heading of the question goes, and the mail gets another end.
            let body = draft["body"].as_str().expect("body");
            let lines: Vec<&str> = body.lines().collect();
            let heading = lines.iter().position(|line| line.starts_with("1. ")).expect("heading");
            let mut lines: Vec<&str> = lines[..=heading].iter().chain(&lines[heading + 2..]).copied().collect();
            lines.push("此致。");
            std::fs::write(shell.path("body.txt"), lines.join("\n")).expect("written");
            shell.expect(0, &["draft", "edit", id, "--body-file", "body.txt"]);
        }
        shell.expect(0, &["draft", "approve", id, "--waive", "tested"]);
    }
    let report = shell.json(&["report", "edits", "--format", "json"]);
    assert_eq!((&report["drafts"], &report["unchanged"]), (&json!(3), &json!(1)));
    let changes = report["changes"].as_array().expect("changes");
    let of = |place: &str, kind: &str| changes.iter().find(|c| c["place"] == place && c["kind"] == kind).cloned().unwrap_or_default();
    assert_eq!(of(&format!("article {article}"), "removed")["count"], 2, "{report:#}");
    let added = of("template initial_response/zh", "added");
    assert_eq!((&added["after"], &added["count"]), (&json!("此致。"), &json!(2)), "{report:#}");
    let table = shell.expect(0, &["report", "edits"]);
    assert!(
        table.starts_with("Approved drafts: 3, unchanged 1 (33.3%)\n")
            && table.contains("\n2× added  template initial_response/zh\n  + 此致。\n"),
        "{table}"
    );
    let csv = shell.expect(0, &["report", "edits", "--format", "csv", "--top", "1"]);
    assert_eq!(csv.lines().next(), Some("count,place,change,before,after"));
    assert_eq!(shell.json(&["report", "edits", "--last", "1", "--format", "json"])["drafts"], 1, "the newest only");
}
