//! What stands around the words of a mail: external-sender banners above, signatures and disclaimers below.
//!
//! Works on runs of new (or forwarded) lines, from their end upward. A signature is a `-- ` line, a mobile footer, a closing
//! formula with a name, or a contact block: marker lines (电话, Tel, 邮箱 …) with short name and company lines above.

use super::{Segment, SegmentKind};
use regex::Regex;
use std::sync::LazyLock;

fn regex(text: &str) -> Regex {
    Regex::new(text).expect("constant")
}

static FOOTER: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)^(?:[(（<]?(?:发自我的|發自我的|从我的|從我的|发自 ?|來自我的|来自我的|来自 ?QQ ?邮箱|获取 ?适用于|获取 Outlook|從 .{1,20}傳送|(?:发送自|从|由) ?Windows|发送自我的|由 ?.{1,20}邮箱大师|来自 ?网易邮箱|网易邮箱大师|此邮件由.{1,20}发送|通过.{1,20}发送$|sent from (?:my|mail|outlook|yahoo|samsung|windows)|get outlook for|sent via)).{0,80}$",
    )
});
static CLOSING: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)^(?:此致|敬礼|此致[，,\s]*敬礼|祝好|祝 ?好|顺祝商祺|顺颂商祺|商祺|即颂.{0,4}|best regards|kind regards|warm regards|with (?:best|kind) regards(?: ?/.{0,40})?|mit freundlichen grüßen|best wishes|regards|br|yours (?:sincerely|faithfully)|sincerely|thanks (?:and|&) (?:best )?regards|cheers)\s*[,，!！.。]*$",
    )
});
static MARKER: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)^[\s|*]*(?:(?:联系|办公|固定)?电\s*话|手\s*机|移动电话|座机|传\s*真|邮\s*箱|电子邮[箱件]|邮\s*编|地\s*址|公司地址|网\s*址|微\s*信|热线|tel|phone|telephone|mobile|mob|cell|fax|e-?mail|mail|address|add|web(?:site)?|qq|wechat|ext|t|m|p|f|e)\s*(?:\.|\([^)]{1,10}\))?\s*[:：|]\s*\S|^(?:tel|phone|mobile|fax|cell|电话|手机)\.?\s*\+?\d[\d ()-]{5,}|^[\s|*]*(?:\+?86[- ]?)?(?:1[3-9]\d[- ]?\d{4}[- ]?\d{4}|0\d{2,3}[- ]\d{7,8}|[48]00[- ]?\d{3,4}[- ]?\d{3,4})\s*$|^[\s|*]*[\w.+-]+@[\w-]+(?:\.[\w-]+)+\s*\|?$|^[\s|*]*(?:https?://|www\.)\S+\s*$",
    )
});
static DISCLAIMER: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)^[\s*_\-【\[]*(?:免责声明|保密声明|保密提示|法律声明|声明[:：]|重要提示[:：]|重要信息[:：]|(?:本|此|该)(?:电子)?邮件(?:及其?|及|和|包含|含有|所|中|内)|(?:this|the information (?:contained )?in this) (?:e-?mail|message|communication|transmission)|disclaimer|confidentiality (?:notice|statement)|confidential(?:ity)?[:：]|important notice|notice[:：]|please consider the environment)",
    )
});
static DISCLAIMER_WORDS: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)保密|机密|保密信息|免责|收件人|删除|法律责任|confidential|intended|recipient|privileged|disclos|unauthori[sz]ed|environment|liab",
    )
});
static LIST_FOOTER: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)mailing list|unsubscribe|邮件列表|退订|取消订阅"));
static BANNER: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)^[\s*\[【(⚠!]*(?:caution|warning|external(?: (?:e-?mail|sender|mail))?|\[external\]|this (?:message|e-?mail) (?:was sent|originated|came|comes) from (?:outside|an external)|you don'?t often get email|外部邮件|外来邮件|(?:警告|注意|提醒|(?:重要|温馨)?提示|安全提示|安全提醒)[:：，,！!]?\s*(?:此|本|该|这是?)?(?:封)?(?:邮件)?(?:来自|为|是|由)?(?:公司|组织|机构|单位)?外部|此邮件来自(?:公司|组织|机构|单位)?(?:外部|以外))",
    )
});
static CLASSIFICATION: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"(?i)^[\s*\[]*.{0,40}(?:internal use(?: only)?|customer communication|company restricted)\s*[-–—]?\s*(?:confidential)?[\s*\]]*$")
});
static BANNER_SENTENCE: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)external|outside|organi[sz]ation|click|link|attachment|sender|safe|caution|warning|phish|trust|外部|谨慎|慎重|链接|附件|点击|以外|钓鱼|核实|警惕|辨别",
    )
});

