//! Classes of replies that were read wrongly once, each with relatives of other clients and languages, and with what looks
//! alike and must stay.

use super::{reply_text, segments_from};
use crate::mail::Address;

fn reply(name: &str, text: &str) -> String {
    let from = Address { name: Some(name.into()), address: "someone@corp.example".into() };
    reply_text(&segments_from(text, &[], false, Some(&from)))
}

#[test]
fn names_of_the_sender() {
    for (name, text, want) in [
        ("金部长", "同意。\n\n\n金", "同意。"),
        ("李明", "可以。\n\n明", "可以。"),
        ("是明", "要重启吗？\n\n是", "要重启吗？\n\n是"),
        ("Kern, Holger", "Erledigt.\n\ni.V. Kern", "Erledigt."),
        ("Eva Klein", "Erledigt.\n\nDr. E. Klein", "Erledigt."),
        ("Hans", "Bitte um Rückruf.\n\ni.A. Hans Meier\nMuster GmbH & Co. KG", "Bitte um Rückruf."),
        ("Emi Kato", "正常です。\n\n加藤", "正常です。"),
        ("Emi Kato", "正常です。\n\n以上", "正常です。\n\n以上"),
        ("Ron", "+1, ship it.\n\n-r", "+1, ship it."),
        ("Ron", "Ship it.\n\nHave a good weekend,\nRon", "Ship it.\n\nHave a good weekend,"),
        ("Karl", "Geht nicht.\n\nlg Karl", "Geht nicht."),
        ("Ben Hall", "Works.\n\nBen Hall\nTitle: Engineer\nPhone: +1 555 123 4567\nEmail: b@x.example", "Works."),
        ("Martin Kehoe", "Found it.\n\nMartin K.\n---\nFour of three people fail.", "Found it."),
        ("Rick", "Notes:\n\nSetup\n-----\nplain\n\nResult\n------\nfails", "Notes:\n\nSetup\n-----\nplain\n\nResult\n------\nfails"),
    ] {
        assert_eq!(reply(name, text), want, "{text}");
    }
}

#[test]
fn lists_of_data_are_content() {
    for text in [
        "开票信息：\n名称：某某公司\n税号：9137X\n地址：青岛市一路 1 号\n电话：0532-8000 0000",
        "Billing data:\nName: Ben Hall\nVAT: DE123\nStreet: 1 Main Street\nPhone: +1 555 123 4567\nEmail: b@x.example",
        "Daten:\nFirma: Muster GmbH\nUSt: DE123\nTelefon: +49 30 123456\nE-Mail: x@y.example",
        "收货信息：\n收货人：沈杰\n电话：13900000000\n地址：杭州市一路 1 号",
        "规则如下：\n发件人：统一写公司邮箱\n发送时间：每月 5 日之前\n主题：月报\n\n其他不变。",
        "Rules:\nFrom: always the team mailbox.\nSent: every Friday, before noon\nSubject: report\n\nFine?",
        "请问退款到哪里了？\n  1、支付宝没收到；\n  2、银行卡也没收到。",
    ] {
        assert_eq!(reply("Someone", text), text);
    }
}

#[test]
fn heads_of_old_clients() {
    for (text, want) in [
        ("No.\n\n>>> Desk <d@x.example> 4/1/2009 4:55 PM >>>\nIs it open?", "No."),
        ("No.\n\n>>> On 4/1/2009 at  4:55 PM, Desk <d@x.example> wrote:\n> Is it open?", "No."),
        ("It is:\n>>> import os\n>>> os.name()\nok", "It is:\n>>> import os\n>>> os.name()\nok"),
        ("Fine.\n\nAt 09:22 AM 8/14/2003 -0500, you wrote:\n>fine?", "Fine."),
        ("Thus spake Desk (d@x.example):\n\n> Fine?\n\nYes.", "Yes."),
        ("Yes.\n\n<d@x.example> wrote in message news:47@news.x.example...\n> Fine?", "Yes."),
        ("No.\n\nOn\n Wed, Aug 14, 2013 at 9:22 AM, A <a@b.example> wrote:\n\n> well?", "No."),
        ("No.\n\nOn Wed, Aug 14, 2013 at 9:22 AM, A <\na@b.example\n> wrote:\n\n> well?", "No."),
        ("In a message dated 8/14/2013 9:22:10 A.M. Daylight Time,\nd@x.example writes:\n\nSend it.\n\n\n\nIt is 4711.", "It is 4711."),
        ("> 90% of our bugs come from it.\n(yes, more)", "(yes, more)"),
        ("In short:\n\n> 90% of our bugs come from it.\n(yes, more)", "In short:\n\n> 90% of our bugs come from it.\n(yes, more)"),
        (
            "Log:\n2019-08-14 09:22:10 a@b.example logged in\n2019-08-14 09:22:11 failed",
            "Log:\n2019-08-14 09:22:10 a@b.example logged in\n2019-08-14 09:22:11 failed",
        ),
    ] {
        assert_eq!(reply("Someone", text), want, "{text}");
    }
}

#[test]
fn what_machines_add() {
    for (text, want) in [
        ("Fine. Sent from my iPad", "Fine."),
        ("好的，谢谢！发自我的iPhone", "好的，谢谢！"),
        ("How do I drop the line \"Sent from my iPhone\" here?", "How do I drop the line \"Sent from my iPhone\" here?"),
        ("No sound.\n\navast! Antivirus: Outbound message clean.\nTested on: 23.07.2008", "No sound."),
        ("Geht.\n\n---\nDiese E-Mail ist frei von Viren, denn der Schutz ist aktiv.\nhttp://www.x.example", "Geht."),
        ("Norton Antivirus blocks it.\nWhat now?", "Norton Antivirus blocks it.\nWhat now?"),
        ("Cancel it.\n\n{#HS:123456789-4711#}", "Cancel it."),
        ("Siehe unten:\n[cid:image001.png@01D9]\nBitte prüfen.", "Siehe unten:\nBitte prüfen."),
        ("[image: Inline image 1]", "[image: Inline image 1]"),
        ("【警告】此邮件来自外部邮箱。如需举报请转发至 a@b.example。\n\n金额有误。", "金额有误。"),
    ] {
        assert_eq!(reply("Someone", text), want, "{text}");
    }
}
