//! What is hung below a mail by machines: legal disclaimers, virus scanners, mailing lists, ticket systems, `please consider the
//! environment`.
//!
//! Strong phrases end the mail wherever a line begins with them near its end; weak ones (`注意：`, `This e-mail …`) only when
//! the words of a disclaimer follow.

use crate::mail::header::floor;
use crate::mail::phrase::{self, Phrases, is_rule};
use std::sync::LazyLock;

#[rustfmt::skip]
const STRONG: &[&str] = &[
    "please consider the environment", "please think of the environment", "please consider your environmental", "think before you print", "think green", "save paper", "save a tree", "p please consider", "before printing", "please don't print", "do not print this", "this email has been checked for viruses", "this e-mail has been checked for viruses", "this email was checked for viruses", "virus-free.", "this message has been scanned", "this email has been scanned", "this e-mail has been scanned", "scanned by", "checked by avg", "avast! antivirus:", "this message was sent using", "this mail sent through", "this message sent from", "diese e-mail ist frei von viren", "cet e-mail est dépourvu de virus", "ce courrier électronique ne contient aucun virus", "este mensaje no contiene virus", "este correo electrónico no contiene", "este e-mail está livre de vírus", "este email foi escaneado", "questa e-mail è priva di virus", "deze e-mail bevat geen virussen", "ta wiadomość e-mail jest wolna", "данное сообщение не содержит вирус", "det här e-postmeddelandet", "denna e-post är fri från", "vírusmentes", "neobsahuje žádné viry", "avast antivirus:", "outgoing mail is certified", "incoming mail is certified", "internal virus database", "i am using the free version of spamfighter", "e-mail scanned by", "email scanned by", "this mail was scanned", "this message was scanned", "scanned for viruses", "ce message a été vérifié par", "il virus non", "questa e-mail è stata controllata", "este e-mail foi verificado", "este correo electrónico ha sido analizado", "dit e-mailbericht is gecontroleerd", "ta wiadomość została sprawdzona", "это сообщение проверено", "no virus found", "no viruses found", "information from eset", "avast logo", "avg logo", "this email is free from viruses", "cet e-mail a été vérifié", "l'absence de virus", "diese e-mail wurde von avast", "virenfrei.", "libre de virus", "este correo electrónico ha sido comprobado", "本邮件已经过",
    "you received this message because", "you are receiving this", "you're receiving this", "you received this email because", "you have received this message because", "you have received this email because", "to unsubscribe", "unsubscribe from this", "click here to unsubscribe", "if you no longer wish to receive", "to post to this group", "to view this discussion", "to stop receiving", "for more options, visit", "reply to this email directly", "view it on github", "this is an automatically generated", "this message was sent by atlassian", "this message is automatically generated", "visit topic or reply", "to respond, reply to this email", "to respond, visit", "you can reply to this email directly", "manage your subscription", "update your email preferences", "yahoo! groups links", "posted by:", "this email was sent to", "mailing list", "to manage your", "sent to you by", "had a message from", "view/reply online", "group owner:", "links: you receive all messages",
    "您收到此邮件是因为", "你收到此邮件是因为", "您收到此邮件,是因为", "您收到这封邮件是因为", "要退订", "退订请", "如需退订", "取消订阅", "请考虑环境", "请考虑环保", "打印前请", "打印邮件前", "打印本邮件前", "打印本邮件之前", "打印此邮件前", "打印邮件之前", "网易自营", "网易严选", "网易考拉", "【网易", "保护环境", "环保提示", "请勿打印", "为了保护环境", "此邮件已通过", "本邮件经过", "diese nachricht wurde automatisch", "bitte denken sie an die umwelt", "bitte prüfen sie, ob diese", "denken sie an die umwelt", "pensez à l'environnement", "avant d'imprimer", "n'imprimez", "antes de imprimir", "piense en el medio", "pense no meio ambiente", "prima di stampare", "denk aan het milieu", "zanim wydrukujesz", "подумайте об окружающей",
];
#[rustfmt::skip]
const WEAK: &[&str] = &[
    "免责声明", "保密声明", "保密提示", "保密须知", "保密通知", "法律声明", "声明", "重要提示", "重要信息", "郑重声明", "特别声明", "特别提示", "注意", "警告", "机密", "本电子邮件", "此电子邮件", "本邮件", "此邮件", "该邮件", "这封邮件", "本信件", "此信息", "本信息", "本電子郵件", "此電子郵件", "本郵件", "此郵件", "免責聲明", "保密聲明",
    "this e-mail", "this email", "this message", "this communication", "this transmission", "this electronic", "this mail", "the information contained", "the information in this", "the information transmitted", "the contents of this", "the content of this", "information contained in this", "information in this", "any views", "the views", "views expressed", "the sender", "the above", "disclaimer", "legal disclaimer", "legal notice", "email disclaimer", "e-mail disclaimer", "confidentiality", "confidential", "privileged", "private and confidential", "important notice", "important", "important:", "notice", "note:", "nb:", "if you are not the intended", "if you have received this", "if you received this", "unless otherwise", "unless expressly", "warning", "caution", "e-mail is", "internet communications", "please note that this",
    "diese e-mail", "diese email", "diese nachricht", "der inhalt dieser", "die information in", "die in dieser", "dieses e-mail", "vertraulich", "hinweis", "wichtiger hinweis", "haftungsausschluss", "ce message", "ce courriel", "cet e-mail", "cet email", "ce mail", "les informations contenues", "avertissement", "confidentialité", "este mensaje", "este correo", "este e-mail", "aviso legal", "aviso", "la información contenida", "esta mensagem", "as informações", "questo messaggio", "questa e-mail", "questa mail", "le informazioni contenute", "avvertenza", "ai sensi", "deze e-mail", "dit bericht", "dit e-mailbericht", "de informatie", "niniejsza wiadomość", "ta wiadomość", "treść tej wiadomości", "данное сообщение", "это сообщение", "настоящее сообщение", "detta meddelande", "denne e-mail", "denne e-post", "tämä viesti", "本メール", "このメール", "【注意】", "이 메일", "본 메일",
];
#[rustfmt::skip]
const WORDS: &[&str] = &[
    "保密", "机密", "機密", "免责", "免責", "收件人", "收件者", "法律责任", "擅自", "未经授权", "泄露", "披露", "发件人个人", "不代表", "confidential", "intended", "recipient", "privileged", "disclos", "unauthori", "liab", "environment", "copyright", "monitored", "vertraulich", "unbefugt", "empfänger", "confidentiel", "destinataire", "confidencial", "destinatari", "riservat", "vertrouwelijk", "geadresseerde", "poufn", "adresat", "конфиденциальн", "konfidentiell", "fortrolig", "luottamuks", "誤送信", "機密情報",
];
static STRONG_SET: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(&[STRONG]));
static WEAK_SET: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(&[WEAK]));
static ROBOT: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::new(&[&[
        "reply to this email directly",
        "you are receiving this",
        "visit topic or reply",
        "to respond, ",
        "you received this",
        "you're receiving this",
        "view it on",
        "to unsubscribe",
        "this message was sent by",
    ]])
});

