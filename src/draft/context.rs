//! The context: everything a template or an article may say, with every name always present (an empty text is false), so that a
//! misspelt name is an error and never a silent gap. The names are part of what a desk writes its templates against.

use super::article::Need;
use super::problem;
use super::{CaseView, Desk, Kit, Request};
use crate::case::{Language, Millis};
use crate::catalog::{Catalog, Update};
use crate::mail::{LogLine, Mail, SegmentKind};
use jiff::civil::Date;
use serde::Serialize;

/// The reminder that announces the archiving: the third contact, counting the initial response.
const LAST_REMINDER: u32 = 2;
/// At most this many updates, builds, codes of one mail.
const MAX_LIST: usize = 20;

#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct Context {
    pub desk: DeskView,
    pub case: CaseText,
    pub customer: Customer,
    pub mail: MailText,
    pub product: ProductView,
    /// The third-party tool that distributes updates; its name is empty when the mail names none.
    pub tool: ToolView,
    pub kb: KbView,
    pub build: BuildView,
    pub errors: Vec<ErrorView>,
    /// What servicing logs in the mail or its text attachments show.
    pub logs: Vec<LogView>,
    /// Facts that the answers want and the mail does not say, as things to ask for.
    pub missing: Vec<String>,
    /// What the answers say, one a question.
    pub answers: Vec<AnswerView>,
    /// Articles that a rule asks for.
    pub notes: Vec<String>,
    /// The analysis of the mail that was sent; empty: the closure uses `answers`.
    pub sent_analysis: String,
    pub reminder: Reminder,
    pub survey: SurveyView,
    pub engineer: String,
}

#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct DeskView {
    pub name: String,
    pub hotline: String,
    pub hotline_digits: String,
    pub portal: String,
    pub scope: String,
    pub survey: bool,
    pub signature: Vec<String>,
}

#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct CaseText {
    pub number: String,
    pub title: String,
    pub token: String,
}

#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct Customer {
    /// How to address: `刘先生`, a name, or empty.
    pub address: String,
}

#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct MailText {
    pub subject: String,
    /// The problem with the lines that list updates.
    pub problem: String,
    /// The problem without them.
    pub description: String,
    pub has_attachment: bool,
}

#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct ProductView {
    pub name: String,
    pub portal: String,
    /// An edition without some pages of Settings, updated through a client of its own.
    pub hides_settings: bool,
}

#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct ToolView {
    pub name: String,
}

/// The updates that the mail names.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct KbView {
    pub items: Vec<KbItem>,
    /// Released ones as the customer wrote them, separated by spaces.
    pub released: String,
    /// Whether `released` names more than one.
    pub plural: bool,
    /// Those the catalogue does not know.
    pub unknown: String,
    /// Those that the device's build contains.
    pub included: String,
    /// Those that the device still needs.
    pub needed: String,
    pub other_branch: String,
}

#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct KbItem {
    pub kb: String,
    pub is_known: bool,
    /// `2020-10-13`, or empty.
    pub released: String,
    pub build: String,
    pub kind: String,
    pub product: String,
    /// The update to install instead, released on or before the day of the mail; empty: none.
    pub superseded_by: String,
}

/// The build that the mail names, and the newest of its branch on the day of the mail, previews left out.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct BuildView {
    pub text: String,
    pub kb: String,
    /// `8月`, with the year when it is not the mail's: `2019年8月`; in English `August 2020`.
    pub month: String,
    pub latest_kb: String,
    pub latest_build: String,
    pub is_latest: bool,
    /// The newest servicing stack update of the product on the day of the mail.
    pub ssu: String,
}

#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct ErrorView {
    pub code: String,
    pub name: String,
    pub meaning: String,
    pub is_known: bool,
    /// The article that remedies it.
    pub remedy: String,
}

#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct LogView {
    /// `rollback`, `servicing_stack_required`, … (`mail::LogLine`).
    pub finding: String,
    pub code: String,
    pub symbol: String,
    pub text: String,
}

#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct AnswerView {
    /// `1. ` or empty.
    pub label: String,
    /// Empty when the mail asks no question.
    pub heading: String,
    pub text: String,
}

#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct Reminder {
    pub number: u32,
    pub is_last: bool,
}

