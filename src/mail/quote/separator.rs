//! Lines drawn between a mail and the one it answers or forwards: `-----Original Message-----` and its relatives, the rules of
//! Outlook and Foxmail, and the markers of help desks (`##- Please type your reply above this line -##`).
//!
//! The words count only between rule characters (hyphens of any kind, underscores, asterisks), or alone on a line when a header
//! follows; text may be glued after the closing rule.

use crate::mail::phrase::{self, Phrases};
use std::sync::LazyLock;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Separator {
    Original,
    Forwarded,
    /// The end of what was forwarded.
    End,
    /// What stands below is not for the reader.
    ReplyAbove,
}

#[rustfmt::skip]
const ORIGINAL: &[&str] = &[
    "original message", "original email", "original e-mail", "original mail", "original appointment", "original", "reply message", "replied message", "reply mail", "message history", "previous message", "original msg",
    "原始邮件", "原始郵件", "邮件原件", "郵件原件", "原邮件", "原郵件", "原始訊息", "原始消息", "原始邮件内容", "回复的原邮件", "回覆的原郵件", "回复的邮件", "回覆的郵件", "原文", "原信件", "邮件原文", "郵件原文", "原邮件信息", "原邮件内容", "以下为原邮件", "以下是原邮件", "历史邮件", "元のメッセージ", "オリジナルメッセージ", "original message from", "message from",
    "ursprüngliche nachricht", "urspruengliche nachricht", "urspr", "originalnachricht", "original-nachricht", "original nachricht", "message d'origine", "message original", "message initial", "courriel original", "courriel d'origine", "mail original",
    "mensaje original", "mensagem original", "messaggio originale", "messaggio original", "oorspronkelijk bericht", "origineel bericht", "oorspronkelijke bericht", "wiadomość oryginalna", "oryginalna wiadomość", "wiadomosc oryginalna",
    "исходное сообщение", "оригинальное сообщение", "исходное письмо", "ursprungligt meddelande", "originalmeddelande", "oprindelig meddelelse", "original meddelelse", "opprinnelig melding", "alkuperäinen viesti", "원본 메시지", "원본 메일", "원본메시지", "tin nhắn gốc", "thư gốc",
    "orijinal mesaj", "orijinal ileti", "özgün ileti", "původní zpráva", "původní e-mail", "pôvodná správa", "eredeti üzenet", "izvorna poruka", "mesajul original",
];
#[rustfmt::skip]
const FORWARDED: &[&str] = &[
    "forwarded message", "forwarded mail", "forwarded email", "forwarded e-mail", "forwarded by", "begin forwarded message", "forwarded from", "start of forwarded message", "forward message",
    "转发的邮件", "转发的原邮件", "转发邮件信息", "转发邮件", "转发的邮件信息", "转发信息", "转发消息", "轉寄訊息", "转发内容", "轉寄的郵件", "轉寄郵件", "已轉寄的郵件", "已转发邮件", "已转发的邮件", "转发人", "轉寄人", "开始转发的邮件", "開始轉寄郵件", "転送メッセージ", "転送されたメッセージ", "転送されたメール",
    "weitergeleitete nachricht", "anfang der weitergeleiteten nachricht", "anfang der weitergeleiteten e-mail", "weitergeleitet von", "message transféré", "message transmis", "début du message réexpédié", "début du message transféré", "transféré par", "courriel transféré",
    "mensaje reenviado", "inicio del mensaje reenviado", "mensagem encaminhada", "mensagem reencaminhada", "início da mensagem encaminhada", "messaggio inoltrato", "inizio messaggio inoltrato", "doorgestuurd bericht", "begin doorgestuurd bericht", "wiadomość przekazana dalej", "przekazana wiadomość", "treść przekazanej wiadomości",
    "пересылаемое сообщение", "перенаправленное сообщение", "пересланное сообщение", "начало переадресованного сообщения", "vidarebefordrat meddelande", "vidarebefordrat brev", "videresendt meddelelse", "videresendt melding", "välitetty viesti", "전달된 메시지", "전달된 메일", "thư được chuyển tiếp", "chuyển tiếp",
    "iletilen mesaj", "iletilmiş mesaj", "přeposlaná zpráva", "továbbított üzenet", "továbbított levél",
];
const END: &[&str] = &[
    "end forwarded message",
    "end of forwarded message",
    "ende der weitergeleiteten nachricht",
    "fin du message transféré",
    "转发邮件结束",
];
#[rustfmt::skip]
const ABOVE: &[&str] = &[
    "reply above this", "reply above the", "reply above", "type your reply above", "write your reply above", "write above this", "type above this", "respond above this", "add your reply above", "replies above this", "write below this line", "type below this line", "edit below this line",
    "行上方回复", "线上方回复", "线以上回复", "在上方回复", "此行上方", "此线上方", "以上回复", "行上方輸入", "以上に返信", "この行より上", "antworten sie oberhalb", "oberhalb dieser zeile", "über dieser zeile", "répondre au-dessus", "au-dessus de cette ligne",
    "encima de esta línea", "por encima de esta línea", "acima desta linha", "sopra questa riga", "boven deze regel", "powyżej tej linii", "выше этой строки", "ovanför denna rad", "over denne linje",
];

