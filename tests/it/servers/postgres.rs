//! A private PostgreSQL, one per test process, without durability; each test takes a database of its own.

use super::{Server, free_port, public_dir, run};
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

pub struct Postgres {
    port: u16,
    /// The database `postgres`.
    pub url: String,
    databases: AtomicUsize,
    _server: Server,
}

impl Postgres {
    /// The server of this process.
    pub fn start() -> &'static Postgres {
        static POSTGRES: OnceLock<Postgres> = OnceLock::new();
        POSTGRES.get_or_init(Postgres::new)
    }

    /// A new, empty database; its URL.
    pub fn database(&self) -> String {
        let name = format!("test{}", self.databases.fetch_add(1, Ordering::Relaxed));
        let create = format!("CREATE DATABASE {name}");
        run("psql", &["-q", "-h", "127.0.0.1", "-p", &self.port.to_string(), "-U", "postgres", "-c", &create]);
        format!("postgres://postgres@127.0.0.1:{}/{name}", self.port)
    }

    fn new() -> Postgres {
        let (dir, port) = (public_dir(), free_port());
        let data = dir.join("data").display().to_string();
        run("chown", &["postgres", dir.to_str().unwrap()]);
        let programs = programs();
        let as_postgres = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"];
        let initdb = format!("{programs}/initdb");
        let mut create = as_postgres[1..].to_vec();
        create.extend([&initdb, "-D", &data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]);
        run(as_postgres[0], &create);
        let (postgres, port_text, socket) = (format!("{programs}/postgres"), port.to_string(), dir.display().to_string());
        let mut serve = as_postgres.to_vec();
        serve.extend([&postgres, "-D", &data, "-p", &port_text, "-k", &socket, "-h", "127.0.0.1"]);
        serve.extend(["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "max_connections=200"]);
        let server = Server::start(&dir, &serve, "INT", &[port]);
        let postgres = Postgres {
            port,
            url: format!("postgres://postgres@127.0.0.1:{port}/postgres"),
            databases: AtomicUsize::new(0),
            _server: server,
        };
        super::until("PostgreSQL", || {
            let ready = std::process::Command::new("pg_isready").args(["-q", "-h", "127.0.0.1", "-p", &port.to_string()]).status();
            ready.is_ok_and(|status| status.success()).then_some(())
        });
        postgres
    }
}

/// The newest installed version's programs: Debian keeps them out of the path.
fn programs() -> String {
    let versions = std::fs::read_dir("/usr/lib/postgresql").expect("PostgreSQL is installed");
    let newest = versions.filter_map(|entry| entry.ok()?.file_name().into_string().ok()?.parse::<u32>().ok()).max();
    let path = format!("/usr/lib/postgresql/{}/bin", newest.expect("a version of PostgreSQL"));
    assert!(Path::new(&path).exists());
    path
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn databases_are_apart() {
    use sqlx::{Connection, PgConnection};
    let postgres = Postgres::start();
    for url in [postgres.database(), postgres.database()] {
        let mut connection = PgConnection::connect(&url).await.unwrap();
        sqlx::raw_sql("CREATE TABLE once (id INT)").execute(&mut connection).await.unwrap();
    }
}
