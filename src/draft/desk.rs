//! The desk: what the configuration says about us and our products, as templates and articles see it.
//!
//! Pure data; `config.rs` embeds it as `[desk]`. Nothing here is about one customer or one case.

use crate::case::Language;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Desk {
    /// Who we are, for the foot of a mail and the survey.
    pub name: String,
    /// As printed: `400-818-0055`; templates also get it without hyphens.
    pub hotline: String,
    /// Where updates are found when the product is not known.
    pub portal: String,
    /// The scope of a case (问题范围), by language.
    pub scope_zh: String,
    pub scope_en: String,
    /// Language of reasons and findings, as engineers read them.
    pub language: Language,
    /// Whether subjects carry a tracking token (`CMIT:0001617`).
    pub tracking_token: bool,
    /// Whether the closure announces a survey.
    pub survey: bool,
    /// Lines below the hotline.
    pub signature: Vec<String>,
    #[serde(rename = "product")]
    pub products: Vec<Product>,
    #[serde(rename = "tool")]
    pub tools: Vec<Tool>,
}

/// A product that the desk supports.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// `V2020-L`, as it stands in answers.
    pub name: String,
    /// Build branch: 17763 tells the product when the mail names only a build.
    pub branch: u32,
    /// Page with its updates; None: the desk's portal.
    #[serde(default)]
    pub portal: Option<String>,
    /// Other names that mails use.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// An edition whose Settings lack pages (troubleshooter, delivery optimisation) and that updates through a client of its own.
    #[serde(default)]
    pub hides_settings: bool,
}

/// A third-party program that distributes updates.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tool {
    pub name: String,
    #[serde(default)]
    pub aliases: Vec<String>,
}

/// An edition of the shipped desk.
fn product(name: &str, branch: u32, portal: Option<&str>, aliases: &[&str]) -> Product {
    Product {
        name: name.to_owned(),
        branch,
        portal: portal.map(str::to_owned),
        aliases: aliases.iter().map(|a| a.to_string()).collect(),
        hides_settings: true,
    }
}

fn tool(name: &str, aliases: &[&str]) -> Tool {
    Tool { name: name.to_owned(), aliases: aliases.iter().map(|a| a.to_string()).collect() }
}

impl Default for Desk {
    fn default() -> Self {
        Desk {
            name: "技术支持中心".to_owned(),
            hotline: "400-818-0055".to_owned(),
            portal: "https://support.cmgos.com".to_owned(),
            scope_zh: "协助您分析并处理上述问题。".to_owned(),
            scope_en: "We will help you analyse and solve the problem described above.".to_owned(),
            language: Language::Zh,
            tracking_token: true,
            survey: true,
            signature: Vec::new(),
            products: vec![
                product(
                    "V2020-L",
                    17763,
                    Some("https://support.cmgos.com/v2020lupdatesummary"),
                    &["V2020L", "CMGE V2020-L", "CMGE_V2020-L"],
                ),
                product("V2022-L", 19044, None, &["V2022L", "CMGE V2022-L", "CMGE_V2022-L"]),
            ],
            tools: vec![
                tool("360天擎", &["奇安信天擎", "天擎"]),
                tool("360安全卫士", &["360卫士", "360推送"]),
                tool("火绒", &["火绒安全"]),
                tool("腾讯电脑管家", &["电脑管家"]),
                tool("北信源", &["VRV"]),
                tool("联软", &["LeagView"]),
                tool("WSUS", &[]),
                tool("SCCM", &["ConfigMgr", "MECM"]),
            ],
        }
    }
}

impl Desk {
    /// `400-818-0055` without hyphens and spaces.
    pub fn hotline_digits(&self) -> String {
        self.hotline.chars().filter(|c| !matches!(c, '-' | ' ' | '－')).collect()
    }

    /// The product among canonical names and aliases; else the first of the branch, unless the mail names another product: a
    /// build alone does not tell a vendor's edition from the plain one.
    pub fn product_for(&self, names: &[String], branches: &[u32]) -> Option<&Product> {
        let is = |p: &&Product| names.iter().any(|n| p.name.eq_ignore_ascii_case(n) || p.aliases.iter().any(|a| a.eq_ignore_ascii_case(n)));
        let is_windows = |n: &String| ["Windows ", "V0-", "V20"].iter().any(|w| n.starts_with(w)) || n.ends_with("H2");
        let by_branch = || branches.iter().find_map(|b| self.products.iter().find(|p| p.branch == *b));
        self.products.iter().find(is).or_else(|| (!names.iter().any(is_windows)).then(by_branch).flatten())
    }

    /// The third-party tool that a mail names: among its mentions, else in its text.
    pub fn tool_for(&self, names: &[String], text: &str) -> Option<&Tool> {
        let is = |t: &&Tool| names.iter().any(|n| t.name.eq_ignore_ascii_case(n) || t.aliases.iter().any(|a| a.eq_ignore_ascii_case(n)));
        let stands = |t: &&Tool| text.contains(t.name.as_str()) || t.aliases.iter().any(|a| text.contains(a.as_str()));
        self.tools.iter().find(is).or_else(|| self.tools.iter().find(stands))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_and_tools() {
        let desk = Desk::default();
        let names = |l: &[&str]| l.iter().map(|n| n.to_string()).collect::<Vec<_>>();
        let product = |l: &[&str], b: &[u32]| desk.product_for(&names(l), b).map(|p| p.name.as_str());
        assert_eq!(product(&["v2020l"], &[]), Some("V2020-L"));
        assert_eq!(product(&["V2022-L"], &[17763]), Some("V2022-L"), "the name before the build");
        assert_eq!(product(&["360天擎"], &[1, 19044]), Some("V2022-L"));
        assert_eq!(
            product(&["神州网信政府版", "BitLocker"], &[17763]),
            Some("V2020-L"),
            "names beside Windows say nothing against the branch"
        );
        assert_eq!(product(&["Windows 10 LTSC 2019"], &[17763]), None);
        assert_eq!(product(&[], &[1]), None);
        let tool = |l: &[&str], text: &str| desk.tool_for(&names(l), text).map(|t| t.name.as_str());
        assert_eq!(tool(&["天擎"], ""), Some("360天擎"));
        assert_eq!(tool(&[], "由火绒推送"), Some("火绒"));
        assert_eq!(tool(&["V2020-L"], "360度"), None);
        assert_eq!(desk.hotline_digits(), "4008180055");
    }
}
