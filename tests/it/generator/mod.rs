//! A seeded generator of support threads with planted difficulties: the same seed, the same mails, on every machine.
//!
//! Interactive, for a customer's reply depends on what we sent: `next` says either "this mail arrives" or "the desk answers
//! that case now", and asks for our last mail of a case when it needs its Message-ID and subject. Cases interleave in
//! arrival order. The truth (which case a mail belongs to) stays with the mail and is never written into it.

// The threading test and the benchmark each use a part of it.
#![allow(dead_code)]

pub mod difficulty;
pub mod words;
pub mod write;

pub use difficulty::Difficulty;
use std::collections::VecDeque;
use words::{Dice, Person};
use write::{Client, Letter, Quoted};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
/// Monday, 6 July 2026, 08:00 in Shanghai: when the first mail arrives.
pub const START: i64 = 1_783_296_000_000;

/// A mail that arrives, with its truth.
#[derive(Debug, Clone)]
pub struct Generated {
    pub raw: Vec<u8>,
    /// The case it belongs to, counted by the generator.
    pub case: usize,
    pub difficulty: Difficulty,
    /// Arrival, UTC milliseconds.
    pub at: i64,
}

/// What happens next in the mailbox.
#[derive(Debug)]
pub enum Next {
    Mail(Generated),
    /// The desk answers this case now.
    Answer {
        case: usize,
        at: i64,
    },
}

/// What we last sent in a case.
#[derive(Debug, Clone)]
pub struct OurMail {
    pub message_id: String,
    pub subject: String,
}

/// Our last mail of a case; None when we sent none.
pub type Ours<'a> = &'a dyn Fn(usize) -> Option<OurMail>;

struct Case {
    customer: Person,
    client: Client,
    is_zh: bool,
    title: String,
    /// Indexes into `words::MATTERS` that this customer has already.
    matters: Vec<usize>,
    /// The customer's CRM numbered it.
    number: Option<String>,
    /// Somebody of another company who gets copies of the customer's request.
    partner: Option<Person>,
    /// Opened by answering a mail of this case.
    answers: Option<usize>,
    request_id: String,
    last_raw: Vec<u8>,
}

#[derive(Clone, Copy)]
enum What {
    Arrival(Difficulty),
    Answer,
}
#[derive(Clone, Copy)]
struct Planned {
    at: i64,
    case: usize,
    what: What,
}

pub struct Threads {
    dice: Dice,
    cases: Vec<Case>,
    plan: VecDeque<Planned>,
    serial: u64,
    /// Pad mails to about this many bytes; 0: as they are.
    size: usize,
}

/// `cases` requests (new matters come on top) in interleaved order.
pub fn threads(seed: u64, cases: usize) -> Threads {
    sized_threads(seed, cases, 0)
}

/// As `threads`, each mail padded with a log excerpt and an attachment to about `size` bytes.
pub fn sized_threads(seed: u64, cases: usize, size: usize) -> Threads {
    let mut t = Threads { dice: Dice::new(seed), cases: Vec::new(), plan: VecDeque::new(), serial: 0, size };
    let mut deck = Vec::new();
    let mut plan = Vec::new();
    for i in 0..cases {
        let special = t.open_case(i);
        t.plan_case(i, special, START + i as i64 * 40 * MINUTE, &mut deck, &mut plan);
    }
    for old in (0..cases).step_by(7) {
        t.plan_new_matter(old, &mut plan);
    }
    plan.sort_by_key(|p| (p.at, p.case));
    t.plan = plan.into();
    t
}

