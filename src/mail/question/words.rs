//! The words that ask, and whether a sentence or a point of a list asks.
//!
//! A sentence asks when it ends in a question mark, names an asking word (请问, 如何, 能否, could you), or requests something
//! concrete: `请提供离线安装方法` and `请协助分析回滚的原因` do, `请协助处理`, `请协助分析原因` and `盼复` ask for help in general and do not.
//! What is quoted (提示“是否重启？”) is not asked.

use super::super::prose::is_han;
use super::super::vocabulary::{Hit, Vocabulary};
use std::sync::LazyLock;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    /// `？`, `?`
    Mark,
    /// Asks wherever it stands.
    Ask,
    /// Asks in a point of a list, or after a request.
    Soft,
    /// Asks where it begins the sentence.
    Opens,
    /// Asks where it ends the sentence.
    Closes,
    /// Begins a request.
    Request,
    /// What is requested of any matter: the matter must be named.
    Look,
    /// What is requested: a thing must be named.
    Tell,
    /// What we do ourselves: what follows is no question.
    Plan,
    /// `为什么还没`: a complaint in the form of a question.
    Complaint,
    /// 求助: asks when nothing else in the mail does.
    Plea,
    /// No asking word, though it holds one.
    Idiom,
}

use Word::{Ask, Closes, Complaint, Idiom, Look, Mark, Opens, Plan, Plea, Request, Soft, Tell};

pub static WORDS: LazyLock<Vocabulary<Word>> = LazyLock::new(|| {
    Vocabulary::new(&[
        (Mark, "？|?"),
        (
            Idiom,
            "无论如何|不管如何|无论怎么|不管怎么|不管怎样|无论怎样|无论是否|不论是否|不管是否|怎么也|怎么都|怎么弄都|怎么装都|怎么试都|不怎么|没多久|不多久|没多少|没什么|什么都|什么也|没有什么|任何时候|哪里都|哪个都|哪儿都|多少有|不知怎么|检查是否|查看是否|查询是否|观察是否|判断是否|测试是否|验证是否|看是否|看看是否|试试是否|检查有没有|看有没有|看看有没有|查看有没有|试试能否|看看能否|看能否|看能不能|看看能不能|取决于是否|视是否|let me know if you need|let me know if you have|let us know if you need|let us know if you have|let me know if there|let us know if there|let me know if any|let us know if any|if you can you|不知道什么时候|不知什么时候|什么时候都|不请问",
        ),
        (
            Complaint,
            "为什么还没|为什么还不|为何还没|为何还不|怎么还没|怎么还不|为什么没有人|为什么没人|为什么一直没|怎么没人|怎么没有人|还没有处理吗|还没处理吗|还没解决吗|还没有解决吗|有没有人管|有人管吗|还要等多久|要等到什么时候|why has no|why is nobody|why is no one|why hasn't anyone|why has nobody|why hasn't anybody|why haven't you",
        ),
        (
            Ask,
            "请问|如何|是否|能否|能不能|可否|可不可以|是不是|会不会|要不要|需不需要|行不行|好不好|有没有|有无|怎么|怎样|为什么|为何|为啥|什么原因|是什么|什么时候|何时|多久|请教|想了解|想知道|想咨询|想问|咨询一下|咨询下|需要了解|希望了解|could you|can you|would you|do you know|is it possible|would like to know|want to know|wondering|like to ask|wonder if|wonder whether|we need to know|i need to know|may i know|may i ask|do not know how|don't know how|not sure how|not sure whether|not sure if",
        ),
        (Soft, "什么|哪些|哪个|哪里|哪一个|哪种|哪款|哪台|多少|几个|几天|几台|谁|吗|whether|what|which|why|how|when|where|who"),
        (
            Opens,
            "how to|how do|how can|how should|how long|how many|how much|how does|how is|why do|why does|why is|why are|why did|what is|what are|what's|what causes|what does|what do|what should|what would|what can|what could|which kb|which update|which version|which one|which patch|which log|which logs|which build|is there|are there|is it|is this|is that|can we|can i|could we|could i|should we|should i|do we|do i|does it|does this|does the|does that|will it|will this|will the|has it|has this|have you|is the|are the|are these|are you|when will|when can|when is|where can|where do|where is|who can|any update|any news|any progress|any idea|any chance|may we|may i|什么|哪些|哪个|哪里|多少",
        ),
        (Closes, "嘛|呢|与否"),
        (
            Request,
            "请|麻烦|烦请|劳烦|恳请|希望|帮忙|帮我|帮看|望|盼|需要你们|需要贵司|需要您|想要|能帮|please|kindly|pls|plz|i would like you to|we would like you to|we'd like you to|appreciate if you",
        ),
        (
            Tell,
            "提供|告知|告诉|说明|解释|指导|给出|推荐|列出|介绍|评估|发送|发一份|发一下|发我|发给|建议|答复|反馈|明确|advise|provide|explain|tell us|tell me|let us know|let me know|clarify|send us|send me|send over|suggest|recommend|share|guide|indicate|describe|specify",
        ),
        (
            Look,
            "确认|核实|协助|分析|排查|检查|查看|查一下|查下|看一下|看下|看看|支持|解答|回复|confirm|check|look into|investigate|analyze|analyse|help|assist|verify",
        ),
        (
            Plan,
            "我先|我们先|我再|我们再|我会|我们会|我来|我们来|我去|我们去|正在|稍后|等我|待我|我将|我们将|已确认|已经确认|i will|i'll|we will|we'll|let me check|let me see",
        ),
        (Plea, "求助|求救|急求|在线等|求解|求教"),
    ])
});

