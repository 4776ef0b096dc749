//! Composing: answers to questions, then the stage's templates around them. Total: what fails becomes an error finding and a
//! visible text in the draft, so that a person sees it.

use super::article::{Candidate, Offer, THRESHOLD};
use super::context::{self, AnswerView, Context};
use super::{Answer, CaseView, Composed, Finding, GateFacts, Kit, Level, Request, gate, problem, template};
use crate::case::{Language, Stage};
use crate::mail::{Mail, Question};
use crate::triage::Reason;

/// Questions that one draft answers; more are left to the engineer.
const MAX_QUESTIONS: usize = 30;
/// Characters of a mail that tell what it is about.
const MAX_ABOUT: usize = 8000;

/// Composes the mail of a stage.
pub fn compose(kit: &Kit, r: &Request) -> Composed {
    let context = context::context(kit, r);
    let data = handlebars::Context::from(serde_json::to_value(&context).unwrap_or_default());
    let mut draft = Draft { kit, r, context, data, findings: Vec::new(), reasons: Vec::new() };
    draft.note_mentions();
    let answers = match r.stage {
        Stage::Reminder | Stage::Survey => Vec::new(),
        Stage::InitialResponse | Stage::Progress | Stage::Closure => draft.answers(),
    };
    draft.notes(&answers);
    draft.ask_for_missing(&answers);
    if r.stage == Stage::Closure {
        draft.repeat_sent();
    }
    let (subject, body) = draft.mail();
    let facts = GateFacts {
        stage: r.stage,
        language: r.language,
        case_number: &r.case.number,
        token: r.case.token.as_deref().filter(|_| kit.desk.tracking_token),
        mail: Some(r.mail),
        received_at: r.received_at,
        has_attachment: false,
        last_sent: None,
        parties: None,
    };
    draft.findings.extend(gate(kit, &subject, &body, &facts));
    Composed { stage: r.stage, language: r.language, subject, body, answers, findings: draft.findings, reasons: draft.reasons }
}

/// The subject of a stage: `回复: [案例号: CAS-03160-B3H1K7 ] % … % 初次响应 CMIT:0001617`. One line, whatever the title holds.
pub fn subject_line(kit: &Kit, stage: Stage, language: Language, case: &CaseView) -> String {
    let case = context::case_text(kit, case);
    let context = Context { case, ..Context::default() };
    let name = format!("{stage}/{language}/subject");
    let rendered = serde_json::to_value(&context)
        .map_err(|e| e.to_string())
        .and_then(|v| template::render(&kit.templates.registry, &name, &handlebars::Context::from(v)));
    problem::one_line(&rendered.unwrap_or_else(|e| format!("[{}] {e}", context.case.number)), 400)
}

struct Draft<'a> {
    kit: &'a Kit,
    r: &'a Request<'a>,
    context: Context,
    /// The context as templates see it; answers, notes and the sent analysis join it last.
    data: handlebars::Context,
    findings: Vec<Finding>,
    reasons: Vec<Reason>,
}

