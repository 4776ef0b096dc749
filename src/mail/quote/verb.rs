//! The word of an attribution that says somebody wrote, in the languages clients speak, and where it stands in a folded line.

use aho_corasick::{AhoCorasick, MatchKind};
use std::sync::LazyLock;

#[rustfmt::skip]
const VERBS: &[&str] = &[
    "wrote", "writes", "said", "has written", "schrieb", "geschrieben", "a écrit", "a ecrit", "escribió", "escribio", "ha scritto", "scrisse", "schreef", "geschreven", "escreveu", "pisze", "napisał(a)", "napisał", "napisała", "napisal(a)", "napisal",
    "пишет", "писал(а)", "писал", "писала", "написал(а)", "написал", "написала", "написав", "skrev", "kirjoitti", "작성", "썼습니다", "님의 말", "đã viết", "viết", "yazdı", "yazmış", "napsal(a)", "napsala", "napisao", "napisala", "írta", "a scris", "έγραψε",
    "写道", "寫道", "写到", "寫到", "编写", "編寫", "来信", "的邮件", "的郵件", "のメール", "が書きました", "は書きました", "さんは書きました", "さんが書きました", "さんからのメッセージ",
];
static WORDS: LazyLock<AhoCorasick> =
    LazyLock::new(|| AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(VERBS).expect("constant"));

/// Bytes of the last verb of a folded line that stands as a word of its own.
pub fn last(folded: &str) -> Option<(usize, usize)> {
    let is_word = |at: usize, end: usize| {
        let latin = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() && (c as u32) < 0x1100);
        !folded[at..].starts_with(|c: char| (c as u32) < 0x1100)
            || !latin(folded[..at].chars().next_back()) && !latin(folded[end..].chars().next())
    };
    WORDS.find_iter(folded).map(|m| (m.start(), m.end())).filter(|(at, end)| is_word(*at, *end)).last()
}

/// Whether the end of a raw line can be the end of an attribution: a colon, or a verb; looks at the last bytes only.
pub fn may_end(line: &str) -> bool {
    let line = bare_end(line);
    let bytes = line.as_bytes();
    let Some(last) = bytes.last() else { return false };
    if matches!(last, b':') || line.ends_with('：') {
        return true;
    }
    const ENDS: &[&str] = &[
        "wrote",
        "writes",
        "said",
        "schrieb",
        "écrit",
        "ecrit",
        "scritto",
        "escribió",
        "escreveu",
        "pisze",
        "skrev",
        "(a)",
        "道",
        "到",
        "编写",
        "的邮件",
        "viết",
        "작성",
        "メール",
        "írta",
        "yazdı",
        "kirjoitti",
        "пишет",
        "написал",
    ];
    let ends = match line.chars().next_back() {
        Some('e' | 's' | 'd' | 'b' | 't' | 'o' | 'u' | 'v' | 'i' | ')' | 'ó' | 'a') => true,
        Some(c) => matches!(c, '道' | '到' | '写' | '寫' | '件' | 'ル' | '성' | 'ı' | 'т' | 'л'),
        None => false,
    };
    ends && ENDS.iter().any(|end| line.ends_with(end))
}

/// The line without what clients hang behind the colon: asterisks, rules, link remnants.
pub fn bare_end(line: &str) -> &str {
    let mut line = line.trim_end_matches(is_trailing);
    while line.ends_with(']') || line.ends_with('>') {
        let open = if line.ends_with(']') { '[' } else { '<' };
        let Some(at) = line.rfind(open) else { break };
        let inside = &line[at + 1..line.len() - 1];
        let is_remnant =
            inside.len() <= 3 && inside.bytes().all(|b| b.is_ascii_digit()) || inside.starts_with("mailto:") || inside.starts_with("http");
        let before = line[..at].trim_end_matches(is_trailing);
        if !is_remnant || !(before.ends_with(':') || before.ends_with('：')) {
            break;
        }
        line = before;
    }
    line
}

fn is_trailing(c: char) -> bool {
    c.is_whitespace() || matches!(c, '*' | '_' | '-' | '—' | '~' | '"' | '|') || ('\u{200b}'..='\u{202f}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends() {
        for (line, want) in [
            ("X wrote:", true),
            ("X wrote:*", true),
            ("X wrote: [1]", true),
            ("---- X wrote ----", true),
            ("张三 写道：", true),
            ("X a écrit\u{a0}:", true),
            ("plain prose.", false),
            ("the end", false),
        ] {
            assert_eq!(may_end(line), want, "{line}");
        }
    }

    #[test]
    fn words_of_their_own() {
        assert_eq!(last("x wrote:"), Some((2, 7)));
        assert_eq!(last("underwrote:"), None);
        assert_eq!(last("张三写道:").map(|(at, _)| at), Some(6));
    }
}
