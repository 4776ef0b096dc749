//! Case numbers in a text: `CAS-03160-B3H1K7` (Dynamics) as people, CRMs and mail programs write it, and forms of a desk's own.
//!
//! Prefix of two or three letters, four to seven digits, a suffix of four to six in which letters and digits take turns. Hyphens may be dashes,
//! underlines, blanks (a folded line) or missing; then only `CAS` or a full suffix is believed, else `HP 4020 B2B4` were a case.

use regex::Regex;
use std::ops::Range;

/// A place and what it says, canonical.
pub type Found = (Range<usize>, String);

/// Places and canonical forms in a narrow text, in order; `patterns`: forms of the desk (group 1, else the whole match, is the number).
pub fn numbers_at(text: &str, patterns: &[Regex]) -> Vec<Found> {
    let mut found = built_in(text);
    for pattern in patterns {
        for hit in pattern.captures_iter(text).take(50) {
            let Some(place) = hit.get(1).or(hit.get(0)).filter(|m| !m.is_empty()) else { continue };
            if found.iter().all(|(known, _)| place.end() <= known.start || known.end <= place.start()) {
                found.push((place.range(), place.as_str().trim().to_uppercase()));
            }
        }
    }
    found.sort_by_key(|(place, _)| place.start);
    found
}

fn built_in(text: &str) -> Vec<Found> {
    let bytes = text.as_bytes();
    let (mut found, mut at, mut free_from) = (Vec::new(), 0, 0);
    while let Some(start) = bytes[at..].iter().position(u8::is_ascii_digit).map(|n| at + n) {
        let end = bytes[start..].iter().position(|b| !b.is_ascii_digit()).map_or(bytes.len(), |n| start + n);
        at = end;
        if (4..=7).contains(&(end - start))
            && let Some((place, number)) = around(text, start..end).filter(|(place, _)| place.start >= free_from)
        {
            (at, free_from) = (place.end, place.end);
            found.push((place, number));
        }
    }
    found
}

/// The number whose digits stand at `digits`.
fn around(text: &str, digits: Range<usize>) -> Option<Found> {
    let (letters_end, joint_before) = back_over_joint(text, digits.start)?;
    let head = &text.as_bytes()[..letters_end];
    let letters = head.iter().rev().take(4).take_while(|b| b.is_ascii_alphabetic()).count();
    let start = letters_end - letters;
    let before = head[..start].last().copied();
    if !(2..=3).contains(&letters) || before.is_some_and(|b| b.is_ascii_alphanumeric()) {
        return None;
    }
    let (suffix_at, joint_after) = over_joint(text, digits.end)?;
    let (suffix, end) = suffix(text, suffix_at)?;
    let prefix = text[start..letters_end].to_ascii_uppercase();
    let known = prefix == "CAS";
    let is_whole = suffix.len() == 6 && digits.len() >= 5 && joint_before == joint_after;
    let is_word =
        matches!(prefix.as_str(), "KB" | "RE" | "FW" | "AW" | "SV" | "VS" | "TR" | "RV" | "WG" | "CVE" | "SN" | "PN" | "TEL" | "FAX");
    if is_word || !(known || joint_before == Joint::Hyphen && joint_after == Joint::Hyphen || is_whole) {
        return None;
    }
    // A piece of something longer with hyphens: a GUID, a part number.
    let after = &text.as_bytes()[end..];
    let goes_on = after.first() == Some(&b'-') && after.get(1).is_some_and(u8::is_ascii_alphanumeric);
    let comes_on = before == Some(b'-') && start >= 2 && text.as_bytes()[start - 2].is_ascii_alphanumeric();
    (known || !goes_on && !comes_on).then(|| (start..end, format!("{prefix}-{}-{suffix}", &text[digits])))
}

/// How two parts are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Joint {
    Hyphen,
    Loose,
    None,
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '﹣' | '－' | 'ー' | '_')
}

/// Where the part after the joint begins: at most three signs of which two are blanks.
fn over_joint(text: &str, at: usize) -> Option<(usize, Joint)> {
    let (mut end, mut joint) = (at, Joint::None);
    for c in text[at..].chars().take(4) {
        if is_dash(c) && joint != Joint::Hyphen {
            joint = Joint::Hyphen;
        } else if c.is_whitespace() || matches!(c, '/' | '.' | '\u{ad}') {
            joint = if joint == Joint::Hyphen { joint } else { Joint::Loose };
        } else {
            return Some((end, joint));
        }
        end += c.len_utf8();
    }
    None
}

