//! Numbered lists: which marks belong together, and which lists are questions.
//!
//! Marks of one style that count up from one are a list. It is taken as questions when the words before it announce some
//! (想了解, 问题如下, questions) or when at least half of its points ask; else only its points that ask are taken. Steps, versions,
//! machines, errors and attachments are announced by other words and are no questions. `遇到以下问题：1、更新失败` are: each is a
//! point that the customer raises. A list inside a point belongs to the point, unless the outer list only has headings (一、环境
//! 二、问题), whose inner lists are read for themselves.

use super::super::prose::is_han;
use super::super::vocabulary::Vocabulary;
use super::item::{self, Item};
use super::marker::{Marker, Style};
use super::words;
use std::sync::LazyLock;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Announces {
    Questions,
    /// Steps, machines, versions: no questions.
    Things,
    /// Asks by itself: 请问以下步骤是否正确.
    Predicate,
}

use Announces::{Predicate, Questions, Things};

static ANNOUNCES: LazyLock<Vocabulary<Announces>> = LazyLock::new(|| {
    Vocabulary::new(&[
        (
            Questions,
            "想了解|想知道|想问|想咨询|咨询|请问|请教|疑问|问题如下|以下问题|如下问题|下列问题|几个问题|几点问题|个问题|些问题|问题是|问题有|问题列表|问题清单|的问题|问题|解答|请回复|请答复|逐一回复|请说明|需要确认|需要了解|希望了解|烦请确认|请确认|麻烦确认|帮忙确认|以下几点|以下事项|如下事项|如下几点|以下几项|诉求|需求如下|需求|想请您|麻烦您|question*|want to know|would like to know|would like to ask|like to ask|please answer|please advise|please clarify|please confirm|please explain|let us know|let me know|could you tell|can you tell|could you please|wonder*|need to know|issues|following issue*|following problem*|problems|concerns|points",
        ),
        (
            Things,
            "答复如下|回复如下|反馈如下|我们的回复|我方回复|步骤|操作如下|操作|做法|方法|已尝试|尝试了|尝试过|试过|试了|做了|机器|设备|电脑|终端|版本|环境|信息如下|信息|清单|过程|现象|报错|错误|日志|附件|文件|链接|补丁|更新包|议程|日程|计划|安排|时间|原因如下|配置|型号|名单|人员|部门|地址|联系|步驟|操作步骤|复现|背景|步骤如下|our answers|answers below|replies below|steps|tried|environment|machine*|computers|pcs|servers|versions|version|patches|updates|kbs|attachment*|attached|files|logs|errors|error|agenda|schedule|done so far|symptom*|reproduce|list of|details|info|information|configuration|as follows:",
        ),
        (
            Predicate,
            "是否|能否|可否|能不能|可不可以|有没有|是不是|会不会|要不要|正确|对吗|对不对|可行|哪个|哪些|哪一个|还有什么|还有其他|如何|怎么|怎样|吗|are they|is there|are there|which|correct|right|do we need|should we|can we|what else",
        ),
    ])
});

/// A list that was judged: what is taken of it, and where it reaches.
pub struct Judged {
    pub taken: Vec<Item>,
    /// From the first mark, or from the words that announce questions, to the end of the last point.
    pub start: usize,
    pub end: usize,
    /// Nothing else is asked in it.
    pub is_closed: bool,
}

/// Runs of marks that count up, in order of their beginning; a list inside another is one of its own here.
fn runs(markers: Vec<Marker>, text: &str) -> Vec<Vec<Marker>> {
    let mut open: Vec<Vec<Marker>> = Vec::new();
    let mut done: Vec<Vec<Marker>> = Vec::new();
    for marker in markers {
        if let Some(at) = continued(&open, &marker, text) {
            open[at].push(marker);
        } else if marker.value == 1 && marker.minor <= 1 || marker.style == Style::Named {
            // A mark in the line does not begin a list anew that has its marks at the beginning of lines.
            let same = |l: &Vec<Marker>| l[0].style == marker.style && l[0].sign == marker.sign;
            if !marker.opens_line && open.iter().any(|l| same(l) && l[0].opens_line && l.len() > 1) {
                continue;
            }
            if let Some(at) = open.iter().position(|l| same(l) && (l[0].indent >= marker.indent || !l[0].opens_line)) {
                done.push(open.remove(at));
            }
            if open.len() > 20 {
                done.push(open.remove(0));
            }
            open.push(vec![marker]);
        }
    }
    done.extend(open);
    let alone = |m: &Marker| {
        matches!(m.style, Style::Named) || m.opens_line && matches!(m.style, Style::Plain | Style::Bracketed | Style::Enclosed)
    };
    done.retain(|l| l.len() > 1 || alone(&l[0]));
    done.sort_by_key(|l| l[0].start);
    done
}

