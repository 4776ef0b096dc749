//! The points a customer asks: numbered lists that ask (on lines or run together), else single asking sentences.
//!
//! A numbered list of steps, versions or machines is none: a list counts when it is introduced by asking words or when its
//! items ask. Works on the reply text only; each question is one line.

use super::Question;
use super::state::simplify;
use regex::Regex;
use std::sync::LazyLock;

fn regex(text: &str) -> Regex {
    Regex::new(text).expect("constant")
}

static MARKER: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)(?:(问题|question|q)[ \t]?(\d{1,2}|[０-９]{1,2}|[一二三四五六七八九十]{1,2})\s?[:：.、．)）]|[(（]\s?(\d{1,2}|[０-９]{1,2}|[一二三四五六七八九十]{1,2})\s?[)）]|(\d{1,2}|[０-９]{1,2})\s?[.、．)）:：]|([一二三四五六七八九十]{1,2})\s?[、．.]|([①-⑳])|(\d{1,2})，|([a-h])\s?[)）、.])",
    )
});
static ASKS: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)[？?]|请问|如何|是否|什么|有没有|有无|能否|能不能|可否|可不可以|会不会|是不是|为什么|为何|为啥|怎么|怎样|哪些|哪个|哪里|多久|多少|何时|请.{0,12}(?:提供|告知|说明|解释|确认|协助|指导|给出|分析|帮)|麻烦.{0,12}(?:提供|告知|说明|确认|协助|看)|\b(?:how|what|why|when|which|where|who|whether|could you|can you|can we|could we|would you|is there|is it|are there|does|do we|should we|please (?:advise|provide|explain|confirm|tell|let us know))\b",
    )
});
static INTRODUCES: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)想了解|想知道|想问|想咨询|咨询|请问|请教|疑问|问题如下|以下(?:几个|几点|的)?问题|(?:几|两|二|三|四|五)个问题|几点问题|请.{0,6}(?:解答|回复|答复|说明)|需要(?:确认|了解)|希望了解|questions?\b|want to know|would like to (?:know|ask)|please (?:answer|advise|clarify)|wonder",
    )
});
static NOT_ASKED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)步骤|操作如下|做法|已尝试|尝试了|试过|机器(?:列表|如下|清单)|版本(?:如下|信息)|环境(?:如下|信息)|信息如下|清单|过程如下|现象如下|steps|tried|environment|machines?:",
    )
});
static PLAIN_ASK: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)请问|如何|能否|能不能|可否|是否(?:可以|有|需要|能)|有没有|怎么(?:办|解决|处理|做|回事)|为什么|什么原因|是多少|在哪里|请.{0,6}(?:提供.{0,20}(?:方法|方案|步骤|办法|建议)|(?:协助|帮忙|帮助)(?:一下)?(?:分析|确认|提供|解释|说明|排查|查看原因)|告知|指导)|\b(?:could you|can you|would you|please (?:advise|provide|explain|confirm|tell|help|let us know))\b",
    )
});

/// Asks for an answer, but says no question of its own.
static BARE_ASK: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)^(?:(?:could|can|would) you )?(?:please|kindly) (?:advise|help|assist|reply|respond)(?: (?:us|me|soon|asap|urgently))?[.!?]*$|^请(?:尽快)?(?:协助|帮忙|指导|告知|回复|答复|解答)(?:一下)?[。！!，,]*$",
    )
});

struct Marker {
    start: usize,
    end: usize,
    number: String,
    value: u32,
    style: u8,
    opens_line: bool,
}

/// The questions of a text, in order; at most 100.
pub fn questions(text: &str) -> Vec<Question> {
    let text = super::header::floor(text, 100_000);
    let (mut numbered, end) = numbered(text);
    if numbered.is_empty() {
        return unnumbered(text);
    }
    // What is asked plainly below the list; the rest of the last item's line belongs to the item.
    let below = text[end..].split_once('\n').map_or("", |(_, below)| below);
    for question in unnumbered(below).into_iter().filter(|q| q.text.ends_with(['？', '?'])) {
        if numbered.len() < 100 && !numbered.iter().any(|known| known.text.contains(&question.text) || question.text.contains(&known.text))
        {
            numbered.push(question);
        }
    }
    numbered
}

