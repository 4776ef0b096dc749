//! Markup to text and marks: what every reader of mail must get right, and hostile input.

use super::*;

#[test]
fn markup() {
    for (html, want) in [
        ("<p>你好</p><p>补丁&nbsp;回滚</p>", "你好\n\n补丁 回滚"),
        ("<p class=MsoNormal>a<o:p></o:p></p><p class=\"MsoNormal\">b</p>", "a\nb"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<div>a</div><div><br></div><div>b</div>", "a\n\nb"),
        ("<head><title>t</title><style>p{}</style></head><body>x</body>", "x"),
        ("<style>a<b</style>x<script>1<2</script>y", "xy"),
        ("<div style='display: none'>no<div>no</div></div>yes", "yes"),
        ("<div style='display:none'>never closed", "never closed"),
        ("<ul><li>a</li><li>b</li></ul><ol><li>c<li>d</ol>", "- a\n- b\n1. c\n2. d"),
        ("<table><tr><td>A</td><td>B</td></tr><tr><td>1</td><td>2</td></tr></table>", "A | B\n1 | 2"),
        ("<a href='https://x.example/a'>看这里</a>", "看这里 (https://x.example/a)"),
        ("<a href='https://x.example/'>x.example</a> <a href='mailto:a@b'>a@b</a>", "x.example a@b"),
        ("新<blockquote>旧1<br>旧2<blockquote>更旧</blockquote></blockquote>又", "新\n> 旧1\n> 旧2\n>> 更旧\n又"),
        ("a &lt;b&gt; &#20320; &amp;amp;", "a <b> 你 &amp;"),
        ("<!-- x > y --><!--[if mso]><p>z</p><![endif]-->q", "q"),
        ("1 < 2 and <", "1 < 2 and <"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("<a title='x > y' href=q>t</a>", "t"),
        ("", ""),
    ] {
        assert_eq!(to_text(html).text, want, "{html}");
    }
}

#[test]
fn lines() {
    check(&[
        ("<div>a</div>\n  <div>b <b>c</b>\n d</div>", "a\nb c d"),
        ("<p>a<br></p><p>b</p>", "a\n\nb"),
        ("<p>a</p><p>&nbsp;</p><p>&nbsp;</p><p>b</p>", "a\n\nb"),
        ("<p class=MsoNormal>a</p><p class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoNormal>b</p>", "a\n\nb"),
        ("<p class=x_MsoNormal>a</p><p class=x_MsoNormal>b</p>", "a\nb"),
        ("<p style='margin:0px'>a</p><p style='margin-top:0;margin-bottom:0'>b</p>", "a\nb"),
        ("<style>P {margin-top:0;margin-bottom:0;}</style><p>a</p><p>b</p>", "a\nb"),
        ("<h1>a</h1>b<h2>c</h2>", "a\n\nb\n\nc"),
        ("<br><br><div><br></div>a", "a"),
        ("a<br><br><br>b", "a\n\n\nb"),
        ("<div><div><div>a</div></div></div><div><div>b</div></div>", "a\nb"),
        ("a<hr>b", "a\n________________________________\nb"),
        ("<span>安</span><span>装</span> <font>KB</font><b>1</b>", "安装 KB1"),
        ("补丁\n回滚 和\nKB1\n失败", "补丁回滚 和 KB1 失败"),
        ("a<br>&nbsp;&nbsp;两格&nbsp; &nbsp;后", "a\n  两格 后"),
        ("a&#8203;b&shy;c\u{feff}d\u{200e}", "abcd"),
        ("<pre>a\n  b &lt;c&gt;\n\n</pre>d", "a\n  b <c>\n\nd"),
        ("<div style='white-space: pre-wrap'>a\n b</div>", "a\n b"),
        ("他说<q>好</q>，10<sup>6</sup> 1<sup>st</sup> H<sub>2</sub>O", "他说“好”，10^6 1st H2O"),
        ("<dl><dt>a<dd>b<dt>c<dd>d</dl>", "a\nb\nc\nd"),
        ("A<BR>B<P CLASS=MSONORMAL>C</P>", "A\nB\n\nC"),
        ("<![CDATA[a < b]]> c", "a < b c"),
        ("<meta charset=gb2312>中文", "中文"),
        ("写给 <li@bank.example>", "写给 <li@bank.example>"),
    ]);
}

#[test]
fn lists() {
    check(&[
        ("<ol start=3 type=a><li>x<li>y</ol>", "c. x\nd. y"),
        ("<ol><li><p>x</p></li><li><p>y</p><p>z</p></li></ol>", "1. x\n2. y\nz"),
        ("<ul><li>a<ul><li>b</li></ul></li><li value=9>c</li></ul>", "- a\n  - b\n- c"),
        ("<ol><li value=5>a</li><li>b</li></ol>", "5. a\n6. b"),
        ("<ul style='list-style-type:none'><li>a</li></ul>", "a"),
        ("x<ul><li><div>a</div></li></ul>y", "x\n- a\ny"),
        (
            "<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span style='font-family:Symbol'><span style='mso-list:Ignore'>·<span style='font:7.0pt \"Times New Roman\"'>&nbsp;&nbsp;&nbsp;&nbsp; </span></span></span><![endif]>甲</p>",
            "· 甲",
        ),
        (
            "<p class=MsoListParagraph><!--[if !supportLists]--><span style='font-family:Wingdings'><span style='mso-list:Ignore'>Ø<span style='font:7.0pt \"Times New Roman\"'>&nbsp; </span></span></span><!--[endif]-->乙</p>",
            "· 乙",
        ),
        (
            "<p class=MsoListParagraph><span style='mso-list:Ignore'>1.<span style='font:7.0pt \"Times New Roman\"'>&nbsp;&nbsp; </span></span>丙</p>",
            "1. 丙",
        ),
    ]);
}

#[test]
fn tables() {
    check(&[
        ("<table><tr><td><p>A</p></td><td><p>B</p></td></tr></table>c", "A | B\nc"),
        ("<table><tr><td>A</td><td></td><td>C</td></tr></table>", "A | | C"),
        ("<table><tr><td>A<td width=10><td>C</table>", "A | C"),
        ("<table><tr><td>A<br>B</td><td>C</td></tr></table>", "A\nB\nC"),
        ("<table><tr><td>A</td><td>B<br>C</td></tr><tr><td>D</td></tr></table>", "A | B\nC\nD"),
        ("<table><tr><td><table><tr><td>x</td></tr><tr><td>y</td></tr></table></td></tr></table>z", "x\ny\nz"),
        ("<table><tbody><tr><td>&nbsp;</td><td>x</td></tr></tbody></table>", "x"),
        ("<table><tr><td><div>a</div></div></td><td>b</td></tr></table>", "a | b"),
        ("<blockquote><table><tr><td>a</td><td>b</td></tr></table></blockquote>", "> a | b"),
    ]);
}

#[test]
fn links_and_images() {
    check(&[
        ("<a href='https://x.example/?a=1&amp;b=2'>这里</a>", "这里 (https://x.example/?a=1&b=2)"),
        ("<a href='http://www.x.example/'>x.example</a>", "x.example"),
        ("<a href='https://x.example/a'><img src=y></a>", ""),
        ("<a href='javascript:x'>a</a> <a name=b>c</a>", "a c"),
        ("<td><a href=HTTP://x.example/a>b</a>", "b (HTTP://x.example/a)"),
        ("好<img alt='😊' data-emoji='😊'><img alt=logo><img alt='😊' width=1 height=1>", "好😊"),
    ]);
}

#[test]
fn hidden_text() {
    check(&[
        ("<div style='max-height:0;overflow:hidden'>pre</div>a", "a"),
        ("<p style='display:none'>x<p>a", "a"),
        ("<div><span style='display:none'>x</div>a", "a"),
        ("<table><tr style='display:none'><td>x<tr><td>a</table>", "a"),
        ("<span hidden>x</span>a", "a"),
        ("<span style='color:#fff;background:#ffffff'>x</span>a", "a"),
        ("<svg><text>x</text></svg><template>y</template><noscript>z</noscript>a", "a"),
        ("<!--[if mso]><table><tr><td>x<![endif]--><!--[if !mso]><!-->a<!--<![endif]-->", "a"),
        ("<![if !mso]>a<![endif]>", "a"),
        ("<xml><o:x>1</o:x></xml>a", "a"),
        ("<td style='font-size:0'><span style='font-size:14px'>a</span></td>", "a"),
        ("<a style='mso-hide:all'>a</a><span style='mso-hide:all'>b</span>", "a"),
        ("<head><title>t</title><meta name=x>stray</head><p>a", "a"),
        ("a<!-- open<br>b", "a open\nb"),
        ("<p>a<div style='display:none'>rest of the mail", "a\nrest of the mail"),
    ]);
}

fn check(cases: &[(&str, &str)]) {
    let got = |html: &str| to_text(html).text.trim_end().to_string();
    let wrong: Vec<String> = cases
        .iter()
        .filter(|(html, want)| got(html) != *want)
        .map(|(html, want)| format!("{html}\n got {:?}\nwant {want:?}", got(html)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn outlook_containers_start_the_quote() {
    let plain = to_text("<div>好的</div><div id=\"appendonsend\"></div><hr><div id=\"divRplyFwdMsg\">发件人: a</div>");
    assert_eq!(plain.text, "好的\n________________________________\n发件人: a");
    assert_eq!(plain.marks.first().map(|m| m.start), Some("好的\n".len()));
}

#[test]
fn hostile_markup_is_linear() {
    let deep = |open: &str, n: usize| open.repeat(n);
    for html in [
        deep("<!--", 300_000),
        deep("<div>", 300_000),
        deep("<table><tr><td>", 100_000),
        deep("<blockquote>x", 100_000),
        deep("<blockquote>x</blockquote>y", 60_000),
        deep("<div class=gmail_quote>", 50_000),
        deep("<a \"", 200_000) + ">",
        deep("<a b='", 200_000) + ">",
        deep("<p title=\"a>", 100_000) + "'>",
        deep("<", 1_000_000),
        deep("<", 1_000_000) + ">",
        deep("<style", 100_000) + ">",
        deep("<style>", 100_000),
        deep("<title>", 100_000),
        deep("<![CDATA[", 100_000) + ">",
        deep("<div style='display:none'>", 100_000) + "x",
        deep("<div style='border-top:solid #e1e1e1'>", 50_000),
        deep("&", 1_000_000),
        deep("&nbsp;", 200_000),
        deep("<br>", 300_000),
        deep("<li>", 200_000),
        deep("<ol><li>", 100_000),
        deep("<td>x", 200_000),
        deep("<sup>1", 200_000),
        deep("</div>", 300_000),
        deep("<div>", 100_000) + &deep("</p></span></td>", 100_000),
        deep("<div>", 30_000) + &deep("<td></div>", 100_000),
        format!("<p {}>", deep("a=b ", 300_000)),
        format!("<p style='{}'>x", deep("a:b;", 300_000)),
        deep("<span id=x></span>", 100_000),
        deep("<sign>", 100_000),
        deep("字\n", 300_000),
    ] {
        let plain = to_text(&html);
        assert!(plain.text.len() <= html.len() * 8 + 100, "{}", &html[..20]);
        let mut end = 0;
        for mark in &plain.marks {
            assert!(end <= mark.start && mark.start < mark.end && plain.text.get(mark.start..mark.end).is_some());
            end = mark.end;
        }
    }
}
