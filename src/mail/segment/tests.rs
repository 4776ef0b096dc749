use super::*;

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
fn english_clients() {
    check(&[
        ("new\n\nOn Mon, Oct 12, 2020 at 1:00 PM X <a@b.example> wrote:\n> old\n", "new"),
        ("new\n\nOn Mon, Oct 12, 2020 at 1:00 PM Zhang San <\na@b.example> wrote:\n\n> old\n", "new"),
        ("new\n\nOn Mon, Oct 12, 2020 at 1:00 PM Zhang San\n<a@b.example>\nwrote:\n\n> old\n", "new"),
        ("new\n\nOn Mon, 12 Oct 2020, at 11:33 AM, X wrote:\n> old", "new"),
        ("new\n\nOn 12 Oct 2020, 11:33 +0200, X <a@b.example>, wrote:\n\nold unmarked\nmore", "new"),
        ("new\n\nOn Oct 12, 2020, at 11:33 AM, X <a@b.example> wrote:\n\n> old", "new"),
        ("new\n\nOn October 12, 2020 at 11:33:12 AM, X (a@b.example) wrote:\n\nold", "new"),
        ("new\n\nOn Mon, Oct 12, 2020 at 11:33\u{202f}AM X <a@b.example> wrote:\n> old", "new"),
        ("new\n\n*On Mon, Oct 12, 2020 at 11:33 AM X <a@b.example> wrote:*\n> old", "new"),
        ("new\n\nOn 10/12/2020 11:33 AM, John Doe wrote:\n> old", "new"),
        ("new\n\nJohn Doe <a@b.example> wrote:\n> old", "new"),
        ("new\n\nJohn Doe wrote on 10/12/2020 10:11:12 AM:\n\n> old", "new"),
        ("new\n\nJohn Doe wrote:\n> old", "new"),
        ("new\n\nQuoting John Doe <a@b.example>:\n\n> old", "new"),
        ("In article <abc@x.example> John Doe writes:\n> old\n\nnew", "new"),
        ("new\n\nIn a message dated 10/12/2020 10:11:12 A.M. Eastern Daylight Time, a@b.example writes:\n\nold text", "new"),
        (
            "new\n\n--- On Mon, 1/2/12, X <a@b.example> wrote:\n\nFrom: X <a@b.example>\nSubject: z\nTo: c@d.example\nDate: Monday, January 2, 2012, 1:00 PM\n\nold",
            "new",
        ),
        ("new\n\n---- On Mon, 12 Oct 2020 11:33:00 +0800 X <a@b.example> wrote ----\n\nold", "new"),
        (
            "new\n\n________________________________\nFrom: X <a@b.example>\nSent: Monday, October 12, 2020 11:33 AM\nTo: Y\nSubject: Re: z\n\nold",
            "new",
        ),
        (
            "new\n\n________________________________\n From: X <a@b.example>\nTo: Y <c@d.example> \nSent: Monday, January 2, 2012 1:00 PM\nSubject: z\n \n\nold",
            "new",
        ),
        ("new\n\n-----Original Message-----\nFrom: X [mailto:a@b.example] \nSent: Monday\nTo: Y\nSubject: z\n\nold", "new"),
        ("new\n\n-----Original Message-----From: X\nSent: Monday\n\nold", "new"),
        (
            "new\n\nSent from my BlackBerry® wireless device\n\n-----Original Message-----\nFrom: X <a@b.example>\nDate: Mon, 12 Oct 2020\nTo: <c@d.example>\nSubject: z\n\nold",
            "new",
        ),
        (
            "new\n\nSent from my Samsung Galaxy smartphone.\n\n-------- Original message --------\nFrom: X <a@b.example>\nDate: 10/12/20 11:33 AM (GMT+08:00)\nTo: Y\nSubject: z\n\nold",
            "new",
        ),
        ("new\n\n‐‐‐‐‐‐‐ Original Message ‐‐‐‐‐‐‐\nOn Monday, October 12th, 2020 at 11:33 AM, X <a@b.example> wrote:\n\n> old", "new"),
        ("new\n\n------- Original Message -------\nOn Monday, October 12th, 2020 at 11:33 AM, X <a@b.example> wrote:\n\n\n> old", "new"),
        (
            "new\n\n------ Original Message ------\nFrom \"X\" <a@b.example>\nTo \"Y\" <c@d.example>\nDate 10/12/2020 11:33:12 AM\nSubject Re: z\n\n>old",
            "new",
        ),
        ("new\n\nDate: Mon, 12 Oct 2020 10:11:12 +0800\nSubject: z\nFrom: a@b.example\nTo: c@d.example\n\nold", "new"),
        ("new\n\n> Date: Mon, 12 Oct 2020 10:11:12 +0800\n> From: a@b.example\n> To: c@d.example\n> Subject: z\n>\n> old", "new"),
        ("new\n\n*From:* X [mailto:a@b.example]\n*Sent:* Monday, October 12, 2020 11:33 AM\n*To:* Y\n*Subject:* z\n\nold", "new"),
        ("new\n\nFrom: X [mailto:a@b.example] Sent: Monday, October 12, 2020 11:33 AM To: Y Subject: z\n\nold", "new"),
        ("new\n\n##- Please type your reply above this line -##\n\nold request", "new"),
        ("new\n\n--- Reply above this line ---\n\nold", "new"),
        ("new\n\n----- Reply message -----\nFrom: \"X\" <a@b.example>\nDate: Mon, Oct 12, 2020\nSubject: z\n\nold", "new"),
        (
            "new\n\n\"John Doe\" <john@x.example>\n10/12/2020 10:11 AM\n\nTo\n\"Jane\" <jane@y.example>\ncc\n\nSubject\nRe: patch\n\nold",
            "new",
        ),
        ("new\n\nFrom:\tX/Dept/ACME\nTo:\tY/Dept/ACME\nDate:\t10/12/2020 10:11 AM\nSubject:\tz\n\n\nold", "new"),
        ("new\n\nOn Mon, Oct 12, 2020 at 11:33 AM X <a@b.example> wrote\n> old", "new"),
        ("new\n\nOn Mon, Oct 12, 2020 at 11:33 AM X <a@b.example> wrote: [1]\n\n> old", "new"),
        ("JD> old one\nJD> old two\n\nnew", "new"),
        ("new\n\nOct 12, 2020 11:33:12 AM X <a@b.example>:\n\n> old", "new"),
        ("new\n\nOn Mon, Oct 12, 2020 at 1:00 PM X <a@b.example> wrote:\n> old\n\nnew below", "new\n\nnew below"),
        ("On Mon, Oct 12, 2020 at 1:00 PM X <a@b.example> wrote:\n> old\n\nnew below", "new below"),
        ("> q1?\na1\n> q2?\na2", "a1\n\na2"),
        ("On 12 Oct 2020 10:11, X wrote:\n\nHi X, see below.\n\n> q1?\na1\n\n> q2?\na2", "Hi X, see below.\n\na1\n\na2"),
    ]);
}

