//! The gate: checks on the text as it would be sent, edits included. Run when a draft is composed, saved and approved.
//!
//! Pure: findings come in a fixed order. An error blocks approval unless a person waives it with a reason.

use super::{Finding, Kit, Level, context, problem};
use crate::case::{Language, Millis, Stage};
use crate::catalog::{Relation, Update};
use crate::mail::Mail;
use regex::Regex;
use std::sync::LazyLock;

/// What the gate knows beside the text.
#[derive(Debug, Clone)]
pub struct GateFacts<'a> {
    pub stage: Stage,
    pub language: Language,
    pub case_number: &'a str,
    /// The token the subject must carry; None: none.
    pub token: Option<&'a str>,
    /// The customer's mail that is answered.
    pub mail: Option<&'a Mail>,
    /// When it was received (UTC ms): what was superseded is judged by that day.
    pub received_at: Millis,
    /// Whether the draft carries an attachment.
    pub has_attachment: bool,
    /// Body of the last mail sent in this case.
    pub last_sent: Option<&'a str>,
}

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a constant pattern")
}

static PLACEHOLDER: LazyLock<Regex> = LazyLock::new(|| regex(r"\{\{[^{}\n]*\}\}"));
static OPEN: LazyLock<Regex> = LazyLock::new(|| regex(r"【待填写[^】\n]*】?|\[TO BE ANSWERED[^\]\n]*\]?"));
static NUMBER: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)(?-u:\b)[A-Z]{2,3}-\d{4,7}-[A-Z]\d[A-Z]\d(?:[A-Z]\d?)?(?-u:\b)"));
static TOKEN: LazyLock<Regex> = LazyLock::new(|| regex(r"(?-u:\b)[A-Za-z]{1,19}:\d{3,20}\s*$"));
static ATTACHED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)(?:见|请查收|随信|随邮件|已添加|上传)(?:本邮件)?附件|附件(?:中|为|是|里)|(?:see|find) (?:the )?(?:attached|attachment)|attached (?:is|are|please)",
    )
});
static SURVEY: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)满意度|调查问卷|对我们的服务进行评价|satisfaction survey|customer survey"));

/// Checks a subject and body. The body is text with LF line ends.
pub fn gate(kit: &Kit, subject: &str, body: &str, facts: &GateFacts) -> Vec<Finding> {
    let mut gate = Gate { kit, facts, findings: Vec::new() };
    gate.subject(subject);
    gate.text(body);
    gate.case_numbers(subject, body);
    gate.updates(body);
    gate.questions(body);
    gate.words(body);
    gate.findings
}

struct Gate<'a> {
    kit: &'a Kit,
    facts: &'a GateFacts<'a>,
    findings: Vec<Finding>,
}

