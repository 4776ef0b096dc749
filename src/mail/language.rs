//! Language of a mail, Chinese or English, by what the person wrote: not by signature, quote, log lines or names of products.
//!
//! Japanese and Korean are answered in English: Han characters count only beside kana and hangul in no number.

use super::prose::{self, is_han};
use crate::case::Language;
use std::sync::LazyLock;

/// Bytes of prose that are looked at.
const MAX_BYTES: usize = 8_000;
/// English words of a person who writes to another: messages of programs have none of them.
const PERSONAL: [&str; 30] = [
    "we", "you", "i", "i'm", "i've", "we've", "my", "our", "your", "us", "me", "please", "thanks", "thank", "hi", "hello", "dear", "could",
    "can", "would", "what", "how", "why", "does", "do", "help", "kindly", "regards", "its", "they",
];
/// English words of any sentence.
const PLAIN: [&str; 22] = [
    "the", "is", "are", "to", "it", "and", "of", "in", "on", "not", "have", "has", "this", "that", "for", "with", "was", "be", "all",
    "now", "a", "from",
];

#[derive(Default)]
struct Count {
    han: usize,
    /// Kana and hangul.
    other: usize,
    words: usize,
    /// Words of small letters alone: no names of products.
    small: usize,
    personal: usize,
    plain: usize,
}

/// Language of the reply; of the subject when the reply says too little, then of the whole text.
/// `lines`: the prose of the reply.
pub fn language(reply_text: &str, lines: &prose::Lines<'_>, subject: &str, whole: &str) -> Language {
    let reply = count_lines(lines.iter().copied());
    judge(&reply, 4)
        .or_else(|| {
            let both = add(&reply, &count(subject));
            judge(&both, 2)
        })
        .or_else(|| says_so(&reply))
        .or_else(|| (whole.len() > reply_text.len()).then(|| judge(&count(whole), 2)).flatten())
        .unwrap_or(if reply.han > 0 && reply.other == 0 { Language::Zh } else { Language::En })
}

/// None: too little to tell. `enough` is in words; two Han characters are one.
fn judge(count: &Count, enough: usize) -> Option<Language> {
    let Count { han, other, words, personal, plain, .. } = *count;
    if other * 4 > han && other > 1 {
        return Some(Language::En);
    }
    // A Chinese sentence with names of products, or one above a long log; a sentence in English that names a Chinese button.
    let is_english = personal > 0 && personal + plain >= 3 && (personal + plain) * 4 > han;
    if han >= 2 && !is_english && (han * 4 >= words || han >= 20) {
        return Some(Language::Zh);
    }
    if is_english || (han == 0 && words >= enough && personal + plain > 0) {
        return Some(Language::En);
    }
    None
}

/// A short English reply above a Chinese disclaimer (`Approved, go ahead.`): a few words, none of them Chinese.
fn says_so(reply: &Count) -> Option<Language> {
    (reply.han == 0 && reply.other == 0 && reply.words >= 3 && reply.small >= 2).then_some(Language::En)
}

fn add(a: &Count, b: &Count) -> Count {
    Count {
        han: a.han + b.han,
        other: a.other + b.other,
        words: a.words + b.words,
        small: a.small + b.small,
        personal: a.personal + b.personal,
        plain: a.plain + b.plain,
    }
}

fn count(text: &str) -> Count {
    count_lines(prose::lines(super::header::floor(text, 100_000)))
}

fn count_lines<'a>(lines: impl Iterator<Item = (usize, &'a str)>) -> Count {
    let mut out = Count::default();
    let mut seen = 0;
    for (_, line) in lines {
        count_line(line, &mut out);
        seen += line.len();
        if seen > MAX_BYTES {
            break;
        }
    }
    out
}

/// The words of both lists, packed and sorted, and whether they are personal.
static WORDS: LazyLock<Vec<(u64, bool)>> = LazyLock::new(|| {
    let words = |list: &'static [&str], is_personal| list.iter().map(move |w| (packed(w.as_bytes()), is_personal));
    let mut all: Vec<(u64, bool)> = words(&PERSONAL, true).chain(words(&PLAIN, false)).collect();
    all.sort_unstable();
    all
});

