//! The command line as a person or a script meets it: the binary, its output and its exit codes.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A desk in a directory of its own, on SQLite.
pub struct Shell {
    directory: tempfile::TempDir,
}

impl Shell {
    pub fn new(more: &str) -> Shell {
        let directory = tempfile::tempdir().expect("directory");
        let text = format!(
            "[desk]\nname = \"服务台\"\naddress = \"support@desk.example\"\nhotline = \"400-000-0000\"\nportal = \"https://desk.example\"\n{more}"
        );
        std::fs::write(directory.path().join("casemate.toml"), text).expect("written");
        Shell { directory }
    }
    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_casemate"));
        command
            .args(arguments)
            .current_dir(self.directory.path())
            .env_clear()
            .env("USER", "tester")
            .env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command
    }
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).stdin(Stdio::null()).output().expect("run")
    }
    /// Runs, expects that exit code, returns standard output.
    pub fn expect(&self, code: i32, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}\n{}{}", text(&output.stdout), text(&output.stderr));
        text(&output.stdout)
    }
    pub fn json(&self, arguments: &[&str]) -> serde_json::Value {
        serde_json::from_str(&self.expect(0, arguments)).expect("JSON")
    }
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
pub fn reference(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference").join(name);
    path.to_str().expect("text").to_owned()
}
pub fn mail(n: u32) -> String {
    format!(
        "Received: from a.example by desk.example; Thu, 22 Oct 2020 14:{n:02}:00 +0800\nDate: Thu, 22 Oct 2020 14:10:12 +0800\nFrom: Li <li{n}@customer.example>\n\
         To: support@desk.example\nSubject: [案例号: CAS-0316{n}-B3H1K7 ] % 更新补丁时出现回滚 {n}\nMessage-ID: <{n}@customer.example>\nMIME-Version: 1.0\n\
         Content-Type: text/plain; charset=utf-8\n\n您好，\n安装 kb4577668 后回滚。\n1. 可能的原因是什么？\n>From 这里是正文\n李\n"
    )
}
/// Three mails and one of them twice.
pub fn mbox() -> String {
    [1, 2, 3, 2].map(|n| format!("From li@customer.example Thu Oct 22 14:10:12 2020\n{}\n", mail(n))).concat()
}

#[test]
fn every_command_has_help_with_an_example() {
    let shell = Shell::new("");
    let commands = "run demo check import inspect triage replay article template queue draft case report account engineer migrate backup";
    for command in commands.split(' ') {
        let help = shell.expect(0, &[command, "--help"]);
        assert!(help.contains("Example") && help.contains(&format!("casemate {command}")), "{command}: {help}");
    }
    assert!(shell.expect(0, &["--help"]).contains("Exit codes"));
}

#[test]
fn exit_codes() {
    let shell = Shell::new("");
    shell.expect(2, &["inspect"]);
    shell.expect(2, &["triage", "mail.eml", "--stage", "closing"]);
    shell.expect(1, &["triage", "absent.eml"]);
    shell.expect(1, &["inspect", "absent.eml"]);
    shell.expect(3, &["queue", "--config", "absent.toml"]);
    shell.expect(4, &["case", "show", "CAS-00000-AAAAAA"]);
    shell.expect(4, &["draft", "approve", "7"]);
    shell.expect(4, &["engineer", "link", "nobody"]);
    let broken = Shell::new("[web]\nlisen = \"127.0.0.1:1\"\n");
    let output = broken.run(&["check"]);
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(text(&output.stdout), "");
    assert!(
        text(&output.stderr).starts_with("casemate.toml:7: web.lisen: unknown key, did you mean \"listen\"?\n"),
        "{}",
        text(&output.stderr)
    );
}

#[test]
fn inspect_prints_one_object_a_line_and_goes_on() {
    let shell = Shell::new("");
    let request = reference("request.eml");
    let output = shell.run(&["inspect", &request, "absent.eml", &request]);
    assert_eq!(output.status.code(), Some(1));
    let lines: Vec<serde_json::Value> = text(&output.stdout).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0]["file"], request.as_str());
    assert_eq!(lines[0]["case_number"], "CAS-03160-B3H1K7");
    assert_eq!(lines[0]["kb"], serde_json::json!(["KB4577668", "KB4579976", "KB4494174"]));
    let fields = "message_id date from to cc subject base_subject stage case_number case_numbers tracking_token text reply_text signature attachments kind bounce kb \
                  error_codes builds products questions language defects";
    for field in fields.split_whitespace() {
        assert!(lines[0].get(field).is_some(), "{field} is missing");
    }
    assert!(text(&output.stderr).contains("absent.eml"));
}

