//! The tracking token of a CRM at the end of a subject: `CRM:0001617`, `CMIT:0001617` (Dynamics: prefix with colon, 3 to 20 digits).
//!
//! With configured prefixes the token is found wherever it stands free. Without, at the end alone, and only where it cannot be prose: capitals, colon and
//! digits without a blank, and no word that people write before numbers (`KB:4577668`, `ID:123456`, `端口`). Replies may carry several; the last is the one.

/// Words in capitals before a number that is not a token.
#[rustfmt::skip]
const WORDS: &[&str] = &[
    "KB", "HTTP", "HTTPS", "FTP", "TEL", "FAX", "PHONE", "MOBILE", "MOB", "QQ", "ERROR", "ERR", "CODE", "EVENT", "EVENTID", "PORT", "ID",
    "SN", "PN", "IP", "MAC", "VER", "VERSION", "BUILD", "OS", "SR", "CASE", "TICKET", "REF", "REQ", "REQUEST", "INC", "BUG", "ORDER", "NO",
    "NUM", "NUMBER", "DATE", "TIME", "PO", "PID", "STOP", "PC", "USER", "ROOM", "EXT", "MS", "WIN", "RE", "FW", "FWD", "CVE", "UID",
    "TASK", "ISSUE", "REG", "HRESULT", "MSG", "ZIP", "VLAN",
];

/// The text without tokens, and the last token.
pub fn take<'a>(text: &'a str, prefixes: &[String]) -> (std::borrow::Cow<'a, str>, Option<String>) {
    if prefixes.is_empty() {
        let (mut rest, mut token) = (text.trim_end(), None);
        while let Some((start, found)) = unknown(rest) {
            token.get_or_insert(found);
            rest = rest[..start].trim_end();
        }
        return (rest.into(), token);
    }
    let (mut out, mut kept, mut token) = (String::new(), 0, None);
    let mut at = 0;
    while let Some(colon) = text[at..].find([':', '：']).map(|n| at + n) {
        at = colon + text[colon..].chars().next().map_or(1, char::len_utf8);
        let Some((start, end, found)) = configured(text, colon, at, prefixes).filter(|hit| hit.0 >= kept) else { continue };
        out.push_str(text[kept..start].trim_end());
        out.push(' ');
        (kept, at) = (end, end);
        token = Some(found);
    }
    out.push_str(&text[kept..]);
    if token.is_none() { (text.into(), None) } else { (out.into(), token) }
}

/// A configured prefix that ends with the colon at `colon`, followed by digits at `after`.
fn configured(text: &str, colon: usize, after: usize, prefixes: &[String]) -> Option<(usize, usize, String)> {
    let blanks = text[after..].bytes().take_while(|b| *b == b' ').count();
    let from = after + blanks.min(2);
    let count = text[from..].bytes().take_while(u8::is_ascii_digit).count();
    let end = from + count;
    if !(3..=20).contains(&count) || text[end..].starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return None;
    }
    let head = text[..colon].trim_end();
    prefixes.iter().find_map(|prefix| {
        let word = prefix.trim().trim_end_matches([':', '：']);
        let start = head.len().checked_sub(word.len()).filter(|n| head.is_char_boundary(*n))?;
        let is_free = !head[..start].ends_with(|c: char| c.is_ascii_alphanumeric());
        let is_it = is_free && !word.is_empty() && head[start..].eq_ignore_ascii_case(word);
        is_it.then(|| (start, end, format!("{prefix}{}", &text[from..end])))
    })
}

/// A token of an unknown prefix at the end; where it begins.
fn unknown(text: &str) -> Option<(usize, String)> {
    let bare = text.strip_suffix([']', ')', '】']).map_or(text, str::trim_end);
    let head = bare.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = &bare[head.len()..];
    let before = head.trim_end_matches(' ');
    let word_end = before.strip_suffix([':', '：'])?;
    let is_apart = before.len() < head.len();
    let letters = word_end.bytes().rev().take_while(u8::is_ascii_alphabetic).count();
    let start = word_end.len() - letters;
    let prefix = word_end[start..].to_ascii_uppercase();
    let is_known = matches!(prefix.as_str(), "CRM" | "CMIT");
    let boundary = word_end[..start].chars().next_back();
    let is_free = boundary.is_none_or(|c| {
        c.is_whitespace() || matches!(c, '%' | ']' | '】' | '[' | '(' | '【' | ')' | '）') || is_known && !c.is_ascii_alphanumeric()
    });
    let is_plausible = is_known || !is_apart && digits.len() >= 4 && letters >= 2 && prefix == word_end[start..];
    if !(3..=20).contains(&digits.len()) || !(1..=19).contains(&letters) || !is_free || !is_plausible || WORDS.contains(&prefix.as_str()) {
        return None;
    }
    let open = bare.len() < text.len();
    let start = if open {
        start - text[..start].chars().next_back().filter(|c| matches!(c, '[' | '(' | '【')).map_or(0, char::len_utf8)
    } else {
        start
    };
    Some((start, format!("{prefix}:{digits}")))
}

#[cfg(test)]
mod tests {
    use super::take;

    #[rustfmt::skip]
    #[test]
    fn tokens_of_unknown_prefixes() {
        for (text, rest, token) in [
            ("打印 CMIT:0001617", "打印", "CMIT:0001617"),
            ("打印 CRM: 0001617 ", "打印", "CRM:0001617"),
            ("打印 crm:0001617", "打印", "CRM:0001617"),
            ("打印CRM:0001617", "打印", "CRM:0001617"),
            ("打印 TRACK:00112233", "打印", "TRACK:00112233"),
            ("打印 CMIT：0001617", "打印", "CMIT:0001617"),
            ("打印 [CRM:0001617]", "打印", "CRM:0001617"),
            ("打印 CMIT:0001616 CMIT:0001617", "打印", "CMIT:0001617"),
            ("%CMIT:0001617", "%", "CMIT:0001617"),
            ("CMIT:0001617", "", "CMIT:0001617"),
        ] {
            let (got, found) = take(text, &[]);
            assert_eq!((got.as_ref(), found.as_deref()), (rest, Some(token)), "{text}");
        }
        for text in [
            "补丁 KB:4577668", "会议 10:30", "见 https://4577668", "Ticket:12345", "ticket: 12345", "端口:3389", "Event:1001",
            "价格: 12345", "Order: 12345", "打印 Track:0001617", "打印 ABC: 12345", "CMIT:12", "CMIT:000161799999999999999",
            "CMIT:0001617a", "X9CRM:12345", "", "12345", ":12345",
        ] {
            assert_eq!(take(text, &[]).1, None, "{text}");
        }
    }

    #[rustfmt::skip]
    #[test]
    fn configured_prefixes() {
        let prefixes = ["DESK:".to_string(), "支持：".to_string()];
        for (text, rest, token) in [
            ("打印 desk: 0012345", "打印", Some("DESK:0012345")),
            ("打印 DESK:0012345 已处理", "打印  已处理", Some("DESK:0012345")),
            ("打印 支持:0012345", "打印", Some("支持：0012345")),
            ("DESK:0012345 打印 DESK:0012346", "打印", Some("DESK:0012346")),
            ("打印 CMIT:0001617", "打印 CMIT:0001617", None),
            ("HELPDESK:0012345", "HELPDESK:0012345", None),
            ("DESK:0012345x", "DESK:0012345x", None),
        ] {
            let (got, found) = take(text, &prefixes);
            assert_eq!((got.trim(), found.as_deref()), (rest, token), "{text}");
        }
    }
}