static WORDS: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(&[ORIGINAL, FORWARDED, END]));
static IS_FORWARD: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(&[FORWARDED]));
static IS_END: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(&[END]));
/// Words that alone, without any rule, begin a forward (Apple Mail).
const ALONE: &[&str] = &[
    "begin forwarded message",
    "开始转发的邮件",
    "開始轉寄郵件",
    "anfang der weitergeleiteten",
    "début du message",
    "inicio del mensaje reenviado",
    "inizio messaggio inoltrato",
    "begin doorgestuurd bericht",
    "início da mensagem",
    "начало переадресованного",
];

/// What a line separates; `labelled`: the line below is a header label, so the words need no rule around them.
pub fn separator(line: &str, labelled: impl FnOnce() -> bool, buffer: &mut String) -> Option<Separator> {
    let lead = line.trim_start_matches(|c: char| phrase::is_rule_char(c) || c.is_whitespace() || matches!(c, '<' | '[' | '|' | '+'));
    let drawn = line[..line.len() - lead.len()].chars().filter(|c| phrase::is_rule_char(*c)).count();
    if lead.is_empty() {
        return None;
    }
    if drawn < 2 && !WORDS.may_begin(lead) && !asks_above(lead) {
        return None;
    }
    // Seen in practice (QQ's text part): the entity left as it is.
    let folded = if lead.starts_with("&nbsp;") { phrase::fold(&lead.replace("&nbsp;", " "), buffer) } else { phrase::fold(lead, buffer) };
    if let Some(found) = WORDS.prefix_of(folded) {
        let rest = folded[found.len()..].trim_matches([' ', ':', ']', '>', '*']);
        let closed = rest.chars().take_while(|c| phrase::is_rule_char(*c)).count() >= 2;
        let is_closed = closed || ends_drawn(rest) && is_open_ended(found);
        let is_alone = rest.is_empty() && found.len() > 8;
        let fits = if drawn >= 2 { is_closed || is_alone } else { is_alone && (ALONE.iter().any(|a| found.starts_with(a)) || labelled()) };
        if fits {
            return Some(match () {
                () if IS_END.contains(found) => Separator::End,
                () if IS_FORWARD.contains(found) => Separator::Forwarded,
                () => Separator::Original,
            });
        }
    }
    let is_short = folded.len() < 160 && (drawn >= 2 || asks_above(lead));
    (is_short && ABOVE.iter().any(|words| folded.contains(words))).then_some(Separator::ReplyAbove)
}

/// `Please reply above …` without a rule.
fn asks_above(lead: &str) -> bool {
    let begins = ["Please ", "请", "Reply ", "reply above", "REPLY "].iter().any(|word| lead.starts_with(word));
    begins && lead.len() < 160
}

/// Words that a name and a date follow (`Forwarded by X on …`).
fn is_open_ended(found: &str) -> bool {
    found.ends_with(" by")
        || found.ends_with(" from")
        || found.ends_with(" von")
        || found.ends_with(" par")
        || found.ends_with('人')
        || found == "urspr"
}

fn ends_drawn(rest: &str) -> bool {
    rest.chars().rev().take_while(|c| phrase::is_rule_char(*c)).count() >= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        use Separator::{End, Forwarded, Original, ReplyAbove};
        for (line, want) in [
            ("-----Original Message-----", Some(Original)),
            ("-----Original Message-----From: X", Some(Original)),
            ("‐‐‐‐‐‐‐ Original Message ‐‐‐‐‐‐‐", Some(Original)),
            ("------- Original Message -------", Some(Original)),
            ("-------- Original message --------", Some(Original)),
            ("------------------\u{a0}原始邮件\u{a0}------------------", Some(Original)),
            ("-----Ursprüngliche Nachricht-----", Some(Original)),
            ("-----Message d’origine-----", Some(Original)),
            ("-----Urspr=FCngliche Nachricht-----", Some(Original)),
            ("________ Original message ________", Some(Original)),
            ("*** Original message ***", Some(Original)),
            ("---- Forwarded by X/Y on 10/12/2020 10:11 AM -----", Some(Forwarded)),
            ("---------- Forwarded message ---------", Some(Forwarded)),
            ("Begin forwarded message:", Some(Forwarded)),
            ("----- End forwarded message -----", Some(End)),
            ("##- Please type your reply above this line -##", Some(ReplyAbove)),
            ("--- Reply above this line ---", Some(ReplyAbove)),
            ("-- 请在此行上方回复 --", Some(ReplyAbove)),
            ("Original message was lost", None),
            ("Original message", None),
            ("----------", None),
            ("- original price", None),
            ("I could not reply above this line", None),
        ] {
            assert_eq!(separator(line, || false, &mut String::new()), want, "{line}");
        }
        assert_eq!(separator("Original message:", || true, &mut String::new()), Some(Original));
    }
}
