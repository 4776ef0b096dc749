//! Questions for the cause or the remedy of a reported error code, which name no matter of their own: 怎么解决, 是什么原因.
//!
//! The error table says which article remedies a code, so such a question belongs to that article before any general one. What
//! this is worth depends on how surely the code is meant: it stands in the question, the question says nothing else, or it
//! says more. Questions that plainly ask for something else (logs, a price, what a code *means*) give nothing; questions that name one
//! code of several are about that one. Pure counting over words; no article is named here.

use regex::{Regex, RegexBuilder};
use std::sync::LazyLock;

/// A question that says nothing but that it asks for cause or remedy.
const BARE: f64 = 4.0;
/// One that asks for it among other words.
const AMONG: f64 = 2.0;
/// One about a matter that has articles of its own.
const ELSEWHERE: f64 = 1.0;
/// The code stands in the question.
const NAMED: f64 = 3.0;
/// The code stands in a question that asks neither for cause nor remedy.
const NAMED_OTHERWISE: f64 = 1.25;
/// Characters or words that a bare question may have left.
const MAX_LEFT: usize = 4;
/// Longer texts are no bare questions.
const MAX_CHARS: usize = 120;

fn regex(text: &str) -> Regex {
    RegexBuilder::new(text).case_insensitive(true).build().expect("constant")
}

/// Asks for cause or remedy.
static GENERAL: LazyLock<Regex> = LazyLock::new(|| {
    regex(concat!(
        r"(怎么|怎样|如何|咋|该怎么|怎么样)(才能|才可以|可以|能|去|来|进行)?(办|解决|处理|处置|修复|排查|排除|弄|整|搞|应对|恢复|做|操作|避免)|怎么回事|咋回事|(什么|啥|何)(原因|问题|情况|引起|导致|造成)",
        r"|什么引起|原因|为什么|为何|为啥|(解决|处理|排查|修复|应对|补救)的?(办法|方法|方案|措施|步骤|思路|建议)|(什么|好的?|没有?|有无|别的)(办法|方法|建议)",
        r"|(请|帮|协助|麻烦|烦请|求助?).{0,6}(处理|解决|排查|分析|看(一?下|看)|支持|指导|修复|查)|下一步|接下来|怎么装(不上|不了)|(能|可以|是否|能否|可否).{0,4}(解决|修复|处理)",
        r"|\bhow (do|can|could|should|would|to)\b.{0,24}\b(fix|solve|resolve|handle|repair|troubleshoot|proceed|get (rid|around|past)|deal|avoid|correct|investigate|overcome|recover)",
        r"|\bwhat.{0,24}\b(cause|causes|causing|reason|wrong|fix|solution|remedy)\b|\bwhat (next|now|else|(should|can|must|do|could) (we|i) (do|try|check))|\bwhy\b|\bany (idea|fix|solution|workaround|advice|suggestion)|\b(please|can you|could you) (help|advise|assist|fix|solve|look)",
        r"|\b(is|are) there (a|any) (fix|solution|workaround|remedy)|\bhow come\b|^(fix|solution|remedy)\b|\b(solution|fix|remedy|cause|reason)( for (it|this|that))?\?",
    ))
});
/// Asks for something that no remedy tells.
static OTHER: LazyLock<Regex> = LazyLock::new(|| {
    regex(concat!(
        r"日志|价格|费用|多少钱|发票|合同|报价|现场|上门|谁|什么时候|何时|几点|几号|(哪里|哪儿|从哪).{0,4}下载|下载地址|其他(客户|用户|单位)|邮箱|邮件|远程桌面|bitlocker|输入法|字体|浏览器|会议|培训",
        r"|\blogs?\b|invoice|price|\bcosts?\b|\bwho\b|\bwhen (will|can|is|does|do|are)\b|other (customers|users|sites)|remote desktop|where.{0,16}download|outlook|\bword\b|\bexcel\b",
    ))
});
/// Asks what a code means.
static MEANING: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(什么|啥)(意思|含义)|含义|(代表|表示|指的?是?)(什么|啥)|\bmean(s|ing)?\b|what (is|does) (the )?(error )?(code )?(0x)?[0-9a-f]{8}\b( stand for)?\?",
    )
});
/// A matter that has articles of its own.
static MATTER: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"回滚|回退|撤销|还原更改|蓝屏|黑屏|打印|激活|\.net|卡顿|变慢|很慢|roll(ed|s|ing)?[ -]?back|undo(ing)?\b|blue ?screen|\bprint|activat|\bslow",
    )
});
/// Words that say no matter.
static FILLER: LazyLock<Regex> = LazyLock::new(|| {
    regex(concat!(
        r"请问|您好|你好|想问|问下|这个|这种|这样|该|此|上述|以上|问题|情况|错误|报错|代码|提示|故障|现象|补丁|更新|安装|升级|打不?上|装不上|装不了|失败|一般|可能|应该|需要|必须|到底|究竟|具体|一下|我们|我|出现|遇到|发生|导致|引起|造成|现在|目前",
        r"|另外|然后|如果|系统|电脑|机器|计算机|客户端|一直|总是|还是|仍然|依旧|再次|又|再|还|就|都|也|先|能否|是否|可否|可以|能|要|会|是|有|哪些|哪|的|了|吗|呢|啊|呀|吧|在|和|与|及|谢谢|麻烦|给|个|请|对|从|时|后|不|没",
        r"|(kb|0x)?[0-9a-f]{7,8}|\b(the|a|an|is|are|be|was|to|of|on|in|for|at|by|with|from|and|or|so|but|we|us|our|i|me|my|it|its|this|that|these|there|here|you|please|hello|hi|thanks?|do|does|did|can|could|should|would|will|must|not|up|get|getting|error|errors|code|update|updates|patch|install|installing|installation|fails?|failed|failing|failure|problem|issue|windows|again|still|then|now|very|much|help|try|exactly|actually|possible|likely|most|when|have|has|had)\b",
    ))
});
static TERM: LazyLock<Regex> = LazyLock::new(|| regex(r"[\u{3400}-\u{9fff}]|[a-z0-9]+"));

