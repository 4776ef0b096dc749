//! The stage that the desk wrote into a subject: ` % 初次响应`, `- 问题归档`, `【进展更新】`; and in English.
//!
//! Only in a stage's place: a field between `%`, the end after a separator, a bracket of its own, or before a colon at the start. Inside a title
//! the same words are the title: `归档日志的权限`, `提醒功能失效`.

use crate::case::Stage;

/// Words of the stages, lower case; those with `true` also count before a colon at the start.
const STAGES: &[(&str, Stage, bool)] = &[
    ("初次响应", Stage::InitialResponse, true),
    ("首次响应", Stage::InitialResponse, true),
    ("初次回应", Stage::InitialResponse, true),
    ("初次回應", Stage::InitialResponse, true),
    ("初步响应", Stage::InitialResponse, true),
    ("initial response", Stage::InitialResponse, true),
    ("first response", Stage::InitialResponse, true),
    ("进展更新", Stage::Progress, true),
    ("進展更新", Stage::Progress, true),
    ("进度更新", Stage::Progress, true),
    ("后续跟进", Stage::Progress, true),
    ("後續跟進", Stage::Progress, true),
    ("进展", Stage::Progress, false),
    ("跟进", Stage::Progress, false),
    ("progress update", Stage::Progress, true),
    ("progress", Stage::Progress, false),
    ("status update", Stage::Progress, true),
    ("follow up", Stage::Progress, false),
    ("follow-up", Stage::Progress, false),
    ("提醒", Stage::Reminder, false),
    ("催办", Stage::Reminder, false),
    ("催辦", Stage::Reminder, false),
    ("催复", Stage::Reminder, false),
    ("跟进提醒", Stage::Reminder, true),
    ("reminder", Stage::Reminder, false),
    ("问题归档", Stage::Closure, true),
    ("問題歸檔", Stage::Closure, true),
    ("案例归档", Stage::Closure, true),
    ("案例關閉", Stage::Closure, true),
    ("案例关闭", Stage::Closure, true),
    ("归档", Stage::Closure, false),
    ("歸檔", Stage::Closure, false),
    ("结案", Stage::Closure, false),
    ("closure", Stage::Closure, false),
    ("case closure", Stage::Closure, true),
    ("case closed", Stage::Closure, true),
    ("满意度调查", Stage::Survey, true),
    ("滿意度調查", Stage::Survey, true),
    ("服务满意度调查", Stage::Survey, true),
    ("满意度回访", Stage::Survey, true),
    ("survey", Stage::Survey, false),
    ("satisfaction survey", Stage::Survey, true),
    ("customer satisfaction survey", Stage::Survey, true),
];

type Own = [(String, Stage)];

fn stage_of(word: &str, own: &Own) -> Option<(Stage, bool)> {
    // Longest word 28 bytes, with what may stand around it; a title is longer.
    let longest = own.iter().map(|(w, _)| w.len()).max().unwrap_or(0).max(28) + 32;
    if word.len() > longest {
        return None;
    }
    let whole = word.trim().trim_matches(['%', '\u{3000}']).trim();
    let find = |word: &str| {
        let word = word.to_lowercase();
        let configured = own.iter().find(|(w, _)| w.trim().to_lowercase() == word).map(|(_, s)| (*s, true));
        configured.or_else(|| STAGES.iter().find(|(w, _, _)| *w == word).map(|(_, s, strong)| (*s, *strong)))
    };
    find(whole).or_else(|| find(without_count(whole)))
}

/// Without `第二次`, `二次`, `(2)`, `2`, `邮件`, `通知` around the word.
fn without_count(word: &str) -> &str {
    let numeral = |c: char| c.is_ascii_digit() || matches!(c, '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '两');
    let word = word.strip_prefix('第').unwrap_or(word);
    let ahead = word.trim_start_matches(numeral);
    let word = if ahead.len() < word.len() { ahead.strip_prefix('次').unwrap_or(word) } else { word };
    let word = ["邮件", "通知", "确认"].iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word);
    let bare = word.trim_end_matches(|c: char| numeral(c) || matches!(c, '(' | ')' | '（' | '）' | '#' | ' ' | '第' | '次'));
    bare.trim_end_matches('_').trim()
}

/// Takes the stage out of `text`: the stage and the title without it.
pub fn take(text: &str, own: &Own) -> (Option<Stage>, String) {
    by_percent(text, own)
        .or_else(|| by_bracket(text, own))
        .or_else(|| at_end(text, own))
        .or_else(|| at_start(text, own))
        .map_or_else(|| (None, text.to_string()), |(stage, title)| (Some(stage), title))
}