/// What public collections of replies are known to hold, written down anew.
#[test]
fn old_acquaintances() {
    check(&[
        (
            "Hi,\nOn Tue, 2011-03-01 at 18:02 +0530, X Y wrote:\n> Hi folks\n> \n> What is the best way?\n\nYou can list the keys.\n\n> -X Y\n> \n> \n> ____\n> a mailing list\n",
            "Hi,\n\nYou can list the keys.",
        ),
        (
            "Hello folks\n\nWhat is the best way to clear it after\nrunning a test?\n\n-Xavier Yang\n\n\n_______________________________________________\nusers mailing list\nusers@lists.example\nhttp://lists.example/mailman/listinfo/users_lists.example",
            "Hello folks\n\nWhat is the best way to clear it after\nrunning a test?",
        ),
        (
            "Works for me.\n\nSent from a wonderful box of pixels\n\nOn Dec 16, 2011, at 12:47 PM, Corey D\n<reply@reply.example>\nwrote:\n\n> Was it the cache?",
            "Works for me.",
        ),
        (
            "test\n\n   - how about bullets\n   - and another\n\n\nOn Fri, Feb 24, 2012 at 10:19 AM, <x@y.example> wrote:\n\n> old",
            "test\n\n   - how about bullets\n   - and another",
        ),
        (
            "Outlook with a reply\n\n\n ------------------------------\n*From:* X Team [mailto:noreply@x.example]\n*Sent:* Thursday, February 09, 2012 1:36 PM\n*To:* j@y.example\n*Subject:* Updated!\n\n\nDear user,",
            "Outlook with a reply",
        ),
        (
            "Reply right above\n________________________________________\nFrom: Comments [c@x.example]\nSent: Friday, 23 March 2012 5:08 p.m.\nTo: John\nSubject: x\n\nold",
            "Reply right above",
        ),
        (
            "On your remote host you can run:\n\n    telnet 127.0.0.1 52698\n\nIt should connect.\n\nOn 9 Jan 2014, at 2:47, George P wrote:\n\n> old",
            "On your remote host you can run:\n\n    telnet 127.0.0.1 52698\n\nIt should connect.",
        ),
        (
            "One outstanding question I had:\n\nLocally (on development), when I run it, it fails.\n\nOn Oct 1, 2012, at 11:55 PM, Dave T wrote:\n\n> old",
            "One outstanding question I had:\n\nLocally (on development), when I run it, it fails.",
        ),
        ("Here is a fix -- this is not a signature.\n\nkthxbai", "Here is a fix -- this is not a signature.\n\nkthxbai"),
        (
            "Hello\n\nSent from my desk, is much easier then my mobile phone.",
            "Hello\n\nSent from my desk, is much easier then my mobile phone.",
        ),
        (
            "Test reply\n\nOn Nov 30, 2011, at 12:47 PM, Somebody <\n416ffd3258d4d2fa4c85cfa4c44e1721d66e3e8f4\n@example.com>wrote:\n\nTest message",
            "Test reply",
        ),
        ("On 04/19/2011 07:10 AM, Roman T wrote:\n\n>\n> Test.\nTest reply\n>\n>", "Test reply"),
        ("Test reply\n\n-----Original Message-----\n\nTest", "Test reply"),
        ("Reply text\n\n------On 12/29/1987 17:32 PM, Julius Caesar wrote-----\n\nold text", "Reply text"),
        ("Blah\n\nDate: Wed, 16 May 2012 00:15:02 -0600\nTo: k@x.example\n\nold", "Blah"),
        (
            "Hi\n\n  *From:* bob@x.example [mailto:\nbob@x.example]\n  *Sent:* Wednesday, June 27, 2012 3:05 PM\n  *To:* travis@x.example\n  *Subject:* Hello\n\nold",
            "Hi",
        ),
        (
            "FYI\n\n---------- Forwarded message ----------\nFrom: bob@x.example\nDate: Tue, Sep 4, 2012 at 1:35 PM\nSubject: Two\nline subject\nTo: rob@x.example\n\nText",
            "FYI\n\nText",
        ),
        (
            "Hello\n\n-- \n bob\nSent with Sparrow (http://www.sparrowmailapp.example/?sig)\n\n\nOn Wednesday, April 4, 2012 at 12:28 AM, b@x.example wrote:\n\n> Hi",
            "Hello",
        ),
        (
            "Hello\n----- Original Message ----- \nFrom: b@x.example \nTo: c@x.example \nSent: Monday, April 2, 2012 5:44:22 PM \nSubject: Test \n\nHi",
            "Hello",
        ),
        ("Hello\n\nOn 2012-10-16 at 17:02 , Someone <s@x.example> wrote:\n\n> Some quoted text", "Hello"),
        ("Hola\n\nEl 17/04/2014 00:43, Juan Perez escribió:\n> viejo", "Hola"),
        ("Cześć\n\nW dniu 28 stycznia 2015 01:53 użytkownik Jan Kowalski <j@x.example> napisał:\n\n> stare", "Cześć"),
        ("Hei\n\nDen 12. okt. 2020 kl. 11:33 skrev X Y <a@b.example>:\n> gammel", "Hei"),
        ("I agree\n\n2012/10/16 Someone <s@x.example>\n\n> old text", "I agree"),
        ("Reply\n\n11.04.2011 12:25, X Y <a@b.example>\n> old", "Reply"),
        ("Good\n\nX via Desk <a@b.example> wrote:\n\n> old\n", "Good"),
        ("Reply\n\n> On Oct 12, 2020, at 11:33 AM, X <a@b.example> wrote:\n> \n> old\n", "Reply"),
        ("This is fine.\n\n    On Monday, October 12, 2020, 11:33:12 AM EDT, X <a@b.example> wrote:  \n \n old text\n", "This is fine."),
        ("Yes\n\nX Y (Support) wrote on Oct 12, 10:11 AM:\n> old", "Yes"),
        (
            "Yes\n\nFrom: Desk Support <a@b.example>\nReply-To: c@d.example\nDate: Monday, October 12, 2020 at 11:33 AM\nTo: x@y.example\nSubject: Re: z\n\nold",
            "Yes",
        ),
        (
            "Yes\n\nGet Outlook for Android<https://aka.example/x>\n\n________________________________\nFrom: X <a@b.example>\nSent: Monday\nTo: Y\nSubject: z\n\nold",
            "Yes",
        ),
        (
            "Please write to me at x@y.example\nOn Mon, Oct 12, 2020 at 1:00 PM X <a@b.example> wrote:\n> old",
            "Please write to me at x@y.example",
        ),
        (
            "Yes, go on.\n\nSent from Yahoo Mail on Android \n \n  On Mon, Oct 12, 2020 at 11:33 AM, X<a@b.example> wrote:   old text here\nmore",
            "Yes, go on.",
        ),
    ]);
}

