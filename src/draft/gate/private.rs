//! What a mail must not repeat: product keys, passwords, numbers of identity cards, of bank cards and of people's telephones.
//!
//! Numbers with a check digit (GB 11643, ISO/IEC 7812-1) are believed only when it is right. The finding shows the first
//! characters only: it is stored and shown on more pages than the draft.

use super::form::digits;
use super::{Gate, Level, regex};
use regex::Regex;
use std::sync::LazyLock;

static KEY: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)(?-u:\b)[A-Z0-9]{5}(?:-[A-Z0-9]{5}){4}(?-u:\b)"));
static PASSWORD: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"(?i)(?:密码|口令|(?-u:\b)(?:password|passwd|passcode|pwd)(?-u:\b))\s*(?:(?:为|是|is(?-u:\b))\s*[:：=]?|[:：=])\s*([!-~]{4,40})")
});
static ID_NUMBER: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?-u:\b)[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?-u:\b)"));
static PHONE: LazyLock<Regex> = LazyLock::new(|| regex(r"(?:(?-u:\b)|\+)(?:86[- ]?)?1[3-9]\d([- ]?)\d{4}[- ]?\d{4}(?-u:\b)"));
static CARD: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?-u:\b)(?:62\d{14,17}|[45]\d{15}|(?:62\d{2}|[45]\d{3})(?: \d{4}){3}(?: \d{1,3})?)(?-u:\b)"));
/// A telephone that we give as ours.
static OURS: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?i)我的|我司|本人|我们的|值班|工程师(?:电话|手机)|(?-u:\b)(?:my|our|call me|reach me|engineer)(?-u:\b)"));

/// Findings of one kind.
const MOST: usize = 5;

impl Gate<'_> {
    pub(super) fn check_private(&mut self) {
        for hit in KEY.find_iter(self.body).filter(|m| is_key(m.as_str())).take(MOST) {
            self.private("product_key", hit, "产品密钥", "a product key");
        }
        let body = self.body;
        for hit in PASSWORD.captures_iter(body).filter_map(|c| c.get(1)).filter(|m| is_password(body, m)).take(MOST) {
            self.private("password", hit, "密码", "a password");
        }
        for hit in ID_NUMBER.find_iter(self.body).filter(|m| has_id_check(m.as_str())).take(MOST) {
            self.private("id_number", hit, "身份证号", "the number of an identity card");
        }
        self.check_phones();
        for hit in CARD.find_iter(self.body).filter(|m| has_luhn_check(m.as_str())).take(MOST) {
            self.private("card", hit, "银行卡号", "the number of a bank card");
        }
    }

    fn private(&mut self, kind: &str, hit: regex::Match<'_>, zh: &str, en: &str) {
        let start: String = hit.as_str().chars().take(3).collect();
        let (zh, en) = (format!("正文含有{zh}：{start}…"), format!("the body holds {en}: {start}…"));
        self.add(&format!("private.{kind}"), self.level_of(hit.as_str()), self.in_body(hit.range()), zh, en);
    }

    /// Mobile numbers, the hotline's and the signature's aside.
    fn check_phones(&mut self) {
        let own = digits(&(self.kit.desk.hotline.clone() + "\n" + &self.kit.desk.signature.join("\n")));
        let theirs = digits(self.customer_text());
        let mut seen: Vec<String> = Vec::new();
        for hit in PHONE.find_iter(self.body).filter(|m| is_apart(self.body, m)) {
            let all = digits(hit.as_str().trim_start_matches('+'));
            let number = all[all.len().saturating_sub(11)..].to_owned();
            if own.contains(&number) || seen.contains(&number) || seen.len() >= MOST {
                continue;
            }
            let line = self.body[..hit.end()].rsplit('\n').next().unwrap_or("");
            let level = if theirs.contains(&number) || OURS.is_match(line) { Level::Warning } else { Level::Error };
            let (zh, en) =
                (format!("正文含有个人电话：{}…", &number[..3]), format!("the body holds somebody's telephone number: {}…", &number[..3]));
            self.add("private.phone", level, self.in_body(hit.range()), zh, en);
            seen.push(number);
        }
    }
}

/// Not the next word of a sentence (`password: your Windows password`), a mask or a link.
fn is_password(body: &str, value: &regex::Match<'_>) -> bool {
    let text = value.as_str().trim_end_matches([',', '.', ';', ')', '"', '\'']);
    let is_masked = text.chars().all(|c| matches!(c, '*' | 'x' | 'X' | '.' | '-' | '_' | '?'));
    let is_named = text.starts_with(['<', '{', '[', '%', '$']) || text.contains("://");
    let rest = body[value.end()..].trim_start_matches(' ');
    let ends = rest.is_empty() || rest.starts_with(['\n', '。', '，', '；', '、', '）']);
    let is_word = text.chars().all(|c| c.is_ascii_alphabetic());
    text.len() >= 4 && !is_masked && !is_named && (!is_word || ends)
}

/// Not part of a version, a path or a longer number.
fn is_apart(text: &str, m: &regex::Match<'_>) -> bool {
    let before = text[..m.start()].chars().next_back();
    let mut after = text[m.end()..].chars();
    let is_joint = |c: Option<char>| c.is_some_and(|c| matches!(c, '-' | '.' | '_' | '/' | '\\' | '=' | '#'));
    let goes_on = is_joint(after.next()) && after.next().is_some_and(|c| c.is_ascii_alphanumeric());
    !is_joint(before) && !goes_on
}

/// Keys of examples repeat one character: `XXXXX-XXXXX-…`.
fn is_key(text: &str) -> bool {
    let mut kinds: Vec<char> = text.to_ascii_uppercase().chars().filter(|c| *c != '-').collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds.len() > 5 && kinds.iter().any(char::is_ascii_alphabetic)
}

/// GB 11643: the last character makes the weighted sum 1 modulo 11.
fn has_id_check(text: &str) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECKS: &[u8; 11] = b"10X98765432";
    let sum: u32 = text.chars().zip(WEIGHTS).filter_map(|(c, weight)| Some(c.to_digit(10)? * weight)).sum();
    text.bytes().last().is_some_and(|last| last.to_ascii_uppercase() == CHECKS[(sum % 11) as usize])
}

/// ISO/IEC 7812-1, annex B.
fn has_luhn_check(text: &str) -> bool {
    let digits: Vec<u32> = text.chars().rev().filter_map(|c| c.to_digit(10)).collect();
    let doubled = |(place, digit): (usize, &u32)| if place % 2 == 0 { *digit } else { digit * 2 / 10 + digit * 2 % 10 };
    digits.iter().enumerate().map(doubled).sum::<u32>() % 10 == 0
}
