//! Lines that carry a quote mark at their start: `>` and, in runs, the marks of older clients (`|`, `:`, `}`, `JD>`).
//!
//! A run of `>` lines that is a pasted prompt (`>>> import x`, `> npm install`) is no quote.

/// A `>` line; a few clients put a blank before it.
pub fn is_marked(line: &str) -> bool {
    let bytes = line.as_bytes();
    let blanks = bytes.iter().take(4).take_while(|b| **b == b' ').count();
    match bytes.get(blanks) {
        Some(b'>') => blanks < 4 && !line[blanks..].starts_with(">>-") && !line[blanks..].starts_with(">="),
        // U+FF1E and entities left undecoded.
        Some(0xef) => line[blanks..].starts_with('＞'),
        Some(b'&') => line[blanks..].starts_with("&gt;"),
        _ => false,
    }
}

/// Depth of the marks and the text behind them.
pub fn unmark(line: &str) -> (usize, &str) {
    let (mut depth, mut rest) = (0, line);
    loop {
        let next = rest.trim_start_matches([' ', '\u{a0}']);
        let cut = next.strip_prefix('>').or_else(|| next.strip_prefix('＞')).or_else(|| next.strip_prefix("&gt;"));
        match cut {
            Some(after) => {
                depth += 1;
                rest = after;
            }
            None => return (depth, if depth == 0 { line } else { next }),
        }
    }
}

/// The line without its first mark and the blank behind it.
pub fn unmark_once(line: &str) -> &str {
    let rest = line.trim_start_matches(' ');
    let cut = rest.strip_prefix('>').or_else(|| rest.strip_prefix('＞')).or_else(|| rest.strip_prefix("&gt;"));
    cut.map_or(line, |after| after.strip_prefix(' ').unwrap_or(after))
}

/// Commands after which a lone `> ` is a prompt.
#[rustfmt::skip]
const COMMANDS: &[&str] = &[
    "npm", "pip", "git", "cd", "dir", "sfc", "dism", "net", "ping", "ipconfig", "sudo", "apt", "yum", "docker", "python", "node", "yarn", "curl", "wget", "systeminfo", "wmic", "powershell",
    "sc", "reg", "chkdsk", "import", "print", "from", "cargo", "make", "telnet", "netdom", "nltest", "dcdiag", "gpupdate", "winver", "certutil", "netsh", "bcdedit", "bcdboot", "tracert",
    "nslookup", "usoclient", "wuauclt", "select", "get-hotfix",
];

/// Whether the run of marked lines is a pasted session: every line of it begins with a command.
pub fn is_prompt(run: &[&str]) -> bool {
    run.iter().all(|line| {
        let (depth, rest) = unmark(line);
        if depth == 3 && line.starts_with(">>> ") && rest.contains(['(', '=', '.', '_']) && !rest.ends_with(['.', '?', '!']) {
            return true;
        }
        let word = rest.split([' ', '(']).next().unwrap_or("");
        let more = rest.len() > word.len();
        !word.is_empty()
            && more
            && rest.len() < 120
            && !rest.ends_with(['?', '？', '.', '。'])
            && COMMANDS.contains(&word.to_ascii_lowercase().as_str())
            && word.chars().all(|c| !c.is_ascii_uppercase() || rest.contains('/'))
    })
}

/// What readers leave where they cut a quote: `[snip]`, `[...]`.
pub fn is_snip(line: &str) -> bool {
    let word = line.trim().trim_matches(|c: char| !c.is_alphanumeric());
    let boxed = line.trim().starts_with(['[', '<', '(', '.', '…', '-']);
    boxed
        && line.len() < 40
        && (word.is_empty() && line.contains(['.', '…']) && line.trim().len() <= 8
            || ["snip", "snipped", "cut", "trimmed", "skip", "deleted", "略", "省略"].contains(&word.to_lowercase().as_str()))
}

/// Lines of a run of older quote marks at `at`: two lines or more with the same mark, or three without an attribution above.
pub fn old_marks<'a>(lines: &[&'a str], at: usize, attributed: bool, known: &mut &'a str) -> usize {
    let Some(mark) = lines.get(at).and_then(|l| old_mark(l)) else { return 0 };
    if !attributed && mark.len() == 1 {
        return 0;
    }
    let count = lines[at..].iter().take_while(|l| old_mark(l) == Some(mark)).count();
    let table = lines[at].trim_end().ends_with('|');
    let counts = (count >= 2 || mark.len() > 1 && *known == mark) && !table;
    if counts {
        *known = mark;
    }
    if counts { count } else { 0 }
}

/// `|`, `:`, `}`, `%`, `#` with a blank behind, or one to three letters and `>`.
fn old_mark(line: &str) -> Option<&str> {
    let indent = line.bytes().take(9).take_while(|b| *b == b' ').count();
    let line = line.get(indent..)?;
    let bytes = line.as_bytes();
    match bytes.first()? {
        b'|' | b':' | b'}' | b'%' | b'#' if bytes.len() == 1 || matches!(bytes[1], b' ' | b'\t' | b'|' | b'}') => Some(&line[..1]),
        b'A'..=b'Z' => {
            let letters = bytes.iter().take(12).take_while(|b| b.is_ascii_alphabetic()).count();
            let initials = &line[..letters];
            ((letters <= 3 || letters <= 10 && indent >= 2)
                && bytes.get(letters) == Some(&b'>')
                && !matches!(initials, "PS" | "SQL" | "C" | "D"))
            .then_some(initials)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks() {
        for (line, want) in [
            ("> a", true),
            (" > a", true),
            (">a", true),
            (">>> a", true),
            ("    > a", false),
            ("C:\\> dir", false),
            (">= 5", false),
            ("＞ 旧", true),
        ] {
            assert_eq!(is_marked(line), want, "{line}");
        }
        assert_eq!(unmark("> > >x"), (3, "x"));
        assert_eq!(unmark("x > y"), (0, "x > y"));
    }

    #[test]
    fn prompts() {
        for (run, want) in [
            (&["> npm install"][..], true),
            (&[">>> import os", ">>> print(os.name)"], true),
            (&["> Did you run sfc?"], false),
            (&["> net user", "> hello there"], false),
            (&["> get the log"], false),
        ] {
            assert_eq!(is_prompt(run), want, "{run:?}");
        }
    }

    #[test]
    fn initials() {
        let lines = ["JD> old one", "JD> old two", "new"];
        assert_eq!(old_marks(&lines, 0, false, &mut ""), 2);
        assert_eq!(old_marks(&["| a", "| b", "new"], 0, true, &mut ""), 2);
        assert_eq!(old_marks(&["| a | b |", "| c | d |"], 0, true, &mut ""), 0);
        assert_eq!(old_marks(&["| a", "| b", "new"], 0, false, &mut ""), 0);
    }
}
