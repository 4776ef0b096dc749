//! The line that says who wrote what is quoted below: `On … wrote:`, `在 … 写道：`, `Am … schrieb X:`, `X <a@b> 于…写道：`,
//! `2020年10月12日(月) 11:33 X <a@b>:`, `Quoting X:`, `In article <…> X writes:`.
//!
//! One rule for all languages: it ends in a colon or a verb, it holds a date or an address, and its verb is not somebody's
//! plain statement (`On Monday I wrote:`). What lacks evidence counts only with `>` lines right below. Wrapped over up to five lines.

use super::verb;
use crate::mail::phrase::{self, Phrases};
use std::sync::LazyLock;

/// Words an attribution begins with, folded, with the blank.
#[rustfmt::skip]
const LEADS: &[&str] = &[
    "on ", "at ", "in article", "in message", "in a message", "in <", "am ", "le ", "el ", "il ", "in data ", "op ", "em ", "no dia", "w dniu", "dnia", "den ", "dne ", "vào ", "quoting ", "zitat von", "citando", "citerar", "begin quote", "date:",
    "在", "于", "於", "mon, ", "tue, ", "wed, ", "thu, ", "fri, ", "sat, ", "sun, ", "mon ", "tue ", "wed ", "thu ", "fri ", "sat ", "sun ", "пн, ", "вт, ", "ср, ", "чт, ", "пт, ", "сб, ", "вс, ", "pon., ", "wt., ", "śr., ", "czw., ", "pt., ", "sob., ", "niedz., ", "понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье",
    "jan ", "feb ", "mar ", "apr ", "may ", "jun ", "jul ", "aug ", "sep ", "oct ", "nov ", "dec ", "--- on ", "---- on ", "man. ", "tir. ", "ons. ", "tor. ", "tors. ", "fre. ", "lør. ", "søn. ", "ma ", "ti ", "ke ", "to ", "pe ", "la ", "su ", "po ", "út ", "st ", "čt ", "pá ", "so ", "ne ",
];
static LEAD_WORDS: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(&[LEADS]));
/// Nobody's name: a verb right after one of these is prose.
#[rustfmt::skip]
const PROSE_SUBJECTS: &[&str] = &[
    "i", "we", "you", "he", "she", "they", "it", "who", "which", "that", "also", "just", "already", "previously", "earlier", "has", "have", "had", "ich", "wir", "er", "sie", "je", "ik",
    "wij", "and", "then", "user", "customer", "manual", "log", "below", "above", "as",
];
const PROSE_ENDS: [char; 14] = ['我', '他', '她', '们', '們', '你', '您', '里', '裡', '中', '户', '又', '还', '曾'];
/// Longest head, lines and bytes.
const MOST: usize = 5;
const LONGEST: usize = 700;

/// Lines of the attribution that begins at `at`.
pub fn attribution(lines: &[&str], at: usize, joined: &mut String, folded: &mut String) -> Option<usize> {
    let first = phrase::trim(lines[at]);
    let ends = verb::may_end(first);
    if !ends && !is_head(first, folded) {
        return None;
    }
    if !ends && memchr::memchr(b'@', first.as_bytes()).is_some() && glued(first, folded) {
        return Some(1);
    }
    if !ends && !lines[at..].iter().take(MOST + 2).any(|line| can_close(line)) {
        return None;
    }
    joined.clear();
    for n in 0..MOST {
        let line = phrase::trim(lines.get(at + n)?);
        if line.is_empty() {
            // Outlook's paragraphs may part the verb from the rest.
            if n > 0 && lines.get(at + n + 1).is_some_and(|l| is_verb_line(l, folded)) {
                return Some(n + 2);
            }
            return None;
        }
        let closes = n > 0 && line.starts_with("> ") && verb::may_end(line) && line.len() < 24 && joined.rfind('<') > joined.rfind('>');
        if n > 0 && (line.starts_with('>') && !closes || joined.len() + line.len() > LONGEST) {
            return None;
        }
        if n > 0 {
            joined.push(' ');
        }
        joined.push_str(phrase_floor(line));
        let quote_below = is_quote_below(lines, at + n + 1);
        let may_end = verb::may_end(line) || quote_below && line.ends_with('>');
        if quote_below && is_news(joined) {
            return Some(n + 1);
        }
        if may_end && is_attribution(joined, quote_below, folded) {
            return (n == 0 || !begins_below(lines, at, n, joined, folded)).then_some(n + 1);
        }
        if n == 0 && ends && !is_head(first, folded) || line.ends_with(['。', '！', '？', '!', '?', '；']) {
            return None;
        }
    }
    None
}

/// Whether a line ends as the last line of some attribution may; most lines of logs do not, and are left at once.
fn can_close(line: &str) -> bool {
    let line = phrase::trim(line);
    verb::may_end(line) || line.ends_with('>') || line.ends_with("...")
}

/// `X <a@b.example> wrote in message news:4711@news.example...` (Outlook Express).
fn is_news(joined: &str) -> bool {
    joined.ends_with("...")
        && joined.contains("news:")
        && [
            "wrote in message",
            "schrieb im Newsbeitrag",
            "a écrit dans le message",
            "escribió en el mensaje",
            "ha scritto nel messaggio",
            "skrev i meddelandet",
        ]
        .iter()
        .any(|words| joined.contains(words))
}

