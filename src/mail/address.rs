//! Address lists (RFC 5322 §3.4) read leniently: groups, quoted names with commas, missing brackets, `;` as separator (QQ),
//! whole mailboxes inside one encoded word. Never fails; what holds no `@` is left out.

use super::Address;
use super::header::{clean, decode_words, to_text, unquote};

/// Addresses of one raw header value; at most 1,000.
pub fn addresses(raw: &[u8]) -> Vec<Address> {
    let text = to_text(raw);
    let found = parse_list(&text);
    if found.is_empty() && text.contains("=?") {
        return parse_list(&decode_words(&text));
    }
    found
}

fn parse_list(text: &str) -> Vec<Address> {
    let mut out = Vec::new();
    for piece in split_list(text) {
        if out.len() >= 1000 {
            break;
        }
        out.extend(parse_one(piece));
    }
    out
}

/// Splits at commas and semicolons outside quotes, comments and angle brackets; a group's name and colon are dropped.
fn split_list(text: &str) -> Vec<&str> {
    let (mut out, mut start) = (Vec::new(), 0);
    let (mut quoted, mut escaped, mut angle, mut comment) = (false, false, false, 0usize);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted || comment > 0 => escaped = true,
            '"' if comment == 0 => quoted = !quoted,
            _ if quoted => {}
            '(' => comment += 1,
            ')' => comment = comment.saturating_sub(1),
            '<' => angle = true,
            '>' => angle = false,
            ',' | ';' if comment == 0 && !angle => {
                out.push(&text[start..at]);
                start = at + 1;
            }
            ':' if comment == 0 && !angle && !text[start..at].contains('@') => start = at + 1,
            _ => {}
        }
    }
    out.push(&text[start..]);
    out
}

fn parse_one(piece: &str) -> Option<Address> {
    let piece = piece.trim();
    if let Some(open) = piece.rfind('<') {
        let inner = &piece[open + 1..];
        let inner = inner.split('>').next().unwrap_or(inner);
        let name = display_name(&piece[..open]);
        return addr_spec(inner).map(|address| Address { name, address });
    }
    let (spec, comment) = match piece.split_once('(') {
        Some((spec, comment)) => (spec, Some(comment.trim_end_matches(')'))),
        None => (piece, None),
    };
    if let Some(address) = addr_spec(spec) {
        return Some(Address { name: comment.and_then(display_name), address });
    }
    // Seen in practice: a name and an address without brackets.
    let token = spec.split_whitespace().rev().find(|t| t.contains('@'))?;
    let address = addr_spec(token)?;
    let name = display_name(&spec.replace(token, " "));
    Some(Address { name, address })
}

fn display_name(raw: &str) -> Option<String> {
    let decoded = clean(&decode_words(&unquote(raw)));
    let name = decoded.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'')).to_string();
    (!name.is_empty()).then_some(name)
}

/// Addr-spec with the domain in lower case; None without exactly a local part and a domain.
fn addr_spec(raw: &str) -> Option<String> {
    let spec = clean(&decode_words(raw));
    let spec = spec.trim().trim_start_matches("mailto:").trim_matches(|c| matches!(c, '"' | '\'' | '[' | ']' | '<' | '>'));
    if spec.len() > 320 || spec.contains(|c: char| c.is_whitespace() || c == ',') {
        return None;
    }
    let (local, domain) = spec.rsplit_once('@')?;
    (!local.is_empty() && !domain.is_empty()).then(|| format!("{local}@{}", domain.to_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists() {
        type Pair = (Option<&'static str>, &'static str);
        let table: [(&str, Vec<Pair>); 11] = [
            ("liu@Xingye.EXAMPLE", vec![(None, "liu@xingye.example")]),
            ("=?gb2312?B?wfXPyMn6?= <liu@x.example>", vec![(Some("刘先生"), "liu@x.example")]),
            ("\"=?gb2312?B?wfXPyMn6?=\" <liu@x.example>;", vec![(Some("刘先生"), "liu@x.example")]),
            ("\"Smith, John\" <a@b.example>, c@d.example", vec![(Some("Smith, John"), "a@b.example"), (None, "c@d.example")]),
            ("=?utf-8?Q?Smith=2C_John?= <a@b.example>", vec![(Some("Smith, John"), "a@b.example")]),
            ("a@b.example (Zhang San)", vec![(Some("Zhang San"), "a@b.example")]),
            ("Team: a@b.example, c@d.example;", vec![(None, "a@b.example"), (None, "c@d.example")]),
            ("undisclosed-recipients:;", vec![]),
            ("Zhang San a@b.example", vec![(Some("Zhang San"), "a@b.example")]),
            ("=?utf-8?B?5byg5LiJIDxhQGIuZXhhbXBsZT4=?=", vec![(Some("张三"), "a@b.example")]),
            ("<>", vec![]),
        ];
        for (raw, want) in table {
            let got: Vec<_> = addresses(raw.as_bytes());
            let got: Vec<_> = got.iter().map(|a| (a.name.as_deref(), a.address.as_str())).collect();
            assert_eq!(got, want, "{raw}");
        }
    }
}