/// First line of what machines appended to `lines` (`lines.len()`: nothing).
pub fn start(lines: &[&str], buffer: &mut String) -> usize {
    let from = lines.len().saturating_sub(48);
    for at in from..lines.len() {
        let line = lines[at].trim();
        if line.len() < 6 {
            continue;
        }
        let inner = line.trim_start_matches(|c: char| {
            !c.is_alphanumeric() || {
                c.is_whitespace()
                    || matches!(
                        c,
                        '*' | '_'
                            | '-'
                            | '【'
                            | '['
                            | '('
                            | '（'
                            | '<'
                            | '"'
                            | '\u{1f333}'
                            | '\u{1f331}'
                            | '\u{1f332}'
                            | '#'
                            | '|'
                            | '~'
                            | '='
                    )
            }
        });
        if inner.is_empty() {
            if is_list_rule(lines, at) {
                return at;
            }
            continue;
        }
        if !STRONG_SET.may_begin(inner) && !WEAK_SET.may_begin(inner) {
            continue;
        }
        let folded = phrase::fold(floor(inner, 90), buffer);
        if STRONG_SET.prefix_of(folded).is_some() && (at > 0 || ROBOT.prefix_of(folded).is_none()) {
            return with_rule(lines, at);
        }
        let above = if at == 0 { "" } else { lines[at - 1].trim() };
        let fresh = at > 0
            && (above.is_empty()
                || is_rule(above)
                || above.starts_with("--")
                || line.starts_with(['【', '*', '免', '['])
                || above.len() < 60 && at + 12 > lines.len());
        if fresh && WEAK_SET.prefix_of(folded).is_some() && has_words(&lines[at..], buffer) {
            return with_rule(lines, at);
        }
    }
    lines.len()
}

/// The words of a disclaimer in the first lines; two of them, or one in a short text.
fn has_words(lines: &[&str], buffer: &mut String) -> bool {
    let (mut found, mut bytes) = (0usize, 0usize);
    for line in lines.iter().take(30) {
        let folded = phrase::fold(line, buffer);
        bytes += folded.len();
        found += WORDS.iter().filter(|w| folded.contains(**w)).count();
    }
    // One word in a long text is what a mail may talk about.
    found >= 2 || found == 1 && bytes < 260 && lines.len() <= 4
}

/// Mailman's rule of underscores above the list's name, Google Groups' `-- `, Yahoo's rule.
fn is_list_rule(lines: &[&str], at: usize) -> bool {
    let line = lines[at].trim();
    let below = lines[at + 1..].iter().take(3).find(|l| !l.trim().is_empty()).map_or("", |l| l.trim());
    let lower = floor(below, 200).to_ascii_lowercase();
    is_advert(line, &lines[at + 1..])
        || line.len() >= 10
            && is_rule(line)
            && ["mailing list", "unsubscribe", "yahoo! groups", "邮件列表", "退订", "取消订阅", "to manage", "listinfo"]
                .iter()
                .any(|w| lower.contains(w))
        || line.len() >= 10 && is_rule(line) && lines[at + 1..].iter().take(4).any(|l| l.contains("/mailman/") || l.contains("listinfo"))
}

/// Yahoo's and Hotmail's advertisement: a long rule of underscores, a few lines, a link.
fn is_advert(line: &str, below: &[&str]) -> bool {
    if line.len() < 40 || !line.bytes().all(|b| b == b'_') {
        return false;
    }
    let texts: Vec<&str> = below.iter().map(|l| l.trim()).filter(|l| !l.is_empty()).collect();
    (1..=4).contains(&texts.len())
        && texts.iter().any(|l| l.contains("http") || l.contains("www."))
        && texts.iter().any(|l| l.contains(' '))
}

/// The rule, `-- ` or `—` right above belongs to it.
fn with_rule(lines: &[&str], at: usize) -> usize {
    let Some(above) = lines[..at].iter().rposition(|l| !l.trim().is_empty()) else { return at };
    let line = lines[above].trim();
    if at - above <= 2 && (is_rule(line) || matches!(line, "--" | "—" | "–" | "---")) { above } else { at }
}
