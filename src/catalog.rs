//! The catalogue of updates and of error codes: what is known about a KB number, a build or a code that a mail names.
//!
//! Read from two CSV files that a desk may replace. Not a statement about any device. The surprising facts: KB numbers are not
//! in the order of time, so everything is ordered by build or date; one KB number may stand on several rows, one for
//! each product it serves; cumulative updates contain all earlier ones of the same branch, so a device at build N.x already has
//! every update of branch N with a revision up to x.

use jiff::civil::Date;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::str::FromStr;

mod read;

/// The shipped updates; see `config/data/NOTICE.md`.
pub const UPDATES: &str = include_str!("../config/data/kb.csv");
/// The shipped error codes.
pub const ERRORS: &str = include_str!("../config/data/wu_errors.csv");

/// `17763.1397`: the branch (17763) and its revision. Ordered by branch, then revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Build {
    pub branch: u32,
    pub revision: u32,
}

impl fmt::Display for Build {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.branch, self.revision)
    }
}

impl FromStr for Build {
    type Err = String;

    /// Reads `17763.1397` and `10.0.17763.1397`.
    fn from_str(text: &str) -> Result<Build, String> {
        let wrong = || format!("\"{text}\" is not a build like 17763.1397");
        let rest = text.trim();
        let rest = rest.strip_prefix("10.0.").unwrap_or(rest);
        let (branch, revision) = rest.split_once('.').ok_or_else(wrong)?;
        let number = |digits: &str| digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok()).flatten();
        Ok(Build { branch: number(branch).ok_or_else(wrong)?, revision: number(revision).ok_or_else(wrong)? })
    }
}

impl Serialize for Build {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// One row: an update for one product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Update {
    /// `KB4565349`; empty for the first release of a branch.
    pub kb: String,
    /// None: known to be released, but not the day.
    #[serde(serialize_with = "day_text")]
    pub released: Option<Date>,
    pub product: String,
    /// The build a device has after it; only cumulative updates have one.
    pub build: Option<Build>,
    /// `lcu-security`, `lcu-preview`, `lcu-oob`, `rtm`, `ssu`, `dotnet-cu`, … as in the file.
    pub kind: String,
    pub supersedes: Vec<String>,
    /// Where the row comes from.
    pub source: String,
}

fn day_text<S: serde::Serializer>(day: &Option<Date>, serializer: S) -> Result<S::Ok, S::Error> {
    day.map(|day| day.to_string()).serialize(serializer)
}

impl Update {
    /// Whether it contains all earlier updates of its branch.
    pub fn is_cumulative(&self) -> bool {
        self.build.is_some() && self.kind.starts_with("lcu")
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ErrorCode {
    /// `0x800F0922`, or of the setup form `0xC1900101-0x20017`.
    pub code: String,
    pub name: String,
    pub meaning_en: String,
    pub meaning_zh: String,
    /// Name of the article that helps.
    pub remedy_slug: String,
}

/// What an update is to a device at a build.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// The device's build contains it.
    AlreadyIncluded,
    /// A later build of the device's branch.
    Needed,
    /// For another branch than the device's.
    OtherBranch,
    /// Not in the catalogue, or the build does not tell (servicing stack, .NET, microcode).
    Unknown,
}

#[derive(Debug, Clone, Default)]
pub struct Catalog {
    updates: Vec<Update>,
    /// KB number to rows, in the order of the file.
    by_kb: HashMap<String, Vec<usize>>,
    by_build: BTreeMap<Build, usize>,
    /// KB number to the rows that supersede it.
    superseded: HashMap<String, Vec<usize>>,
    /// Product to its branches; one product has one branch in the shipped file.
    branches: HashMap<String, Vec<u32>>,
    errors: BTreeMap<String, ErrorCode>,
}

impl Catalog {
    /// Reads updates (columns `kb,released,product,build,kind,supersedes,source`) and error codes (`code,name,meaning_en,
    /// meaning_zh,remedy_slug`). Errors name the file and the line.
    pub fn from_csv(kb: &str, errors: &str) -> Result<Catalog, String> {
        let mut catalog = Catalog {
            updates: read::updates(kb).map_err(|e| format!("updates, {e}"))?,
            errors: read::errors(errors).map_err(|e| format!("error codes, {e}"))?,
            ..Catalog::default()
        };
        for (index, update) in catalog.updates.iter().enumerate() {
            if !update.kb.is_empty() {
                catalog.by_kb.entry(update.kb.clone()).or_default().push(index);
            }
            for old in &update.supersedes {
                catalog.superseded.entry(old.clone()).or_default().push(index);
            }
            if let Some(build) = update.build {
                catalog.by_build.insert(build, index);
                let branches = catalog.branches.entry(update.product.clone()).or_default();
                if !branches.contains(&build.branch) {
                    branches.push(build.branch);
                }
            }
        }
        Ok(catalog)
    }

