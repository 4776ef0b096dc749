//! The names that mail clients give to the containers of quotes, forwarded mails and signatures, in `class`, `id`, `name` and
//! `data-` attributes.
//!
//! A name is found anywhere in the value, because those that pass a mail on put something before it (`x_` Outlook, `m_-123`
//! Gmail, `ydp5…` Yahoo, `v1` Roundcube, `ecx` Hotmail). Words that anybody may use (`Signature`, `quote`) must stand alone.

use super::attribute::Attributes;
use aho_corasick::{AhoCorasick, AhoCorasickKind};
use std::sync::LazyLock;

/// What a container holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The quoted mail.
    Quote,
    /// An attribution and a blockquote, and what is typed below and between the pieces of that.
    Attributed,
    /// The header of a quoted mail, which is all that follows.
    Header,
    /// The same, when a header really follows.
    MaybeHeader,
    /// A mail passed on as content.
    Forwarded,
    Signature,
    /// A signature in which people type their answer.
    LooseSignature,
}

const NAMES: &[(&str, Role)] = &[
    // Gmail, and the many that copy it
    ("gmail_quote", Role::Attributed),
    ("gmail_signature", Role::Signature),
    // Outlook desktop for Mac, on the web, on telephones; Hotmail
    ("divRplyFwdMsg", Role::Header),
    ("appendonsend", Role::MaybeHeader),
    ("mail-editor-reference-message-container", Role::Quote),
    ("ms-outlook-mobile-reference-message", Role::Quote),
    ("OLK_SRC_BODY_SECTION", Role::Quote),
    ("stopSpelling", Role::MaybeHeader),
    ("ms-outlook-mobile-signature", Role::LooseSignature),
    ("ms-outlook-ios-signature", Role::LooseSignature),
    // Yahoo
    ("yahoo_quoted", Role::Quote),
    // Apple
    ("AppleMailSignature", Role::LooseSignature),
    ("lineBreakAtBeginningOfSignature", Role::LooseSignature),
    // Thunderbird
    ("moz-cite-prefix", Role::Quote),
    ("moz-forward-container", Role::Forwarded),
    ("moz-signature", Role::Signature),
    // ProtonMail, Tutanota, Skiff
    ("protonmail_quote", Role::Attributed),
    ("protonmail_signature_block", Role::Signature),
    ("tutanota_quote", Role::Attributed),
    ("skiff_quote", Role::Attributed),
    // Zoho
    ("zmail_extra", Role::Quote),
    ("Zm-_Id_-Sgn", Role::Signature),
    // Zimbra
    ("__QUOTED_TEXT__", Role::Attributed),
    ("__HEADERS__", Role::Quote),
    ("zwchr", Role::MaybeHeader),
    // Roundcube
    ("reply-intro", Role::Quote),
    ("_rc_sig", Role::Signature),
    // QQ, WeCom
    ("original-content", Role::Quote),
    // NetEase
    ("ntes-mailmaster-quote", Role::Quote),
    ("isForwardContent", Role::Forwarded),
    ("imail_signature", Role::Signature),
    ("ntes-signature", Role::Signature),
    ("ntes_signature", Role::Signature),
    ("spnEditorSign", Role::Signature),
    ("neteasefooter", Role::Signature),
    // Coremail
    ("origbody", Role::Quote),
    // 139
    ("replySplit", Role::Header),
    ("reply139content", Role::Quote),
    ("139_replyContainer", Role::Quote),
    ("signContainer", Role::LooseSignature),
    // Aliyun, DingTalk
    ("alimail-quote", Role::Quote),
    ("__aliyun_signature_wrap", Role::Signature),
    // Feishu, Lark
    ("history-quote-wrapper", Role::Quote),
    ("lark-mail-quote", Role::Quote),
    ("lark-mail-signature", Role::Signature),
    // Spark, Superhuman, Airmail, Edison, Front, Missive, Infomaniak, K-9, Evolution, Samsung
    ("messageReplySection", Role::Quote),
    ("messageSignatureSection", Role::Signature),
    ("sh-quoted-content", Role::Quote),
    ("sh-signature", Role::Signature),
    ("airmail_on", Role::Quote),
    ("bloop_sign", Role::Signature),
    ("edo-original", Role::Quote),
    ("edo-signature", Role::Signature),
    ("front-blockquote", Role::Attributed),
    ("front-signature", Role::Signature),
    ("missive_quote", Role::Attributed),
    ("ik_mail_quote", Role::Quote),
    ("editorUserSignature", Role::Signature),
    ("k9mail-signature", Role::Signature),
    ("-x-evo-signature", Role::Signature),
    ("composer_signature", Role::LooseSignature),
    // Help desks
    ("freshdesk_quote", Role::Quote),
    ("outreach-quote", Role::Quote),
];

/// Names that must be the whole word.
const WORDS: &[(&str, Role)] = &[
    ("quote", Role::Quote),
    ("signature", Role::LooseSignature),
    ("x_signature", Role::LooseSignature),
    ("mail-footer", Role::LooseSignature),
];

static FINDER: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let names = NAMES.iter().map(|(name, _)| name);
    AhoCorasick::builder().ascii_case_insensitive(true).kind(Some(AhoCorasickKind::ContiguousNFA)).build(names).expect("constant")
});

/// The role that the attributes give, if any.
pub fn role(attributes: &Attributes<'_>) -> Option<Role> {
    [attributes.class, attributes.id, attributes.name, attributes.data]
        .into_iter()
        .find_map(named)
        .or_else(|| WORDS[..1].iter().find(|(word, _)| attributes.name.eq_ignore_ascii_case(word)).map(|(_, role)| *role))
        .or_else(|| {
            WORDS[1..]
                .iter()
                .find(|(word, _)| attributes.id.eq_ignore_ascii_case(word) || attributes.class.eq_ignore_ascii_case(word))
                .map(|(_, role)| *role)
        })
        .or_else(|| is_yahoo_signature(attributes.class).then_some(Role::Signature))
}

fn named(value: &str) -> Option<Role> {
    if value.len() < 5 || value.len() > 400 || value.starts_with("Mso") {
        return None;
    }
    let found = FINDER.find(value)?;
    Some(NAMES[found.pattern().as_usize()].1)
}

/// `ydp3f1e2signature`
fn is_yahoo_signature(class: &str) -> bool {
    class.starts_with("ydp") && class.ends_with("signature")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles() {
        let of = |text| role(&Attributes::read(text));
        for (text, want) in [
            (" class=\"gmail_quote gmail_quote_container\"", Some(Role::Attributed)),
            (" class=\"x_gmail_quote\"", Some(Role::Attributed)),
            (" id=\"m_-8801divRplyFwdMsg\"", Some(Role::Header)),
            (" ID='DIVRPLYFWDMSG'", Some(Role::Header)),
            (" id=3D\"divRplyFwdMsg\"", Some(Role::Header)),
            (" name=\"quote\"", Some(Role::Quote)),
            (" class=\"quote\"", None),
            (" id=\"Signature\"", Some(Role::LooseSignature)),
            (" class=\"signature-pad\"", None),
            (" data-marker=\"__QUOTED_TEXT__\"", Some(Role::Attributed)),
            (" id=\"ydp12yahoo_quoted_34\"", Some(Role::Quote)),
            (" class=\"ydp1a2bsignature\"", Some(Role::Signature)),
            (" class=\"MsoNormal\"", None),
            (" style=\"gmail_quote\"", None),
        ] {
            assert_eq!(of(text), want, "{text}");
        }
    }
}
