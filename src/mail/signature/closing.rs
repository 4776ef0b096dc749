//! The closing formula (`Best regards,` / `此致` `敬礼` / `Mit freundlichen Grüßen`) with the name, title and company below it.
//!
//! A formal formula belongs to the signature, and so does `Thanks,` above the name; `Thanks!` and `谢谢！` are words of the mail,
//! and only the name below them goes.

use super::contact::is_contact;
use super::{footer, name};
use crate::mail::phrase::{self, Phrases};
use std::sync::LazyLock;

#[rustfmt::skip]
const FORMAL: &[&str] = &[
    "best regards", "kind regards", "warm regards", "warmest regards", "kindest regards", "best wishes", "with best regards", "with kind regards", "with regards", "with warm regards", "with best wishes", "with kindest regards", "regards", "best", "all the best", "rgds", "brgds", "br", "b.r.", "b. regards", "bests", "kr", "many regards", "good regards", "great regards", "many thanks and regards", "many thanks and best regards", "many thanks & regards", "thank you and best regards", "thank you and regards", "thank you and kind regards", "thank you & regards",
    "sincerely", "yours sincerely", "sincerely yours", "yours faithfully", "yours truly", "yours", "very truly yours", "respectfully", "respectfully yours", "cordially", "faithfully", "warmly", "cheers", "take care", "thanks and regards", "thanks & regards", "thanks and best regards", "thanks & best regards", "thanks and kind regards", "thanks/regards", "thanks with regards", "thanks & br", "thx & regards", "ciao", "love", "xoxo", "peace", "cordial greetings", "greetings", "best greetings", "kind greetings", "in kind regards", "have a great day", "have a nice day",
    "mit freundlichen grüßen", "mit freundlichen gruessen", "mit freundlichen grüssen", "mit freundlichem gruß", "mit besten grüßen", "mit bestem gruß", "mit herzlichen grüßen", "freundliche grüße", "freundliche grüsse", "freundlichen gruß", "viele grüße", "viele grüsse", "beste grüße", "besten gruß", "liebe grüße", "lieben gruß", "schöne grüße", "herzliche grüße", "herzlichen gruß", "hochachtungsvoll", "gruß", "gruss", "grüße", "mfg", "lg", "vg", "bg", "viele gruesse", "schönen gruß",
    "cordialement", "bien cordialement", "très cordialement", "salutations", "sincères salutations", "meilleures salutations", "bien à vous", "bien à toi", "amicalement", "cdlt", "cdt", "crdt", "respectueusement", "à bientôt", "bonne journée", "bonne réception", "veuillez agréer",
    "saludos", "un saludo", "saludos cordiales", "cordiales saludos", "un cordial saludo", "cordialmente", "atentamente", "muy atentamente", "atte", "cordiali saluti", "distinti saluti", "un saluto", "un cordiale saluto", "saluti", "met vriendelijke groet", "met vriendelijke groeten", "vriendelijke groet", "vriendelijke groeten", "hartelijke groet", "groet", "groeten", "groetjes", "mvg", "atenciosamente", "att", "abraços", "abraço", "cumprimentos", "com os melhores cumprimentos", "melhores cumprimentos",
    "pozdrawiam", "z poważaniem", "serdecznie pozdrawiam", "с уважением", "с наилучшими пожеланиями", "с ув.", "med vänlig hälsning", "med vänliga hälsningar", "vänliga hälsningar", "vänlig hälsning", "hälsningar", "hälsning", "mvh", "med venlig hilsen", "venlig hilsen", "med vennlig hilsen", "vennlig hilsen", "hilsen", "vh", "ystävällisin terveisin", "terveisin", "terv", "s pozdravem", "s úctou", "üdvözlettel", "tisztelettel", "saygılarımla", "saygılar", "iyi çalışmalar", "trân trọng", "thân mến", "敬具",
    "此致", "敬礼", "此致敬礼", "此致,敬礼", "此致 敬礼", "祝好", "祝 好", "顺祝商祺", "顺颂商祺", "順頌商祺", "即颂商祺", "商祺", "敬颂商祺", "此颂商祺", "祝商祺", "祝工作顺利", "祝您工作顺利", "祝您工作愉快", "祝工作愉快", "祝生活愉快", "祝您生活愉快", "祝一切顺利", "顺祝安好", "顺颂时祺", "即颂", "敬颂", "敬上", "谨上", "谨启", "敬启", "顺祝", "祝安好", "祝安", "祝您愉快", "祝您一切顺利", "祝身体健康", "祝您身体健康", "祝顺利", "祝開心", "敬祝", "順祝商祺", "祝 商祺", "顺致敬意", "此致敬意",
];
#[rustfmt::skip]
const THANKS: &[&str] = &[
    "thanks", "thank you", "many thanks", "thx", "thanks a lot", "thanks so much", "thank you very much", "thank you so much", "thanks very much", "tia", "ty", "tks", "tnx", "cheers and thanks", "much appreciated", "thanks in advance", "thanks again", "thanks much", "thank you in advance", "thanks all", "with thanks", "many thanks in advance", "danke", "vielen dank", "besten dank", "merci", "merci d'avance", "merci beaucoup", "gracias", "muchas gracias", "grazie", "grazie mille", "bedankt", "alvast bedankt", "obrigado", "obrigada", "dziękuję", "спасибо", "tack", "tak", "takk", "kiitos", "děkuji", "köszönöm", "teşekkürler", "cảm ơn",
    "谢谢", "多谢", "非常感谢", "感谢", "谢谢您", "谢谢支持", "谢谢配合", "感谢支持", "感谢您的支持", "麻烦了", "辛苦了", "有劳了", "謝謝", "感謝", "谢谢啦", "谢谢!辛苦了", "盼复", "盼复,谢谢", "望回复", "望尽快回复", "望尽快回复,谢谢", "请知悉", "以上,谢谢", "以上", "よろしくお願いします", "以上よろしくお願いいたします", "よろしくお願いいたします", "宜しくお願いします", "以上、よろしくお願いいたします", "감사합니다",
];
static CLOSINGS: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(&[FORMAL]));
static THANKED: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(&[THANKS]));

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closing {
    /// Goes with the signature.
    Formal,
    /// A formula and the name on one line.
    FormalNamed,
    /// `Thanks,`: goes with the signature when a name follows.
    ThanksComma,
    /// Words of the mail, above the signature.
    Thanks,
}