impl Threads {
    /// The case's people and title. Of every six: a pair with one title, a pair of one customer, one with rare characters.
    fn open_case(&mut self, i: usize) -> Option<Difficulty> {
        let dice = &mut self.dice;
        let is_zh = dice.percent(85);
        let mut case = Case {
            customer: words::person(dice, i),
            client: match is_zh {
                true => *dice.pick(&[Client::Foxmail, Client::OutlookZh, Client::Qq, Client::Coremail, Client::Thunderbird]),
                false => *dice.pick(&[Client::OutlookEn, Client::Thunderbird]),
            },
            is_zh,
            title: String::new(),
            matters: Vec::new(),
            number: dice.percent(50).then(|| number(dice, 60_000 + i)),
            partner: dice.percent(60).then(|| words::person(dice, 20_000 + i)),
            answers: None,
            request_id: String::new(),
            last_raw: Vec::new(),
        };
        let special = match (i % 6, self.cases.last()) {
            (1, Some(previous)) => {
                (case.is_zh, case.client, case.title) = (previous.is_zh, previous.client, previous.title.clone());
                case.matters = previous.matters.clone();
                Some(Difficulty::SameSubject)
            }
            (3, Some(previous)) => {
                (case.customer, case.client, case.is_zh) = (previous.customer.clone(), previous.client, previous.is_zh);
                case.matters = previous.matters.clone();
                Some(Difficulty::TwoOpenCases)
            }
            (0, _) => Some(Difficulty::SameSubject),
            (2, _) => Some(Difficulty::TwoOpenCases),
            (5, _) => Some(Difficulty::RareCharacters),
            _ => None,
        };
        if special == Some(Difficulty::RareCharacters) {
            (case.is_zh, case.client) = (true, *dice.pick(&[Client::Foxmail, Client::OutlookZh]));
        }
        if case.title.is_empty() {
            let (matter, title) = words::title(dice, &case.matters, case.is_zh);
            case.matters.push(matter);
            case.title = title;
        }
        if special == Some(Difficulty::RareCharacters) {
            case.title = format!("{}（联系人朱镕喆、囍堃）", case.title);
        }
        self.cases.push(case);
        special
    }

    /// Request, answer, then two to four mails of the customer, some of them answered.
    fn plan_case(&mut self, case: usize, special: Option<Difficulty>, start: i64, deck: &mut Vec<Difficulty>, plan: &mut Vec<Planned>) {
        let dice = &mut self.dice;
        let mut add = |at, what| plan.push(Planned { at, case, what });
        add(start, What::Arrival(Difficulty::Request));
        let mut at = start + (60 + dice.below(180) as i64) * MINUTE;
        add(at, What::Answer);
        for n in 0..2 + dice.below(3) {
            at += (120 + dice.below(1200) as i64) * MINUTE;
            let drawn = match special {
                Some(special) if n == 0 => special,
                _ => draw(dice, deck),
            };
            add(at, What::Arrival(drawn));
            if dice.percent(60) {
                at += (30 + dice.below(240) as i64) * MINUTE;
                add(at, What::Answer);
            }
        }
    }

    /// Two or three days later the customer of `old` opens another matter by answering our mail.
    fn plan_new_matter(&mut self, old: usize, plan: &mut Vec<Planned>) {
        let first = plan.iter().find(|p| p.case == old).map_or(START, |p| p.at);
        let at = first + 50 * HOUR + self.dice.below(24 * 60) as i64 * MINUTE;
        let from = &self.cases[old];
        let (matter, title) = words::title(&mut self.dice, &from.matters, from.is_zh);
        let number = self.dice.percent(50).then(|| number(&mut self.dice, 90_000 + old));
        let new = Case {
            customer: from.customer.clone(),
            client: from.client,
            is_zh: from.is_zh,
            title,
            matters: [from.matters.as_slice(), &[matter]].concat(),
            number,
            partner: None,
            answers: Some(old),
            request_id: String::new(),
            last_raw: Vec::new(),
        };
        let case = self.cases.len();
        self.cases.push(new);
        let what = [What::Arrival(Difficulty::NewMatter), What::Answer, What::Arrival(Difficulty::Plain)];
        plan.extend(what.into_iter().enumerate().map(|(i, what)| Planned { at: at + i as i64 * 3 * HOUR, case, what }));
    }

    /// How many cases there are in truth.
    pub fn truths(&self) -> usize {
        self.cases.len()
    }

