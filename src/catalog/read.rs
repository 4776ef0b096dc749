//! Reading the two CSV files, strictly: a wrong row stops with its line; and the forgiving reading of numbers people write.

use super::{ErrorCode, Update};
use csv::StringRecord;
use std::collections::{BTreeMap, HashSet};

/// Rows of the update file. Refused: an unknown column set, a wrong KB number, date or build, the same KB and product, or the same
/// build, twice.
pub(super) fn updates(text: &str) -> Result<Vec<Update>, String> {
    let (mut kbs, mut builds) = (HashSet::new(), HashSet::new());
    let mut updates = Vec::new();
    rows(text, &["kb", "released", "product", "build", "kind", "supersedes", "source"], |record| {
        let update = update(record)?;
        if !update.kb.is_empty() && !kbs.insert((update.kb.clone(), update.product.clone())) {
            return Err(format!("{} for {} occurs twice", update.kb, update.product));
        }
        if let Some(build) = update.build.filter(|build| !builds.insert(*build)) {
            return Err(format!("build {build} occurs twice"));
        }
        updates.push(update);
        Ok(())
    })?;
    Ok(updates)
}

/// Rows of the error file by canonical code.
pub(super) fn errors(text: &str) -> Result<BTreeMap<String, ErrorCode>, String> {
    let mut errors = BTreeMap::new();
    rows(text, &["code", "name", "meaning_en", "meaning_zh", "remedy_slug"], |record| {
        let field = |i: usize| record.get(i).unwrap_or("").to_owned();
        let code = error_code(&field(0)).ok_or_else(|| format!("\"{}\" is not a code like 0x800F0922", field(0)))?;
        let row = ErrorCode { code: code.clone(), name: field(1), meaning_en: field(2), meaning_zh: field(3), remedy_slug: field(4) };
        match errors.insert(code, row) {
            Some(before) => Err(format!("{} occurs twice", before.code)),
            None => Ok(()),
        }
    })?;
    Ok(errors)
}

/// Calls `read` for every row after checking the header; its errors get the number of the line.
fn rows(text: &str, columns: &[&str], mut read: impl FnMut(&StringRecord) -> Result<(), String>) -> Result<(), String> {
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|e| format!("line 1: {e}"))?;
    if header != columns {
        let found: Vec<&str> = header.iter().collect();
        return Err(format!("line 1: expected the columns {}, found {}", columns.join(","), found.join(",")));
    }
    for record in reader.records() {
        let record = record.map_err(|e| format!("line {}: {e}", line_of(text, e.position())))?;
        let line = line_of(text, record.position());
        read(&record).map_err(|e| format!("line {line}: {e}"))?;
    }
    Ok(())
}

/// The line a record starts on. The reader counts empty lines before a record as part of it.
fn line_of(text: &str, position: Option<&csv::Position>) -> u64 {
    let Some(position) = position else { return 0 };
    let rest = text.as_bytes().iter().skip(usize::try_from(position.byte()).unwrap_or(0));
    position.line() + rest.take_while(|b| matches!(b, b'\r' | b'\n')).filter(|b| **b == b'\n').count() as u64
}

fn update(record: &StringRecord) -> Result<Update, String> {
    let field = |i: usize| record.get(i).unwrap_or("");
    let kb = |text: &str| kb_number(text).ok_or_else(|| format!("\"{text}\" is not a KB number like KB4577668"));
    let optional = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let released = optional(field(1)).map(|text| text.parse().map_err(|_| format!("\"{text}\" is not a date like 2020-10-13")));
    if field(2).is_empty() || field(4).is_empty() {
        return Err("product and kind must not be empty".to_owned());
    }
    Ok(Update {
        kb: optional(field(0)).map(|text| kb(&text)).transpose()?.unwrap_or_default(),
        released: released.transpose()?,
        product: field(2).to_owned(),
        build: optional(field(3)).map(|text| text.parse()).transpose()?,
        kind: field(4).to_owned(),
        supersedes: field(5).split(';').map(str::trim).filter(|old| !old.is_empty()).map(kb).collect::<Result<_, _>>()?,
        source: field(6).to_owned(),
    })
}