impl Draft<'_> {
    fn say(&self, zh: String, en: String) -> String {
        if self.kit.desk.language == Language::Zh { zh } else { en }
    }

    fn note(&mut self, name: &str, zh: String, en: String) {
        let text = self.say(zh, en);
        self.reasons.push(Reason { name: name.to_owned(), text });
    }

    fn note_mentions(&mut self) {
        let c = &self.context;
        let lists: Vec<(&str, String)> = vec![
            ("mention.product", c.product.name.clone()),
            ("mention.tool", c.tool.name.clone()),
            ("mention.build", [c.build.text.as_str(), c.build.kb.as_str()].join(" ").trim().to_owned()),
            ("mention.kb", c.kb.items.iter().map(|k| k.kb.as_str()).collect::<Vec<_>>().join(" ")),
            ("mention.error_code", c.errors.iter().map(|e| e.code.as_str()).collect::<Vec<_>>().join(" ")),
        ];
        for (name, text) in lists.into_iter().filter(|(_, t)| !t.is_empty()) {
            self.reasons.push(Reason { name: name.to_owned(), text });
        }
    }

    /// Answers every question; a mail without questions is taken as one, unless it says that all is well.
    fn answers(&mut self) -> Vec<Answer> {
        let mail = self.r.mail;
        let told = told(&self.context, mail);
        let offer = offer(&self.context, mail);
        let about = self.kit.articles.about(&told, &offer);
        // The subject of a reply is that of the request, which is answered already.
        let matter = if self.r.stage == Stage::Progress { self.context.mail.problem.as_str() } else { told.as_str() };
        let whole = [Question { number: None, text: problem::one_line(matter, 600), at: 0 }];
        let is_asking = !mail.questions.is_empty();
        let questions = if is_asking { &mail.questions[..mail.questions.len().min(MAX_QUESTIONS)] } else { &whole[..] };
        let words = mail.state_words;
        let is_settled = !is_asking && !words.not_resolved && (words.resolved || words.may_archive || words.thanks_only);
        let mut answers: Vec<Answer> = Vec::new();
        for question in questions {
            let text: String = question.text.chars().take(1000).collect();
            let candidates = |text: &str| self.kit.articles.candidates(text, &about, &offer, self.r.language);
            let found = if is_settled { Vec::new() } else { candidates(&text) };
            let several = if is_asking && !found.is_empty() { several(&text, candidates) } else { Vec::new() };
            let mut found = found.into_iter();
            let (best, second) = (found.next(), found.next());
            let answer = self.answer(question, best, second, several);
            let view = self.view(question, &answer, &answers, is_asking);
            self.context.answers.push(view);
            answers.push(answer);
        }
        if mail.questions.len() > MAX_QUESTIONS {
            let text = self.say(format!("只列出前 {MAX_QUESTIONS} 个问题"), format!("only the first {MAX_QUESTIONS} questions are listed"));
            self.findings.push(Finding::new("question.many", Level::Error, text));
        }
        answers
    }

    fn answer(&mut self, question: &Question, best: Option<Candidate>, second: Option<Candidate>, several: Vec<Candidate>) -> Answer {
        let what = problem::label(question.number.as_deref()) + &problem::one_line(&question.text, 40);
        let runner_up = second.as_ref().map(|c| (c.slug.clone(), c.score));
        let (zh, en) = runner_up
            .as_ref()
            .map_or(("无次选".to_owned(), "no runner-up".to_owned()), |(s, n)| (format!("次选 {s} {n}"), format!("runner-up {s} {n}")));
        let open = Answer {
            number: question.number.clone(),
            question: question.text.clone(),
            article: None,
            also: Vec::new(),
            score: 0.0,
            runner_up: runner_up.clone(),
        };
        match best {
            _ if several.len() > 1 => {
                for c in &several {
                    let because = self.kit.articles.words(c, &question.text);
                    let (slug, score) = (&c.slug, c.score);
                    self.note(
                        "question.answered",
                        format!("“{what}”的一部分 → {slug}，得分 {score}（{because}）"),
                        format!("a part of \"{what}\" → {slug}, score {score} ({because})"),
                    );
                }
                let mut slugs = several.iter().map(|c| c.slug.clone());
                let article = slugs.next();
                Answer { article, also: slugs.collect(), score: several[0].score, ..open }
            }
            Some(c) if c.score >= THRESHOLD => {
                let because = self.kit.articles.words(&c, &question.text);
                let (slug, score) = (c.slug, c.score);
                self.note(
                    "question.answered",
                    format!("“{what}” → {slug}，得分 {score}（{because}）；{zh}"),
                    format!("\"{what}\" → {slug}, score {score} ({because}); {en}"),
                );
                Answer { article: Some(slug), score, ..open }
            }
            Some(c) => {
                self.note(
                    "question.open",
                    format!("“{what}”：最接近 {}，得分 {}，低于 {THRESHOLD}", c.slug, c.score),
                    format!("\"{what}\": nearest {}, score {}, below {THRESHOLD}", c.slug, c.score),
                );
                Answer { score: c.score, runner_up: Some((c.slug, c.score)), ..open }
            }
            None => {
                self.note("question.open", format!("“{what}”：没有匹配的知识条目"), format!("\"{what}\": no article matches"));
                open
            }
        }
    }

    fn view(&mut self, question: &Question, answer: &Answer, before: &[Answer], is_asking: bool) -> AnswerView {
        let earlier = before.iter().find(|a| a.article.is_some() && a.article == answer.article && a.also == answer.also);
        let text = match (&answer.article, earlier) {
            (None, _) => open_text(self.r.language, is_asking),
            (Some(_), Some(same)) => same_text(self.r.language, same.number.as_deref()),
            (Some(slug), _) => {
                let slugs: Vec<&String> = std::iter::once(slug).chain(&answer.also).collect();
                slugs.into_iter().map(|slug| self.article(slug).trim().to_owned()).collect::<Vec<_>>().join("\n")
            }
        };
        if !is_asking {
            return AnswerView { text, ..AnswerView::default() };
        }
        AnswerView { label: problem::label(question.number.as_deref()), heading: problem::heading(question, self.r.language), text }
    }

    /// The text of an article, or a visible error.
    fn article(&mut self, slug: &str) -> String {
        self.render(&format!("articles/{}/{slug}", self.r.language))
    }

    fn render(&mut self, name: &str) -> String {
        let rendered = template::render(&self.kit.templates.registry, name, &self.data);
        rendered.unwrap_or_else(|e| {
            let text = format!("{name}: {e}");
            self.findings.push(Finding::new("template.failed", Level::Error, text.clone()));
            match self.r.language {
                Language::Zh => format!("【待填写：模板出错 {text}】"),
                Language::En => format!("[TO BE ANSWERED: template failed, {text}]"),
            }
        })
    }

    /// Articles the rule asks for, unless they answer a question already.
    fn notes(&mut self, answers: &[Answer]) {
        if !matches!(self.r.stage, Stage::InitialResponse | Stage::Progress) {
            return;
        }
        for slug in self.r.rule_articles {
            let slug = self.kit.articles.find(slug).map_or(slug, |article| &article.slug);
            if answers.iter().any(|a| a.article.as_ref() == Some(slug) || a.also.contains(slug)) {
                continue;
            }
            if self.kit.articles.has(slug, self.r.language) {
                let text = self.article(slug);
                self.context.notes.push(text);
                self.note("article.rule", format!("规则要求加入 {slug}"), format!("the rule asks for {slug}"));
            } else {
                let text = self.say(
                    format!("规则要求的知识条目 {slug} 没有 {} 版本", self.r.language),
                    format!("article {slug} of the rule does not exist in {}", self.r.language),
                );
                self.findings.push(Finding::new("article.missing", Level::Warning, text));
            }
        }
        let is_all_open = !answers.is_empty() && answers.iter().all(|a| a.article.is_none());
        if is_all_open && self.r.mail.questions.is_empty() && !self.context.notes.is_empty() {
            self.context.answers.clear();
        }
    }

    /// What the answers want to know and the mail does not say becomes a short request at the end.
    fn ask_for_missing(&mut self, answers: &[Answer]) {
        if !matches!(self.r.stage, Stage::InitialResponse | Stage::Progress) {
            return;
        }
        let slugs = answers.iter().flat_map(|a| a.article.iter().chain(&a.also)).map(String::as_str);
        let missing = self.kit.articles.missing(slugs, &offer(&self.context, self.r.mail));
        self.context.missing = missing.into_iter().map(|need| context::wanted(need, self.r.language)).collect();
        if !self.context.missing.is_empty() {
            let list = self.context.missing.join("；");
            self.note("fact.missing", format!("请客户补充：{list}"), format!("asked for: {list}"));
        }
    }

    /// The closure repeats the analysis as it was sent.
    fn repeat_sent(&mut self) {
        let Some(sent) = self.r.sent_initial else { return };
        match analysis_of(sent) {
            Some(analysis) => {
                self.context.sent_analysis = analysis;
                self.note(
                    "closure.analysis",
                    "案例分析取自已发出的初次响应".to_owned(),
                    "the analysis is that of the initial response as sent".to_owned(),
                );
            }
            None => {
                let text = self.say(
                    "已发出的初次响应中找不到“案例分析”，分析为重新生成".to_owned(),
                    "the mail sent has no analysis section; it was composed anew".to_owned(),
                );
                self.findings.push(Finding::new("closure.analysis", Level::Warning, text));
            }
        }
    }

    fn mail(&mut self) -> (String, String) {
        let subject = subject_line(self.kit, self.r.stage, self.r.language, &self.r.case);
        let c = &self.context;
        let last = serde_json::json!({"answers": c.answers, "notes": c.notes, "missing": c.missing, "sent_analysis": c.sent_analysis});
        if let (Some(data), serde_json::Value::Object(last)) = (self.data.data_mut().as_object_mut(), last) {
            data.extend(last);
        }
        let body = self.render(&format!("{}/{}/body", self.r.stage, self.r.language));
        (subject, body)
    }
}

