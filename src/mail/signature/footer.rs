//! The line a phone or a mail program puts under every mail: `Sent from my iPhone`, `发自我的华为手机`, `获取 Outlook for iOS`.

use crate::mail::phrase::{self, Phrases};
use std::sync::LazyLock;

/// Beginnings that say it all.
#[rustfmt::skip]
const CERTAIN: &[&str] = &[
    "sent from my", "sent from mail for", "sent from outlook", "sent from yahoo", "sent from samsung", "sent from windows", "sent from proton", "sent from a mobile", "sent from the all new aol", "sent from gmail", "sent from iphone", "sent from ipad", "sent from android", "sent from an android", "sent from a phone", "sent from aol", "sent from myMail", "sent from mobile", "sent from nine", "sent from spark", "sent from airmail", "sent from polymail", "sent from mailbox", "sent from blue", "sent from hotmail", "sent from rogers", "sent from fast", "sent from workspace", "sent from tutanota", "sent from mailspring",
    "sent via", "sent with", "sent using", "sent by", "sent on the", "sent through", "sent while", "get outlook for", "get the outlook", "get bluemail", "get hey", "download outlook", "typed on", "typed with", "written on my", "composed on", "posted via", "please excuse any typo", "please excuse typos", "please excuse the brevity", "please excuse my brevity", "excuse my brevity", "excuse the brevity", "excuse typos", "pardon my brevity", "pardon the brevity", "brevity and typos", "apologies for brevity", "via my", "from my iphone", "from my ipad", "from my android", "from my mobile", "from my phone", "from my samsung", "from my blackberry",
    "envoyé de mon", "envoyé depuis", "envoyé à partir", "envoyé avec", "envoyé d'", "envoyé via", "télécharger outlook", "télécharger pour", "obtenez outlook", "obtenir outlook", "provenance : courrier", "de mon iphone",
    "von meinem", "von unterwegs", "von mobil", "gesendet mit", "gesendet von", "gesendet über", "gesendet aus", "diese nachricht wurde von meinem", "holen sie sich outlook", "outlook für android", "outlook für ios", "mobil gesendet", "mit freundlichen grüßen von meinem",
    "enviado desde", "enviado do", "enviado da", "enviado a partir", "enviado pelo", "enviado por", "enviado con", "enviado via", "enviado de", "enviado vía", "obtener outlook", "obter o outlook", "descargar outlook",
    "inviato da", "inviato dal", "inviato con", "inviato tramite", "scarica outlook", "ottieni outlook", "verzonden vanaf", "verstuurd vanaf", "verzonden met", "verstuurd met", "verzonden via", "outlook voor", "wysłane z", "wysłano z", "wysłane za", "pobierz outlook", "отправлено с", "отправлено из", "послано с", "скачать outlook", "skickat från", "skickades från", "hämta outlook", "sendt fra", "sendt med", "få outlook", "hent outlook", "lähetetty iphone", "lähetetty puhelim", "lähetetty samsung", "lähetetty matka", "hanki outlook", "iphone'umdan", "iphone'dan", "odesláno z", "odoslané z", "az iphone", "küldve az", "elküldve", "được gửi từ", "gửi từ", "trimis de pe",
    "iphoneから送信", "ipadから送信", "androidから送信", "xperiaから送信", "androidスマートフォン", "outlook for ios", "outlook for android", "yahoo!メール", "나의 iphone", "내 iphone", "iphone에서 보냄", "내 ipad", "삼성 갤럭시", "갤럭시에서", "네이버 메일",
    "发自我的", "發自我的", "从我的", "從我的", "来自我的", "來自我的", "发送自我的", "发自手机", "发自iphone", "发自 iphone", "发自华为", "发自小米", "发自网易", "发自新浪", "发自移动", "发自foxmail", "发自 outlook", "发自安卓", "发自android", "来自qq邮箱", "来自 qq邮箱", "来自 qq 邮箱", "来自iphone", "来自 iphone", "来自华为", "来自小米", "来自vivo", "来自oppo", "来自荣耀", "来自网易", "来自 网易", "来自手机", "来自139", "来自189", "来自三星", "来自foxmail", "获取 适用于", "获取适用于", "获取 outlook", "获取outlook", "下载 outlook", "取得 outlook", "取得適用於", "由网易邮箱大师", "由 网易邮箱大师", "网易邮箱大师", "签名由", "簽名由", "来自移动", "发自魅族", "发自oppo", "发自vivo", "发自荣耀", "发自三星", "此邮件由", "本邮件由", "使用网易邮箱大师", "发送自 windows", "发送自 outlook", "发送自", "从 windows", "从windows", "從 windows", "使用 windows", "通过outlook", "通过 outlook", "请原谅手机", "手机发送", "发自wps", "发自钉钉", "来自钉钉", "发自企业微信", "来自企业微信", "使用企业微信", "从手机发送", "發送自", "寄自", "傳送自", "由我的", "从 samsung", "從 samsung", "从 iphone", "从ipad",
];

