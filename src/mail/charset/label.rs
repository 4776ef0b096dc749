//! Charset labels as mail writes them: the WHATWG table, then what it leaves out (RFC 1922, RFC 1557, RFC 2152, code pages
//! by vendor name, Macintosh scripts), then spellings that only differ in punctuation.

use encoding_rs::{BIG5, EUC_JP, EUC_KR, Encoding, GB18030, GBK, ISO_2022_JP, MACINTOSH, SHIFT_JIS, UTF_8, WINDOWS_1252};
use std::borrow::Cow;

/// What a label stands for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Charset {
    Known(&'static Encoding),
    /// RFC 2152.
    Utf7,
    /// RFC 1843.
    Hz,
    /// ISO-2022-KR and ISO-2022-CN: seven bits, shifted in and out of the encoding named.
    Shifted(&'static Encoding),
    /// UTF-16 of either byte order: the bytes tell which.
    Utf16,
    /// A DOS code page: its upper half.
    Dos(&'static str),
}

/// Without quotes, blanks, `*lang` (RFC 2231 §5), comments and what a missing semicolon ran into it; lower case.
pub fn trimmed(label: &str) -> Cow<'_, str> {
    let edge = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '=' | ':' | '<' | '>' | '?' | '\\' | '&');
    let label = label.trim_matches(edge);
    let end =
        label.find(|c: char| c.is_whitespace() || matches!(c, '*' | ';' | ',' | '(' | '"' | '\'' | '<' | '\\')).unwrap_or(label.len());
    let label = &label[..end];
    if label.bytes().any(|b| b.is_ascii_uppercase()) { Cow::Owned(label.to_ascii_lowercase()) } else { Cow::Borrowed(label) }
}

/// The charset of a label as found in mail, [`trimmed`]; None: unknown, or a word that says nothing (`unknown-8bit`, `default`).
pub fn find(label: &str) -> Option<Charset> {
    match label {
        "gb2312" | "gbk" | "gb18030" => return Some(Charset::Known(GB18030)),
        "us-ascii" | "iso-8859-1" => return Some(Charset::Known(WINDOWS_1252)),
        _ => {}
    }
    // `x-user-defined` is no charset of mail; the others (`unknown-8bit`, `default`) are known to nobody.
    if label.is_empty() || label.len() > 60 || label == "x-user-defined" {
        return None;
    }
    if let Some(charset) = special(label) {
        return Some(charset);
    }
    let found = Encoding::for_label_no_replacement(label.as_bytes()).or_else(|| by_letters(label))?;
    Some(Charset::Known(if found == GBK { GB18030 } else { found }))
}

/// Labels that WHATWG does not know or that mail uses in another sense.
fn special(label: &str) -> Option<Charset> {
    Some(match label {
        "utf-7" | "utf7" | "unicode-1-1-utf-7" | "unicode-2-0-utf-7" | "x-unicode-2-0-utf-7" | "x-utf-7" | "cp65000" | "65000" => {
            Charset::Utf7
        }
        "hz" | "hz-gb-2312" | "hz-gb2312" | "x-hz" => Charset::Hz,
        "iso-2022-kr" | "csiso2022kr" => Charset::Shifted(EUC_KR),
        "iso-2022-cn" | "iso-2022-cn-ext" | "csiso2022cn" => Charset::Shifted(GB18030),
        "utf-16" | "utf16" | "unicode" | "csunicode" | "ucs-2" | "iso-10646-ucs-2" | "utf-16le" | "utf-16be" | "unicodefffe" => {
            Charset::Utf16
        }
        "cp437" | "ibm437" | "437" => Charset::Dos(CP437),
        "cp850" | "ibm850" | "850" | "cp858" | "ibm858" | "dos-850" => Charset::Dos(CP850),
        "x-mac-chinesesimp" | "x-mac-simp-chinese" => Charset::Known(GB18030),
        "x-mac-chinesetrad" | "x-mac-trad-chinese" => Charset::Known(BIG5),
        "x-mac-japanese" => Charset::Known(SHIFT_JIS),
        "x-mac-korean" => Charset::Known(EUC_KR),
        "iso-2022-jp-1" | "iso-2022-jp-2" | "iso-2022-jp-3" | "iso-2022-jp-2004" | "iso-2022-jp-ms" | "cp50220" | "cp50221" | "cp50222"
        | "jis" | "csiso2022jp2" => Charset::Known(ISO_2022_JP),
        "euc-jis-2004" | "eucjpms" | "cp51932" | "ujis" => Charset::Known(EUC_JP),
        "chinese" | "euc-cn" | "euccn" | "x-euc-cn" | "cn-gb" | "gb" => Charset::Known(GB18030),
        "euc-tw" | "cn-big5" => Charset::Known(BIG5),
        "ansi" | "7bit" | "ascii-7bit" | "us-ascii-7bit" | "usascii" | "ansi_x3.110-1983" => Charset::Known(WINDOWS_1252),
        _ => return None,
    })
}

