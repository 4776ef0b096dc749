//! Builds of Windows: `17763.1397`, `10.0.17763.1397`, `OS 内部版本 17763.1397`; and branches without a revision (`Build 19044`), which tell a product.
//!
//! A branch that Windows has is believed anywhere, another number only where the words before call it a version: else `12000.50` is money. Not the
//! version of the DISM tool, which says nothing of the device; not addresses of the network or packages (`17763.1457.1.7`).

use super::line_before;
use std::ops::Range;

/// Branches and what they are; the plain Windows where several share one.
const BRANCHES: &[(u32, &str)] = &[
    (10240, "Windows 10 1507"),
    (10586, "Windows 10 1511"),
    (14393, "Windows 10 1607"),
    (15063, "Windows 10 1703"),
    (16299, "Windows 10 1709"),
    (17134, "Windows 10 1803"),
    (17763, "Windows 10 1809"),
    (18362, "Windows 10 1903"),
    (18363, "Windows 10 1909"),
    (19041, "Windows 10 2004"),
    (19042, "Windows 10 20H2"),
    (19043, "Windows 10 21H1"),
    (19044, "Windows 10 21H2"),
    (19045, "Windows 10 22H2"),
    (20348, "Windows Server 2022"),
    (22000, "Windows 11 21H2"),
    (22621, "Windows 11 22H2"),
    (22631, "Windows 11 23H2"),
    (25398, "Windows Server 23H2"),
    (26100, "Windows 11 24H2"),
    (26200, "Windows 11 25H2"),
    (28000, "Windows 11 26H1"),
];

/// Branches of the Windows before 10, four digits.
const OLD: &[&str] = &["7600", "7601", "9200", "9600"];

/// Collects the builds of one text.
#[derive(Default)]
pub struct Reader {
    pub found: Vec<String>,
    /// Branches named without a revision.
    pub branches: Vec<u32>,
}

impl Reader {
    /// One word of letters and digits.
    pub fn see(&mut self, text: &str, word: Range<usize>) {
        let bytes = text.as_bytes();
        if !matches!(word.len(), 4 | 5) || !bytes[word.clone()].iter().all(u8::is_ascii_digit) || self.found.len() > 1000 {
            return;
        }
        let branch = &text[word.clone()];
        if word.len() == 4 && !OLD.contains(&branch) || word.len() == 5 && !matches!(bytes[word.start], b'1' | b'2') {
            return;
        }
        let before = &text[..word.start];
        let revision = revision(text, word.end, before);
        match revision {
            Some(end) => self.full(before, branch, &text[word.end + 1..end]),
            None if word.len() == 5 && !continues(bytes, word.end) && is_called_build(before) => {
                let number = branch.parse().unwrap_or(0);
                if BRANCHES.iter().any(|(known, _)| *known == number) && self.branches.len() < 20 {
                    self.branches.push(number);
                }
            }
            None => {}
        }
    }

    fn full(&mut self, before: &str, branch: &str, revision: &str) {
        let versions = ["10.0.", "6.1.", "6.2.", "6.3."];
        let is_inside = before.ends_with('.') && !versions.iter().any(|v| before.ends_with(v));
        let is_old = branch.len() == 4 && !versions.iter().any(|v| before.ends_with(v)) && !is_called(before);
        let known = branch.parse::<u32>().is_ok_and(|n| BRANCHES.iter().any(|(b, _)| *b == n));
        let is_named = known || branch.len() == 4 || before.ends_with("10.0.") || is_called(before);
        if is_inside || is_old || !is_named || revision.len() > 1 && revision.starts_with('0') || is_tool(before, revision) {
            return;
        }
        self.found.push(format!("{branch}.{revision}"));
    }
}

/// Where the revision ends: `.1397`, and nothing more behind it; in an address of the support pages `-1397` after `build-17763`.
fn revision(text: &str, at: usize, before: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let is_address = bytes.get(at) == Some(&b'-') && (before.ends_with("build-") || before.ends_with("版本-") || before.ends_with("AC-"));
    if bytes.get(at) != Some(&b'.') && !is_address {
        return None;
    }
    let count = bytes[at + 1..].iter().take(6).take_while(|b| b.is_ascii_digit()).count();
    let end = at + 1 + count;
    ((1..=5).contains(&count) && !continues(bytes, end)).then_some(end)
}

/// A letter, a digit or `.5` follows.
fn continues(bytes: &[u8], at: usize) -> bool {
    let next = |n: usize| bytes.get(at + n).copied().unwrap_or(b' ');
    next(0).is_ascii_alphanumeric() || next(0) == b'.' && next(1).is_ascii_digit()
}

fn is_called(before: &str) -> bool {
    let near = line_before(before, before.len(), 24).to_lowercase();
    ["版本", "build", "version", "内部", "winver"].iter().any(|word| near.contains(word))
}

/// `Build 19044`, `内部版本 17763`, `10.0.17763`: directly before a branch without a revision.
fn is_called_build(before: &str) -> bool {
    let head = before.trim_end_matches([' ', ':', '：', '(', '（', '号', '为', '是']);
    let end = head[head.floor_char_boundary(head.len().saturating_sub(12))..].to_ascii_lowercase();
    ["10.0.", "版本", "build"].iter().any(|word| end.ends_with(word))
}

/// `10.0.17763.1` below the name of the DISM tool.
fn is_tool(before: &str, revision: &str) -> bool {
    revision == "1" && {
        let near = &before[before.floor_char_boundary(before.len().saturating_sub(90))..];
        near.contains("anagement tool") || near.contains("管理工具")
    }
}

/// The product of a branch that is named without a revision, unless a build or a product of the mail says more.
pub fn add_products(branches: &[u32], builds: &[String], products: &mut Vec<String>) {
    let is_windows =
        |name: &String| name.starts_with("Windows") || name.starts_with('V') || name.starts_with("神州") || name.ends_with("H2");
    for branch in branches {
        let has_build = builds.iter().any(|b| b.strip_prefix(&branch.to_string()).is_some_and(|rest| rest.starts_with('.')));
        if has_build || products.iter().any(is_windows) {
            continue;
        }
        products.extend(BRANCHES.iter().find(|(known, _)| known == branch).map(|(_, name)| name.to_string()));
    }
}
