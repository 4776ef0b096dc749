//! The body as a text: empty, unfinished, in another language, the last mail again, or speaking of what is not there.

use super::{Gate, Level, regex};
use crate::case::{Language, Stage};
use crate::draft::problem;
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

static PLACEHOLDER: LazyLock<Regex> = LazyLock::new(|| regex(r"\{\{[^{}\n]*\}\}"));
static OPEN: LazyLock<Regex> = LazyLock::new(|| regex(r"【待填写[^】\n]*】?|\[TO BE ANSWERED[^\]\n]*\]?"));
static ATTACHED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)(?:见|请查收|随信|随邮件|已添加|上传)(?:本邮件)?附件|附件(?:中|为|是|里)|(?:see|find) (?:the )?(?:attached|attachment)|attached (?:is|are|please)",
    )
});
static SURVEY: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)满意度|调查问卷|对我们的服务进行评价|satisfaction survey|customer survey"));

impl Gate<'_> {
    pub(super) fn check_text(&mut self) {
        let body = self.body;
        if body.trim().is_empty() {
            self.add("body.empty", Level::Error, None, "正文为空".into(), "the body is empty".into());
        }
        for hit in PLACEHOLDER.find_iter(body).take(5) {
            if !self.customer_text().contains(hit.as_str()) {
                let (zh, en) = (format!("未替换的占位符：{}", hit.as_str()), format!("unresolved placeholder: {}", hit.as_str()));
                self.add("placeholder", Level::Error, self.in_body(hit.range()), zh, en);
            }
        }
        for hit in OPEN.find_iter(body).take(30) {
            if !self.customer_text().contains(hit.as_str()) {
                let above = body[..hit.start()].lines().map(str::trim).rfind(|l| !l.is_empty() && !OPEN.is_match(l));
                let above = problem::one_line(above.unwrap_or(""), 60);
                let (zh, en) = (format!("尚待填写：{above}"), format!("still to be answered: {above}"));
                self.add("question.open", Level::Error, self.in_body(hit.range()), zh, en);
            }
        }
        let bare = |t: &str| t.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        if self.facts.last_sent.is_some_and(|last| !last.trim().is_empty() && bare(last) == bare(body)) {
            let (zh, en) = ("与上一封已发邮件内容相同".into(), "the same text as the last mail sent".into());
            self.add("body.repeated", Level::Warning, None, zh, en);
        }
        self.check_language();
    }

    fn check_language(&mut self) {
        let han = self.body.chars().filter(|c| ('\u{3400}'..='\u{9fff}').contains(c)).count();
        let latin = self.body.chars().filter(char::is_ascii_alphabetic).count();
        let differs = match self.facts.language {
            Language::Zh => han * 10 < latin,
            Language::En => han > latin,
        };
        if differs {
            let wanted = self.facts.language;
            let (zh, en) = (format!("正文的语言不是 {wanted}"), format!("the body is not in {wanted}"));
            self.add("language.differs", Level::Warning, None, zh, en);
        }
    }

    pub(super) fn check_words(&mut self) {
        if !self.facts.has_attachment
            && let Some(hit) = self.our_words(&ATTACHED)
        {
            let (zh, en) = ("提到附件，但没有附件".into(), "an attachment is mentioned, but there is none".into());
            self.add("attachment.missing", Level::Warning, self.in_body(hit), zh, en);
        }
        if !matches!(self.facts.stage, Stage::Closure | Stage::Survey)
            && let Some(hit) = self.our_words(&SURVEY)
        {
            let (zh, en) = ("归档之前提到满意度调查".into(), "a survey is mentioned before the closure".into());
            self.add("survey.early", Level::Warning, self.in_body(hit), zh, en);
        }
    }

    /// Where a line that is not the customer's says it.
    fn our_words(&self, words: &Regex) -> Option<Range<usize>> {
        let theirs = self.customer_text();
        let is_theirs = |l: &str| theirs.contains(l.trim()) || l.split_once(": ").is_some_and(|(_, rest)| theirs.contains(rest.trim()));
        let mut start = 0;
        for line in self.body.split_inclusive('\n') {
            let text = line.trim_end_matches('\n');
            if let Some(hit) = words.find(text).filter(|_| !is_theirs(text)) {
                return Some(start + hit.start()..start + hit.end());
            }
            start += line.len();
        }
        None
    }
}
