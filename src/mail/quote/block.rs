//! A run of header labels: the head of a quoted or forwarded mail (Outlook, QQ, NetEase, Foxmail, Notes, phones).
//!
//! Two labels or more, one of them a sender, in any order and with wrapped values and blank lines between. What a customer
//! lists as From and To (`From: 1809`, `To: 21H2`) is none: an address, a date, a subject or a third label must be there.

use super::label::{self, Label};
use crate::mail::phrase;

/// Longest head, in lines: recipient lists are long.
const MOST: usize = 60;

#[derive(Default)]
struct Seen {
    count: usize,
    sender: bool,
    to: bool,
    subject: bool,
    dated: bool,
    address: bool,
    /// A value says when in general (`每周五 17:00 前`), not when a mail was sent.
    general: bool,
    /// Values that are sentences.
    sentences: usize,
}

impl Seen {
    fn is_head(&self, marked: bool) -> bool {
        if marked {
            return self.count >= 1;
        }
        if (self.general || self.sentences >= 2) && !self.address {
            return false;
        }
        let told = self.subject || self.dated || self.address || self.count >= 3;
        self.count >= 2 && (self.sender && told || self.address && self.dated && self.to)
    }
}

/// Lines of a block of header labels at `at`. `marked`: a separator stands above, so labels may lack the colon and one will do.
pub fn labels(lines: &[&str], at: usize, marked: bool, buffer: &mut String) -> Option<usize> {
    let mut seen = Seen::default();
    let (mut end, mut n) = (at, at);
    while n < lines.len() && n < at + MOST {
        let line = phrase::trim(strip_marks(lines[n]));
        if line.is_empty() || is_table_rule(line) {
            if seen.count == 0 || n > end + 1 {
                break;
            }
            n += 1;
            continue;
        }
        match label::read(line, marked, buffer) {
            // A label without a colon is only one right under another.
            Some(hit) if hit.has_colon || n == end => {
                note(&mut seen, hit, line, buffer);
                n += 1;
                end = n;
            }
            _ if seen.count > 0 && n == end && (is_wrapped(lines[n - 1], lines[n]) || is_between_labels(lines, n, &seen, buffer)) => {
                seen.address |= line.contains('@');
                n += 1;
                end = n;
            }
            _ => break,
        }
    }
    seen.is_head(marked).then_some(end - at)
}

fn note(seen: &mut Seen, hit: label::Labelled<'_>, line: &str, buffer: &mut String) {
    seen.count += 1;
    seen.sender |= hit.label == Label::Sender;
    seen.to |= hit.label == Label::To;
    seen.subject |= hit.label == Label::Subject;
    seen.dated |= hit.label == Label::Date && hit.value.bytes().filter(u8::is_ascii_digit).count() >= 2;
    seen.address |= hit.value.contains('@');
    seen.sentences += usize::from(
        hit.label != Label::Subject && hit.value.ends_with(['.', '。']) && hit.value.len() >= 12 && hit.value.contains(['，', ' ']),
    );
    seen.general |= hit.label == Label::Date && is_general(hit.value);
    if hit.label == Label::Sender && line.len() > 20 {
        // HTML flattened to one line.
        let more = label::flattened(line, buffer);
        if more >= 3 {
            seen.count += more - 1;
        }
    }
}

/// A rule for dates, a time or a span: no date of a mail.
fn is_general(value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let words = [
        "每", "之前", "之后", "以内", "every", "Every", "each", "Each", "daily", "Daily", "weekly", "Weekly", "jeden", "täglich", "chaque",
        "cada ", "ogni ", "毎",
    ];
    digits < 8 && words.iter().any(|word| value.contains(word))
}

fn strip_marks(line: &str) -> &str {
    line.trim_start_matches(['>', ' '])
}

/// A row of a table drawn in text between two rows of labels.
fn is_table_rule(line: &str) -> bool {
    line.chars().all(|c| matches!(c, '|' | '-' | ' ' | ':' | '>' | '<' | '.'))
}

/// The rest of a value: an indented line, an address, or what follows a list's comma.
fn is_wrapped(above: &str, line: &str) -> bool {
    let above = above.trim_end();
    let is_list = above.ends_with([';', ',', '，', '；']) || above.ends_with('<');
    let is_indented = line.starts_with([' ', '\t']) && !above.starts_with([' ', '\t']);
    let text = line.trim();
    let is_address = text.contains('@') && (text.ends_with(['>', ';', ',', ']', ')']) || !text.contains(' '));
    is_list || is_indented || is_address
}

