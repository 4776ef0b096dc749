use crate::mail::{Mail, SegmentKind, Settings, against, parse};

fn compared(body: &str, ours: &str) -> Mail {
    let raw = format!(
        "From: Zhang San <zs@a.example>\r\nSubject: Re: x\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{}",
        body.replace('\n', "\r\n")
    );
    let mut mail = parse(raw.as_bytes(), &Settings::default());
    against(&mut mail, ours);
    mail
}

fn answers(mail: &Mail) -> Vec<(String, Option<String>)> {
    mail.segments.iter().filter(|s| s.kind == SegmentKind::New).map(|s| (s.text.trim().to_string(), s.answers.clone())).collect()
}

fn pairs(list: &[(&str, Option<&str>)]) -> Vec<(String, Option<String>)> {
    list.iter().map(|(t, a)| (t.to_string(), a.map(str::to_string))).collect()
}

const OURS: &str = "您好：\n\n请提供以下信息：\n1. 系统版本是什么？\n2. 补丁是否由天擎推送？\n3. 重启后是否回滚？\n\n谢谢！\n技术支持";

#[test]
fn answers_below_our_lines_in_an_unmarked_quote() {
    let body = "见下文\n\n发件人: 技术支持 <s@d.example>\n发送时间: 2020年10月12日 10:11\n收件人: 张三\n主题: x\n\n您好：\n\n请提供以下信息：\n1. 系统版本是什么？\nV2020-L\n2. 补丁是否由天擎推送？\n补丁是由天擎推送的\n3. 重启后是否回滚？\n会回滚\n\n谢谢！\n技术支持";
    let mail = compared(body, OURS);
    let want = [
        ("见下文", None),
        ("V2020-L", Some("1. 系统版本是什么？")),
        ("补丁是由天擎推送的", Some("2. 补丁是否由天擎推送？")),
        ("会回滚", Some("3. 重启后是否回滚？")),
    ];
    assert_eq!(answers(&mail), pairs(&want));
    assert_eq!(mail.reply_text, "见下文\n\nV2020-L\n\n补丁是由天擎推送的\n\n会回滚");
}

#[test]
fn answers_on_the_same_line() {
    let body = "发件人: 技术支持 <s@d.example>\n发送时间: 2020年10月12日 10:11\n收件人: 张三\n主题: x\n\n您好：\n请提供以下信息：\n1. 系统版本是什么？ 答：V2020-L\n2. 补丁是否由天擎推送？是\n3. 重启后是否回滚？\n谢谢！\n技术支持";
    let mail = compared(body, OURS);
    assert_eq!(answers(&mail), pairs(&[("答：V2020-L", Some("1. 系统版本是什么？")), ("是", Some("2. 补丁是否由天擎推送？"))]));
}

#[test]
fn marked_quotes_wrapped_anew() {
    let ours = "Please tell us which version of the operating system is installed on the machines that fail to update.\nDo you see an error code?\nRegards";
    let body = "On Mon, Oct 12, 2020 at 1:00 PM Desk <s@d.example> wrote:\n> Please tell us which version of the operating system is\n> installed on the machines that fail to update.\n\n1809 on all of them\n\n> Do you see an error code?\n> 0x800f0922\n> Regards";
    let mail = compared(body, ours);
    let want = [
        (
            "1809 on all of them",
            Some("Please tell us which version of the operating system is installed on the machines that fail to update."),
        ),
        ("> 0x800f0922", Some("Do you see an error code?")),
    ];
    assert_eq!(answers(&mail), pairs(&want));
    assert_eq!(mail.reply_text, "1809 on all of them\n\n0x800f0922");
}

#[test]
fn an_answer_below_our_last_question() {
    let body = "________________________________\nFrom: Desk <s@d.example>\nSent: Monday\nTo: Z\nSubject: x\n\nWhich build do you run?\n\nWe run 17763.1397 on all machines.\n\nFrom: Z <z@a.example>\nSent: Sunday\nTo: Desk\nSubject: x\n\nIt fails.";
    let mail = compared(body, "Which build do you run?");
    assert_eq!(answers(&mail), pairs(&[("We run 17763.1397 on all machines.", Some("Which build do you run?"))]));
}

#[test]
fn a_top_posted_reply_stays_as_it_is() {
    let body = format!(
        "已解决，谢谢。\n\n发件人: 技术支持 <s@d.example>\n发送时间: 2020年10月12日 10:11\n收件人: 张三\n主题: x\n\n{OURS}\n\n发件人: 张三\n发送时间: 2020年10月11日\n主题: x\n\n机器打不开。"
    );
    let mail = compared(&body, OURS);
    assert_eq!(mail.reply_text, "已解决，谢谢。");
    let none = compared("已解决，谢谢。", OURS);
    assert_eq!(answers(&none), pairs(&[("已解决，谢谢。", None)]));
    assert_eq!(compared("已解决", "").reply_text, "已解决");
}

#[test]
fn full_width_and_lost_blank_lines() {
    let ours = "请确认:\n(1) 机器是否可以联网?\n\n(2) 是否有代理?";
    let body = "-----原始邮件-----\n发件人: 技术支持 <s@d.example>\n发送时间: 2020年10月12日 10:11\n主题: x\n\n请确认：\n（1）机器是否可以联网？\n可以\n（2）是否有代理？\n没有";
    let mail = compared(body, ours);
    assert_eq!(answers(&mail), pairs(&[("可以", Some("(1) 机器是否可以联网?")), ("没有", Some("(2) 是否有代理?"))]));
}

#[test]
#[allow(clippy::disallowed_methods)]
fn long_texts_are_quick() {
    let ours = "请提供系统版本和补丁编号。\nWhich version?\n".repeat(20_000);
    let body = format!(
        "新\n\n发件人: 技术支持 <s@d.example>\n发送时间: 2020年10月12日 10:11\n主题: x\n\n{}",
        ours.replace("version?\n", "version?\n1809\n")
    );
    let start = std::time::Instant::now();
    let mail = compared(&body, &ours);
    assert!(mail.reply_text.contains("1809"));
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}
