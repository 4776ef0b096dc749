//! Why a command did not do its work, and the exit code that says so.

use crate::config::Problems;
use crate::draft::Finding;
use crate::{db, review};
use std::io::ErrorKind;
use std::process::ExitCode;

#[derive(Debug)]
pub enum Failure {
    /// 1: a file, the database, a server.
    Failed(anyhow::Error),
    /// 1, said already.
    Said,
    /// 3
    Configuration(Problems),
    /// 4: not there, or not allowed now.
    Refused(String),
    /// Nobody reads our output any more (`casemate queue | head`): that is no failure.
    Unread,
}

impl Failure {
    pub fn refused(text: impl Into<String>) -> Failure {
        Failure::Refused(text.into())
    }

    /// Says what is wrong on standard error and gives the exit code.
    pub fn report(&self) -> ExitCode {
        match self {
            Failure::Failed(error) => {
                eprintln!("casemate: {error:#}");
                ExitCode::from(1)
            }
            Failure::Said => ExitCode::from(1),
            Failure::Configuration(problems) => {
                eprintln!("{problems}");
                eprintln!("casemate: the configuration has {} problem(s)", problems.0.len());
                ExitCode::from(3)
            }
            Failure::Refused(text) => {
                eprintln!("casemate: {text}");
                ExitCode::from(4)
            }
            Failure::Unread => ExitCode::SUCCESS,
        }
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Failure {
        Failure::Failed(error)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Failure {
        if error.kind() == ErrorKind::BrokenPipe { Failure::Unread } else { Failure::Failed(error.into()) }
    }
}

impl From<Problems> for Failure {
    fn from(problems: Problems) -> Failure {
        Failure::Configuration(problems)
    }
}

impl From<db::Error> for Failure {
    fn from(error: db::Error) -> Failure {
        match error {
            db::Error::Conflict(_) | db::Error::NotFound(_) => Failure::Refused(error.to_string()),
            _ => Failure::Failed(error.into()),
        }
    }
}

impl From<review::Error> for Failure {
    fn from(error: review::Error) -> Failure {
        match error {
            review::Error::Db(error) => error.into(),
            review::Error::Blocked(findings) => {
                let at = |f: &Finding| f.at.map(|at| format!(" ({at})")).unwrap_or_default();
                let lines = findings.iter().map(|f| format!("\n  {} {}: {}{}", f.level, f.name, f.text, at(f)));
                Failure::Refused(format!(
                    "findings stand in the way of sending{}\nmend the draft, or give a reason with --waive",
                    lines.collect::<String>()
                ))
            }
            other => Failure::Refused(other.to_string()),
        }
    }
}