fn markers(text: &str) -> Vec<Marker> {
    let mut out = Vec::new();
    for hit in MARKER.captures_iter(text).take(2000) {
        let Some(whole) = hit.get(0) else { continue };
        let before = text[..whole.start()].chars().next_back();
        let near = &text[text.floor_char_boundary(whole.start().saturating_sub(100))..whole.start()];
        let opens_line = near.trim_end_matches([' ', '\t', '\u{3000}', '>', '*', '-']).chars().next_back().is_none_or(|c| c == '\n');
        let after = text[whole.end()..].chars().next();
        let rare = hit.get(7).map(|m| (m, 6)).or(hit.get(8).map(|m| (m, 7))).filter(|_| opens_line);
        let (number, style) = match (hit.get(2), hit.get(3), hit.get(4), hit.get(5), hit.get(6)) {
            (Some(m), ..) => (format!("{}{}", if &hit[1] == "问题" { "" } else { "Q" }, m.as_str()), 1),
            (_, Some(m), ..) => (m.as_str().to_string(), 2),
            (_, _, Some(m), ..) => (m.as_str().to_string(), 3),
            (_, _, _, Some(m), _) => (m.as_str().to_string(), 4),
            (.., Some(m)) => (m.as_str().to_string(), 5),
            _ => match rare {
                Some((m, style)) => (m.as_str().to_string(), style),
                None => continue,
            },
        };
        let is_glued = before
            .is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '/' | ':' | '：' if style == 3 && c != '：' && c != ':'));
        let is_decimal = style == 3 && after.is_some_and(|c| c.is_ascii_digit());
        let is_time = style == 3 && matches!(whole.as_str().chars().next_back(), Some(':' | '：')) && !opens_line;
        let is_word = style == 4 && !opens_line && before.is_some_and(|c| !matches!(c, '，' | '。' | '；' | ' ' | '：' | ':' | ';'));
        if is_glued || is_decimal || is_time || is_word {
            continue;
        }
        let value = value_of(&number);
        out.push(Marker { start: whole.start(), end: whole.end(), number: narrow_number(&number), value, style, opens_line });
    }
    out
}

fn asks(text: &str) -> bool {
    ASKS.is_match(&simplify(text))
}

fn narrow_number(number: &str) -> String {
    number.chars().map(|c| if ('０'..='９').contains(&c) { char::from_u32(c as u32 - 0xFEE0).unwrap_or(c) } else { c }).collect()
}

fn value_of(number: &str) -> u32 {
    let plain = narrow_number(number);
    let plain = plain.trim_start_matches(['Q', 'q']);
    if let Ok(value) = plain.parse() {
        return value;
    }
    let digit = |c: char| "一二三四五六七八九".chars().position(|d| d == c).map(|n| n as u32 + 1);
    match plain.chars().collect::<Vec<_>>()[..] {
        ['十'] => 10,
        ['十', c] => 10 + digit(c).unwrap_or(0),
        [c, '十'] => digit(c).unwrap_or(0) * 10,
        [c] if ('①'..='⑳').contains(&c) => c as u32 - '①' as u32 + 1,
        [c] if c.is_ascii_alphabetic() => c.to_ascii_lowercase() as u32 - 'a' as u32 + 1,
        [c] => digit(c).unwrap_or(0),
        _ => 0,
    }
}

/// Runs of the same style that count up from one.
fn lists(text: &str) -> Vec<Vec<Marker>> {
    let mut open: Vec<Vec<Marker>> = Vec::new();
    let mut done: Vec<Vec<Marker>> = Vec::new();
    for marker in markers(text) {
        if let Some(at) = open.iter().position(|l| l.last().is_some_and(|m| m.style == marker.style && m.value + 1 == marker.value)) {
            open[at].push(marker);
        } else if marker.value == 1 {
            if let Some(at) = open.iter().position(|l| l.first().is_some_and(|m| m.style == marker.style)) {
                done.push(open.remove(at));
            }
            open.push(vec![marker]);
        }
    }
    done.extend(open);
    done.retain(|l| l.len() > 1 || l.first().is_some_and(|m| m.opens_line || m.style == 1));
    done.sort_by_key(|l| l.first().map_or(0, |m| m.start));
    done
}