/// What a question gives to the articles that remedy the mail's codes.
#[derive(Debug, Default)]
pub(super) struct Remedy<'a> {
    /// For an article one of whose codes the mail reports.
    weight: f64,
    /// The same for one whose own patterns match the question too: then its other words are of the matter.
    own: f64,
    /// The codes that the question names; then only their articles count.
    named: Vec<&'a str>,
}

/// `codes` are those of the mail, `0x` and eight digits.
pub(super) fn remedy<'a>(question: &str, codes: &'a [String]) -> Remedy<'a> {
    if codes.is_empty() {
        return Remedy::default();
    }
    let lower = question.to_lowercase();
    let named: Vec<&str> = codes.iter().map(String::as_str).filter(|code| is_named(&lower, code)).collect();
    let is_general = GENERAL.is_match(question);
    let is_other = OTHER.is_match(question);
    let (weight, own) = match (is_general, named.is_empty()) {
        _ if is_other => (0.0, 0.0),
        (false, _) if MEANING.is_match(question) => (0.0, 0.0),
        (false, true) => (0.0, 0.0),
        (false, false) if is_asking(question) => (NAMED_OTHERWISE, NAMED_OTHERWISE),
        (false, false) => (NAMED, NAMED),
        (true, named_none) => {
            let asked = match question {
                _ if MATTER.is_match(question) => ELSEWHERE,
                _ if is_bare(question) => BARE,
                _ => AMONG,
            };
            let code = if named_none { 0.0 } else { NAMED };
            (asked + code, BARE + code)
        }
    };
    Remedy { weight, own, named }
}

