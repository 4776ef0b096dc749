//! Contact lines (电话, Tel, mail and web addresses) and the block of name, title and company that stands with them at the end.

use super::name;
use crate::mail::phrase::{self, Phrases, is_rule};
use std::sync::LazyLock;

#[rustfmt::skip]
const LABELS: &[&str] = &[
    "电话", "联系电话", "办公电话", "固定电话", "公司电话", "服务电话", "手机", "手机号", "移动电话", "座机", "传真", "邮箱", "电子邮箱", "电子邮件", "邮件", "e-mail", "邮编", "地址", "公司地址", "联系地址", "办公地址", "网址", "网站", "官网", "公司网址", "微信", "微信号", "热线", "服务热线", "客服热线", "公众号", "联系人", "联系方式", "分机", "分机号", "内线", "短号", "直线", "总机", "钉钉", "值班电话", "内线电话", "邮件地址", "联系邮箱", "直拨", "职务", "职位", "title", "position", "job title", "電話", "手機", "傳真", "郵箱", "電郵", "地點", "電子郵件", "携帯", "住所", "担当", "メール",
    "tel", "tel.", "telefon", "telephone", "telefono", "teléfono", "téléphone", "tél", "tél.", "telefax", "phone", "ph", "ph.", "mobile", "mobil", "mob", "mob.", "móvil", "handy", "cell", "cellphone", "cell phone", "office", "direct", "direct line", "desk", "work", "home", "fax", "email", "mail", "address", "add", "add.", "adresse", "web", "website", "www", "url", "http", "https", "qq", "wechat", "whatsapp", "skype", "linkedin", "twitter", "facebook", "instagram", "youtube", "github", "blog", "ext", "t", "m", "p", "f", "e", "w", "d", "o", "a", "c", "h", "t.", "m.", "p.", "f.", "e.", "w.", "toll free", "hotline", "voip", "sip", "icq", "jabber", "gpg", "pgp", "fingerprint", "ust-id", "ust-idnr", "hrb", "amtsgericht", "sitz der gesellschaft", "registergericht", "handelsregister", "geschäftsführer", "siret", "vat",
];
static WORDS: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(&[LABELS]));

/// Whether a line tells how to reach somebody.
pub fn is_contact(line: &str, buffer: &mut String) -> bool {
    let trimmed = line.trim_matches(|c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '|' | '*'
                    | '_'
                    | '•'
                    | '·'
                    | '>'
                    | '<'
                    | '['
                    | ']'
                    | '('
                    | ')'
                    | '（'
                    | '）'
                    | '☎'
                    | '📞'
                    | '📱'
                    | '✉'
                    | '🌐'
                    | '-'
                    | '–'
            )
    });
    if trimmed.is_empty() || trimmed.len() > 240 {
        return false;
    }
    // `ACME Ltd | +44 20 7946 0000 | www.acme.example`: one piece tells it.
    if trimmed.contains(" | ") && trimmed.len() < 160 && trimmed.split(" | ").any(|piece| is_reach(piece.trim())) {
        return true;
    }
    if is_address(trimmed) || is_web(trimmed) || is_number(trimmed) {
        return true;
    }
    let folded = phrase::fold(trimmed, buffer);
    let end = folded.find([':', '|', '/', '(', '+', '0', '1', '4', '8', '#']).unwrap_or(0);
    let label: String = folded[..end].chars().filter(|c| !c.is_whitespace() || c.is_ascii()).collect();
    let tight: String = if label.is_ascii() { label.trim().to_string() } else { label.chars().filter(|c| *c != ' ').collect() };
    if tight.is_empty() || !WORDS.contains(&tight) {
        return false;
    }
    let rest = folded[end..].trim_start_matches([':', '|', ' ', '/']);
    let digits = rest.bytes().filter(u8::is_ascii_digit).count();
    let colon = folded[end..].starts_with([':', '|', '/']);
    let names_number = matches!(
        tight.as_str(),
        "work" | "home" | "office" | "direct" | "desk" | "a" | "c" | "d" | "e" | "f" | "h" | "m" | "o" | "p" | "t" | "w"
    );
    // Short or common words need a number, an address or a site behind them.
    let reachable = digits >= 5 || rest.contains('@') || rest.contains("www") || rest.contains("http") || rest.contains(".com");
    (colon && !rest.is_empty() && (!names_number || reachable)
        || digits >= 6 && !matches!(tight.as_str(), "地址" | "address" | "add" | "qq" | "url" | "http" | "https"))
        && !rest.ends_with(['?', '。'])
}

fn is_reach(piece: &str) -> bool {
    is_web(piece) || is_number(piece) || piece.contains('@') && is_address(piece)
}

/// Nothing but a mail address (or a name with one).
fn is_address(line: &str) -> bool {
    let Some(at) = line.find('@') else { return false };
    let last = line.rsplit([' ', '<', '|']).next().unwrap_or("");
    at > 0
        && !line.starts_with("cid:")
        && last.contains('@')
        && last.contains('.')
        && line.split(' ').count() <= 3
        && !line.ends_with(['?', '？', '。'])
}

fn is_web(line: &str) -> bool {
    let lower = line.get(..8.min(line.len())).unwrap_or("").to_ascii_lowercase();
    (lower.starts_with("http://") || lower.starts_with("https://") || lower.starts_with("www.")) && !line.contains(' ')
}

