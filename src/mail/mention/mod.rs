//! Facts named in text: KB numbers, error codes, builds, products. Spelling as customers write them, result canonical.
//!
//! Seen in practice: `kb 4577668`, `KB-4577668`, `补丁4577668`, `800f0922`, `-2146498270`, full-width digits, and no blank
//! between a Chinese word and the number, so word boundaries here are ASCII ones. Products are data (`config/data/products.csv`).

use super::Mentions;
use super::subject::narrow;
use regex::Regex;
use std::collections::HashSet;
use std::sync::LazyLock;

fn regex(text: &str) -> Regex {
    Regex::new(text).expect("constant")
}

/// Numbers after `KB`, after 补丁 and its like, or before them; the last two, and what follows the first, may be lists (`4577668、4579976补丁`).
static KB: LazyLock<Regex> = LazyLock::new(|| {
    let list = r"[45]\d{6}(?:[ \t]{0,2}[、,，/;；和及与& ][ \t]{0,2}[45]\d{6}(?-u:\b))*";
    regex(&format!(
        r"(?i)(?:kb[\s\-_:：/]{{0,2}}(\d{{6,7}}(?:[ \t]{{0,2}}[、,，/;；和及与& ][ \t]{{0,2}}[45]\d{{6}}(?-u:\b))*)|(?:补丁|更新|修补程序|update)(?:编号|号|包)?\s{{0,2}}[:：(（]?\s{{0,2}}({list})|({list})\s{{0,2}}(?:号|这个|这些|的|等|两个|几个)?\s?(?:补丁|更新))",
    ))
});
static ERROR: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)(?:(0x)([0-9a-f]{3,8})|((?:80|c0|c1)[0-9a-f]{6})|(-214\d{7}))"));
static BUILD: LazyLock<Regex> = LazyLock::new(|| regex(r"([12]\d{4})\.(\d{1,5})"));
/// Windows branches known to the shipped KB catalogue (`17763`).
static BRANCHES: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let data = include_str!("../../../config/data/kb.csv");
    data.lines().skip(1).filter_map(|line| line.split(',').nth(3)?.split_once('.').map(|(branch, _)| branch)).collect()
});
/// Name and anchored pattern of each product; the file's order is the order of preference.
static PRODUCTS: LazyLock<Vec<(&'static str, Regex)>> = LazyLock::new(|| {
    let anchored = |pattern: &str| Regex::new(&format!("(?i)^(?:{pattern})$")).ok();
    product_rows().filter_map(|(name, pattern)| Some((name, anchored(pattern)?))).collect()
});
/// All products in one pattern, so that a text is read once.
static ANY_PRODUCT: LazyLock<Regex> = LazyLock::new(|| {
    let patterns: Vec<&str> = product_rows().map(|(_, pattern)| pattern).collect();
    regex(&format!("(?i)(?:{})", patterns.join(")|(?:")))
});

fn product_rows() -> impl Iterator<Item = (&'static str, &'static str)> {
    include_str!("../../../config/data/products.csv").lines().skip(1).filter_map(|line| line.split_once(','))
}

/// Facts of the given texts, in order.
pub fn mentions(texts: &[&str]) -> Mentions {
    let mut found = Mentions::default();
    for text in texts {
        let text = narrow(text);
        if text.bytes().any(|b| b.is_ascii_digit()) {
            add(&mut found.kb, kbs(&text));
            add(&mut found.error_codes, error_codes(&text));
            add(&mut found.builds, builds(&text));
        }
        add(&mut found.products, products(&text));
    }
    found
}

/// Whether a line names a KB, an error code or a build: then it is content, not the name line of a signature.
pub fn names_fact(line: &str) -> bool {
    line.bytes().any(|b| b.is_ascii_digit()) && {
        let line = narrow(line);
        !kbs(&line).is_empty() || !error_codes(&line).is_empty() || !builds(&line).is_empty()
    }
}