#[test]
fn chinese_clients() {
    check(&[
        ("好的\n\n------------------ 原始邮件 ------------------\n发件人: \"x\"<a@b.example>;\n主题: y\n\n旧", "好的"),
        (
            "好的\n\n------------------&nbsp;原始邮件&nbsp;------------------\n发件人: \"x\"<a@b.example>;\n发送时间: 2020年10月12日(星期一) 中午11:10\n收件人: \"y\"<c@d.example>;\n主题: z\n\n旧",
            "好的",
        ),
        ("已解决\n在 2023/5/16 9:57, w 写道:\n> 旧\n> 旧\n", "已解决"),
        ("请处理\n\n发自我的 iPhone\n\n在 2020年6月29日，下午5:45，J <a@b.example> 写道：\n\n> 旧", "请处理"),
        ("好的\n\n在2020年10月12日 11:33，张三<a@b.example> 写道：\n旧正文没有前缀\n第二行", "好的"),
        ("收到\n\n张三 <a@b.example> 于2020年10月12日周一 下午11:33写道：\n\n> 旧", "收到"),
        ("收到\n\n張三 <a@b.example> 於 2020年10月12日 週一 下午11:33寫道：\n\n> 舊", "收到"),
        (
            "收到\n\n-----原始邮件-----\n发件人:\"N\" <a@b.example>\n发送时间:2021-03-11 19:05:03 (星期四)\n收件人: x@y.example\n抄送: \n主题: z\n\n旧",
            "收到",
        ),
        ("收到\n\n---- 回复的原邮件 ----\n发件人 X<a@b.example>\n日期 2023年5月4日 15:39\n收件人 Y\n主题 z\n旧", "收到"),
        (
            "收到\n\n| |\n张三\n|\n|\n邮箱：a@b.example\n|\n\n---- 回复的原邮件 ----\n| 发件人 | X |\n| 日期 | 2023 |\n| 主题 | z |\n旧",
            "收到",
        ),
        ("收到\n\n发件人： 张三\n发送时间： 2020-10-12 11:33\n收件人： 李四\n主题： 补丁\n旧", "收到"),
        ("收到\n\n发件人：张三 <a@b.example>\n日　期：2020年10月12日 11:33\n收件人：李四\n主　题：补丁\n\n旧", "收到"),
        (
            "收到\n\n------------------------------------------------------------------\n发件人：张三 <a@b.example>\n日　期：2020年10月12日 11:33\n收件人：李四\n主　题：补丁\n\n旧",
            "收到",
        ),
        ("收到\n\n寄件者: 張三\n寄件日期: 2020年10月12日 上午 11:33\n收件者: 李四\n主旨: 補丁\n\n舊", "收到"),
        ("收到\n\n发件人：张三 发送时间：2020年10月12日 10:11 收件人：李四 主题：补丁\n旧", "收到"),
        ("收到\n\n--------------\n张三\n> 旧", "收到"),
        ("收到\n\n-------- 原始邮件 --------\n发件人： 张三 <a@b.example>\n日期： 2020/10/12 11:33\n收件人： y\n主题： z\n\n旧", "收到"),
        ("收到\n\n---原始邮件---\n发件人: \"x\"<a@b.example>\n发送时间: 2020年10月12日\n\n旧", "收到"),
        ("收到\n\n2020年10月12日 下午11:33，“张三” <a@b.example>写道：\n\n> 旧", "收到"),
        ("收到\n\nAt 2023-04-29 01:06:03, \"x\" <a@b.example> wrote:\n>旧", "收到"),
        ("收到\n\n在2025年12月26日星期五 UTC+8 13:31:25<name> 写道：\n旧", "收到"),
        ("收到\n\n-- 请在此行上方回复 --\n旧", "收到"),
        (
            "收到\n\n该邮件从移动设备发送\n\n--------------原始邮件--------------\n发件人：\"x <a@b.example>\n发送时间：2020年10月12日\n\n旧",
            "收到\n\n该邮件从移动设备发送",
        ),
        ("收到，谢谢\n\n张三\n某某银行信息科技部\n电话：021-55550100\n\n发件人: X\n发送时间: 2020\n主题: z\n\n旧", "收到，谢谢"),
    ]);
}

