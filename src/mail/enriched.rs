//! text/enriched (RFC 1896) and its ancestor text/richtext (RFC 1341 §7.1.3): the markup goes, the text stays.

/// Plain text of a text/enriched body; `richtext`: the older form, where `<nl>` breaks lines and `<lt>` is a bracket.
pub fn to_text(text: &str, richtext: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut hidden = 0usize;
    while let Some(at) = rest.find('<') {
        push(&mut out, &rest[..at], richtext, hidden);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix("<<") {
            push(&mut out, "<", true, hidden);
            rest = after;
            continue;
        }
        let Some(end) = super::header::floor(rest, 80).find('>') else {
            push(&mut out, "<", true, hidden);
            rest = &rest[1..];
            continue;
        };
        match rest[1..end].to_ascii_lowercase().as_str() {
            "param" | "comment" => hidden += 1,
            "/param" | "/comment" => hidden = hidden.saturating_sub(1),
            "nl" | "np" | "/paragraph" => out.push('\n'),
            "lt" if richtext => out.push('<'),
            _ => {}
        }
        rest = &rest[end + 1..];
    }
    push(&mut out, rest, richtext, hidden);
    out
}

/// Text between commands: in text/enriched one line break is a blank, n are n − 1 (RFC 1896 §3).
fn push(out: &mut String, text: &str, is_literal: bool, hidden: usize) {
    if hidden > 0 {
        return;
    }
    if is_literal {
        return out.push_str(text);
    }
    let mut breaks = 0usize;
    for c in text.chars() {
        if c == '\n' {
            breaks += 1;
            continue;
        }
        end_breaks(out, &mut breaks);
        out.push(c);
    }
    end_breaks(out, &mut breaks);
}

fn end_breaks(out: &mut String, breaks: &mut usize) {
    match *breaks {
        0 => {}
        1 => out.push(' '),
        n => out.extend(std::iter::repeat_n('\n', n - 1)),
    }
    *breaks = 0;
}

#[cfg(test)]
mod tests {
    #[test]
    fn markup_goes() {
        for (text, richtext, want) in [
            ("<bold>Now</bold> is\nthe time\n\nfor all", false, "Now is the time\nfor all"),
            ("<color><param>red</param>x</color> 1 << 2", false, "x 1 < 2"),
            ("<bold>a</bold><nl>b <lt> c", true, "a\nb < c"),
            ("a < b", false, "a < b"),
        ] {
            assert_eq!(super::to_text(text, richtext), want, "{text}");
        }
    }
}
