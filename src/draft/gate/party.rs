//! Who else is in the mail: addresses and domains of other cases' people in the text, and recipients that are new.
//!
//! The text is asked first ([`named`]), then the database which of these belong to other cases only; the answer comes back in
//! [`Parties`], and here it is judged.

use super::{Gate, Level, Parties, regex};
use crate::draft::{Kit, Part, Place};
use crate::mail::Mail;
use regex::Regex;
use std::sync::LazyLock;

static ADDRESS: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?i)[a-z0-9](?:[a-z0-9._%+-]{0,62}[a-z0-9_+-])?@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+"));
static DOMAIN: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)(?-u:\b)[a-z0-9][a-z0-9-]{0,62}(?:\.[a-z0-9-]{1,63}){1,5}(?-u:\b)"));

/// Addresses and domains that are looked up for one text, each.
const MOST: usize = 50;
/// Labels of a domain that are looked up: `mail.north.bank.example` may belong to `bank.example`.
const LABELS: std::ops::RangeInclusive<usize> = 2..=4;
/// Ends of file names that read like domains.
const FILES: &[&str] = &[
    "bat", "cab", "cat", "cfg", "cmd", "csv", "cpl", "dat", "dll", "dmp", "doc", "docx", "etl", "evtx", "exe", "inf", "ini", "iso", "log",
    "msc", "msi", "msu", "mum", "pdf", "png", "ps1", "reg", "sys", "txt", "wim", "xls", "xlsx", "xml", "zip",
];

/// Addresses and domains in a text, lower case, in order, bounded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Named {
    pub addresses: Vec<String>,
    pub domains: Vec<String>,
}

/// What a subject and body name, but for what the customer wrote himself and the desk's own pages.
pub fn named(kit: &Kit, subject: &str, body: &str, mail: Option<&Mail>) -> Named {
    let mut named = Named::default();
    let theirs = mail.map(|m| m.text.to_ascii_lowercase()).unwrap_or_default();
    let portals = kit.desk.products.iter().filter_map(|p| p.portal.as_ref()).chain([&kit.desk.portal]);
    let pages = portals.map(|p| p.to_ascii_lowercase()).collect::<Vec<_>>().join("\n");
    let add = |list: &mut Vec<String>, item: &str| {
        let is_open = list.len() < MOST && !theirs.contains(item) && !pages.contains(item);
        if is_open && !list.iter().any(|known| known == item) {
            list.push(item.to_owned());
        }
    };
    for text in [subject, body] {
        let text = text.to_ascii_lowercase();
        ADDRESS.find_iter(&text).for_each(|m| add(&mut named.addresses, m.as_str().trim_end_matches('-')));
        for m in DOMAIN.find_iter(&text) {
            let labels: Vec<&str> = m.as_str().split('.').collect();
            let is_name = labels.last().is_some_and(|l| l.len() > 1 && l.chars().all(|c| c.is_ascii_alphabetic()) && !FILES.contains(l));
            for count in LABELS.filter(|count| is_name && *count <= labels.len()) {
                add(&mut named.domains, &labels[labels.len() - count..].join("."));
            }
        }
    }
    named
}

