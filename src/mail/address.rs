//! Address lists (RFC 5322 §3.4) read leniently: groups, quoted names with commas, missing brackets, `;` as separator (QQ),
//! whole mailboxes inside one encoded word. Never fails; what holds no `@` is left out.

use super::Address;
use super::header::{clean, decode_words, to_text};
use std::borrow::Cow;

/// Addresses of one raw header value; at most 1,000.
pub fn addresses(raw: &[u8]) -> Vec<Address> {
    let text = to_text(raw);
    let found = parse_list(&text);
    if found.is_empty() && text.contains("=?") {
        return parse_list(&decode_words(&text));
    }
    found
}

/// The sender: the first address, else a name or local part alone (`root`, `张三`) with what `Sender` and the like know.
/// `listed`: the addresses of `from`.
pub fn sender(from: Option<&[u8]>, listed: &[Address], others: impl Iterator<Item = Address>) -> Option<Address> {
    if let Some(first) = listed.first() {
        return Some(first.clone());
    }
    let name = from.and_then(|raw| display_name(to_text(raw).trim().trim_matches(['<', '>'])));
    let mut others = others;
    match (others.next(), name) {
        (Some(other), name) => Some(Address { name: name.or(other.name), address: other.address }),
        // Seen in practice (cron, MAILER-DAEMON): a local part alone.
        (None, Some(local)) if local.len() <= 64 && local.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-+".contains(&b)) => {
            Some(Address { name: None, address: local })
        }
        _ => None,
    }
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
/// A quote or comment that is never closed opens nothing; a bracket that holds an address ends at the comma.
fn split_list(text: &str) -> Vec<&str> {
    let (mut out, mut start) = (Vec::new(), 0);
    let (mut quoted, mut escaped, mut angle, mut comment) = (false, false, None, 0usize);
    let quotes_pair = closes_quotes(text);
    let last_close = text.rfind(')').unwrap_or(0);
    let holds = |angle: Option<usize>, at: usize| angle.is_some_and(|open| !text[open..at].contains('@') || is_route(&text[open..at]));
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted || comment > 0 => escaped = true,
            '"' if comment == 0 && quotes_pair => quoted = !quoted,
            _ if quoted => {}
            '(' if at < last_close => comment += 1,
            ')' => comment = comment.saturating_sub(1),
            '<' if comment == 0 => angle = Some(at),
            '>' => angle = None,
            ',' | ';' if comment == 0 && !holds(angle, at) => {
                out.push(&text[start..at]);
                (start, angle) = (at + 1, None);
            }
            // A wide comma may stand in a name.
            '，' | '；' if comment == 0 && !holds(angle, at) && text[start..at].contains('@') => {
                out.push(&text[start..at]);
                (start, angle) = (at + c.len_utf8(), None);
            }
            ':' if comment == 0 && angle.is_none() && !text[start..at].contains('@') => start = at + 1,
            _ => {}
        }
    }
    out.push(&text[start..]);
    out
}

/// `<@relay,@relay:a@b>` (RFC 822 §6.1): commas belong to the route.
fn is_route(bracket: &str) -> bool {
    bracket[1..].trim_start().starts_with('@') && !bracket.contains(':')
}

fn closes_quotes(text: &str) -> bool {
    let (mut quoted, mut escaped) = (false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ => {}
        }
    }
    !quoted
}

fn parse_one(piece: &str) -> Option<Address> {
    let piece = piece.trim();
    if let Some(open) = piece.rfind('<') {
        let inner = &piece[open + 1..];
        let (inner, after) = inner.split_once('>').unwrap_or((inner, ""));
        if let Some(address) = addr_spec(inner) {
            let name = display_name(&piece[..open]).or_else(|| display_name(after.trim().trim_start_matches('(').trim_end_matches(')')));
            return Some(Address { name, address });
        }
        // Seen in practice: the address before an empty or foreign bracket (`a@b <>`).
        return piece[..open].contains('@').then(|| parse_one(piece[..open].trim_end_matches('<'))).flatten();
    }
    let (outside, comment) = without_comments(piece);
    if let Some(address) = addr_spec(&outside) {
        return Some(Address { name: comment.and_then(display_name), address });
    }
    // Seen in practice: a name and an address without brackets.
    let token = outside.split_whitespace().rev().find(|t| t.contains('@'))?;
    let address = addr_spec(token)?;
    let name = display_name(&outside.replace(token, " ")).or_else(|| comment.and_then(display_name));
    Some(Address { name, address })
}