/// Whether the attribution that ends `n` lines below begins on a later line: words with an address stand right above it.
fn begins_below(lines: &[&str], at: usize, n: usize, joined: &mut String, folded: &mut String) -> bool {
    let first = phrase::trim(lines[at]).trim_start_matches(['*', '_', ' ', '-', '"']);
    if first.len() <= 3
        || begins_with_lead(phrase::fold(phrase_floor(first), folded))
        || first.matches('<').count() > first.matches('>').count()
    {
        return false;
    }
    (1..=n).any(|k| {
        joined.clear();
        for line in &lines[at + k..=at + n] {
            joined.push_str(phrase_floor(phrase::trim(line)));
            joined.push(' ');
        }
        is_attribution(joined, false, folded)
    })
}

/// `On Mon, Oct 12, 2020 at 11:33 AM, X <a@b> wrote:   old text`: the quote glued to its attribution (Yahoo on phones).
fn glued(line: &str, folded: &mut String) -> bool {
    let line = phrase_floor(line);
    let Some(at) = ["wrote:", "写道：", "写道:", "schrieb:", "écrit :"].iter().find_map(|verb| line.find(verb)) else { return false };
    let before = phrase::fold(line[..at].trim_start_matches(['*', '_', ' ', '-']), folded);
    let evidence = Evidence::of(before);
    begins_with_lead(before) && evidence.address && evidence.time && before.len() < 200
}

fn phrase_floor(line: &str) -> &str {
    crate::mail::header::floor(line, LONGEST)
}

fn is_verb_line(line: &str, folded: &mut String) -> bool {
    line.len() < 24 && verb::may_end(line) && verb::last(phrase::fold(line, folded)).is_some_and(|(at, _)| at == 0)
}

/// `>` lines follow at once or after one blank line.
pub fn is_quote_below(lines: &[&str], at: usize) -> bool {
    lines.iter().skip(at).take(3).find(|l| !l.trim().is_empty()).is_some_and(|l| super::prefix::is_marked(l))
}

/// The first line of a wrapped attribution: a lead word with a number, a date, or a name with an address.
fn is_head(line: &str, folded: &mut String) -> bool {
    let bytes = line.as_bytes();
    if bytes.len() <= 3 && matches!(line, "On" | "Le" | "El" | "Am" | "Il" | "Em" | "Op" | "Den" | "在") {
        return true;
    }
    if memchr::memchr2(b'@', b'<', bytes).is_some() {
        return true;
    }
    let lead = line.trim_start_matches(['*', '_', ' ', '-', '"']);
    let begins = lead.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '在' | '于' | '於'));
    let named = !line.is_ascii() && (line.contains(" 于") || line.contains(" 於"));
    if !begins && !named && !LEAD_WORDS.may_begin(lead) {
        return false;
    }
    if !bytes.iter().any(u8::is_ascii_digit) {
        return line.len() < 60 && LEADS[..20].iter().any(|word| starts(line, word)) && line.contains(',');
    }
    begins || named || LEAD_WORDS.prefix_of(phrase::fold(crate::mail::header::floor(lead, 40), folded)).is_some()
}

fn starts(line: &str, lead: &str) -> bool {
    line.get(..lead.len()).is_some_and(|head| head.eq_ignore_ascii_case(lead))
}

fn is_attribution(joined: &str, quote_below: bool, buffer: &mut String) -> bool {
    let bare = verb::bare_end(joined)
        .trim_start_matches(|c: char| c == '*' || c == '_' || c == '|' || c.is_whitespace() || phrase::is_rule_char(c));
    let folded = phrase::fold(bare, buffer);
    let has_colon = folded.ends_with(':');
    let folded = folded.trim_end_matches([':', ' ', ',']);
    let is_drawn = joined.starts_with("--") && joined.trim_end().ends_with("--");
    let evidence = Evidence::of(folded);
    let Some((at, end)) = verb::last(folded) else { return verbless(folded, has_colon, &evidence, quote_below) };
    let (before, after) = (folded[..at].trim_end_matches([' ', ',']), folded[end..].trim());
    // Two days are two entries of a log.
    if evidence.years >= 2 && !begins_with_word(folded) {
        return false;
    }
    // Eudora: `At 09:22 AM 8/14/2003 -0500, you wrote:`.
    let told = quote_below && evidence.time && has_colon && begins_with_word(folded);
    if !told && is_prose(before, after) {
        return false;
    }
    if quote_below && (has_colon || after.is_empty()) && after.len() < 120 && before.len() < 200 {
        return true;
    }
    if after.is_empty() {
        return (has_colon || is_drawn || evidence.address)
            && (evidence.address || evidence.time || evidence.date && begins_with_lead(folded));
    }
    has_colon && is_lead_in(before, after, &evidence)
}

