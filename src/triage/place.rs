//! Placement: which case a mail belongs to, by which evidence, what contradicts it, and who the runner-up was.
//!
//! Order: case number in the subject (believed only with evidence, promise 10), Message-IDs, tracking token with sender,
//! sender with base subject. A case number in the body never counts. Automatic mail is filed but never opens a case.

use super::{CaseFacts, Facts, How, Numbering, Placement, Settings, Trace};
use crate::case::{CaseId, Millis, Status};
use crate::mail::{Kind, Mail};

const DAY: Millis = 86_400_000;
/// A base subject shorter than this many characters ("help" in two characters) is no evidence.
const MIN_BASE: usize = 4;

/// What ties a sender to a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Evidence {
    Address,
    Domain,
    Reference,
}

impl Evidence {
    fn texts(self) -> (&'static str, &'static str) {
        match self {
            Evidence::Address => ("发件地址属于该案例", "the sender's address is in the case"),
            Evidence::Domain => ("发件域名属于该案例", "the sender's domain is in the case"),
            Evidence::Reference => ("邮件引用了该案例的邮件", "the mail refers to a mail of the case"),
        }
    }
}

/// The kind that counts: a mail from one of our own addresses is a loop whatever its headers say.
pub(super) fn kind_of(mail: &Mail, settings: &Settings) -> Kind {
    let ours = |a: &str| settings.own_addresses.iter().any(|o| o.eq_ignore_ascii_case(a));
    let is_own = mail.from.as_ref().is_some_and(|f| ours(&f.address));
    if is_own && mail.kind == Kind::Message { Kind::Loop } else { mail.kind }
}

pub(super) fn place(mail: &Mail, kind: Kind, facts: &Facts, settings: &Settings, now: Millis, trace: &mut Trace) -> Placement {
    let placing = Placing { mail, facts, settings, now };
    match kind {
        Kind::Message => placing.message(trace),
        Kind::Loop => {
            trace.note("loop.ignored", "本系统的邮件返回，忽略".into(), "our own mail coming back, ignored".into());
            Placement::Ignored { reason: "loop".to_owned() }
        }
        Kind::Bounce => placing.bounce(trace),
        Kind::AutoReply | Kind::Receipt | Kind::Calendar | Kind::List => placing.automatic(kind, trace),
    }
}

/// The inputs of one placement.
struct Placing<'a> {
    mail: &'a Mail,
    facts: &'a Facts,
    settings: &'a Settings,
    now: Millis,
}

impl<'a> Placing<'a> {
    fn message(&self, trace: &mut Trace) -> Placement {
        if self.senders().is_empty() {
            trace.note("sender.missing", "邮件没有发件地址，由人判断".into(), "no sender address: a person decides".into());
            let candidates = self.candidates(self.facts.by_number.iter().chain(self.facts.by_reference.iter().map(|r| &r.1)));
            return Placement::Person { candidates, reason: "no sender address".to_owned() };
        }
        self.by_number(trace)
            .or_else(|| self.by_reference(trace))
            .or_else(|| self.by_token(trace))
            .or_else(|| self.by_subject(trace))
            .unwrap_or_else(|| self.new_case(None, trace))
    }

    /// A number in the subject settles it: believed, given to a new case, or shown to a person.
    fn by_number(&self, trace: &mut Trace) -> Option<Placement> {
        let given = self.mail.subject.case_numbers.first()?;
        let known = &self.facts.by_number;
        if known.is_empty() {
            trace.note(
                "case.number.unknown",
                format!("主题中的案例号 {given} 尚无案例"),
                format!("no case has the number {given} of the subject"),
            );
            return Some(self.new_case(Some(given.clone()), trace));
        }
        let mut believed: Vec<(&CaseFacts, Evidence)> = Vec::new();
        for case in known {
            match self.evidence(case) {
                Some(e) if !believed.iter().any(|b| target(b.0) == target(case)) => believed.push((case, e)),
                _ => {}
            }
        }
        match believed.as_slice() {
            [] => Some(self.disbelieve(known, trace)),
            [(case, evidence)] => Some(self.believe(case, *evidence, trace)),
            several => Some(self.between(several, trace)),
        }
    }