/// What stands outside comments, and the last comment.
fn without_comments(text: &str) -> (Cow<'_, str>, Option<&str>) {
    let (Some(open), Some(close)) = (text.find('('), text.rfind(')')) else {
        return match text.split_once('(') {
            Some((outside, comment)) => (Cow::Borrowed(outside), Some(comment)),
            None => (Cow::Borrowed(text), None),
        };
    };
    if open > close {
        return (Cow::Borrowed(text), None);
    }
    let comment = &text[open + 1..close];
    let comment = comment.rsplit_once(')').map_or(comment, |(_, last)| last.trim_start().trim_start_matches('('));
    (Cow::Owned(format!("{} {}", &text[..open], &text[close + 1..])), Some(comment))
}

/// A phrase (RFC 5322 §3.2.5) as shown: quotes and escapes undone, encoded words decoded.
fn display_name(raw: &str) -> Option<String> {
    let raw = raw.trim();
    let bare = raw.strip_prefix('"').and_then(|r| r.strip_suffix('"')).unwrap_or(raw).trim();
    if bare.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b' ' | b'.' | b'-' | b'_')) {
        return (!bare.is_empty()).then(|| bare.to_string());
    }
    let mut plain = String::with_capacity(raw.len());
    let mut chars = raw.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' if chars.peek().is_some_and(|next| matches!(next, '"' | '\\' | '(' | ')' | '\'')) => plain.extend(chars.next()),
            '"' => {}
            c => plain.push(c),
        }
    }
    let decoded = clean(&decode_words(&plain));
    let name = decoded.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | ','));
    // Outlook's single quotes surround; others belong to the name (`'Gina' via Helpdesk`).
    let name = name.strip_prefix('\'').and_then(|n| n.strip_suffix('\'')).unwrap_or(name).trim().to_string();
    let name = name.strip_prefix('(').and_then(|n| n.strip_suffix(')')).map_or(name.clone(), |n| n.trim().to_string());
    (!name.is_empty()).then_some(name)
}

/// `wu(office)@b.example(comment)`: comments may stand anywhere (RFC 5322 §3.2.2).
fn uncommented(spec: &str) -> Cow<'_, str> {
    if !spec.contains('(') || spec.starts_with('"') {
        return Cow::Borrowed(spec);
    }
    let mut depth = 0usize;
    Cow::Owned(
        spec.chars()
            .filter(|c| match c {
                '(' => {
                    depth += 1;
                    false
                }
                ')' => {
                    depth = depth.saturating_sub(1);
                    false
                }
                _ => depth == 0,
            })
            .collect(),
    )
}

/// Where the `@` of a spec stands that needs no mending: letters, digits and the usual signs on both sides.
fn plain_at(spec: &[u8]) -> Option<usize> {
    let at = memchr::memchr(b'@', spec)?;
    let is_plain = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b'+');
    let (local, domain) = (&spec[..at], &spec[at + 1..]);
    let ends = domain.first().is_some_and(|b| *b != b'.') && domain.last().is_some_and(|b| *b != b'.');
    (ends && !local.is_empty() && spec.len() <= 320 && local.iter().all(is_plain) && domain.iter().all(is_plain)).then_some(at)
}

