//! What the headers say of automatic mail: one pass that collects the names of interest.
//!
//! RFC 3834 §5 (Auto-Submitted), RFC 2919 and 2369 (List-*), and the names vendors invented. Nothing is decided here.

use super::super::header;
use super::name::{self, MAILERS, Sort};
use mailparse::MailHeader;

/// The headers of interest, raw.
#[derive(Debug, Default)]
pub struct Signs<'a> {
    pub submitted: &'a [u8],
    pub precedence: &'a [u8],
    pub content_type: &'a [u8],
    pub content_class: &'a [u8],
    pub failed_recipients: &'a [u8],
    pub suppress: &'a [u8],
    pub original_from: &'a [u8],
    pub original_id: &'a [u8],
    pub list_post: &'a [u8],
    pub list_id: &'a [u8],
    pub return_path: Option<&'a [u8]>,
    /// Header by which a vendor marks an automatic reply.
    pub auto_reply: Option<&'static str>,
    /// Header of bounces alone.
    pub bounce: Option<&'static str>,
    /// Header of mail that a list or a campaign sends.
    pub list: Option<&'static str>,
    /// Header of a newsletter: no person answers so.
    pub campaign: Option<&'static str>,
    /// Header of mail that a machine writes: cron, monitoring, a build.
    pub machine: Option<&'static str>,
    /// Header of a help desk's robot, through which persons write too.
    pub ticket: Option<&'static str>,
    /// Exchange's own agent wrote it: out of office, inbox rules.
    pub agent: Option<&'static str>,
    /// A mail that asks the sender to prove that he is one.
    pub challenge: Option<&'static str>,
    pub own_loop: bool,
    pub has_unsubscribe: bool,
    pub hops: usize,
}

