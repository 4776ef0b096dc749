//! A private Postfix: SMTP in clear and with STARTTLS on `port`, under TLS on `tls_port`; everything it accepts for
//! `customer.example` and `desk.example` goes into one Maildir.

use super::{Dovecot, Server, certificates, free_port, public_dir, run, until};
use std::fs;
use std::path::PathBuf;

pub struct Postfix {
    pub port: u16,
    pub tls_port: u16,
    pub ca_file: PathBuf,
    server: Server,
}

/// Refused for ever, 550.
pub const REFUSED: &str = "refused@customer.example";
/// Refused for now, 450.
pub const LATER: &str = "later@customer.example";
/// The largest mail, bytes.
pub const SIZE_LIMIT: usize = 5_000_000;

const MASTER: &str = "cleanup unix n - n - 0 cleanup\nqmgr unix n - n 300 1 qmgr\npickup unix n - n 60 1 pickup\n\
    rewrite unix - - n - - trivial-rewrite\nbounce unix - - n - 0 bounce\ndefer unix - - n - 0 bounce\ntrace unix - - n - 0 bounce\n\
    proxymap unix - - n - - proxymap\nanvil unix - - n - 1 anvil\ntlsmgr unix - - n 1000? 1 tlsmgr\nvirtual unix - n n - - virtual\n\
    local unix - n n - - local\nerror unix - - n - - error\nretry unix - - n - - error\nsmtp unix - - n - - smtp\n\
    flush unix n - n 1000? 0 flush\nshowq unix n - n - - showq\npostlog unix-dgram n - n - 1 postlogd\n";

/// The directories that `postfix check` would make, in seconds.
const QUEUE: &str =
    "set -e; cd \"$1\"; mkdir pid active bounce corrupt defer deferred flush hold incoming private saved trace maildrop public
    chown postfix active bounce corrupt defer deferred flush hold incoming private saved trace maildrop public
    chmod 700 active bounce corrupt defer deferred flush hold incoming private saved trace
    chgrp postdrop maildrop public; chmod 730 maildrop; chmod 710 public";

impl Postfix {
    /// One that takes mail from this machine without login.
    pub fn start() -> Postfix {
        Postfix::with(None)
    }

    /// One that wants the login of Dovecot's user.
    pub fn start_with_login(dovecot: &Dovecot) -> Postfix {
        Postfix::with(Some(dovecot))
    }

    fn with(dovecot: Option<&Dovecot>) -> Postfix {
        let dir = public_dir();
        let (port, tls_port) = (free_port(), free_port());
        for sub in ["etc", "queue", "data", "mail"] {
            fs::create_dir(dir.join(sub)).unwrap();
        }
        run("chown", &["postfix:postfix", dir.join("data").to_str().unwrap()]);
        run("chown", &["mail:mail", dir.join("mail").to_str().unwrap()]);
        let access = match dovecot {
            Some(dovecot) => format!(
                "mynetworks = 192.0.2.0/24\nsmtpd_sasl_auth_enable = yes\nsmtpd_sasl_type = dovecot\nsmtpd_sasl_path = {}\n\
                 smtpd_sasl_security_options = noanonymous\nsmtpd_client_restrictions = permit_sasl_authenticated, reject\n",
                dovecot.sasl.display()
            ),
            None => "mynetworks = 127.0.0.0/8\n".to_owned(),
        };
        let (certificate, key) = &certificates().good;
        let main = format!(
            "compatibility_level = 3.6\nmyhostname = relay.desk.example\nmydestination =\ninet_interfaces = 127.0.0.1\n\
             inet_protocols = ipv4\nqueue_directory = {dir}/queue\ndata_directory = {dir}/data\ncommand_directory = /usr/sbin\n\
             daemon_directory = /usr/lib/postfix/sbin\nmail_owner = postfix\nsetgid_group = postdrop\n\
             maillog_file = {dir}/server.log\nmaillog_file_prefixes = {dir}\nalias_maps =\nalias_database =\nlocal_header_rewrite_clients =\n\
             virtual_mailbox_domains = customer.example, desk.example\nvirtual_mailbox_base = {dir}/mail\n\
             virtual_mailbox_maps = static:all/\nvirtual_uid_maps = static:8\nvirtual_gid_maps = static:8\nvirtual_minimum_uid = 1\n\
             virtual_mailbox_limit = 0\nmessage_size_limit = {SIZE_LIMIT}\nmailbox_size_limit = 0\n\
             smtpd_tls_cert_file = {certificate}\nsmtpd_tls_key_file = {key}\nsmtpd_tls_security_level = may\n\
             smtpd_recipient_restrictions = check_recipient_access inline:{{ {{ {REFUSED} = 550 5.1.1 no such person }}, \
             {{ {LATER} = 450 4.2.1 come back later }} }}, permit_mynetworks, permit_sasl_authenticated, reject\n{access}",
            dir = dir.display(),
            certificate = certificate.display(),
            key = key.display(),
        );
        fs::write(dir.join("etc/main.cf"), main).unwrap();
        let listeners = format!(
            "127.0.0.1:{port} inet n - n - - smtpd\n127.0.0.1:{tls_port} inet n - n - - smtpd\n  -o smtpd_tls_wrappermode=yes\n{MASTER}"
        );
        fs::write(dir.join("etc/master.cf"), listeners).unwrap();
        let etc = dir.join("etc").display().to_string();
        run("sh", &["-c", QUEUE, "sh", dir.join("queue").to_str().unwrap()]);
        let server = Server::start(&dir, &["/usr/lib/postfix/sbin/master", "-c", &etc, "-d"], "KILL", &[port, tls_port]);
        Postfix { port, tls_port, ca_file: certificates().ca.clone(), server }
    }

    /// The mails delivered so far, CRLF line ends, with the header fields that Postfix puts in front.
    pub fn received(&self) -> Vec<Vec<u8>> {
        let Ok(files) = fs::read_dir(self.server.dir.join("mail/all/new")) else { return Vec::new() };
        let with_crlf = |raw: Vec<u8>| {
            raw.split_inclusive(|byte| *byte == b'\n')
                .flat_map(|line| {
                    let text = line.strip_suffix(b"\n");
                    text.unwrap_or(line).iter().copied().chain(text.map(|_| *b"\r\n").into_iter().flatten())
                })
                .collect()
        };
        files.map(|file| with_crlf(fs::read(file.unwrap().path()).unwrap())).collect()
    }

    /// Waits until `count` mails have been delivered.
    pub fn wait_received(&self, count: usize) -> Vec<Vec<u8>> {
        until("delivery", || Some(self.received()).filter(|mails| mails.len() >= count))
    }
}