fn back_over_joint(text: &str, at: usize) -> Option<(usize, Joint)> {
    let (mut start, mut joint) = (at, Joint::None);
    for c in text[..at].chars().rev().take(4) {
        if is_dash(c) && joint != Joint::Hyphen {
            joint = Joint::Hyphen;
        } else if c.is_whitespace() || matches!(c, '/' | '.' | '\u{ad}') {
            joint = if joint == Joint::Hyphen { joint } else { Joint::Loose };
        } else {
            return Some((start, joint));
        }
        start -= c.len_utf8();
    }
    None
}

/// Four to six of letter, digit, letter, digit …, then no more of them; one blank inside where a line was folded, if that makes six.
fn suffix(text: &str, at: usize) -> Option<(String, usize)> {
    let bytes = text.as_bytes();
    let run = |from: usize, offset: usize| {
        let rest = bytes[from..].iter().take(7 - offset.min(6)).enumerate();
        rest.take_while(|(n, b)| if (n + offset).is_multiple_of(2) { b.is_ascii_alphabetic() } else { b.is_ascii_digit() }).count()
    };
    let is_free = |end: usize| bytes.get(end).is_none_or(|b| !b.is_ascii_alphanumeric());
    let count = run(at, 0);
    let end = at + count;
    if (4..=6).contains(&count) && is_free(end) {
        return Some((text[at..end].to_ascii_uppercase(), end));
    }
    if (1..=5).contains(&count) && count != 4 && bytes.get(end) == Some(&b' ') {
        let more = run(end + 1, count);
        let last = end + 1 + more;
        if count + more == 6 && is_free(last) {
            return Some((format!("{}{}", &text[at..end], &text[end + 1..last]).to_ascii_uppercase(), last));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(text: &str) -> String {
        numbers_at(text, &[]).into_iter().map(|(_, n)| n).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn written_variants() {
        for text in [
            "CAS-03160-B3H1K7",
            "cas-03160-b3h1k7",
            "CAS03160B3H1K7",
            "CAS 03160 B3H1K7",
            "CAS–03160–B3H1K7",
            "CAS—03160—B3H1K7",
            "CAS_03160_B3H1K7",
            "CAS - 03160 - B3H1K7",
            "CAS-03160 B3H1K7",
            "CAS-03160- B3H1K7",
            "CAS-03160-B3H 1K7",
            "CAS-03160-B 3H1K7",
            "CAS.03160.B3H1K7",
            "关于CAS-03160-B3H1K7的问题",
            "回复-CAS-03160-B3H1K7",
            "#CAS-03160-B3H1K7,",
            "CAS-\u{ad}03160-B3H1K7",
        ] {
            assert_eq!(numbers(text), "CAS-03160-B3H1K7", "{text}");
        }
        assert_eq!(numbers("CAS-01000-X1X1 CAS-1234567-A1B2C AB-0316-Z9Y8X7"), "CAS-01000-X1X1 CAS-1234567-A1B2C AB-0316-Z9Y8X7");
        assert_eq!(numbers("CAS-03160-B3H1K7/CAS-03161-B3H1K8、CRM 03162 C4D5E6"), "CAS-03160-B3H1K7 CAS-03161-B3H1K8 CRM-03162-C4D5E6");
    }

    #[test]
    fn near_misses() {
        for text in [
            "XCAS-03160-B3H1K7",
            "CASE-03160-B3H1K7",
            "CAS-03160-B3H1K77",
            "CAS-03160-B3H1K7X",
            "CAS-316-B3H1K7",
            "CAS-03160000-B3H1K7",
            "CAS-03160-B3H",
            "CAS-03160",
            "CVE-2020-12345",
            "CVE-2020-1472",
            "KB-4577668",
            "KB4577668 A1B2",
            "KB 4577668 A1B2C3",
            "ABC-12345-AAAA11",
            "HP 4020 B2B4",
            "RE 2019 A1B2C3",
            "2020-10-13",
            "010-62345678",
            "6f9619ff-8b86-d011-b42d-00c04fc964ff",
            "12ab-1234-a1b2-c3d4",
            "0a-ab-1234-a1b2-c3",
            "00-1A-2B-3C-4D-5E",
            "V2020-L.1207",
            "ISO-8859-1",
            "TEL-62345-A1B2C3",
            "",
        ] {
            assert_eq!(numbers(text), "", "{text}");
        }
    }

    #[test]
    fn forms_of_the_desk() {
        let patterns = [Regex::new(r"(?i)\b(WID-\d{5}-[0-9A-Z]{6})\b").unwrap(), Regex::new(r"工单(\d{8,12})").unwrap()];
        let found: Vec<String> =
            numbers_at("wid-00012-zz91ab 工单202010130001 CAS-03160-B3H1K7", &patterns).into_iter().map(|f| f.1).collect();
        assert_eq!(found, ["WID-00012-ZZ91AB", "202010130001", "CAS-03160-B3H1K7"]);
    }
}
