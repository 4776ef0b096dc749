//! Real servers for tests: each private, in a temporary directory, on free ports of the loopback address.
//!
//! They need Debian's packages and root (their programs change users). None touches an installed instance. A server ends
//! with its value, and with the test process however that ends: a shell holds it, and waits for its standard input to close.
#![allow(dead_code, unused_imports)] // each test uses a part

pub mod dovecot;
pub mod postfix;
pub mod postgres;

pub use dovecot::Dovecot;
pub use postfix::Postfix;
pub use postgres::Postgres;

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// How long anything on this machine may take before the test is given up.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// Asks again and again until there is an answer.
pub fn until<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(Instant::now() < deadline, "waited in vain for {what}");
        std::thread::park_timeout(Duration::from_millis(2));
    }
}

pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A directory that every user may enter. It is removed by the shell that holds the server.
fn public_dir() -> PathBuf {
    let dir = tempfile::Builder::new().prefix("casemate-test-").tempdir().unwrap().keep();
    fs::set_permissions(&dir, fs::Permissions::from_mode(0o755)).unwrap();
    dir
}

/// A running server and its directory.
pub struct Server {
    shell: Child,
    pub dir: PathBuf,
}

impl Server {
    /// Runs `command`, which stays in the foreground, and waits until all of `ports` answer. At the end its process group
    /// gets `signal`.
    fn start(dir: &Path, command: &[&str], signal: &str, ports: &[u16]) -> Server {
        const HOLD: &str = r#"dir=$1; signal=$2; shift 2; setsid "$@" </dev/null >"$dir/out.log" 2>&1 & pid=$!
            cat >/dev/null; kill -s $signal -- -$pid; wait $pid; rm -rf "$dir""#;
        let mut shell = Command::new("setsid");
        shell
            .args(["sh", "-c", HOLD, "sh"])
            .arg(dir)
            .arg(signal)
            .args(command)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let mut server = Server { shell: shell.spawn().unwrap(), dir: dir.to_owned() };
        let deadline = Instant::now() + PATIENCE;
        while !ports.iter().all(|port| TcpStream::connect(("127.0.0.1", *port)).is_ok()) {
            assert!(server.shell.try_wait().unwrap().is_none(), "{command:?} ended");
            let log = || fs::read_to_string(dir.join("out.log")).unwrap_or_default() + &logs(dir);
            assert!(Instant::now() < deadline, "{command:?} does not listen: {}", log());
            std::thread::park_timeout(Duration::from_millis(2));
        }
        server
    }
}

fn logs(dir: &Path) -> String {
    fs::read_to_string(dir.join("server.log")).unwrap_or_default()
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        let deadline = Instant::now() + Duration::from_secs(10);
        while self.shell.try_wait().is_ok_and(|status| status.is_none()) && Instant::now() < deadline {
            std::thread::park_timeout(Duration::from_millis(2));
        }
    }
}

/// Runs a program to its end; its output.
pub fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().unwrap_or_else(|error| panic!("{program}: {error}"));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {arguments:?}: {errors}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A throw-away authority, a server certificate of it for `localhost` and 127.0.0.1, and one that has expired.
pub struct Certificates {
    pub ca: PathBuf,
    pub good: (PathBuf, PathBuf),
    pub expired: (PathBuf, PathBuf),
    /// Removes them when this process has ended.
    _remover: Child,
}

/// Made once per process.
pub fn certificates() -> &'static Certificates {
    static CERTIFICATES: OnceLock<Certificates> = OnceLock::new();
    CERTIFICATES.get_or_init(|| {
        let dir = std::env::temp_dir().join(format!("casemate-test-certificates-{}", std::process::id()));
        fs::create_dir_all(&dir).unwrap();
        let script = r#"set -e; cd "$1"
            printf '[ca]\ndefault_ca=d\n[d]\ndatabase=index\nserial=serial\nnew_certs_dir=.\ndefault_md=sha256\npolicy=p\ncopy_extensions=copy\nrand_serial=yes\n[p]\ncommonName=supplied\n[req]\ndistinguished_name=n\n[n]\n' >cnf
            : >index
            key='-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -config cnf'
            openssl req $key -x509 -days 3650 -subj /CN=test-authority -addext basicConstraints=critical,CA:TRUE \
                -addext keyUsage=critical,keyCertSign -keyout ca.key -out ca.pem
            for name in good expired; do
                openssl req $key -subj /CN=$name.example -addext subjectAltName=DNS:localhost,IP:127.0.0.1 \
                    -addext basicConstraints=CA:FALSE -keyout $name.key -out $name.csr
                end=20991231000000Z; [ $name = good ] || end=20210101000000Z
                openssl ca -batch -notext -config cnf -cert ca.pem -keyfile ca.key -startdate 20200101000000Z \
                    -enddate $end -in $name.csr -out $name.pem
            done"#;
        run("sh", &["-c", script, "sh", dir.to_str().unwrap()]);
        let remove = ["-c", r#"cat >/dev/null; rm -rf "$1""#, "sh"];
        let _remover = Command::new("setsid").arg("sh").args(remove).arg(&dir).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let pair = |name: &str| (dir.join(format!("{name}.pem")), dir.join(format!("{name}.key")));
        Certificates { ca: dir.join("ca.pem"), good: pair("good"), expired: pair("expired"), _remover }
    })
}

/// A mail of about `size` bytes, CRLF line ends.
pub fn mail(number: usize, size: usize) -> Vec<u8> {
    let mut raw = format!(
        "From: =?utf-8?B?5byg5LiJ?= <zhang@customer.example>\r\nTo: support@desk.example\r\n\
         Subject: question {number}\r\nMessage-ID: <{number}@customer.example>\r\n\r\n"
    )
    .into_bytes();
    while raw.len() < size {
        raw.extend_from_slice("The update of the build machine stops at 37 percent; see the log below.\r\n".as_bytes());
    }
    raw
}