#[test]
fn triage_speaks_json_as_promised() {
    let shell = Shell::new("");
    let request = reference("request.eml");
    let initial = shell.json(&["triage", &request, "--json"]);
    assert_eq!(initial["kind"], "message");
    assert_eq!(initial["case"], serde_json::json!({ "number": "CAS-03160-B3H1K7", "how": "new" }));
    assert_eq!(initial["draft"]["stage"], "initial_response");
    let subject = initial["draft"]["subject"].as_str().expect("subject");
    assert!(subject.starts_with("回复: [案例号: CAS-03160-B3H1K7 ] % ") && subject.contains(" % 初次响应 CMIT:0001001"), "{subject}");
    assert_eq!(initial["draft"]["answers"].as_array().map(Vec::len), Some(3));
    assert!(initial["draft"]["answers"][0].get("score").is_some() && initial["draft"]["findings"].is_array());
    let closure = shell.json(&["triage", &request, "--stage", "closure", "--json"]);
    assert_eq!(closure["draft"]["stage"], "closure");
    assert!(closure["draft"]["body"].as_str().expect("body").contains("案例总结"));
    assert!(shell.expect(0, &["triage", &request]).contains("\nDraft (initial_response, zh)\n"));
    let fields = |v: &serde_json::Value| v.as_object().expect("object").keys().cloned().collect::<Vec<_>>();
    assert_eq!(fields(&initial), ["case", "draft", "kind", "reasons", "rule"]);
    assert_eq!(fields(&initial["draft"]), ["answers", "body", "findings", "language", "stage", "subject"]);
}

#[test]
fn triage_leaves_the_number_open_when_casemate_numbers() {
    let shell = Shell::new("[case_number]\nnumbering = \"casemate\"\n");
    std::fs::write(shell.path("mail.eml"), mail(1).replace("[案例号: CAS-03161-B3H1K7 ] % ", "")).expect("written");
    let value = shell.json(&["triage", "mail.eml", "--config", "casemate.toml", "--json"]);
    assert_eq!(value["case"], serde_json::json!({ "number": null, "how": "new" }));
    assert!(value["draft"]["body"].is_string());
}

#[test]
fn a_closed_pipe_is_no_failure() {
    let shell = Shell::new("");
    let request = reference("request.eml");
    let many: Vec<&str> = std::iter::once("inspect").chain(std::iter::repeat_n(request.as_str(), 200)).collect();
    let mut child = shell.command(&many).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("run");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("end");
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()));
}

#[test]
fn import_counts_every_mail_and_the_books_balance() {
    let shell = Shell::new("");
    std::fs::write(shell.path("mails.mbox"), mbox()).expect("written");
    let first = shell.json(&["import", "mails.mbox", "--json"]);
    for (name, count) in [("read", 4), ("new", 3), ("duplicates", 1), ("filed", 3), ("quarantined", 0)] {
        assert_eq!(first[name], count, "{name}: {first}");
    }
    let again = shell.json(&["import", "mails.mbox", "--json"]);
    assert_eq!((again["new"].as_i64(), again["duplicates"].as_i64()), (Some(0), Some(4)));
    let account = shell.json(&["account", "--json"]);
    for (name, value) in [("balances", serde_json::json!(true)), ("messages", 3.into()), ("sightings", 4.into()), ("duplicates", 1.into())]
    {
        assert_eq!(account[name], value, "{name}: {account}");
    }
    let raw = shell.json(&["case", "show", "CAS-03161-B3H1K7", "--json"]);
    assert!(raw["messages"][0]["text"].as_str().expect("text").contains("\nFrom 这里是正文"), "{raw}");
    assert_eq!(raw["messages"][0]["received_at"], 1_603_346_460_000_i64, "the Received header tells");
}

