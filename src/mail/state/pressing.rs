//! Urgency and complaint.

use super::super::vocabulary::Hit;
use super::Clause;
use super::words::Word;

pub fn is_urgent(clauses: &[Clause<'_>]) -> bool {
    clauses.iter().any(|clause| {
        let is_told = !clause.asked && !clause.has(Word::Whether) && !clause.has(Word::If);
        clause.hits.iter().any(|hit| {
            let is_denied = clause.hits.iter().any(|h| h.class == Word::Not && h.end <= hit.start && hit.start - h.end <= 12);
            match hit.class {
                Word::Urgent => !is_denied && (is_told || !clause.asked || !opens_asking(clause)),
                Word::Harm => !is_denied && is_told && !is_avoided(clause, hit),
                Word::Rush => stands_alone(clause, hit),
                Word::Haste => is_told && clause.hits.iter().any(|h| h.class == Word::Wish) && !promises(clause, hit),
                Word::Boss => {
                    !is_denied && clause.hits.iter().any(|h| h.class == Word::BossActs && h.start >= hit.end && h.start - hit.end <= 18)
                        || rushes(clause, hit)
                }
                Word::All => is_told && clause.hits.iter().any(|h| is_trouble(h.class) && clause.negations(h.start) == 0),
                _ => false,
            }
        })
    })
}

fn is_trouble(class: Word) -> bool {
    matches!(class, Word::Trouble | Word::Bad | Word::Cannot | Word::Harm | Word::Again)
}

/// `Is it urgent?`, 是否紧急.
fn opens_asking(clause: &Clause<'_>) -> bool {
    super::opens_question(clause.text) && !clause.text.to_ascii_lowercase().contains("you")
        || clause.has(Word::Whether) && clause.asked && clause.text.chars().count() < 12
}

/// 以免影响业务, 避免影响使用.
fn is_avoided(clause: &Clause<'_>, hit: &Hit<Word>) -> bool {
    clause.hits.iter().any(|h| h.class == Word::Wish && h.end <= hit.start && hit.start - h.end <= 12)
}

/// 我马上试: a promise, not a demand.
fn promises(clause: &Clause<'_>, hit: &Hit<Word>) -> bool {
    let before = clause.text[..hit.start].trim_end().to_ascii_lowercase();
    before.ends_with('我') || before.ends_with("我们") || before.ends_with("will") || before.ends_with("我会")
}

/// 领导很急: the boss in a hurry.
fn rushes(clause: &Clause<'_>, hit: &Hit<Word>) -> bool {
    clause.hits.iter().any(|h| matches!(h.class, Word::Urgent | Word::Rush | Word::Complaint) && h.start >= hit.end)
}

/// 急 as a word of its own: `急！`, 【急】, 很急.
fn stands_alone(clause: &Clause<'_>, hit: &Hit<Word>) -> bool {
    let (before, after) = (clause.text[..hit.start].chars().next_back(), clause.text[hit.end..].chars().next());
    let opens = before.is_none_or(|c| !c.is_alphanumeric() || "很太较挺点也真急更都".contains(c));
    let ends = after.is_none_or(|c| !c.is_alphanumeric() || c == '急' || c == '了');
    opens && ends
}

pub fn is_complaint(clauses: &[Clause<'_>]) -> bool {
    clauses.iter().any(|clause| clause.hits.iter().any(|hit| complains(clause, hit)))
}

fn complains(clause: &Clause<'_>, hit: &Hit<Word>) -> bool {
    let after = &clause.text[hit.end..];
    match hit.class {
        Word::Complaint if matches!(clause.word(hit), "不满" | "不滿") => {
            after.is_empty() || after.starts_with(['的', '情', ' ', '了'])
        }
        Word::Complaint => !clause.has_before(Word::If, hit.start) && !is_denied(clause, hit),
        // 一直没有人回复, 至今没解决.
        Word::Long => clause.hits.iter().any(|h| {
            let is_missing = clause.hits.iter().any(|n| n.class == Word::Not && n.start >= hit.start && n.end <= h.start);
            h.start >= hit.end
                && matches!(h.class, Word::Reply | Word::Solve)
                && (is_missing || clause.word(hit).ends_with('没') || clause.word(hit) == "迟迟")
        }),
        // 还没有解决吗
        Word::Solve | Word::Reply => {
            let waits = clause
                .hits
                .iter()
                .any(|h| h.class == Word::Not && h.end <= hit.start && matches!(clause.word(h), "还没" | "还没有" | "還沒有" | "還沒"));
            waits && (clause.text.ends_with(['吗', '嗎']))
        }
        _ => false,
    }
}

fn is_denied(clause: &Clause<'_>, hit: &Hit<Word>) -> bool {
    clause.hits.iter().any(|h| h.class == Word::Not && h.end <= hit.start && hit.start - h.end <= 6)
}
