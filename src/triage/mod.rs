//! Triage: from a parsed mail and the facts that the database knows to a decision, a value with its reasons.
//!
//! Pure. `decide` always decides. Correlation order: case number in the subject (believed only with evidence), Message-IDs of
//! In-Reply-To and References, tracking token with sender (time-limited, never alone), sender and base subject.

use crate::case::{CaseId, EngineerId, Language, Millis, Priority, Stage, Status, Trigger, text_enum};
use crate::mail::{Kind, Mail};
use serde::{Deserialize, Serialize};

mod place;
mod rules;

pub use rules::{DEFAULT_RULES, Problem, Rule, Rules};

text_enum! {
    /// By which evidence a mail found its case.
    How { Number = "number", Reference = "reference", Token = "token", Subject = "subject", New = "new" }
}

/// What the database knows of one case that a mail may belong to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CaseFacts {
    pub id: CaseId,
    pub number: String,
    pub status: Status,
    /// Title: the base subject the case was opened with.
    pub title: String,
    /// Lower-case addresses of the case's outside participants.
    pub addresses: Vec<String>,
    pub updated_at: Millis,
    /// The case this one was merged into, already followed to its end.
    pub merged_into: Option<CaseId>,
}

/// Everything `decide` needs from the database; filled by `db::case::facts_for`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// Cases whose number stands in the subject, in that order.
    pub by_number: Vec<CaseFacts>,
    /// Known Message-IDs of In-Reply-To, References (nearest first) and a bounce's original Message-ID, with their case.
    pub by_reference: Vec<(String, CaseFacts)>,
    /// Cases in which this tracking token was used within the token window.
    pub by_token: Vec<CaseFacts>,
    /// Cases of this sender with the same base subject within the subject window, newest first.
    pub by_subject: Vec<CaseFacts>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "to", rename_all = "snake_case")]
pub enum Placement {
    Existing {
        case: CaseId,
        number: String,
        how: How,
    },
    /// `number` is the one in the subject; None: casemate numbers the case.
    New {
        number: Option<String>,
    },
    /// Kept, not filed in a case.
    Ignored {
        reason: String,
    },
    /// A person decides (shown with the quarantined mails): evidence is missing or contradicts itself.
    Person {
        candidates: Vec<CaseId>,
        reason: String,
    },
}

/// One line of the trace shown under "why".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// Stable name: `case.number.believed`, `rule.matched`, `kind.bounce`.
    pub name: String,
    /// For people, in the language of the desk.
    pub text: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    pub kind: Kind,
    pub placement: Placement,
    /// What the mail does to the case's status; None for automatic mail.
    pub trigger: Option<Trigger>,
    /// The draft to compose, if any.
    pub stage: Option<Stage>,
    /// Name of the rule that matched.
    pub rule: Option<String>,
    pub category: Option<String>,
    pub priority: Priority,
    /// Login of the engineer the rule names.
    pub owner: Option<String>,
    pub language: Language,
    /// Articles the rule asks for, beside those that match the questions.
    pub articles: Vec<String>,
    pub reasons: Vec<Reason>,
}

/// Known engineer, for rules that name an owner.
pub type Owner = (String, EngineerId);

text_enum! {
    /// Who numbers a new case that has no number in its subject: nobody (a CRM numbers cases before us; a person decides) or casemate.
    Numbering { Subject = "subject", Casemate = "casemate" }
}

/// What the configuration tells triage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Our own addresses, lower case: mail from them is ours coming back and never opens a case.
    pub own_addresses: Vec<String>,
    /// Domains shared by strangers: the same domain proves nothing about the sender.
    pub freemail_domains: Vec<String>,
    /// Language of the draft when the mail has no words to tell it by.
    pub default_language: Language,
    /// Language of the reasons.
    pub desk_language: Language,
    pub numbering: Numbering,
}

/// Shared mail domains that everyone can get an address of.
const FREEMAIL: &[&str] = &[
    "qq.com",
    "foxmail.com",
    "vip.qq.com",
    "163.com",
    "vip.163.com",
    "126.com",
    "yeah.net",
    "188.com",
    "139.com",
    "189.cn",
    "wo.cn",
    "sina.com",
    "sina.cn",
    "vip.sina.com",
    "sohu.com",
    "tom.com",
    "21cn.com",
    "aliyun.com",
    "gmail.com",
    "googlemail.com",
    "outlook.com",
    "hotmail.com",
    "live.com",
    "live.cn",
    "msn.com",
    "yahoo.com",
    "yahoo.com.cn",
    "yahoo.cn",
    "icloud.com",
    "me.com",
    "mac.com",
    "gmx.com",
    "gmx.de",
    "aol.com",
    "proton.me",
    "protonmail.com",
    "yandex.com",
    "mail.ru",
];

impl Default for Settings {
    fn default() -> Self {
        Settings {
            own_addresses: Vec::new(),
            freemail_domains: FREEMAIL.iter().map(|d| d.to_string()).collect(),
            default_language: Language::Zh,
            desk_language: Language::Zh,
            numbering: Numbering::Casemate,
        }
    }
}