impl Gate<'_> {
    fn add(&mut self, name: &str, level: Level, zh: String, en: String) {
        let text = if self.kit.desk.language == Language::Zh { zh } else { en };
        self.findings.push(Finding { name: name.to_owned(), level, text });
    }

    fn customer_text(&self) -> &str {
        self.facts.mail.map_or("", |m| m.text.as_str())
    }

    fn subject(&mut self, subject: &str) {
        if subject.trim().is_empty() {
            self.add("subject.empty", Level::Error, "主题为空".into(), "the subject is empty".into());
        }
        if subject.chars().any(char::is_control) {
            self.add(
                "subject.control",
                Level::Error,
                "主题含有换行或控制字符".into(),
                "the subject holds a line break or control character".into(),
            );
        }
        let number = self.facts.case_number;
        if !number.is_empty() && !subject.to_uppercase().contains(&number.to_uppercase()) {
            self.add(
                "case.number.missing",
                Level::Error,
                format!("主题缺少案例号 {number}"),
                format!("the subject lacks the case number {number}"),
            );
        }
        let found = TOKEN.find(subject).map(|m| m.as_str().trim().to_owned());
        if found.as_deref() != self.facts.token {
            let (have, want) = (found.unwrap_or_else(|| "-".into()), self.facts.token.unwrap_or("-"));
            self.add(
                "token.changed",
                Level::Error,
                format!("跟踪号应为 {want}，现为 {have}"),
                format!("the tracking token should be {want}, it is {have}"),
            );
        }
    }

    fn text(&mut self, body: &str) {
        if body.trim().is_empty() {
            self.add("body.empty", Level::Error, "正文为空".into(), "the body is empty".into());
        }
        for hit in PLACEHOLDER.find_iter(body).map(|m| m.as_str()).take(5) {
            if !self.customer_text().contains(hit) {
                self.add("placeholder", Level::Error, format!("未替换的占位符：{hit}"), format!("unresolved placeholder: {hit}"));
            }
        }
        for hit in OPEN.find_iter(body).take(30) {
            if !self.customer_text().contains(hit.as_str()) {
                let above = body[..hit.start()].lines().map(str::trim).rfind(|l| !l.is_empty() && !OPEN.is_match(l));
                let above = problem::one_line(above.unwrap_or(""), 60);
                self.add("question.open", Level::Error, format!("尚待填写：{above}"), format!("still to be answered: {above}"));
            }
        }
        let bare = |t: &str| t.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        if self.facts.last_sent.is_some_and(|last| !last.trim().is_empty() && bare(last) == bare(body)) {
            self.add("body.repeated", Level::Warning, "与上一封已发邮件内容相同".into(), "the same text as the last mail sent".into());
        }
        self.language(body);
    }

    fn language(&mut self, body: &str) {
        let han = body.chars().filter(|c| ('\u{3400}'..='\u{9fff}').contains(c)).count();
        let latin = body.chars().filter(char::is_ascii_alphabetic).count();
        let differs = match self.facts.language {
            Language::Zh => han * 10 < latin,
            Language::En => han > latin,
        };
        if differs {
            let wanted = self.facts.language;
            self.add("language.differs", Level::Warning, format!("正文的语言不是 {wanted}"), format!("the body is not in {wanted}"));
        }
    }

    fn case_numbers(&mut self, subject: &str, body: &str) {
        let mut seen: Vec<String> = Vec::new();
        for m in NUMBER.find_iter(subject).chain(NUMBER.find_iter(body)) {
            let number = m.as_str().to_uppercase();
            if number == self.facts.case_number.to_uppercase() || seen.contains(&number) {
                continue;
            }
            let quotes = self.customer_text().to_uppercase().contains(&number);
            let level = if quotes { Level::Warning } else { Level::Error };
            self.add("case.number.foreign", level, format!("出现其他案例的编号 {number}"), format!("the number of another case: {number}"));
            seen.push(number);
        }
    }

    /// Every KB number of the draft and of the customer's mail against the catalogue.
    fn updates(&mut self, body: &str) {
        let asked: Vec<String> = self.facts.mail.map(|m| m.mentions.kb.clone()).unwrap_or_default();
        let device = self.facts.mail.and_then(|m| m.mentions.builds.first()).and_then(|b| b.parse().ok());
        let day = context::day(self.facts.mail.and_then(|m| m.date_at).unwrap_or(self.facts.received_at));
        let mut all = problem::kb_numbers(body);
        asked.iter().for_each(|kb| {
            if !all.contains(kb) {
                all.push(kb.clone())
            }
        });
        for kb in all.iter().take(40) {
            let is_asked = asked.contains(kb);
            if self.kit.catalog.kb(kb).is_none() {
                let level = if is_asked { Level::Warning } else { Level::Error };
                self.add("kb.unknown", level, format!("更新目录中没有 {kb}"), format!("{kb} is not in the catalogue"));
                continue;
            }
            if device.is_some_and(|d| self.kit.catalog.relation(kb, d) == Relation::OtherBranch) {
                self.add(
                    "kb.wrong_product",
                    Level::Warning,
                    format!("{kb} 不适用于客户的系统版本"),
                    format!("{kb} is for another version than the customer's"),
                );
            }
            let superseding = self.kit.catalog.superseded_by(kb).into_iter();
            let is_later = |u: &&Update| u.kind != "lcu-preview" && u.released.is_some_and(|d| d <= day);
            let later = superseding.filter(is_later).map(|u| u.kb.clone()).next_back();
            if let Some(later) = later {
                self.add("kb.superseded", Level::Warning, format!("{kb} 已被 {later} 取代"), format!("{kb} is superseded by {later}"));
            }
        }
    }

    /// A numbered question that the answer no longer repeats.
    fn questions(&mut self, body: &str) {
        if self.facts.stage != Stage::InitialResponse {
            return;
        }
        let bare = |t: &str| t.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
        let said = bare(body);
        let questions = self.facts.mail.map(|m| m.questions.as_slice()).unwrap_or_default();
        for question in questions.iter().filter(|q| q.number.is_some()).take(30) {
            let start: String = bare(&question.text).chars().take(40).collect();
            if !said.contains(&start) {
                let text = problem::one_line(&question.text, 40);
                self.add(
                    "question.missing",
                    Level::Error,
                    format!("未回答客户的问题：{text}"),
                    format!("a question of the customer is not answered: {text}"),
                );
            }
        }
    }

    fn words(&mut self, body: &str) {
        let theirs = self.customer_text();
        let is_theirs = |l: &str| theirs.contains(l.trim()) || l.split_once(": ").is_some_and(|(_, rest)| theirs.contains(rest.trim()));
        let ours: Vec<&str> = body.lines().filter(|l| !is_theirs(l)).collect();
        let says = |r: &Regex| ours.iter().any(|l| r.is_match(l));
        if !self.facts.has_attachment && says(&ATTACHED) {
            self.add(
                "attachment.missing",
                Level::Warning,
                "提到附件，但没有附件".into(),
                "an attachment is mentioned, but there is none".into(),
            );
        }
        if !matches!(self.facts.stage, Stage::Closure | Stage::Survey) && says(&SURVEY) {
            self.add("survey.early", Level::Warning, "归档之前提到满意度调查".into(), "a survey is mentioned before the closure".into());
        }
    }
}

#[cfg(test)]
mod tests;