/// What tells the matter of a mail: its subject and problem.
pub(super) fn told(c: &Context, mail: &Mail) -> String {
    format!("{}\n{}", mail.subject.base, c.mail.problem).chars().take(MAX_ABOUT).collect()
}

/// What the mail offers to articles.
pub(super) fn offer(c: &Context, mail: &Mail) -> Offer {
    Offer {
        kbs: c.kb.items.iter().map(|item| item.kb.clone()).collect(),
        error_codes: c.errors.iter().map(|e| e.code.clone()).collect(),
        branches: mail.mentions.builds.iter().filter_map(|b| b.split('.').next()?.parse().ok()).collect(),
        has_build: !c.build.text.is_empty(),
        has_tool: !c.tool.name.is_empty(),
        has_log: !c.logs.is_empty() || c.mail.has_attachment,
        product: c.product.name.clone(),
    }
}

/// Articles that one question may have.
const MAX_ARTICLES: usize = 3;

/// The articles of a question that asks several things (原因是什么？如何解决？): the best of each sentence that asks, above the threshold, in order.
fn several(question: &str, candidates: impl Fn(&str) -> Vec<Candidate>) -> Vec<Candidate> {
    let sentences: Vec<&str> =
        question.split_inclusive(['？', '?', '；', ';', '。']).map(str::trim).filter(|s| s.chars().count() >= 4).collect();
    let mut found: Vec<Candidate> = Vec::new();
    if (2..=8).contains(&sentences.len()) {
        for best in sentences.into_iter().filter_map(|sentence| candidates(sentence).into_iter().next()) {
            if best.score >= THRESHOLD && found.len() < MAX_ARTICLES && !found.iter().any(|f| f.slug == best.slug) {
                found.push(best);
            }
        }
    }
    found
}