fn add(list: &mut Vec<String>, found: Vec<String>) {
    for item in found {
        if list.len() < 200 && !list.contains(&item) {
            list.push(item);
        }
    }
}

/// Whether the match stands free of ASCII letters and digits (and of a further number around a dot).
fn is_free(text: &str, start: usize, end: usize) -> bool {
    let bytes = text.as_bytes();
    let word = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphanumeric);
    let before = start.checked_sub(1).and_then(|n| bytes.get(n));
    !word(before) && !word(bytes.get(end))
}

fn kbs(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut last = None;
    for hit in KB.captures_iter(text).take(1000) {
        let (Some(whole), Some(numbers)) = (hit.get(0), hit.get(1).or(hit.get(2)).or(hit.get(3))) else { continue };
        let start = if hit.get(1).is_some() { whole.start() } else { numbers.start() };
        // `kb4577668kb4579976`: another KB may touch.
        let starts = last == Some(start) || !text.as_bytes()[..start].last().is_some_and(u8::is_ascii_alphanumeric);
        let ends = text.as_bytes().get(numbers.end()).is_none_or(|b| !b.is_ascii_alphanumeric())
            || text.as_bytes()[numbers.end()..].get(..2).is_some_and(|next| next.eq_ignore_ascii_case(b"kb"));
        last = Some(numbers.end());
        if starts && ends {
            out.extend(numbers.as_str().split(|c: char| !c.is_ascii_digit()).filter(|n| !n.is_empty()).map(|n| format!("KB{n}")));
        }
    }
    out
}

fn error_codes(text: &str) -> Vec<String> {
    let hits = ERROR.captures_iter(text).take(1000).filter_map(|hit| {
        let whole = hit.get(0)?;
        if !is_free(text, whole.start(), whole.end()) {
            return None;
        }
        if let Some(digits) = hit.get(2) {
            return Some(format!("0x{:0>8}", digits.as_str().to_ascii_uppercase()));
        }
        if let Some(bare) = hit.get(3) {
            let is_hex = bare.as_str().starts_with('8') && bare.as_str().bytes().any(|b| b.is_ascii_alphabetic());
            let named = is_hex || is_called_code(text, bare.start());
            return named.then(|| format!("0x{}", bare.as_str().to_ascii_uppercase()));
        }
        let signed: i64 = hit.get(4)?.as_str().parse().ok()?;
        Some(format!("0x{:08X}", (signed + (1 << 32)) as u32))
    });
    hits.collect()
}

/// 错误, 代码, 报错, error or code within the 20 bytes before.
fn is_called_code(text: &str, at: usize) -> bool {
    let before = text[text.floor_char_boundary(at.saturating_sub(20))..at].to_ascii_lowercase();
    ["错误", "代码", "报错", "error", "code"].iter().any(|word| before.contains(word))
}

fn builds(text: &str) -> Vec<String> {
    let hits = BUILD.captures_iter(text).take(1000).filter_map(|hit| {
        let whole = hit.get(0)?;
        let before = &text[..whole.start()];
        let inside = before.ends_with('.') && !before.ends_with("10.0.");
        let after = text.as_bytes().get(whole.end()).copied().unwrap_or(b' ');
        let more = after == b'.' && text.as_bytes().get(whole.end() + 1).is_some_and(u8::is_ascii_digit);
        let number = &hit[1];
        (is_free(text, whole.start(), whole.end()) && !inside && !more && is_build(number, before)).then(|| whole.as_str().to_string())
    });
    hits.collect()
}

/// A branch of the catalogue, or a number that the words before it call a version; else `12000.50` is money.
fn is_build(number: &str, before: &str) -> bool {
    BRANCHES.contains(number) || {
        let near = before[before.floor_char_boundary(before.len().saturating_sub(24))..].to_ascii_lowercase();
        ["10.0.", "版本", "build", "version", "内部"].iter().any(|word| near.contains(word))
    }
}

