//! Configuration: the shipped file says every key with its default, the environment wins, and what is broken is said in full.

use casemate::config::{self, Loaded};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn none(_: &str) -> Option<String> {
    None
}
fn secrets(name: &str) -> Option<String> {
    (name == "CASEMATE_SUPPORT_PASSWORD").then(|| "geheim".to_owned())
}
fn parse(text: &str, env: &dyn Fn(&str) -> Option<String>) -> Loaded {
    config::parse(text, "casemate.toml", Path::new("/desk"), env).unwrap_or_else(|problems| panic!("{problems}"))
}
/// Everything that can be compared.
fn shown(loaded: &Loaded) -> String {
    let Loaded { settings, calendar, targets, database_url, log, .. } = loaded;
    format!("{settings:#?}\n{calendar:?}\n{targets:#?}\n{database_url}\n{log:?}\n{:#?}", loaded.knowledge.kit.desk)
}
fn is_key(line: &str) -> bool {
    line.starts_with('#') && line[1..].starts_with(|c: char| c.is_ascii_lowercase() || c == '[')
}

#[test]
fn shipped_file_shows_the_defaults() {
    let is_example = |line: &&str| line.starts_with(|c: char| c.is_ascii_lowercase()) || *line == "[[product]]";
    let all: String =
        config::SHIPPED.lines().filter(|l| !is_example(l)).map(|l| if is_key(l) { &l[1..] } else { l }).flat_map(|l| [l, "\n"]).collect();
    let all = all.replacen("[desk]", "[desk]\naddress = \"a@desk.example\"", 1);
    let minimal = r#"
        [desk]
        address = "a@desk.example"
        [[mailbox]]
        name = "support"
        source = "imap"
        host = "imap.desk.example"
        user = "support@desk.example"
        password_env = "CASEMATE_SUPPORT_PASSWORD"
        [[mailbox]]
        name = "drop"
        source = "eml"
        path = "drop"
    "#;
    assert_eq!(shown(&parse(&all, &secrets)), shown(&parse(minimal, &secrets)));
}

#[test]
fn shipped_file_names_every_key() {
    let text: String = config::SHIPPED.lines().map(|l| if is_key(l) { &l[1..] } else { l }).flat_map(|l| [l, "\n"]).collect();
    let table: toml::Table = text.parse().expect("valid TOML");
    let mut there = BTreeSet::from(["mailbox[].password", "relay.password", "database.password"].map(str::to_owned));
    walk(&toml::Value::Table(table), String::new(), &mut there);
    there.extend(["tool", "tool[].name", "tool[].aliases"].map(str::to_owned));
    let known = parse(&(text + "[[tool]]\nname = \"x\""), &secrets).known_keys;
    assert_eq!(known.difference(&there).collect::<Vec<_>>(), Vec::<&String>::new(), "keys that the file does not show");
}

fn walk(value: &toml::Value, path: String, there: &mut BTreeSet<String>) {
    match value {
        toml::Value::Table(table) => {
            for (key, inner) in table {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                there.insert(path.clone());
                walk(inner, path, there);
            }
        }
        toml::Value::Array(items) => items.iter().for_each(|inner| walk(inner, format!("{path}[]"), there)),
        _ => {}
    }
}

#[test]
fn shipped_file_is_valid_as_it_is() {
    let loaded = parse(config::SHIPPED, &none);
    assert_eq!(loaded.database_url, "sqlite:/desk/casemate.sqlite");
    assert_eq!(loaded.settings.from.address, "support@desk.example");
    assert!(loaded.settings.mailboxes.is_empty());
}