    pub fn next(&mut self, ours: Ours) -> Option<Next> {
        let Planned { at, case, what } = self.plan.pop_front()?;
        let difficulty = match what {
            What::Answer => return Some(Next::Answer { case, at }),
            What::Arrival(d) => d,
        };
        let (difficulty, raw) = match difficulty {
            Difficulty::Request | Difficulty::NewMatter => (difficulty, self.request(case, at, ours)),
            Difficulty::Duplicate => (difficulty, self.cases[case].last_raw.clone()),
            Difficulty::Resend => (difficulty, self.resend(case, at)),
            _ => self.reply(case, at, difficulty, ours),
        };
        Some(Next::Mail(Generated { raw, case, difficulty, at }))
    }

    fn request(&mut self, case: usize, at: i64, ours: Ours) -> Vec<u8> {
        let id = self.message_id(case);
        let c = &self.cases[case];
        let matter = &words::MATTERS[*c.matters.last().expect("every case has a matter")];
        let subject = match &c.number {
            Some(number) => format!("[案例号: {number} ] % {}", c.title),
            None => c.title.clone(),
        };
        let mut letter = self.letter(case, at, id.clone(), subject);
        let c = &self.cases[case];
        letter.text = match c.is_zh {
            true => format!("您好！\n\n{}\n\n谢谢。\n\n{}\n{}\n", matter.text_zh, c.customer.name, c.customer.company),
            false => format!("Hello,\n\n{}\n\nBest regards,\n{}\n", matter.text_en, c.customer.name),
        };
        letter.extra.extend(c.partner.iter().map(|p| format!("Cc: <{}>", p.address)));
        if let Some(old) = c.answers {
            let last = ours(old);
            letter.in_reply_to = Some(last.as_ref().map_or_else(|| self.cases[old].request_id.clone(), |o| o.message_id.clone()));
            letter.references = letter.in_reply_to.iter().cloned().collect();
            letter.quoted = last.map(|o| quoted(&o));
        }
        self.cases[case].request_id = id;
        self.send(case, letter)
    }

    /// The last mail again, through a gateway that adds a header.
    fn resend(&mut self, case: usize, at: i64) -> Vec<u8> {
        let mut raw = format!("Received: from gateway.{} by mx.desk.example; {at}\r\n", self.cases[case].customer.domain()).into_bytes();
        raw.extend_from_slice(&self.cases[case].last_raw);
        self.cases[case].last_raw = raw.clone();
        raw
    }

    fn reply(&mut self, case: usize, at: i64, difficulty: Difficulty, ours: Ours) -> (Difficulty, Vec<u8>) {
        let id = self.message_id(case);
        let last = ours(case);
        let c = &self.cases[case];
        let subject = match (&last, &c.number) {
            (Some(o), _) => o.subject.clone(),
            (None, Some(number)) => format!("[案例号: {number} ] % {}", c.title),
            (None, None) => c.title.clone(),
        };
        let mut letter = self.letter(case, at, id, format!("{}{subject}", self.cases[case].client.reply_prefix()));
        letter.in_reply_to = Some(last.as_ref().map_or_else(|| self.cases[case].request_id.clone(), |o| o.message_id.clone()));
        letter.references = vec![self.cases[case].request_id.clone()];
        letter.references.extend(last.as_ref().map(|o| o.message_id.clone()));
        letter.quoted = last.as_ref().map(quoted);
        let additions = if self.cases[case].is_zh { words::ADDITIONS_ZH } else { words::ADDITIONS_EN };
        letter.text = format!("{}\n\n{}\n", self.dice.pick(additions), letter.from.name);
        let planted = self.plant(&mut letter, case, difficulty, &subject, ours);
        (planted, self.send(case, letter))
    }

