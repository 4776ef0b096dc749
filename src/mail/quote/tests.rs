use super::*;

fn at_first(text: &str) -> Option<Start> {
    let lines: Vec<&str> = text.lines().collect();
    start(&lines, 0, &mut Space::default())
}

#[test]
fn clients() {
    for (text, want) in [
        (
            "-----邮件原件-----\n发件人: X [mailto:a@b.example]\n发送时间: 2021年8月6日 15:49\n收件人: Y\n主题: 补丁\n\n旧",
            Some(Start::Original(5)),
        ),
        ("From: X\nSent: 2017年3月1日 17:18\nTo: Y\nSubject: 答复: z\n\nold", Some(Start::Original(4))),
        ("________________________________\n发件人: X\n发送时间: 2020\n收件人: Y\n主题: z\n", Some(Start::Original(5))),
        (
            "------------------ 原始邮件 ------------------\n发件人: \"x\"<a@b.example>;\n发送时间: 2019年7月18日 11:10\n",
            Some(Start::Original(3)),
        ),
        (
            "------------------\u{a0}Original\u{a0}------------------\nFrom:  <a@b.example>\nDate: Sun,Apr 12,2020 7:25 PM\n",
            Some(Start::Original(3)),
        ),
        ("在 2023-05-04 15:39:57，\"Yun Lu\" <a@b.example> 写道：", Some(Start::Attribution(1))),
        ("At 2023-04-29 01:06:03, \"x\" <a@b.example> wrote:", Some(Start::Attribution(1))),
        ("---- 回复的原邮件 ----\n发件人 X<a@b.example>\n日期 2023年5月4日 15:39\n收件人 Y\n主题 z\n", Some(Start::Original(5))),
        ("---- Replied Message ----\n| 发件人 | X |\n| 日期 | 2023 |\n| 主题 | z |\n", Some(Start::Original(4))),
        ("-----原始邮件-----\n发件人:\"N\" <a@b.example>\n发送时间:2021-03-11 19:05:03 (星期四)\n", Some(Start::Original(3))),
        ("--------------\n张三\n> 旧\n", Some(Start::Attribution(2))),
        ("张三 <a@b.example> 于2020年10月12日周一\n下午11:33写道：", Some(Start::Attribution(2))),
        ("在 2023/5/16 9:57, wangwudi 写道:", Some(Start::Attribution(1))),
        ("在 2020年6月29日，下午5:45，Jiang Ying <a@b.example> 写道：", Some(Start::Attribution(1))),
        ("在2025年12月26日星期五 UTC+8 13:31:25<name> 写道：", Some(Start::Attribution(1))),
        ("发件人：X\n日　期：2020年\n收件人：Y\n主　题：z\n", Some(Start::Original(4))),
        ("*发件人:* X\n*发送时间:* 2020\n", Some(Start::Original(2))),
        ("On Mon, Oct 12, 2020 at 11:33 PM Zhang San <\na@b.example> wrote:", Some(Start::Attribution(2))),
        ("---------- 转发的邮件 ---------\n发件人： X\n日期： 2020\n主题： z\n", Some(Start::Forwarded(4))),
        ("---------- Forwarded message ---------\nFrom: X\n\ntext", Some(Start::Forwarded(2))),
        ("Begin forwarded message:\n\nFrom: X\nSubject: y\n", Some(Start::Forwarded(4))),
        ("----- 转发人 张三/部门 时间 2020-10-13 10:11 -----\n", Some(Start::Forwarded(1))),
        ("主题：补丁失败", None),
        ("日期：2020-10-10\n时间：10:00\n", None),
        ("他在邮件里写道：", None),
        ("----------------", None),
        ("From the log: nothing\nsecond line", None),
    ] {
        assert_eq!(at_first(text), want, "{text}");
    }
}