/// A short rest of a value with another label right below.
fn is_between_labels(lines: &[&str], at: usize, seen: &Seen, buffer: &mut String) -> bool {
    let below = lines.get(at + 1).map_or("", |l| strip_marks(l));
    lines[at].len() < 100
        && label::read(below, false, buffer).is_some_and(|hit| match hit.label {
            Label::Sender => !seen.sender,
            Label::To => !seen.to,
            Label::Date => !seen.dated,
            Label::Subject => !seen.subject,
            Label::Other => false,
        })
}

/// Notes and Domino: name, date, then `To`, `cc`, `Subject` alone on lines or in columns, without colons.
pub fn notes(lines: &[&str], at: usize, buffer: &mut String) -> Option<usize> {
    let first = lines[at].trim();
    if first.len() > 100 || !(first.contains('@') || first.contains('/') || first.starts_with('"')) {
        return None;
    }
    let is_date = |l: &str| l.trim().len() < 60 && l.bytes().any(|b| b.is_ascii_digit()) && l.contains([':', '/', '-']);
    if !lines[at + 1..].iter().take(3).any(|l| is_date(l)) {
        return None;
    }
    let (mut to, mut subject) = (None, None);
    for (n, line) in lines.iter().enumerate().take(at + 16).skip(at + 2) {
        let line = line.trim();
        let end = line.find([' ', '\t']).unwrap_or(line.len());
        match label::word(&line[..end], buffer) {
            Some(Label::To) if to.is_none() => to = Some(n),
            Some(Label::Subject) if to.is_some() => {
                subject = Some(if end == line.len() { n + 1 } else { n });
                break;
            }
            _ => {}
        }
    }
    subject.map(|n| (n + 1).min(lines.len()) - at)
}

/// Notes in columns: the sender at the left, `To`, `cc` and `Subject` at the right ends of lines, all deeply indented.
pub fn columns(lines: &[&str], at: usize, buffer: &mut String) -> Option<usize> {
    const INDENT: &str = "        ";
    let is_inside = |line: &str| line.starts_with(INDENT) || line.trim().is_empty();
    if !lines[at].starts_with(INDENT) {
        return None;
    }
    let mut to = false;
    for (n, line) in lines[at..].iter().enumerate().take(24).take_while(|(_, l)| is_inside(l)) {
        let text = line.trim_end();
        let word = text.rsplit("  ").next().unwrap_or("").trim();
        if text.len() < 40 || word.len() > 20 {
            continue;
        }
        match label::word(word, buffer) {
            Some(Label::To) => to = true,
            Some(Label::Subject) if to => {
                let rest = lines[at + n + 1..].iter().take(4).take_while(|l| l.starts_with(INDENT)).count();
                return Some(n + 1 + rest);
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at_first(text: &str) -> Option<usize> {
        labels(&text.lines().collect::<Vec<_>>(), 0, false, &mut String::new())
    }

    #[test]
    fn blocks() {
        for (text, want) in [
            ("From: X\nSent: 2020-10-12\nTo: Y\nSubject: z\n\nold", Some(4)),
            ("Von: X <a@b.example>\nGesendet: Montag, 12. Oktober 2020 10:11\nAn: Y\nBetreff: z", Some(4)),
            ("De\u{a0}: X\nEnvoyé\u{a0}: lundi 12 octobre 2020\nÀ\u{a0}: Y\nObjet\u{a0}: z", Some(4)),
            ("*From:* X\n*Sent:* Monday, October 12, 2020\n*To:* A; B;\nC; D\n*Subject:* z\n\nold", Some(5)),
            ("Date: Mon, 12 Oct 2020 10:11\nSubject: z\nFrom: a@b.example\nTo: c@d.example", Some(4)),
            ("From: X\n\nSent: 2020\n\nTo: Y\n\nold", Some(5)),
            ("From: 1809\nTo: 21H2\n", None),
            ("From: the beginning\nit was slow", None),
            ("主题：补丁\n日期：2020-10-12", None),
            ("发件人：张三 发送时间：2020年10月12日 10:11 收件人：李四 主题：补丁\n旧", Some(1)),
            ("差出人: X <a@b.example>\n送信日時: 2020年10月12日\n宛先: Y\n件名: z", Some(4)),
            ("Von: X\nDatum: 12.10.2020", Some(2)),
        ] {
            assert_eq!(at_first(text), want, "{text}");
        }
    }

    #[test]
    fn columns_of_notes() {
        let text = "\"John Doe\" <john@x.example>\n10/12/2020 10:11 AM\n\nTo\n\"Jane\" <jane@y.example>\ncc\n\nSubject\nRe: patch\n\nold";
        assert_eq!(notes(&text.lines().collect::<Vec<_>>(), 0, &mut String::new()), Some(9));
        let text = "see a/b\n10:11\nTo fix it";
        assert_eq!(notes(&text.lines().collect::<Vec<_>>(), 0, &mut String::new()), None);
    }
}
