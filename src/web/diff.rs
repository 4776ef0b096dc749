//! What differs between the saved text and the text in the form: line by line, for the conflict page. Pure and bounded.

use serde::Serialize;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Line {
    /// `saved`: only in the saved text; `typed`: only in the form; `same`: in both, shown for context.
    pub mark: &'static str,
    pub text: String,
}

/// Beyond this many lines the middle is not aligned, but shown whole: saved, then typed.
const ALIGNED: usize = 400;

/// Differing lines with one line of context; empty when the texts agree.
pub(super) fn lines(saved: &str, typed: &str) -> Vec<Line> {
    let (a, b): (Vec<&str>, Vec<&str>) = (saved.lines().collect(), typed.lines().collect());
    let head = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let tail = a[head..].iter().rev().zip(b[head..].iter().rev()).take_while(|(x, y)| x == y).count();
    let (middle_a, middle_b) = (&a[head..a.len() - tail], &b[head..b.len() - tail]);
    if middle_a.is_empty() && middle_b.is_empty() {
        return Vec::new();
    }
    let mut out = Vec::new();
    if head > 0 {
        push(&mut out, "same", a[head - 1]);
    }
    if middle_a.len() > ALIGNED || middle_b.len() > ALIGNED {
        middle_a.iter().for_each(|line| push(&mut out, "saved", line));
        middle_b.iter().for_each(|line| push(&mut out, "typed", line));
    } else {
        align(middle_a, middle_b, &mut out);
    }
    if tail > 0 {
        push(&mut out, "same", a[a.len() - tail]);
    }
    out
}

fn push(out: &mut Vec<Line>, mark: &'static str, text: &str) {
    out.push(Line { mark, text: text.to_string() });
}

/// Longest common subsequence; `common[i][j]` = length for `a[i..]`, `b[j..]`.
fn align(a: &[&str], b: &[&str], out: &mut Vec<Line>) {
    let width = b.len() + 1;
    let mut common = vec![0u16; (a.len() + 1) * width];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            common[i * width + j] =
                if a[i] == b[j] { common[(i + 1) * width + j + 1] + 1 } else { common[(i + 1) * width + j].max(common[i * width + j + 1]) };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        if i < a.len() && j < b.len() && a[i] == b[j] {
            push(out, "same", a[i]);
            (i, j) = (i + 1, j + 1);
        } else if j == b.len() || (i < a.len() && common[(i + 1) * width + j] >= common[i * width + j + 1]) {
            push(out, "saved", a[i]);
            i += 1;
        } else {
            push(out, "typed", b[j]);
            j += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn short(saved: &str, typed: &str) -> String {
        lines(saved, typed).iter().map(|line| format!("{}{} ", &line.mark[..2], line.text)).collect()
    }

    #[test]
    fn differences() {
        for (saved, typed, expected) in [
            ("a\nb", "a\nb", ""),
            ("a\nb\nc", "a\nX\nc", "saa sab tyX sac "),
            ("您好\n一\n二", "您好\n一\n三\n二", "sa一 ty三 sa二 "),
            ("", "a", "tya "),
            ("a", "", "saa "),
            ("a\nb\nc\nd", "x\nb\nc\ny", "saa tyx sab sac sad tyy "),
        ] {
            assert_eq!(short(saved, typed), expected, "{saved:?} {typed:?}");
        }
    }

    #[test]
    fn long_texts_are_not_aligned() {
        let a: String = (0..5000).map(|n| format!("a{n}\n")).collect();
        let b: String = (0..5000).map(|n| format!("b{n}\n")).collect();
        assert_eq!(lines(&a, &b).len(), 10_000);
    }
}