/// Which open list a mark continues: the one most alike, the latest of equals.
fn continued(open: &[Vec<Marker>], marker: &Marker, text: &str) -> Option<usize> {
    let follows = |last: &Marker| match marker.style {
        Style::Bullet => last.sign == marker.sign && last.indent == marker.indent && is_near(&text[last.end..marker.start]),
        Style::Sub => last.value == marker.value && last.minor + 1 == marker.minor || last.value + 1 == marker.value && marker.minor == 1,
        // 1、 2、 2、 and 1、 2、 4、 happen when lists are typed by hand.
        _ if marker.opens_line && last.opens_line && last.sign == marker.sign && marker.value > 1 => {
            marker.value >= last.value && marker.value <= last.value + 2
        }
        _ => last.value + 1 == marker.value,
    };
    let alike = |l: &Vec<Marker>| {
        let last = l.last()?;
        (last.style == marker.style && follows(last)).then_some(
            usize::from(last.sign == marker.sign) * 4
                + usize::from(last.indent == marker.indent) * 2
                + usize::from(last.value + 1 == marker.value),
        )
    };
    let ranked = open.iter().enumerate().filter_map(|(at, l)| alike(l).map(|score| (score, at)));
    ranked.max().map(|(_, at)| at)
}

/// Bullets of one list: no paragraph between them.
fn is_near(between: &str) -> bool {
    between.len() < 600 && between.trim_end().split("\n\n").count() <= 1
}

/// The lists of a text that hold questions, in order.
pub fn lists(text: &str, markers: Vec<Marker>) -> Vec<Judged> {
    let runs = runs(markers, text);
    let starts: Vec<usize> = runs.iter().map(|l| l[0].start).collect();
    let mut out: Vec<Judged> = Vec::new();
    let mut covered = 0;
    for run in &runs {
        if run[0].start < covered {
            continue;
        }
        let items = item::items(text, run, limit(text, run, &runs));
        if is_headings(text, &items, &starts) {
            continue;
        }
        let judged = judge(text, run, items);
        if let Some(judged) = judged {
            covered = judged.end;
            out.push(judged);
        }
    }
    out
}

/// Where the last point of a list must end: at the next point of an outer list, or where a list of the same marks begins.
fn limit(text: &str, run: &[Marker], runs: &[Vec<Marker>]) -> usize {
    let last = run.last().map_or(0, |m| m.start);
    let alike = |m: &Marker| m.style == run[0].style && m.sign == run[0].sign && m.indent <= run[0].indent && m.opens_line;
    let others = runs.iter().filter(|r| r[0].start != run[0].start).flat_map(|r| r.iter().map(move |m| (r, m)));
    let bounds = others.filter(|(r, m)| m.start > last && (r[0].start < run[0].start || alike(m)));
    bounds.map(|(_, m)| m.start).min().unwrap_or(text.len())
}

/// 一、环境 二、问题: a heading that announces questions, with a list right below.
fn is_headings(text: &str, items: &[Item], starts: &[usize]) -> bool {
    items.iter().any(|item| {
        let body = &text[item.body..item.end];
        let Some((head, _)) = body.split_once('\n') else { return false };
        let below = item.body + head.len();
        let head = head.trim().trim_end_matches(['：', ':']);
        let has_list = starts.iter().any(|s| *s > below && text[below..*s].trim_matches(['\n', ' ', '\t', '\u{3000}']).is_empty());
        has_list && head.chars().count() <= 24 && !words::ends_in_mark(head) && ANNOUNCES.hits(head).any(|h| h.class == Questions)
    })
}