/// The questions of lists, and where the marker of the last one ends.
fn numbered(text: &str) -> (Vec<Question>, usize) {
    let mut out = Vec::new();
    let mut covered = 0;
    let mut last = 0;
    for list in lists(text) {
        if list[0].start < covered {
            continue;
        }
        let items: Vec<Question> = list
            .iter()
            .enumerate()
            .map(|(at, m)| {
                let next = list.get(at + 1).map_or(text.len(), |n| n.start);
                let is_last = at + 1 == list.len();
                Question { number: Some(m.number.clone()), text: item_text(&text[m.end..next], is_last), at: m.start }
            })
            .collect();
        let asking = items.iter().filter(|q| asks(&q.text)).count();
        let intro = simplify(introduction(text, list[0].start));
        let is_refused = NOT_ASKED.is_match(&intro) && !INTRODUCES.is_match(&intro);
        let is_whole = !is_refused && (INTRODUCES.is_match(&intro) || asking * 2 >= items.len() && asking > 0);
        let ends_asking = |q: &Question| q.text.ends_with(['？', '?']);
        let kept: Vec<Question> = items
            .into_iter()
            .filter(|q| !q.text.is_empty() && (is_whole || ends_asking(q) || (!is_refused && asking > 0 && asks(&q.text))))
            .collect();
        if !kept.is_empty() {
            covered = list.last().map_or(0, |m| m.end);
            last = last.max(covered);
        }
        out.extend(kept);
    }
    out.truncate(100);
    (out, last)
}

/// The words before a list: the line it begins in, or the line above.
fn introduction(text: &str, start: usize) -> &str {
    let before = text[text.floor_char_boundary(start.saturating_sub(400))..start].trim_end();
    let from = before.rfind('\n').map_or(0, |n| n + 1);
    let line = &before[from..];
    let from = line.rfind(['。', '！', '？']).map_or(0, |n| n + line[n..].chars().next().map_or(1, char::len_utf8));
    if line[from..].trim().is_empty() { line } else { &line[from..] }
}

/// One item: to the end of its line, and on while lines are wrapped in the middle of a sentence; an item that another one follows goes on
/// to the line that asks.
fn item_text(raw: &str, is_last: bool) -> String {
    let mut out = String::new();
    for line in raw.trim_start_matches([' ', '\t', '\u{3000}']).split('\n') {
        let line = line.trim();
        if line.is_empty() {
            break;
        }
        if !out.is_empty() && out.chars().last().is_some_and(|c| c.is_ascii()) {
            out.push(' ');
        }
        out.push_str(line);
        let width: usize = line.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
        let is_ended = line.ends_with(['。', '？', '?', '！', '.', '；', ';']);
        let asks_below = || !is_last && out.len() < 300 && !asks(&out);
        if is_ended || width < 60 && !asks_below() {
            break;
        }
    }
    let out: String = out.chars().take(1000).collect();
    without_courtesy(&out).to_string()
}

fn without_courtesy(text: &str) -> &str {
    let mut text = text.trim();
    for word in ["非常感谢", "多谢", "谢谢", "感谢", "thank you", "thanks"] {
        let bare = text.trim_end_matches(['！', '!', '。', '.', ' ', '~', '～']);
        let Some(at) = bare.len().checked_sub(word.len()).filter(|n| bare.is_char_boundary(*n)) else { continue };
        if at > 0 && bare[at..].eq_ignore_ascii_case(word) && bare[..at].ends_with(['。', '？', '?', '！', '!', '.', ' ', '，', ',']) {
            text = bare[..at].trim_end_matches([' ', '，', ',']);
        }
    }
    text.trim()
}

/// `您好，请问…` asks 请问….
fn without_greeting(text: &str) -> &str {
    let rest = ["您好", "你好", "各位好", "hello", "hi"].iter().find_map(|word| {
        let head = text.get(..word.len())?;
        head.eq_ignore_ascii_case(word).then(|| &text[word.len()..])
    });
    match rest {
        Some(rest) if rest.starts_with(['，', ',', '！', '!', '、', '：']) => {
            rest.trim_start_matches(['，', ',', '！', '!', '、', '：', ' '])
        }
        _ => text,
    }
}

fn unnumbered(text: &str) -> Vec<Question> {
    let mut out: Vec<Question> = Vec::new();
    for line in text.split('\n') {
        let mut start = 0;
        for (at, c) in line.char_indices() {
            let stop = at + c.len_utf8();
            let ends = matches!(c, '。' | '！' | '？' | '!' | '；')
                || (matches!(c, '?' | '.' | ';') && line[stop..].chars().next().is_none_or(|n| n.is_whitespace() || !n.is_ascii()));
            if ends || stop == line.len() {
                sentence(&line[start..stop], &mut out);
                start = stop;
            }
        }
    }
    out.truncate(100);
    out
}