/// A last line that is the sender's own name is a signature, when there is text before it.
pub fn split_name(segments: &mut Vec<Segment>, name: &str) {
    let Some(at) = segments.iter().position(|s| s.kind == SegmentKind::New) else { return };
    let Some((before, last)) = segments[at].text.rsplit_once('\n') else { return };
    if last.trim() != name || name.is_empty() || before.trim().is_empty() {
        return;
    }
    let (before, last) = (before.trim_end().to_string(), last.to_string());
    segments[at].text = before;
    segments.insert(at + 1, Segment { kind: SegmentKind::Signature, text: last, answers: None });
}

/// Refines `new` and `forwarded` lines in place.
pub fn mark(lines: &[&str], kinds: &mut [SegmentKind]) {
    let mut at = 0;
    let mut is_first = true;
    while at < kinds.len() {
        let kind = kinds[at];
        let end = at + kinds[at..].iter().take_while(|k| **k == kind).count();
        if matches!(kind, SegmentKind::New | SegmentKind::Forwarded) {
            if is_first && kind == SegmentKind::New {
                mark_banner(&lines[at..end], &mut kinds[at..end]);
                is_first = false;
            }
            mark_tail(&lines[at..end], &mut kinds[at..end]);
        }
        at = end;
    }
}

fn mark_banner(lines: &[&str], kinds: &mut [SegmentKind]) {
    for (at, line) in lines.iter().enumerate().take(6) {
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        let is_banner =
            (BANNER.is_match(line) && banner_end(line) == line.len()) || (line.chars().count() < 100 && CLASSIFICATION.is_match(line));
        let continues = at > 0
            && kinds[at - 1] == SegmentKind::Banner
            && BANNER_SENTENCE.is_match(line)
            && !line.contains(['您', '你', '我', '?', '？'])
            && line.is_ascii();
        if !is_banner && !continues {
            return;
        }
        kinds[at] = SegmentKind::Banner;
    }
}

/// Where the banner sentences at the start of a line end.
fn banner_end(line: &str) -> usize {
    let mut end = 0;
    for (at, c) in line.char_indices() {
        let stop = at + c.len_utf8();
        let is_end = matches!(c, '。' | '！' | '!' | '】' | ']') || (c == '.' && line[stop..].starts_with(' ')) || stop == line.len();
        if is_end {
            if !BANNER_SENTENCE.is_match(&line[end..stop]) {
                return end;
            }
            end = stop;
        }
    }
    end
}

/// A banner and the first sentence of the customer on one line: only the banner is cut.
pub fn split_banner_line(segments: &mut Vec<Segment>) {
    let Some(at) = segments.iter().position(|s| s.kind == SegmentKind::New && !s.text.trim().is_empty()) else { return };
    if at > 1 {
        return;
    }
    let text = segments[at].text.clone();
    let lead = text.len() - text.trim_start().len();
    let line_end = text[lead..].find('\n').map_or(text.len(), |n| lead + n);
    let line = &text[lead..line_end];
    if !BANNER.is_match(line) {
        return;
    }
    let cut = lead + banner_end(line);
    if cut > lead && cut < line_end {
        segments[at].text = text[cut..].trim_start().to_string();
        segments.insert(at, Segment { kind: SegmentKind::Banner, text: text[lead..cut].to_string(), answers: None });
    }
}

/// Marks disclaimer and signature at the end of a run of lines.
fn mark_tail(lines: &[&str], kinds: &mut [SegmentKind]) {
    let mut end = disclaimer_start(lines);
    kinds[end..].fill(SegmentKind::Disclaimer);
    loop {
        let used = lines[..end].iter().rposition(|l| !l.trim().is_empty()).map_or(0, |n| n + 1);
        let start = signature_start(&lines[..used]);
        if start >= used {
            break;
        }
        if kinds[start..used].contains(&SegmentKind::Banner) {
            break;
        }
        kinds[start..used].fill(SegmentKind::Signature);
        end = start;
    }
}

