//! The words of all pages, Chinese and English side by side, in `templates/pages/text.toml`: `[section] name = [zh, en]`,
//! called `section.name`. Both languages always exist, by the shape of the file; tests prove that templates name known texts.

use crate::case::Language;
use std::collections::BTreeMap;
use std::sync::LazyLock;

const SOURCE: &str = include_str!("../../templates/pages/text.toml");

type Section = BTreeMap<String, [String; 2]>;

static TEXTS: LazyLock<BTreeMap<String, Section>> = LazyLock::new(|| toml::from_str(SOURCE).expect("text.toml is tested"));

/// The text of `section.name`.
pub(super) fn find(key: &str, language: Language) -> Option<&'static str> {
    let (section, name) = key.split_once('.')?;
    let [zh, en] = TEXTS.get(section)?.get(name)?;
    Some(match language {
        Language::Zh => zh,
        Language::En => en,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use regex::Regex;

    #[test]
    fn no_text_is_empty_and_placeholders_agree() {
        let places = Regex::new(r"\{[a-z]+\}").unwrap();
        for (section, texts) in TEXTS.iter() {
            for (name, [zh, en]) in texts {
                assert!(!zh.trim().is_empty() && !en.trim().is_empty(), "{section}.{name}");
                let of = |text: &str| {
                    let mut found: Vec<String> = places.find_iter(text).map(|m| m.as_str().to_string()).collect();
                    found.sort();
                    found
                };
                assert_eq!(of(zh), of(en), "{section}.{name}");
            }
        }
    }

    #[test]
    fn every_word_of_closed_sets_has_a_text() {
        use crate::case::{Priority, Role, Stage, Status};
        use crate::db::{message, outbox};
        let mut keys: Vec<String> = Vec::new();
        keys.extend(Status::ALL.iter().map(|word| format!("status.{word}")));
        keys.extend(Priority::ALL.iter().map(|word| format!("priority.{word}")));
        keys.extend(Stage::ALL.iter().map(|word| format!("stage.{word}")));
        keys.extend(Role::ALL.iter().map(|word| format!("role.{word}")));
        keys.extend(message::State::ALL.iter().map(|word| format!("state.{word}")));
        keys.extend(outbox::OutboxStatus::ALL.iter().map(|word| format!("outbox.{word}")));
        keys.extend(crate::mail::Kind::ALL.iter().map(|word| format!("kind.{word}")));
        for key in keys {
            assert!(find(&key, Language::Zh).is_some(), "{key}");
        }
    }
}
