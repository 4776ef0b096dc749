//! The first words after a tag, read ahead: enough to tell a reply from a forward, and a header block from prose.

use crate::mail::{entity, header};
use aho_corasick::{AhoCorasick, AhoCorasickKind};
use std::sync::LazyLock;

/// Bytes of markup looked at.
const AHEAD: usize = 1500;
/// Bytes of text kept.
const ENOUGH: usize = 90;

/// The markup looked at.
pub fn ahead(markup: &str) -> &str {
    header::floor(markup, AHEAD)
}

/// The first visible words in `markup`, white space collapsed.
pub fn first_words(markup: &str) -> String {
    let mut rest = ahead(markup);
    let mut words = String::with_capacity(ENOUGH + 20);
    while !rest.is_empty() && words.len() < ENOUGH {
        if let Some(tag) = rest.strip_prefix('<') {
            let end = if tag.starts_with("!--") { tag.find("-->").map(|n| n + 2) } else { tag.find('>') };
            let Some(end) = end else { break };
            if tag.starts_with("br") || tag.starts_with("/td") || tag.starts_with("/div") || tag.starts_with("/p") {
                push(&mut words, ' ');
            }
            rest = &tag[end + 1..];
        } else if let Some((c, used)) = rest.starts_with('&').then(|| entity::reference(rest)).flatten() {
            push(&mut words, c);
            rest = &rest[used..];
        } else {
            let run = rest.bytes().take_while(|b| b.is_ascii_graphic() && !matches!(b, b'<' | b'&')).count();
            words.push_str(&rest[..run]);
            rest = &rest[run..];
            if run == 0 {
                let mut chars = rest.chars();
                push(&mut words, chars.next().unwrap_or(' '));
                rest = chars.as_str();
            }
        }
    }
    words
}

fn push(words: &mut String, c: char) {
    match c {
        '\u{200b}' | '\u{feff}' | '\u{ad}' => {}
        c if c.is_whitespace() && c != '\u{3000}' => {
            if !words.is_empty() && !words.ends_with(' ') {
                words.push(' ');
            }
        }
        c => words.push(c),
    }
}

/// Whether text begins here, at most a few letters' tags before it and no block.
pub fn begins_with_text(markup: &str) -> bool {
    let mut rest = markup.trim_ascii_start();
    for _ in 0..4 {
        let Some(tag) = rest.strip_prefix('<') else { return !rest.is_empty() };
        let is_letters = tag.len() > 6
            && ["span", "b>", "strong", "font", "i>", "u>", "em>", "!--"]
                .iter()
                .any(|name| tag.as_bytes()[..name.len()].eq_ignore_ascii_case(name.as_bytes()));
        let Some(end) = header::floor(tag, AHEAD).find('>').filter(|_| is_letters) else { return false };
        rest = tag[end + 1..].trim_ascii_start();
    }
    false
}

static FORWARD: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let words = [
        "forwarded",
        "转发",
        "轉寄",
        "轉發",
        "weitergeleitet",
        "transféré",
        "reenviad",
        "inoltrat",
        "encaminhad",
        "doorgestuurd",
        "пересыл",
        "пересл",
        "転送",
    ];
    AhoCorasick::builder().ascii_case_insensitive(true).kind(Some(AhoCorasickKind::ContiguousNFA)).build(words).expect("constant")
});

/// Whether these words head a forwarded mail.
pub fn is_forward(words: &str) -> bool {
    FORWARD.is_match(header::floor(words, 60))
}

/// Whether `text` ends with the header of a forwarded mail: a forward line, then labels alone (163).
pub fn ends_with_forward(text: &str) -> bool {
    for line in text.trim_end().rsplit('\n').filter(|line| !line.trim().is_empty()).take(10) {
        if line.len() > 600 {
            return false;
        }
        if is_forward(line) && (line.starts_with("--") || line.len() < 80) {
            return true;
        }
        if !line.contains([':', '：', '|']) {
            return false;
        }
    }
    false
}

/// Whether they are a label of a mail header with its colon: `From:`, `发件人：`, `Von:`.
pub fn is_label(words: &str) -> bool {
    if !words.bytes().take(40).any(|b| b == b':' || b == 0xEF) {
        return false;
    }
    const LABELS: &[&str] = &[
        "from",
        "发件人",
        "寄件者",
        "寄件人",
        "發件人",
        "差出人",
        "送信者",
        "von",
        "de",
        "da",
        "van",
        "från",
        "fra",
        "od",
        "от",
        "lähettäjä",
        "kimden",
        "보낸 사람",
        "sent",
        "date",
        "发送时间",
        "日期",
        "发件时间",
        "gesendet",
        "envoyé",
        "enviado",
        "发自",
        "feladó",
        "от кого",
    ];
    let words = words.trim_start_matches(['*', '|', ' ']);
    let Some(end) = words.find([':', '：']).filter(|n| *n < 30) else { return false };
    let label: String = words[..end].to_lowercase().chars().filter(|c| *c != '\u{3000}' && *c != '*').collect();
    LABELS.contains(&label.trim())
}

/// Whether they are a separator above a quoted mail: `-----原始邮件-----`, `------ Original ------`, a rule above `发件人：`.
pub fn is_separator(words: &str) -> bool {
    if !words.starts_with(['-', '—', '_', '=']) {
        return false;
    }
    const ORIGINAL: &[&str] =
        &["原始", "原邮件", "原郵件", "邮件原件", "邮件原文", "original", "ursprüngliche", "d'origine", "replied", "回复的", "回覆的"];
    let inner = words.trim_start_matches(['-', '—', '_', '=', ' ']);
    let lower = inner.to_lowercase();
    words.len() >= inner.len() + 3 && (ORIGINAL.iter().any(|word| lower.starts_with(word)) || is_label(inner))
}

/// Whether they warn of a mail from outside, as gateways put above the text.
pub fn is_banner(words: &str) -> bool {
    const WARNINGS: &[&str] = &[
        "caution",
        "external",
        "[external",
        "warning: this",
        "warning: external",
        "you don't often get",
        "some people who received this",
        "this message originated",
        "this email originated",
        "this message is from an external",
        "此邮件来自外部",
        "外部邮件",
        "【外部",
        "[外部",
        "注意：此邮件",
        "注意:此邮件",
        "警告：此邮件",
        "该邮件来自外部",
        "本邮件来自外部",
        "你通常不会收到",
        "您通常不会收到",
    ];
    let lower = words.to_lowercase();
    WARNINGS.iter().any(|word| lower.starts_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        assert_eq!(first_words("<div><b>发件人<span>:</span></b>&nbsp; 张三<br>x"), "发件人: 张三 x");
        assert_eq!(first_words("<!-- a > b --> \n q<unclosed"), "q");
        assert!(is_label("发　件　人：x") && is_label("From: x") && is_label("*Von:* x"));
        assert!(!is_label("From the beginning: x") && !is_label("Hello: x"));
        assert!(is_separator("------------------ 原始邮件 ------") && is_separator("-----Original Message-----"));
        assert!(!is_separator("-- Zhang") && !is_separator("Original plan"));
        assert!(is_forward("---------- Forwarded message ---------") && is_forward("-----转发邮件信息-----"));
        assert!(is_banner("CAUTION: This email") && !is_banner("Please be careful"));
    }
}
