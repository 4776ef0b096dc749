//! Words that mail programs put before a subject: reply, forward, automatic mail; in the languages of the clients, with counters.
//!
//! `Re:` `RE[2]:` `Re^2:` `Fw(3)：` `AW :` `回复：`. The word must be the whole text before the colon, so that `主题：` or `关于: x` are titles.
//! `R:` and `I:` (Italian) are prefixes only where a letter follows that does not speak of a drive.

/// What a prefix says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prefix {
    Reply,
    Forward,
    Automatic,
    /// A gateway's word with a colon (`EXTERNAL:`).
    Tag,
}

use Prefix::{Automatic, Forward, Reply, Tag};

/// Lower case. Yahoo Indonesia (`bls`, `trs`), Latvian (`atb`, `pārs`), Lithuanian (`ats`, `pers`) and the like as their Outlooks write them.
#[rustfmt::skip]
const WORDS: &[(Prefix, &[&str])] = &[
    (
        Reply,
        &[
            "re", "回复", "答复", "回覆", "答覆", "回應", "回应", "回信", "返信", "aw", "antw", "antwort", "antwoord", "sv", "svar", "vs",
            "res", "rif", "odp", "ynt", "yan", "odg", "vá", "válasz", "bls", "atb", "ats", "rép", "reply", "reply all", "全部答复",
            "全部回复", "回复全部", "回复邮件", "回復", "答復", "απ", "σχετ", "отв", "ответ", "на", "תגובה", "השב", "رد", "trả lời", "tl",
            "ตอบกลับ", "ตอบ", "회신", "답장", "답신", "답변",
        ],
    ),
    (
        Forward,
        &[
            "fw", "fwd", "forward", "forwarded", "转发", "轉寄", "轉發", "转寄", "转", "轉", "wg", "weitergeleitet", "tr", "rv", "enc",
            "vl", "vb", "pd", "i̇lt", "ilt", "trs", "továbbítás", "továbbítva", "tov", "doorst", "videresendt", "inoltra", "inoltrato",
            "reenviado", "encaminhada", "transféré", "pārs", "pers", "πρθ", "пересл", "пер", "הועבר", "إعادة توجيه", "chuyển tiếp",
            "ส่งต่อ", "転送", "전달", "转发邮件", "转 发",
        ],
    ),
    (
        Automatic,
        &[
            "自动回复", "自动答复", "自動回覆", "自動回復", "自動答覆", "自動返信", "自动应答", "外出", "不在办公室", "外出时的自动答复",
            "不在辦公室", "auto reply", "auto-reply", "autoreply", "automatic reply", "automatic response", "auto response",
            "auto-response", "automated reply", "out of office", "out of the office", "out of office autoreply", "out of office reply",
            "automatische antwort", "abwesenheitsnotiz", "abwesend", "réponse automatique", "absence du bureau", "respuesta automática",
            "resposta automática", "risposta automatica", "automatisch antwoord", "automatiskt svar", "autosvar", "automatisk svar",
            "automaattinen vastaus", "automatyczna odpowiedź", "odpowiedź automatyczna", "автоматический ответ", "автоответ",
            "otomatik yanıt", "자동 회신", "자동회신", "不在通知", "撤回", "recall", "已接受", "已拒绝", "已取消", "已暂定", "暂定",
            "已接受會議", "accepted", "declined", "canceled", "cancelled", "tentative", "已读", "已讀", "read", "未读", "not read",
            "trả lời tự động", "自動応答", "已读回执", "已讀回條", "无法送达", "無法傳遞", "已延迟", "延迟送达", "delayed", "delivery delayed", "no se puede entregar", "non remis", "unzustellbar", "não entregue", "não é possível entregar", "onbestelbaar", "配信不能", "не доставлено", "recapito non riuscito", "未送达", "未傳遞", "undeliverable", "undelivered", "新时间建议", "new time proposed",
        ],
    ),
    (Tag, &["external", "ext", "external email", "external mail", "外部邮件", "spam", "suspected spam", "垃圾邮件", "可疑邮件"]),
];

