//! Writing a letter as a mail client would: charset, transfer encoding, quoting, headers.

use super::words::Person;
use base64::Engine as _;

/// The mail clients whose habits are imitated.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Client {
    /// GBK bytes under the label gb2312, base64, text only.
    Foxmail,
    /// gb2312, text and HTML, `答复:`.
    OutlookZh,
    /// gb18030, text and HTML, `回复：` with the full-width colon.
    Qq,
    /// UTF-8, base64, text and HTML, `Re:`.
    Coremail,
    /// UTF-8, 8 bit, text only.
    Thunderbird,
    /// UTF-8, quoted-printable, text only.
    Phone,
    /// UTF-8, text and quoted-printable HTML.
    OutlookEn,
}

impl Client {
    pub fn reply_prefix(self) -> &'static str {
        match self {
            Client::OutlookZh => "答复: ",
            Client::Qq => "回复：",
            Client::Phone => "回复: ",
            Client::OutlookEn => "RE: ",
            Client::Foxmail | Client::Coremail | Client::Thunderbird => "Re: ",
        }
    }
    fn label(self) -> &'static str {
        match self {
            Client::Foxmail | Client::OutlookZh => "gb2312",
            Client::Qq => "gb18030",
            _ => "utf-8",
        }
    }
    fn mailer(self) -> &'static str {
        match self {
            Client::Foxmail => "X-Mailer: Foxmail 7.2.25.331[cn]",
            Client::OutlookZh | Client::OutlookEn => "X-Mailer: Microsoft Outlook 16.0",
            Client::Qq => "X-Mailer: QQMail 2.x",
            Client::Coremail => "X-Mailer: Coremail Webmail Server Version XT5.0.14 build 20230109(dffbbf79)",
            Client::Thunderbird => "User-Agent: Mozilla Thunderbird",
            Client::Phone => "X-Mailer: iPhone Mail (22F76)",
        }
    }
    fn has_html(self) -> bool {
        matches!(self, Client::OutlookZh | Client::Qq | Client::Coremail | Client::OutlookEn)
    }
    /// Message-ID in the client's style; `n` is unique.
    pub fn message_id(self, n: u64, domain: &str) -> String {
        match self {
            Client::Foxmail => format!("20260723{n:020}@{domain}"),
            Client::OutlookZh | Client::OutlookEn => format!("{n:012x}$4f0c2b10$ed248130$@{domain}"),
            Client::Qq => format!("tencent_{n:032X}@{domain}"),
            Client::Coremail => format!("{n:x}.a71.19f8b3a2d46.Coremail.user@{domain}"),
            Client::Thunderbird => format!("{n:08x}-5b1a-4f0e-9f57-2b8f6e0d4c11@{domain}"),
            Client::Phone => format!("{n:08X}-0C1D-4E6B-A8F3-7D1B2C3E4F50@{domain}"),
        }
    }
}

/// What a person answers to, for the quotation.
#[derive(Debug, Clone)]
pub struct Quoted {
    pub from: String,
    pub subject: String,
    pub text: String,
}

/// A letter before it is a mail.
#[derive(Debug, Clone)]
pub struct Letter {
    pub client: Client,
    pub from: Person,
    pub subject: String,
    /// UTC milliseconds.
    pub at: i64,
    pub message_id: String,
    pub in_reply_to: Option<String>,
    pub references: Vec<String>,
    pub text: String,
    pub quoted: Option<Quoted>,
    /// Further header lines without line end.
    pub extra: Vec<String>,
    /// Bytes of an attachment.
    pub attachment: Option<Vec<u8>>,
}

/// The raw mail, CRLF line ends.
pub fn write(letter: &Letter) -> Vec<u8> {
    let (client, label) = (letter.client, letter.client.label());
    let mut out = String::new();
    let mut line = |l: &str| {
        out.push_str(l);
        out.push_str("\r\n");
    };
    line(&format!("Date: {}", date(letter.at)));
    line(&format!("From: {} <{}>", word(&letter.from.name, label), letter.from.address));
    line("To: <support@desk.example>");
    line(&format!("Subject: {}", words(&letter.subject, label)));
    line(&format!("Message-ID: <{}>", letter.message_id));
    if let Some(id) = &letter.in_reply_to {
        line(&format!("In-Reply-To: <{id}>"));
    }
    if !letter.references.is_empty() {
        let ids: Vec<String> = letter.references.iter().map(|r| format!("<{r}>")).collect();
        line(&format!("References: {}", ids.join("\r\n ")));
    }
    letter.extra.iter().for_each(|h| line(h));
    line("MIME-Version: 1.0");
    line(client.mailer());
    let text = format!("{}{}", letter.text, letter.quoted.as_ref().map(|q| quote(client, q, letter.at)).unwrap_or_default());
    let mut raw = out.into_bytes();
    raw.extend(body(letter, &text));
    raw
}

fn body(letter: &Letter, text: &str) -> Vec<u8> {
    let (client, label) = (letter.client, letter.client.label());
    let plain = leaf("text/plain", label, client, text);
    let readable = if client.has_html() {
        let html = leaf("text/html", label, client, &html(client, text));
        multipart("alternative", &format!("=_alt_{}", letter.at), &[plain, html])
    } else {
        plain
    };
    let Some(bytes) = &letter.attachment else { return readable };
    let head = "Content-Type: application/zip; name=\"CBS.zip\"\r\nContent-Disposition: attachment; filename=\"CBS.zip\"\r\nContent-Transfer-Encoding: base64\r\n\r\n";
    let part = [head.as_bytes(), fold(&b64(bytes)).as_bytes()].concat();
    multipart("mixed", &format!("=_mix_{}", letter.at), &[readable, part])
}