#[test]
fn environment_wins_over_the_file() {
    let text = "[desk]\naddress = \"a@desk.example\"\n[web]\nlisten = \"127.0.0.1:1\"\n[automatic]\nstages = []\n";
    let env = |name: &str| {
        let value = match name {
            "CASEMATE_WEB_LISTEN" => "127.0.0.1:9",
            "CASEMATE_DATABASE_URL" => "postgres://desk@db.example/desk",
            "CASEMATE_SLA_HIGH_RESOLVE_MINUTES" => "600",
            "CASEMATE_SURVEY_ENABLED" => "false",
            "CASEMATE_AUTOMATIC_STAGES" => "survey, reminder",
            _ => return None,
        };
        Some(value.to_owned())
    };
    let loaded = parse(text, &env);
    assert_eq!(loaded.settings.listen.port(), 9);
    assert_eq!(loaded.settings.base_url, "http://127.0.0.1:9");
    assert_eq!(loaded.database_url, "postgres://desk@db.example/desk");
    assert_eq!(loaded.targets.high.resolve_minutes, Some(600));
    assert!(!loaded.settings.survey_is_enabled);
    assert_eq!(loaded.settings.automatic_stages.len(), 2);
}

#[test]
fn wrong_environment_names_the_variable() {
    let env = |name: &str| (name == "CASEMATE_LIMITS_MESSAGE_MB").then(|| "big".to_owned());
    let problems = config::parse("[desk]\naddress = \"a@desk.example\"", "casemate.toml", Path::new("."), &env).err();
    let text = problems.map(|p| p.to_string());
    assert_eq!(text.as_deref(), Some("environment: CASEMATE_LIMITS_MESSAGE_MB: expected a number from 1 to 1024, found \"big\""));
}

#[test]
fn secrets_come_from_files_and_never_show() {
    let dir = tempfile::tempdir().expect("directory");
    std::fs::write(dir.path().join("secret"), "geheim\nsecond line\n").expect("written");
    let text =
        "[desk]\naddress = \"a@desk.example\"\n[relay]\nkind = \"smtp\"\nhost = \"h.example\"\nuser = \"u\"\npassword_file = \"secret\"\n";
    let loaded = config::parse(text, "casemate.toml", dir.path(), &none).unwrap_or_else(|p| panic!("{p}"));
    let casemate::app::Relay::Smtp(relay) = &loaded.settings.relay else { panic!("smtp expected") };
    assert_eq!(relay.password.as_ref().map(|p| p.expose()), Some("geheim"));
    assert!(!shown(&loaded).contains("geheim"));
}

#[test]
fn database_password_comes_from_elsewhere() {
    let text = "[desk]\naddress = \"a@desk.example\"\n[database]\nurl = \"postgres://desk@db.example/desk\"\npassword_env = \"CASEMATE_SUPPORT_PASSWORD\"\n";
    assert_eq!(parse(text, &secrets).database_url, "postgres://desk:geheim@db.example/desk");
}

#[test]
fn missing_file_is_one_problem() {
    let problems = config::load(Path::new("/nonexistent/casemate.toml"), &none).err().map(|p| p.to_string());
    assert_eq!(problems.as_deref(), Some("/nonexistent/casemate.toml: cannot be read: no such file or directory"));
}

/// `tests/broken/NNN-name/`: a configuration and the whole message. Written anew with CASEMATE_REWRITE=1.
#[test]
fn broken_configurations_say_what_is_wrong() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/broken");
    let mut cases: Vec<PathBuf> = std::fs::read_dir(&root).expect("tests/broken").map(|e| e.expect("entry").path()).collect();
    cases.sort();
    assert!(cases.len() >= 14, "only {} broken configurations", cases.len());
    let rewrite = std::env::var_os("CASEMATE_REWRITE").is_some();
    for case in cases {
        let text = std::fs::read_to_string(case.join("casemate.toml")).expect("casemate.toml");
        // Messages of files beside the configuration name them without this machine's directories.
        let problems = config::parse(&text, "casemate.toml", &case, &none).err().unwrap_or_default();
        let found = problems.to_string().replace(&format!("{}/", case.display()), "") + "\n";
        let expected = case.join("expected.txt");
        if rewrite {
            std::fs::write(&expected, &found).expect("written");
        }
        assert_eq!(found, std::fs::read_to_string(&expected).unwrap_or_default(), "{}", case.display());
    }
}
