//! The shipped templates and articles, in the binary. A test proves that the list equals the files.

macro_rules! files {
    ($($path:literal),+ $(,)?) => { &[$(($path, include_str!(concat!("../../templates/", $path)))),+] };
}

/// Path below `templates/`, and text.
pub(super) const TEMPLATES: &[(&str, &str)] = files![
    "articles/reset-softwaredistribution.en.md",
    "articles/reset-softwaredistribution.md",
    "articles/rollback-causes.en.md",
    "articles/rollback-causes.md",
    "articles/rollback-investigate.en.md",
    "articles/rollback-investigate.md",
    "articles/updates-released.en.md",
    "articles/updates-released.md",
    "drafts/closure/en/body.hbs",
    "drafts/closure/en/subject.hbs",
    "drafts/closure/zh/body.hbs",
    "drafts/closure/zh/subject.hbs",
    "drafts/initial_response/en/body.hbs",
    "drafts/initial_response/en/subject.hbs",
    "drafts/initial_response/zh/body.hbs",
    "drafts/initial_response/zh/subject.hbs",
    "drafts/parts/en/analysis.hbs",
    "drafts/parts/en/footer.hbs",
    "drafts/parts/en/greeting.hbs",
    "drafts/parts/zh/analysis.hbs",
    "drafts/parts/zh/footer.hbs",
    "drafts/parts/zh/greeting.hbs",
    "drafts/progress/en/body.hbs",
    "drafts/progress/en/subject.hbs",
    "drafts/progress/zh/body.hbs",
    "drafts/progress/zh/subject.hbs",
    "drafts/reminder/en/body.hbs",
    "drafts/reminder/en/subject.hbs",
    "drafts/reminder/zh/body.hbs",
    "drafts/reminder/zh/subject.hbs",
    "drafts/survey/en/body.hbs",
    "drafts/survey/en/subject.hbs",
    "drafts/survey/zh/body.hbs",
    "drafts/survey/zh/subject.hbs",
];