#[test]
fn other_languages() {
    check(&[
        ("neu\n\nAm 12.10.2020 um 11:33 schrieb John Doe:\n> alt", "neu"),
        ("neu\n\nAm Mo., 12. Okt. 2020 um 11:33 Uhr schrieb X <a@b.example>:\n\n> alt", "neu"),
        ("neu\n\nX <a@b.example> schrieb am Mo., 12. Okt. 2020, 11:33:\n\n> alt", "neu"),
        ("neu\n\nVon: X <a@b.example>\nGesendet: Montag, 12. Oktober 2020 11:33\nAn: Y\nBetreff: AW: z\n\nalt", "neu"),
        ("neu\n\nGesendet: Montag, 12. Oktober 2020 um 11:33 Uhr\nVon: \"X\" <a@b.example>\nAn: y@z.example\nBetreff: z\n\nalt", "neu"),
        ("neu\n\n-----Ursprüngliche Nachricht-----\nVon: X\nGesendet: Montag\n\nalt", "neu"),
        ("neu\n\nZitat von X <a@b.example>:\n\n> alt", "neu"),
        ("nouveau\n\nLe lun. 12 oct. 2020 à 11:33, X <a@b.example> a écrit\u{a0}:\n\n> vieux", "nouveau"),
        ("nouveau\n\nDe\u{a0}: X <a@b.example>\nEnvoyé\u{a0}: lundi 12 octobre 2020 11:33\nÀ\u{a0}: Y\nObjet\u{a0}: z\n\nvieux", "nouveau"),
        ("nouveau\n\n-----Message d'origine-----\nDe : X\nEnvoyé : lundi\n\nvieux", "nouveau"),
        ("nuevo\n\nEl lun., 12 oct. 2020 a las 11:33, X (<a@b.example>) escribió:\n\n> viejo", "nuevo"),
        ("nuevo\n\nDe: X <a@b.example>\nEnviado: lunes, 12 de octubre de 2020\nPara: Y\nAsunto: z\n\nviejo", "nuevo"),
        ("nuovo\n\nIl giorno lun 12 ott 2020 alle ore 11:33 X <a@b.example> ha scritto:\n\n> vecchio", "nuovo"),
        ("nuovo\n\nDa: X\nInviato: lunedì 12 ottobre 2020\nA: Y\nOggetto: z\n\nvecchio", "nuovo"),
        ("nieuw\n\nOp ma 12 okt. 2020 om 11:33 schreef X <a@b.example>:\n\n> oud", "nieuw"),
        ("nieuw\n\nVan: X\nVerzonden: maandag 12 oktober 2020\nAan: Y\nOnderwerp: z\n\noud", "nieuw"),
        ("novo\n\nEm seg., 12 de out. de 2020 às 11:33, X <a@b.example> escreveu:\n\n> velho", "novo"),
        ("nowe\n\nW dniu 12.10.2020 o 11:33, X pisze:\n> stare", "nowe"),
        ("nowe\n\npon., 12 paź 2020 o 11:33 X <a@b.example> napisał(a):\n\n> stare", "nowe"),
        ("новое\n\nпн, 12 окт. 2020 г. в 11:33, X <a@b.example>:\n\n> старое", "новое"),
        ("новое\n\n12.10.2020 11:33, X пишет:\n> старое", "новое"),
        ("новое\n\nПонедельник, 12 октября 2020, 11:33 +03:00 от X <a@b.example>:\n\nстарое", "новое"),
        ("nytt\n\nDen mån 12 okt. 2020 kl 11:33 skrev X <a@b.example>:\n\n> gammalt", "nytt"),
        ("nyt\n\nFra: X <a@b.example>\nSendt: 12. oktober 2020\nTil: Y\nEmne: z\n\ngammelt", "nyt"),
        ("uusi\n\nma 12. lokak. 2020 klo 11.33 X (a@b.example) kirjoitti:\n\n> vanha", "uusi"),
        ("新しい\n\n2020年10月12日(月) 11:33 X <a@b.example>:\n\n> 古い", "新しい"),
        ("新しい\n\n2020/10/12 11:33、X <a@b.example>のメール:\n\n> 古い", "新しい"),
        ("新しい\n\n差出人: X <a@b.example>\n送信日時: 2020年10月12日 11:33\n宛先: Y\n件名: z\n\n古い", "新しい"),
        ("새 글\n\n2020년 10월 12일 (월) 오후 11:33, X <a@b.example>님이 작성:\n\n> 옛 글", "새 글"),
        ("mới\n\nVào Th 2, 12 thg 10, 2020 vào lúc 11:33 X <a@b.example> đã viết:\n\n> cũ", "mới"),
        ("yeni\n\nX <a@b.example>, 12 Eki 2020 Pzt, 11:33 tarihinde şunu yazdı:\n\n> eski", "yeni"),
        ("nové\n\npo 12. 10. 2020 v 11:33 odesílatel X <a@b.example> napsal:\n\n> staré", "nové"),
        ("új\n\nX <a@b.example> ezt írta (időpont: 2020. okt. 12., H, 11:33):\n\n> régi", "új"),
    ]);
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
