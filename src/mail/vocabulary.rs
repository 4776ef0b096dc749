//! Words looked for in what people write: one pass of an automaton finds them all, the rooms judge each hit where it stands.
//!
//! A vocabulary is a table of classes, each with its words separated by `|`. Words of letters match as whole words and in any
//! case; `fail*` matches every ending. Chinese words match in simplified and in traditional characters. Of two words that
//! begin at one place the longer wins, which is how idioms (无论如何) hide the word inside them (如何).

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

/// A word found: bytes of the text, and its class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit<C> {
    pub start: usize,
    pub end: usize,
    pub class: C,
}

pub struct Vocabulary<C> {
    automaton: AhoCorasick,
    /// Class of each word, and whether any ending may follow.
    words: Vec<(C, bool)>,
}

impl<C: Copy> Vocabulary<C> {
    /// From constant tables; of a word named twice the first class counts.
    pub fn new(table: &[(C, &str)]) -> Self {
        let mut patterns: Vec<String> = Vec::new();
        let mut words = Vec::new();
        for (class, list) in table {
            for word in list.split('|').filter(|w| !w.is_empty()) {
                let (word, is_stem) = word.strip_suffix('*').map_or((word, false), |w| (w, true));
                // Outlook and phones write isn’t.
                let variants = [traditional(word), word.replace('\'', "’")];
                for variant in variants.into_iter().filter(|v| v != word).chain([word.to_owned()]) {
                    patterns.push(variant);
                    words.push((*class, is_stem));
                }
            }
        }
        // A full automaton would be megabytes; this one is compact.
        let automaton = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .match_kind(MatchKind::LeftmostLongest)
            .ascii_case_insensitive(true)
            .build(&patterns)
            .expect("constant words");
        Self { automaton, words }
    }

    /// The words of `text`, in order, not overlapping.
    pub fn hits<'a>(&'a self, text: &'a str) -> impl Iterator<Item = Hit<C>> + 'a {
        let bytes = text.as_bytes();
        self.automaton.find_iter(text).filter_map(move |m| {
            let (class, is_stem) = self.words[m.pattern().as_usize()];
            let is_letter = |at: Option<&u8>| at.is_some_and(u8::is_ascii_alphanumeric);
            let glued_left = is_letter(bytes.get(m.start())) && m.start() > 0 && is_letter(bytes.get(m.start() - 1));
            let glued_right = !is_stem && is_letter(bytes.get(m.end() - 1)) && is_letter(bytes.get(m.end()));
            (!glued_left && !glued_right).then_some(Hit { start: m.start(), end: m.end(), class })
        })
    }
}

/// Characters of the vocabularies that differ in traditional writing.
const SIMPLIFIED: &str = "决谢经没还现复紧级归档关闭问题请无么为说吗办时给这个帮协确认报错响业务瘫痪后过过发应该说动开机单结满处样会实际总样试装运进网络话电脑设备启转领导检补丁读专执状态种迟拖护诉议询启败显弹随吗来岁东长达头达里从众优场坏备复够夺奋将尽岗严并产亲仅们价体侧债倾偿儿内写冲冻净凉减划创删剂剑";
const TRADITIONAL: &str = "決謝經沒還現復緊級歸檔關閉問題請無麼為說嗎辦時給這個幫協確認報錯響業務癱瘓後過過發應該說動開機單結滿處樣會實際總樣試裝運進網絡話電腦設備啟轉領導檢補丁讀專執狀態種遲拖護訴議詢啟敗顯彈隨嗎來歲東長達頭達裡從眾優場壞備復夠奪奮將儘崗嚴並產親僅們價體側債傾償兒內寫衝凍淨涼減劃創刪劑劍";

fn traditional(word: &str) -> String {
    let one = |c: char| SIMPLIFIED.chars().zip(TRADITIONAL.chars()).find(|(s, _)| *s == c).map_or(c, |(_, t)| t);
    word.chars().map(one).collect::<String>().replace("回復", "回覆")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_whole_and_the_longest_wins() {
        let words = Vocabulary::new(&[('n', "not"), ('f', "fail*"), ('h', "如何"), ('x', "无论如何"), ('q', "请问")]);
        for (text, want) in [
            ("It does NOT fail", "nf"),
            ("nothing", ""),
            ("knot", ""),
            ("failing, failed", "ff"),
            ("无论如何都不行", "x"),
            ("如何", "h"),
            ("請問", "q"),
            ("請问", ""),
            ("not是", "n"),
        ] {
            assert_eq!(words.hits(text).map(|h| h.class).collect::<String>(), want, "{text}");
        }
    }

    #[test]
    fn character_tables_are_of_one_length() {
        assert_eq!(SIMPLIFIED.chars().count(), TRADITIONAL.chars().count());
    }
}
