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
