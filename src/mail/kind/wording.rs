//! Automatic replies told by their words: subjects, self-descriptions, absence, acknowledgements.
//!
//! A person writes such words too ("the automatic reply said …", "I am out next week, can we talk on Monday?"), so they
//! count by place and company: near the begin, in a short text, with a promise or a deputy beside them, and without a
//! question, a request or matters of the case.

use super::super::{Kind, header};
use super::phrase::Class;
use super::{Case, Sender, person};

/// Longest text (folded bytes before any quote) of an absence note and an acknowledgement.
const MAX_NOTE: usize = 2500;

/// What a person does with the matter at hand; an absence note knows nothing of it.
const MATTER: &[&str] = &[
    "日志",
    "补丁",
    "截图",
    "测试",
    "安装",
    "报错",
    "重启",
    "附件",
    "发给您",
    "发给你",
    "发您",
    "发你",
    "给您发",
    "把",
    "帮我",
    "帮忙",
    "发给我",
    "log file",
    "logs",
    "screenshot",
    "attached",
    "attachment",
    "please find",
    "i'll send",
    "i will send",
    "i will test",
    "i'll test",
    "i tried",
    "we tried",
    "installed",
    "reboot",
    "error code",
    "let me know",
    "send me",
    "so please",
    "after that you can",
    "he would like",
    "she would like",
    "they would like",
    "your question",
    "until yesterday",
    "since yesterday",
    "seit gestern",
    "has been paid",
    "danach können sie",
    "bitte vorher",
    "bis gestern",
    "昨天刚",
    "刚回来",
    "刚休假",
    "今天才",
];

/// What stands before words of absence when it is over.
const PAST: &[&str] =
    &["i was ", "we were ", "i've been ", "i had been ", "had been ", " was ", " were ", "ich war ", "wir waren ", "j'étais ", "estuve "];

/// Words that name an automatic mail as such, in subject or text. One that answers nothing and acknowledges nothing is a
/// system's notice (`list`).
pub fn certain(case: &Case<'_>) -> Option<(Kind, String)> {
    if let Some(why) = subject(case) {
        return Some((Kind::AutoReply, why));
    }
    let (why, is_reply) = description(case)?;
    let fresh = &case.words.fresh;
    let told = is_reply || [Class::Away, Class::AckStrong, Class::Ack].iter().any(|c| fresh.has(*c)) || person::answers(case.mail);
    let is_system = case.sender != Sender::Person || !case.signs.submitted.is_empty() || case.signs.list.is_some();
    Some((if told || !is_system { Kind::AutoReply } else { Kind::List }, why))
}

fn subject(case: &Case<'_>) -> Option<String> {
    if let Some((prefix, _)) = case.words.subject.get(Class::Recall) {
        return Some(format!("subject \"{prefix}\""));
    }
    let (phrase, at) = case.words.subject.get(Class::Auto)?;
    let names_itself = ["auto", "自动", "自動", "자동", "авто", "réponse", "αυτό"].iter().any(|w| phrase.contains(w));
    let fresh = &case.words.fresh;
    let told = [Class::Auto, Class::Away, Class::AckStrong, Class::Ack].iter().any(|c| fresh.has(*c));
    let is_reply =
        (case.mail.subject.is_reply || case.mail.subject.is_forward) && !case.words.opens && !phrase.starts_with(['(', '[', '【']);
    let asked = case.words.asks() || matters(case);
    let believed = match form(phrase, &case.words.title[at + phrase.len()..]) {
        _ if is_reply => told && !case.words.asks(),
        Form::Title if names_itself => told || !case.words.asks(),
        Form::Title => (told && !asked) || fresh.has(Class::AwayCompany) || (case.words.fresh_len < 400 && !asked),
        Form::Goes if names_itself => told || !asked,
        Form::Goes | Form::Glued => !asked && (fresh.has(Class::AwayCompany) || fresh.has(Class::Auto)),
        Form::Dated => told && !asked,
    };
    believed.then(|| format!("subject \"{phrase}\""))
}

/// How a subject goes on after a phrase of automatic mail.
enum Form {
    /// `外出`, `Vacation: update`, `Automatic reply: x`.
    Title,
    /// `Out of office until Monday`.
    Dated,
    /// `Vacation server down`: a topic, unless the text agrees.
    Goes,
    /// `Автоответчик`, `自动回复功能`: another word.
    Glued,
}