fn multipart(kind: &str, boundary: &str, parts: &[Vec<u8>]) -> Vec<u8> {
    let mut out =
        format!("Content-Type: multipart/{kind};\r\n\tboundary=\"{boundary}\"\r\n\r\nThis is a multi-part message in MIME format.\r\n\r\n")
            .into_bytes();
    for part in parts {
        out.extend(format!("--{boundary}\r\n").bytes());
        out.extend_from_slice(part);
        out.extend(b"\r\n");
    }
    out.extend(format!("--{boundary}--\r\n").bytes());
    out
}

fn leaf(kind: &str, label: &str, client: Client, text: &str) -> Vec<u8> {
    let text = text.replace('\n', "\r\n");
    let (encoding, content) = match client {
        Client::Thunderbird => ("8bit", text.into_bytes()),
        Client::Phone | Client::OutlookEn => ("quoted-printable", quoted_printable(&text).into_bytes()),
        _ => ("base64", fold(&b64(&encode(&text, label))).into_bytes()),
    };
    let mut out = format!("Content-Type: {kind};\r\n\tcharset=\"{label}\"\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n").into_bytes();
    out.extend(content);
    out
}

fn html(client: Client, text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let (open, close) = match client {
        Client::OutlookZh | Client::OutlookEn => ("<p class=MsoNormal>", "<o:p></o:p></p>"),
        _ => ("<div>", "</div>"),
    };
    let lines: Vec<String> = escaped.lines().map(|l| format!("{open}{}{close}", if l.is_empty() { "&nbsp;" } else { l })).collect();
    format!(
        "<html><head><style>p.MsoNormal{{margin:0cm;font-size:10.5pt}}</style></head><body lang=ZH-CN>\n{}\n</body></html>",
        lines.join("\n")
    )
}

/// The quotation in the client's manner (first lines as seen in practice).
fn quote(client: Client, q: &Quoted, at: i64) -> String {
    let (when, quoted) = (civil(at - 3_600_000), q.text.lines().map(|l| format!("> {l}\n")).collect::<String>());
    let labels = |colon: &str| {
        format!(
            "发件人{colon} {}\n发送时间{colon} {when}\n收件人{colon} support@desk.example\n主题{colon} {}\n\n{}",
            q.from, q.subject, q.text
        )
    };
    match client {
        Client::Foxmail => format!("\n\n--------------\nFrom: {}\nDate: {when}\nTo: support\nSubject: {}\n{}\n", q.from, q.subject, q.text),
        Client::OutlookZh => format!("\n\n-----邮件原件-----\n{}\n", labels(":")),
        Client::Qq => format!("\n\n\n------------------ 原始邮件 ------------------\n{}\n", labels(":")),
        Client::Coremail => format!("\n\n\n在 {when}:57，\"{}\" <support@desk.example> 写道：\n{quoted}", q.from),
        Client::Thunderbird => format!("\n\n在 {when}, {} 写道:\n{quoted}", q.from),
        Client::Phone => format!("\n\n发自我的 iPhone\n\n> 在 {when}，{} <support@desk.example> 写道：\n> \n{quoted}", q.from),
        Client::OutlookEn => {
            format!("\n\nFrom: {}\nSent: {when}\nTo: support@desk.example\nSubject: {}\n\n{}\n", q.from, q.subject, q.text)
        }
    }
}

/// `Thu, 23 Jul 2026 09:12:44 +0800`.
fn date(at: i64) -> String {
    local(at).strftime("%a, %d %b %Y %H:%M:%S +0800").to_string()
}
fn civil(at: i64) -> String {
    local(at).strftime("%Y-%m-%d %H:%M").to_string()
}
fn local(at: i64) -> jiff::Zoned {
    jiff::Timestamp::from_millisecond(at).expect("a time of this century").to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8)))
}

/// Bytes in the charset of that label, as the client writes them: gb2312 is GBK in practice.
fn encode(text: &str, label: &str) -> Vec<u8> {
    encoding_rs::Encoding::for_label(label.as_bytes()).expect("a known label").encode(text).0.into_owned()
}
fn b64(bytes: &[u8]) -> String {
    base64::engine::general_purpose::STANDARD.encode(bytes)
}
fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 38 + 2);
    for chunk in text.as_bytes().chunks(76) {
        out.push_str(std::str::from_utf8(chunk).expect("base64 is ASCII"));
        out.push_str("\r\n");
    }
    out
}

fn word(text: &str, label: &str) -> String {
    match text.is_ascii() {
        true => text.to_owned(),
        false => format!("=?{label}?B?{}?=", b64(&encode(text, label))),
    }
}

/// Encoded words (RFC 2047 §2) of at most 30 bytes before encoding, one a line, split between characters.
fn words(text: &str, label: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let (mut out, mut run) = (Vec::new(), String::new());
    for c in text.chars() {
        if run.len() + c.len_utf8() > 30 {
            out.push(word_of(&std::mem::take(&mut run), label));
        }
        run.push(c);
    }
    out.push(word_of(&run, label));
    out.join("\r\n ")
}
fn word_of(text: &str, label: &str) -> String {
    format!("=?{label}?B?{}?=", b64(&encode(text, label)))
}

/// RFC 2045 §6.7, lines of at most 76 characters.
fn quoted_printable(text: &str) -> String {
    let mut out = String::new();
    for line in text.split("\r\n") {
        let mut column = 0;
        for byte in line.bytes() {
            let is_plain = (0x21..=0x7E).contains(&byte) && byte != b'=' || byte == b' ';
            let width = if is_plain { 1 } else { 3 };
            if column + width > 73 {
                out.push_str("=\r\n");
                column = 0;
            }
            match is_plain {
                true => out.push(byte as char),
                false => out.push_str(&format!("={byte:02X}")),
            }
            column += width;
        }
        out.push_str("\r\n");
    }
    out
}