    fn believe(&self, case: &CaseFacts, evidence: Evidence, trace: &mut Trace) -> Placement {
        let (zh, en) = evidence.texts();
        trace.note(
            "case.number.believed",
            format!("主题案例号 {}：{zh}", case.number),
            format!("number {} in the subject: {en}", case.number),
        );
        if let Some(other) = self.referenced().find(|o| target(o) != target(case)) {
            trace.note(
                "case.number.contradicts",
                format!("引用的邮件属于另一案例 {}；案例号自有证据，以案例号为准", other.number),
                format!("the references name another case, {}; the number has evidence of its own and wins", other.number),
            );
        }
        self.existing(case, How::Number, trace)
    }

    fn disbelieve(&self, known: &[CaseFacts], trace: &mut Trace) -> Placement {
        let number = &known[0].number;
        trace.note(
            "case.number.disbelieved",
            format!("主题中的案例号 {number} 存在，但发件人与该案例没有关系，由人判断"),
            format!("the number {number} of the subject exists, but nothing ties the sender to that case: a person decides"),
        );
        let candidates = self.candidates(known.iter().chain(self.referenced()));
        Placement::Person { candidates, reason: "a case number without evidence".to_owned() }
    }

    /// Several numbers, each with evidence: the one whose mail is answered, else a person.
    fn between(&self, several: &[(&CaseFacts, Evidence)], trace: &mut Trace) -> Placement {
        let nearest = self.referenced().next();
        if let Some((case, evidence)) = several.iter().find(|(c, _)| nearest.is_some_and(|n| target(n) == target(c))) {
            return self.believe(case, *evidence, trace);
        }
        let numbers = several.iter().map(|(c, _)| c.number.as_str()).collect::<Vec<_>>().join(", ");
        trace.note(
            "case.number.several",
            format!("主题中有多个可信的案例号（{numbers}），由人判断"),
            format!("several believable numbers in the subject ({numbers}): a person decides"),
        );
        Placement::Person { candidates: self.candidates(several.iter().map(|s| s.0)), reason: format!("several case numbers: {numbers}") }
    }

    fn by_reference(&self, trace: &mut Trace) -> Option<Placement> {
        let case = self.referenced().next()?;
        if self.is_new_matter(case) {
            trace.note(
                "case.reference.new_matter",
                format!("邮件引用案例 {} 的邮件，但主题不同且无回复前缀：视为借旧邮件提出的新问题", case.number),
                format!("it refers to a mail of case {}, but its subject differs and has no reply prefix: a new matter", case.number),
            );
            return Some(self.new_case(None, trace));
        }
        let texts = self.sender_evidence(case).map_or(("发件人首次出现在该案例", "the sender is new to the case"), Evidence::texts);
        trace.note(
            "case.reference",
            format!("引用了案例 {} 的邮件（{}）", case.number, texts.0),
            format!("it refers to a mail of case {} ({})", case.number, texts.1),
        );
        if let Some(other) = self.referenced().find(|o| target(o) != target(case)) {
            trace.note(
                "case.reference.runner_up",
                format!("也引用了案例 {}，较远", other.number),
                format!("it also refers to case {}, farther back", other.number),
            );
        }
        Some(self.existing(case, How::Reference, trace))
    }

    /// Someone opened a new case by answering an old mail.
    fn is_new_matter(&self, case: &CaseFacts) -> bool {
        let subject = &self.mail.subject;
        if subject.is_reply || subject.is_forward {
            return false;
        }
        let (base, title) = (normal(&subject.base), normal(&case.title));
        let (short, long) = if base.len() <= title.len() { (&base, &title) } else { (&title, &base) };
        let is_same = short == long || (short.chars().count() >= MIN_BASE && long.contains(short.as_str()));
        !short.is_empty() && !is_same
    }