/// Nothing but a telephone number.
fn is_number(line: &str) -> bool {
    let digits = line.bytes().filter(u8::is_ascii_digit).count();
    (7..=16).contains(&digits)
        && line.len() <= 28
        && line.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | ' ' | '(' | ')' | '/' | '.' | '（' | '）' | '转'))
        && (line.starts_with(['+', '0', '(', '（'])
            || digits == 11 && line.starts_with('1')
            || line.contains('-') && digits >= 10
            || line.starts_with("400")
            || line.starts_with("800"))
        && !line.contains(". ")
        && line.matches('.').count() < 3
}

/// Where the contact block at the end of `lines` begins.
pub fn start(lines: &[&str], buffer: &mut String) -> Option<usize> {
    let n = lines.len();
    let floor = n.saturating_sub(18);
    let (mut top, mut markers, mut named, mut plain, mut at) = (n, 0usize, 0usize, 0usize, n);
    while at > floor {
        at -= 1;
        let line = lines[at].trim();
        if !line.is_empty() && line.chars().all(|c| matches!(c, '|' | ' ')) {
            // The bars of the NetEase signature card.
            top = if markers > 0 { at } else { top };
        } else if line.is_empty() {
            // One blank line inside the block, only above markers or names.
            let above = if at > floor { lines[at - 1].trim() } else { "" };
            // `Works.` above the block is the answer.
            let is_said = above.ends_with(['!', '?', '。', '！', '？']) || above.ends_with('.') && !above.contains(' ');
            if markers + named == 0
                || above.is_empty()
                || is_said
                || !(is_contact(above, buffer) || name::is_organisation(above) && markers >= 1 || name::is_person(above) && markers >= 1)
            {
                break;
            }
        } else if is_contact(line, buffer) {
            markers += 1;
            top = at;
        } else if is_rule(line) && markers > 0 {
            return Some(at);
        } else if markers > 0 && plain < 6 && name::is_short_han(line) {
            plain += 1;
            named += 1;
            top = at;
        } else if plain < 6 && (name::is_person(line) || name::is_organisation(line) || name::is_date(line)) {
            plain += 1;
            named += usize::from(!name::is_date(line));
            if markers > 0 {
                top = at;
            }
        } else if markers >= 2 && is_slogan_below(lines, at, line) {
            top = at;
        } else {
            break;
        }
    }
    if markers == 0 { named_block(lines) } else { accept(lines, top, markers, named > 0, buffer) }
}

/// A company's motto inside a block of contact lines.
fn is_slogan_below(lines: &[&str], at: usize, line: &str) -> bool {
    at + 1 < lines.len() && at > 0 && phrase::width(line) <= 60 && name::is_person(lines[at - 1])
}

fn accept(lines: &[&str], top: usize, markers: usize, named: bool, buffer: &mut String) -> Option<usize> {
    let before = lines[..top].iter().rev().find(|l| !l.trim().is_empty()).map_or("", |l| l.trim());
    if before.ends_with(['：', ':']) && !super::footer::is_footer(before, buffer) {
        return None;
    }
    if is_form(&lines[..top]) {
        return None;
    }
    // A block names somebody or has two ways to reach him; alone, a number is an answer.
    let enough = if top == 0 { markers >= 2 && lines.len() >= 3 && named } else { named || markers >= 2 };
    // A list of web addresses is what the customer refers to.
    let only_web = !named && lines[top..].iter().all(|l| l.trim().is_empty() || is_web(l.trim()));
    (enough && !only_web).then_some(top)
}

/// Whether `label: value` lines right above belong to a list that a line with a colon announces: the contact lines are its rest.
fn is_form(lines: &[&str]) -> bool {
    for (rows, line) in lines.iter().rev().take(20).map(|l| l.trim()).enumerate() {
        let Some(colon) = line.find([':', '：']) else { return false };
        let is_last = colon + line[colon..].chars().next().map_or(1, char::len_utf8) == line.len();
        if is_last {
            return rows > 0;
        }
        if phrase::width(&line[..colon]) > 30 {
            return false;
        }
    }
    false
}

/// A person's name above organisation lines at the end, without any number.
fn named_block(lines: &[&str]) -> Option<usize> {
    let n = lines.len();
    let top = n - lines[n.saturating_sub(6)..].iter().rev().take_while(|l| !l.trim().is_empty()).count();
    let block = &lines[top..];
    if top == 0 || block.len() < 2 || block.len() > 5 {
        return None;
    }
    let fits = |l: &&str| name::is_person(l) || name::is_organisation(l) || name::is_date(l);
    let persons = block.iter().filter(|l| name::is_person(l) && !name::is_company(l)).count();
    let organisations = block.iter().filter(|l| name::is_company(l) || name::is_organisation(l) && !name::is_person(l)).count();
    let dated = name::is_date(block[block.len() - 1]);
    let before = lines[..top].iter().rev().find(|l| !l.trim().is_empty()).map_or("", |l| l.trim());
    (block.iter().all(fits) && (1..=2).contains(&persons) && (organisations >= 1 || dated) && !before.ends_with([':', '：'])).then_some(top)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        for (line, want) in [
            ("电话：021-5555 0100", true),
            ("Tel: +86 21 5555", true),
            ("T: +49 30 123456 | M: +49 170 123456", true),
            ("邮　箱：a@b.example", true),
            ("a@b.example", true),
            ("www.acme.example", true),
            ("13800000000", true),
            ("+1 (555) 010-0100", true),
            ("手机13800000000", true),
            ("17763.1397", false),
            ("10.0.17763.1397", false),
            ("2020-10-12 10:11", false),
            ("Mail: it does not arrive", true),
            ("Home: Windows 10", false),
            ("please mail me at a@b.example", false),
            ("m: x", false),
        ] {
            assert_eq!(is_contact(line, &mut String::new()), want, "{line}");
        }
    }
}
