//! What clients emit, by language.

use super::*;

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