impl<'a> Remedy<'a> {
    /// What it is worth to an article about `codes`, whose own patterns match or not, and the code; `mail` are the codes of the mail.
    pub(super) fn of(&self, codes: &[String], mail: &'a [String], is_own: bool) -> Option<(f64, &'a str)> {
        if self.weight <= 0.0 {
            return None;
        }
        let is_ours = |code: &&str| codes.iter().any(|c| c == code);
        let code =
            if self.named.is_empty() { mail.iter().map(String::as_str).find(is_ours) } else { self.named.iter().copied().find(is_ours) };
        code.map(|code| (if is_own { self.own } else { self.weight }, code))
    }
}

/// `0x0000011B` is named as `0x11b`, `0x800F0922` also as `800f0922`.
fn is_named(lower: &str, code: &str) -> bool {
    let digits = code.trim_start_matches("0x").to_lowercase();
    lower.contains(&digits) || lower.contains(&format!("0x{}", digits.trim_start_matches('0')))
}

fn is_asking(question: &str) -> bool {
    let words = ["?", "？", "吗", "呢", "什么", "哪", "是否", "能否", "是不是", "多少", "要不要", "有没有"];
    words.iter().any(|word| question.contains(word))
}

fn is_bare(question: &str) -> bool {
    if question.chars().count() > MAX_CHARS {
        return false;
    }
    let rest = GENERAL.replace_all(question, " ");
    let rest = FILLER.replace_all(&rest, " ");
    TERM.find_iter(&rest).count() <= MAX_LEFT
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Question; what it gives to the article of 0x80070643 in a mail with that code and 0x800F0823.
    const QUESTIONS: &[(&str, f64)] = &[
        ("怎么解决", BARE),
        ("请问可能的原因是什么？", BARE),
        ("这种情况一般是什么原因导致的", BARE),
        ("一直装不上，怎么办", BARE),
        ("麻烦帮忙看一下", BARE),
        ("What causes this error?", BARE),
        ("How can we fix it?", BARE),
        ("为什么装好以后桌面上的图标和任务栏也都不见了", AMONG),
        ("报错0x80070643怎么解决", BARE + NAMED),
        ("更新提示80070643，是什么原因", BARE + NAMED),
        ("更新报错0x80070643", NAMED),
        ("0x80070643 影响大吗", NAMED_OTHERWISE),
        ("报错0x800f0823怎么解决", 0.0),
        ("0x80070643是什么意思", 0.0),
        ("What does 0x80070643 mean?", 0.0),
        ("为什么会回滚", ELSEWHERE),
        ("需要收集哪些日志", 0.0),
        ("怎么处理，需要什么日志", 0.0),
        ("谁来处理", 0.0),
        ("这个补丁是否已发布", 0.0),
        ("如何离线安装", 0.0),
        ("How do we uninstall it?", 0.0),
    ];

    #[test]
    fn questions_for_the_remedy_of_a_code() {
        let mail = ["0x80070643".to_owned(), "0x800F0823".to_owned()];
        for (question, wanted) in QUESTIONS {
            let found = remedy(question, &mail).of(&["0x80070643".to_owned()], &mail, false).map_or(0.0, |found| found.0);
            assert_eq!(found, *wanted, "{question}");
        }
        let own = remedy("为什么会回滚", &mail);
        assert_eq!(own.of(&["0x80070643".to_owned()], &mail, true).map(|found| found.0), Some(BARE), "an article about rollbacks");
        assert!(remedy("怎么解决", &[]).of(&["0x80070643".to_owned()], &[], false).is_none(), "a mail without codes");
        assert!(remedy("怎么解决", &mail).of(&["0x80070002".to_owned()], &mail, false).is_none(), "another article");
    }

    #[test]
    fn codes_as_customers_write_them() {
        assert!(is_named("连接打印机报0x11b", "0x0000011B") && is_named("错误 0x0000011b", "0x0000011B"));
        assert!(is_named("报800f0922了", "0x800F0922") && !is_named("报错 0x800f0923", "0x800F0922"));
    }
}
