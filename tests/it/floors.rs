//! The floors of ARCHITECTURE.md, read from the sources: a room uses only what lies below it, the pure rooms stay pure, SQL lives
//! in `db/` alone, the pages never touch a mail server.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

const FLOORS: &[(&str, u8)] = &[
    ("calendar", 0),
    ("case", 0),
    ("catalog", 0),
    ("diff", 0),
    ("mail", 0),
    ("secret", 0),
    ("sla", 0),
    ("draft", 1),
    ("outbox", 1),
    ("replay", 1),
    ("report", 1),
    ("survey", 1),
    ("triage", 1),
    ("db", 2),
    ("dial", 2),
    ("folder", 2),
    ("imap", 2),
    ("smtp", 2),
    ("app", 3),
    ("daemon", 3),
    ("review", 3),
    ("web", 3),
    ("cli", 4),
    ("config", 4),
    ("main", 4),
];

/// Neighbours on one floor that may know each other: what things are and decisions are values to each other; the flows share the app; TLS
/// dialling serves both mail edges.
fn may_use(from: &str, to: &str, floors: &BTreeMap<&str, u8>) -> bool {
    let (above, below) = (floors[from], floors[to]);
    match above.cmp(&below) {
        std::cmp::Ordering::Greater => true,
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Equal if above == 2 => to == "dial" && (from == "imap" || from == "smtp"),
        std::cmp::Ordering::Equal => !(from == "review" && to == "web"),
    }
}

fn sources() -> Vec<(String, PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut found, mut waiting) = (Vec::new(), vec![root.clone()]);
    while let Some(directory) = waiting.pop() {
        for entry in fs::read_dir(&directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let relative = path.strip_prefix(&root).unwrap();
                let room = relative.iter().next().unwrap().to_string_lossy().trim_end_matches(".rs").to_owned();
                let text = fs::read_to_string(&path).unwrap();
                found.push((room, relative.to_owned(), text));
            }
        }
    }
    found.retain(|(room, ..)| room != "lib");
    assert!(found.len() > 60, "only {} sources found", found.len());
    found
}

/// Code without comments and without the test module at the end.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The rooms that a source names as `crate::room` or `crate::{room, …}`.
fn used_rooms(code: &str) -> Vec<String> {
    let mut rooms = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + 7..];
        let name = |text: &str| text.trim_start().chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect::<String>();
        match rest.strip_prefix('{') {
            None => rooms.push(name(rest)),
            Some(group) => {
                let mut depth = 0;
                let mut start = true;
                for (at, c) in group.char_indices() {
                    match c {
                        '}' if depth == 0 => break,
                        '{' => depth += 1,
                        '}' => depth -= 1,
                        ',' if depth == 0 => start = true,
                        c if start && !c.is_whitespace() => {
                            rooms.push(name(&group[at..]));
                            start = false;
                        }
                        _ => {}
                    }
                }
            }
        }
    }
    rooms
}

#[test]
fn a_room_uses_only_what_lies_below_it() {
    let floors: BTreeMap<&str, u8> = FLOORS.iter().copied().collect();
    let mut wrong = Vec::new();
    for (room, path, text) in sources() {
        assert!(floors.contains_key(room.as_str()), "{} is a room without a floor", path.display());
        if path.ends_with("tests.rs") || path.components().any(|part| part.as_os_str() == "tests") {
            continue;
        }
        for used in used_rooms(&code(&text)) {
            if used != room && floors.contains_key(used.as_str()) && !may_use(&room, &used, &floors) {
                wrong.push(format!("{} uses {used}", path.display()));
            }
            if ["web", "review", "cli"].contains(&room.as_str()) && ["imap", "smtp"].contains(&used.as_str()) && !path.ends_with("check.rs")
            {
                wrong.push(format!("{} touches {used}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn pure_rooms_are_pure_and_sql_lives_in_db() {
    let floors: BTreeMap<&str, u8> = FLOORS.iter().copied().collect();
    let impure = [
        "async ",
        ".await",
        "tokio::",
        "std::fs",
        "std::net",
        "std::env",
        "::now()",
        "getrandom",
        "tracing::",
        "Mutex",
        "println!",
        "thread_rng",
    ];
    let mut wrong = Vec::new();
    for (room, path, text) in sources() {
        if path.ends_with("tests.rs") || path.components().any(|part| part.as_os_str() == "tests") {
            continue;
        }
        let code = code(&text);
        if floors[room.as_str()] <= 1 {
            wrong.extend(impure.iter().filter(|word| code.contains(*word)).map(|word| format!("{}: {word}", path.display())));
        }
        if room != "db" && (code.contains("sqlx::query") || code.contains("SELECT ")) {
            wrong.push(format!("{}: SQL", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn files_stay_readable() {
    let long: Vec<String> = sources()
        .iter()
        .map(|(_, path, text)| (path, text.lines().count()))
        .filter(|(_, lines)| *lines > 500)
        .map(|(path, lines)| format!("{}: {lines} lines", path.display()))
        .collect();
    assert!(long.is_empty(), "{long:#?}");
}
