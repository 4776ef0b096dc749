//! `casemate replay`: real files and a real database through two configurations; what differs, and the exit code.

use crate::cli::{Shell, mail, mbox, text};
use serde_json::{Value, json};
use std::process::Stdio;

const RULES: &str = "[[rule]]\nname = \"our-rollback\"\nwhen.words_any = [\"回滚\"]\nset.category = \"update\"\nset.priority = \"high\"\n";

/// A desk, and in `new/` the same with rules and an article of its own.
fn shell() -> Shell {
    let shell = Shell::new("");
    std::fs::create_dir_all(shell.path("new/own/articles")).expect("made");
    let here = std::fs::read_to_string(shell.path("casemate.toml")).expect("read");
    let there = format!("{here}[rules]\nfile = \"rules.toml\"\n[templates]\ndirectory = \"own\"\n");
    std::fs::write(shell.path("new/casemate.toml"), there).expect("written");
    std::fs::write(shell.path("new/rules.toml"), RULES).expect("written");
    let article = "+++\ntitle = \"回滚\"\nlanguage = \"zh\"\nasks = [['可能的原因', 9.0]]\n+++\n回滚的原因需查看日志。\n";
    std::fs::write(shell.path("new/own/articles/our-causes.md"), article).expect("written");
    std::fs::write(shell.path("mails.mbox"), mbox()).expect("written");
    shell
}

