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
    /// Every error code, by code.
    pub fn errors(&self) -> impl Iterator<Item = &ErrorCode> {
        self.errors.values()
    }

    pub fn error(&self, code: &str) -> Option<&ErrorCode> {
        let code = read::error_code(code)?;
        self.errors.get(&code).or_else(|| self.errors.get(code.split_once('-')?.0))
    }

    fn cumulative(&self, branch: u32) -> impl DoubleEndedIterator<Item = &Update> {
        let range = Build { branch, revision: 0 }..=Build { branch, revision: u32::MAX };
        self.by_build.range(range).map(|(_, index)| &self.updates[*index]).filter(|update| update.is_cumulative())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn build(text: &str) -> Build {
        text.parse().unwrap()
    }

    #[test]
    fn the_shipped_files_are_right() {
        let catalog = Catalog::shipped().unwrap();
        assert_eq!((catalog.updates().len(), catalog.errors.len()), (1190, 268));
        for update in catalog.updates().iter().filter(|update| update.is_cumulative()) {
            // Within a branch, a later build is never released earlier.
            let before = catalog.cumulative(update.build.unwrap().branch).take_while(|other| other.build < update.build).last();
            assert!(before.is_none_or(|before| before.released <= update.released), "{} {:?}", update.kb, update.build);
        }
    }

    #[test]
    fn an_update_by_number_and_build() {
        let catalog = Catalog::shipped().unwrap();
        let update = catalog.kb("kb4577668").unwrap();
        assert_eq!((update.released, update.build), (Some(jiff::civil::date(2020, 10, 13)), Some(build("17763.1518"))));
        let august = catalog.build("10.0.17763.1397").unwrap();
        assert_eq!((august.kb.as_str(), august.released.unwrap().month()), ("KB4565349", 8));
        assert_eq!(catalog.kb("KB4494174").unwrap().released, None, "known, without a day");
        assert!(catalog.kb("KB9999999").is_none() && catalog.build("17763.2").is_none() && catalog.build("x").is_none());
    }

    #[test]
    fn one_number_for_several_products() {
        let catalog = Catalog::shipped().unwrap();
        let kb = catalog.rows("KB4524570");
        let branches: Vec<u32> = kb.iter().filter_map(|update| Some(update.build?.branch)).collect();
        assert_eq!(branches, [18362, 18363]);
        assert_eq!(catalog.relation("KB4524570", build("18363.500")), Relation::AlreadyIncluded);
        assert_eq!(catalog.relation("KB4524570", build("18362.1")), Relation::Needed);
    }

    #[test]
    fn order_is_by_build_never_by_number() {
        let catalog = Catalog::shipped().unwrap();
        let on = |day: &str| catalog.latest_on(17763, day.parse().unwrap()).map(|update| update.kb.as_str());
        assert_eq!(on("2019-01-20"), Some("KB4480116"), "a smaller number than KB4483235 of the month before");
        assert_eq!(on("2019-01-08"), Some("KB4480116"), "the day itself counts");
        assert_eq!(on("2018-12-31"), Some("KB4483235"));
        assert_eq!(on("2018-10-02"), None, "the first release is no update");
        assert!(catalog.latest(17763).unwrap().build >= Some(build("17763.9020")));
        assert!(catalog.latest(1).is_none());
        assert!(build("17763.9") < build("17763.10") && build("9600.99999") < build("17763.1"));
    }

    #[test]
    fn relations() {
        let catalog = Catalog::shipped().unwrap();
        let table = [
            ("KB4577668", "17763.1397", Relation::Needed),
            ("KB4577668", "17763.1518", Relation::AlreadyIncluded),
            ("KB4577668", "17763.2000", Relation::AlreadyIncluded),
            ("KB4577668", "19044.1288", Relation::OtherBranch),
            ("KB4579976", "17763.1397", Relation::Unknown),
            ("KB4579976", "19044.1288", Relation::OtherBranch),
            ("KB4023057", "17763.1397", Relation::Unknown),
            ("KB9999999", "17763.1397", Relation::Unknown),
        ];
        for (kb, device, expected) in table {
            assert_eq!(catalog.relation(kb, build(device)), expected, "{kb} on {device}");
        }
    }

    #[test]
    fn what_supersedes_what() {
        let catalog = Catalog::shipped().unwrap();
        let after: Vec<&str> = catalog.superseded_by("KB4570333").iter().map(|update| update.kb.as_str()).collect();
        assert!(after.contains(&"KB4577668"), "{after:?}");
        assert!(catalog.superseded_by("KB9999999").is_empty());
        let rows =
            "KB5000003,,P,,ssu,KB5000000,\nKB5000001,2021-03-01,P,,ssu,KB5000000,\nKB5000002,2021-02-01,P,,ssu,KB5000000;KB5000001,\n";
        let text = format!("kb,released,product,build,kind,supersedes,source\n{rows}");
        let catalog = Catalog::from_csv(&text, ERRORS).unwrap();
        let after: Vec<&str> = catalog.superseded_by("kb5000000").iter().map(|update| update.kb.as_str()).collect();
        assert_eq!(after, ["KB5000002", "KB5000001", "KB5000003"]);
    }

    #[test]
    fn error_codes() {
        let catalog = Catalog::shipped().unwrap();
        let code = catalog.error("0x800f0922").unwrap();
        assert_eq!((code.code.as_str(), code.remedy_slug.as_str()), ("0x800F0922", "rollback-0x800f0922"));
        assert_eq!(catalog.error("-2146498270"), Some(code));
        assert_eq!(catalog.error("0xC1900101-0x20017").unwrap().code, "0xC1900101-0x20017");
        assert_eq!(
            catalog.error("0xC1900101-0x99999").map(|code| code.code.as_str()),
            catalog.error("0xC1900101").map(|code| code.code.as_str())
        );
        assert!(catalog.error("0x12345678").is_none());
    }

    #[test]
    fn builds_as_written() {
        for text in ["", "17763", "17763.", ".1", "17763.1397.1", "a.b", "17763.99999999999", "17763.+1", "１.２"] {
            assert!(text.parse::<Build>().is_err(), "{text}");
        }
        assert_eq!(serde_json::to_string(&build("10.0.17763.1397")).unwrap(), "\"17763.1397\"");
    }
}
