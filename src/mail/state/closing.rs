//! Whether the customer agrees that the case is closed. 可以关闭自动更新 and 关闭防火墙 speak of other things.

use super::super::vocabulary::Hit;
use super::Clause;
use super::words::Word;

pub fn may_archive(clauses: &[Clause<'_>]) -> bool {
    let mut unreal = usize::MAX;
    let mut is_agreed = false;
    for clause in clauses {
        if clause.has(Word::If) {
            unreal = clause.sentence;
        }
        for hit in clause.hits.iter().filter(|h| matches!(h.class, Word::Archive | Word::Close)) {
            if is_refused(clause, hit) {
                return false;
            }
            is_agreed |= unreal != clause.sentence && agrees(clause, hit);
        }
    }
    is_agreed
}

/// 先不要归档, do not close, will close when fixed, 解决后再归档.
fn is_refused(clause: &Clause<'_>, hit: &Hit<Word>) -> bool {
    let is_negated =
        clause.hits.iter().any(|h| matches!(h.class, Word::Not | Word::Cannot) && h.end <= hit.start && hit.start - h.end <= 30);
    is_negated && (hit.class == Word::Archive || ends_at(clause, hit)) && !clause.has(Word::Thing)
}

fn agrees(clause: &Clause<'_>, hit: &Hit<Word>) -> bool {
    let text = clause.text.trim_end();
    let before = &clause.text[..hit.start];
    let is_waiting =
        clause.has(Word::When) || ["后再", "之后", "以后", "再归档", "再关闭", "再结案", "後再"].iter().any(|w| text.contains(w));
    let is_begged = clause.has_before(Word::Wish, hit.start)
        && ["please", "can you", "could you", "请", "請", "麻烦", "麻煩", "烦请"].iter().any(|w| before.to_ascii_lowercase().contains(w));
    let is_asked = clause.asked && !is_begged || text.ends_with(['吗', '嗎']) || clause.has(Word::Why) || clause.has(Word::Whether);
    let is_planned = clause.has_before(Word::Wish, hit.start) && !is_begged && !clause.has_before(Word::Consent, hit.start);
    let is_willing = is_begged
        || clause.has(Word::Consent)
        || before.trim_end().ends_with('先')
        || before.is_empty() && text.len() == hit.end
        || clause.word(hit).contains(" be ");
    let is_case = hit.class == Word::Archive || ends_at(clause, hit);
    is_case && is_willing && !is_asked && !is_waiting && !is_planned && !is_thing(clause, hit)
}

/// Nothing follows that could be closed.
fn ends_at(clause: &Clause<'_>, hit: &Hit<Word>) -> bool {
    let rest = clause.text[hit.end..].trim().trim_start_matches(['了', '吧', '啦', '掉']);
    rest.is_empty() || ["此", "该", "本", "这个问题", "now", "today", "问题"].iter().any(|w| rest.starts_with(w))
}

/// 防火墙可以关闭了, close this window.
fn is_thing(clause: &Clause<'_>, hit: &Hit<Word>) -> bool {
    let near = |h: &&Hit<Word>| h.class == Word::Thing;
    let after = clause.hits.iter().filter(near).any(|h| h.start >= hit.end && h.start - hit.end <= 12);
    after
        || hit.class == Word::Close && clause.hits.iter().any(|h| h.class == Word::Thing)
        || clause.word(hit).contains(" be ") && clause.has_before(Word::Thing, hit.start)
}
