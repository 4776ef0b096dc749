//! Language of a mail and the words that tell the state of the matter; negation is handled (还没有解决 is not resolved).

use super::StateWords;
use regex::Regex;
use std::borrow::Cow;
use std::sync::LazyLock;

fn regex(text: &str) -> Regex {
    Regex::new(text).expect("constant")
}

static NOT_RESOLVED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)还是不行|仍然|依旧|依然|(?:没有?|未|没能|无法|尚未|不能|还没)(?:完全|彻底|得到|被)?(?:解决|恢复|成功|好)|解决不了|又出现|再次出现|又复现|再次复现|复现了|无效|没有?用|不管用|没有?效果|不起作用|还是(?:报错|失败|一样|有问题|会|无法|不能|没)|仍(?:报错|失败|无法|不能|有|会)|still (?:fail|not|have|see|happen|the same|get|crash|broken|occur)|not (?:been )?(?:resolved|fixed|solved|work)|does(?: not|n'?t) (?:work|help)|didn'?t (?:work|help)|happen(?:s|ed|ing) again|unresolved",
    )
});
static RESOLVED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)(?:已经?|问题|都|得到|顺利|成功|现在|可以)(?:都|被|得到|已经?|全部)?(?:解决|修复|搞定)|解决了|恢复正常|(?:可以|正常|好)了|已恢复|已正常|(?:更新|安装|修复)成功|搞定|(?:is|been|was|now|issue|problem) (?:now )?(?:resolved|fixed|solved)|(?:resolved|fixed|solved) (?:the|it|now|our|my)|works? (?:now|fine)|working (?:now|fine|again)",
    )
});
static NEGATED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)(?:没有?|未|不|尚未|无法|怎么|如何|怎样|何时|能否|是否|才能|希望|尽快|请|如果|若|再|not|n't|to be|until|if|when|unless)[^。！!？?\n，,；;]{0,8}$",
    )
});
static THANKS: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)^(?:\s|[，,。.！!~～、]|您好|你好|好的?|收到|谢谢(?:您|你|支持|帮助|配合|回复)?|多谢|感谢(?:您的?|你的?)?(?:支持|帮助|回复)?|非常|辛苦了?|知悉|已阅|了解|明白|嗯|thank(?:s| you)?(?: (?:so|very) much)?|many|got it|received|noted|ok(?:ay)?|well|with|hi|hello|dear|all|老师|工程师|[\p{Han}]{1,2}(?:工|总|经理|先生|女士|老师))+$",
    )
});
static URGENT: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)紧急|加急|特急|着急|急需|很急|比较急|尽快|立即|马上|影响(?:了?业务|办公|生产|使用)|无法办公|不能办公|大面积|全部机器|所有机器|领导.{0,6}(?:电脑|反馈|要求|催)|urgent|asap|as soon as possible|immediately|critical|production (?:is )?down",
    )
});
static COMPLAINT: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)投诉|不满意?|太慢|为什么还没|怎么还没|催一下|催促|多次(?:反馈|联系|催)|一直没(?:有|人)?(?:回复|处理|解决|答复)|没人(?:管|理|处理|回复)|complain|unacceptable|disappoint|no (?:one|response) (?:has|yet|so far)|not satisfied|unsatisf",
    )
});
static MAY_ARCHIVE: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)(?:可以?|同意|请|麻烦|帮忙|先)(?:予以|暂时|先|帮忙|把)?[^。，,！!？?不如\n]{0,8}(?:归档|结案|关单|关闭(?:了|吧|此|该|这个|本|这|工|案|单|例|问题|case)*(?:$|[。，,！!；;\s]))|(?:结案|关单)吧|(?:can|may|please|could you|ok to|agree to|go ahead and) (?:now )?(?:close|archive)|(?:can|may) be (?:closed|archived)",
    )
});
static NOT_ARCHIVE: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)(?:不要|先别|别|不同意|不能|不可以?|暂不|先不|请勿|勿)[^。，,！!？?\n]{0,8}(?:归档|关闭|结案|关单)|(?:do not|don'?t|cannot|not) (?:close|archive)",
    )
});

