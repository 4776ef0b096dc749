//! A private Dovecot: IMAP in clear and with STARTTLS on `port`, under TLS on `tls_port`, one user, Maildir.

use super::{Server, certificates, free_port, public_dir, run, until};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

pub struct Dovecot {
    pub port: u16,
    pub tls_port: u16,
    pub user: &'static str,
    pub password: &'static str,
    pub ca_file: PathBuf,
    /// Where Postfix asks for SASL.
    pub sasl: PathBuf,
    delivered: AtomicUsize,
    server: Server,
}

/// The mailbox with a Chinese name, beside `INBOX` and `Sent`.
pub const CHINESE: &str = "客户支持";

impl Dovecot {
    pub fn start() -> Dovecot {
        Dovecot::with(&certificates().good)
    }

    /// One whose certificate expired in 2021.
    pub fn start_expired() -> Dovecot {
        Dovecot::with(&certificates().expired)
    }

    fn with((certificate, key): &(PathBuf, PathBuf)) -> Dovecot {
        let dir = public_dir();
        let (port, tls_port) = (free_port(), free_port());
        let (user, password) = ("support@desk.example", "pass \"word\\ 1");
        let sasl = dir.join("sasl");
        fs::write(dir.join("users"), format!("{user}:{{PLAIN}}{password}\n")).unwrap();
        for sub in ["new", "cur", "tmp"] {
            fs::create_dir_all(dir.join("mail").join(sub)).unwrap();
        }
        run("chown", &["-R", "mail:mail", dir.join("mail").to_str().unwrap()]);
        let configuration = format!(
            "protocols = imap\nlisten = 127.0.0.1\nbase_dir = {dir}/run\nstate_dir = {dir}/state\nlog_path = {dir}/server.log\n\
             ssl = yes\nssl_cert = <{certificate}\nssl_key = <{key}\ndisable_plaintext_auth = no\nauth_mechanisms = plain login\n\
             auth_failure_delay = 0 secs\nmail_max_userip_connections = 1000\nmail_fsync = never\nmail_save_crlf = yes\nverbose_proctitle = yes\nfirst_valid_uid = 1\n\
             mail_location = maildir:{dir}/mail\nmail_privileged_group = mail\n\
             passdb {{\n driver = passwd-file\n args = {dir}/users\n}}\n\
             userdb {{\n driver = static\n args = uid=mail gid=mail home={dir}/mail\n}}\n\
             namespace inbox {{\n inbox = yes\n mailbox Sent {{\n auto = create\n special_use = \\Sent\n }}\n \
             mailbox {CHINESE} {{\n auto = create\n }}\n}}\n\
             service imap-login {{\n inet_listener imap {{\n port = {port}\n }}\n inet_listener imaps {{\n port = {tls_port}\n ssl = yes\n }}\n}}\n\
             service auth {{\n unix_listener {sasl} {{\n mode = 0666\n }}\n}}\n\
             service anvil {{\n unix_listener anvil-auth-penalty {{\n mode = 0\n }}\n}}\n",
            dir = dir.display(),
            certificate = certificate.display(),
            key = key.display(),
            sasl = sasl.display(),
        );
        let file = dir.join("dovecot.conf");
        fs::write(&file, configuration).unwrap();
        let server = Server::start(&dir, &["dovecot", "-F", "-c", file.to_str().unwrap()], "KILL", &[port, tls_port]);
        until("the SASL socket", || sasl.exists().then_some(()));
        let ca_file = certificates().ca.clone();
        Dovecot { port, tls_port, user, password, ca_file, sasl, delivered: AtomicUsize::new(0), server }
    }

    /// Puts a mail into INBOX as a delivery agent does: written to `tmp/`, renamed into `new/`.
    pub fn deliver(&self, raw: &[u8]) {
        self.deliver_to("INBOX", raw);
    }

    /// The same for a mailbox by its Maildir name (`Sent`, `&W6JiN2UvYwE-`).
    pub fn deliver_to(&self, mailbox: &str, raw: &[u8]) {
        let maildir = self.maildir(mailbox);
        let number = self.delivered.fetch_add(1, Ordering::Relaxed);
        let name = format!("17{number:08}.M{number}P1.desk.example");
        let unfinished = maildir.join("tmp").join(&name);
        fs::write(&unfinished, raw).unwrap();
        std::os::unix::fs::chown(&unfinished, Some(8), Some(8)).unwrap(); // mail:mail on Debian
        fs::rename(unfinished, maildir.join("new").join(name)).unwrap();
    }

    /// The mails of a mailbox, by its Maildir name.
    pub fn mails(&self, mailbox: &str) -> Vec<Vec<u8>> {
        let files =
            ["new", "cur"].map(|sub| self.maildir(mailbox).join(sub)).into_iter().flat_map(|dir| fs::read_dir(dir).into_iter().flatten());
        files.map(|file| fs::read(file.unwrap().path()).unwrap()).collect()
    }

    /// File names of INBOX under `new/` and `cur/`: what reading must not change.
    pub fn file_names(&self) -> Vec<String> {
        let names =
            |sub: &str| fs::read_dir(self.maildir("INBOX").join(sub)).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
        let mut all: Vec<String> = names("cur").collect();
        all.extend(names("new"));
        all.sort();
        all
    }

    /// Waits until a client has begun IDLE: Dovecot shows it in the names of its processes.
    pub fn wait_for_idle(&self) {
        let master = self.master();
        until("IDLE", || {
            let list = Command::new("ps").args(["--ppid", &master, "-o", "args="]).output().unwrap();
            String::from_utf8_lossy(&list.stdout).contains(" IDLE").then_some(())
        });
    }

    /// Kills the processes that serve logged-in clients.
    pub fn kill_sessions(&self) {
        run("pkill", &["-KILL", "-P", &self.master(), "-x", "imap"]);
    }

    /// Process id.
    fn master(&self) -> String {
        fs::read_to_string(self.dir().join("run/master.pid")).unwrap().trim().to_owned()
    }

    pub fn dir(&self) -> &Path {
        &self.server.dir
    }

    fn maildir(&self, mailbox: &str) -> PathBuf {
        let mail = self.dir().join("mail");
        if mailbox == "INBOX" { mail } else { mail.join(format!(".{mailbox}")) }
    }
}
