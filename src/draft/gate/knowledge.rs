//! Updates against the catalogue, and the customer's questions against the answer.

use super::{Gate, Level};
use crate::case::Stage;
use crate::catalog::{Relation, Update};
use crate::draft::{Place, context, problem};

impl Gate<'_> {
    /// Every KB number of the draft and of the customer's mail against the catalogue.
    pub(super) fn check_updates(&mut self) {
        let asked: Vec<String> = self.facts.mail.map(|m| m.mentions.kb.clone()).unwrap_or_default();
        let device = self.facts.mail.and_then(|m| m.mentions.builds.first()).and_then(|b| b.parse().ok());
        let day = context::day(self.facts.mail.and_then(|m| m.date_at).unwrap_or(self.facts.received_at));
        let mut all = problem::kb_numbers(self.body);
        asked.iter().for_each(|kb| {
            if !all.contains(kb) {
                all.push(kb.clone())
            }
        });
        for kb in all.iter().take(40) {
            let is_asked = asked.contains(kb);
            let at = self.place_of(kb);
            if self.kit.catalog.kb(kb).is_none() {
                let level = if is_asked { Level::Warning } else { Level::Error };
                self.add("kb.unknown", level, at, format!("更新目录中没有 {kb}"), format!("{kb} is not in the catalogue"));
                continue;
            }
            if device.is_some_and(|d| self.kit.catalog.relation(kb, d) == Relation::OtherBranch) {
                let zh = format!("{kb} 不适用于客户的系统版本");
                let en = format!("{kb} is for another version than the customer's");
                self.add("kb.wrong_product", Level::Warning, at, zh, en);
            }
            let superseding = self.kit.catalog.superseded_by(kb).into_iter();
            let is_later = |u: &&Update| u.kind != "lcu-preview" && u.released.is_some_and(|d| d <= day);
            let later = superseding.filter(is_later).map(|u| u.kb.clone()).next_back();
            if let Some(later) = later {
                let (zh, en) = (format!("{kb} 已被 {later} 取代"), format!("{kb} is superseded by {later}"));
                self.add("kb.superseded", Level::Warning, at, zh, en);
            }
        }
    }

    /// Where the body names it first, in whatever spelling.
    fn place_of(&self, kb: &str) -> Option<Place> {
        let digits = kb.trim_start_matches("KB");
        let end = self.body.find(digits)? + digits.len();
        let before = &self.body[..end - digits.len()];
        let prefix = before.trim_end_matches([' ', '-', '_', '\u{a0}']);
        let has_prefix = prefix.len() + 2 >= before.len() && prefix.to_ascii_lowercase().ends_with("kb");
        let start = if has_prefix { prefix.len() - 2 } else { before.len() };
        self.in_body(start..end)
    }

    /// A numbered question that the answer no longer repeats.
    pub(super) fn check_questions(&mut self) {
        if self.facts.stage != Stage::InitialResponse {
            return;
        }
        let bare = |t: &str| t.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
        let said = bare(self.body);
        let questions = self.facts.mail.map(|m| m.questions.as_slice()).unwrap_or_default();
        for question in questions.iter().filter(|q| q.number.is_some()).take(30) {
            let start: String = bare(&question.text).chars().take(40).collect();
            if !said.contains(&start) {
                let text = problem::one_line(&question.text, 40);
                let (zh, en) = (format!("未回答客户的问题：{text}"), format!("a question of the customer is not answered: {text}"));
                self.add("question.missing", Level::Error, None, zh, en);
            }
        }
    }
}