/// Products by place of their first appearance.
fn products(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    for hit in ANY_PRODUCT.find_iter(text).filter(|m| is_free_name(text, m)).take(2000) {
        if seen.contains(&hit.as_str()) || seen.len() >= 100 {
            continue;
        }
        seen.push(hit.as_str());
        let name = PRODUCTS.iter().find(|(_, pattern)| pattern.is_match(hit.as_str())).map(|(name, _)| *name);
        out.extend(name.filter(|name| !out.iter().any(|known| known == name)).map(str::to_string));
    }
    out
}

fn is_free_name(text: &str, hit: &regex::Match<'_>) -> bool {
    let first = hit.as_str().as_bytes().first().copied().unwrap_or(0);
    let last = hit.as_str().as_bytes().last().copied().unwrap_or(0);
    let bytes = text.as_bytes();
    let before = hit.start().checked_sub(1).and_then(|n| bytes.get(n)).copied().unwrap_or(b' ');
    let after = bytes.get(hit.end()).copied().unwrap_or(b' ');
    let glued = |a: u8, b: u8| a.is_ascii_alphanumeric() && b.is_ascii_alphanumeric();
    !glued(first, before) && !glued(last, after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings() {
        for (text, kb, codes, build, product) in [
            ("kb4577668 kb4579976 KB4577668", "KB4577668 KB4579976", "", "", ""),
            ("安装kb4577668均失败", "KB4577668", "", "", ""),
            ("ＫＢ４５７７６６８", "KB4577668", "", "", ""),
            ("KB-4577668、kb 4494174；补丁4579976", "KB4577668 KB4494174 KB4579976", "", "", ""),
            ("4577668、4579976补丁", "KB4577668 KB4579976", "", "", ""),
            ("补丁4577668、4579976和4494174都失败", "KB4577668 KB4579976 KB4494174", "", "", ""),
            ("KB4577668/4579976, 4494174", "KB4577668 KB4579976 KB4494174", "", "", ""),
            ("kb4577668kb4579976", "KB4577668 KB4579976", "", "", ""),
            ("补丁编号：4577668", "KB4577668", "", "", ""),
            ("KB45776681 128kb1234567 KB4577668a 订单号 4577668、4579976", "", "", "", ""),
            ("KB4577668，电话 5551234567", "KB4577668", "", "", ""),
            ("电话 4577668", "", "", "", ""),
            ("错误代码：(0x800f0922)", "", "0x800F0922", "", ""),
            ("0X800F0922 800f081f -2146498270", "", "0x800F0922 0x800F081F", "", ""),
            ("报错0x80070002，", "", "0x80070002", "", ""),
            ("电话 80012345", "", "", "", ""),
            ("错误 80070005", "", "0x80070005", "", ""),
            ("0x709", "", "0x00000709", "", ""),
            ("address 0x00007FF612345678", "", "", "", ""),
            ("神州网信政府版 V2020-L（17763.1397），由360天擎推送", "", "", "17763.1397", "V2020-L 360天擎"),
            ("10.0.17763.1518 而非 192.168.17763.1", "", "", "17763.1518", ""),
            ("Win10 1809 与 win10", "", "", "", "Windows 10 1809,Windows 10"),
            ("金额12000.50元，内部版本27000.1", "", "", "27000.1", ""),
            ("https://support.example/kb/4577668", "KB4577668", "", "", ""),
        ] {
            let m = mentions(&[text]);
            let split = if product.contains(',') { ',' } else { ' ' };
            let want = |t: &str, s: char| t.split(s).filter(|p| !p.is_empty()).map(str::to_string).collect::<Vec<_>>();
            assert_eq!(m.kb, want(kb, ' '), "{text}");
            assert_eq!(m.error_codes, want(codes, ' '), "{text}");
            assert_eq!(m.builds, want(build, ' '), "{text}");
            assert_eq!(m.products, want(product, split), "{text}");
        }
    }
}
