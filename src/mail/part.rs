//! One part of a message as its headers describe it, whatever they look like: type (RFC 2045 §5), disposition and name
//! (RFC 2183, RFC 2231 and what clients write instead), transfer encoding, Content-ID.

use super::header::{self, Parameters};
use super::transfer::{self, Encoding};
use mailparse::ParsedMail;

/// A part and what its headers say.
pub struct Part<'a> {
    pub parsed: &'a ParsedMail<'a>,
    /// MIME type, lower case, never empty.
    pub kind: String,
    /// Parameters of the Content-Type.
    pub typed: Parameters,
    pub disposition: Parameters,
    pub encoding: Encoding,
}

impl<'a> Part<'a> {
    pub fn read(parsed: &'a ParsedMail<'a>) -> Part<'a> {
        let parameters = |name: &str| header::first(&parsed.headers, name).map(header::parameters);
        let typed = parameters("Content-Type");
        let kind = match &typed {
            Some(typed) => kind_of(&typed.value),
            // The parser knows the default of multipart/digest.
            None if parsed.ctype.mimetype.is_empty() => "text/plain".into(),
            None => parsed.ctype.mimetype.clone(),
        };
        let encoding = header::first(&parsed.headers, "Content-Transfer-Encoding")
            .map_or(Encoding::None, |raw| transfer::encoding(&header::parameters(raw).value));
        Part {
            parsed,
            kind,
            typed: typed.unwrap_or_default(),
            disposition: parameters("Content-Disposition").unwrap_or_default(),
            encoding,
        }
    }

    /// Body bytes as they stand in the mail, still transfer-encoded.
    pub fn body(&self) -> &'a [u8] {
        let headers = self.parsed.get_headers().get_raw_bytes().len();
        self.parsed.raw_bytes.get(headers..).unwrap_or_default()
    }

    pub fn is_attached(&self) -> bool {
        self.disposition.value == "attachment"
    }

    /// File name as shown: without directories; None when the sender gave none.
    pub fn name(&self) -> Option<String> {
        let (given, typed) = (self.disposition.get("filename"), self.typed.get("name"));
        // Seen in practice (gateways): one of the two names damaged to `????.doc`.
        let name = match (given, typed) {
            (Some(given), Some(typed)) if is_damaged(given) && !is_damaged(typed) => typed,
            (given, typed) => given.or(typed).or_else(|| self.disposition.get("name"))?,
        };
        let name = without_directories(name).trim();
        (!name.is_empty()).then(|| header::floor(name, 500).to_string())
    }

    /// Content-ID without brackets.
    pub fn content_id(&self) -> Option<String> {
        let raw = header::first(&self.parsed.headers, "Content-ID")?;
        let id = header::decode(raw).trim().trim_matches(['<', '>', '"']).to_string();
        (!id.is_empty()).then_some(id)
    }
}

fn is_damaged(name: &str) -> bool {
    name.contains('\u{fffd}') || name.contains("??")
}

/// Paths lose their directories; a slash inside a plain name (`2020/10 report.pdf`) does too: it is never part of a file name.
fn without_directories(name: &str) -> &str {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    if last.trim().is_empty() { name.trim_matches(['/', '\\']) } else { last }
}

/// The type of a value that may be garbage: `text`, `html`, `text/`, `plain/text`; unknown words are text (RFC 2045 §5.2).
fn kind_of(value: &str) -> String {
    match value.split_once('/') {
        Some((main, sub)) if !main.is_empty() && !sub.is_empty() => match value {
            "plain/text" | "text/txt" => "text/plain".into(),
            "text/htm" | "html/text" => "text/html".into(),
            _ => value.to_string(),
        },
        _ => match value.trim_matches('/') {
            "html" | "htm" => "text/html".into(),
            "multipart" => "multipart/mixed".into(),
            "application" | "image" | "audio" | "video" => "application/octet-stream".into(),
            _ => "text/plain".into(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn garbage_types() {
        for (value, want) in [
            ("text/html", "text/html"),
            ("text", "text/plain"),
            ("html", "text/html"),
            ("text/", "text/plain"),
            ("", "text/plain"),
            ("multipart", "multipart/mixed"),
            ("garbage", "text/plain"),
            ("image", "application/octet-stream"),
        ] {
            assert_eq!(kind_of(value), want, "{value}");
        }
    }

    #[test]
    fn names() {
        for (headers, want) in [
            ("Content-Disposition: attachment; filename=\"C:\\\\temp\\\\a.log\"", Some("a.log")),
            ("Content-Disposition: attachment; filename=/etc/passwd", Some("passwd")),
            (
                "Content-Disposition: attachment; filename=\"????.doc\"\nContent-Type: x/y; name=\"=?gb2312?B?srm2oQ==?=.doc\"",
                Some("补丁.doc"),
            ),
            ("Content-Type: x/y; name=\"only here.doc\"", Some("only here.doc")),
            ("Content-Disposition: attachment; filename=\"\"", None),
            ("Content-Disposition: attachment; name=x.txt", Some("x.txt")),
        ] {
            let raw = format!("{headers}\n\nbody");
            let parsed = mailparse::parse_mail(raw.as_bytes()).unwrap();
            assert_eq!(Part::read(&parsed).name().as_deref(), want, "{headers}");
        }
    }
}
