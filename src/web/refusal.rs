//! Why `review` did not do something, in the reader's language. Its texts are English, for command line and log; here are the Chinese ones.
//! What is not in the table is shown as it is: a refusal in the wrong language is better than none.

use super::text;
use crate::case::Language;

/// (as `review` says it, in Chinese); `{}` stands for the same part in both.
const TEXTS: &[(&str, &str)] = &[
    (
        "a new mail of the customer came in after this draft was written; read it, then save the draft again",
        "草稿写成后客户来了新邮件；请先阅读，再保存草稿",
    ),
    ("the draft was edited meanwhile", "草稿已被他人修改"),
    ("the draft is {} already", "草稿的状态已是：{}"),
    ("the mail is {} already", "邮件的状态已是：{}"),
    ("the draft was changed meanwhile", "草稿期间有变化"),
    ("the case was changed meanwhile", "案例期间有变化"),
    ("the mail was changed meanwhile", "邮件期间有变化，或已无原文可重试"),
    ("the outgoing mail was changed meanwhile", "发出的邮件期间有变化"),
    ("the case number was changed meanwhile", "该案例号刚被使用"),
    ("the entry was changed meanwhile", "期间有变化"),
    ("the draft", "草稿期间有变化"),
    ("the login", "该登录名已存在"),
    ("the draft has no recipient", "草稿没有收件人"),
    ("there is no recipient", "没有收件人"),
    ("\"{}\" is no mail address; expected name@domain or Name <name@domain>", "“{}”不是邮件地址；应为 name@domain 或 姓名 <name@domain>"),
    ("a case that is {} cannot take \"{}\"", "案例状态为“{}”，不能执行“{}”"),
    ("a case cannot be merged into itself", "案例不能并入自身"),
    ("{} is merged itself", "{} 本身已被并入其他案例"),
    ("the case to merge into does not exist", "要并入的案例不存在"),
    ("case does not exist", "没有这个案例"),
    ("engineer does not exist", "没有这位人员"),
    ("message does not exist", "没有这封邮件"),
    ("draft does not exist", "没有这份草稿"),
    ("outbox mail does not exist", "没有这封待发邮件"),
    ("this mail was too large to be kept; look at it in the mailbox itself", "本系统没有保存这封邮件的原文，请在邮箱中查看"),
    ("the reader fails on this mail; it can only be set aside", "无法读取这封邮件，只能搁置"),
    ("a mail is set aside with a reason", "搁置邮件须写明原因"),
    ("an empty note says nothing", "备注不能为空"),
    ("the case has no readable mail of its customer any more; its raw bytes have expired", "案例已没有可读的客户邮件：原文已过保存期"),
    ("the text is too long: at most {} bytes of subject and {} of body", "文字太长：主题最多 {} 字节，正文最多 {} 字节"),
    ("{} is not active", "{} 已停用"),
    ("more than {} recipients", "收件人超过 {} 个"),
];

/// Sets of words that stand in `{}`.
const WORDS: &[&str] = &["status", "trigger", "draft_status", "state", "outbox"];

/// The refusal for this reader.
pub(super) fn in_words(refusal: &str, language: Language) -> String {
    if language == Language::En {
        return refusal.to_owned();
    }
    let found = TEXTS.iter().find_map(|(english, chinese)| Some((parts(english, refusal)?, chinese)));
    let Some((parts, chinese)) = found else { return refusal.to_owned() };
    let mut out = String::new();
    for (at, piece) in chinese.split("{}").enumerate() {
        if at > 0 {
            let part = parts.get(at - 1).copied().unwrap_or_default();
            out.push_str(WORDS.iter().find_map(|set| text::find(&format!("{set}.{part}"), language)).unwrap_or(part));
        }
        out.push_str(piece);
    }
    out
}

/// What stands in the places of the pattern; None: the text is another one.
fn parts<'a>(pattern: &str, text: &'a str) -> Option<Vec<&'a str>> {
    let mut pieces = pattern.split("{}");
    let mut rest = text.strip_prefix(pieces.next()?)?;
    let mut found = Vec::new();
    let pieces: Vec<&str> = pieces.collect();
    for (at, piece) in pieces.iter().enumerate() {
        let end = if at + 1 == pieces.len() { rest.strip_suffix(piece)?.len() } else { rest.find(piece)? };
        found.push(&rest[..end]);
        rest = &rest[end + piece.len()..];
    }
    rest.is_empty().then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_in_both_languages() {
        for (english, chinese) in [
            ("a case that is archived cannot take \"cancelled\"", "案例状态为“已归档”，不能执行“已取消”"),
            ("CAS-1 is merged itself", "CAS-1 本身已被并入其他案例"),
            (
                "\"刘 <x\" is no mail address; expected name@domain or Name <name@domain>",
                "“刘 <x”不是邮件地址；应为 name@domain 或 姓名 <name@domain>",
            ),
            ("the text is too long: at most 4000 bytes of subject and 9 of body", "文字太长：主题最多 4000 字节，正文最多 9 字节"),
            ("something new", "something new"),
            ("", ""),
        ] {
            assert_eq!(in_words(english, Language::Zh), chinese);
            assert_eq!(in_words(english, Language::En), english);
        }
    }

    #[test]
    fn places_agree() {
        for (english, chinese) in TEXTS {
            assert_eq!(english.matches("{}").count(), chinese.matches("{}").count(), "{english}");
        }
    }
}
