//! Sections about the desk itself: `[desk]`, `[[product]]`, `[[tool]]`, `[case_number]`, `[tracking_token]`, `[matching]`, `[stage_words]`.

use super::read::Reader;
use crate::app::TokenSettings;
use crate::case::{Language, Stage};
use crate::draft::{Desk, Product, Tool};
use crate::mail::{self, Address};
use crate::triage::{self, Numbering};

const LANGUAGES: &[(&str, Language)] = &[("zh", Language::Zh), ("en", Language::En)];

/// Who writes, in which language, at which time.
pub struct Who {
    pub from: Address,
    /// Lower case, with `from`.
    pub own_addresses: Vec<String>,
    pub language: Language,
    pub time_zone: String,
}

pub fn who(root: &Reader<'_>) -> Who {
    let desk = root.section("desk");
    let address = desk.required("address", "the address our mails come from, like \"support@desk.example\"");
    let mut own_addresses = vec![address.to_lowercase()];
    if !address.is_empty() && !is_address(&address) {
        desk.problem("address", format!("expected an address like support@desk.example, found \"{address}\""));
    }
    for other in desk.texts("other_addresses", &[]) {
        if !is_address(&other) {
            desk.problem("other_addresses", format!("expected addresses like support@desk.example, found \"{other}\""));
        }
        own_addresses.push(other.to_lowercase());
    }
    let time_zone = desk.text("time_zone", "Asia/Shanghai");
    if let Err(error) = jiff::tz::TimeZone::get(&time_zone) {
        desk.problem("time_zone", format!("expected an IANA name like Asia/Shanghai, found \"{time_zone}\" ({error})"));
    }
    let name = desk.text_option("from_name").or_else(|| desk.text_option("name"));
    if name.as_deref().is_some_and(|n| n.chars().any(char::is_control)) {
        desk.problem("from_name", "a name in a header has no line breaks or control characters");
    }
    Who { from: Address { name, address }, own_addresses, language: desk.choice("language", LANGUAGES, Language::Zh), time_zone }
}

/// What templates and articles see.
pub fn desk(root: &Reader<'_>, language: Language, uses_tokens: bool, has_survey: bool) -> Desk {
    let usual = Desk::default();
    let desk = root.section("desk");
    Desk {
        name: desk.text("name", ""),
        language,
        hotline: desk.text("hotline", ""),
        portal: desk.text("portal", ""),
        scope_zh: desk.text("scope_zh", &usual.scope_zh),
        scope_en: desk.text("scope_en", &usual.scope_en),
        signature: desk.texts("signature", &[]),
        tracking_token: uses_tokens,
        survey: has_survey,
        products: root.list("product").iter().map(product).collect(),
        tools: tools(root, usual.tools),
    }
}

fn product(one: &Reader<'_>) -> Product {
    Product {
        name: one.required("name", "the product as answers name it"),
        branch: u32::try_from(one.integer("branch", 0, 0..=99_999)).unwrap_or(0),
        portal: one.text_option("portal"),
        aliases: one.texts("aliases", &[]),
    }
}

/// Own `[[tool]]` entries replace the built-in list.
fn tools(root: &Reader<'_>, usual: Vec<Tool>) -> Vec<Tool> {
    let entries = root.list("tool");
    let own =
        entries.iter().map(|one| Tool { name: one.required("name", "the program as answers name it"), aliases: one.texts("aliases", &[]) });
    let own: Vec<Tool> = own.collect();
    if own.is_empty() { usual } else { own }
}

/// Prefix and first number of cases that casemate numbers, and whether it does.
pub fn numbers(root: &Reader<'_>) -> (Numbering, String, i64) {
    let section = root.section("case_number");
    let words = [("subject", Numbering::Subject), ("casemate", Numbering::Casemate)];
    let prefix = section.text("prefix", "CAS");
    if !(2..=10).contains(&prefix.len()) || !prefix.bytes().all(|b| b.is_ascii_uppercase()) {
        section.problem("prefix", format!("expected 2 to 10 capital letters, found \"{prefix}\""));
    }
    (section.choice("numbering", &words, Numbering::Casemate), prefix, section.integer("start", 1, 0..=99_999))
}

pub fn token(root: &Reader<'_>) -> Option<TokenSettings> {
    let section = root.section("tracking_token");
    let is_enabled = section.flag("enabled", true);
    let prefix = section.text("prefix", "CMIT:");
    check_token_prefix(&section, "prefix", &prefix);
    let user_digits = section.integer("user_digits", 3, 1..=10);
    let user = section.integer("user", 1, 0..=9_999_999_999);
    if user >= 10_i64.pow(u32::try_from(user_digits).unwrap_or(0)) {
        section.problem("user", format!("{user} has more than user_digits = {user_digits} digits"));
    }
    let counter_digits = section.integer("counter_digits", 3, 1..=9);
    let digits = |n: i64| u8::try_from(n).unwrap_or(1);
    is_enabled.then(|| TokenSettings { prefix, user, user_digits: digits(user_digits), counter_digits: digits(counter_digits) })
}

fn check_token_prefix(section: &Reader<'_>, key: &str, prefix: &str) {
    let letters = prefix.strip_suffix(':').unwrap_or_default();
    if letters.is_empty() || letters.len() > 19 || !letters.bytes().all(|b| b.is_ascii_alphabetic()) {
        section.problem(key, format!("expected up to 19 letters and a colon like CMIT:, found \"{prefix}\""));
    }
}

/// How mails are read and matched: what the parser and triage are told.
pub fn matching(root: &Reader<'_>, who: &Who, numbering: Numbering, max_bytes: usize) -> (mail::Settings, triage::Settings, i64) {
    let section = root.section("matching");
    let window_days = section.integer("window_days", 90, 1..=3650);
    let token_prefixes = section.texts("token_prefixes", &[]);
    for prefix in &token_prefixes {
        check_token_prefix(&section, "token_prefixes", prefix);
    }
    let usual = triage::Settings::default();
    let freemail = section.texts("freemail_domains", &[]);
    let freemail_domains = usual.freemail_domains.into_iter().chain(freemail.iter().map(|d| d.to_lowercase())).collect();
    let words = root.section("stage_words");
    let stage_words = Stage::ALL.iter().flat_map(|stage| words.texts(stage.as_str(), &[]).into_iter().map(|word| (word, *stage))).collect();
    let own_addresses = who.own_addresses.clone();
    (
        mail::Settings { own_addresses: own_addresses.clone(), token_prefixes, stage_words, case_number_patterns: Vec::new(), max_bytes },
        triage::Settings { own_addresses, freemail_domains, default_language: who.language, desk_language: who.language, numbering },
        window_days,
    )
}

/// Good enough to catch a slip; the relay has the last word.
fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let is_plain = |c: char| !c.is_whitespace() && !c.is_control() && !matches!(c, '<' | '>' | ',' | ';' | '"');
    !local.is_empty() && !domain.is_empty() && text.chars().all(is_plain) && !domain.starts_with('.') && !domain.ends_with('.')
}
