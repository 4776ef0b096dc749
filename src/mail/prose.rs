//! What of a text is a person's writing: lines of logs, code, lists of files and dumps are passed over before any word is looked for.
//!
//! The judgement is by the look of a line (digits, brackets, no sentence), cheap and per line. A line with Chinese characters is
//! almost always prose, because logs quoted in mails are in English.

/// Whether a character is Han (not kana, not hangul).
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{2ebef}')
}

/// Columns that a text takes: two for a wide character.
pub fn width(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

/// Lines with the byte offset where each begins, without those of machines. An empty line is prose: it parts paragraphs.
pub fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut from = 0;
    let starts = memchr::memchr_iter(b'\n', text.as_bytes()).chain([text.len()]);
    starts
        .map(move |end| {
            let start = std::mem::replace(&mut from, end + 1);
            (start, &text[start..end])
        })
        .filter(|(_, line)| !is_machine(line))
}

/// The lines of [`lines`], found once for several readers.
pub type Lines<'a> = [(usize, &'a str)];

/// The given lines as far as `text` goes, which is a beginning of their text.
pub fn lines_of<'a>(text: &'a str, lines: &Lines<'a>) -> impl Iterator<Item = (usize, &'a str)> {
    let within = lines.iter().take_while(|(at, _)| *at <= text.len());
    within.map(|(at, line)| (*at, if at + line.len() <= text.len() { line } else { &text[*at..] }))
}

/// Whether a line is a log's, a program's or a dump's.
///
/// Beginning with a time stamp, or ASCII without the shape of a sentence: many digits, brackets, slashes and equal signs.
pub fn is_machine(line: &str) -> bool {
    let bytes = line.as_bytes();
    if bytes.len() < 8 {
        return false;
    }
    if begins_with_time(bytes) && bytes.len() > 24 {
        return line.is_ascii() || !line.chars().any(is_han) || is_log_of_level(line);
    }
    if !line.is_ascii() {
        return false;
    }
    let spaces = count(bytes, |b| b == b' ');
    let is_spaced = spaces * 12 >= bytes.len();
    // Most lines: blanks between small letters, so that marks cannot prevail.
    if is_spaced && (bytes.len() <= 24 || count(bytes, |b| b.is_ascii_lowercase()) * 2 >= bytes.len()) {
        return false;
    }
    let marks = count(bytes, is_mark);
    // Words of a sentence are five letters and a blank; a path, a dump or code has few blanks and many marks.
    (marks * 2 > bytes.len() && bytes.len() > 24)
        || (spaces * 12 < bytes.len() && marks * 8 > bytes.len())
        || (bytes.len() > 40 && spaces * 20 < bytes.len())
}

/// How many bytes are so; in blocks whose sum fits a byte, so that the compiler counts them side by side.
fn count(bytes: &[u8], is: impl Fn(u8) -> bool) -> usize {
    bytes.chunks(240).map(|block| usize::from(block.iter().map(|b| u8::from(is(*b))).sum::<u8>())).sum()
}

fn is_mark(b: u8) -> bool {
    b.is_ascii_digit()
        || matches!(b, b'[' | b']' | b'{' | b'}' | b'<' | b'>' | b'=' | b'\\' | b'/' | b'_' | b'|' | b'%' | b'$' | b'#' | b'@')
}

/// `2026-07-23 09:45:45`, `2020/10/22, `, `[10/22/2020`, `09:45:45`.
fn begins_with_time(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"[").unwrap_or(bytes);
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let part = |at: usize| bytes.get(at).is_some_and(|b| matches!(b, b'-' | b'/' | b':' | b'.'));
    let is_date = (0..4).all(digit) && part(4) && digit(5) && (6..9).any(part);
    let is_time = digit(0) && digit(1) && part(2) && digit(3) && digit(4) && part(5) && digit(6);
    is_date && (8..14).any(|at| bytes.get(at) == Some(&b' ') || bytes.get(at) == Some(&b'T')) || is_time
}

/// `2020-10-22 14:10:12, Error  CBS 安装失败`.
fn is_log_of_level(line: &str) -> bool {
    line.get(..60).or_else(|| line.get(..line.floor_char_boundary(60))).is_some_and(|head| {
        [", Info", ", Error", ", Warning", " ERROR ", " INFO ", " WARN ", "[ERROR]", "[INFO]"].iter().any(|w| head.contains(w))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn machines_and_people() {
        for line in [
            "2026-07-23 09:45:45, Info CBS Exec: Processing complete. Session: 310279_10967235",
            "2020-10-22 14:10:12, Error                 CBS    Failed to perform operation.  [HRESULT = 0x800f0922 - CBS_E_INSTALLERS_FAILED]",
            "[10/22/2020 14:10:12] setup: is the device ready?",
            "HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows\\WindowsUpdate /v WUServer",
            "https://support.desk.example/v2020lupdatesummary?id=1&lang=zh",
            "C:\\Windows\\SoftwareDistribution\\Download\\*.cab?",
            "0000000000000000 fffff80012345678 0000000000000001",
            "2020-10-22 14:10:12, Error  CBS 安装失败，是否重试？",
        ] {
            assert!(is_machine(line), "{line}");
        }
        for line in [
            "请问如何离线安装？",
            "Could you tell us how to fix it?",
            "1. Is KB4577668 released?",
            "",
            "2020-10-22 更新失败，请问如何处理？",
            "2020-10-22 10:30 电脑重启后蓝屏，请问如何处理？",
            "Which build (17763.1397 or 17763.1518) is required for KB4577668?",
            "We have 12 PCs with 1809 and 30 PCs with 1909; which update do they need?",
            "10:30 we tried again, is there another way?",
        ] {
            assert!(!is_machine(line), "{line}");
        }
    }

    #[test]
    fn lines_keep_their_places() {
        let text = "您好\n2026-07-23 09:45:45, Info CBS Exec: Processing complete.\n\n请问";
        assert_eq!(lines(text).collect::<Vec<_>>(), [(0, "您好"), (64, ""), (65, "请问")]);
    }
}
