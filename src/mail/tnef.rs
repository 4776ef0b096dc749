//! `winmail.dat` (TNEF, MS-OXTNEF): what Outlook sends as rich text: body, message class and attachments with long names.
//!
//! A flat list of attributes, each with a length: one bounded pass. Checksums are not looked at, a cut stream yields what
//! came before. Properties of the message and of attachments are MAPI lists (MS-OXCDATA); the body is plain, HTML or
//! compressed RTF (MS-OXRTFCP), often HTML inside RTF.

mod lzfu;
mod property;
mod rtf;

use super::{charset, header};
use property::{Property, Value};

/// First four bytes (MS-OXTNEF §2.1.3.1).
const SIGNATURE: [u8; 4] = [0x78, 0x9F, 0x3E, 0x22];
const MAX_ATTACHMENTS: usize = 500;

/// What a TNEF stream holds.
#[derive(Debug, Default, PartialEq)]
pub struct Tnef {
    pub subject: Option<String>,
    /// `IPM.Note`, `IPM.Schedule.Meeting.Request`, …
    pub class: String,
    pub body: Option<Body>,
    pub files: Vec<File>,
}

#[derive(Debug, PartialEq)]
pub enum Body {
    Plain(String),
    Html(String),
}

#[derive(Debug, Default, PartialEq)]
pub struct File {
    pub name: Option<String>,
    /// MIME type, when told.
    pub kind: Option<String>,
    pub content_id: Option<String>,
    pub size: usize,
}

/// What is known while reading.
#[derive(Default)]
struct Reading {
    out: Tnef,
    codepage: String,
    plain: Option<String>,
    html: Option<Vec<u8>>,
    html_codepage: Option<String>,
    rtf: Option<Vec<u8>>,
}

/// Reads a stream; None: it is no TNEF.
pub fn read(bytes: &[u8]) -> Option<Tnef> {
    let mut rest = bytes.strip_prefix(&SIGNATURE)?.get(2..)?;
    let mut reading = Reading { codepage: "windows-1252".into(), ..Reading::default() };
    while let [_level, id @ ..] = rest {
        let (Some(id), Some(len)) = (long(id, 0), long(id, 4)) else { break };
        let end = 9usize.saturating_add(len as usize).min(rest.len());
        reading.attribute(id, &rest[9.min(end)..end]);
        rest = rest.get(end + 2..).unwrap_or_default();
    }
    Some(reading.finish())
}

fn long(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
}

impl Reading {
    /// One attribute (MS-OXTNEF §2.1.3.3); unknown ones are passed over.
    fn attribute(&mut self, id: u32, data: &[u8]) {
        match id {
            // attOemCodepage
            0x0006_9007 => self.codepage = long(data, 0).filter(|n| *n > 0).map_or(self.codepage.clone(), |n| format!("cp{n}")),
            // attMessageClass, attSubject, attBody
            0x0007_8008 => self.out.class = self.text(data),
            0x0001_8004 => self.out.subject = Some(self.text(data)),
            0x0002_800C => self.plain = Some(self.text(data)),
            // attMAPIProps
            0x0006_9003 => self.message(&property::list(data)),
            // attAttachRendData begins an attachment
            0x0006_9002 if self.out.files.len() < MAX_ATTACHMENTS => self.out.files.push(File::default()),
            // attAttachTitle, attAttachData
            0x0001_8010 => {
                let name = self.text(data);
                if let Some(file) = self.out.files.last_mut().filter(|f| f.name.is_none()) {
                    file.name = Some(name);
                }
            }
            0x0006_800F => {
                if let Some(file) = self.out.files.last_mut() {
                    file.size = data.len();
                }
            }
            // attAttachment
            0x0006_9005 => self.attachment(&property::list(data)),
            _ => {}
        }
    }

    fn text(&self, data: &[u8]) -> String {
        charset::decode(data.split(|b| *b == 0).next().unwrap_or_default(), Some(&self.codepage)).text
    }

    fn string(&self, value: &Value<'_>) -> String {
        match value {
            Value::Unicode(bytes) => property::utf16(bytes),
            Value::Bytes(bytes) => self.text(bytes),
            Value::Number(_) => String::new(),
        }
    }

    fn message(&mut self, properties: &[Property<'_>]) {
        for property in properties {
            match (property.id, &property.value) {
                // PR_INTERNET_CPID tells the charset of the HTML.
                (0x3FDE, Value::Number(n)) => self.html_codepage = Some(if *n == 65001 { "utf-8".into() } else { format!("cp{n}") }),
                (0x1013, Value::Unicode(bytes)) => self.html = Some(property::utf16(bytes).into_bytes()),
                (0x1013, Value::Bytes(bytes)) => self.html = Some(bytes.to_vec()),
                (0x1009, Value::Bytes(bytes)) => self.rtf = Some(bytes.to_vec()),
                (0x1000, value) => self.plain = Some(self.string(value)),
                (0x0037, value) => self.out.subject = Some(self.string(value)),
                (0x001A, value) => self.out.class = self.string(value),
                _ => {}
            }
        }
    }

    fn attachment(&mut self, properties: &[Property<'_>]) {
        let find = |id: u16| properties.iter().find(|p| p.id == id).map(|p| self.string(&p.value)).filter(|s| !s.is_empty());
        let name = find(0x3707).or_else(|| find(0x3001)).or_else(|| find(0x3704));
        let (kind, content_id) = (find(0x370E), find(0x3712));
        let object = properties.iter().find(|p| p.id == 0x3701).map(|p| match &p.value {
            Value::Bytes(bytes) | Value::Unicode(bytes) => bytes.len(),
            Value::Number(_) => 0,
        });
        let Some(file) = self.out.files.last_mut() else { return };
        file.name = name.or(file.name.take());
        (file.kind, file.content_id) = (kind, content_id);
        if file.size == 0 {
            file.size = object.unwrap_or(0);
        }
    }

    fn finish(self) -> Tnef {
        let mut out = self.out;
        for file in &mut out.files {
            file.name = file.name.take().map(|n| header::clean(&n)).filter(|n| !n.is_empty());
        }
        out.subject = out.subject.map(|s| header::clean(&s)).filter(|s| !s.is_empty());
        let html = self.html.map(|bytes| charset::decode(&bytes, self.html_codepage.as_deref().or(Some("utf-8"))).text);
        let plain = self.plain.filter(|text| !text.trim().is_empty()).map(Body::Plain);
        let rtf = || self.rtf.as_deref().and_then(lzfu::decompress).map(|rtf| rtf::read(&rtf));
        out.body = plain.or_else(|| html.filter(|h| !h.trim().is_empty()).map(Body::Html)).or_else(rtf);
        out
    }
}

/// Text of an RTF document that is a body of its own (`text/rtf`).
pub fn rtf_body(bytes: &[u8]) -> Body {
    rtf::read(bytes)
}

#[cfg(test)]
mod tests;
