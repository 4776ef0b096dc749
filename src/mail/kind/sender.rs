//! Who writes, as far as address and name tell: a mail system, somebody official, an address nobody reads, a machine, a person.

use super::super::Address;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sender {
    /// Mail delivery itself: MAILER-DAEMON, Exchange, no address at all.
    Daemon,
    /// Postmasters and administrators: a system or the person behind it.
    Official,
    NoReply,
    /// Cron, monitoring, notifications.
    Machine,
    Person,
}

const DAEMONS: &[&str] =
    &["mailerdaemon", "maildaemon", "mdaemon", "microsoftexchange329e71ec", "maildeliverysystem", "maildeliverysubsystem"];
const DAEMON_NAMES: &[&str] = &[
    "mail delivery s",
    "mail deliver system",
    "mailer-daemon",
    "mailer daemon",
    "mail daemon",
    "maildaemon",
    "delivery subsystem",
    "mail router",
    "internet mail delivery",
    "delivery status notification",
    "inmail service",
    "interscan",
    "mail transport agent",
    "系统退信",
    "退信",
];
const OFFICIAL: &[&str] = &[
    "administrator",
    "admin",
    "mailadmin",
    "sysadmin",
    "system",
    "sys",
    "bounce",
    "bounces",
    "mailmaster",
    "mail",
    "mailer",
    "smtp",
    "smtpd",
    "mta",
    "daemon",
    "uucp",
    "mmdf",
    "abuse",
    "smtpserver",
    "mailserver",
    "exchange",
    "systemadministrator",
    "notice",
    "delivery",
    "mailsystem",
    "emaildelivery",
    "listserv",
    "spamfilter",
    "virusfilter",
    "antivirus",
    "contentfilter",
    "postoffice",
    "gateway",
    "mailgate",
    "webmaster",
    "error",
    "errors",
    "root",
    "returnmail",
    "returned",
    "undeliverable",
];
const OFFICIAL_NAMES: &[&str] = &[
    "postmaster",
    "administrator",
    "system admin",
    "mail system",
    "mail server",
    "mail service",
    "mail gateway",
    "content-filter",
    "mailmarshal",
    "surfcontrol",
    "ironport",
    "groupwise",
    "smtp server",
    "internet mail",
    "mail admin",
    "email system",
    "系统管理员",
    "邮件系统",
    "邮件管理员",
    "microsoft outlook",
    "microsoft exchange",
    "auto-reply",
];
const NO_REPLY: &[&str] = &[
    "noreply",
    "donotreply",
    "dontreply",
    "neverreply",
    "notreply",
    "noresponder",
    "nepasrepondre",
    "nichtantworten",
    "keineantwort",
    "nerepondezpas",
    "naorespond",
    "nonrispondere",
    "unattended",
    "nobody",
];
const MACHINES: &[&str] = &[
    "cron",
    "crond",
    "anacron",
    "wwwdata",
    "apache",
    "httpd",
    "nginx",
    "nagios",
    "icinga",
    "zabbix",
    "munin",
    "logwatch",
    "monit",
    "monitoring",
    "monitor",
    "alert",
    "alerts",
    "alertmanager",
    "grafana",
    "prometheus",
    "jenkins",
    "buildbot",
    "hudson",
    "teamcity",
    "notification",
    "notifications",
    "notify",
    "notifier",
    "newsletter",
    "newsletters",
    "mailman",
    "majordomo",
    "autoresponder",
    "autoreply",
    "autoresponse",
    "vacation",
    "scanner",
    "backup",
    "dmarcreport",
    "noc",
    "mailinglist",
    "updates",
];

/// Class of a From address; `None`: there is none.
pub fn sender(from: Option<&Address>) -> Sender {
    let Some(from) = from else { return Sender::Daemon };
    let local = from.address.rsplit_once('@').map_or(from.address.as_str(), |(l, _)| l);
    let local: String = local.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).take(80).collect();
    let name = from.name.as_deref().unwrap_or("").to_lowercase();
    if local.is_empty() || DAEMONS.iter().any(|d| local.starts_with(d)) || DAEMON_NAMES.iter().any(|d| name.contains(d)) {
        return Sender::Daemon;
    }
    if is_no_reply(from.address.split('@').next().unwrap_or(""), &local)
        || ["no-reply", "noreply", "do not reply"].iter().any(|n| name == *n)
    {
        return Sender::NoReply;
    }
    if MACHINES.contains(&local.as_str())
        || name.starts_with("cron daemon")
        || local.ends_with("alerts")
        || local.ends_with("notifications")
    {
        return Sender::Machine;
    }
    let is_official = local.contains("postmaster") || OFFICIAL.contains(&local.as_str()) || OFFICIAL_NAMES.iter().any(|o| name.contains(o));
    if is_official { Sender::Official } else { Sender::Person }
}

/// `noreply`, `jira-noreply`, `no-reply+4411`; `noreply.user` is a person's choice.
fn is_no_reply(written: &str, letters: &str) -> bool {
    NO_REPLY.iter().any(|n| letters.ends_with(n) || (letters.starts_with(n) && !written.contains('.')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn senders() {
        for (name, address, want) in [
            ("", "MAILER-DAEMON@mx.example", Sender::Daemon),
            ("Mail Delivery Subsystem", "x@y.example", Sender::Daemon),
            ("", "", Sender::Daemon),
            ("PostMaster", "PostMaster@qq.example", Sender::Official),
            ("", "no-reply@x.example", Sender::NoReply),
            ("", "do_not_reply@x.example", Sender::NoReply),
            ("", "www-data@x.example", Sender::Machine),
            ("", "admin@x.example", Sender::Official),
            ("张三", "zhang@x.example", Sender::Person),
            ("", "support@x.example", Sender::Person),
        ] {
            let from = Address { name: Some(name.into()).filter(|n: &String| !n.is_empty()), address: address.into() };
            assert_eq!(sender(Some(&from)), want, "{name} {address}");
        }
    }
}
