//! The markup that each client really emits, to text and marks: `{q … }` a quote, `{s … }` a signature, `{f … }` a forwarded
//! mail, `{b … }` a banner.

use super::to_text;
use crate::mail::SegmentKind;

fn shown(html: &str) -> String {
    let plain = to_text(html);
    let mut out = String::new();
    let mut at = 0;
    for mark in &plain.marks {
        assert!(at <= mark.start && mark.start < mark.end && mark.end <= plain.text.len(), "{:?}", plain.marks);
        out.push_str(&plain.text[at..mark.start]);
        out.push_str(match mark.kind {
            SegmentKind::Quote => "{q ",
            SegmentKind::Signature => "{s ",
            SegmentKind::Forwarded => "{f ",
            _ => "{b ",
        });
        out.push_str(&plain.text[mark.start..mark.end]);
        out.push('}');
        at = mark.end;
    }
    out.push_str(&plain.text[at..]);
    out.trim_end().to_string()
}

fn check(cases: &[(&str, &str, &str)]) {
    let wrong: Vec<String> = cases
        .iter()
        .filter(|(_, html, want)| shown(html) != *want)
        .map(|(client, html, want)| format!("{client}\n got {:?}\nwant {want:?}", shown(html)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

const RULE: &str = super::writer::RULE;

#[test]
fn gmail() {
    check(&[
        (
            "top posting, signature",
            r#"<div dir="ltr">装好了，谢谢。<br clear="all"><div><br></div><span class="gmail_signature_prefix">-- </span><br><div dir="ltr" class="gmail_signature" data-smartmail="gmail_signature"><div dir="ltr">李雷<div>运维部</div></div></div></div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">技术支持 &lt;<a href="mailto:s@desk.example">s@desk.example</a>&gt; 于2024年6月3日周一 09:12写道：<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex">请安装补丁。</blockquote></div>"#,
            "装好了，谢谢。\n\n{s --\n李雷\n运维部}\n\n{q 技术支持 <s@desk.example> 于2024年6月3日周一 09:12写道：\n> 请安装补丁。}",
        ),
        (
            "bottom posting",
            r#"<div class="gmail_quote"><div class="gmail_attr">On Mon, Jun 3, 2024 at 9:12 AM S &lt;s@desk.example&gt; wrote:<br></div><blockquote class="gmail_quote">old</blockquote></div><div>new below</div>"#,
            "{q On Mon, Jun 3, 2024 at 9:12 AM S <s@desk.example> wrote:\n> old}\nnew below",
        ),
        (
            "interleaved inside the container",
            r#"<div class="gmail_quote"><div class="gmail_attr">S wrote:<br></div><blockquote class="gmail_quote">q1</blockquote><div>a1</div><blockquote class="gmail_quote">q2<blockquote>older</blockquote></blockquote><div>a2</div></div>"#,
            "{q S wrote:\n> q1}\na1\n{q > q2\n>> older}\na2",
        ),
        (
            "forward is left to the words",
            r#"<div dir="ltr">请看<br><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">---------- Forwarded message ---------<br>发件人： A &lt;a@b.example&gt;<br></div>正文</div></div>"#,
            "请看\n\n---------- Forwarded message ---------\n发件人： A <a@b.example>\n正文",
        ),
        (
            "old container with the answer inside",
            r#"<p dir="ltr">Yes.</p><div class="gmail_extra"><br><div class="gmail_quote">On Jan 3 S wrote:<br type="attribution"><blockquote class="gmail_quote">old</blockquote></div></div>"#,
            "Yes.\n\n\n{q On Jan 3 S wrote:\n> old}",
        ),
        (
            "indentation is no quotation",
            r#"<div>步骤：</div><blockquote style="margin:0 0 0 40px;border:none;padding:0px"><div>重启</div></blockquote>"#,
            "步骤：\n重启",
        ),
    ]);
}

#[test]
fn outlook() {
    let desktop = "还是不行。\n\n{q 发件人: 支持 <s@desk.example>\n发送时间: 2024年6月18日 16:40\n主题: 补丁\n\n旧文}";
    check(&[
        (
            "desktop zh: line above the header, to the end",
            r#"<div class=WordSection1><p class=MsoNormal>还是不行。<o:p></o:p></p><p class=MsoNormal><span lang=EN-US><o:p>&nbsp;</o:p></span></p><div><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'><p class=MsoNormal><b>发件人<span lang=EN-US>:</span></b><span lang=EN-US> </span>支持 &lt;s@desk.example&gt;<span lang=EN-US><br></span><b>发送时间<span lang=EN-US>:</span></b> 2024年6月18日 16:40<br><b>主题:</b> 补丁<o:p></o:p></p></div></div><p class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoNormal>旧文<o:p></o:p></p></div>"#,
            desktop,
        ),
        (
            "desktop, other order and case",
            r#"<P CLASS="MsoNormal">No.</P><DIV STYLE="PADDING: 3pt 0in; BORDER-TOP: #b5c4df 1pt solid; BORDER-LEFT: medium none"><P CLASS="MsoNormal"><B>Lähettäjä:</B> X<BR><B>Aihe:</B> y</P></DIV><P>old</P>"#,
            "No.\n{q Lähettäjä: X\nAihe: y\n\nold}",
        ),
        (
            "a line above a heading is not a quote",
            r#"<div style="border:none;border-top:solid windowtext 1.0pt"><p class=MsoNormal>Summary of the week</p></div><p class=MsoNormal>All is well.</p>"#,
            "Summary of the week\nAll is well.",
        ),
        (
            "web: empty marker, rule, header",
            r#"<div>好的</div><div id="appendonsend"></div><hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font face="Calibri, sans-serif"><b>发件人:</b> 支持<br><b>主题:</b> y</font><div>&nbsp;</div></div><div>旧</div>"#,
            &format!("好的\n{{q {RULE}\n发件人: 支持\n主题: y\n\n旧}}"),
        ),
        ("web: the marker alone means nothing", r#"<div>上文</div><div id="appendonsend"></div><div>下文</div>"#, "上文\n下文"),
        (
            "passed on: prefixed names",
            r#"<div>ok</div><hr id="x_stopSpelling">Date: Mon<br>From: a<br><br>old"#,
            &format!("ok\n{{q {RULE}\nDate: Mon\nFrom: a\n\nold}}"),
        ),
        ("Gmail's prefix", r#"<div>ok</div><div id="m_-88divRplyFwdMsg"><b>From:</b> a</div>old"#, "ok\n{q From: a\nold}"),
        (
            "a transfer encoding undone once too seldom",
            r#"<div>ok</div><div id=3D"divRplyFwdMsg" dir=3D"ltr"><b>From:</b> a</div>old"#,
            "ok\n{q From: a\nold}",
        ),
        (
            "telephone: signature and container",
            r#"<div dir="ltr">行</div><div id="ms-outlook-mobile-signature" dir="ltr"><div></div>获取<a href="https://aka.ms/o0ukef">适用于 iOS 的 Outlook</a></div><div id="mail-editor-reference-message-container" class="ms-outlook-mobile-reference-message"><hr style="display:inline-block; width:98%"><div id="divRplyFwdMsg" dir="ltr"><b>发件人:</b> 支持</div><div>旧</div></div>"#,
            &format!("行\n{{s 获取适用于 iOS 的 Outlook (https://aka.ms/o0ukef)}}\n{{q {RULE}\n发件人: 支持\n旧}}"),
        ),
        (
            "telephone: the answer typed into the signature",
            r#"<div><br></div><div id="ms-outlook-mobile-signature" dir="auto"><div><br></div><div dir="auto">Hi,</div><div dir="auto">Thank you so much for your inputs. The machine starts now and the update is there.</div></div>"#,
            "Hi,\nThank you so much for your inputs. The machine starts now and the update is there.",
        ),
        (
            "telephone: style of the line in parts",
            r#"<div>Danke!</div><div style="padding: 3pt 0in 0in; border-width: 1pt medium medium; border-style: solid none none;"><div class="ms-outlook-mobile-reference-message"><b>Von: </b>m@x.example<br><b>Betreff: </b>y</div></div><div>Alt</div>"#,
            "Danke!\n{q Von: m@x.example\nBetreff: y\nAlt}",
        ),
        (
            "Mac 2011",
            r#"<div>ok</div><span id="OLK_SRC_BODY_SECTION"><div style="text-align:left;border-top:#b5c4df 1pt solid"><span style="font-weight:bold">From: </span> a<br></div><div>old <span>x</span></div></span>"#,
            "ok\n{q From: a\nold x}",
        ),
        (
            "banner above the text",
            r#"<div class=WordSection1><div style="background-color:#FFEB9C; width:100%; border-style: solid;"><span style="color:#9C6500">CAUTION:</span> This email originated outside.</div><br><p class=MsoNormal>Approved.</p></div>"#,
            "{b CAUTION: This email originated outside.}\n\nApproved.",
        ),
    ]);
}

#[test]
fn chinese_clients() {
    check(&[
        (
            "QQ",
            r#"<div>还是不行</div><div><br></div><div><sign signid="1"><div style="color:#909090;font-family:Arial Narrow;font-size:12px">------------------</div><div style="font-size:14px;font-family:Verdana;color:#000;"><div>杨帆</div><div>技术部</div></div></sign></div><div>&nbsp;</div><div><includetail><div style="font-size: 12px;font-family: Arial Narrow;padding:2px 0 2px 0;">------------------&nbsp;原始邮件&nbsp;------------------</div><div style="font-size: 12px;background:#efefef;padding:8px;"><div><b>发件人:</b>&nbsp;"支持"&lt;s@desk.example&gt;;<wbr></div><div><b>主题:</b>&nbsp;补丁</div></div><div><br></div><div>请重启。</div></includetail></div>"#,
            "还是不行\n\n{s ------------------\n杨帆\n技术部}\n\n{q ------------------ 原始邮件 ------------------\n发件人: \"支持\"<s@desk.example>;\n主题: 补丁\n\n请重启。}",
        ),
        (
            "QQ English, the new box",
            r#"<div>ok</div><div id="original-content"><div style="font-size:70%;padding:2px 0;">------------------&nbsp;Original&nbsp;------------------</div><div style="font-size:70%;background:#f0f0f0"><div><b>From:</b> a</div></div><div>old</div></div><div>below</div>"#,
            "ok\n{q ------------------ Original ------------------\nFrom: a\nold}\nbelow",
        ),
        (
            "163",
            r#"<div style="line-height:1.7"><div>能否提供离线包？</div><br><br><div id="divNeteaseMailCard"></div><p style="margin: 0;"><br></p>在 2024-05-04 15:39:57，"支持" &lt;s@desk.example&gt; 写道：<br><blockquote id="isReplyContent" style="PADDING-LEFT: 1ex; MARGIN: 0px 0px 0px 0.8ex; BORDER-LEFT: #ccc 1px solid"><div>请用在线更新。</div></blockquote></div>"#,
            "能否提供离线包？\n\n\n\n{q 在 2024-05-04 15:39:57，\"支持\" <s@desk.example> 写道：\n> 请用在线更新。}",
        ),
        (
            "163 forward: the blockquote is the content",
            r#"<p style="margin:0;">要不要续费？</p><div id="divNeteaseMailCard"></div><p style="margin: 0;"><br></p>-------- 转发邮件信息 --------<br>发件人："域名" &lt;n@domain.example&gt;<br>主题：到期<br><blockquote id="isReplyContent" style="PADDING-LEFT: 1ex">请续费。</blockquote>"#,
            "要不要续费？\n\n-------- 转发邮件信息 --------\n发件人：\"域名\" <n@domain.example>\n主题：到期\n请续费。",
        ),
        (
            "163 signature and advertisement",
            r#"<div>收到</div><div><span id="spnEditorSign_app"><div>王工</div><div>信息科</div></span></div><span title="neteasefooter"><span id="netease_mail_footer">【网易自营】棉T恤</span></span>"#,
            "收到\n{s 王工\n信息科\n【网易自营】棉T恤}",
        ),
        (
            "网易邮箱大师",
            r#"<div>好了</div><div id="imail_signature" class="ntes-signature"><table><tr><td><div>王工</div><div>wang@163.example</div></td></tr></table></div><div class="J-reply ntes-mailmaster-quote" style="padding-top: 1px"><div style="margin-top: 2em">---- 回复的原邮件 ----</div><div style="background-color:#f0f0f0"><table><tbody><tr><td>发件人</td><td>支持&lt;s@desk.example&gt;</td></tr><tr><td>主题</td><td>补丁</td></tr></tbody></table></div><div>请重启</div></div>"#,
            "好了\n{s 王工\nwang@163.example}\n{q ---- 回复的原邮件 ----\n发件人 | 支持<s@desk.example>\n主题 | 补丁\n请重启}",
        ),
        (
            "Foxmail",
            r##"<div>问题解决了，同意结案。</div><div><br></div><hr style="width: 210px; height: 1px;" color="#b5c4df" size="1" align="left"><div><span><div style="MARGIN: 10px; FONT-FAMILY: verdana; FONT-SIZE: 10pt"><div>张三</div><div>信息部</div></div></span></div><blockquote style="margin-Top: 0px; margin-Bottom: 0px; margin-Left: 0.5em"><div>&nbsp;</div><div style="border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0cm 0cm 0cm"><div style="PADDING-RIGHT: 8px; FONT-SIZE: 12px; BACKGROUND: #efefef"><div><b>发件人：</b>&nbsp;<a href="mailto:s@desk.example">支持</a></div><div><b>主题：</b>&nbsp;补丁</div></div></div><div>请重启。</div></blockquote>"##,
            &format!("问题解决了，同意结案。\n\n{{s {RULE}\n张三\n信息部}}\n\n{{q 发件人： 支持\n主题： 补丁\n请重启。}}"),
        ),
        (
            "Foxmail, the answer typed inside the blockquote",
            r#"<div><span></span></div><blockquote style="margin-Top: 0px; margin-Bottom: 0px; margin-Left: 0.5em; margin-Right: inherit"><div>王工，</div><div>补丁没有问题。</div><div style="border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0cm 0cm 0cm"><div><b>From:</b>&nbsp;<a href="mailto:l@x.example">Li</a></div></div><div>old</div></blockquote>"#,
            "王工，\n补丁没有问题。\n{q From: Li\nold}",
        ),
        (
            "Coremail",
            r#"已重启，正常。<br><br><blockquote name="replyContent" class="ReferenceQuote" style="padding-left:5px;margin-left:5px;border-left:#b6b6b6 2px solid;margin-right:0;">-----原始邮件-----<br><b>发件人:</b><span id="rc_from">支持 &lt;s@desk.example&gt;</span><br><b>主题:</b><span>补丁</span><br><br>请重启</blockquote>"#,
            "已重启，正常。\n\n{q -----原始邮件-----\n发件人:支持 <s@desk.example>\n主题:补丁\n\n请重启}",
        ),
        (
            "阿里邮箱",
            r#"<div class="__aliyun_email_body_block"><div>收到。</div><div class="__aliyun_signature_wrap"><div>赵六</div></div><blockquote style="margin-right:0;margin-top:0;margin-bottom:0"><div class="alimail-quote"><div>------------------------------------------------------------------</div><div>发件人：支持&lt;s@desk.example&gt;</div><div>日　期：2024年06月03日</div><div>主　题：补丁</div><div>请重启</div></div></blockquote></div>"#,
            "收到。\n{s 赵六}\n{q ------------------------------------------------------------------\n发件人：支持<s@desk.example>\n日　期：2024年06月03日\n主　题：补丁\n请重启}",
        ),
        (
            "飞书",
            r#"<div id="editor_version_1.18.0_x"><div style="margin-top:4px"><div dir="auto">已升级</div></div></div><div class="history-quote-wrapper" id="lark-mail-quote-17"><div data-html-block="quote"><div class="adit-html-block adit-html-block--collapsed"><div><div class="adit-html-block__attr history-quote-meta-wrapper" id="lark-mail-meta-x"><div><span style="white-space:nowrap">发件人: </span><span>支持</span></div></div><div>请升级</div></div></div></div></div>"#,
            "已升级\n{q 发件人: 支持\n请升级}",
        ),
        (
            "139",
            r#"<div>好</div><div id='signContainer'></div><hr id='replySplit'/><div id='reply139content'><div>发件人：支持</div>旧</div>"#,
            &format!("好\n{{q {RULE}\n发件人：支持\n旧}}"),
        ),
        (
            "139, the newer one",
            r#"<div>好</div><br><div id="139_replyContainer"><div>----邮件原文----</div><div><b>发件人：</b>支持</div><br><div>旧</div></div>"#,
            "好\n\n{q ----邮件原文----\n发件人：支持\n\n旧}",
        ),
    ]);
}

#[test]
fn other_clients() {
    check(&[
        (
            "Apple Mail",
            r#"<html><body style="word-wrap: break-word;">Works now.<br><div><br><blockquote type="cite"><div>On 1 Jul 2024, at 10:00, S &lt;s@desk.example&gt; wrote:</div><br class="Apple-interchange-newline"><div>Try again.</div></blockquote></div><br></body></html>"#,
            "Works now.\n\n{q > On 1 Jul 2024, at 10:00, S <s@desk.example> wrote:\n>\n> Try again.}",
        ),
        (
            "iOS zh",
            r#"<html><body dir="auto">可以了<br><br><div dir="ltr" id="AppleMailSignature">发自我的 iPhone</div><div dir="ltr"><br><blockquote type="cite">在 2024年6月29日，下午5:45，支持 &lt;s@desk.example&gt; 写道：<br><br></blockquote></div><blockquote type="cite"><div dir="ltr">请重试</div></blockquote></body></html>"#,
            "可以了\n\n{s 发自我的 iPhone}\n\n{q > 在 2024年6月29日，下午5:45，支持 <s@desk.example> 写道：\n>\n> 请重试}",
        ),
        (
            "Apple forward: the content is the message",
            r#"<div>See below</div><div><br><div>Begin forwarded message:</div><br class="Apple-interchange-newline"><blockquote type="cite"><div><b>From: </b>A<br></div><div><b>Subject: </b>y</div><br><div>text</div></blockquote></div>"#,
            "See below\n\nBegin forwarded message:\n\nFrom: A\nSubject: y\n\ntext",
        ),
        (
            "Thunderbird",
            r#"<p>装好了</p><div class="moz-cite-prefix">在 2024/5/16 9:57, 支持 写道:<br></div><blockquote type="cite" cite="mid:x@y"><pre class="moz-quote-pre" wrap="">第一行
第二行</pre></blockquote><br><pre class="moz-signature" cols="72">-- 
李雷</pre>"#,
            "装好了\n\n{q 在 2024/5/16 9:57, 支持 写道:\n> 第一行\n> 第二行}\n\n{s --\n李雷}",
        ),
        (
            "Thunderbird forward",
            r#"<p>请看</p><div class="moz-forward-container"><br><br>-------- 转发的消息 --------<table class="moz-email-headers-table"><tbody><tr><th align="right">主题: </th><td>y</td></tr></tbody></table><br>正文</div>"#,
            "请看\n\n\n\n{f -------- 转发的消息 --------\n主题: | y\n\n正文}",
        ),
        (
            "Yahoo",
            r#"<div>Fine.</div><div class="ydp1f2signature"><br>Norm</div><div id="yahoo_quoted_3171" class="yahoo_quoted"><div style="font-family:'Helvetica Neue'"><div>On Monday, S wrote:</div><div><br></div><div>old<blockquote>older</blockquote>tail</div></div></div>"#,
            "Fine.\n\n{s Norm}\n{q On Monday, S wrote:\n\nold\n> older\ntail}",
        ),
        (
            "ProtonMail",
            r#"<div>Yes.</div><div class="protonmail_signature_block"><div class="protonmail_signature_block-user protonmail_signature_block-empty"></div><div class="protonmail_signature_block-proton">Sent with Proton Mail.</div></div><div class="protonmail_quote">On Monday S wrote:<br><br><blockquote class="protonmail_quote" type="cite">old</blockquote><br></div>"#,
            "Yes.\n{s Sent with Proton Mail.}\n{q On Monday S wrote:\n\n> old}",
        ),
        (
            "Zoho",
            r#"<div>Ok.</div><div data-zbluepencil-ignore="true" id="Zm-_Id_-Sgn"><div>Ann</div></div><div class="zmail_extra"><div id="Zm-_Id_-Sgn1">---- On Mon, S wrote ---</div><blockquote>old</blockquote></div>"#,
            "Ok.\n{s Ann}\n{q ---- On Mon, S wrote ---\n> old}",
        ),
        (
            "Yandex: signature below the quote",
            r#"<div>Счёт оплачен.</div><div> </div><div>07.09.2022, 10:20, "S" &lt;s@desk.example&gt;:</div><blockquote><p>Добрый день!</p></blockquote><div>-- </div><div>Ирина</div>"#,
            "Счёт оплачен.\n{q 07.09.2022, 10:20, \"S\" <s@desk.example>:\n\n> Добрый день!}\n\n--\nИрина",
        ),
        (
            "Zimbra",
            r#"<div>Oui.</div><hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__HEADERS__"><b>De: </b>"S"<br><b>Objet: </b>y<br></div><div data-marker="__QUOTED_TEXT__"><blockquote>vieux</blockquote></div>"#,
            &format!("Oui.\n{{q {RULE}\nDe: \"S\"\nObjet: y\n> vieux}}"),
        ),
        (
            "Roundcube",
            r#"<div>Ano.</div><p id="v1reply-intro">Dne 2024-01-02 11:00, S napsal:</p><blockquote type="cite" style="padding: 0 0.4em"><div id="v1replybody1">staré</div></blockquote><div id="_rc_sig">-- <br>Jan</div>"#,
            "Ano.\n\n{q Dne 2024-01-02 11:00, S napsal:\n\n> staré}\n{s --\nJan}",
        ),
        (
            "Samsung",
            r#"<div dir="auto">Bin da.</div><div id="composer_signature" dir="auto">Von meinem Galaxy gesendet</div><div><br></div><div align="left" dir="auto"><!-- originalMessage --><div>-------- Ursprüngliche Nachricht --------</div><div>Von: S</div></div><div>alt</div>"#,
            "Bin da.\n{s Von meinem Galaxy gesendet}\n\n{q -------- Ursprüngliche Nachricht --------\nVon: S\nalt}",
        ),
        (
            "Spark",
            r#"<div name="messageBodySection"><div dir="auto">Done.</div></div><div name="messageSignatureSection"><br/>Ani</div><div name="messageReplySection">On Sep 8, 2024, S wrote:<br/><blockquote type="cite">old</blockquote></div>"#,
            "Done.\n\n{s Ani}\n{q On Sep 8, 2024, S wrote:\n> old}",
        ),
        (
            "Superhuman",
            r#"<div><div>Sure.</div><div class="sh-signature"><div class="gmail_signature">Ann</div></div></div><br><div class="sh-quoted-content"><div><div class="gmail_quote">On Tue S wrote:<br/><blockquote class="gmail_quote">old</blockquote></div></div></div>"#,
            "Sure.\n{s Ann}\n\n{q On Tue S wrote:\n> old}",
        ),
        (
            "Front",
            r#"<div>Hola.<br><div class="front-signature">Cami</div></div><div class="front-blockquote-wrapper"><br>On October 8 s@desk.example wrote:<br><blockquote class="front-blockquote" type="cite"><div>viejo</div></blockquote></div>"#,
            "Hola.\n{s Cami}\n\n{q On October 8 s@desk.example wrote:\n> viejo}",
        ),
        (
            "GMX",
            r#"<div>Ja.<div class="signature">-- <br/>Max</div><div name="quote" style="margin:10px 5px 5px 10px; border-left:2px solid #C3D9E5;"><div><b>Gesendet:</b> Montag<br/><b>Von:</b> S</div><div name="quoted-content">alt</div></div></div>"#,
            "Ja.\n{s --\nMax}\n{q Gesendet: Montag\nVon: S\nalt}",
        ),
        (
            "Freshdesk, Tutanota, Airmail",
            r#"<div>ok</div><div class="freshdesk_quote"><blockquote class="freshdesk_quote">old</blockquote></div>"#,
            "ok\n{q > old}",
        ),
        (
            "an unclosed container ends with the mail, a closed one does not",
            r#"<div>a</div><div class='yahoo_quoted'><div>old<p>x</div></div><p>b</p><div class=yahoo_quoted>older"#,
            "a\n{q old\n\nx}\n\nb\n\n{q older}",
        ),
    ]);
}