/// How a sentence asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asking {
    No,
    /// Only politeness or too short to stand alone (`可以吗？`, `Why?`): belongs to the sentence before.
    Tag,
    /// A question when the mail has no other.
    Weak,
    Yes,
}

/// Judges one sentence, given without greeting and thanks.
pub fn asking(sentence: &str) -> Asking {
    let hits: Vec<Hit<Word>> = WORDS.hits(sentence).filter(|h| !is_quoted(sentence, h.start)).collect();
    let is_marked = ends_in_mark(sentence);
    if !is_marked && !hits.iter().any(|h| h.class != Mark && h.class != Idiom) {
        return Asking::No;
    }
    if hits.iter().any(|h| h.class == Complaint) {
        return Asking::Weak;
    }
    let asks = is_marked || says(sentence, &hits) || requests(sentence, &hits);
    match asks {
        true if is_idle(sentence) => Asking::No,
        true if is_tag(sentence) => Asking::Tag,
        true => Asking::Yes,
        false if hits.iter().any(|h| h.class == Plea) && contents(sentence) > 4 => Asking::Weak,
        false => Asking::No,
    }
}

/// Whether a point of a list asks: softer, because the list says that it is one of several.
pub fn item_asks(text: &str) -> bool {
    let hits: Vec<Hit<Word>> = WORDS.hits(text).filter(|h| !is_quoted(text, h.start)).collect();
    ends_in_mark(text) || hits.iter().any(|h| matches!(h.class, Ask | Soft | Complaint)) || says(text, &hits) || requests(text, &hits)
}

/// A question mark at the end, or before a space, that is not one of a URL, pattern or format.
pub fn ends_in_mark(text: &str) -> bool {
    let text = text.trim_end_matches([' ', '"', '”', '’', ')', '）', '!', '！', '~', '.', '。', '…']);
    match text.chars().next_back() {
        Some('？') => true,
        Some('?') => !is_code(text),
        _ => false,
    }
}

fn is_code(text: &str) -> bool {
    let token = text.rsplit([' ', '\n', '，', '。']).next().unwrap_or("");
    token.contains("://") || token.contains(['\\', '%', '*', '=', '<']) || token.starts_with("www.")
}

/// Inside quotation marks that are open at `at`.
fn is_quoted(text: &str, at: usize) -> bool {
    if !text[..at].contains(['“', '「', '『', '《', '【', '‘']) {
        return false;
    }
    let depth = text[..at].chars().fold(0i32, |depth, c| match c {
        '“' | '「' | '『' | '《' | '【' | '‘' => depth + 1,
        '”' | '」' | '』' | '》' | '】' | '’' => (depth - 1).max(0),
        _ => depth,
    });
    depth > 0
}

fn is_break(c: char) -> bool {
    matches!(c, '，' | ',' | '。' | '；' | ';' | '！' | '!' | '？' | '?' | '：')
}

/// An asking word stands in its place, and no plan of the writer before it.
fn says(text: &str, hits: &[Hit<Word>]) -> bool {
    hits.iter().enumerate().any(|(n, hit)| {
        let is_planned = || hits[..n].iter().any(|p| p.class == Plan && !text[p.end..hit.start].contains(is_break));
        let rest = text[hit.end..].trim_end_matches([' ', '。', '.', '！', '!', '；', ';', '~', '）', ')']);
        match hit.class {
            Ask => !rest.is_empty() && !is_planned() || hit.start > 0 && !is_planned(),
            Opens => text[..hit.start].trim_end().is_empty() || text[..hit.start].trim_end().ends_with([':', '：', '-', '–']),
            Soft if rest.is_empty() && text[hit.start..hit.end].chars().all(is_han) && !text[hit.start..].starts_with(['几', '幾']) => {
                true
            }
            Soft => {
                !is_planned() && hits[..n].iter().any(|p| matches!(p.class, Request | Tell) && !text[p.end..hit.start].contains(is_break))
            }
            Closes => rest.is_empty(),
            _ => false,
        }
    })
}