#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct SurveyView {
    pub url: String,
}

/// The day of the mail at the desk (UTC+8): `Date:` when there is one, for only wording depends on it.
pub(super) fn day(at: Millis) -> Date {
    let seconds = at.div_euclid(1000) + 8 * 3600;
    let zoned = jiff::Timestamp::from_second(seconds).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    zoned.to_zoned(jiff::tz::TimeZone::UTC).date()
}

pub(super) fn asked_on(r: &Request) -> Date {
    day(r.mail.date_at.unwrap_or(r.received_at))
}

pub(super) fn context(kit: &Kit, r: &Request) -> Context {
    let mail = r.mail;
    let told = problem::problem(mail);
    let builds: Vec<crate::catalog::Build> = mail.mentions.builds.iter().take(MAX_LIST).filter_map(|b| b.parse().ok()).collect();
    let branches: Vec<u32> = builds.iter().map(|b| b.branch).collect();
    let product = kit.desk.product_for(&mail.mentions.products, &branches);
    let branch = branches.first().copied().or(product.map(|p| p.branch));
    let tool = kit.desk.tool_for(&mail.mentions.products, &mail.text);
    let name = r.case.customer.as_deref().or_else(|| mail.from.as_ref()?.name.as_deref());
    Context {
        desk: desk_view(&kit.desk, r.language),
        case: case_text(kit, &r.case),
        customer: Customer { address: problem::address_form(name) },
        mail: MailText {
            subject: problem::one_line(&mail.subject.text, 300),
            description: problem::description(&told),
            problem: told,
            has_attachment: mail.attachments.iter().any(|a| !a.inline),
        },
        product: ProductView {
            name: product.map_or(String::new(), |p| p.name.clone()),
            portal: product.and_then(|p| p.portal.clone()).unwrap_or_else(|| kit.desk.portal.clone()),
            hides_settings: product.is_some_and(|p| p.hides_settings),
        },
        tool: ToolView { name: tool.map_or(String::new(), |t| t.name.clone()) },
        kb: kb_view(&kit.catalog, r, builds.first().copied()),
        build: build_view(&kit.catalog, r, branch),
        errors: error_codes(mail).iter().take(MAX_LIST).map(|c| error_view(&kit.catalog, c, r.language)).collect(),
        logs: mail.log_lines.iter().take(MAX_LIST).map(log_view).collect(),
        reminder: Reminder { number: r.reminder_no.max(1), is_last: r.reminder_no >= LAST_REMINDER },
        survey: SurveyView { url: r.survey_url.map(|u| problem::one_line(u, 500)).unwrap_or_default() },
        engineer: problem::one_line(r.engineer.unwrap_or(""), 80),
        ..Context::default()
    }
}

/// Codes that the mail adds: one that is only quoted is most often from our own answer.
fn error_codes(mail: &Mail) -> &[String] {
    let is_quoting = mail.segments.iter().any(|s| s.kind == SegmentKind::Quote);
    if is_quoting { &mail.reply_mentions.error_codes } else { &mail.mentions.error_codes }
}

fn desk_view(desk: &Desk, language: Language) -> DeskView {
    DeskView {
        name: desk.name.clone(),
        hotline: desk.hotline.clone(),
        hotline_digits: desk.hotline_digits(),
        portal: desk.portal.clone(),
        scope: if language == Language::Zh { desk.scope_zh.clone() } else { desk.scope_en.clone() },
        survey: desk.survey,
        signature: desk.signature.clone(),
    }
}

pub(super) fn case_text(kit: &Kit, case: &CaseView) -> CaseText {
    let token = case.token.as_deref().filter(|_| kit.desk.tracking_token).unwrap_or("");
    CaseText { number: problem::one_line(&case.number, 60), title: problem::title(&case.title), token: problem::one_line(token, 60) }
}