/// Collects the signs.
pub fn read<'a>(headers: &'a [MailHeader<'a>]) -> Signs<'a> {
    let mut signs = Signs::default();
    for header in headers {
        let name = header.get_key_raw().trim_ascii();
        let value = header.get_value_raw();
        // Ordinary mail repeats these most; they are dismissed by their first letter.
        match name.first().map(u8::to_ascii_lowercase) {
            Some(b'x') => signs.extension(name, value),
            Some(b'r') if name.eq_ignore_ascii_case(b"Received") => signs.hops += 1,
            Some(b'a' | b'c' | b'd' | b'f' | b'l' | b'm' | b'o' | b'p' | b'r' | b's') => signs.standard(name, value),
            _ => {}
        }
    }
    signs
}

impl<'a> Signs<'a> {
    fn standard(&mut self, name: &[u8], value: &'a [u8]) {
        let is = |known: &str| name.eq_ignore_ascii_case(known.as_bytes());
        if is("Content-Type") {
            first(&mut self.content_type, value);
        } else if is("Return-Path") {
            self.return_path.get_or_insert(value);
            self.list_sender(value, "Return-Path of a list");
        } else if is("Sender") {
            self.list_sender(value, "Sender of a list");
        } else if is("Auto-Submitted") || is("Autosubmitted") {
            first(&mut self.submitted, value);
        } else if is("Precedence") {
            first(&mut self.precedence, value);
        } else if is("Content-Class") {
            first(&mut self.content_class, value);
        } else if is("List-Id") {
            first(&mut self.list_id, value);
            self.list.get_or_insert("List-Id");
        } else if is("List-Post") {
            first(&mut self.list_post, value);
            self.list.get_or_insert("List-Post");
        } else if is("List-Unsubscribe") {
            self.has_unsubscribe = true;
            self.list.get_or_insert("List-Unsubscribe");
        } else if is("Original-Message-ID") {
            first(&mut self.original_id, value);
        } else if is("Delivered-To") && value.trim_ascii().eq_ignore_ascii_case(b"autoresponder") {
            self.auto_reply.get_or_insert("Delivered-To: Autoresponder");
        } else if let Some((mark, sort)) = name::known(name) {
            self.note(sort, mark);
        }
    }

    fn extension(&mut self, name: &[u8], value: &'a [u8]) {
        let is = |known: &str| name.eq_ignore_ascii_case(known.as_bytes());
        let lower = || String::from_utf8_lossy(value.trim_ascii()).to_ascii_lowercase();
        if is("X-Casemate-Loop") {
            self.own_loop = true;
        } else if is("X-Failed-Recipients") || is("X-Actual-Recipients") {
            first(&mut self.failed_recipients, value);
        } else if is("X-Auto-Response-Suppress") {
            first(&mut self.suppress, value);
        } else if is("X-Auto-Submitted") {
            first(&mut self.submitted, value);
        } else if is("X-Precedence") {
            first(&mut self.precedence, value);
        } else if is("X-Original-From") || is("X-Original-Sender") {
            first(&mut self.original_from, value);
        } else if is("X-Original-Message-ID") {
            first(&mut self.original_id, value);
        } else if is("X-Return-Path") {
            self.return_path.get_or_insert(value);
        } else if is("X-MS-Exchange-Inbox-Rules-Loop") {
            self.agent.get_or_insert("X-MS-Exchange-Inbox-Rules-Loop");
        } else if is("X-MS-Exchange-Generated-Message-Source") {
            self.agent.get_or_insert("X-MS-Exchange-Generated-Message-Source");
        } else if is("X-Apple-Action") && lower().contains("vacation") {
            self.auto_reply.get_or_insert("X-Apple-Action: vacation");
        } else if is("X-POST-MessageClass") && lower().starts_with("9") {
            self.auto_reply.get_or_insert("X-POST-MessageClass: 9; Autoresponder");
        } else if is("X-Mailer") {
            self.mailer(&lower());
        } else if is("X-Loop") || is("X-Bounce-Loop") {
            self.machine.get_or_insert("X-Loop");
        } else if let Some((mark, sort)) = name::known(name)
            && !denies(value)
        {
            self.note(sort, mark);
        }
    }

    /// Mailman's `name-bounces@`, Majordomo's `owner-name@`.
    fn list_sender(&mut self, value: &[u8], mark: &'static str) {
        let value = value.trim_ascii().strip_prefix(b"<").unwrap_or(value.trim_ascii());
        let is_owner = value.get(..6).is_some_and(|start| start.eq_ignore_ascii_case(b"owner-"));
        if is_owner || memchr::memmem::find(value, b"-bounces@").is_some() || memchr::memmem::find(value, b"-bounces+").is_some() {
            self.list.get_or_insert(mark);
        }
    }

    fn mailer(&mut self, mailer: &str) {
        for (_, mark, sort) in MAILERS.iter().filter(|(part, _, _)| mailer.contains(part)) {
            self.note(*sort, mark);
        }
    }

    fn note(&mut self, sort: Sort, mark: &'static str) {
        let slot = match sort {
            Sort::AutoReply => &mut self.auto_reply,
            Sort::Bounce => &mut self.bounce,
            Sort::Campaign => &mut self.campaign,
            Sort::Challenge => &mut self.challenge,
            Sort::List => &mut self.list,
            Sort::Machine => &mut self.machine,
            Sort::Ticket => &mut self.ticket,
        };
        slot.get_or_insert(mark);
    }

    /// `Return-Path: <>`: no person sends so (RFC 5321 §4.5.5).
    pub fn is_null_sender(&self) -> bool {
        self.return_path.is_some_and(|v| {
            let v = v.trim_ascii();
            v == b"<>" || v.to_ascii_lowercase().starts_with(b"<mailer-daemon")
        })
    }

    /// First word of Auto-Submitted, lower case: `no`, `auto-replied`, `auto-generated`, `auto-notified`, what else was written.
    pub fn submitted(&self) -> String {
        word(self.submitted)
    }

    pub fn precedence(&self) -> String {
        word(self.precedence).replace('_', "-")
    }

    pub fn content_type(&self) -> String {
        header::floor(&header::to_text(self.content_type), 2000).to_ascii_lowercase()
    }

    pub fn suppresses(&self) -> bool {
        let value = String::from_utf8_lossy(self.suppress).to_ascii_lowercase();
        ["all", "oof", "autoreply"].iter().any(|w| value.contains(w))
    }
}

fn first<'a>(slot: &mut &'a [u8], value: &'a [u8]) {
    if slot.is_empty() {
        *slot = value;
    }
}

/// A value that says the header does not apply.
fn denies(value: &[u8]) -> bool {
    let value = value.trim_ascii();
    [&b"no"[..], b"false", b"0", b"none", b"off", b"normal"].iter().any(|v| value.eq_ignore_ascii_case(v))
}

/// Words of a value up to a parameter or comment: `auto-replied; owner-email=…`, `Auto_Reply (vacation)`.
fn word(value: &[u8]) -> String {
    let text = header::to_text(value);
    let end = text.find([';', '(', ',']).unwrap_or(text.len());
    header::floor(text[..end].trim().trim_matches(['"', '<', '>']), 60).to_ascii_lowercase()
}
