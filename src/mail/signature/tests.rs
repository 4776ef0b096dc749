use super::*;
use crate::mail::segment::segments;

fn pieces(text: &str) -> Vec<(SegmentKind, String)> {
    segments(text, &[], false).into_iter().map(|s| (s.kind, s.text)).collect()
}

#[test]
fn tails() {
    use SegmentKind::{Banner, Disclaimer, New, Signature};
    for (text, want) in [
        (
            "谢谢！\n\n系统版本：X，由天擎推送。\n\n刘\n兴业\n电话：021-5555 0100",
            vec![(New, "谢谢！\n\n系统版本：X，由天擎推送。"), (Signature, "刘\n兴业\n电话：021-5555 0100")],
        ),
        ("ok\n-- \nZhang\nTel: 1", vec![(New, "ok"), (Signature, "-- \nZhang\nTel: 1")]),
        ("收到\n发送自 Windows 10 版邮件应用", vec![(New, "收到"), (Signature, "发送自 Windows 10 版邮件应用")]),
        (
            "重要提示：本邮件为外部邮件，请谨慎点击链接。\n\n补丁失败",
            vec![(Banner, "重要提示：本邮件为外部邮件，请谨慎点击链接。"), (New, "补丁失败")],
        ),
        ("收到\n发自我的 iPhone", vec![(New, "收到"), (Signature, "发自我的 iPhone")]),
        ("请处理\n\n此致\n敬礼\n张三", vec![(New, "请处理"), (Signature, "此致\n敬礼\n张三")]),
        (
            "Please help.\n\nBest regards,\nJohn Smith\nIT Dept",
            vec![(New, "Please help."), (Signature, "Best regards,\nJohn Smith\nIT Dept")],
        ),
        ("麻烦联系：\n电话：13800000000", vec![(New, "麻烦联系：\n电话：13800000000")]),
        ("机器打不开\n张三", vec![(New, "机器打不开\n张三")]),
        (
            "好\n\n免责声明：本邮件含有保密信息，仅供收件人使用。",
            vec![(New, "好"), (Disclaimer, "免责声明：本邮件含有保密信息，仅供收件人使用。")],
        ),
        (
            "Hi\n\nThis e-mail is confidential and intended for the recipient.",
            vec![(New, "Hi"), (Disclaimer, "This e-mail is confidential and intended for the recipient.")],
        ),
        (
            "CAUTION: This email originated from outside of the organization. Do not click links. 您好，补丁失败",
            vec![(Banner, "CAUTION: This email originated from outside of the organization. Do not click links."), (New, "您好，补丁失败")],
        ),
        ("Dell - Internal Use - Confidential\n\n请看", vec![(Banner, "Dell - Internal Use - Confidential"), (New, "请看")]),
        ("注意：补丁装了两次", vec![(New, "注意：补丁装了两次")]),
        (
            "Hello\n\nLi Lei\nACME Ltd\nTel: +86 21 5555\nMobile: 13800000000\nwww.acme.example",
            vec![(New, "Hello"), (Signature, "Li Lei\nACME Ltd\nTel: +86 21 5555\nMobile: 13800000000\nwww.acme.example")],
        ),
    ] {
        let want: Vec<_> = want.into_iter().map(|(k, t): (SegmentKind, &str)| (k, t.to_string())).collect();
        assert_eq!(pieces(text), want, "{text}");
    }
}