fn disclaimer_start(lines: &[&str]) -> usize {
    let from = lines.len().saturating_sub(40);
    for at in from..lines.len() {
        let line = lines[at].trim();
        if line.len() >= 20 && line.bytes().all(|b| b == b'_') && lines.get(at + 1).is_some_and(|l| LIST_FOOTER.is_match(l)) {
            return at;
        }
        let fresh = at == 0 || lines[at - 1].trim().is_empty() || line.starts_with(['【', '*', '免']) || lines[at - 1].starts_with("--");
        if line.is_empty() || !fresh || at == 0 || !DISCLAIMER.is_match(line) {
            continue;
        }
        let tail = lines[at..].join(" ");
        if DISCLAIMER_WORDS.is_match(super::header::floor(&tail, 4000)) {
            let rule =
                at > 0 && !lines[at - 1].trim().is_empty() && lines[at - 1].trim().chars().all(|c| matches!(c, '-' | '_' | '=' | '*'));
            return if rule { at - 1 } else { at };
        }
    }
    lines.len()
}

/// Where the signature at the end of `lines` starts (`lines.len()`: none). The last line is not blank.
fn signature_start(lines: &[&str]) -> usize {
    let n = lines.len();
    let from = n.saturating_sub(20);
    if let Some(at) = lines[from..].iter().position(|line| matches!(line.trim_end(), "--" | "—")) {
        return from + at;
    }
    // Foxmail draws a rule above the name.
    let tail = n.saturating_sub(7);
    if let Some(at) = lines[tail..].iter().rposition(|l| is_rule(l.trim()) && l.trim().len() >= 8) {
        let rest = &lines[tail + at + 1..];
        if !rest.is_empty() && rest.iter().all(|l| l.trim().is_empty() || is_short_name(l) || MARKER.is_match(l)) {
            return tail + at;
        }
    }
    if n > 0 && FOOTER.is_match(lines[n - 1].trim()) {
        return n - 1;
    }
    closing_start(lines).or_else(|| contact_start(lines)).unwrap_or(n)
}

fn is_rule(line: &str) -> bool {
    line.len() >= 3 && line.chars().all(|c| matches!(c, '-' | '_' | '=' | '*' | '—'))
}

fn is_short_name(line: &str) -> bool {
    let line = line.trim();
    let width = line.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<usize>();
    !line.is_empty()
        && width <= 48
        && !line.ends_with(['。', '？', '?', '！', '!', '；', ';', '：', ':', '，', ','])
        && !line.contains(['？', '?', '。'])
        && !line.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '•' | '①'..='⑳' | '(' | '（'))
        && !crate::mail::mention::names_fact(line)
}

/// `Best regards,` / `此致` `敬礼` with at most six short lines after it.
fn closing_start(lines: &[&str]) -> Option<usize> {
    let from = lines.len().saturating_sub(9);
    let at = (from..lines.len()).find(|at| CLOSING.is_match(lines[*at].trim()))?;
    let rest_is_short = lines[at + 1..]
        .iter()
        .filter(|l| !l.trim().is_empty())
        .all(|l| is_short_name(l) || MARKER.is_match(l) || CLOSING.is_match(l.trim()));
    (rest_is_short && at + 1 < lines.len()).then_some(at)
}

