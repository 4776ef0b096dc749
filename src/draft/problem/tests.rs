//! Tables of what is repeated and what is left out.

use super::super::tests::mail;
use super::*;

#[test]
fn address_forms() {
    let table = [
        (Some("刘先生"), "刘先生"),
        (Some("欧阳女士"), "欧阳女士"),
        (Some("信息科-王工"), "王工"),
        (Some("张主任（信息中心）"), "张主任"),
        (Some("李雷"), "李雷"),
        (Some("Mr. Liu"), "Mr. Liu"),
        (Some("Li Lei"), "Li Lei"),
        (Some("\"Li Lei\""), "Li Lei"),
        (Some("liu@bank.example"), ""),
        (Some("12345"), ""),
        (Some("  "), ""),
        (Some("刘\r\nBcc: x"), "刘 Bcc: x"),
        (Some("名字{{x}}"), "名字"),
        (Some("钱处长"), "钱处长"),
        (Some("某某造船信息处"), ""),
        (Some("信息中心"), ""),
        (Some("系统管理员"), ""),
        (Some("李雷-某银行科技部"), "李雷"),
        (Some("某银行/李雷"), "李雷"),
        (Some("周"), ""),
        (Some("IT Helpdesk"), ""),
        (Some("Example Shipping Ltd."), ""),
        (Some("Emma O'Neil-Smith"), "Emma O'Neil-Smith"),
        (None, ""),
    ];
    for (name, wanted) in table {
        assert_eq!(address_form(name), wanted, "{name:?}");
    }
}

#[test]
fn problems_leave_greeting_courtesy_and_environment_out() {
    let table = [
        ("您好！\n\n更新失败。\n谢谢！", "更新失败。"),
        ("尊敬的工程师：\n您好\n更新失败\n此致\n敬礼", "更新失败"),
        ("王工，您好！更新失败\n第二行", "更新失败\n第二行"),
        ("刘工，\n更新失败", "更新失败"),
        ("刘工的电脑更新失败", "刘工的电脑更新失败"),
        ("Dear support team,\nthe update fails.\nThanks in advance!\nBest regards,", "the update fails."),
        ("更新失败\n系统版本：17763.1\nOS: Windows 10\n版本号17763.1安装失败", "更新失败\n版本号17763.1安装失败"),
        ("谢谢您的帮助，但是更新还是失败", "谢谢您的帮助，但是更新还是失败"),
        ("您好\n谢谢", "主题"),
        ("", "主题"),
    ];
    for (text, wanted) in table {
        assert_eq!(problem(&mail("", "主题", text)), wanted, "{text}");
    }
    for (name, text, wanted) in [
        ("李雷", "更新失败，怎么办？\n李雷\n某银行 信息科技部", "更新失败，怎么办？"),
        ("李先生", "更新失败\n李", "更新失败"),
        ("Tom Brown", "It fails.\nTom", "It fails."),
        ("Tom Brown", "It fails.\nTom tried again", "It fails.\nTom tried again"),
        ("李雷", "李雷\n更新失败", "李雷\n更新失败"),
        ("李雷", "更新失败\n李雷\n请问怎么办？", "更新失败\n李雷\n请问怎么办？"),
        ("李雷", "更新失败\n联系人：李雷 电话：010-5555 0100", "更新失败"),
        ("信息处", "更新失败\n联系人：李雷\n某某造船 信息管理处", "更新失败"),
        ("信息处", "更新失败\n影响信息管理处", "更新失败\n影响信息管理处"),
    ] {
        assert_eq!(problem(&mail(name, "主题", text)), wanted, "{text}");
    }
    let long = problem(&mail("", "", &"长".repeat(100_000)));
    assert_eq!(long.chars().count(), MAX_PROBLEM + 2);
}

#[test]
fn descriptions_leave_bare_lists_of_updates_out() {
    assert_eq!(description("失败\nkb4577668、KB 4579976\n完"), "失败\n完");
    assert_eq!(description("安装kb4577668失败"), "安装kb4577668失败");
    assert_eq!(description("kb4577668"), "kb4577668", "never nothing");
}

#[test]
fn headings_and_labels() {
    let q = |text: &str| Question { number: None, text: text.into(), at: 0 };
    let table = [
        ("可能的原因是什么", "可能的原因是什么？"),
        ("请提供方法", "请提供方法。"),
        ("请提供方法。", "请提供方法。"),
        ("行吗?", "行吗?"),
        ("能不能直接装；", "能不能直接装？"),
        ("您好，还需要做什么", "还需要做什么？"),
        ("Is it released", "Is it released?"),
        ("Please send the steps", "Please send the steps."),
        ("一行\n两行", "一行 两行。"),
    ];
    for (text, wanted) in table {
        assert_eq!(heading(&q(text), Language::Zh), wanted);
    }
    let labels = [
        (None, ""),
        (Some("1"), "1. "),
        (Some("一"), "一、"),
        (Some("十二"), "十二、"),
        (Some("Q1"), "Q1. "),
        (Some("②"), "② "),
        (Some(""), ""),
    ];
    labels.iter().for_each(|(n, wanted)| assert_eq!(label(*n), *wanted));
}

#[test]
fn numbers_as_written() {
    let table = [
        ("装kb4577668后", "kb4577668"),
        ("KB 4577668", "KB4577668"),
        ("4577668", "KB4577668"),
        ("kB45776681 kB4577668", "kB4577668"),
        ("", "KB4577668"),
    ];
    for (text, wanted) in table {
        assert_eq!(as_written("KB4577668", text), wanted, "{text}");
    }
    assert_eq!(as_written("", "kb"), "");
    assert_eq!(kb_numbers("装kb4577668、KB-4579976和KB4577668，KB12"), ["KB4577668", "KB4579976"]);
}