/// Addr-spec with the domain in lower case; None without exactly a local part and a domain.
fn addr_spec(raw: &str) -> Option<String> {
    if let Some(at) = plain_at(raw.as_bytes()) {
        let mut spec = raw.to_string();
        spec[at..].make_ascii_lowercase();
        return Some(spec);
    }
    let spec = clean(&decode_words(raw));
    let spec = uncommented(spec.trim());
    let spec = spec.trim();
    let spec = spec.strip_prefix("mailto:").or_else(|| spec.strip_prefix("MAILTO:")).unwrap_or(spec);
    // A source route (RFC 822 §6.1) says nothing of the address.
    let spec = if spec.starts_with('@') { spec.split_once(':').map_or(spec, |(_, address)| address) } else { spec };
    let (local, domain) = spec.rsplit_once('@')?;
    let domain = domain.trim().trim_matches(|c: char| matches!(c, '"' | '\'' | '<' | '>' | ',' | '.') || c.is_whitespace());
    let domain = if domain.starts_with('[') { domain } else { domain.trim_end_matches(']') };
    let local = local.trim();
    let is_quoted = local.len() > 2 && local.starts_with('"') && local.ends_with('"');
    let local = if is_quoted { local } else { local.trim_matches(|c| matches!(c, '"' | '\'' | '[' | ']' | '<' | '>')) };
    let foreign = |c: char| c.is_whitespace() || matches!(c, ',' | '<' | '>');
    if spec.len() > 320 || (!is_quoted && local.contains(foreign)) || domain.contains(foreign) {
        return None;
    }
    (!local.is_empty() && !domain.is_empty()).then(|| format!("{local}@{}", domain.to_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists() {
        type Pair = (Option<&'static str>, &'static str);
        let table: Vec<(&str, Vec<Pair>)> = vec![
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
            ("\"张三\"<a@b.example>", vec![(Some("张三"), "a@b.example")]),
            ("Zhang <a@b.example, Li <c@d.example>", vec![(Some("Zhang"), "a@b.example"), (Some("Li"), "c@d.example")]),
            ("\"Zhang San <a@b.example>, c@d.example", vec![(Some("Zhang San"), "a@b.example"), (None, "c@d.example")]),
            ("\"Zhang\" \"San\" <a@b.example>", vec![(Some("Zhang San"), "a@b.example")]),
            ("Zhang San (Dept (East)) <a@b.example>", vec![(Some("Zhang San (Dept (East))"), "a@b.example")]),
            ("(the boss) a@b.example", vec![(Some("the boss"), "a@b.example")]),
            ("<a@b.example> (Zhang San)", vec![(Some("Zhang San"), "a@b.example")]),
            ("Smith (unclosed <a@b.example>, c@d.example", vec![(Some("Smith (unclosed"), "a@b.example"), (None, "c@d.example")]),
            ("<@relay.example,@other.example:a@b.example>", vec![(None, "a@b.example")]),
            ("\"john doe\"@b.example", vec![(None, "\"john doe\"@b.example")]),
            ("张三 <a@b.example>；李四 <c@d.example>", vec![(Some("张三"), "a@b.example"), (Some("李四"), "c@d.example")]),
            ("a@b.example <a@b.example>", vec![(Some("a@b.example"), "a@b.example")]),
            ("'Zhang San' <mailto:a@b.example>", vec![(Some("Zhang San"), "a@b.example")]),
            ("Zhang [a@b.example]", vec![(Some("Zhang"), "a@b.example")]),
            ("a@[192.0.2.1]", vec![(None, "a@[192.0.2.1]")]),
            ("O\\'Neil <a@b.example>", vec![(Some("O'Neil"), "a@b.example")]),
            ("=?utf-8?Q?a=40b.example?=", vec![(None, "a@b.example")]),
            ("Wu <wu(office)@b.example(comment)>", vec![(Some("Wu"), "wu@b.example")]),
            ("\"'Gina' via Desk\" <a@b.example>", vec![(Some("'Gina' via Desk"), "a@b.example")]),
            ("Zhang San", vec![]),
        ];
        for (raw, want) in table {
            let got: Vec<_> = addresses(raw.as_bytes());
            let got: Vec<_> = got.iter().map(|a| (a.name.as_deref(), a.address.as_str())).collect();
            assert_eq!(got, want, "{raw}");
        }
    }

    #[test]
    fn senders() {
        let other = || vec![Address { name: None, address: "s@b.example".into() }].into_iter();
        for (from, others, want) in [
            (Some("A <a@b.example>"), true, Some((Some("A"), "a@b.example"))),
            (Some("张三"), true, Some((Some("张三"), "s@b.example"))),
            (None, true, Some((None, "s@b.example"))),
            (Some("<MAILER-DAEMON>"), false, Some((None, "MAILER-DAEMON"))),
            (Some("张三"), false, None),
            (None, false, None),
        ] {
            let from = from.map(str::as_bytes);
            let listed = from.map(addresses).unwrap_or_default();
            let got = sender(from, &listed, other().filter(|_| others));
            assert_eq!(got.as_ref().map(|a| (a.name.as_deref(), a.address.as_str())), want, "{from:?}");
        }
    }
}