fn sentence(raw: &str, out: &mut Vec<Question>) {
    let text = without_greeting(without_courtesy(raw.trim().trim_start_matches(['-', '•', '·', '●', '*', ' ', '\t'])));
    // `Could you please answer:` leads to what is asked below.
    if text.ends_with([':', '：']) {
        return;
    }
    let asks = text.ends_with(['？', '?']) || PLAIN_ASK.is_match(&simplify(text));
    let words = text.chars().filter(|c| c.is_alphanumeric()).count();
    if asks && words >= 4 && !BARE_ASK.is_match(&simplify(text)) && text.chars().count() <= 500 && !out.iter().any(|q| q.text == text) {
        out.push(Question { number: None, text: text.to_string(), at: 0 });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(String, String)> {
        questions(text).into_iter().map(|q| (q.number.unwrap_or_default(), q.text)).collect()
    }

    #[test]
    fn tables() {
        let cases: Vec<(&str, Vec<(&str, &str)>)> = vec![
            (
                "非常费时。想了解的是\n1. 这几个补丁在其他客户有没有出现过\n2. 可能的原因是什么？\n3. 如果再出现，请提供一个排查解决的方法。\n谢谢！",
                vec![
                    ("1", "这几个补丁在其他客户有没有出现过"),
                    ("2", "可能的原因是什么？"),
                    ("3", "如果再出现，请提供一个排查解决的方法。"),
                ],
            ),
            (
                "想了解的是1. 有没有出现过  2. 可能的原因是什么 3. 请提供方法。 谢谢！\nkb4577668",
                vec![("1", "有没有出现过"), ("2", "可能的原因是什么"), ("3", "请提供方法。")],
            ),
            ("请问：\n（1）能否离线安装？\n（2）需要多久", vec![("1", "能否离线安装？"), ("2", "需要多久")]),
            ("①怎么激活\n②是否收费", vec![("①", "怎么激活"), ("②", "是否收费")]),
            ("一、为什么失败？\n二、怎么回退？", vec![("一", "为什么失败？"), ("二", "怎么回退？")]),
            ("问题1：蓝屏原因？\n问题2：如何避免", vec![("1", "蓝屏原因？"), ("2", "如何避免")]),
            ("Q1: Why?\nQ2: How to fix it?", vec![("Q1", "Why?"), ("Q2", "How to fix it?")]),
            ("操作步骤如下：\n1. 停止服务\n2. 检查服务是否停止\n3. 重启", vec![]),
            ("版本如下：\n1. 17763.1397\n2. 17763.1518", vec![]),
            ("机器 192.168.1.1 的版本是 1.2.3 在 10:30 出错", vec![]),
            ("打印机不能用，请问怎么解决？谢谢", vec![("", "打印机不能用，请问怎么解决？")]),
            ("Update fails. Could you help? See https://x.example/?a=1", vec![("", "Could you help?")]),
            (
                "Could you please advise:\na) which KB is required\nb) whether a reboot is needed",
                vec![("a", "which KB is required"), ("b", "whether a reboot is needed")],
            ),
            ("麻烦确认：\n1，KB4577668是否必须\n2，是否有依赖", vec![("1", "KB4577668是否必须"), ("2", "是否有依赖")]),
            ("１、是否支持？\n２、怎么装？", vec![("1", "是否支持？"), ("2", "怎么装？")]),
            ("请解答以下问题\n一、为什么失败？\n二、怎么回退？", vec![("一", "为什么失败？"), ("二", "怎么回退？")]),
            (
                "请问：\n1. 这几个补丁在其他客户\n有没有出现过？\n2. 原因是什么？\n盼复",
                vec![("1", "这几个补丁在其他客户有没有出现过？"), ("2", "原因是什么？")],
            ),
            ("想了解：\n1、补丁清单\n2、安装顺序\n请尽快。", vec![("1", "补丁清单"), ("2", "安装顺序")]),
            (
                "请解答：\n1. 是否发布？\n2. 如何安装？\n另外，激活如何续期？\n谢谢！",
                vec![("1", "是否发布？"), ("2", "如何安装？"), ("", "另外，激活如何续期？")],
            ),
            (
                "Could you please answer:\n- is KB4577668 released?\n- how to install it?",
                vec![("", "is KB4577668 released?"), ("", "how to install it?")],
            ),
            ("請問如何離線安裝", vec![("", "請問如何離線安裝")]),
            ("已解决，谢谢！", vec![]),
            ("Is this expected? Please advise.", vec![("", "Is this expected?")]),
            ("更新失败，请尽快告知。\n请协助一下", vec![("", "更新失败，请尽快告知。")]),
        ];
        for (text, want) in cases {
            let want: Vec<_> = want.into_iter().map(|(n, t)| (n.to_string(), t.to_string())).collect();
            assert_eq!(found(text), want, "{text}");
        }
    }
}