/// `schrieb X <a@b>:`, `wrote on 10/12/2020 10:11:12 AM:`, `írta (időpont: …):`.
fn is_lead_in(before: &str, after: &str, evidence: &Evidence) -> bool {
    let tail = Evidence::of(after);
    if tail.address
        || after.starts_with("am ")
        || after.starts_with('(')
        || after.starts_with("on ")
        || after.starts_with("the following on ")
        || after.starts_with("at ")
        || after.starts_with("le ")
        || after.starts_with("in message")
        || after.starts_with("in news")
    {
        return tail.address || tail.time || tail.date && !after.contains(" that ");
    }
    // `Am 12.10.2020 um 11:33 schrieb John Doe:` the name is what is left.
    let begins_dated = Evidence::of(before).date;
    (evidence.time || begins_dated && evidence.date)
        && begins_with_lead(before)
        && after.len() <= 80
        && !after.contains(['.', '?', '!', ';'])
        && after.split(' ').count() <= 6
        || evidence.time && begins_dated && after.len() <= 80 && after.split(' ').count() <= 6
}

/// No verb: `2020年10月12日(月) 11:33 X <a@b>:` (Gmail ja, mail.ru, FairEmail), `Quoting X <a@b>:`.
fn verbless(folded: &str, has_colon: bool, evidence: &Evidence, quote_below: bool) -> bool {
    let quoting = ["quoting ", "zitat von ", "citando ", "citerar ", "begin quote"].iter().any(|q| folded.starts_with(q));
    if quoting && has_colon {
        return evidence.address || quote_below;
    }
    if !has_colon {
        // `2012/10/16 Someone <a@b>` (Gmail of old) and `>` lines.
        let head = crate::mail::header::floor(folded, 48);
        return quote_below
            && evidence.address
            && folded.ends_with('>')
            && folded.len() < 200
            && folded.starts_with(|c: char| c.is_ascii_digit())
            && Evidence::of(head).date;
    }
    let dated_first = Evidence::of(crate::mail::header::floor(folded, 48)).date;
    dated_first && evidence.address && folded.ends_with(['>', ')']) && folded.len() < 300
        || quote_below && evidence.date && evidence.time && folded.len() < 160
        // `Thus spake X (a@b.example):`
        || quote_below
            && evidence.address
            && folded.len() < 120
            && [" spake ", " spoke", " sez", " says", " typed", " scribbled", " uttered", " sagte"].iter().any(|verb| folded.contains(verb))
        // A phone's footer glued before it (mail.ru).
        || quote_below && evidence.address && evidence.time && folded.len() < 300
}

fn begins_with_word(folded: &str) -> bool {
    LEAD_WORDS.prefix_of(folded).is_some()
}

fn begins_with_lead(folded: &str) -> bool {
    folded.starts_with(|c: char| c.is_ascii_digit()) || LEAD_WORDS.prefix_of(folded).is_some()
}

fn is_prose(before: &str, after: &str) -> bool {
    let last = before.rsplit([' ', ',']).next().unwrap_or("");
    let has_address = before.contains('@') || after.contains('@');
    if PROSE_SUBJECTS.contains(&last) && !has_address {
        return true;
    }
    // `the service wrote`, `our vendor said`: no name has an article.
    let article = before
        .rsplit([' ', ','])
        .skip(1)
        .take(2)
        .any(|word| ["the", "our", "my", "your", "his", "her", "their", "a", "an", "this"].contains(&word));
    if article && !has_address {
        return true;
    }
    !has_address && before.ends_with(PROSE_ENDS) || before.contains(['。', '？', '！', '；'])
}

/// What in a line speaks for an attribution.
struct Evidence {
    address: bool,
    /// A day: `2020-10-12`, `12.10.2020`, `2020年10月12日`, `Oct 12, 2020`.
    date: bool,
    /// A day with `10:11`.
    time: bool,
    /// How many years are named.
    years: usize,
}

impl Evidence {
    fn of(folded: &str) -> Evidence {
        let bytes = folded.as_bytes();
        let (mut groups, mut clock, mut years, mut run) = (0usize, false, 0usize, 0usize);
        for (at, byte) in bytes.iter().enumerate() {
            if byte.is_ascii_digit() {
                run += 1;
                continue;
            }
            if run > 0 {
                let digits = &bytes[at - run..at];
                let next_digit = bytes.get(at + 1).is_some_and(u8::is_ascii_digit);
                clock |= run <= 2 && next_digit && matches!(byte, b':' | b'h');
                years += usize::from(run == 4 && (digits.starts_with(b"19") || digits.starts_with(b"20")));
                groups += usize::from(run <= 4);
            }
            run = 0;
        }
        groups += usize::from(run > 0 && run <= 4);
        years += usize::from(run == 4 && bytes.len() >= 4 && bytes[bytes.len() - 4..].starts_with(b"20"));
        let date = years > 0 && groups >= 2 || groups >= 3;
        let address = memchr::memchr(b'@', bytes).is_some_and(|at| at > 0 && bytes.get(at + 1).is_some_and(|b| !b.is_ascii_whitespace()))
            || folded.contains("<mailto:");
        Evidence { address, date, time: clock && groups >= 3, years }
    }
}