/// A word of at most seven letters in one number, whatever its case; 0: a longer one.
fn packed(word: &[u8]) -> u64 {
    if word.len() > 7 {
        return 0;
    }
    word.iter().fold(0, |all, b| all << 8 | u64::from(b.to_ascii_lowercase()))
}

fn count_line(line: &str, out: &mut Count) {
    if !line.is_ascii() {
        for c in line.chars().filter(|c| !c.is_ascii()) {
            out.han += usize::from(is_han(c));
            out.other += usize::from(matches!(c, '\u{3040}'..='\u{30ff}' | '\u{ac00}'..='\u{d7af}' | '\u{1100}'..='\u{11ff}'));
        }
    }
    for word in line.as_bytes().split(|b| !b.is_ascii_alphabetic() && *b != b'\'').filter(|w| !w.is_empty()) {
        out.words += 1;
        out.small += usize::from(word.len() > 1 && word.iter().all(u8::is_ascii_lowercase));
        match WORDS.binary_search_by_key(&packed(word), |(known, _)| *known).map(|at| WORDS[at].1) {
            Ok(true) => out.personal += 1,
            Ok(false) => out.plain += 1,
            Err(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str, subject: &str, whole: &str) -> Language {
        language(text, &prose::lines(text).collect::<Vec<_>>(), subject, whole)
    }

    #[test]
    fn languages() {
        let log = "Package KB4577668 failed to be changed to the Installed state\n".repeat(30);
        let chinese_with_log = format!("您好，更新失败，日志如下：\n{log}");
        let stamped = format!("更新失败\n{}", "2026-07-23 09:45:45, Info CBS Exec: the package is not in the store\n".repeat(200));
        for (text, subject, want) in [
            ("补丁失败", "", Language::Zh),
            ("Update fails on many machines, see the log", "", Language::En),
            ("见日志：Package KB4577668 failed to be changed to the Installed state", "补丁失败", Language::Zh),
            ("", "补丁", Language::Zh),
            ("KB4577668 0x800f0922", "补丁失败", Language::Zh),
            ("Printing works now, please close the case.", "打印机无法连接", Language::En),
            ("", "", Language::En),
            ("The button named 检查更新 is missing from the settings page of our test machine since the last update", "", Language::En),
            (chinese_with_log.as_str(), "", Language::Zh),
            (stamped.as_str(), "Update", Language::Zh),
            ("OK", "回复: 补丁更新失败", Language::Zh),
            ("Thanks", "回复: 补丁更新失败", Language::Zh),
            ("Thanks", "Re: update fails with an error", Language::En),
            ("OK", "OK", Language::En),
            ("已解决，thanks", "Re: case", Language::Zh),
            ("OK，谢谢", "", Language::Zh),
            ("好", "", Language::Zh),
            ("更新後無法開機，請協助", "", Language::Zh),
            ("お世話になっております。更新プログラムのインストールに失敗しました。", "", Language::En),
            ("업데이트 설치에 실패했습니다. 확인 부탁드립니다.", "", Language::En),
            ("Windows Update 一直失败，error code 0x800f0922", "", Language::Zh),
            ("The screen says 更新失败 and 正在还原更改，请不要关闭计算机. What does it mean?", "", Language::En),
            ("We use 天擎 (Tianqing) to push the updates, is it the cause?", "请教", Language::En),
            ("CBS.log attached", "日志", Language::Zh),
            ("I tried it and it works", "打印机", Language::En),
            ("麻烦看下附件 setupact.log setuperr.log dism.log cbs.log", "", Language::Zh),
            ("Hi,\n请看附件", "", Language::Zh),
        ] {
            assert_eq!(told(text, subject, ""), want, "{text} / {subject}");
        }
    }

    #[test]
    fn whole_text_is_the_last_resort() {
        assert_eq!(told("Approved, go ahead.", "", "Approved, go ahead.\n\n免责声明：本邮件及其附件含有保密信息"), Language::En);
        assert_eq!(told("Windows Server KB", "", "Windows Server KB\n\n发件人: 张三\n请问补丁装好了吗"), Language::Zh);
        assert_eq!(told("OK", "Re: ", "OK\n\n发件人: 张三\n请问补丁装好了吗"), Language::Zh);
        assert_eq!(told("OK", "", "OK\n\nOn Monday Tom wrote:\n> is the update installed on the server now"), Language::En);
    }
}
