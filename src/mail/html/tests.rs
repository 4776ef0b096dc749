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
    for html in ["<!--".repeat(100_000), "<div>".repeat(100_000), "<a \"".repeat(50_000), "<".repeat(300_000), "<style".repeat(50_000)] {
        let _ = to_text(&html);
    }
}

#[test]
#[ignore = "measures"]
fn speed() {
    for times in [1, 12_288] {
        let mut mails: Vec<String> = Vec::new();
        for entry in std::fs::read_dir("/tmp/hx/only").expect("dir") {
            let path = entry.expect("entry").path();
            if path.extension().is_some_and(|e| e == "html") {
                let html = std::fs::read_to_string(path).expect("file");
                mails.push(html.repeat(times / html.len() + 1));
            }
        }
        let bytes: usize = mails.iter().map(String::len).sum();
        let mut best = f64::MAX;
        for _ in 0..60 {
            let at = std::time::Instant::now();
            for mail in &mails {
                std::hint::black_box(to_text(mail));
            }
            best = best.min(at.elapsed().as_secs_f64() / bytes as f64);
        }
        println!("{:.1} us for 12 kB, {:.0} MB/s", best * 12_288.0 * 1e6, 1e-6 / best);
    }
}
