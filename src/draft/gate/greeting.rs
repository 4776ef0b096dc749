//! The name in the greeting: whoever it addresses must be one of this case's people. Names elsewhere in the text prove nothing.

use super::{Gate, Level, Parties, regex};
use crate::mail::Mail;
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

static TITLED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^\s*(?:尊敬的|亲爱的|Dear\s+|Hi\s+|Hello\s+)?(\p{Han}{1,4}?)(?:先生|女士|小姐|老师|经理|主任|处长|科长|部长|局长|院长|书记|博士|教授|总|工)\s*(?:[,，:：!！、]|您好|你好|$)",
    )
});
static BARE: LazyLock<Regex> = LazyLock::new(|| regex(r"^\s*(?:Dear\s+|Hi\s+|Hello\s+)?(\p{Han}{2,4}?)\s*[,，:：]?\s*(?:您好|你好)"));
static LATIN: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?i)^\s*(?:dear|hello|hi)\s+(?:(?:mr|ms|mrs|miss|dr|prof)\.?\s+)?([a-z][a-z .'-]{1,40}?)\s*(?:[,:!，：]|$)"));
/// Greetings that name nobody.
static ANYBODY: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)^\s*(?:dear\s+)?(?:老师|先生|女士|小姐|经理|主任)|各位|大家|领导|同事|客户|用户|团队|同学|贵|公司|中心|管理员|技术|支持|运维|早上|上午|中午|下午|晚上|工程师|(?-u:\b)(?:all|team|sir|sirs|madam|customers?|colleagues?|users?|support|everyone|everybody|both|there|friends?|engineer)(?-u:\b)",
    )
});
/// Longest line of a mail that may be a signature's.
const SHORT: usize = 20;

impl Gate<'_> {
    pub(super) fn check_greeting(&mut self, parties: &Parties) {
        let Some(at) = greeted(self.body) else { return };
        let name = self.body[at.clone()].to_lowercase();
        let people = people(parties, self.facts.mail);
        let is_han = |c: char| ('\u{3400}'..='\u{9fff}').contains(&c);
        let is_known = match name.chars().any(is_han) {
            true => people.contains(&name),
            false => name.split([' ', '.']).any(|word| word.len() > 1 && people.contains(word)),
        };
        if is_known {
            return;
        }
        let names = parties.names.iter().chain(self.facts.mail.iter().flat_map(|m| m.from.iter()).filter_map(|from| from.name.as_ref()));
        let same_script = |c: char| if name.chars().any(is_han) { is_han(c) } else { c.is_ascii_alphabetic() };
        let level = if names.into_iter().any(|known| known.chars().any(same_script)) { Level::Error } else { Level::Warning };
        let shown = &self.body[at.clone()];
        let (zh, en) = (format!("称呼“{shown}”不是本案例的人员"), format!("the greeting names {shown}, who is not known in this case"));
        self.add("name.foreign", level, self.in_body(at), zh, en);
    }
}

/// The name in the first line, when it is a greeting of one person.
fn greeted(body: &str) -> Option<Range<usize>> {
    let start = body.len() - body.trim_start().len();
    let line = body[start..].lines().next().unwrap_or("");
    if line.chars().count() > 60 {
        return None;
    }
    let found = [&TITLED, &BARE, &LATIN].into_iter().find_map(|pattern| pattern.captures(line)?.get(1))?;
    (!ANYBODY.is_match(&line[..found.end()])).then(|| start + found.start()..start + found.end())
}

/// Names, local parts and what may be signatures, lower case.
fn people(parties: &Parties, mail: Option<&Mail>) -> String {
    let mut all = parties.names.join("\n");
    let mut say = |text: &str| {
        all.push('\n');
        all.push_str(text);
    };
    parties.addresses.iter().filter_map(|a| a.split('@').next()).for_each(&mut say);
    for person in mail.iter().flat_map(|m| m.from.iter().chain(&m.reply_to).chain(&m.to).chain(&m.cc)) {
        say(person.name.as_deref().unwrap_or(""));
        say(person.address.split('@').next().unwrap_or(""));
    }
    if let Some(mail) = mail {
        say(mail.signature.as_deref().unwrap_or(""));
        mail.text.lines().filter(|line| line.chars().count() <= SHORT).for_each(&mut say);
    }
    all.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whom_a_greeting_names() {
        let table = [
            ("刘先生, 您好!\n正文", "刘"),
            ("\n尊敬的欧阳经理：\n您好", "欧阳"),
            ("张工，您好！", "张"),
            ("李明，你好", "李明"),
            ("李明您好", "李明"),
            ("Dear Mr. Wang,\n", "Wang"),
            ("Hi Anna Li!", "Anna Li"),
            ("Dear 王女士,", "王"),
            ("Dear John", "John"),
        ];
        for (body, name) in table {
            assert_eq!(greeted(body).map(|at| &body[at]), Some(name), "{body}");
        }
        let nobody = [
            "您好！",
            "各位领导，您好",
            "各位老师：",
            "Dear all,",
            "Hello,",
            "Dear Customer,",
            "上午好",
            "正文第一行",
            "",
            "老师您好",
            "Dear Support Team,",
        ];
        for body in nobody {
            assert_eq!(greeted(body), None, "{body}");
        }
    }
}