/// One of the fields between percent signs, the last first; something else must be left.
fn by_percent(text: &str, own: &Own) -> Option<(Stage, String)> {
    let fields: Vec<&str> = text.split('%').collect();
    if fields.len() < 2 || fields.len() > 50 {
        return None;
    }
    let (at, stage) = fields.iter().enumerate().rev().find_map(|(at, field)| Some((at, stage_of(field, own)?.0)))?;
    let rest = [fields[..at].join("%"), fields[at + 1..].join("%")];
    let rest: Vec<&str> = rest.iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect();
    (!rest.is_empty()).then(|| (stage, rest.join(" % ")))
}

fn by_bracket(text: &str, own: &Own) -> Option<(Stage, String)> {
    for (open, c) in text.char_indices().filter(|(_, c)| matches!(c, '[' | '【' | '(' | '（')) {
        let inner = &text[open + c.len_utf8()..];
        let Some(close) = inner[..inner.floor_char_boundary(90)].find([']', '】', ')', '）']) else { continue };
        let end = open + c.len_utf8() + close + inner[close..].chars().next().map_or(1, char::len_utf8);
        let is_edge = matches!(c, '[' | '【') || text[end..].trim().is_empty();
        if let Some((stage, _)) = stage_of(&inner[..close], own).filter(|_| is_edge) {
            return Some((stage, format!("{} {}", &text[..open], &text[end..])));
        }
    }
    None
}

/// After the last separator.
fn at_end(text: &str, own: &Own) -> Option<(Stage, String)> {
    let text = text.trim_end();
    for (at, c) in text.char_indices().rev().take(48) {
        if !matches!(c, '-' | '–' | '—' | '－' | '|' | '｜' | '_' | '/' | '·' | '~' | ',' | '，' | ';' | '；') {
            continue;
        }
        if let Some((stage, _)) = stage_of(&text[at + c.len_utf8()..], own) {
            let head = text[..at].trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '–' | '—' | '－' | '|' | '_'));
            return (!head.trim().is_empty()).then(|| (stage, head.to_string()));
        }
    }
    None
}

/// `满意度调查：title`.
fn at_start(text: &str, own: &Own) -> Option<(Stage, String)> {
    let (word, title) = text[..text.floor_char_boundary(60)].find([':', '：']).map(|at| text.split_at(at))?;
    let title = title.trim_start_matches([':', '：']).trim();
    let (stage, _) = stage_of(word, own).filter(|(_, strong)| *strong)?;
    (!title.is_empty()).then(|| (stage, title.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places() {
        use Stage::*;
        for (text, stage, title) in [
            ("回滚 % 初次响应", Some(InitialResponse), "回滚"),
            ("回滚 % 初次响应 % ", Some(InitialResponse), "回滚"),
            ("回滚%归档", Some(Closure), "回滚"),
            ("% 更新卡在 99% % 进展更新", Some(Progress), "% 更新卡在 99%"),
            ("归档 % 回滚", Some(Closure), "回滚"),
            ("回滚 - 问题归档", Some(Closure), "回滚"),
            ("回滚——后续跟进", Some(Progress), "回滚"),
            ("回滚 | Satisfaction Survey", Some(Survey), "回滚"),
            ("回滚_催办", Some(Reminder), "回滚"),
            ("【进展更新】回滚", Some(Progress), " 回滚"),
            ("回滚（满意度调查）", Some(Survey), "回滚 "),
            ("满意度调查：回滚", Some(Survey), "回滚"),
            ("回滚 % 第二次进展更新", Some(Progress), "回滚"),
            ("回滚 % 进展更新（2）", Some(Progress), "回滚"),
            ("回滚 % 归档通知", Some(Closure), "回滚"),
            ("Rollback % INITIAL RESPONSE", Some(InitialResponse), "Rollback"),
            ("归档日志的权限", None, "归档日志的权限"),
            ("提醒：请更新", None, "提醒：请更新"),
            ("日志归档", None, "日志归档"),
            ("如何关闭 满意度调查", None, "如何关闭 满意度调查"),
            ("99%", None, "99%"),
            ("归档", None, "归档"),
            ("% 归档", None, "% 归档"),
            ("回滚（归档）失败", None, "回滚（归档）失败"),
            ("print-survey-tool", None, "print-survey-tool"),
        ] {
            let (got, rest) = take(text, &[]);
            assert_eq!((got, rest.as_str()), (stage, title), "{text}");
        }
    }
}
