//! The readable text cut into segments: new, quote, signature, disclaimer, banner, forwarded. Nothing is thrown away.
//!
//! Answers typed between `>` lines are `new`. A header block quotes to the end of the mail (top posting), an attribution
//! with `>` lines only those lines. What a forward carries is `forwarded` and counts as content.

use super::quote::{self, Start};
use super::signature;
use super::{Mark, Segment, SegmentKind};

/// Cuts `text`. `marks` is what markup says; `forwards` that the subject begins with a forward prefix.
pub fn segments(text: &str, marks: &[Mark], forwards: bool) -> Vec<Segment> {
    let lines: Vec<&str> = text.split('\n').collect();
    let mut kinds = classify(text, &lines, marks.iter().find(|m| m.kind == SegmentKind::Quote).map(|m| m.start), forwards);
    signature::mark(&lines, &mut kinds);
    let mut out: Vec<Segment> = Vec::new();
    for (line, kind) in lines.iter().zip(&kinds) {
        match out.last_mut() {
            Some(last) if last.kind == *kind => {
                last.text.push('\n');
                last.text.push_str(line);
            }
            _ => out.push(Segment { kind: *kind, text: line.to_string(), answers: None }),
        }
    }
    signature::split_banner_line(&mut out);
    out.retain(|s| !s.text.trim().is_empty());
    for segment in &mut out {
        segment.text = segment.text.trim_matches('\n').trim_end().to_string();
    }
    out
}

/// What this mail adds: new and forwarded segments joined.
pub fn reply_text(segments: &[Segment]) -> String {
    let added = segments.iter().filter(|s| matches!(s.kind, SegmentKind::New | SegmentKind::Forwarded));
    let joined: Vec<&str> = added.map(|s| s.text.trim()).collect();
    joined.join("\n\n")
}

/// The first signature, without the line `-- ` that separates it (RFC 3676 §4.3).
pub fn first_signature(segments: &[Segment]) -> Option<String> {
    let text = segments.iter().find(|s| s.kind == SegmentKind::Signature)?.text.trim();
    let below = text.split_once('\n').filter(|(first, _)| first.trim_end() == "--").map(|(_, rest)| rest.trim());
    Some(below.unwrap_or(text).to_string())
}

fn classify(text: &str, lines: &[&str], quote_at: Option<usize>, forwards: bool) -> Vec<SegmentKind> {
    let hints = quote::hints(text);
    let mut kinds = vec![SegmentKind::New; lines.len()];
    let mut rest = SegmentKind::New;
    let (mut at, mut offset) = (0, 0);
    while at < lines.len() {
        let line = lines[at];
        let step = if is_marked(line) && rest != SegmentKind::Quote {
            kinds[at] = SegmentKind::Quote;
            1
        } else if rest == SegmentKind::Quote {
            kinds[at] = rest;
            1
        } else if quote_at.is_some_and(|q| offset >= q && offset < q + line.len() + 1) && !forwards {
            rest = SegmentKind::Quote;
            0
        } else if let Some(start) = quote::start(lines, at, hints) {
            let (head, next) = opened(start, lines, at, rest, forwards);
            kinds[at..(at + head).min(lines.len())].fill(SegmentKind::Quote);
            rest = next;
            head
        } else {
            kinds[at] = rest;
            1
        };
        offset += lines[at..(at + step).min(lines.len())].iter().map(|l| l.len() + 1).sum::<usize>();
        at += step;
    }
    kinds
}

/// A `>` line; a few clients put a blank before it.
fn is_marked(line: &str) -> bool {
    line.trim_start_matches(' ').starts_with('>') && !line.starts_with("    ")
}

/// Lines of the head, and what the lines after it are.
fn opened(start: Start, lines: &[&str], at: usize, rest: SegmentKind, forwards: bool) -> (usize, SegmentKind) {
    match start {
        Start::Forwarded(head) => (head.max(1), SegmentKind::Forwarded),
        Start::Original(head) if forwards && rest == SegmentKind::New => (head.max(1), SegmentKind::Forwarded),
        Start::Original(head) => (head.max(1), SegmentKind::Quote),
        Start::Attribution(head) => {
            let after = lines.iter().skip(at + head).take(4).find(|l| !l.trim().is_empty());
            let marked = after.is_some_and(|l| is_marked(l));
            (head, if marked || after.is_none() { rest } else { SegmentKind::Quote })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(text: &str) -> String {
        reply_text(&segments(text, &[], false))
    }

    #[test]
    fn replies() {
        for (text, want) in [
            ("好的\n\n------------------ 原始邮件 ------------------\n发件人: \"x\"<a@b.example>;\n主题: y\n\n旧", "好的"),
            ("已解决\n在 2023/5/16 9:57, w 写道:\n> 旧\n> 旧\n", "已解决"),
            ("> 问1？\n答1\n> 问2？\n答2", "答1\n\n答2"),
            ("新\n\nFrom: X\nSent: y\nTo: z\nSubject: q\n\n旧", "新"),
            ("On Mon, Oct 12, 2020 at 1:00 PM X <a@b.example> wrote:\n> old\n\nnew below", "new below"),
            ("主题：补丁失败\n内容：见附件", "主题：补丁失败\n内容：见附件"),
            ("请看\n---------- Forwarded message ---------\nFrom: X\nSubject: y\n\n转来的内容", "请看\n\n转来的内容"),
            ("请处理\n\n发自我的 iPhone\n\n在 2020年6月29日，下午5:45，J <a@b.example> 写道：\n\n> 旧", "请处理"),
        ] {
            assert_eq!(reply(text), want, "{text}");
        }
    }

    #[test]
    fn a_forward_subject_makes_the_block_content() {
        let text = "请协助\n\n发件人: X\n发送时间: 2020\n主题: y\n\n机器起不来\n\n发件人: Z\n发送时间: 2019\n主题: y\n\n更旧";
        assert_eq!(reply_text(&segments(text, &[], true)), "请协助\n\n机器起不来");
        assert_eq!(reply_text(&segments(text, &[], false)), "请协助");
    }

    #[test]
    fn markup_says_where_the_quote_begins() {
        let text = "好的\n________________________________\n旧的正文";
        assert_eq!(
            reply_text(&segments(text, &[Mark { start: "好的\n".len(), end: text.len(), kind: SegmentKind::Quote }], false)),
            "好的"
        );
    }

    #[test]
    fn nothing_is_lost() {
        let text = "CAUTION: external sender.\n您好\n> 旧\n答\n-- \n张三\n电话：1";
        let all: String = segments(text, &[], false).iter().map(|s| s.text.replace('\n', "")).collect();
        assert_eq!(all, text.replace('\n', ""));
    }
}