/// `KB4577668` of what people write: `kb4577668`, `KB 4577668`, `4577668`. Six to eight digits.
pub(super) fn kb_number(text: &str) -> Option<String> {
    let text = text.trim();
    let digits = match text.get(..2) {
        Some(start) if start.eq_ignore_ascii_case("kb") => text[2..].trim_start_matches([' ', '-']),
        _ => text,
    };
    ((6..=8).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())).then(|| format!("KB{digits}"))
}

/// `0x800F0922` or `0xC1900101-0x20017` of what people write, decimals of signed 32-bit numbers included.
pub(super) fn error_code(text: &str) -> Option<String> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).take(32).collect();
    if let Some(number) = text.strip_prefix('-') {
        let number: i64 = number.parse().ok()?;
        return i32::try_from(number.checked_neg()?).ok().map(|number| format!("0x{number:08X}"));
    }
    let (first, second) = text.split_once('-').map_or((text.as_str(), None), |(first, second)| (first, Some(second)));
    let hex = |part: &str, digits: std::ops::RangeInclusive<usize>| {
        let part = part.strip_prefix("0x").or_else(|| part.strip_prefix("0X")).unwrap_or(part);
        (digits.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_hexdigit())).then(|| part.to_ascii_uppercase())
    };
    let first = hex(first, 8..=8)?;
    match second {
        None => Some(format!("0x{first}")),
        Some(second) => Some(format!("0x{first}-0x{}", hex(second, 4..=8)?)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_rows_name_the_line() {
        let head = "kb,released,product,build,kind,supersedes,source\n";
        let table = [
            ("kb,build\n", "line 1: expected the columns kb,released,product,build,kind,supersedes,source, found kb,build"),
            ("{head}KB12,2020-10-13,P,1.2,lcu,,\n", "line 2: \"KB12\" is not a KB number like KB4577668"),
            ("{head}\nKB4577668,2020-13-13,P,1.2,lcu,,\n", "line 3: \"2020-13-13\" is not a date like 2020-10-13"),
            ("{head}KB4577668,2020-10-13,P,17763,lcu,,\n", "line 2: \"17763\" is not a build like 17763.1397"),
            ("{head}KB4577668,,P,,lcu,KB4570333;x,\n", "line 2: \"x\" is not a KB number like KB4577668"),
            ("{head}KB4577668,,,,lcu,,\n", "line 2: product and kind must not be empty"),
            ("{head}KB4577668,,P,,a,,\nKB4577668,,P,,a,,\n", "line 3: KB4577668 for P occurs twice"),
            ("{head}KB4577668,,P,1.2,a,,\nKB4577669,,P,1.2,a,,\n", "line 3: build 1.2 occurs twice"),
        ];
        for (text, expected) in table {
            assert_eq!(updates(&text.replace("{head}", head)).unwrap_err(), expected);
        }
        assert!(updates(&format!("{head}KB4577668,2020-10-13\n")).unwrap_err().starts_with("line 2: "));
        let twice = "code,name,meaning_en,meaning_zh,remedy_slug\n0x800F0922,a,b,c,d\n800f0922,a,b,c,d\n";
        assert_eq!(errors(twice).unwrap_err(), "line 3: 0x800F0922 occurs twice");
        assert!(errors("code,name,meaning_en,meaning_zh,remedy_slug\nE_FAIL,a,b,c,d\n").unwrap_err().starts_with("line 2: \"E_FAIL\""));
    }

    #[test]
    fn numbers_as_people_write_them() {
        for text in ["KB4577668", "kb4577668", " KB 4577668", "KB-4577668", "4577668"] {
            assert_eq!(kb_number(text).as_deref(), Some("KB4577668"), "{text}");
        }
        for text in ["", "KB", "KB12345", "KB123456789", "补丁4577668", "补", "KB45７7668"] {
            assert_eq!(kb_number(text), None, "{text}");
        }
        let table = [
            ("0x800F0922", Some("0x800F0922")),
            ("0X800f0922", Some("0x800F0922")),
            ("800f0922", Some("0x800F0922")),
            ("-2146498270", Some("0x800F0922")),
            ("0xC1900101 - 0x20017", Some("0xC1900101-0x20017")),
            ("0x8000", None),
            ("-99999999999", None),
            ("-9223372036854775808", None),
            ("错误", None),
            ("", None),
        ];
        for (text, expected) in table {
            assert_eq!(error_code(text).as_deref(), expected, "{text}");
        }
    }
}
