//! The subject, and case numbers anywhere: what threads a mail into its case, and what would lead it into another.

use super::{Gate, Level, regex};
use regex::Regex;
use std::sync::LazyLock;

static NUMBER: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)(?-u:\b)[A-Z]{2,3}-\d{4,7}-[A-Z]\d[A-Z]\d(?:[A-Z]\d?)?(?-u:\b)"));
static TOKEN: LazyLock<Regex> = LazyLock::new(|| regex(r"(?-u:\b)[A-Za-z]{1,19}:\d{3,20}\s*$"));

impl Gate<'_> {
    pub(super) fn check_subject(&mut self) {
        let subject = self.subject;
        if subject.trim().is_empty() {
            self.add("subject.empty", Level::Error, None, "主题为空".into(), "the subject is empty".into());
        }
        if let Some((at, c)) = subject.char_indices().find(|(_, c)| c.is_control()) {
            let zh = "主题含有换行或控制字符".into();
            let en = "the subject holds a line break or control character".into();
            self.add("subject.control", Level::Error, self.in_subject(at..at + c.len_utf8()), zh, en);
        }
        let number = self.facts.case_number;
        if !number.is_empty() && !subject.to_uppercase().contains(&number.to_uppercase()) {
            let (zh, en) = (format!("主题缺少案例号 {number}"), format!("the subject lacks the case number {number}"));
            self.add("case.number.missing", Level::Error, None, zh, en);
        }
        let found = TOKEN.find(subject);
        let token = found.map(|m| m.as_str().trim_end());
        if token != self.facts.token {
            let (have, want) = (token.unwrap_or("-"), self.facts.token.unwrap_or("-"));
            let at = found.zip(token).and_then(|(m, token)| self.in_subject(m.start()..m.start() + token.len()));
            let zh = format!("跟踪号应为 {want}，现为 {have}");
            let en = format!("the tracking token should be {want}, it is {have}");
            self.add("token.changed", Level::Error, at, zh, en);
        }
    }

    pub(super) fn check_case_numbers(&mut self) {
        let mut seen = vec![self.facts.case_number.to_uppercase()];
        let theirs = self.customer_text().to_uppercase();
        let in_subject = NUMBER.find_iter(self.subject).map(|m| (m.as_str(), self.in_subject(m.range())));
        let in_body = NUMBER.find_iter(self.body).map(|m| (m.as_str(), self.in_body(m.range())));
        for (number, at) in in_subject.chain(in_body).collect::<Vec<_>>() {
            let number = number.to_uppercase();
            if seen.contains(&number) {
                continue;
            }
            let level = if theirs.contains(&number) { Level::Warning } else { Level::Error };
            let (zh, en) = (format!("出现其他案例的编号 {number}"), format!("the number of another case: {number}"));
            self.add("case.number.foreign", level, at, zh, en);
            seen.push(number);
        }
    }
}