    /// A token repeats after a thousand mails: it counts only with the sender, whose address tells more than the domain, and when it
    /// names one case.
    fn by_token(&self, trace: &mut Trace) -> Option<Placement> {
        let token = self.mail.subject.tracking_token.as_deref()?;
        let mut proven: Vec<&CaseFacts> = self.facts.by_token.iter().filter(|c| self.sender_evidence(c).is_some()).collect();
        proven.dedup_by_key(|c| target(c));
        let by_address = |c: &&CaseFacts| self.sender_evidence(c) == Some(Evidence::Address);
        if proven.len() > 1 && proven.iter().filter(|c| by_address(c)).count() == 1 {
            proven.retain(by_address);
        }
        let base = normal(&self.mail.subject.base);
        if proven.len() > 1 && proven.iter().filter(|c| normal(&c.title) == base).count() == 1 {
            proven.retain(|c| normal(&c.title) == base);
        }
        match proven.as_slice() {
            [] if self.facts.by_token.is_empty() => None,
            [] => {
                trace.note(
                    "case.token.disbelieved",
                    format!("跟踪号 {token} 无发件人证据，不采信"),
                    format!("token {token} without sender evidence, not believed"),
                );
                None
            }
            [case] => {
                trace.note(
                    "case.token",
                    format!("跟踪号 {token} 且发件人属于案例 {}", case.number),
                    format!("token {token}, and the sender belongs to case {}", case.number),
                );
                Some(self.existing(case, How::Token, trace))
            }
            several => {
                trace.note(
                    "case.token.several",
                    format!("跟踪号 {token} 对应多个案例，由人判断"),
                    format!("token {token} names several cases: a person decides"),
                );
                Some(Placement::Person {
                    candidates: self.candidates(several.iter().copied()),
                    reason: format!("token {token} names several cases"),
                })
            }
        }
    }

    fn by_subject(&self, trace: &mut Trace) -> Option<Placement> {
        let subject = &self.mail.subject;
        let case = self.facts.by_subject.first()?;
        if subject.base.trim().chars().count() < MIN_BASE {
            trace.note("case.subject.short", "主题过短，不作为证据".into(), "the subject is too short to be evidence".into());
            return None;
        }
        let mut open = self.facts.by_subject.iter().filter(|c| !is_over(c.status));
        let chosen = open.next().or(subject.is_reply.then_some(case));
        let Some(chosen) = chosen else {
            trace.note(
                "case.subject.over",
                format!("同一发件人同主题的案例 {} 已结束，且本邮件不是回复：新案例", case.number),
                format!("case {} of the same sender and subject is over and this is no reply: a new case", case.number),
            );
            return None;
        };
        let days = (self.now - chosen.updated_at).max(0) / DAY;
        trace.note(
            "case.subject",
            format!("同一发件人、同一主题的案例 {}（{days} 天前更新）", chosen.number),
            format!("case {} of the same sender and subject (updated {days} days ago)", chosen.number),
        );
        if let Some(other) = self.facts.by_subject.iter().find(|c| target(c) != target(chosen)) {
            trace.note("case.subject.runner_up", format!("次选：案例 {}", other.number), format!("runner-up: case {}", other.number));
        }
        Some(self.existing(chosen, How::Subject, trace))
    }

    /// A bounce goes to the case of the mail that bounced; a number in its subject counts with its recipient as evidence.
    fn bounce(&self, trace: &mut Trace) -> Placement {
        let bounce = self.mail.bounce.as_ref();
        let original = bounce.and_then(|b| b.original_message_id.as_deref());
        let by_original = self.facts.by_reference.iter().find(|(id, _)| original == Some(id.as_str()));
        if let Some((_, case)) = by_original.or_else(|| self.facts.by_reference.first()) {
            trace.note(
                "bounce.filed",
                format!("退信对应案例 {} 发出的邮件", case.number),
                format!("it bounces a mail of case {}", case.number),
            );
            return self.existing(case, How::Reference, trace);
        }
        let recipient = bounce.and_then(|b| b.recipient.as_deref()).unwrap_or("");
        let known = self.facts.by_number.iter().find(|c| c.addresses.iter().any(|a| a.eq_ignore_ascii_case(recipient)));
        if let Some(case) = known {
            trace.note(
                "bounce.filed",
                format!("退信收件人属于主题所示案例 {}", case.number),
                format!("its recipient belongs to case {} of the subject", case.number),
            );
            return self.existing(case, How::Number, trace);
        }
        self.ignore(Kind::Bounce, trace)
    }

    fn automatic(&self, kind: Kind, trace: &mut Trace) -> Placement {
        let by_number = self.facts.by_number.iter().find(|c| self.evidence(c).is_some()).map(|c| (c, How::Number));
        let by_reference = self.referenced().next().map(|c| (c, How::Reference));
        match by_number.or(by_reference) {
            Some((case, how)) => {
                trace.note(
                    "automatic.filed",
                    format!("自动邮件存入案例 {}，不改变状态", case.number),
                    format!("automatic mail kept in case {}, its status unchanged", case.number),
                );
                self.existing(case, how, trace)
            }
            None => self.ignore(kind, trace),
        }
    }