fn lines(said: &str) -> Vec<Value> {
    said.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

fn aspects(mail: &Value) -> Vec<&str> {
    let mut aspects: Vec<&str> = mail["differences"].as_array().expect("list").iter().filter_map(|d| d["aspect"].as_str()).collect();
    aspects.dedup();
    aspects
}

#[test]
fn the_same_configuration_makes_no_difference() {
    let shell = shell();
    let said = shell.expect(0, &["replay", "--mail", "mails.mbox", "--against", "casemate.toml"]);
    assert_eq!(said, "mails              4\ndrafts             4\ndiffer             0\n");
    let said = shell.expect(0, &["replay", "--mail", "mails.mbox", "--config", "new", "--against", "new/casemate.toml", "--json"]);
    assert_eq!(lines(&said), [json!({ "summary": { "mails": 4, "too_large": 0, "damaged": 0, "drafts": 4, "differ": 0, "by": {} } })]);
}

#[test]
fn differences_are_summed_and_shown_mail_by_mail() {
    let shell = shell();
    let said = lines(&shell.expect(1, &["replay", "--mail", "mails.mbox", "--against", "new", "--json", "--limit", "2"]));
    let by = &said[0]["summary"]["by"];
    for aspect in ["rule", "priority", "category", "article", "text"] {
        assert_eq!(by[aspect], 4, "{aspect}: {}", said[0]);
    }
    assert_eq!((&said[0]["summary"]["differ"], said.len()), (&json!(4), 3));
    assert_eq!((&said[1]["mail"], &said[1]["message_id"]), (&json!("mails.mbox#1"), &json!("1@customer.example")));
    assert_eq!(aspects(&said[1])[..4], ["rule", "priority", "category", "article"]);
    let article = said[1]["differences"].as_array().expect("list").iter().find(|d| d["aspect"] == "article").expect("article");
    assert_eq!((&article["question"], &article["after"]), (&json!("可能的原因是什么？"), &json!("our-causes")));
    let diff = said[1]["differences"].as_array().expect("list").iter().find(|d| d["aspect"] == "text").expect("text");
    assert!(diff["lines"].as_array().expect("lines").contains(&json!("+回滚的原因需查看日志。")), "{diff}");

    let said = shell.expect(1, &["replay", "--mail", "mails.mbox", "--against", "new", "--limit", "1"]);
    assert!(said.starts_with("mails              4\ndrafts             4\ndiffer             4\n  rule             4\n"), "{said}");
    assert!(said.contains("\n== mails.mbox#1: [案例号: CAS-03161-B3H1K7 ] % 更新补丁时出现回滚 1\n   <1@customer.example>\n"), "{said}");
    assert!(said.contains("\n    +回滚的原因需查看日志。\n") && said.ends_with("\n3 more mails differ; --limit shows more\n"), "{said}");
}

#[test]
fn directories_standard_input_and_odd_files_are_replayed() {
    let shell = shell();
    std::fs::create_dir(shell.path("eml")).expect("made");
    std::fs::write(shell.path("eml/1.eml"), mail(1)).expect("written");
    std::fs::write(shell.path("eml/2.eml"), b"\xff\x00 no mail at all").expect("written");
    std::fs::write(shell.path("eml/3.eml"), "").expect("written");
    let said = lines(&shell.expect(1, &["replay", "--mail", "eml", "mails.mbox", "--against", "new", "--json"]));
    assert_eq!((&said[0]["summary"]["mails"], &said[0]["summary"]["differ"]), (&json!(6), &json!(5)));
    assert_eq!(said[1]["mail"], "eml/1.eml");
    let mut child =
        shell.command(&["replay", "--mail", "-", "--against", "new"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("run");
    std::io::Write::write_all(&mut child.stdin.take().expect("pipe"), mbox().as_bytes()).expect("written");
    let output = child.wait_with_output().expect("end");
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stdout).contains("\n== -#1: "), "{}", text(&output.stdout));
}

#[test]
fn from_the_database_a_mail_that_opened_a_case_opens_it_again() {
    let shell = shell();
    shell.expect(1, &["replay", "--from-db", "--against", "new"]);
    assert!(!shell.path("casemate.sqlite").exists(), "a replay makes no database");
    shell.expect(0, &["import", "mails.mbox"]);
    let reply = mail(1)
        .replace("<1@customer.example>", "<9@customer.example>\nIn-Reply-To: <1@customer.example>")
        .replace("1. 可能", "还是不行。\n1. 可能");
    std::fs::write(shell.path("reply.eml"), reply).expect("written");
    shell.expect(0, &["import", "reply.eml"]);
    let before = shell.json(&["account", "--json"]);
    assert_eq!(
        shell.expect(0, &["replay", "--from-db", "--against", "casemate.toml"]),
        "mails              4\ndrafts             4\ndiffer             0\n"
    );
    let said = lines(&shell.expect(1, &["replay", "--from-db", "--against", "new", "--json"]));
    assert_eq!((&said[0]["summary"]["differ"], &said[1]["mail"]), (&json!(4), &json!("message 1")));
    assert!(said[0]["summary"]["by"].get("case").is_none(), "{}", said[0]);
    // A rule that ignores such mails would have kept the three from opening a case; the reply belongs to one and would be kept.
    std::fs::write(shell.path("new/rules.toml"), "[[rule]]\nname = \"drop\"\nwhen.words_any = [\"回滚\"]\nset.ignore = \"dropped\"\n")
        .expect("written");
    let said = lines(&shell.expect(1, &["replay", "--from-db", "--against", "new", "--json"]));
    assert_eq!(said[0]["summary"]["by"]["case"], 3, "{}", said[0]);
    let case = &said[1]["differences"][0];
    assert_eq!((&case["before"], &case["after"]), (&json!("new CAS-03161-B3H1K7"), &json!("ignored: dropped")));
    assert_eq!(shell.json(&["account", "--json"]), before, "nothing was written");
}

#[test]
fn a_broken_configuration_is_named_and_nothing_is_replayed() {
    let shell = shell();
    std::fs::write(shell.path("new/rules.toml"), "[[rule]]\nname = \"x\"\nset.priority = \"soonest\"\n").expect("written");
    let output = shell.run(&["replay", "--mail", "mails.mbox", "--against", "new"]);
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(3), String::new()));
    assert!(text(&output.stderr).contains("rules.toml:3"), "{}", text(&output.stderr));
    shell.expect(3, &["replay", "--mail", "mails.mbox", "--against", "absent"]);
    shell.expect(1, &["replay", "--mail", "absent.mbox", "--against", "casemate.toml"]);
    shell.expect(2, &["replay", "--against", "new"]);
    shell.expect(2, &["replay", "--mail", "x", "--from-db", "--against", "new"]);
}
