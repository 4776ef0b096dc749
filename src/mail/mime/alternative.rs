//! multipart/alternative (RFC 2046 §5.1.4): plain text, unless it is empty, a stub, or much less than the HTML says.

use super::{Content, Place, walk};
use crate::mail::part::Part;
use crate::mail::transfer;
use aho_corasick::AhoCorasick;
use mailparse::ParsedMail;
use std::sync::LazyLock;

/// Plain text this long is taken without looking at the HTML, unless that is many times as long.
const ENOUGH: usize = 200;

/// Words of a plain part that stands in for the HTML.
static STUB: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let words = [
        "not support html",
        "doesn't support html",
        "unable to display html",
        "cannot display html",
        "cannot view html",
        "html capable",
        "html-capable",
        "html compatible",
        "html-compatible",
        "html enabled",
        "html-enabled",
        "html format",
        "html version",
        "html email",
        "html e-mail",
        "html mail",
        "html-mail",
        "html message",
        "in your browser",
        "in a browser",
        "this is a multi-part message in mime format",
        "不支持html",
        "不支持 html",
        "支持html",
        "支持 html",
        "html格式",
        "html 格式",
        "无法显示此邮件",
        "htmlメール",
        "html形式",
    ];
    AhoCorasick::builder().ascii_case_insensitive(true).build(words).expect("constant")
});

/// Reads the children and takes the text of one.
pub fn choose(parsed: &ParsedMail<'_>, place: Place<'_>, out: &mut Content) {
    let mut choices: Vec<(bool, Content)> = Vec::new();
    for child in &parsed.subparts {
        let is_plain = child.ctype.mimetype == "text/plain";
        let plain = choices.iter().find(|(is_plain, _)| *is_plain).map_or("", |(_, c)| c.text.trim());
        let skips_html = out.skips_html || (plain.len() >= ENOUGH && !is_stub(plain) && size(child, 0) < plain.len() * 12 + 8_000);
        let mut content = Content { messages: out.messages, skips_html, ..Content::default() };
        walk(child, place, &mut content);
        choices.push((is_plain, content));
    }
    let chosen = best(&choices);
    for (at, (_, mut content)) in choices.into_iter().enumerate() {
        if Some(at) == chosen {
            let text = std::mem::take(&mut content.text);
            out.append(&text, &content.marks);
        }
        out.absorb(content);
    }
}

/// Decoded size of the largest HTML below a part.
fn size(parsed: &ParsedMail<'_>, level: usize) -> usize {
    if !parsed.subparts.is_empty() && level < 3 {
        return parsed.subparts.iter().take(10).map(|child| size(child, level + 1)).max().unwrap_or(0);
    }
    if parsed.ctype.mimetype != "text/html" {
        return 0;
    }
    let part = Part::read(parsed);
    transfer::decoded_size(part.body(), part.encoding)
}

fn best(choices: &[(bool, Content)]) -> Option<usize> {
    let weight = |at: usize| choices[at].1.text.chars().filter(|c| c.is_alphanumeric()).take(20_000).count();
    let plain = choices.iter().position(|(is_plain, c)| *is_plain && c.text.contains(char::is_alphanumeric));
    let rich = choices.iter().rposition(|(is_plain, c)| !*is_plain && c.text.contains(char::is_alphanumeric));
    let (Some(p), Some(r)) = (plain, rich) else { return plain.or(rich) };
    let (few, many) = (weight(p), weight(r));
    let is_poor = (few < 20 && many > few * 4 + 20) || few * 10 < many;
    let replaced = (many > 8 && is_stub(&choices[p].1.text)) || (many > few && is_cut(&choices[p].1.text, &choices[r].1.text, few, many));
    Some(if is_poor || replaced { r } else { p })
}

/// A short text that only says that there is HTML.
fn is_stub(plain: &str) -> bool {
    plain.len() < 600 && STUB.is_match(plain)
}

/// Whether the plain text is the beginning of the rich one and ends long before it.
fn is_cut(plain: &str, rich: &str, few: usize, many: usize) -> bool {
    let ellipsis = plain.trim_end().ends_with("...") || plain.trim_end().ends_with('…');
    if many < few + if ellipsis { 20 } else { few / 2 + 100 } {
        return false;
    }
    let mut plain = plain.chars().filter(|c| c.is_alphanumeric());
    let mut rich = rich.chars().filter(|c| c.is_alphanumeric());
    plain.all(|c| rich.next() == Some(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(text: &str) -> Content {
        Content { text: text.into(), ..Content::default() }
    }

    #[test]
    fn parts_that_disagree() {
        let long = "补丁安装失败，需要回滚，请问怎么处理？".repeat(12);
        for (plain, rich, want) in [
            ("hello there", "hello there", 0),
            ("", "hello", 1),
            ("x", "a text much longer than the plain one says", 1),
            ("Your e-mail client does not support HTML.", "Dear all, the patch was not installed on ten machines.", 1),
            ("您的邮件客户端不支持HTML格式，请升级", "各位好，补丁在十台机器上没有安装成功，请协助分析原因，谢谢大家", 1),
            ("补丁安装失败，需要回滚，请问怎么处理？", &long, 1),
            ("The patch was not installed, and the...", "The patch was not installed, and then it was rolled back twice.", 1),
            ("another text altogether, quite as long", "The patch was not installed, and then it was rolled back twice.", 0),
        ] {
            assert_eq!(best(&[(true, content(plain)), (false, content(rich))]), Some(want), "{plain}");
        }
        assert_eq!(best(&[(true, content("")), (false, content(" "))]), None);
    }
}
