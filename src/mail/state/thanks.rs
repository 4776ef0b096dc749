//! Whether a mail says thanks or "received" and nothing else.

use super::super::prose::is_han;

/// Characters of a mail that may be thanks only.
const MAX_CHARS: usize = 80;

/// Words of politeness, longest first where one begins another.
const WORDS: &[&str] = &[
    "您好",
    "你好",
    "大家好",
    "各位好",
    "各位",
    "早上好",
    "上午好",
    "下午好",
    "晚上好",
    "好的",
    "好滴",
    "好哒",
    "好嘞",
    "好",
    "已收到",
    "收到了",
    "收到",
    "敬悉",
    "已悉",
    "知悉",
    "已阅",
    "已知悉",
    "了解了",
    "了解",
    "明白了",
    "明白",
    "知道了",
    "非常",
    "十分",
    "万分",
    "特别",
    "衷心",
    "再次",
    "谢谢",
    "謝謝",
    "多谢",
    "感谢",
    "感謝",
    "谢",
    "辛苦了",
    "辛苦",
    "辛苦啦",
    "麻烦了",
    "麻烦您了",
    "麻烦",
    "您的",
    "你的",
    "你们的",
    "你们",
    "贵司的",
    "贵司",
    "大家",
    "大家的",
    "各位的",
    "您们",
    "支持",
    "帮助",
    "回复",
    "答复",
    "解答",
    "配合",
    "协助",
    "指导",
    "耐心",
    "及时",
    "快速",
    "的",
    "邮件",
    "您",
    "你",
    "了",
    "啦",
    "哈",
    "嗯",
    "嗯嗯",
    "哦",
    "呀",
    "祝好",
    "祝您",
    "祝",
    "工作顺利",
    "工作愉快",
    "周末愉快",
    "节日快乐",
    "新年快乐",
    "中秋快乐",
    "国庆快乐",
    "生活愉快",
    "身体健康",
    "万事如意",
    "此致",
    "敬礼",
    "顺祝商祺",
    "没问题",
    "可以",
    "老师",
    "工程师",
    "领导",
    "同事",
    "客服",
    "亲",
    "賜教",
    "幫助",
    "協助",
    "回覆",
    "好的呢",
    "ok的",
];
const ENGLISH: &[&str] = &[
    "thank",
    "thanks",
    "thx",
    "tks",
    "you",
    "so",
    "very",
    "much",
    "many",
    "a",
    "lot",
    "again",
    "got",
    "it",
    "received",
    "noted",
    "with",
    "ok",
    "okay",
    "well",
    "hi",
    "hello",
    "dear",
    "all",
    "team",
    "for",
    "your",
    "the",
    "help",
    "support",
    "reply",
    "quick",
    "prompt",
    "response",
    "information",
    "info",
    "update",
    "assistance",
    "kind",
    "and",
    "best",
    "regards",
    "cheers",
    "great",
    "perfect",
    "appreciated",
    "appreciate",
    "understood",
    "sir",
    "mr",
    "ms",
    "mrs",
    "dr",
    "really",
    "have",
    "nice",
    "good",
    "day",
    "weekend",
    "in",
    "advance",
    "copy",
    "that",
    "this",
    "confirmed",
    "acknowledged",
    "sincerely",
    "warm",
    "kindly",
    "everyone",
    "both",
];
/// Surnames of four in five Chinese.
const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤張劉陳楊黃趙吳孫馬鄭許韓馮鄧";
const TITLES: [&str; 11] = ["工程师", "老师", "经理", "先生", "女士", "小姐", "主任", "工", "总", "哥", "姐"];

pub fn is_thanks_only(text: &str) -> bool {
    let text = text.trim();
    if text.is_empty() || text.len() > MAX_CHARS * 4 || text.chars().count() > MAX_CHARS {
        return false;
    }
    let mut rest = text;
    let mut said = 0;
    let mut greeted = false;
    while let Some(c) = rest.chars().next() {
        let taken = if c.is_whitespace() || is_sign(c) {
            c.len_utf8()
        } else if let Some(length) = chinese(rest) {
            said += 1;
            length
        } else if let Some((length, is_word)) = english(rest, greeted) {
            said += usize::from(is_word);
            greeted = true;
            length
        } else {
            return false;
        };
        rest = &rest[taken..];
    }
    said > 0
}

/// Punctuation, emoticons and list signs, no question mark.
fn is_sign(c: char) -> bool {
    matches!(
        c,
        '，' | ','
            | '。'
            | '.'
            | '！'
            | '!'
            | '~'
            | '～'
            | '、'
            | '：'
            | ':'
            | '；'
            | ';'
            | '-'
            | '^'
            | '_'
            | '('
            | ')'
            | '（'
            | '）'
            | '…'
            | '"'
            | '“'
            | '”'
            | '@'
    ) || ('\u{1f300}'..='\u{1faff}').contains(&c)
        || matches!(c, '\u{2600}'..='\u{27bf}' | '\u{fe0f}' | '\u{200d}')
}

fn chinese(rest: &str) -> Option<usize> {
    // [抱拳], [玫瑰]: emoticons of QQ and WeChat.
    if let Some(inner) = rest.strip_prefix('[') {
        return inner.find(']').filter(|n| *n <= 12 && inner[..*n].chars().all(is_han)).map(|n| n + 2);
    }
    called(rest).or_else(|| WORDS.iter().filter(|w| rest.starts_with(**w)).map(|w| w.len()).max()).or_else(|| name(rest))
}

/// `刘工`, `张伟老师`.
fn called(rest: &str) -> Option<usize> {
    let mut end = 0;
    for (count, c) in rest.chars().take_while(|c| is_han(*c)).enumerate().take(4) {
        let title = TITLES.iter().find(|t| rest[end..].starts_with(**t));
        if let Some(title) = title.filter(|_| count > 0 && SURNAMES.contains(rest.chars().next().unwrap_or(' '))) {
            return Some(end + title.len());
        }
        end += c.len_utf8();
    }
    None
}

/// A name at the end of a line: a surname and one or two more characters.
fn name(rest: &str) -> Option<usize> {
    let han = rest.chars().take_while(|c| is_han(*c)).count();
    let length: usize = rest.chars().take(han).map(char::len_utf8).sum();
    let is_name = (2..=3).contains(&han) && rest.chars().next().is_some_and(|c| SURNAMES.contains(c));
    let ends = rest[length..].trim_start_matches([' ', '\t']).is_empty() || rest[length..].starts_with(['\n', '，', ',', '！', '。', '：']);
    (is_name && ends).then_some(length)
}

/// Length, and whether it is a word of thanks rather than a name.
fn english(rest: &str, greeted: bool) -> Option<(usize, bool)> {
    let length = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
    let word = &rest[..length];
    if length == 0 {
        return None;
    }
    if ENGLISH.iter().any(|w| w.eq_ignore_ascii_case(word)) {
        return Some((length, !matches!(word.to_ascii_lowercase().as_str(), "and" | "the" | "for" | "a" | "you" | "it" | "that" | "this")));
    }
    let is_name = greeted && word.starts_with(|c: char| c.is_ascii_uppercase()) && word[1..].bytes().all(|b| b.is_ascii_lowercase());
    is_name.then_some((length, false))
}
