//! A person's morning in a real browser: `casemate demo`, the printed link, the queue, a case, an edit, the approval, the mail in the relay's
//! directory. Driven over WebDriver (W3C), without any library. With `CASEMATE_SCREENSHOTS=DIR` it leaves pictures there.

use crate::servers::{free_port, until};
use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const CHROMIUM: &[&str] = &[
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=zh-CN",
    "--accept-lang=zh-CN",
];

/// Killed when dropped.
struct Process(Child);
impl Drop for Process {
    fn drop(&mut self) {
        // Already ended is fine.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

struct Browser {
    port: u16,
    session: String,
    _driver: Process,
    _profile: tempfile::TempDir,
}

impl Browser {
    fn start() -> Browser {
        let port = free_port();
        let profile = tempfile::tempdir().unwrap();
        let mut command = Command::new("chromedriver");
        command.arg(format!("--port={port}")).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let driver = Process(command.spawn().unwrap());
        until("chromedriver", || TcpStream::connect(("127.0.0.1", port)).ok().map(|_| ()));
        let mut arguments: Vec<String> = CHROMIUM.iter().map(|argument| argument.to_string()).collect();
        arguments.push(format!("--user-data-dir={}", profile.path().display()));
        let wanted = json!({"capabilities": {"alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": {"binary": "/usr/bin/chromium", "args": arguments},
            "goog:loggingPrefs": {"browser": "ALL"},
        }}});
        let answer = call(port, "POST", "/session", &wanted);
        let session = answer["sessionId"].as_str().unwrap_or_else(|| panic!("no session: {answer}")).to_owned();
        let browser = Browser { port, session, _driver: driver, _profile: profile };
        browser.resize(1400, 1000);
        browser
    }

    fn command(&self, method: &str, path: &str, body: &Value) -> Value {
        call(self.port, method, &format!("/session/{}{path}", self.session), body)
    }

    fn resize(&self, width: u32, height: u32) {
        self.command("POST", "/window/rect", &json!({"width": width, "height": height}));
    }

    fn open(&self, url: &str) {
        self.command("POST", "/url", &json!({"url": url}));
    }

    fn script(&self, script: &str) -> Value {
        self.command("POST", "/execute/sync", &json!({"script": script, "args": []}))
    }

    fn text(&self) -> String {
        self.script("return document.body.innerText").as_str().unwrap_or_default().to_owned()
    }

    fn element(&self, selector: &str) -> String {
        until(selector, || {
            let found = self.command("POST", "/element", &json!({"using": "css selector", "value": selector}));
            found
                .as_object()
                .filter(|found| !found.contains_key("error"))
                .and_then(|found| found.values().next()?.as_str().map(str::to_owned))
        })
    }

    fn click(&self, selector: &str) {
        let element = self.element(selector);
        let answer = self.command("POST", &format!("/element/{element}/click"), &json!({}));
        assert!(answer.get("error").is_none(), "{selector}: {answer}");
    }

    fn type_into(&self, selector: &str, text: &str) {
        let element = self.element(selector);
        let answer = self.command("POST", &format!("/element/{element}/value"), &json!({"text": text}));
        assert!(answer.get("error").is_none(), "{selector}: {answer}");
    }

    fn wait_for(&self, words: &str) {
        until(words, || self.text().contains(words).then_some(()));
    }

    /// What the browser complained about: a blocked resource, an error in a script.
    fn complaints(&self) -> Vec<Value> {
        let log = self.command("POST", "/se/log", &json!({"type": "browser"}));
        log.as_array().cloned().unwrap_or_default().into_iter().filter(|line| line["level"] != "INFO" && line["level"] != "DEBUG").collect()
    }

    /// Keeps a picture when pictures are asked for.
    fn picture(&self, name: &str) {
        let Ok(directory) = std::env::var("CASEMATE_SCREENSHOTS") else { return };
        let png = self.command("GET", "/screenshot", &Value::Null);
        let png = base64(png.as_str().unwrap());
        fs::write(Path::new(&directory).join(format!("{name}.png")), png).unwrap();
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        self.command("DELETE", "", &Value::Null);
    }
}

fn base64(text: &str) -> Vec<u8> {
    let value = |c: u8| b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".iter().position(|b| *b == c);
    let bits: Vec<usize> = text.bytes().filter_map(value).collect();
    let mut bytes = Vec::with_capacity(bits.len() * 3 / 4);
    for group in bits.chunks(4) {
        let word = group.iter().enumerate().fold(0usize, |word, (at, six)| word | six << (18 - 6 * at));
        bytes.extend([(word >> 16) as u8, (word >> 8) as u8, word as u8].into_iter().take(group.len() - 1));
    }
    bytes
}

/// One WebDriver command; the `value` of its answer.
fn call(port: u16, method: &str, path: &str, body: &Value) -> Value {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let mut line = TcpStream::connect(("127.0.0.1", port)).unwrap();
    line.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    write!(
        line,
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut reader = BufReader::new(line);
    let mut length = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).unwrap();
        if let Some(value) = header.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        if header.trim().is_empty() {
            break;
        }
    }
    let mut answer = vec![0; length];
    reader.read_exact(&mut answer).unwrap();
    serde_json::from_slice::<Value>(&answer).unwrap()["value"].take()
}