#[test]
fn import_reads_directories_maildirs_and_standard_input() {
    let shell = Shell::new("");
    for directory in ["eml/below", "box/new", "box/cur", "box/tmp"] {
        std::fs::create_dir_all(shell.path(directory)).expect("made");
    }
    std::fs::write(shell.path("eml/below/1.eml"), mail(1)).expect("written");
    std::fs::write(shell.path("eml/notes.txt"), "no mail").expect("written");
    std::fs::write(shell.path("box/cur/17.M1.desk:2,S"), mail(2)).expect("written");
    let value = shell.json(&["import", "eml", "box", "--mailbox", "old", "--json"]);
    assert_eq!(value["new"], 2, "{value}");
    let mut child = shell.command(&["import", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("run");
    child.stdin.take().expect("pipe").write_all(mbox().as_bytes()).expect("written");
    let said = text(&child.wait_with_output().expect("end").stdout);
    assert!(said.contains("read                 4\n"), "{said}");
    assert_eq!(shell.json(&["account", "--json"])["balances"], true);
}

#[test]
fn a_desk_is_worked_from_the_terminal() {
    let shell = Shell::new("");
    std::fs::write(shell.path("mail.eml"), mail(1)).expect("written");
    shell.expect(0, &["import", "mail.eml"]);
    shell.expect(0, &["engineer", "add", "wei", "--name", "Jia Wei", "--role", "lead"]);
    shell.expect(4, &["engineer", "add", "wei"]);
    assert!(shell.expect(0, &["engineer", "link", "wei"]).starts_with("http://127.0.0.1:8180/login/"));
    let number = "CAS-03161-B3H1K7";
    shell.expect(0, &["case", "assign", number, "wei", "--by", "wei"]);
    shell.expect(0, &["case", "note", number, "asked by telephone"]);
    let queue = shell.json(&["queue", "--json"]);
    let id = queue[0]["id"].to_string();
    assert_eq!((queue.as_array().map(Vec::len), &queue[0]["case"]), (Some(1), &number.into()));
    assert!(shell.expect(0, &["draft", "why", &id]).contains("case."));
    std::fs::write(shell.path("body.txt"), "您好，\n已解答。\n").expect("written");
    shell.expect(0, &["draft", "edit", &id, "--body-file", "body.txt"]);
    assert_eq!(shell.json(&["draft", "show", &id, "--json"])["body"], "您好，\n已解答。\n");
    shell.expect(4, &["draft", "approve", &id, "--version", "1"]);
    shell.expect(0, &["draft", "approve", &id, "--waive", "tested"]);
    shell.expect(4, &["draft", "discard", &id, "--reason", "too late"]);
    let case = shell.json(&["case", "show", number, "--json"]);
    let actors: Vec<&str> = case["events"].as_array().expect("events").iter().filter_map(|e| e["actor"].as_str()).collect();
    assert!(actors.contains(&"wei") && actors.contains(&"tester"), "{actors:?}");
    assert!(shell.expect(0, &["report", "open", "--format", "csv"]).contains(number));
    assert!(shell.expect(0, &["case", "search", "回滚"]).contains(number));
}

#[test]
fn the_configuration_is_named_before_or_after_the_subcommand() {
    let shell = Shell::new("");
    std::fs::create_dir(shell.path("desk")).expect("directory");
    std::fs::rename(shell.path("casemate.toml"), shell.path("desk/casemate.toml")).expect("moved");
    shell.expect(0, &["report", "--config", "desk/casemate.toml", "open"]);
    shell.json(&["report", "open", "--config", "desk/casemate.toml", "--format", "json"]);
    shell.json(&["case", "list", "--json", "--config", "desk/casemate.toml"]);
    shell.json(&["engineer", "list", "--json", "--config", "desk/casemate.toml"]);
    shell.expect(4, &["draft", "show", "1", "--config", "desk/casemate.toml"]);
    shell.expect(3, &["report", "open"]);
}

#[test]
fn editor_edits_the_draft() {
    let shell = Shell::new("");
    std::fs::write(shell.path("mail.eml"), mail(1)).expect("written");
    shell.expect(0, &["import", "mail.eml"]);
    let edit = |editor: &str| {
        shell.command(&["draft", "edit", "1"]).env("EDITOR", editor).stdin(Stdio::null()).output().expect("run").status.code()
    };
    assert_eq!(edit("true"), Some(4), "nothing was changed");
    assert_eq!(edit("false"), Some(4));
    assert_eq!(edit("sed -i s/您好/你好/"), Some(0));
    assert!(shell.json(&["draft", "show", "1", "--json"])["body"].as_str().expect("body").contains("你好"));
}

#[test]
fn check_says_a_line_for_each_thing() {
    let shell = Shell::new("[[mailbox]]\nname = \"drop\"\nsource = \"eml\"\npath = \"drop\"\n");
    let lines = |output: &str| serde_json::from_str::<serde_json::Value>(output).expect("JSON");
    let failing = lines(&shell.expect(1, &["check", "--json"]));
    let level = |lines: &serde_json::Value, what: &str| {
        lines.as_array().and_then(|l| l.iter().find(|l| l["what"] == what)).map(|l| l["level"].clone())
    };
    assert_eq!(level(&failing, "mailbox drop"), Some("FAIL".into()));
    std::fs::create_dir(shell.path("drop")).expect("made");
    let good = lines(&shell.expect(0, &["check", "--json"]));
    for what in ["configuration", "rules", "templates", "catalogue", "database", "mailbox drop"] {
        assert_eq!(level(&good, what), Some("OK".into()), "{what}: {good}");
    }
    assert_eq!(level(&good, "relay"), Some("WARN".into()), "nothing leaves");
    assert!(!shell.path("casemate.sqlite").exists(), "check creates nothing");
}

#[test]
fn check_finds_the_database_locked() {
    let shell = Shell::new("");
    shell.expect(0, &["migrate"]);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("runtime");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(shell.path("casemate.sqlite"));
    let holder = runtime.block_on(async {
        let mut holder = sqlx::ConnectOptions::connect(&options).await.expect("opened");
        sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut holder).await.expect("locked");
        holder
    });
    let said = shell.expect(1, &["check"]);
    assert!(said.contains("FAIL") && said.contains("locked by another process"), "{said}");
    drop(holder);
}

#[test]
fn backup_does_not_overwrite() {
    let shell = Shell::new("");
    shell.expect(0, &["migrate"]);
    shell.expect(0, &["backup", "copy.sqlite"]);
    shell.expect(4, &["backup", "copy.sqlite"]);
    assert!(shell.path("copy.sqlite").metadata().expect("copy").len() > 0);
}