/// What closing formula a line is, if it is one and nothing else.
pub fn closing(line: &str, buffer: &mut String) -> Option<Closing> {
    let line = line.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '|' | '-' | '–' | '—' | '~'));
    if line.is_empty() || line.len() > 90 {
        return None;
    }
    if !CLOSINGS.may_begin(line) && !THANKED.may_begin(line) {
        return None;
    }
    let folded = phrase::fold(line, buffer);
    let ends_in_comma = folded.ends_with(',');
    let cheerful = folded.ends_with('!');
    let words = folded.trim_end_matches([',', '.', '!', '。', ' ', ';', ':', '~', '、', ')']);
    if CLOSINGS.contains(words) {
        // `Cheers!` and `Have a nice day!` are said to the reader.
        let said = cheerful
            && matches!(words, "cheers" | "have a great day" | "have a nice day" | "best" | "love" | "peace" | "ciao" | "greetings");
        return Some(if said { Closing::Thanks } else { Closing::Formal });
    }
    if THANKED.contains(words) {
        return Some(if ends_in_comma && !words.contains("advance") && words.is_ascii() { Closing::ThanksComma } else { Closing::Thanks });
    }
    if let Some(found) = CLOSINGS.prefix_of(words) {
        let rest = words[found.len()..].trim_start_matches([',', ' ', '!', '/', '.', '。', ';', ':', '-']);
        let apart = rest.len() < words.len() - found.len();
        let original = line
            .char_indices()
            .rev()
            .nth(rest.chars().count().max(1) + folded[words.len()..].chars().count() - 1)
            .map_or("", |(at, _)| &line[at..]);
        if apart && !rest.is_empty() && (CLOSINGS.contains(rest) || THANKED.contains(rest)) {
            return Some(Closing::Formal);
        }
        // `Best regards / 祝好`, `Regards, John`, `祝好！ 张三`.
        let long = found.len() > 3 || matches!(found, "lg" | "vg" | "mfg" | "mvh" | "mvg" | "cdt");
        if apart && long && name::is_person(original.trim()) {
            return Some(Closing::FormalNamed);
        }
    }
    let (head, tail) = words.split_once([',', '!', '.', '。', ' '])?;
    let both = THANKED.contains(head.trim()) && CLOSINGS.contains(tail.trim_matches([' ', ',', '!', '&', '/', '-']));
    both.then_some(Closing::Formal)
}