static FOOTERS: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(&[CERTAIN]));

/// Longest footer, columns.
const WIDEST: usize = 110;

/// Whether a line is such a footer.
pub fn is_footer(line: &str, buffer: &mut String) -> bool {
    if line.len() > 3 * WIDEST || phrase::width(line) > WIDEST {
        return false;
    }
    let inner = line.trim_start_matches(|c: char| {
        c.is_whitespace() || matches!(c, '<' | '(' | '（' | '[' | '【' | '*' | '_' | '-' | '—' | '~' | '^' | '"' | '|')
    });
    if is_token(line.trim()) {
        return true;
    }
    if !FOOTERS.may_begin(inner) {
        return false;
    }
    let folded = phrase::fold(inner, buffer);
    if folded.starts_with("sent from ") && folded.split(' ').count() <= 7 && !folded.ends_with('?') {
        return true;
    }
    let tight: String;
    let folded = if FOOTERS.prefix_of(folded).is_none() && folded.chars().any(phrase::is_han) {
        tight = folded.chars().filter(|c| *c != ' ').collect();
        tight.as_str()
    } else {
        folded
    };
    let Some(found) = FOOTERS.prefix_of(folded) else { return false };
    // `Sent from my desk, is much easier than my phone.` is a sentence.
    if found == "sent from my"
        && folded.ends_with('.')
        && folded.contains(',')
        && !["please", "excuse", "sorry"].iter().any(|w| folded.contains(w))
    {
        return false;
    }
    // `Sent by` and `发送自` begin sentences as well: those are longer.
    let vague = found.len() <= 9
        || found.starts_with("sent ") && !found.ends_with("my")
        || matches!(found, "enviado por" | "elküldve" | "此邮件由" | "本邮件由" | "gửi từ");
    !folded.ends_with(['?', ':']) && (!vague || folded.split(' ').count() <= 8 && !folded.contains("。") && !folded.contains(','))
}

/// What a help desk hangs below to know its thread again: `{#HS:123-4#}`, `ref:_00D30.500D:ref`, `[THREAD ID:…]`.
fn is_token(line: &str) -> bool {
    let line = line.trim_matches(['[', ']', ' ']);
    !line.contains("  ")
        && (line.starts_with("{#") && line.ends_with("#}")
            || line.starts_with("ref:_") && line.ends_with(":ref")
            || line.starts_with("THREAD ID:")
            || line.starts_with("{{ticket") && line.ends_with("}}"))
}

/// Where a footer begins that stands behind a finished sentence on one line.
pub fn behind_sentence(line: &str, buffer: &mut String) -> Option<usize> {
    if line.len() > 3 * WIDEST {
        return None;
    }
    let ends = line.char_indices().filter(|(_, c)| matches!(c, '.' | '!' | '?' | '。' | '！' | '？' | ')' | ' '));
    ends.map(|(at, c)| at + c.len_utf8()).find(|at| {
        let rest = line[*at..].trim_start();
        let begins = [
            "Sent from my ",
            "Sent from Yahoo",
            "Sent from Mail for",
            "Sent via BlackBerry",
            "Get Outlook for",
            "发自我的",
            "發自我的",
            "Von meinem ",
            "Envoyé de mon",
            "Enviado desde mi",
            "Inviato da iP",
        ]
        .iter()
        .any(|word| rest.starts_with(word));
        begins && *at > 0 && rest.len() < 80 && !rest.ends_with(['.', '?']) && is_footer(rest, buffer)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn footers() {
        for (line, want) in [
            ("Sent from my iPhone", true),
            ("<Sent from my Windows Phone>", true),
            ("Sent from Mail for Windows 10", true),
            ("Get Outlook for iOS<https://aka.ms/o0ukef>", true),
            ("Envoyé de mon iPhone", true),
            ("Von meinem iPhone gesendet", true),
            ("Enviado desde mi iPhone", true),
            ("iPhoneから送信", true),
            ("发自我的小米手机", true),
            ("来自 QQ邮箱", true),
            ("发送自 Windows 10 版邮件应用", true),
            ("获取 Outlook for iOS", true),
            ("Sent from the server at night, the report was never seen by the customer", false),
            ("Sent from my desk, is much easier then my mobile phone.", false),
            ("来自深圳的客户反馈补丁失败", false),
            ("此邮件由系统发送，我们没有收到附件，请重新发送。", false),
            ("Von meinem Rechner aus geht es nicht?", false),
        ] {
            assert_eq!(is_footer(line, &mut String::new()), want, "{line}");
        }
    }
}