fn open_text(language: Language, is_asking: bool) -> String {
    let text = match (language, is_asking) {
        (Language::Zh, true) => "【待填写：请回答此问题】",
        (Language::Zh, false) => "【待填写：请补充分析与建议】",
        (Language::En, true) => "[TO BE ANSWERED: please answer this question]",
        (Language::En, false) => "[TO BE ANSWERED: please add analysis and advice]",
    };
    text.to_owned()
}

fn same_text(language: Language, number: Option<&str>) -> String {
    let number = problem::one_line(number.unwrap_or(""), 12);
    let is_digits = !number.is_empty() && number.chars().all(|c| c.is_ascii_alphanumeric());
    match language {
        Language::Zh if number.is_empty() => "请参见上文的说明。".to_owned(),
        Language::Zh if is_digits => format!("请参见第 {number} 点的说明。"),
        Language::Zh => format!("请参见第{number}点的说明。"),
        Language::En if number.is_empty() => "Please see the answer above.".to_owned(),
        Language::En => format!("Please see the answer to {number}."),
    }
}

/// The lines between the heading of the analysis and the last rule, which is above the foot, as the shipped templates write them.
fn analysis_of(sent: &str) -> Option<String> {
    let lines: Vec<&str> = sent.lines().map(str::trim_end).collect();
    let is_heading = |l: &str| matches!(l.trim().trim_end_matches(['：', ':']).trim_end(), "案例分析" | "Analysis");
    let start = lines.iter().rposition(|l| is_heading(l))? + 1;
    let is_rule = |l: &str| l.len() >= 5 && l.chars().all(|c| c == '-');
    // The last one: the engineer may have drawn others within the analysis.
    let end = lines[start..].iter().rposition(|l| is_rule(l)).map_or(lines.len(), |n| start + n);
    let text = lines[start..end].join("\n").trim().to_owned();
    (!text.is_empty()).then_some(text)
}