/// Contact block at the end: walk up over markers, then over the name and company lines above them.
fn contact_start(lines: &[&str]) -> Option<usize> {
    let n = lines.len();
    let floor = n.saturating_sub(12);
    let (mut top, mut markers, mut plain, mut at) = (n, 0usize, 0usize, n);
    while at > floor {
        at -= 1;
        let line = lines[at].trim();
        if !line.is_empty() && line.chars().all(|c| matches!(c, '|' | ' ')) {
            // The bars of the NetEase signature card.
            top = if markers > 0 { at } else { top };
            continue;
        }
        if line.is_empty() {
            // One blank line inside the block, only between markers.
            if markers >= 1 && at > floor && MARKER.is_match(lines[at - 1]) {
                continue;
            }
            break;
        }
        if MARKER.is_match(line) {
            markers += 1;
            top = at;
        } else if is_rule(line) && markers > 0 {
            return Some(at);
        } else if is_short_name(line) && plain < 4 {
            plain += 1;
            if markers > 0 {
                top = at;
            }
        } else {
            break;
        }
    }
    if markers == 0 {
        return None;
    }
    let before = lines[..top].iter().rev().find(|l| !l.trim().is_empty()).map_or("", |l| l.trim());
    let starts_fresh = top == 0 || lines[top - 1].trim().is_empty() || before.ends_with(['。', '！', '!', '？', '?', '.']);
    if before.ends_with(['：', ':']) && !FOOTER.is_match(before) {
        return None;
    }
    // Under a paragraph without a blank line, name lines may be prose: only the markers count.
    if !starts_fresh && markers < 2 {
        return None;
    }
    if top == 0 && markers < 2 {
        return None;
    }
    Some(top)
}

#[cfg(test)]
mod tests {
    use super::super::segment::segments;
    use super::*;

    fn pieces(text: &str) -> Vec<(SegmentKind, String)> {
        segments(text, &[], false).into_iter().map(|s| (s.kind, s.text)).collect()
    }

    #[test]
    fn tails() {
        use SegmentKind::{Banner, Disclaimer, New, Signature};
        for (text, want) in [
            (
                "谢谢！\n\n系统版本：X，由天擎推送。\n\n刘\n兴业\n电话：021-5555 0100",
                vec![(New, "谢谢！\n\n系统版本：X，由天擎推送。"), (Signature, "刘\n兴业\n电话：021-5555 0100")],
            ),
            ("ok\n-- \nZhang\nTel: 1", vec![(New, "ok"), (Signature, "-- \nZhang\nTel: 1")]),
            ("收到\n发送自 Windows 10 版邮件应用", vec![(New, "收到"), (Signature, "发送自 Windows 10 版邮件应用")]),
            (
                "重要提示：本邮件为外部邮件，请谨慎点击链接。\n\n补丁失败",
                vec![(Banner, "重要提示：本邮件为外部邮件，请谨慎点击链接。"), (New, "补丁失败")],
            ),
            ("收到\n发自我的 iPhone", vec![(New, "收到"), (Signature, "发自我的 iPhone")]),
            ("请处理\n\n此致\n敬礼\n张三", vec![(New, "请处理"), (Signature, "此致\n敬礼\n张三")]),
            (
                "Please help.\n\nBest regards,\nJohn Smith\nIT Dept",
                vec![(New, "Please help."), (Signature, "Best regards,\nJohn Smith\nIT Dept")],
            ),
            ("麻烦联系：\n电话：13800000000", vec![(New, "麻烦联系：\n电话：13800000000")]),
            ("机器打不开\n张三", vec![(New, "机器打不开\n张三")]),
            (
                "好\n\n免责声明：本邮件含有保密信息，仅供收件人使用。",
                vec![(New, "好"), (Disclaimer, "免责声明：本邮件含有保密信息，仅供收件人使用。")],
            ),
            (
                "Hi\n\nThis e-mail is confidential and intended for the recipient.",
                vec![(New, "Hi"), (Disclaimer, "This e-mail is confidential and intended for the recipient.")],
            ),
            (
                "CAUTION: This email originated from outside of the organization. Do not click links. 您好，补丁失败",
                vec![
                    (Banner, "CAUTION: This email originated from outside of the organization. Do not click links."),
                    (New, "您好，补丁失败"),
                ],
            ),
            ("Dell - Internal Use - Confidential\n\n请看", vec![(Banner, "Dell - Internal Use - Confidential"), (New, "请看")]),
            ("注意：补丁装了两次", vec![(New, "注意：补丁装了两次")]),
            (
                "Hello\n\nLi Lei\nACME Ltd\nTel: +86 21 5555\nMobile: 13800000000\nwww.acme.example",
                vec![(New, "Hello"), (Signature, "Li Lei\nACME Ltd\nTel: +86 21 5555\nMobile: 13800000000\nwww.acme.example")],
            ),
        ] {
            let want: Vec<_> = want.into_iter().map(|(k, t): (SegmentKind, &str)| (k, t.to_string())).collect();
            assert_eq!(pieces(text), want, "{text}");
        }
    }
}