fn judge(text: &str, run: &[Marker], items: Vec<Item>) -> Option<Judged> {
    let (from, intro) = introduction(text, run[0].start);
    let announced: Vec<Announces> = ANNOUNCES.hits(intro).map(|h| h.class).collect();
    let has = |what: Announces| announced.contains(&what);
    let end = items.last().map_or(run[0].end, |i| i.end);
    let asking = items.iter().filter(|i| words::item_asks(&i.text)).count();
    let marked = items.iter().filter(|i| words::ends_in_mark(&i.text)).count();
    let is_most = asking * 2 >= items.len() && asking > 0;
    let is_plain = !matches!(run[0].style, Style::Bare | Style::Letter | Style::Roman | Style::Bullet);
    // 请问以下步骤是否正确：the sentence asks, the list does not.
    let is_asked_of_things = has(Things) && has(Predicate) && !is_most;
    let is_refused = is_asked_of_things || has(Things) && !has(Questions) || has(Things) && !ends_with_questions(intro) && !is_most;
    let is_announced = has(Questions) && !is_refused && (is_plain || is_led(intro) || is_most);
    let is_whole = is_announced || !is_refused && is_most && (is_plain || items.len() > 1);
    let is_kept = |i: &Item| {
        is_whole || words::ends_in_mark(&i.text) && (!is_refused || marked * 2 >= items.len()) || !is_refused && asks_plainly(&i.text)
    };
    let is_answered = items.iter().any(|i| item::is_answered(text, i));
    let is_open = |i: &Item| !(i.text.is_empty() || item::is_answered(text, i));
    let taken: Vec<Item> = items.iter().filter(|i| is_open(i) && is_kept(i)).cloned().collect();
    if taken.is_empty() {
        return (is_answered || is_refused && items.len() > 1).then_some(Judged {
            taken,
            start: run[0].start,
            end,
            is_closed: is_answered,
        });
    }
    let start = if is_announced && !is_question_itself(intro, &announced) { from } else { run[0].start };
    Some(Judged { taken, start, end, is_closed: true })
}

/// A point of a list that was not announced, few of which ask.
fn asks_plainly(text: &str) -> bool {
    words::asking(text) == words::Asking::Yes
}

/// The announcing words lead on to the list: a colon, or nothing after them.
fn is_led(intro: &str) -> bool {
    intro.trim_end().ends_with([':', '：', '-', '—', '是', '?', '？', '。', '.', '，', ','])
}

/// 版本信息和问题如下: of two announcements the last counts.
fn ends_with_questions(intro: &str) -> bool {
    ANNOUNCES.hits(intro).filter(|h| h.class != Predicate).last().is_some_and(|h| h.class == Questions)
}

/// What announces the list is a question of its own: 请问补丁是否发布？另外……
fn is_question_itself(intro: &str, announced: &[Announces]) -> bool {
    let leads = intro.trim_end().ends_with([':', '：', '是', '，', ',']);
    !leads
        && words::ends_in_mark(intro)
        && announced.contains(&Predicate)
        && !intro.contains("问题")
        && !intro.to_ascii_lowercase().contains("question")
        && !intro.contains("following")
        && !intro.contains("以下")
}

/// The words before a list and where they begin: the sentence before it on its line, or the line above.
fn introduction(text: &str, start: usize) -> (usize, &str) {
    let from = text.floor_char_boundary(start.saturating_sub(400));
    let before = text[from..start].trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '|' | '>' | '-'));
    let is_far = text[from + before.len()..start].matches('\n').count() > 3;
    let line_at = before.rfind('\n').map_or(0, |n| n + 1);
    let line = &before[line_at..];
    let body = line.trim_end_matches(['。', '！', '？', '!', '?', '.', ' ']);
    let cut = body.rfind(['。', '！', '？', '!']).map(|n| n + body[n..].chars().next().map_or(1, char::len_utf8));
    let cut = cut.or_else(|| body.rfind(". ").map(|n| n + 2)).or_else(|| body.rfind("? ").map(|n| n + 2)).unwrap_or(0);
    let intro = line[cut..].trim_start();
    if is_far || !intro.chars().any(|c| is_han(c) || c.is_alphanumeric()) {
        return (start, "");
    }
    let at = from + line_at + line.len() - intro.len();
    // 非常感谢！ between the announcement and the list says nothing.
    let is_courtesy = super::sentence::without_courtesy(intro).is_empty()
        || intro.trim_end_matches(['！', '。', '!', '.', '~']).chars().all(|c| "谢感非常多".contains(c));
    if is_courtesy && cut > 0 {
        return introduction(text, at);
    }
    (at, intro)
}