/// The demo as a newcomer starts it; the printed login link.
fn demo(directory: &Path) -> (Process, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_casemate"));
    command.arg("demo").arg(directory).args(["--port", "0"]).env("LANG", "zh_CN.UTF-8").env_remove("LC_ALL");
    let mut demo = Process(command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap());
    let mut printed = BufReader::new(demo.0.stdout.take().unwrap());
    let mut line = String::new();
    while !line.contains("/login/") {
        line.clear();
        assert!(printed.read_line(&mut line).unwrap() > 0, "the demo printed no login link");
    }
    let link = line.split_whitespace().find(|word| word.starts_with("http")).unwrap().to_owned();
    // The rest of what it prints has a reader as long as the test runs.
    std::thread::spawn(move || printed.read_to_end(&mut Vec::new()));
    (demo, link)
}

fn sent(directory: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(directory.join("sent")).unwrap().map(|file| file.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|extension| extension == "eml")).collect()
}

/// A placeholder typed into the draft is found without saving; its place selects it; taken out again, the page is as before.
fn is_checked_while_typed(browser: &Browser) {
    let has_waiver = || browser.script("return !!document.querySelector('input[name=waiver]')") == json!(true);
    let is_found = || {
        browser.script("return [...document.querySelectorAll('#findings code')].some(c => c.textContent === 'placeholder')") == json!(true)
    };
    let had_waiver = has_waiver();
    browser.script("document.querySelector('#body').setSelectionRange(0, 0)");
    browser.type_into("#body", "𠮷{{x}}");
    until("the finding", || is_found().then_some(()));
    assert!(has_waiver(), "an error asks for a reason");
    browser.script(
        "[...document.querySelectorAll('#findings li')].find(li => li.textContent.includes('{{x}}')).querySelector('a.place').click()",
    );
    let selected = browser.script("const b = document.querySelector('#body'); return b.value.slice(b.selectionStart, b.selectionEnd)");
    assert_eq!(selected, json!("{{x}}"));
    let take_out = "const b = document.querySelector('#body'); b.value = b.value.replace('𠮷{{x}}', ''); b.dispatchEvent(new Event('input', { bubbles: true }))";
    browser.script(take_out);
    until("no finding", || (!is_found()).then_some(()));
    assert_eq!(has_waiver(), had_waiver);
}

#[test]
#[ignore = "needs Chromium"]
fn a_morning_in_the_browser() {
    let directory = tempfile::tempdir().unwrap();
    let desk = directory.path().join("desk");
    let (_demo, link) = demo(&desk);
    let browser = Browser::start();
    browser.open(&link);
    browser.picture("login-link-zh");
    browser.click("main form button");
    browser.wait_for("CAS-05217-K4D8M2");
    let drafts = || browser.script("return document.querySelectorAll('main a[href^=\"/case/\"]').length").as_u64().unwrap();
    until("eight drafts", || {
        browser.open(&link[..link.find("/login/").unwrap() + 1]);
        (drafts() >= 8).then_some(())
    });
    browser.picture("queue-zh-wide");

    browser.click("a[href^='/case/CAS-05217-K4D8M2']");
    browser.element("#body");
    browser.picture("case-zh-wide");
    browser.resize(390, 844);
    browser.picture("case-zh-narrow");
    browser.resize(1400, 1000);
    is_checked_while_typed(&browser);
    browser.script("document.querySelector('#body').setSelectionRange(0, 0)");
    browser.type_into("#body", "【审阅】");
    if browser.script("return !!document.querySelector('input[name=waiver]')") == json!(true) {
        browser.type_into("input[name=waiver]", "已核对");
    }
    browser.click("#approve");
    until("the mail in the relay's directory", || (sent(&desk).len() == 1).then_some(()));
    let mail = casemate::mail::parse(&fs::read(&sent(&desk)[0]).unwrap(), &casemate::mail::Settings::default());
    assert!(mail.text.contains("【审阅】"), "what was typed is what was sent: {}", mail.text);

    for (path, name) in [("report", "report"), ("quarantine", "quarantine"), ("account", "account"), ("cases", "cases")] {
        browser.open(&format!("{}{path}", &link[..link.find("/login/").unwrap() + 1]));
        browser.picture(&format!("{name}-zh-wide"));
    }
    browser.click("button[value=en]");
    browser.wait_for("Queue");
    browser.open(&link[..link.find("/login/").unwrap() + 1]);
    browser.picture("queue-en-wide");
    browser.resize(390, 844);
    browser.picture("queue-en-narrow");
    let complaints = browser.complaints();
    assert!(complaints.is_empty(), "the browser complains: {complaints:#?}");
}