/// A request with its thing: 请…提供 and what.
fn requests(text: &str, hits: &[Hit<Word>]) -> bool {
    hits.iter().enumerate().any(|(n, hit)| {
        let is_open = hit.class == Tell;
        if !is_open && hit.class != Look {
            return false;
        }
        let before = |p: &Hit<Word>| p.class == Request && hit.start - p.end <= 40 && !text[p.end..hit.start].contains(is_break);
        let is_requested = hits[..n].iter().any(before);
        let is_planned = hits[..n].iter().any(|p| p.class == Plan && !text[p.end..hit.start].contains(is_break));
        let rest = &text[hit.end..];
        let rest = &rest[..rest.find(is_break).unwrap_or(rest.len())];
        is_requested && !is_planned && is_concrete(rest, is_open)
    })
}

/// Words of a request that name nothing; those marked true only where it is to be looked at (请分析原因, but 请告知原因 asks).
static EMPTY: LazyLock<Vocabulary<bool>> = LazyLock::new(|| {
    Vocabulary::new(&[
        (
            false,
            "一下|一份|一个|尽快|尽早|及时|帮忙|协助|处理|解决|分析|排查|检查|查看|查|看|下|支持|回复|答复|告知|指导|解答|确认|反馈|问题|此|该|这个|以上|上述|相关|具体|我们|我方|我|为|谢谢|给|是|的|了|和|并|或|及|附件|邮件|日志|情况|为盼|为感|帮助|技术支持|服务|远程|联系|进一步|有|等|收到|查收|知悉|attached|log|logs|file|files|screenshot|screenshots|below|and|let|know|our|my|if|a|an|for|again|so|attachment|asap|soon|us|me|the|this|issue|problem|further|with|on|盡快|儘快",
        ),
        (true, "原因|方案|it|accordingly|urgently|as|possible|matter"),
    ])
});

fn is_concrete(rest: &str, is_open: bool) -> bool {
    let left = uncovered(rest, &EMPTY, |only_to_look| !(is_open && only_to_look));
    left.han >= 2 || left.letters >= 4
}

struct Left {
    han: usize,
    letters: usize,
}

/// What of a text its empty words leave.
fn uncovered(text: &str, empty: &Vocabulary<bool>, counts: impl Fn(bool) -> bool) -> Left {
    let mut left = Left { han: 0, letters: 0 };
    let mut from = 0;
    let mut add = |piece: &str| {
        left.han += piece.chars().filter(|c| is_han(*c)).count();
        left.letters += piece.bytes().filter(u8::is_ascii_alphanumeric).count();
    };
    for hit in empty.hits(text).filter(|h| counts(h.class)) {
        add(&text[from..hit.start]);
        from = hit.end;
    }
    add(&text[from..]);
    left
}

/// Letters and Han characters; a Chinese one weighs a word.
fn contents(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphanumeric()).count()
}

/// Courtesies in the form of a question.
fn is_idle(text: &str) -> bool {
    let plain: String = text.chars().filter(|c| c.is_alphanumeric() || *c == ' ').collect::<String>().to_lowercase();
    let plain = plain.trim();
    matches!(
        plain,
        "how are you"
            | "how are you doing"
            | "hope you are well"
            | "你好吗"
            | "您好吗"
            | "在吗"
            | "最近好吗"
            | "最近怎么样"
            | "在不在"
            | "忙吗"
            | "在嗎"
    ) || contents(plain) == 0
        || plain.starts_with("how are you")
}

/// Words of politeness that make no question of their own.
static POLITE: LazyLock<Vocabulary<bool>> = LazyLock::new(|| {
    Vocabulary::new(&[(
        true,
        "怎么办|啊|呀|不知道|您看|你看|请问|麻烦|能不能|可不可以|好不好|能否|可否|可以|是否|帮忙|帮|协助|看看|看一下|看下|一下|处理|解决|支持|您|你们|你|贵司|工程师|我们|我|能|请|吗|吧|呢|谢谢|尽快|对|行|好|是|这样|方便|的|给|有人",
    )])
});

const EMPTY_ENGLISH: &str = "can|could|would|you|please|help|assist|me|us|anyone|someone|somebody|kindly|ok|okay|right|correct|agree|agreed|possible|any|idea|ideas|suggestions|suggestion|thoughts|advise|advice|is|that|this|it|with|and|so|yes|no|really|make|makes|sense|does|be|soon|asap|fine|see|look|into|take|a|have|at|urgently|hello|hi|respond|reply";

fn is_tag(text: &str) -> bool {
    if text.chars().any(is_han) {
        if text.len() > 100 {
            return false;
        }
        if contents(text) < 4 {
            return true;
        }
        let left = uncovered(text, &POLITE, |_| true);
        return left.han + left.letters < 2;
    }
    let words: Vec<String> = text.split_whitespace().map(|w| w.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()).collect();
    words.len() < 2 || words.iter().all(|w| w.is_empty() || EMPTY_ENGLISH.split('|').any(|e| e == w))
}
