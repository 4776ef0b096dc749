//! What is wrong with a configuration: a list, so that one start tells everything.

use std::fmt;

/// One thing wrong. `file` as given on the command line, or `environment`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub file: String,
    /// 1-based; None in the environment and for whole files.
    pub line: Option<usize>,
    /// `mailbox[0].port`, the name of a variable, or empty.
    pub key: String,
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if !self.key.is_empty() {
            write!(f, ": {}", self.key)?;
        }
        write!(f, ": {}", self.message)
    }
}

/// All of them, one a line, in the order of the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, problem) in self.0.iter().enumerate() {
            let end = if n == 0 { "" } else { "\n" };
            write!(f, "{end}{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

/// The known word that an unknown one was probably meant to be: at most a third of its letters differ.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (word.chars().count() / 3).max(1);
    known.into_iter().map(|k| (distance(word, k), k)).filter(|(d, _)| *d <= limit).min().map(|(_, k)| k)
}

/// Edits in characters, a swap of neighbours counted as one; words are short, so is the work (both cut at 64).
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().take(64).collect(), b.chars().take(64).collect());
    let mut rows = vec![(0..=b.len()).collect::<Vec<usize>>()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let step = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = step.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_known_word() {
        let known = ["listen", "base_url", "allow_http", "port"];
        assert_eq!(nearest("lisen", known), Some("listen"));
        assert_eq!(nearest("baseurl", known), Some("base_url"));
        assert_eq!(nearest("prot", known), Some("port"), "a swap is one slip");
        assert_eq!(nearest("part_", known), None, "two slips in five letters are another word");
        assert_eq!(nearest("colour", known), None);
        assert_eq!(nearest("端口", known), None);
    }

    #[test]
    fn problems_name_file_line_and_key() {
        let problem = |file: &str, line, key: &str| Problem { file: file.into(), line, key: key.into(), message: "no".into() };
        let all =
            Problems(vec![problem("a.toml", Some(3), "web.listen"), problem("environment", None, "CASEMATE_X"), problem("b", None, "")]);
        assert_eq!(all.to_string(), "a.toml:3: web.listen: no\nenvironment: CASEMATE_X: no\nb: no");
    }
}