fn kb_view(catalog: &Catalog, r: &Request, device: Option<crate::catalog::Build>) -> KbView {
    use crate::catalog::Relation;
    let added = &r.mail.reply_mentions.kb;
    let all = if added.is_empty() { &r.mail.mentions.kb } else { added }.iter().take(MAX_LIST);
    let written = |pick: &dyn Fn(&str) -> bool| -> Vec<String> {
        all.clone().filter(|kb| pick(kb)).map(|kb| problem::as_written(kb, &r.mail.text)).collect()
    };
    let related = |to: Relation| written(&|kb| device.is_some_and(|d| catalog.relation(kb, d) == to)).join(" ");
    let released = written(&|kb| catalog.kb(kb).is_some());
    KbView {
        items: all.clone().map(|kb| kb_item(catalog, kb, asked_on(r))).collect(),
        plural: released.len() > 1,
        released: released.join(" "),
        unknown: written(&|kb| catalog.kb(kb).is_none()).join(" "),
        included: related(Relation::AlreadyIncluded),
        needed: related(Relation::Needed),
        other_branch: related(Relation::OtherBranch),
    }
}

fn kb_item(catalog: &Catalog, kb: &str, today: Date) -> KbItem {
    let update = catalog.kb(kb);
    KbItem {
        superseded_by: update.and_then(|u| successor(catalog, u, today)).map(|u| u.kb.clone()).unwrap_or_default(),
        kb: kb.to_owned(),
        is_known: update.is_some(),
        released: update.and_then(|u| u.released).map(|d| d.to_string()).unwrap_or_default(),
        build: update.and_then(|u| u.build).map(|b| b.to_string()).unwrap_or_default(),
        kind: update.map(|u| u.kind.clone()).unwrap_or_default(),
        product: update.map(|u| u.product.clone()).unwrap_or_default(),
    }
}

fn build_view(catalog: &Catalog, r: &Request, branch: Option<u32>) -> BuildView {
    let today = asked_on(r);
    let text = r.mail.mentions.builds.first().cloned().unwrap_or_default();
    let update = catalog.build(&text).filter(|u| !u.kb.is_empty());
    let latest = branch.and_then(|b| recommended(catalog, b, today));
    BuildView {
        kb: update.map(|u| u.kb.clone()).unwrap_or_default(),
        month: update.and_then(|u| u.released).map(|d| month(d, today, r.language)).unwrap_or_default(),
        latest_kb: latest.map(|u| u.kb.clone()).unwrap_or_default(),
        latest_build: latest.and_then(|u| u.build).map(|b| b.to_string()).unwrap_or_default(),
        is_latest: update.and_then(|u| u.build).is_some_and(|has| latest.and_then(|l| l.build).is_some_and(|l| has >= l)),
        ssu: latest.map(|l| ssu(catalog, &l.product, today)).unwrap_or_default(),
        text,
    }
}

/// The newest cumulative update of a branch on a day that is no preview: those are optional.
fn recommended(catalog: &Catalog, branch: u32, today: Date) -> Option<&Update> {
    let newest = catalog.latest_on(branch, today)?;
    if newest.kind != "lcu-preview" {
        return Some(newest);
    }
    let of_branch = catalog.updates().iter().filter(|u| u.is_cumulative() && u.build.is_some_and(|b| b.branch == branch));
    let released = of_branch.filter(|u| u.kind != "lcu-preview" && u.released.is_some_and(|d| d <= today));
    released.max_by_key(|u| u.build)
}

/// What to install instead of an update: the newest of its branch when it is cumulative, else what names it as superseded.
fn successor<'c>(catalog: &'c Catalog, update: &Update, today: Date) -> Option<&'c Update> {
    if let Some(build) = update.build.filter(|_| update.is_cumulative()) {
        return recommended(catalog, build.branch, today).filter(|newest| newest.build.is_some_and(|b| b > build));
    }
    catalog.superseded_by(&update.kb).into_iter().rfind(|u| u.kb != update.kb && u.released.is_some_and(|d| d <= today))
}

/// The newest servicing stack update of a product on a day.
fn ssu(catalog: &Catalog, product: &str, today: Date) -> String {
    let of_product = catalog.updates().iter().filter(|u| u.kind == "ssu" && u.product == product);
    let released = of_product.filter(|u| u.released.is_some_and(|d| d <= today));
    released.max_by_key(|u| u.released).map(|u| u.kb.clone()).unwrap_or_default()
}

const MONTHS: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

fn month(day: Date, today: Date, language: Language) -> String {
    match language {
        Language::En => format!("{} {}", MONTHS[(day.month() as usize).saturating_sub(1) % 12], day.year()),
        Language::Zh if day.year() == today.year() => format!("{}月", day.month()),
        Language::Zh => format!("{}年{}月", day.year(), day.month()),
    }
}