fn form(phrase: &str, rest: &str) -> Form {
    let next = rest.trim_start();
    let closed = phrase.ends_with([':', '-', ')', ']', '】']);
    if closed || next.is_empty() || next.starts_with([':', '-', '–', '(', '!', '.', ',', '。', '~', '|', '/', '】', ']', ')']) {
        return Form::Title;
    }
    let dates =
        ["until", "till", "from", "through", "bis", "ab ", "vom", "jusqu", "hasta", "fino", "tot ", "até", "do ", "до ", "с ", "至", "到"];
    if next.starts_with(|c: char| c.is_ascii_digit()) || dates.iter().any(|w| next.starts_with(w)) {
        return Form::Dated;
    }
    if rest.starts_with(char::is_alphanumeric) { Form::Glued } else { Form::Goes }
}

/// The text says of itself that a machine wrote it.
fn description(case: &Case<'_>) -> Option<(String, bool)> {
    let (phrase, at) = case.words.fresh.get(Class::Auto)?;
    let this = ["this ", "此", "本", "这是", "dies", "ce", "est", "quest", "dit ", "это", "данное", "このメール", "to jest"];
    let points_at_itself = this.iter().any(|w| phrase.starts_with(w));
    let is_person = case.words.asks() && !(points_at_itself && at < 150);
    let is_footer = at > 600 || (at > 200 && person::answers(case.mail) && (case.words.asks() || matters(case)));
    let replies = [
        "回复",
        "回覆",
        "答复",
        "reply",
        "response",
        "acknowledg",
        "vacation",
        "office",
        "antwort",
        "réponse",
        "respuesta",
        "返信",
        "応答",
    ];
    let is_reply = replies.iter().any(|w| phrase.contains(w)) && !["not re", "请勿", "请不要", "請勿"].iter().any(|w| phrase.contains(w));
    (!is_person && !is_footer).then(|| (format!("text \"{phrase}\""), is_reply))
}

fn matters(case: &Case<'_>) -> bool {
    MATTER.iter().any(|w| case.words.fresh_text().contains(w))
}

/// Absence and acknowledgement where no header speaks.
pub fn likely(case: &Case<'_>) -> Option<String> {
    let why = absence(case).or_else(|| acknowledgement(case))?;
    let words = case.words;
    let is_cut = !words.is_whole && !words.quotes();
    if words.fresh_len > MAX_NOTE || is_cut || words.asks() || matters(case) {
        return None;
    }
    Some(format!("text \"{}\"", header::floor(why, 90)))
}

fn absence<'a>(case: &Case<'a>) -> Option<&'a str> {
    let fresh = &case.words.fresh;
    let (phrase, at) = fresh.get(Class::Away).filter(|(_, at)| *at < 300)?;
    // Who tells of an absence that is over is back.
    if PAST.iter().any(|w| case.words.text[..at].ends_with(w)) {
        return None;
    }
    let letters = case.words.fresh_text().chars().filter(|c| c.is_alphanumeric()).take(80).count();
    let alone = letters < 80 && !person::answers(case.mail);
    (fresh.has(Class::AwayCompany) || alone).then_some(phrase)
}

fn acknowledgement<'a>(case: &Case<'a>) -> Option<&'a str> {
    let fresh = &case.words.fresh;
    let (strong, all) = (fresh.count(Class::AckStrong), fresh.count(Class::AckStrong) + fresh.count(Class::Ack));
    let (phrase, at) = fresh.get(Class::AckStrong).or_else(|| fresh.get(Class::Ack))?;
    let answers = person::answers(case.mail);
    let receives = phrase.contains("您的邮件") || phrase.contains("您的来信") || phrase.contains("来信已收到");
    let is_bare = receives && at < 40 && case.words.fresh_len < 120;
    let is_desk = case.signs.suppresses() || case.signs.ticket.is_some();
    let enough = match (answers, is_desk) {
        (true, false) => strong > 0 && all > 1,
        (false, false) => all > 1,
        (_, true) => all > 0,
    };
    (at < 400 && (enough || is_bare)).then_some(phrase)
}