    /// Does to the letter what the difficulty says; returns the one that it became.
    fn plant(&mut self, letter: &mut Letter, case: usize, difficulty: Difficulty, subject: &str, ours: Ours) -> Difficulty {
        let (title, prefix) = (self.cases[case].title.clone(), letter.client.reply_prefix());
        let cut = |letter: &mut Letter| {
            letter.in_reply_to = None;
            letter.references.clear();
        };
        match difficulty {
            Difficulty::NoReferences => cut(letter),
            Difficulty::LostNumber => {
                let rewritten = if self.cases[case].is_zh { "补充日志和截图" } else { "logs as promised" };
                letter.subject = format!("{prefix}{}", if self.dice.percent(50) { &title } else { rewritten });
            }
            Difficulty::PrefixStack => {
                letter.subject = format!("答复: 回复: Re: 转发: {subject}");
                if self.dice.percent(50) {
                    cut(letter);
                }
            }
            Difficulty::BodyNamesAnother => {
                let other = self.dice.below(self.cases.len());
                let number = number_in(ours(other).map(|o| o.subject).unwrap_or_default()).unwrap_or("CAS-60001-A1B2C3".to_owned());
                letter.text =
                    format!("{}\n另外，这个和案例号 {number} 的问题是不是一个原因？请一并看一下 [案例号: {number} ]。\n", letter.text);
                if self.dice.percent(50) {
                    letter.subject = format!("{prefix}{title}");
                }
            }
            Difficulty::Colleague => {
                let serial = self.serial as usize + 10_000;
                letter.from = words::colleague(&mut self.dice, &letter.from, serial);
                letter.subject = format!("转发: {subject}");
                letter.text = format!("您好，我是同事{}，这个问题以后由我跟进。\n\n{}", letter.from.name, letter.text);
                if number_in(subject.to_owned()).is_some() && !words::FREEMAIL.contains(&letter.from.domain()) {
                    cut(letter);
                }
            }
            Difficulty::CopiedPartner => {
                let Some(partner) = self.cases[case].partner.clone() else { return Difficulty::Plain };
                letter.from = partner;
                cut(letter);
            }
            Difficulty::TwoNumbers => {
                let other = self.dice.below(self.cases.len());
                let Some(number) = ours(other).and_then(|o| number_in(o.subject)) else { return Difficulty::Plain };
                letter.subject = format!("{prefix}同 {number} 的问题 {subject}");
            }
            Difficulty::GatewayTag => {
                let tag = *self.dice.pick(&["[外部邮件] ", "***SPAM*** ", "[External Mail] "]);
                letter.subject = format!("{tag}{prefix}{title}");
                cut(letter);
            }
            Difficulty::TokenAlone | Difficulty::WrappedToken => return self.plant_token(letter, case, difficulty, subject, ours),
            Difficulty::SameSubject | Difficulty::TwoOpenCases => {
                letter.subject = format!("{prefix}{title}");
                cut(letter);
            }
            Difficulty::RareCharacters | Difficulty::PhoneNoPrefix => {
                letter.client = if difficulty == Difficulty::PhoneNoPrefix { Client::Phone } else { Client::Thunderbird };
                let prefix = if difficulty == Difficulty::PhoneNoPrefix { "" } else { "Re: " };
                letter.subject = format!("{prefix}{title}");
                letter.quoted = None;
                cut(letter);
            }
            Difficulty::NumberWritten => {
                let Some(number) = number_in(subject.to_owned()) else { return Difficulty::Plain };
                let written = if self.dice.percent(50) { number.to_lowercase() } else { full_width(&number) };
                letter.subject = format!("{prefix}案例号：{written} 补充信息");
                cut(letter);
            }
            Difficulty::OutOfOffice => {
                letter.subject = format!("自动答复: {subject}");
                letter.text = "您好：\n\n我正在出差，期间不能及时处理邮件，回来以后尽快回复。\n".to_owned();
                letter.quoted = None;
                letter.extra = vec!["Auto-Submitted: auto-replied".to_owned(), "X-Auto-Response-Suppress: All".to_owned()];
            }
            _ => {}
        }
        difficulty
    }