impl Gate<'_> {
    pub(super) fn check_parties(&mut self, parties: &Parties) {
        let (addresses, domains): (Vec<&String>, Vec<&String>) = parties.foreign.iter().partition(|item| item.contains('@'));
        for address in &addresses {
            let is_ours = parties.own.contains(address) || parties.addresses.contains(address);
            if let Some(at) = self.find(address).filter(|_| !is_ours) {
                let (zh, en) = (format!("出现其他客户的邮箱地址 {address}"), format!("the address of another customer: {address}"));
                self.add("address.foreign", Level::Error, Some(at.place), zh, en);
            }
        }
        for domain in domains {
            let is_said = addresses.iter().any(|a| domain_of(a) == domain);
            let is_ours = parties.own.iter().chain(&parties.addresses).any(|a| domain_of(a) == domain);
            if is_said || is_ours || parties.freemail.contains(domain) {
                continue;
            }
            if let Some(at) = self.find(domain) {
                let level = if at.is_link { Level::Warning } else { Level::Error };
                let (zh, en) = (format!("出现其他客户的域名 {domain}"), format!("the domain of another customer: {domain}"));
                self.add("domain.foreign", level, Some(at.place), zh, en);
            }
        }
        for (part, typed) in [(Part::To, &parties.to), (Part::Cc, &parties.cc)] {
            self.check_recipients(parties, part, typed);
        }
    }

    fn check_recipients(&mut self, parties: &Parties, part: Part, typed: &str) {
        let people = self.facts.mail.iter().flat_map(|m| m.from.iter().chain(&m.reply_to).chain(&m.to).chain(&m.cc));
        let known: Vec<String> = people.map(|p| p.address.to_lowercase()).chain(parties.addresses.iter().cloned()).collect();
        let is_shared = |domain: &str| parties.freemail.iter().any(|f| f == domain);
        for m in ADDRESS.find_iter(typed).take(MOST) {
            let address = m.as_str().to_lowercase();
            let domain = domain_of(&address);
            let is_own = parties.own.contains(&address) || (!is_shared(domain) && parties.own.iter().any(|own| domain_of(own) == domain));
            if is_own || known.contains(&address) {
                continue;
            }
            let is_colleague = !is_shared(domain) && known.iter().any(|k| domain_of(k) == domain);
            let level = if is_colleague { Level::Warning } else { Level::Error };
            let (zh, en) = (format!("新的外部收件人 {address}"), format!("a new recipient from outside this case: {address}"));
            self.add("recipient.outside", level, Some(Place::of(part, typed, m.range())), zh, en);
        }
    }

    /// The first place that says it as a whole word: in a link only when nothing else does.
    fn find(&self, item: &str) -> Option<Found> {
        let in_body = occurrences(self.body, item).into_iter().map(|at| (Part::Body, self.body, at));
        let in_subject = occurrences(self.subject, item).into_iter().map(|at| (Part::Subject, self.subject, at));
        let found = in_subject
            .chain(in_body)
            .map(|(part, text, at)| Found { is_link: is_link(text, at), place: Place::of(part, text, at..at + item.len()) });
        found.min_by_key(|found| found.is_link)
    }
}

struct Found {
    is_link: bool,
    place: Place,
}

fn occurrences(text: &str, item: &str) -> Vec<usize> {
    let is_word = |b: Option<&u8>| b.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'-');
    let lower = text.to_ascii_lowercase();
    let bytes = lower.as_bytes();
    let is_whole = |at: usize| !is_word(at.checked_sub(1).and_then(|before| bytes.get(before))) && !is_word(bytes.get(at + item.len()));
    lower.match_indices(item).map(|(at, _)| at).filter(|at| is_whole(*at)).collect()
}

/// Whether the host at that place follows `://`.
fn is_link(text: &str, at: usize) -> bool {
    text[..at].trim_end_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-')).ends_with("://")
}

fn domain_of(address: &str) -> &str {
    address.rsplit_once('@').map_or("", |(_, domain)| domain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::tests::{kit, request};

    #[test]
    fn what_a_text_names() {
        let (kit, mail) = (kit(), request());
        let body = "请联系zhao@bank.example，或见https://kb.north.other.example/x 与https://support.cmgos.com。运行services.msc，版本17763.1397，查看C:\\CBS.log";
        let named = super::named(&kit, "主题 Zhao@Bank.example", body, Some(&mail));
        assert_eq!(named.addresses, ["zhao@bank.example"]);
        assert_eq!(named.domains, ["bank.example", "other.example", "north.other.example", "kb.north.other.example"]);
        let many: String = (0..200).map(|n| format!("a{n}@d{n}.example ")).collect();
        let bounded = super::named(&kit, "", &many, None);
        assert_eq!((bounded.addresses.len(), bounded.domains.len()), (MOST, MOST));
        let quoting = Mail { text: "我们的邮箱是 Zhao@bank.example".into(), ..mail };
        assert_eq!(super::named(&kit, "", "zhao@bank.example", Some(&quoting)), Named::default(), "the customer's own words");
    }

    #[test]
    fn whole_words_and_links() {
        assert_eq!(occurrences("a.Bank.example bank.examples xbank.example", "bank.example"), [2]);
        assert!(is_link("见https://www.bank.example/", "见https://www.".len()) && !is_link("见www.bank.example", 6));
    }
}