    fn ignore(&self, kind: Kind, trace: &mut Trace) -> Placement {
        trace.note(
            "automatic.ignored",
            "自动邮件，没有所属案例的证据：忽略".into(),
            "automatic mail without evidence of a case: ignored".into(),
        );
        let why = if self.mail.kind_reason.is_empty() { String::new() } else { format!(" ({})", self.mail.kind_reason) };
        Placement::Ignored { reason: format!("{kind}{why}") }
    }

    fn new_case(&self, number: Option<String>, trace: &mut Trace) -> Placement {
        match &number {
            Some(n) => {
                trace.note("case.new", format!("新案例，采用主题中的案例号 {n}"), format!("a new case, numbered {n} as the subject says"))
            }
            None if self.settings.numbering == Numbering::Subject => {
                trace.note(
                    "case.number.missing",
                    "主题中没有案例号，而案例由外部系统编号".into(),
                    "the subject has no case number, and cases are numbered elsewhere".into(),
                );
                let reason = "no case number in the subject ([case_number] numbering = \"subject\")".to_owned();
                return Placement::Person { candidates: Vec::new(), reason };
            }
            None => trace.note("case.new", "新案例，由本系统编号".into(), "a new case, to be numbered here".into()),
        }
        Placement::New { number }
    }

    /// The case itself, or the one it was merged into.
    fn existing(&self, case: &CaseFacts, how: How, trace: &mut Trace) -> Placement {
        if is_over(case.status) {
            trace.note(
                "case.over",
                format!("案例 {} 的状态为 {}", case.number, case.status),
                format!("case {} is {}", case.number, case.status),
            );
        }
        let Some(into) = case.merged_into else {
            return Placement::Existing { case: case.id, number: case.number.clone(), how };
        };
        let number = self.all().find(|c| c.id == into).map_or(&case.number, |c| &c.number).clone();
        trace.note(
            "case.merged",
            format!("案例 {} 已并入另一案例，按并入后的案例处理", case.number),
            format!("case {} was merged into another, which takes the mail", case.number),
        );
        Placement::Existing { case: into, number, how }
    }

    fn all(&self) -> impl Iterator<Item = &'a CaseFacts> {
        let f = self.facts;
        f.by_number.iter().chain(f.by_reference.iter().map(|r| &r.1)).chain(&f.by_token).chain(&f.by_subject)
    }

    fn referenced(&self) -> impl Iterator<Item = &'a CaseFacts> {
        self.facts.by_reference.iter().map(|r| &r.1)
    }

    fn candidates<'c>(&self, cases: impl Iterator<Item = &'c CaseFacts>) -> Vec<CaseId> {
        let mut ids: Vec<CaseId> = Vec::new();
        cases.map(target).for_each(|id| {
            if !ids.contains(&id) {
                ids.push(id)
            }
        });
        ids
    }

    fn evidence(&self, case: &CaseFacts) -> Option<Evidence> {
        let referenced = || self.referenced().any(|r| target(r) == target(case)).then_some(Evidence::Reference);
        self.sender_evidence(case).or_else(referenced)
    }

    fn sender_evidence(&self, case: &CaseFacts) -> Option<Evidence> {
        let senders = self.senders();
        if senders.iter().any(|s| case.addresses.iter().any(|a| a.eq_ignore_ascii_case(s))) {
            return Some(Evidence::Address);
        }
        let shared = |d: &str| self.settings.freemail_domains.iter().any(|f| f.eq_ignore_ascii_case(d));
        let same = |s: &&str| case.addresses.iter().any(|a| domain(a).eq_ignore_ascii_case(domain(s)));
        senders.iter().any(|s| !domain(s).is_empty() && !shared(domain(s)) && same(s)).then_some(Evidence::Domain)
    }

    /// The From address. Reply-To is no evidence: anyone can write one.
    fn senders(&self) -> Vec<&'a str> {
        self.mail.from.iter().map(|f| f.address.as_str()).filter(|a| !a.is_empty()).collect()
    }
}

fn target(case: &CaseFacts) -> CaseId {
    case.merged_into.unwrap_or(case.id)
}

fn is_over(status: Status) -> bool {
    matches!(status, Status::Archived | Status::Cancelled | Status::Merged)
}

fn domain(address: &str) -> &str {
    address.rsplit_once('@').map_or("", |(_, d)| d)
}

/// A subject for comparison: letters and digits only, lower case.
fn normal(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