/// Traditional characters of the words matched here and in questions, to simplified ones.
pub fn simplify(text: &str) -> Cow<'_, str> {
    const FROM: &str = "決謝經沒還現復緊級歸檔關閉問題請無麼為說嗎辦時給這個幫協確認報錯響業務癱瘓";
    const TO: &str = "决谢经没还现复紧级归档关闭问题请无么为说吗办时给这个帮协确认报错响业务瘫痪";
    if !text.chars().any(|c| FROM.contains(c)) {
        return Cow::Borrowed(text);
    }
    let one = |c: char| FROM.chars().position(|f| f == c).and_then(|n| TO.chars().nth(n)).unwrap_or(c);
    Cow::Owned(text.chars().map(one).collect())
}

/// State words of the reply text.
pub fn state_words(reply_text: &str) -> StateWords {
    let text = simplify(super::header::floor(reply_text, 20_000));
    let text = text.as_ref();
    if text.trim().is_empty() {
        return StateWords::default();
    }
    // 有没有解决办法 asks, it does not say.
    let says = |hit: &regex::Match<'_>| !text[..hit.start()].ends_with('有') && !text[hit.end()..].starts_with(['办', '方']);
    let not_resolved = NOT_RESOLVED.find_iter(text).any(|hit| says(&hit));
    let resolved = RESOLVED.find_iter(text).any(|hit| is_claim(text, &hit)) && !not_resolved;
    StateWords {
        resolved,
        not_resolved,
        thanks_only: text.chars().count() <= 60 && THANKS.is_match(text.trim()),
        urgent: URGENT.is_match(text),
        complaint: COMPLAINT.is_match(text),
        may_archive: MAY_ARCHIVE.is_match(text) && !NOT_ARCHIVE.is_match(text),
    }
}

/// Not negated, wished or asked.
fn is_claim(text: &str, hit: &regex::Match<'_>) -> bool {
    let from = text.floor_char_boundary(hit.start().saturating_sub(60));
    let after = text[hit.end()..].trim_start_matches(['了', '的', ' ']);
    let asked = after.starts_with(['吗', '？', '?', '么', '没']);
    !asked && !NEGATED.is_match(&text[from..hit.start()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states() {
        for (text, want) in [
            ("问题已解决，谢谢！", "r"),
            ("按您的方法，更新成功了，可以归档。", "ra"),
            ("还没有解决", "n"),
            ("请问有没有解决办法", ""),
            ("请问：1.如何关闭自动更新？", ""),
            ("可以关闭案例了", "a"),
            ("同意关闭。", "a"),
            ("您的方法没用", "n"),
            ("问题没有得到解决", "n"),
            ("还是不行，又出现了", "n"),
            ("请问怎么解决？", ""),
            ("请尽快解决", "u"),
            ("希望问题解决", ""),
            ("好的，谢谢！", "t"),
            ("已經解決了，謝謝", "r"),
            ("還沒有解決", "n"),
            ("收到，辛苦了", "t"),
            ("刘工，收到，谢谢", "t"),
            ("谢谢！系统起不来", ""),
            ("影响业务，紧急", "u"),
            ("为什么还没处理？我要投诉", "c"),
            ("先不要归档", ""),
            ("The issue has been resolved, please close the case. Thanks", "ra"),
            ("It is still failing", "n"),
            ("", ""),
        ] {
            let s = state_words(text);
            let mut got = String::new();
            for (flag, letter) in
                [(s.resolved, 'r'), (s.not_resolved, 'n'), (s.thanks_only, 't'), (s.urgent, 'u'), (s.complaint, 'c'), (s.may_archive, 'a')]
            {
                if flag {
                    got.push(letter);
                }
            }
            assert_eq!(got, want, "{text}");
        }
    }
}