fn log_view(line: &LogLine) -> LogView {
    LogView {
        finding: line.finding.clone(),
        code: line.code.clone().unwrap_or_default(),
        symbol: line.symbol.clone().unwrap_or_default(),
        text: problem::one_line(&line.text, 300),
    }
}

/// What to ask a customer for.
pub(super) fn wanted(need: Need, language: Language) -> String {
    let text = match (need, language) {
        (Need::Kb, Language::Zh) => "安装失败的更新编号（例如 KB 开头的编号）",
        (Need::Kb, Language::En) => "the number of the update (it begins with KB)",
        (Need::Build, Language::Zh) => "系统的完整版本号（按 Win+R，运行 winver，截图即可）",
        (Need::Build, Language::En) => "the full version of the system (press Win+R and run winver; a screenshot is enough)",
        (Need::ErrorCode, Language::Zh) => "完整的错误代码或错误提示截图",
        (Need::ErrorCode, Language::En) => "the complete error code, or a screenshot of the message",
        (Need::Tool, Language::Zh) => "更新的安装方式（系统更新、离线安装，或由哪一款软件推送）",
        (Need::Tool, Language::En) => "how the update is installed (Windows Update, by hand, or by which program)",
        (Need::Log, Language::Zh) => r"日志文件 C:\Windows\Logs\CBS\CBS.log",
        (Need::Log, Language::En) => r"the log file C:\Windows\Logs\CBS\CBS.log",
    };
    text.to_owned()
}

fn error_view(catalog: &Catalog, code: &str, language: Language) -> ErrorView {
    let known = catalog.error(code);
    let meaning = |e: &crate::catalog::ErrorCode| if language == Language::Zh { e.meaning_zh.clone() } else { e.meaning_en.clone() };
    ErrorView {
        code: code.to_owned(),
        name: known.map(|e| e.name.clone()).unwrap_or_default(),
        meaning: known.map(meaning).unwrap_or_default(),
        is_known: known.is_some(),
        remedy: known.map(|e| e.remedy_slug.clone()).unwrap_or_default(),
    }
}

/// A context in which every list has an entry and every text is there: templates are checked and rendered against it at load.
pub(super) fn sample(desk: &Desk, language: Language) -> Context {
    let text = |t: &str| t.to_owned();
    Context {
        desk: DeskView { signature: vec![text("line")], ..desk_view(desk, language) },
        case: CaseText { number: text("CAS-00000-A0A0A0"), title: text("title"), token: text("CMIT:0000000") },
        customer: Customer { address: text("name") },
        mail: MailText { subject: text("subject"), problem: text("problem"), description: text("problem"), has_attachment: true },
        product: ProductView { name: text("product"), portal: text("https://portal.example"), hides_settings: true },
        tool: ToolView { name: text("tool") },
        kb: KbView {
            items: vec![KbItem { kb: text("KB0000000"), is_known: true, released: text("2020-01-01"), ..KbItem::default() }],
            released: text("KB0000000"),
            plural: true,
            unknown: text("KB0000001"),
            included: text("KB0000002"),
            needed: text("KB0000003"),
            other_branch: text("KB0000004"),
        },
        build: BuildView {
            text: text("1.1"),
            kb: text("KB0000000"),
            month: text("1"),
            latest_kb: text("KB0000000"),
            latest_build: text("1.2"),
            is_latest: true,
            ssu: text("KB0000005"),
        },
        errors: vec![ErrorView {
            code: text("0x00000000"),
            name: text("E"),
            meaning: text("meaning"),
            is_known: true,
            remedy: text("remedy"),
        }],
        logs: vec![LogView { finding: text("error"), code: text("0x00000000"), symbol: text("E"), text: text("line") }],
        missing: vec![text("winver")],
        answers: vec![AnswerView { label: text("1. "), heading: text("heading"), text: text("answer") }],
        notes: vec![text("note")],
        sent_analysis: text("analysis"),
        reminder: Reminder { number: 1, is_last: true },
        survey: SurveyView { url: text("https://survey.example/x") },
        engineer: text("engineer"),
    }
}