/// The trace of one decision, written in the language of the desk.
struct Trace {
    language: Language,
    reasons: Vec<Reason>,
}

impl Trace {
    fn note(&mut self, name: &str, zh: String, en: String) {
        let text = if self.language == Language::Zh { zh } else { en };
        self.reasons.push(Reason { name: name.to_owned(), text });
    }
}

/// Decides where a mail goes and what is drafted for it. Total: always decides. `now` (UTC ms) only dates the evidence in
/// the reasons.
pub fn decide(mail: &Mail, facts: &Facts, rules: &Rules, settings: &Settings, now: Millis) -> Decision {
    let mut trace = Trace { language: settings.desk_language, reasons: Vec::new() };
    let kind = place::kind_of(mail, settings);
    trace.note(&format!("kind.{kind}"), kind_text(mail, kind, true), kind_text(mail, kind, false));
    let mut placement = place::place(mail, kind, facts, settings, now, &mut trace);
    let rule = rules.first_match(mail, kind, &mut trace);
    if let Some(reason) = rule.and_then(|r| r.ignore.clone()) {
        placement = ignore_by_rule(placement, reason, &mut trace);
    }
    let is_message = kind == Kind::Message;
    let trigger = (is_message && matches!(placement, Placement::Existing { .. })).then_some(Trigger::CustomerReplied);
    let stage = stage_for(mail, kind, &placement, rule, &mut trace);
    let spoken = if mail.text.trim().is_empty() { settings.default_language } else { mail.language };
    Decision {
        kind,
        placement,
        trigger,
        stage,
        rule: rule.map(|r| r.name.clone()),
        category: rule.and_then(|r| r.category.clone()),
        priority: rule.and_then(|r| r.priority).unwrap_or(Priority::Normal),
        owner: rule.and_then(|r| r.owner.clone()),
        language: rule.and_then(|r| r.language).unwrap_or(spoken),
        articles: rule.map(|r| r.articles.clone()).unwrap_or_default(),
        reasons: trace.reasons,
    }
}

fn kind_text(mail: &Mail, kind: Kind, zh: bool) -> String {
    let why = if kind == mail.kind { mail.kind_reason.as_str() } else { "own address" };
    match (zh, why.is_empty()) {
        (true, true) => format!("邮件类别：{kind}"),
        (true, false) => format!("邮件类别：{kind}（{why}）"),
        (false, true) => format!("kind of mail: {kind}"),
        (false, false) => format!("kind of mail: {kind} ({why})"),
    }
}

/// A rule may drop what would open a case; it never drops a mail that evidence ties to a case.
fn ignore_by_rule(placement: Placement, reason: String, trace: &mut Trace) -> Placement {
    if let Placement::New { .. } = placement {
        trace.note("rule.ignored", format!("规则要求忽略：{reason}"), format!("the rule ignores it: {reason}"));
        return Placement::Ignored { reason };
    }
    trace.note(
        "rule.ignore.kept",
        format!("规则要求忽略（{reason}），但邮件有所属案例的证据，故保留"),
        format!("the rule would ignore it ({reason}), but evidence ties it to a case, so it is kept"),
    );
    placement
}

/// Which draft to compose; the reason is noted when there is none.
fn stage_for(mail: &Mail, kind: Kind, placement: &Placement, rule: Option<&Rule>, trace: &mut Trace) -> Option<Stage> {
    let words = mail.state_words;
    let mut none = |name: &str, zh: &str, en: &str| {
        trace.note(name, zh.to_owned(), en.to_owned());
        None
    };
    if kind != Kind::Message {
        return none("draft.none.automatic", "自动邮件不拟回复", "automatic mail gets no draft");
    }
    let stage = match placement {
        Placement::Ignored { .. } | Placement::Person { .. } => {
            return none("draft.none.unfiled", "尚未归入案例，不拟回复", "not filed in a case, so no draft");
        }
        Placement::New { .. } => Stage::InitialResponse,
        Placement::Existing { .. } if words.not_resolved => Stage::Progress,
        Placement::Existing { .. } if words.resolved || words.may_archive => {
            return none(
                "draft.none.resolved",
                "客户表示问题已解决或可以归档，不拟进展回复",
                "the customer says it is resolved or may be archived: no progress draft",
            );
        }
        Placement::Existing { .. } if words.thanks_only => {
            return none("draft.none.thanks", "客户仅致谢或确认收到，不拟回复", "thanks only: no draft");
        }
        Placement::Existing { .. } => Stage::Progress,
    };
    if rule.is_some_and(|r| !r.draft) {
        return none("draft.none.rule", "规则规定不拟回复", "the rule says no draft");
    }
    trace.note("draft.stage", format!("拟稿：{stage}"), format!("draft: {stage}"));
    Some(stage)
}

#[cfg(test)]
mod tests;
