//! What a gateway puts above a mail: `CAUTION: external sender`, `外部邮件，请谨慎…`, classification lines. They come before the
//! first sentence, sometimes on its line; only the banner is cut.

use crate::mail::phrase::{self, Phrases};
use crate::mail::{Segment, SegmentKind};
use std::sync::LazyLock;

/// Beginnings that alone make a banner.
#[rustfmt::skip]
const CERTAIN: &[&str] = &[
    "external email", "external e-mail", "external sender", "external mail", "external message", "[external", "external:", "this message was sent from outside", "this message originated", "this email originated", "this e-mail originated", "this email was sent from outside", "this message came from outside", "this email came from outside", "this message comes from", "this email comes from", "this email is from an external", "this message is from an external", "this is an external", "you don't often get email", "some people who received this message", "外部邮件", "外来邮件", "外部郵件", "【外部邮件", "此邮件来自外部", "此邮件来自公司外部", "此邮件来自组织外部", "此邮件来自公司以外", "此邮件来自组织以外", "此邮件来自机构外部", "该邮件来自外部", "本邮件来自外部", "本邮件为外部", "此郵件來自外部", "此邮件为外部", "你不经常收到来自", "您不经常收到来自", "diese e-mail stammt von", "diese e-mail kommt von außerhalb", "externe e-mail", "ce message provient de l'extérieur", "expéditeur externe", "courriel externe", "correo externo", "mittente esterno", "dell - internal use", "dell customer communication", "internal use only", "confidential - internal",
];
/// Beginnings that need the words of a banner behind them.
#[rustfmt::skip]
const POSSIBLE: &[&str] = &[
    "caution", "warning", "警告", "注意", "提醒", "重要提示", "温馨提示", "提示", "安全提示", "安全提醒", "【警告", "【注意", "【安全", "achtung", "vorsicht", "attention", "prudence", "atención", "⚠", "security notice",
    "be careful",
];
#[rustfmt::skip]
const WORDS: &[&str] = &[
    "external", "outside", "organization", "organisation", "click", "link", "attachment", "sender", "safe", "caution", "warning", "phish", "trust", "recogni", "learn why this is important", "unfamiliar", "suspicious", "verify", "password", "credentials", "外部", "谨慎", "慎重", "链接", "附件", "点击", "以外", "钓鱼", "核实", "警惕", "辨别", "账号", "密码", "甄别", "举报", "report this", "report phish", "report suspicious", "report it to", "melden sie", "signalez", "外網", "连结", "extern", "außerhalb", "anhänge", "links", "extérieur", "pièces jointes",
];
static CERTAIN_SET: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(&[CERTAIN]));
static POSSIBLE_SET: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(&[POSSIBLE]));

/// Marks the banner lines at the top of a mail.
pub fn mark(lines: &[&str], kinds: &mut [SegmentKind], buffer: &mut String) {
    let mut open = false;
    for (at, line) in lines.iter().enumerate().take(12) {
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        let begins = is_banner(line, buffer) && (end(line, buffer) == line.len() || is_boxed(line));
        let continues = open && continues(line, buffer);
        if begins || continues || open && phrase::is_rule(line) {
            kinds[at] = SegmentKind::Banner;
            open = true;
        } else if phrase::is_rule(line) && lines.get(at + 1).is_some_and(|l| is_banner(l.trim(), buffer)) {
            kinds[at] = SegmentKind::Banner;
        } else {
            return;
        }
    }
}

fn is_boxed(line: &str) -> bool {
    line.starts_with(['[', '【', '(']) && line.ends_with([']', '】', ')'])
}

fn lead(line: &str) -> &str {
    line.trim_start_matches(|c: char| {
        c.is_whitespace() || matches!(c, '*' | '(' | '（' | '!' | '！' | '⚠' | '\u{fe0f}' | '<' | '"' | '-' | '=')
    })
}

