//! A mail's own words, and what they say: r resolved, n not resolved, t thanks only, u urgent, c complaint, a may be archived.

use super::{prose, state_words};

fn letters(text: &str) -> String {
    let s = state_words(text, &prose::lines(text).collect::<Vec<_>>());
    [(s.resolved, 'r'), (s.not_resolved, 'n'), (s.thanks_only, 't'), (s.urgent, 'u'), (s.complaint, 'c'), (s.may_archive, 'a')]
        .into_iter()
        .filter_map(|(flag, letter)| flag.then_some(letter))
        .collect()
}

fn check(rows: &[(&str, &str)]) {
    let wrong: Vec<String> = rows
        .iter()
        .map(|(text, want)| (text, *want, letters(text)))
        .filter(|(_, want, got)| want != got)
        .map(|(text, want, got)| format!("{text:?}: want {want:?}, got {got:?}"))
        .collect();
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn resolved_in_chinese() {
    check(&[
        ("问题已解决，谢谢！", "r"),
        ("按您的方法，更新成功了，可以归档。", "ra"),
        ("已經解決了，謝謝", "r"),
        ("没有再出现", "r"),
        ("重装补丁后，蓝屏没有再出现过。", "r"),
        ("更新后不再报错。", "r"),
        ("现在不再回滚了", "r"),
        ("暂时没有问题了", "r"),
        ("没问题了", "r"),
        ("测试没问题", "r"),
        ("打印机恢复正常，非常感谢", "r"),
        ("搞定了", "r"),
        ("可以了，谢谢", "r"),
        ("都好了", "r"),
        ("电脑已经正常了", "r"),
        ("现在能打印了", "r"),
        ("可以正常使用了", "r"),
        ("更新成功", "r"),
        ("问题已得到解决", "r"),
        ("问题解决，辛苦了", "r"),
        ("昨天还是不行，今天按您的方法恢复正常了", "r"),
        ("之前一直失败，重置以后终于更新成功了", "r"),
        ("这几天没有再报错", "r"),
        ("三台电脑全部解决", "r"),
        ("感谢帮助，补丁已经能正常安装了，问题解决了", "r"),
        ("在您的协助下问题已经解决", "r"),
        ("您的方法很管用", "r"),
        ("问题未再复现", "r"),
        ("主要问题已解决", "r"),
        ("您好，问题已处理完毕，谢谢", "r"),
        ("现在打印正常，没有其他问题了。", "r"),
        ("谢谢，问题没有了", "r"),
        ("清空缓存以后，补丁已经可以正常安装。", "r"),
        ("已解决，但想了解一下原因", "r"),
        ("上述问题均已解决", "r"),
        ("問題已經解決，沒有再出現", "r"),
    ]);
}

#[test]
fn not_resolved_in_chinese() {
    check(&[
        ("还没有解决", "n"),
        ("您的方法没用", "n"),
        ("问题没有得到解决", "n"),
        ("还是不行，又出现了", "n"),
        ("還沒有解決", "n"),
        ("部分解决", "n"),
        ("部分电脑已经解决", "n"),
        ("只解决了一半", "n"),
        ("大部分恢复正常了", "n"),
        ("重启后恢复正常，但第二天又出现", "n"),
        ("仍然报错0x800f0922", "n"),
        ("按步骤操作后依旧失败", "n"),
        ("试了几次都不行", "n"),
        ("没效果", "n"),
        ("问题依然存在", "n"),
        ("仍无法更新", "n"),
        ("更新成功，但重启后蓝屏", "n"),
        ("还是老样子", "n"),
        ("尚未解决", "n"),
        ("未能恢复正常", "n"),
        ("不管用", "n"),
        ("之前反馈的问题还是没有得到有效解决", "n"),
        ("按照操作后仍旧无法更新", "n"),
        ("无法解决", "n"),
        ("今天又有两台出现同样的问题", "n"),
        ("再次出现回滚", "n"),
        ("为什么还是不行？", "n"),
        ("还是不行怎么办？", "n"),
        ("操作以后问题没有解决，请继续协助", "n"),
        ("昨天恢复正常了，今天又不行了", "n"),
        ("补丁还是装不上", "n"),
        ("问题复现了", "n"),
        ("一台好了，另外两台仍然失败", "n"),
        ("没有恢复正常", "n"),
        ("更新没有成功", "n"),
        ("问题还在", "n"),
    ]);
}

#[test]
fn neither_in_chinese() {
    check(&[
        ("请问有没有解决办法", ""),
        ("请问怎么解决？", ""),
        ("希望问题解决", ""),
        ("问题不大", ""),
        ("是否已解决？", ""),
        ("请问问题解决了吗？", ""),
        ("解决了没有？", ""),
        ("如果解决了会告知您", ""),
        ("等解决了再说", ""),
        ("如果还是不行，请联系我", ""),
        ("如果再出现这个问题，请提供一个排查解决的方法", ""),
        ("问题解决后请告知", ""),
        ("好像解决了", ""),
        ("应该可以了吧", ""),
        ("不知道解决了没有", ""),
        ("以后会不会再次出现？", ""),
        ("如何防止再次出现", ""),
        ("预计明天能解决", ""),
        ("不是没有解决", ""),
        ("有什么解决方案", ""),
        ("网络没有问题，就是装不上补丁", ""),
        ("1809是否仍然支持？", ""),
        ("日志已经准备好了", ""),
        ("谢谢！系统起不来", ""),
        ("其他电脑正常", ""),
        ("之前使用正常", ""),
        ("桌面图标消失了", ""),
        ("产品密钥无效的提示怎么处理", ""),
        ("请问补丁更新成功后需要重启吗", ""),
        ("", ""),
    ]);
}

#[test]
fn thanks() {
    check(&[
        ("好的，谢谢！", "t"),
        ("收到，辛苦了", "t"),
        ("刘工，收到，谢谢", "t"),
        ("收到", "t"),
        ("谢谢", "t"),
        ("您好，邮件已收到，非常感谢您的支持！", "t"),
        ("谢谢！\n\n张伟", "t"),
        ("好的，感谢您的耐心解答，祝工作顺利！", "t"),
        ("收到[抱拳]", "t"),
        ("👍", ""),
        ("知悉，谢谢刘老师", "t"),
        ("Thanks!", "t"),
        ("Thank you very much, Tom.", "t"),
        ("Got it, thanks a lot for your help.", "t"),
        ("OK", "t"),
        ("Noted with thanks.\n\nBest regards,\nAnn", "t"),
        ("謝謝您的回覆", "t"),
        ("谢谢，还有个问题想请教", ""),
        ("收到，我们试试", ""),
        ("谢谢，蓝屏", ""),
        ("好的，我先试一下", ""),
        ("好的吗？", ""),
        ("OK, will try", ""),
        ("Thanks, but which KB?", ""),
    ]);
}

#[test]
fn urgent() {
    check(&[
        ("请尽快解决", "u"),
        ("影响业务，紧急", "u"),
        ("急！", "u"),
        ("【急】电脑打不开", "u"),
        ("很急，请帮忙", "u"),
        ("加急处理", "u"),
        ("非常紧急", "u"),
        ("請問何時可以解決？非常緊急！", "u"),
        ("The update was installed on all machines and no machine rolled back", ""),
        ("领导电脑，麻烦看一下", "u"),
        ("领导催得紧", "u"),
        ("已经严重影响办公", "u"),
        ("全院电脑瘫痪", "u"),
        ("所有电脑都蓝屏", "u"),
        ("大面积回滚", "u"),
        ("请立即处理", "u"),
        ("業務無法辦公，請盡快處理", "u"),
        ("不紧急", ""),
        ("这个不急，有空看一下", ""),
        ("非紧急", ""),
        ("不着急，您慢慢来", ""),
        ("我会尽快测试", ""),
        ("暂时不影响业务", ""),
        ("会影响使用吗？", ""),
        ("为了避免影响业务，先不装", ""),
        ("我马上试", ""),
        ("重启后立即生效", ""),
        ("各位领导好，打印机有个问题", ""),
        ("这是紧急更新吗", ""),
        ("急诊科的打印机坏了", ""),
        ("所有电脑都已更新", ""),
        ("This is urgent", "u"),
        ("Please reply asap", "u"),
        ("We need a fix as soon as possible.", "u"),
        ("Production is down", "u"),
        ("Please fix this immediately.", "u"),
        ("All users are affected by the error", "u"),
        ("It crashes immediately", ""),
        ("Not urgent", ""),
        ("No rush", ""),
        ("It is not very urgent, take your time", ""),
        ("Is it urgent?", ""),
        ("I will get back to you as soon as possible", ""),
        ("We installed the critical update", ""),
    ]);
}

#[test]
fn complaints() {
    check(&[
        ("为什么还没处理？我要投诉", "c"),
        ("对处理结果不满意", "c"),
        ("催一下", "c"),
        ("已经第三次反馈这个问题了", "c"),
        ("已经多次反馈", "c"),
        ("一直没有人回复", "c"),
        ("怎么还没人处理？", "c"),
        ("问题至今没解决", "nc"),
        ("还没有解决吗？", "c"),
        ("处理太慢了", "c"),
        ("迟迟没有答复", "c"),
        ("服务太差", "c"),
        ("發了三次郵件，沒有人回覆", "c"),
        ("非常满意", ""),
        ("满意", ""),
        ("开机太慢", ""),
        ("条件不满足", ""),
        ("12345投诉系统打不开", ""),
        ("磁盘不满100G", ""),
        ("We are very disappointed", "c"),
        ("This is unacceptable.", "c"),
        ("No one has answered so far", "c"),
        ("We are still waiting for your answer", "c"),
        ("Why hasn't anybody called back?", "c"),
        ("Users complain that printing is slow", ""),
        ("No complaints, all good", "r"),
    ]);
}

#[test]
fn archive() {
    check(&[
        ("可以关闭案例了", "a"),
        ("同意关闭。", "a"),
        ("可以归档", "a"),
        ("请结案", "a"),
        ("不需要了，结案吧", "a"),
        ("同意结案，谢谢", "a"),
        ("麻烦关单", "a"),
        ("麻烦把单子关一下吧", "a"),
        ("OK, please archive.", "a"),
        ("We can't reproduce the problem any more. Feel free to close the ticket.", "ra"),
        ("先归档吧", "a"),
        ("这个问题可以关闭了", "a"),
        ("已解决，可以結案", "ra"),
        ("先不要归档", ""),
        ("请问：1.如何关闭自动更新？", ""),
        ("可以关闭自动更新吗？", ""),
        ("关闭更新", ""),
        ("请关闭防火墙", ""),
        ("防火墙可以关闭了", ""),
        ("可以归档了吗？", ""),
        ("解决后再归档", ""),
        ("如果没问题就可以归档", ""),
        ("暂时不要关闭", ""),
        ("为什么归档？", ""),
        ("案例已归档", ""),
        ("You can close the case.", "a"),
        ("Please close this ticket", "a"),
        ("The case can be closed", "a"),
        ("Could you please close it?", "a"),
        ("OK to close.", "a"),
        ("Please do not close the case", ""),
        ("Please close all windows", ""),
        ("We will close it when it is fixed", ""),
        ("Can we close the port?", ""),
        ("Please keep the case open", ""),
    ]);
}

#[test]
fn outcomes_in_english() {
    check(&[
        ("The issue has been resolved, please close the case. Thanks", "ra"),
        ("It works now, thank you", "r"),
        ("Fixed!", "r"),
        ("Resolved, thanks.", "r"),
        ("It no longer fails", "r"),
        ("No issues since Monday", "r"),
        ("The error hasn't appeared since the reinstall", "r"),
        ("The blue screen has not recurred", "r"),
        ("Everything is back to normal", "r"),
        ("Yesterday it was still failing, but after the reset it works fine", "r"),
        ("That did the trick", "r"),
        ("The problem is solved", "r"),
        ("All PCs are working fine now.", "r"),
        ("Please note that the issue is resolved", "r"),
        ("It is still failing", "n"),
        ("not yet resolved", "n"),
        ("It isn't fixed", "n"),
        ("It isn’t fixed yet", "n"),
        ("The problem has not been fully resolved", "n"),
        ("It works for 3 of 5 PCs", "n"),
        ("Partially fixed", "n"),
        ("It worked for a day and then happened again", "n"),
        ("Same error", "n"),
        ("It still does not work", "n"),
        ("The PC no longer boots", "n"),
        ("The update installed successfully but it crashes after the restart", "n"),
        ("No luck", "n"),
        ("The issue persists", "n"),
        ("It came back after the restart", "n"),
        ("I hope this is resolved soon", ""),
        ("Has it been resolved?", ""),
        ("Will close when fixed", ""),
        ("Let me know once it is fixed", ""),
        ("If it still fails I will call", ""),
        ("It might be fixed", ""),
        ("It should be resolved by tomorrow", ""),
        ("How can this be fixed?", ""),
        ("Our team is working on it", ""),
        ("We will come back to you", ""),
        ("I still have a question", ""),
        ("Is it fixed in the next release?", ""),
    ]);
}

#[test]
fn wrapped_lines_are_one_clause() {
    check(&[
        ("We followed all the steps of your mail but the problem is still not\nresolved on any of the machines", "n"),
        ("Dear all,\nplease let us know when the problem with the update of the machines is\nresolved", ""),
        ("It works now.\nThanks", "r"),
    ]);
}

#[test]
fn logs_say_nothing() {
    let log = "2026-07-23 09:45:45, Error CBS still failed, urgent, not resolved [HRESULT = 0x800f0922]\n".repeat(20);
    check(&[(log.as_str(), "")]);
}
