//! Where each fact of a draft comes from: the place in the mail that names it, and what the catalogue says to it. For "why", not for templates.

use crate::case::Language;
use crate::catalog::Catalog;
use crate::mail::{self, Mail, Mentions};
use crate::triage::Reason;

/// Facts of one kind that are told of.
const MAX_FACTS: usize = 20;

/// One reason `fact.source` for each KB number, error code, build and product that the mail names.
pub fn sources(mail: &Mail, catalog: &Catalog, language: Language) -> Vec<Reason> {
    let say = |zh: &str, en: &str| if language == Language::Zh { zh.to_owned() } else { en.to_owned() };
    let places: [(String, Mentions); 3] = [
        (say("主题", "subject"), mail::mentions(&[&mail.subject.text])),
        (say("正文", "text"), mail::mentions(&[&mail.reply_text])),
        (say("引文", "quoted text"), mail.mentions.clone()),
    ];
    type Kind = fn(&Mentions) -> &Vec<String>;
    let kinds: [Kind; 4] = [|m| &m.kb, |m| &m.error_codes, |m| &m.builds, |m| &m.products];
    let mut found = Vec::new();
    for kind in kinds {
        for fact in kind(&mail.mentions).iter().take(MAX_FACTS) {
            let named = |(_, mentions): &&(String, Mentions)| kind(mentions).contains(fact);
            // What the mail itself says makes quoting of no account.
            let own: Vec<&str> = places[..2].iter().filter(named).map(|(place, _)| place.as_str()).collect();
            let place = if own.is_empty() { places[2].0.clone() } else { own.join(&say("、", ", ")) };
            let text = match (known(fact, catalog, language), language) {
                (Some(known), Language::Zh) => format!("{fact}：{place}；{known}"),
                (Some(known), Language::En) => format!("{fact}: {place}; {known}"),
                (None, Language::Zh) => format!("{fact}：{place}"),
                (None, Language::En) => format!("{fact}: {place}"),
            };
            found.push(Reason { name: "fact.source".to_owned(), text });
        }
    }
    found.extend(mail.log_lines.iter().take(MAX_FACTS).filter_map(|line| {
        let code = line.code.as_ref()?;
        let file = line.attachment.as_deref().unwrap_or_default();
        let text = if file.is_empty() { say("正文中的日志", "log lines in the text") } else { file.to_owned() };
        let colon = say("：", ": ");
        Some(Reason { name: "fact.source".to_owned(), text: format!("{code}{colon}{text}") })
    }));
    found
}

/// What the catalogue says to a KB number, a build or an error code. None: it is a product.
fn known(fact: &str, catalog: &Catalog, language: Language) -> Option<String> {
    let zh = language == Language::Zh;
    if fact.starts_with("KB") {
        return Some(match (catalog.kb(fact).map(|update| update.released), zh) {
            (Some(Some(day)), true) => format!("更新目录：{day} 发布"),
            (Some(Some(day)), false) => format!("catalogue: released {day}"),
            (Some(None), true) => "更新目录：已发布".to_owned(),
            (Some(None), false) => "catalogue: released".to_owned(),
            (None, true) => "更新目录中没有".to_owned(),
            (None, false) => "not in the catalogue".to_owned(),
        });
    }
    if fact.starts_with("0x") {
        return Some(match (catalog.error(fact).map(|error| error.name.as_str()), zh) {
            (Some(name), true) => format!("错误代码表：{name}"),
            (Some(name), false) => format!("error table: {name}"),
            (None, true) => "错误代码表中没有".to_owned(),
            (None, false) => "not in the error table".to_owned(),
        });
    }
    let update = catalog.build(fact)?;
    Some(if zh { format!("更新目录：{}", update.kb) } else { format!("catalogue: {}", update.kb) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_fact_says_where_it_stands() {
        let raw = "From: a@customer.example\r\nSubject: KB4577668 rollback\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\
                   KB4577668 and KB9999999 fail with 0x800f0922 on 17763.1397.\r\n\r\n\
                   On Thu, 22 Oct 2020 at 14:10, Desk wrote:\r\n> Please install KB4494174 first.\r\n";
        let mail = mail::parse(raw.as_bytes(), &mail::Settings { max_bytes: 1 << 20, ..mail::Settings::default() });
        let catalog = Catalog::shipped().expect("shipped");
        let texts: Vec<String> = sources(&mail, &catalog, Language::En).into_iter().map(|reason| reason.text).collect();
        assert_eq!(texts[0], "KB4577668: subject, text; catalogue: released 2020-10-13");
        assert_eq!(texts[1], "KB9999999: text; not in the catalogue");
        assert!(texts[2].starts_with("KB4494174: quoted text; catalogue: released"), "{texts:?}");
        assert!(texts[3].starts_with("0x800F0922: text; error table: "), "{texts:?}");
        assert!(texts[4].starts_with("17763.1397: text; catalogue: KB"), "{texts:?}");
        let chinese = sources(&mail, &catalog, Language::Zh);
        assert_eq!(chinese[0].text, "KB4577668：主题、正文；更新目录：2020-10-13 发布");
    }
}
