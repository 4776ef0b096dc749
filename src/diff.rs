//! Two texts compared, piece by piece: lines for a person who reads what changed, sentences for a report that counts changes.
//!
//! Pure and bounded: what is equal at both ends is set aside first; a middle that is longer than `ALIGNED` pieces is not aligned but
//! removed and added as a whole, so that two long strangers cost no more than their length.

/// What became of a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    Same,
    Removed,
    Added,
}

/// A middle with more pieces than this is not aligned.
const ALIGNED: usize = 400;
/// Unchanged lines shown around a change.
const AROUND: usize = 2;

/// Every piece of both texts, in order; of a changed place the removed ones come first.
pub fn align<'a>(before: &[&'a str], after: &[&'a str]) -> Vec<(Mark, &'a str)> {
    let head = before.iter().zip(after).take_while(|(a, b)| a == b).count();
    let tail = before[head..].iter().rev().zip(after[head..].iter().rev()).take_while(|(a, b)| a == b).count();
    let (a, b) = (&before[head..before.len() - tail], &after[head..after.len() - tail]);
    let same = |pieces: &[&'a str]| pieces.iter().map(|piece| (Mark::Same, *piece)).collect::<Vec<_>>();
    let mut out = same(&before[..head]);
    if a.len() > ALIGNED || b.len() > ALIGNED {
        out.extend(a.iter().map(|piece| (Mark::Removed, *piece)));
        out.extend(b.iter().map(|piece| (Mark::Added, *piece)));
    } else {
        middle(a, b, &mut out);
    }
    out.extend(same(&before[before.len() - tail..]));
    out
}

/// Longest common subsequence; `common[i * width + j]` is its length for `a[i..]` and `b[j..]`.
fn middle<'a>(a: &[&'a str], b: &[&'a str], out: &mut Vec<(Mark, &'a str)>) {
    let width = b.len() + 1;
    let mut common = vec![0u16; (a.len() + 1) * width];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            let best = common[(i + 1) * width + j].max(common[i * width + j + 1]);
            common[i * width + j] = if a[i] == b[j] { common[(i + 1) * width + j + 1] + 1 } else { best };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        if i < a.len() && j < b.len() && a[i] == b[j] {
            out.push((Mark::Same, a[i]));
            (i, j) = (i + 1, j + 1);
        } else if j == b.len() || (i < a.len() && common[(i + 1) * width + j] >= common[i * width + j + 1]) {
            out.push((Mark::Removed, a[i]));
            i += 1;
        } else {
            out.push((Mark::Added, b[j]));
            j += 1;
        }
    }
}

/// A unified diff without file names: `@@ -12,3 +12,4 @@`, then lines with a space, `-` or `+` before them. At most `most` lines, and then
/// one that says how many were left out. Empty when the texts agree.
pub fn unified(before: &str, after: &str, most: usize) -> Vec<String> {
    let (a, b): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let steps = align(&a, &b);
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(first) = (at..steps.len()).find(|n| steps[*n].0 != Mark::Same) {
        let start = first.saturating_sub(AROUND).max(at);
        let end = hunk_end(&steps, first);
        out.push(head(&steps, start, end));
        out.extend(steps[start..end].iter().map(|(mark, line)| format!("{}{line}", sign(*mark))));
        at = end;
    }
    if out.len() > most {
        let left = out.len() - most;
        out.truncate(most);
        out.push(format!("… {left} more lines"));
    }
    out
}

/// Where the unchanged lines after a change are more than the context of two changes.
fn hunk_end(steps: &[(Mark, &str)], first: usize) -> usize {
    let mut last = first;
    for (n, (mark, _)) in steps.iter().enumerate().skip(first) {
        if *mark != Mark::Same {
            last = n;
        } else if n - last > 2 * AROUND {
            break;
        }
    }
    steps.len().min(last + 1 + AROUND)
}

fn head(steps: &[(Mark, &str)], start: usize, end: usize) -> String {
    let count = |steps: &[(Mark, &str)], but: Mark| steps.iter().filter(|(mark, _)| *mark != but).count();
    let part = |but: Mark| {
        let (before, lines) = (count(&steps[..start], but), count(&steps[start..end], but));
        format!("{},{lines}", before + usize::from(lines > 0))
    };
    format!("@@ -{} +{} @@", part(Mark::Added), part(Mark::Removed))
}

fn sign(mark: Mark) -> char {
    match mark {
        Mark::Same => ' ',
        Mark::Removed => '-',
        Mark::Added => '+',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_aligned() {
        for (before, after, expected) in [
            ("a b", "a b", " a b"),
            ("a b c", "a X c", " a-b+X c"),
            ("", "a", "+a"),
            ("a", "", "-a"),
            ("a b c d", "x b c y", "-a+x b c-d+y"),
            ("a b a b", "b a", "-a b a-b"),
        ] {
            let (a, b): (Vec<&str>, Vec<&str>) = (before.split_whitespace().collect(), after.split_whitespace().collect());
            let shown: String = align(&a, &b).iter().map(|(mark, piece)| format!("{}{piece}", sign(*mark))).collect();
            assert_eq!(shown, expected, "{before:?} {after:?}");
        }
    }

    #[test]
    fn a_unified_diff_as_patch_reads_it() {
        let before = "您好\n1\n2\n3\n4\n5\n6\n7\n8\n结束\n";
        let after = "您好\n一\n2\n3\n4\n5\n6\n7\n8\n结束\n再见\n";
        let expected = "@@ -1,4 +1,4 @@\n 您好\n-1\n+一\n 2\n 3\n@@ -9,2 +9,3 @@\n 8\n 结束\n+再见";
        assert_eq!(unified(before, after, 100).join("\n"), expected);
        assert_eq!(unified("a\n", "a\n", 100), Vec::<String>::new());
        assert_eq!(unified("", "a\n", 100), ["@@ -0,0 +1,1 @@", "+a"]);
        assert_eq!(unified("a\nb\nc\nd\ne\n", "A\nb\nc\nd\nE\n", 100)[0], "@@ -1,5 +1,5 @@", "near changes share their context");
        assert_eq!(unified(before, after, 3), ["@@ -1,4 +1,4 @@", " 您好", "-1", "… 7 more lines"]);
    }

    #[test]
    fn strangers_are_not_aligned() {
        let lines = |mark: char| (0..5000).map(|n| format!("{mark}{n}\n")).collect::<String>();
        assert_eq!(unified(&lines('a'), &lines('b'), 20_000).len(), 10_001);
    }
}