/// Whether a line begins like a banner.
pub fn is_banner(line: &str, buffer: &mut String) -> bool {
    let folded = phrase::fold(lead(line), buffer);
    if folded.is_empty() {
        return line.contains('⚠') && line.len() < 12;
    }
    let inner = folded.trim_start_matches(['[', '【']);
    if CERTAIN_SET.prefix_of(folded).or_else(|| CERTAIN_SET.prefix_of(inner)).is_some() {
        return true;
    }
    POSSIBLE_SET.prefix_of(folded).or_else(|| POSSIBLE_SET.prefix_of(inner)).is_some_and(|found| {
        let rest = crate::mail::header::floor(&inner[found.len().min(inner.len())..], 160);
        let external = ["external", "outside", "extern", "外部", "以外", "外來", "外来", "außerhalb", "extérieur", "外网"]
            .iter()
            .any(|w| rest.contains(w) || found.contains(w));
        let careful = ["click", "link", "链接", "附件", "点击"].iter().filter(|w| rest.contains(**w)).count() >= 1
            && (rest.contains("unless")
                || rest.contains("do not")
                || rest.contains("请勿")
                || rest.contains("谨慎")
                || rest.contains("慎重"));
        external || careful || rest.trim_matches([':', ' ', ']', '】', '*', '!']).is_empty() && found != "attention"
    })
}

/// A further sentence of a banner: its words, and nothing that speaks to the reader.
fn continues(line: &str, buffer: &mut String) -> bool {
    let folded = phrase::fold(line, buffer);
    let speaks = folded.contains(['?', '我'])
        || folded.starts_with("hi")
        || folded.starts_with("hello")
        || folded.starts_with("dear")
        || folded.starts_with('您') && !folded.contains("链接");
    !speaks
        && WORDS.iter().filter(|w| folded.contains(**w)).count() >= 1
        && (folded.starts_with("do not")
            || folded.starts_with("don't")
            || folded.starts_with("please")
            || folded.starts_with("learn")
            || folded.starts_with("if you")
            || folded.starts_with("unless")
            || folded.starts_with("be ")
            || folded.starts_with("never")
            || folded.starts_with("exercise")
            || folded.starts_with('请')
            || folded.starts_with("除非")
            || folded.starts_with("切勿")
            || folded.starts_with("this ")
            || folded.starts_with("sender")
            || folded.starts_with("think")
            || folded.starts_with("click")
            || folded.starts_with("bitte")
            || folded.starts_with("ne ")
            || folded.starts_with("不要")
            || folded.starts_with("如")
            || folded.starts_with("谨")
            || folded.starts_with("always"))
}

/// Where the banner sentences at the start of a line end.
fn end(line: &str, buffer: &mut String) -> usize {
    let mut end = 0;
    for (at, c) in line.char_indices() {
        let stop = at + c.len_utf8();
        let is_end = matches!(c, '。' | '！' | '!' | '】' | ']') || (c == '.' && line[stop..].starts_with(' ')) || stop == line.len();
        if is_end {
            let folded = phrase::fold(&line[end..stop], buffer);
            let words = folded.trim_matches(|c: char| !c.is_alphanumeric());
            let heads = end == 0 && POSSIBLE_SET.prefix_of(words).is_some_and(|p| p.len() == words.len());
            let warns = heads || WORDS.iter().any(|w| folded.contains(w)) || CERTAIN_SET.prefix_of(words).is_some();
            if !words.is_empty() && !warns {
                return end;
            }
            end = stop;
        }
    }
    end
}

/// A banner and the first sentence of the customer on one line: only the banner is cut.
pub fn split_line(segments: &mut Vec<Segment>) {
    let Some(at) = segments.iter().position(|s| s.kind == SegmentKind::New && !s.text.trim().is_empty()) else { return };
    if at > 1 {
        return;
    }
    let mut buffer = String::new();
    let text = &segments[at].text;
    let lead = text.len() - text.trim_start().len();
    let line_end = text[lead..].find('\n').map_or(text.len(), |n| lead + n);
    let line = &text[lead..line_end];
    if line.len() < 12 || !is_banner(line, &mut buffer) {
        return;
    }
    let cut = lead + end(line, &mut buffer);
    if cut > lead && cut < line_end {
        let banner = text[lead..cut].to_string();
        segments[at].text = text[cut..].trim_start().to_string();
        segments.insert(at, Segment { kind: SegmentKind::Banner, text: banner, answers: None });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn banners() {
        for (line, want) in [
            ("CAUTION: This email originated from outside of the organization.", true),
            ("[EXTERNAL EMAIL] DO NOT CLICK links", true),
            ("外部邮件，请谨慎打开附件", true),
            ("重要提示：本邮件为外部邮件，请谨慎点击链接。", true),
            ("You don't often get email from a@b.example. Learn why this is important", true),
            ("注意：补丁装了两次", false),
            ("Warning: the disk is full", false),
            ("External drive is not found", false),
        ] {
            assert_eq!(is_banner(line, &mut String::new()), want, "{line}");
        }
    }
}
