use super::*;

mod clients;

fn reply(text: &str) -> String {
    reply_text(&segments(text, &[], false))
}

/// Reply text as expected, white space aside.
fn check(cases: &[(&str, &str)]) {
    let bare = |t: &str| t.split_whitespace().collect::<Vec<_>>().join(" ");
    let wrong: Vec<String> = cases
        .iter()
        .filter(|(text, want)| bare(&reply(text)) != bare(want))
        .map(|(text, want)| format!("{text}\n--- want\n{want}\n--- got\n{}\n=======", reply(text)))
        .collect();
    assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn prose_that_looks_like_it() {
    let whole = [
        "主题：补丁失败\n内容：见附件",
        "From: the beginning it was slow.\nTo be clear, it still is.",
        "On Monday I wrote: please fix it.\nNothing happened.",
        "He asked and she wrote: hello\nThat was all.",
        "Upgrade path:\nFrom: 1809\nTo: 21H2\nIt fails.",
        "Run this:\nC:\\> sfc /scannow\nand it stops.",
        "I typed this in the console:\n>>> import os\n>>> print(os.name)\nand got an error.",
        "Please install it:\n> npm install\nThen it breaks.",
        "Before\n\n---\n\nAfter the rule there is more text, and it goes on.",
        "| a | b |\n|---|---|\n| 1 | 2 |\n\nThe table shows it.",
        "The option is --force, and\n--\nis a line of its own in the config. Does it matter?",
        "他在邮件里写道：补丁有问题。\n请查看。",
        "日期：2020-10-10\n时间：10:00\n机器：PC-001",
        "请联系以下人员：\n张三 13800000000\n李四 13900000000",
        "I could not reply above this line, the editor is broken.",
        "The steps:\n1. Open the settings\n2. Click update\n3. It fails",
        "13800000000",
        "张三",
        "Our address is:\n1 Main Street\nSpringfield",
        "These machines fail:\nPC-0001\nPC-0002\nSRV-DC-01",
        "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-old\n+new\nPlease apply.",
        "安装后报错\n错误代码：0x800F0922\n版本：17763.1397",
        "The log says:\nDate: 2020-10-12\nError: 0x800f0922\nSource: CBS",
        "可以关闭了\n谢谢",
        "Best of all, it works now.",
        "a: 1\nb: 2\nc: 3",
        "Original message was lost, please send again.",
        "Done.\nYes",
    ];
    check(&whole.map(|t| (t, t)));
}

/// Words of people that the rules could take for something else.
#[test]
fn nothing_of_the_customer_is_cut() {
    let whole = [
        "您好，\n机器清单：\nPC-001 张三\nPC-002 李四\nPC-003 王五",
        "问题如下：\n1. 无法更新\n2. 蓝屏\n谢谢",
        "服务器地址：\nhttp://wsus.corp.example:8530\n请确认。",
        "The WSUS server is\nhttp://wsus.corp.example:8530",
        "See\nhttps://support.example/kb/4577668",
        "Please call me.\n\nTel: 021-55550100",
        "客户名称：某某银行\n联系人：张三\n电话：13800138000\n问题描述：开机黑屏",
        "Warning: this update breaks printing.\nPlease advise.",
        "Attention: the server is down!",
        "提示：无法连接到更新服务\n错误 0x8024402c",
        "This message appears: update failed.\nWhat now?",
        "本邮件系统无法发送附件，怎么办？",
        "注意事项：\n1. 先备份\n2. 再安装",
        "We sent from my colleague's machine the same log.",
        "来自总部的要求：今天必须完成。",
        "Cheers for the quick answer, it works.",
        "Best practice is to reboot.\nRight?",
        "- restart the service\n- reboot\n- Windows",
        "It fails on:\nServer 2019\nWindows 10",
        "Steps I took:\n\n--\n1. sfc /scannow: does it help?\n2. dism: should I?",
        "Subject: to approval\nwe can close it.",
        "On 12 Oct we installed it. Then he said: reboot.\nIt did not help.",
        "At 10:15 the log says:\nInstall failed",
        "2020-10-12 10:11:12 the service wrote:\nerror 5",
        "Le 12 octobre nous avons installé le correctif :\nil échoue.",
        "时间：2020-10-12 10:11\n现象：回滚\n主题：无",
        "收件人没有收到邮件\n发件人：系统\n请查",
        "To reproduce:\n1. open\nFrom there it hangs.",
        "Original: KB4577668\nReplaced by: KB4580390",
        "可以\n好的\n收到",
        "已安装\n\n请问还要重启吗",
        "Both.\n\nToday",
        "The name of the contact is:\n\nJohn Smith",
        "========\nSummary\n========\nall fine",
        "PS C:\\> Get-HotFix\n> more\nDone, what is next?",
        "Yes.\nPlease consider my request.",
        "I have the following questions\nRegards the SSU: which one?\nand the LCU?",
        "谢谢！\n另外，请问补丁是否包含 SSU？",
        "祝好消息早日到来，问题还没解决。",
        "电话里说的补丁已经装了。\n手机也收到验证码了。",
    ];
    check(&whole.map(|t| (t, t)));
}

#[test]
fn signatures() {
    check(&[
        ("It works.\n\n-Abhishek Kona", "It works."),
        ("It works.\n\n-Abhishek", "It works."),
        ("It works.\n\n~ Jim", "It works."),
        ("It works.\n\n- John", "It works."),
        ("It works.\n-- \nJohn\nACME", "It works."),
        ("It works.\n--\nJohn", "It works."),
        ("It works.\n\n--\nRick Olson\nhttp://x.example", "It works."),
        ("It works.\n\nSent from my iPhone", "It works."),
        ("It works.\n\n<Sent from my Windows Phone>", "It works."),
        ("It works.\n\nGet Outlook for iOS<https://aka.example/o>", "It works."),
        ("It works.\n\nBest regards,\nJohn Smith\nIT Dept", "It works."),
        ("It works.\n\nBest Regards,\n\nJohn Smith\nSenior Engineer\nACME Ltd.\nTel: +1 555 0100\nwww.acme.example", "It works."),
        ("It works.\n\nThanks,\nJohn", "It works."),
        ("It works.\n\nThanks!\nJohn", "It works.\n\nThanks!"),
        ("It works.\n\nThanks & Regards,\nJohn", "It works."),
        ("It works.\n\nMit freundlichen Grüßen\n\nHans Maier\nMusterfirma GmbH", "It works."),
        ("It works.\n\nMfG\nHans", "It works."),
        ("It works.\n\nCordialement,\nJean Dupont", "It works."),
        ("好了。\n\n此致\n敬礼\n张三", "好了。"),
        ("好了。\n\n祝好！\n张三", "好了。"),
        ("好了。\n谢谢！\n\n张三\n某某有限公司 信息部\n电话：021-55550100\n地址：上海市某路1号", "好了。\n谢谢！"),
        ("好了，谢谢！\n\n王建国\n信息技术部\n2020年10月12日", "好了，谢谢！"),
        ("好了\n\n来自 QQ邮箱", "好了"),
        ("好了\n\n发自我的小米手机", "好了"),
        (
            "Please help.\n\nJohn Doe | Support Engineer\nACME GmbH\nM: +49 170 1234567 | T: +49 30 123456\njohn@acme.example",
            "Please help.",
        ),
        ("ok\n\nRegards,\nJohn\n\nPlease consider the environment before printing this e-mail.", "ok"),
        ("ok\n\n---\nJohn Doe\njohn@x.example", "ok"),
        ("ok\n\nCheers,\nBob\n\n--\nBob Smith\nACME", "ok"),
        ("The phone is:\nTel: 021-55550100", "The phone is:\nTel: 021-55550100"),
    ]);
}

#[test]
fn footers_and_banners() {
    check(&[
        (
            "ok\n\n_______________________________________________\nusers mailing list\nusers@lists.example\nhttp://lists.example/mailman/listinfo/users",
            "ok",
        ),
        (
            "ok\n\n-- \nYou received this message because you are subscribed to the Google Groups \"x\" group.\nTo unsubscribe from this group, send mail.",
            "ok",
        ),
        ("ok\n\n—\nReply to this email directly or view it on GitHub.", "ok"),
        ("ok\n\n---\nThis email has been checked for viruses by Avast antivirus software.\nhttps://www.avast.example/antivirus", "ok"),
        ("ok\n\nVirus-free. www.avast.com", "ok"),
        ("ok\n\n免责声明：本邮件含有保密信息，仅供收件人使用。", "ok"),
        ("ok\n\nThis e-mail is confidential and intended for the recipient only. If you are not the intended recipient, delete it.", "ok"),
        ("ok\n\nDiese E-Mail enthält vertrauliche Informationen. Wenn Sie nicht der richtige Empfänger sind, löschen Sie sie.", "ok"),
        (
            "CAUTION: This email originated from outside of the organization. Do not click links or open attachments unless you recognize the sender.\n\nHello, it fails.",
            "Hello, it fails.",
        ),
        ("[EXTERNAL EMAIL]\n\nHello, it fails.", "Hello, it fails."),
        ("【外部邮件】请谨慎点击链接和附件。\n您好，补丁失败", "您好，补丁失败"),
        ("注意：补丁装了两次，都失败", "注意：补丁装了两次，都失败"),
    ]);
}

#[test]
fn forwards() {
    check(&[
        ("请看\n---------- Forwarded message ---------\nFrom: X\nSubject: y\n\n转来的内容", "请看\n\n转来的内容"),
        (
            "fyi\n\nBegin forwarded message:\n\n> From: X <a@b.example>\n> Subject: y\n> Date: Oct 12, 2020\n> To: Z\n>\n> the content\n> goes on",
            "fyi\n\nthe content\ngoes on",
        ),
        (
            "fyi\n\n-------- Forwarded Message --------\nSubject: \ty\nDate: \tMon, 12 Oct 2020\nFrom: \tX <a@b.example>\nTo: \tz@b.example\n\nthe content",
            "fyi\n\nthe content",
        ),
        (
            "fyi\n\n-------- Weitergeleitete Nachricht --------\nBetreff: \ty\nDatum: \tMon, 12 Oct 2020\nVon: \tX <a@b.example>\nAn: \tz@b.example\n\nInhalt",
            "fyi\n\nInhalt",
        ),
        ("请处理\n\n---------- 转发的邮件 ---------\n发件人： X\n日期： 2020\n主题： z\n\n内容", "请处理\n\n内容"),
        (
            "fyi\n\n----- Forwarded by X/ACME on 10/12/2020 10:11 AM -----\n\nFrom: Y\nTo: X\nDate: 10/11/2020\nSubject: z\n\ncontent",
            "fyi\n\ncontent",
        ),
    ]);
}

#[test]
fn a_forward_subject_makes_the_block_content() {
    let text = "请协助\n\n发件人: X\n发送时间: 2020\n主题: y\n\n机器起不来\n\n发件人: Z\n发送时间: 2019\n主题: y\n\n更旧";
    assert_eq!(reply_text(&segments(text, &[], true)), "请协助\n\n机器起不来");
    assert_eq!(reply_text(&segments(text, &[], false)), "请协助");
}

#[test]
fn markup_says_where_the_quote_begins() {
    let text = "好的\n________________________________\n旧的正文";
    let mark = |start, end, kind| Mark { start, end, kind };
    assert_eq!(reply_text(&segments(text, &[mark("好的\n".len(), text.len(), SegmentKind::Quote)], false)), "好的");
    let text = "新\n旧一\n旧二\n下面的新\n签名";
    let at = |s: &str| text.find(s).expect("there");
    let marks = [mark(at("旧一"), at("下面"), SegmentKind::Quote), mark(at("签名"), text.len(), SegmentKind::Signature)];
    assert_eq!(reply_text(&segments(text, &marks, false)), "新\n\n下面的新");
    let text = "a\nOn Mon, Oct 12, 2020 at 1:00 PM X <a@b.example> wrote:\n> q1\nanswer\n> q2\nlast";
    assert_eq!(reply_text(&segments(text, &[mark(2, text.len(), SegmentKind::Quote)], false)), "a\n\nanswer\n\nlast");
}

#[test]
fn nothing_is_lost() {
    let text = "CAUTION: external sender.\n您好\n> 旧\n答\n-- \n张三\n电话：1";
    let all: String = segments(text, &[], false).iter().map(|s| s.text.replace('\n', "")).collect();
    assert_eq!(all, text.replace('\n', ""));
}

#[test]
#[allow(clippy::disallowed_methods)]
fn long_texts_are_quick() {
    let start = std::time::Instant::now();
    for line in [
        "> old line of text\n",
        "发件人: x\n",
        "From: x\n",
        "On 2020-10-10 <a@b.example> x\n",
        "-----\n",
        "x wrote:\n",
        "Best regards,\n",
        "电话：13800000000\n",
        "\n",
        "> \n\n",
        "| a\n",
        "\"x\" a@b.example/c\n",
    ] {
        let text = format!("new\n{}", line.repeat(20_000));
        assert!(!segments(&text, &[], false).is_empty());
    }
    // Far above what a loaded machine takes in a debug build, far below what a quadratic walk takes.
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}

#[test]
fn answers_with_an_announced_tag() {
    let text = "林工，我在原文里答复，以[宋]开头。\n\n发件人: 林鹏\n发送时间: 2024年8月14日 9:50\n主题: x\n\n1. 备份周期？\n[宋] 每周日 01:00。\n2. 保留多久？\n[宋] 90 天。";
    assert_eq!(reply(text), "林工，我在原文里答复，以[宋]开头。\n\n[宋] 每周日 01:00。\n\n[宋] 90 天。");
}

proptest::proptest! {
    /// Joined, the segments are the text but for blank lines, whatever the lines are.
    #[test]
    fn segments_are_the_text(picked in proptest::collection::vec((0usize..44, ".{0,12}"), 0..24), forwards in proptest::prelude::any::<bool>()) {
        let lines = ["> old", ">> older", "-- ", "--", "From: X <a@b.example>", "Sent: Monday 10:11", "To: Y", "Subject: z", "发件人：张三", "发送时间：2020-10-12", "主题：补丁", "在 2020-10-12 10:11，X 写道：", "On Mon, Oct 12, 2020 at 1:00 PM X <a@b.example> wrote:", "-----Original Message-----", "---------- Forwarded message ---------", "________________________________", "Best regards,", "祝好", "John Smith", "张三", "Tel: +86 21 5555 0100", "Sent from my iPhone", "CAUTION: This email originated from outside. Do not click. 您好", "免责声明：本邮件保密，收件人以外不得使用", "", "  ", "\t", "\u{a0}", "Thanks,", "谢谢！", "##- reply above this line -##", "To unsubscribe, click", "[snip]", "JD> a", "| a", "PS: more", "a@b.example", "-John", "写道：", "wrote:", "&gt; x", "＞ 旧", "见 [宋] 处", "[宋] 好"];
        let text: String = picked.iter().map(|(n, more)| if more.is_empty() || n % 3 == 0 { format!("{}\n", lines[*n]) } else { format!("{} {more}\n", lines[*n]) }).collect();
        let bare = |t: &str| t.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        let found = segments(&text, &[], forwards);
        let all: String = found.iter().map(|s| bare(&s.text)).collect();
        proptest::prop_assert_eq!(all, bare(&text));
        proptest::prop_assert!(found.iter().all(|s| !s.text.trim().is_empty()));
    }
}

/// Prints how long segmentation takes: `cargo test --release --lib segmentation_speed -- --ignored --nocapture`.
#[test]
#[ignore = "a measurement"]
#[allow(clippy::disallowed_methods)]
fn segmentation_speed() {
    let prose = "The update fails on three machines in the second building, and the log names an error that we have not seen before.\n";
    let zh = "安装补丁后重启，系统提示配置失败并回滚，已经试过重新安装，问题依旧存在，请协助排查原因。\n";
    let top = format!("Hello,\n\n{}\n{}\nBest regards,\nJohn Smith\nACME Ltd\nTel: +1 555 0100\n", prose.repeat(6), zh.repeat(4));
    for (name, text) in [
        ("12 KB of prose", prose.repeat(104)),
        ("12 KB of Chinese", zh.repeat(90)),
        ("reply above an unmarked quote", format!("{top}\nFrom: X <a@b.example>\nSent: Monday\nTo: Y\nSubject: z\n\n{}", prose.repeat(90))),
        (
            "reply above a marked quote",
            format!("{top}\nOn Mon, Oct 12, 2020 at 1:00 PM X <a@b.example> wrote:\n{}", format!("> {prose}").repeat(90)),
        ),
    ] {
        let mut best = f64::MAX;
        for _ in 0..200 {
            let start = std::time::Instant::now();
            std::hint::black_box(segments(&text, &[], false));
            best = best.min(start.elapsed().as_secs_f64());
        }
        println!("{name}: {} bytes, {:.1} us", text.len(), best * 1e6);
    }
}