/// Longest word in bytes, with its counter and blanks.
const REACH: usize = 72;

/// The prefix that `text` begins with, and where the rest begins.
pub fn prefix(text: &str) -> Option<(Prefix, usize)> {
    let (at, colon) = text.char_indices().take_while(|(at, _)| *at < REACH).find(|(_, c)| is_colon(*c))?;
    let end = at + colon.len_utf8();
    let word = without_counter(text[..at].trim_end());
    if let "R" | "I" = word {
        return is_italian(&text[end..]).then_some((if word == "R" { Reply } else { Forward }, end));
    }
    let first = word.chars().next()?.to_lowercase().next()?;
    let lead = first.encode_utf8(&mut [0; 4]).as_bytes()[0];
    let is_known = |words: &[&str]| words.iter().any(|known| known.as_bytes()[0] == lead && is_same(word, known));
    let kind = WORDS.iter().find(|(_, words)| is_known(words))?.0;
    Some((kind, end))
}

fn is_colon(c: char) -> bool {
    matches!(c, ':' | '：' | '﹕' | '︰' | '∶')
}

fn is_same(word: &str, known: &str) -> bool {
    if word.is_ascii() {
        return word.eq_ignore_ascii_case(known);
    }
    // Lower-casing keeps the number of bytes within a factor of two.
    word.len() <= known.len() * 2 && word.chars().flat_map(char::to_lowercase).eq(known.chars())
}

/// Without `[2]`, `(3)`, `（3）`, `^2`, `*2`, `2` after the word.
fn without_counter(word: &str) -> &str {
    let open = word.strip_suffix([']', ')', '）', '】']);
    let digits = open.unwrap_or(word).trim_end();
    let bare = digits.trim_end_matches(|c: char| c.is_ascii_digit());
    let count = digits.len() - bare.len();
    if !(1..=3).contains(&count) {
        return word;
    }
    let bare = bare.trim_end();
    match open {
        Some(_) => bare.strip_suffix(['[', '(', '（', '【']).map_or(word, str::trim_end),
        None => bare.strip_suffix(['^', '*']).unwrap_or(bare).trim_end(),
    }
}

/// After `R:` or `I:`: a Latin title, not a drive.
fn is_italian(rest: &str) -> bool {
    let title = rest.trim_start();
    let word = title.split(|c: char| !c.is_alphanumeric()).next().unwrap_or("").to_ascii_lowercase();
    title.len() < rest.len()
        && title.starts_with(|c: char| c.is_alphabetic() && c.is_ascii() || matches!(c, 'À'..='ÿ'))
        && !matches!(word.as_str(), "drive" | "disk" | "partition" | "volume" | "is" | "disc")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[rustfmt::skip]
    #[test]
    fn prefixes() {
        for text in [
            "Re: x", "RE :x", "re：x", "RE[2]: x", "Re (12): x", "Re^2: x", "Re*3: x", "Re2: x", "回复[3]：x", "答覆﹕x", "Vá: x",
            "Réf: x", "ОТВ: x",
        ] {
            let want = if text.starts_with("Réf") { None } else { Some(Reply) };
            assert_eq!(prefix(text).map(|p| p.0), want, "{text}");
        }
        for text in ["FW: x", "轉寄：x", "İLT: x", "ilt: x", "Fwd（2）：x", "転送: x", "I: Problema"] {
            assert_eq!(prefix(text).map(|p| p.0), Some(Forward), "{text}");
        }
        for text in ["自动回复: x", "Out of Office AutoReply: x", "Réponse automatique : x", "RÉPONSE AUTOMATIQUE : x", "Recall: x"] {
            assert_eq!(prefix(text).map(|p| p.0), Some(Automatic), "{text}");
        }
        for text in [
            "R: 盘", "R: drive", "R:x", "关于: x", "RE 补丁", "Re1234: x", "主题：x", "Report: x", "回复慢：x", "KB:x", "", ":",
            "C: Users", "Re[x]: y",
        ] {
            assert_eq!(prefix(text), None, "{text}");
        }
    }
}