/// Where the signature that a closing formula begins starts.
pub fn start(lines: &[&str], buffer: &mut String) -> Option<usize> {
    let from = lines.len().saturating_sub(22);
    for at in from..lines.len() {
        let Some(kind) = closing(lines[at], buffer) else { continue };
        let rest = &lines[at + 1..];
        let count = rest.iter().filter(|l| !l.trim().is_empty()).count();
        let fits = is_tail(rest, kind, buffer);
        match kind {
            // A wish without a name below is said to the reader.
            Closing::Formal if count == 0 && is_wish(lines[at], buffer) => {}
            Closing::Formal | Closing::FormalNamed if fits => return Some(with_thanks(lines, at, buffer)),
            Closing::ThanksComma if fits && count > 0 => return Some(at),
            Closing::Thanks if fits && count > 0 => {
                // A closing below is found on its own; else what follows the thanks is the signature.
                let below = rest.iter().position(|l| !l.trim().is_empty()).map_or(0, |n| at + 1 + n);
                let is_name = name::is_person(lines[below])
                    || is_contact(lines[below], buffer)
                    || is_lone_word(lines[below])
                    || name::is_organisation(lines[below]);
                if closing(lines[below], buffer).is_none() && is_name {
                    return Some(below);
                }
            }
            _ => {}
        }
    }
    None
}

/// `Thanks,` right above `Best regards` is part of it.
fn with_thanks(lines: &[&str], at: usize, buffer: &mut String) -> usize {
    let Some(above) = lines[..at].iter().rposition(|l| !l.trim().is_empty()) else { return at };
    if closing(lines[above], buffer) == Some(Closing::ThanksComma) { above } else { at }
}

fn is_wish(line: &str, buffer: &mut String) -> bool {
    let folded = phrase::fold(line, buffer);
    ["bonne ", "have a ", "祝", "顺祝", "à bientôt", "take care", "schönen tag", "iyi ", "love", "peace", "greetings", "敬祝"]
        .iter()
        .any(|w| folded.starts_with(w))
}

fn is_lone_word(line: &str) -> bool {
    let line = name::bare(line);
    line.len() <= 20 && line.len() >= 2 && !line.contains(' ') && line.chars().all(char::is_alphabetic) && line.is_ascii()
}

/// At most a few short lines: names, titles, companies, contact lines, and a motto below these.
fn is_tail(rest: &[&str], kind: Closing, buffer: &mut String) -> bool {
    let (mut plain, mut contacts, mut mottos) = (0usize, 0usize, 0usize);
    for (n, line) in rest.iter().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
        let line = line.trim();
        if is_contact(line, buffer) || phrase::is_rule(line) || line.chars().all(|c| matches!(c, '|' | ' ')) {
            contacts += 1;
        } else if footer::is_footer(line, buffer) || closing(line, buffer).is_some_and(|c| c != Closing::Thanks || n == 0) {
        } else if name::is_person(line) || name::is_organisation(line) || name::is_date(line) || is_short(line, kind, plain) {
            plain += 1;
        } else if (contacts >= 1 || plain >= 2) && line.len() <= 200 && !line.ends_with(['?', '？']) {
            mottos += 1;
        } else {
            return false;
        }
    }
    plain <= if contacts > 0 { 9 } else { 5 } && mottos <= 2 && contacts <= 16
}

/// A short line that is no sentence; after mere thanks only names will do.
fn is_short(line: &str, kind: Closing, above: usize) -> bool {
    let shape = phrase::width(line) <= 60
        && !line.ends_with(['。', '？', '?', '！', '!', '；', ';', '：', ':'])
        && !line.contains(['？', '?', '。', '='])
        && !line.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '•' | '①'..='⑳' | '(' | '（' | '['))
        && line.split(' ').count() <= 7
        && !crate::mail::mention::names_fact(line);
    match kind {
        Closing::Formal | Closing::FormalNamed => shape,
        Closing::ThanksComma | Closing::Thanks => shape && (above > 0 || is_lone_word(line)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas() {
        for (line, want) in [
            ("Best regards,", Some(Closing::Formal)),
            ("Best Regards / 祝好", Some(Closing::Formal)),
            ("祝好！", Some(Closing::Formal)),
            ("此致 敬礼", Some(Closing::Formal)),
            ("Mit freundlichen Grüßen", Some(Closing::Formal)),
            ("Regards, John Smith", Some(Closing::FormalNamed)),
            ("Thanks & Regards,", Some(Closing::Formal)),
            ("Thanks, regards", Some(Closing::Formal)),
            ("Thanks,", Some(Closing::ThanksComma)),
            ("Thanks!", Some(Closing::Thanks)),
            ("谢谢！", Some(Closing::Thanks)),
            ("Cheers!", Some(Closing::Thanks)),
            ("Best of all it works", None),
            ("Thanks for the file", None),
            ("Regards the update, nothing changed", None),
        ] {
            assert_eq!(closing(line, &mut String::new()), want, "{line}");
        }
    }
}