/// Letters and digits decide: `GB_2312-1980`, `gbk2312`, `utf_8`, `UTF-8-BOM`, `win1252`, `latin-1`, `iso8859_15`.
fn by_letters(label: &str) -> Option<&'static Encoding> {
    let plain: String = label.chars().filter(char::is_ascii_alphanumeric).collect();
    let plain = plain.strip_prefix("cs").or_else(|| plain.strip_prefix('x')).unwrap_or(&plain);
    let starts = |words: &[&str]| words.iter().any(|w| plain.starts_with(w));
    if starts(&["utf8", "unicode11utf8", "cp65001", "65001"]) {
        return Some(UTF_8);
    }
    if starts(&["gb18030", "gb2312", "gbk", "cp936", "ms936", "windows936", "euccn", "isoir58", "gb13000"]) || plain == "936" {
        return Some(GB18030);
    }
    if starts(&["big5", "cp950", "ms950", "windows950"]) || plain == "950" {
        return Some(BIG5);
    }
    if starts(&["shiftjis", "sjis", "cp932", "ms932", "windows31j", "windows932", "mskanji"]) || plain == "932" {
        return Some(SHIFT_JIS);
    }
    if starts(&["eucjp"]) {
        return Some(EUC_JP);
    }
    if starts(&["euckr", "ksc5601", "ks5601", "ksx1001", "cp949", "ms949", "windows949", "uhc"]) || plain == "949" {
        return Some(EUC_KR);
    }
    if starts(&["macroman", "macintosh", "macwestern"]) {
        return Some(MACINTOSH);
    }
    if let Some(number) = plain.strip_prefix("iso8859") {
        let number: String = number.chars().take_while(char::is_ascii_digit).collect();
        return Encoding::for_label_no_replacement(format!("iso-8859-{number}").as_bytes());
    }
    if let Some(number) = plain.strip_prefix("latin") {
        return Encoding::for_label_no_replacement(format!("latin{number}").as_bytes());
    }
    let number: String = plain.chars().skip_while(|c| !c.is_ascii_digit()).take(4).collect();
    let is_windows =
        number.starts_with("125") && ["windows", "win", "cp", "ansi", "ms", ""].iter().any(|p| plain == format!("{p}{number}"));
    is_windows.then(|| Encoding::for_label_no_replacement(format!("windows-{number}").as_bytes())).flatten()
}

const CP437: &str =
    "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";
const CP850: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈ€ÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}";

/// Bytes of a DOS code page as text.
pub fn decode_dos(bytes: &[u8], upper: &str) -> String {
    let table: Vec<char> = upper.chars().collect();
    bytes
        .iter()
        .map(|b| if *b < 0x80 { char::from(*b) } else { table.get(usize::from(*b) - 0x80).copied().unwrap_or('\u{fffd}') })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::{ISO_8859_2, ISO_8859_8_I, KOI8_R, WINDOWS_1251, X_MAC_CYRILLIC};

    #[test]
    fn labels_of_the_wild() {
        for (label, want) in [
            ("gb_2312-80", GB18030),
            ("GB2312", GB18030),
            ("x-gbk", GB18030),
            ("cp936", GB18030),
            ("MS936", GB18030),
            ("gb_2312", GB18030),
            ("gbk*zh-CN", GB18030),
            ("big5-hkscs", BIG5),
            ("x-x-big5", BIG5),
            ("ks_c_5601-1987", EUC_KR),
            ("KSC5601", EUC_KR),
            ("iso-2022-jp", ISO_2022_JP),
            ("windows-31j", SHIFT_JIS),
            ("utf8", UTF_8),
            ("UTF_8", UTF_8),
            ("'utf-8'", UTF_8),
            ("\"utf-8", UTF_8),
            ("utf-8 format=flowed", UTF_8),
            ("ansi_x3.4-1968", WINDOWS_1252),
            ("us-ascii", WINDOWS_1252),
            ("Windows1252", WINDOWS_1252),
            ("iso8859_2", ISO_8859_2),
            ("iso-8859-8-i", ISO_8859_8_I),
            ("x-mac-cyrillic", X_MAC_CYRILLIC),
            ("x-mac-roman", MACINTOSH),
            ("koi8-r", KOI8_R),
            ("cp1251", WINDOWS_1251),
            ("win-1251", WINDOWS_1251),
        ] {
            assert_eq!(find(&trimmed(label)), Some(Charset::Known(want)), "{label}");
        }
        assert_eq!(find("unicode-1-1-utf-7"), Some(Charset::Utf7));
        assert_eq!(find("hz-gb-2312"), Some(Charset::Hz));
        for label in ["", "unknown-8bit", "x-unknown", "default", "x-user-defined", "klingon", "utf", "125"] {
            assert_eq!(find(&trimmed(label)), None, "{label}");
        }
    }

    #[test]
    fn dos_pages() {
        assert_eq!((CP437.chars().count(), CP850.chars().count()), (128, 128));
        assert_eq!(decode_dos(b"Gr\x81n \x9b", CP437), "Grün ¢");
    }
}
