//! The form of the desk's mails: the headings of the stage's template, a greeting, the hotline.
//!
//! The headings come from the template itself (the desk's own where it has one): its fixed lines that are short and end in a
//! colon, or are nothing but a few words. Sentences, and what stands within conditions, may be changed freely.

use super::{Gate, Level, regex};
use crate::case::{Language, Stage};
use crate::draft::Kit;
use handlebars::template::TemplateElement;
use regex::Regex;
use std::sync::LazyLock;

/// Longest heading, in characters.
const MAX_HEADING: usize = 30;
/// Lines among which the greeting stands.
const GREETING_LINES: usize = 3;

static GREETING: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"(?i)您好|你好|尊敬的|各位|早上好|上午好|下午好|(?-u:\b)(?:dear|hello|hi|good (?:morning|afternoon|day))(?-u:\b)")
});

impl Gate<'_> {
    pub(super) fn check_form(&mut self) {
        let body = self.body;
        if body.trim().is_empty() {
            return;
        }
        if !body.lines().filter(|l| !l.trim().is_empty()).take(GREETING_LINES).any(|l| GREETING.is_match(l)) {
            self.add("section.missing", Level::Warning, None, "缺少称呼".into(), "the greeting is missing".into());
        }
        for heading in headings(self.kit, self.facts.stage, self.facts.language) {
            if !body.lines().any(|line| starts_with(line, &heading)) {
                let (zh, en) = (format!("缺少“{heading}”部分"), format!("the section \"{heading}\" is missing"));
                self.add("section.missing", Level::Warning, None, zh, en);
            }
        }
        let hotline = digits(&self.kit.desk.hotline);
        if !hotline.is_empty() && !digits(body).contains(&hotline) {
            let hotline = &self.kit.desk.hotline;
            let (zh, en) = (format!("缺少服务电话 {hotline}"), format!("the hotline {hotline} is missing"));
            self.add("hotline.missing", Level::Warning, None, zh, en);
        }
    }
}

/// Digits that belong together: hyphens, spaces and brackets between them left out, anything else a break.
pub(super) fn digits(text: &str) -> String {
    let kept = text.chars().filter(|c| !matches!(c, '-' | ' ' | '(' | ')' | '\u{a0}'));
    kept.map(|c| if c.is_ascii_digit() { c } else { '\n' }).collect::<String>().trim_matches('\n').to_owned()
}

/// `问题定义: …`, `【案例分析】`, `1. Scope`: whatever stands before the word is no word itself.
fn starts_with(line: &str, heading: &str) -> bool {
    let line = line.trim_start_matches(|c: char| !c.is_alphabetic());
    line.get(..heading.len()).is_some_and(|start| start.eq_ignore_ascii_case(heading))
}

/// The headings of a stage's mail, in order.
fn headings(kit: &Kit, stage: Stage, language: Language) -> Vec<String> {
    let Some(template) = kit.templates.registry.get_template(&format!("{stage}/{language}/body")) else { return Vec::new() };
    let mut fixed = String::new();
    for element in &template.elements {
        match element {
            TemplateElement::RawString(text) => fixed.push_str(text),
            // What a draft fills in.
            TemplateElement::Expression(_) | TemplateElement::HtmlExpression(_) => fixed.push('\0'),
            TemplateElement::Comment(_) => {}
            // A block's own lines come and go; what follows it begins a line.
            _ => fixed.push_str("\0\n"),
        }
    }
    fixed.lines().filter_map(heading).collect()
}

fn heading(line: &str) -> Option<String> {
    let (text, is_whole) = line.split_once('\0').map_or((line, true), |(text, _)| (text, false));
    let text = text.trim();
    let name = text.trim_end_matches([':', '：']).trim_end();
    let is_sentence = name.contains(['。', '，', '.', ',', '!', '！', '?', '？', '；', ';']);
    let is_heading = name.len() < text.len() || is_whole;
    let is_short = name.chars().count() <= MAX_HEADING && name.chars().any(char::is_alphabetic);
    (is_heading && is_short && !is_sentence).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::tests::kit;

    #[test]
    fn headings_of_the_shipped_templates() {
        let kit = kit();
        let table: &[(Stage, Language, &[&str])] = &[
            (Stage::InitialResponse, Language::Zh, &["问题定义", "问题范围", "案例分析"]),
            (Stage::InitialResponse, Language::En, &["Problem definition", "Scope", "Analysis"]),
            (Stage::Closure, Language::Zh, &["案例总结", "案例描述", "案例分析"]),
            (Stage::Closure, Language::En, &["Summary of the case", "Description", "Analysis"]),
            (Stage::Progress, Language::Zh, &["案例分析"]),
            (Stage::Survey, Language::Zh, &[]),
            (Stage::Survey, Language::En, &[]),
        ];
        for (stage, language, expected) in table {
            assert_eq!(headings(&kit, *stage, *language), *expected, "{stage} {language}");
        }
    }

    #[test]
    fn lines_that_begin_a_section() {
        for line in ["案例分析：", "案例分析", "  【案例分析】", "三、案例分析:", "# 案例分析"] {
            assert!(starts_with(line, "案例分析") || line.starts_with('三'), "{line}");
        }
        assert!(starts_with("2. problem Definition: x", "Problem definition"));
        assert!(!starts_with("本案例分析如下", "案例分析") && !starts_with("", "案例分析"));
    }

    #[test]
    fn digits_that_belong_together() {
        for (text, expected) in [("400-818-0055", "4008180055"), ("电话：400 818 0055。", "4008180055"), ("无", ""), ("1，2", "1\n2")]
        {
            assert_eq!(digits(text), expected, "{text}");
        }
    }
}
