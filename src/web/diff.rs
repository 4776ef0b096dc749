//! What differs between the saved text and the text in the form: line by line, for the conflict page. Pure and bounded.

use crate::diff::{self, Mark};
use serde::Serialize;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Line {
    /// `saved`: only in the saved text; `typed`: only in the form; `same`: in both, shown for context.
    pub mark: &'static str,
    pub text: String,
}

/// Differing lines with one line of context; empty when the texts agree.
pub(super) fn lines(saved: &str, typed: &str) -> Vec<Line> {
    let (a, b): (Vec<&str>, Vec<&str>) = (saved.lines().collect(), typed.lines().collect());
    let steps = diff::align(&a, &b);
    let differs = |(mark, _): &(Mark, &str)| *mark != Mark::Same;
    let (Some(first), Some(last)) = (steps.iter().position(differs), steps.iter().rposition(differs)) else { return Vec::new() };
    let shown = &steps[first.saturating_sub(1)..steps.len().min(last + 2)];
    shown.iter().map(|(mark, text)| Line { mark: word(*mark), text: text.to_string() }).collect()
}

fn word(mark: Mark) -> &'static str {
    match mark {
        Mark::Same => "same",
        Mark::Removed => "saved",
        Mark::Added => "typed",
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