    /// Number and References gone, the token left; for a wrapped one, another case must have used it.
    fn plant_token(&mut self, letter: &mut Letter, case: usize, difficulty: Difficulty, subject: &str, ours: Ours) -> Difficulty {
        let Some(token) = token_in(subject) else { return Difficulty::Plain };
        letter.in_reply_to = None;
        letter.references.clear();
        let is_taken = |k: usize| k != case && ours(k).is_some_and(|o| token_in(&o.subject) == Some(token));
        if difficulty == Difficulty::WrappedToken && (0..self.cases.len()).any(is_taken) {
            letter.subject = format!("{}{} {token}", letter.client.reply_prefix(), self.cases[case].title);
            return Difficulty::WrappedToken;
        }
        letter.subject = format!("{}关于您的回复 {token}", letter.client.reply_prefix());
        Difficulty::TokenAlone
    }

    fn letter(&self, case: usize, at: i64, message_id: String, subject: String) -> Letter {
        let c = &self.cases[case];
        Letter {
            client: c.client,
            from: c.customer.clone(),
            subject,
            at,
            message_id,
            in_reply_to: None,
            references: Vec::new(),
            text: String::new(),
            quoted: None,
            extra: Vec::new(),
            attachment: None,
        }
    }

    fn message_id(&mut self, case: usize) -> String {
        self.serial += 1;
        // wide apart, as clients make them; unique for a seed
        let n = self.serial << 24 | self.dice.next() >> 40;
        self.cases[case].client.message_id(n, self.cases[case].customer.domain())
    }

    fn send(&mut self, case: usize, mut letter: Letter) -> Vec<u8> {
        if self.size > 0 {
            letter.text.push_str(&log_excerpt(&mut self.dice, self.size / 8));
            let so_far = write::write(&letter).len();
            let rest = self.size.saturating_sub(so_far + 400) * 37 / 50;
            letter.attachment = (rest > 64).then(|| (0..rest / 8).flat_map(|_| self.dice.next().to_le_bytes()).collect());
        }
        let raw = write::write(&letter);
        self.cases[case].last_raw = raw.clone();
        raw
    }
}

fn draw(dice: &mut Dice, deck: &mut Vec<Difficulty>) -> Difficulty {
    if deck.is_empty() {
        deck.extend_from_slice(Difficulty::FREE);
    }
    deck.swap_remove(dice.below(deck.len()))
}

fn number(dice: &mut Dice, sequence: usize) -> String {
    let suffix: String =
        (0..6).map(|i| if i % 2 == 0 { (b'A' + dice.below(26) as u8) as char } else { (b'0' + dice.below(10) as u8) as char }).collect();
    format!("CAS-{sequence:05}-{suffix}")
}

/// The first case number in a subject as we write it.
fn number_in(subject: String) -> Option<String> {
    let at = subject.find("CAS-")?;
    Some(subject[at..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect())
}

/// The tracking token at the end of a subject as we write it.
fn token_in(subject: &str) -> Option<&str> {
    subject.rsplit(' ').next().filter(|t| t.contains(':') && t.ends_with(|c: char| c.is_ascii_digit()))
}

fn full_width(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_graphic() { char::from_u32(c as u32 + 0xFEE0).unwrap_or(c) } else { c }).collect()
}

fn quoted(ours: &OurMail) -> Quoted {
    let text = "您好！\n\n接下来，我们将开始合作解决这个问题。如果您有其他任何疑问，也欢迎随时与我联系。\n".to_owned();
    Quoted { from: "技术支持".to_owned(), subject: ours.subject.clone(), text }
}

/// Lines of a servicing log, about `bytes` long.
fn log_excerpt(dice: &mut Dice, bytes: usize) -> String {
    let mut out = String::from("\n日志摘录：\n");
    while out.len() < bytes {
        let (n, ms) = (dice.below(60), dice.below(1000));
        out.push_str(&format!(
            "2026-07-23 09:{n:02}:{n:02}, Info CBS Exec: Processing complete. Session: 310{ms:03}_{:08}\n",
            dice.below(90_000_000)
        ));
    }
    out
}