    /// The shipped catalogue.
    pub fn shipped() -> Result<Catalog, String> {
        Catalog::from_csv(UPDATES, ERRORS)
    }

    /// Every row, in the order of the file.
    pub fn updates(&self) -> &[Update] {
        &self.updates
    }

    /// The first row of a KB number, written `KB4577668`, `kb 4577668` or `4577668`.
    pub fn kb(&self, kb: &str) -> Option<&Update> {
        self.rows(kb).first().copied()
    }

    /// All rows of a KB number: one for each product.
    pub fn rows(&self, kb: &str) -> Vec<&Update> {
        let rows = read::kb_number(kb).and_then(|kb| self.by_kb.get(&kb));
        rows.into_iter().flatten().map(|index| &self.updates[*index]).collect()
    }

    /// The update that brings a device to exactly this build; its `released` tells the month.
    pub fn build(&self, build: &str) -> Option<&Update> {
        self.by_build.get(&build.parse().ok()?).map(|index| &self.updates[*index])
    }

    /// The newest cumulative update of a branch, by revision.
    pub fn latest(&self, branch: u32) -> Option<&Update> {
        self.cumulative(branch).next_back()
    }

    /// The newest cumulative update of a branch that was released on or before a day.
    pub fn latest_on(&self, branch: u32, day: Date) -> Option<&Update> {
        self.cumulative(branch).rfind(|update| update.released.is_some_and(|released| released <= day))
    }

    /// The updates that name this one as superseded, oldest first (rows without a day last).
    pub fn superseded_by(&self, kb: &str) -> Vec<&Update> {
        let rows = read::kb_number(kb).and_then(|kb| self.superseded.get(&kb));
        let mut rows: Vec<&Update> = rows.into_iter().flatten().map(|index| &self.updates[*index]).collect();
        rows.sort_by_key(|update| (update.released.is_none(), update.released, update.build));
        rows
    }

    /// What a KB number is to a device at a build.
    pub fn relation(&self, kb: &str, device: Build) -> Relation {
        let rows = self.rows(kb);
        let same_branch = rows.iter().filter_map(|update| update.build).find(|build| build.branch == device.branch);
        if let Some(build) = same_branch {
            return if build.revision <= device.revision { Relation::AlreadyIncluded } else { Relation::Needed };
        }
        let serves_other = |update: &&Update| self.branches.get(&update.product).is_some_and(|all| !all.contains(&device.branch));
        if !rows.is_empty() && rows.iter().all(serves_other) { Relation::OtherBranch } else { Relation::Unknown }
    }

    /// An error code, written `0x800F0922`, `800f0922` or as the decimal of a signed 32-bit number. A setup code of two parts that is
    /// not listed is answered with its first part, when that is.
    pub fn error(&self, code: &str) -> Option<&ErrorCode> {
        let code = read::error_code(code)?;
        self.errors.get(&code).or_else(|| self.errors.get(code.split_once('-')?.0))
    }

    fn cumulative(&self, branch: u32) -> impl DoubleEndedIterator<Item = &Update> {
        let range = Build { branch, revision: 0 }..=Build { branch, revision: u32::MAX };
        self.by_build.range(range).map(|(_, index)| &self.updates[*index]).filter(|update| update.is_cumulative())
    }
}
