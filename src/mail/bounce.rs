//! Bounces: delivery reports (RFC 3464) first, then the texts of Exchange, Gmail, Postfix, Exim, qmail, QQ, NetEase, Coremail.

use super::Bounce;
use super::mime::Content;
use regex::Regex;
use std::sync::LazyLock;

fn regex(text: &str) -> Regex {
    Regex::new(text).expect("constant")
}

static STATUS: LazyLock<Regex> = LazyLock::new(|| regex(r"(?:^|[^\d.])([245]\.\d{1,2}\.\d{1,3})(?:[^\d.]|\.?$|\.\s)"));
static CODE: LazyLock<Regex> = LazyLock::new(|| regex(r"(?:^|[\s:：(（])([45]\d\d)[\s-]"));
static ADDRESS: LazyLock<Regex> = LazyLock::new(|| regex(r"[A-Za-z0-9._%+=-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"));
static ID_LINE: LazyLock<Regex> = LazyLock::new(|| regex(r"(?im)^\s*>?\s*Message-ID:\s*<([^<>\s]+)>"));
static SUBJECT: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)退信|退回的?邮件|系统退信|投递失败|邮件投递|发送失败|未送达|无法投递|传递失败|undeliver(?:able|ed)|returned (?:mail|to sender)|delivery (?:status|failure|failed|has failed)|failure notice|mail delivery (?:failed|system|failure|subsystem)|delivery incomplete|not delivered|could not be delivered|delayed:",
    )
});
static BODY: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)无法投递|无法传递|邮件无法|无法送达|被退回|投递失败|退信原因|解决方案|拒收|邮箱已满|user unknown|user not found|no such user|mailbox (?:unavailable|full|not found)|could not be delivered|couldn'?t be delivered|was not delivered|wasn'?t delivered|delivery to the following|permanent (?:fatal )?error|this is the mail system at host|created automatically by mail delivery software|this is the qmail-send program|rcpt is rejected|address (?:not found|rejected)|recipient address|requested mail action not taken|delivery has failed",
    )
});
static DELAYED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)delayed|delivery incomplete|will (?:retry|keep trying|be retried)|temporary (?:problem|failure)|still being retried|延迟|稍后重试|继续尝试",
    )
});

/// Bounce of a delivery report.
pub fn of_report(report: &str, content: &Content) -> Bounce {
    let mut bounce = Bounce::default();
    let mut worst = 0;
    for block in report.split("\n\n") {
        let mut one = Bounce::default();
        for line in block.split('\n') {
            let Some((name, value)) = line.split_once(':') else { continue };
            let value = value.trim();
            match name.trim().to_ascii_lowercase().as_str() {
                "action" => one.action = value.split_whitespace().next().unwrap_or("").to_ascii_lowercase(),
                "status" => one.status = status(value),
                "original-recipient" if one.recipient.is_none() => one.recipient = recipient(value),
                "final-recipient" => one.recipient = recipient(value).or(one.recipient),
                _ => {}
            }
        }
        let rank = match one.action.as_str() {
            "failed" => 4,
            "delayed" => 3,
            "delivered" | "relayed" | "expanded" => 2,
            _ => usize::from(one.recipient.is_some()),
        };
        if rank > worst {
            (worst, bounce) = (rank, one);
        }
    }
    if bounce.action.is_empty() {
        bounce.action = if bounce.status.as_deref().is_some_and(|s| s.starts_with('4')) { "delayed".into() } else { "failed".into() };
    }
    bounce.original_message_id = original_id(content);
    bounce
}

fn recipient(value: &str) -> Option<String> {
    let value = value.rsplit(';').next().unwrap_or(value).trim();
    ADDRESS.find(value).map(|m| m.as_str().to_string())
}

fn status(text: &str) -> Option<String> {
    STATUS.captures(text).map(|hit| hit[1].to_string())
}

fn original_id(content: &Content) -> Option<String> {
    let returned = content.returned.as_ref().and_then(|r| r.message_id.clone());
    returned.or_else(|| ID_LINE.captures(super::header::floor(&content.text, 100_000)).map(|hit| hit[1].to_string()))
}

/// Bounce told in words: the sender is a mail system (or null), and subject or text says so. `own` is who receives it.
pub fn of_text(from: &str, subject: &str, content: &Content, own: &[String], is_null_sender: bool) -> Option<(Bounce, String)> {
    let text = super::header::floor(&content.text, 20_000);
    let local = from.split('@').next().unwrap_or("").to_ascii_lowercase();
    let is_system = local.is_empty()
        || matches!(local.as_str(), "mailer-daemon" | "postmaster" | "mail-daemon" | "mailerdaemon")
        || local.starts_with("mailer-daemon")
        || local.starts_with("microsoftexchange329e71ec")
        || local.contains("postmaster");
    let subject_hit = SUBJECT.find(subject);
    let is_system = is_system || (is_null_sender && subject_hit.is_some());
    if subject_hit.is_none() && !is_system {
        return None;
    }
    let body_hit = BODY.find(text);
    let enough = is_system && (subject_hit.is_some() || body_hit.is_some());
    if !enough {
        return None;
    }
    let skip = |a: &str| {
        own.iter().any(|o| o.eq_ignore_ascii_case(a)) || a.eq_ignore_ascii_case(from) || a.to_ascii_lowercase().starts_with("postmaster@")
    };
    let recipient = ADDRESS.find_iter(text).map(|m| m.as_str()).find(|a| !skip(a)).map(str::to_string);
    let status = status(text).or_else(|| CODE.captures(text).map(|hit| format!("{}.0.0", &hit[1][..1])));
    let is_delayed = DELAYED.is_match(subject) || (status.as_deref().is_some_and(|s| s.starts_with('4')) && DELAYED.is_match(text));
    let action = if is_delayed { "delayed" } else { "failed" };
    let why = match (subject_hit, body_hit) {
        (Some(hit), _) => format!("From {local}, subject \"{}\"", hit.as_str()),
        (_, Some(hit)) => format!("From {local}, text \"{}\"", hit.as_str()),
        _ => String::new(),
    };
    let bounce = Bounce { action: action.into(), status, recipient, original_message_id: original_id(content), reason: String::new() };
    Some((bounce, why))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn report_of_the_worst_recipient() {
        let report = "Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; a@b.example\nAction: delivered\nStatus: 2.0.0\n\nFinal-Recipient: rfc822;c@d.example\nAction: failed\nStatus: 5.1.1 (unknown)\n";
        let got = of_report(report, &Content::default());
        assert_eq!((got.action.as_str(), got.status.as_deref(), got.recipient.as_deref()), ("failed", Some("5.1.1"), Some("c@d.example")));
    }

    #[test]
    fn words_need_a_mail_system() {
        let content = Content { text: "邮件无法投递给 a@b.example，550 5.1.1 User not found".into(), ..Content::default() };
        let got = of_text("PostMaster@qq.example", "来自qq.com的退信", &content, &[], false).map(|(b, _)| b);
        assert_eq!(got.and_then(|b| b.recipient).as_deref(), Some("a@b.example"));
        assert!(of_text("zhang@x.example", "退信的问题", &content, &[], false).is_none());
    }
}
