//! Whether the matter is resolved: claims that it works, claims that it does not, and which of them counts.
//!
//! A claim of failure wins over one of success (重启后恢复正常，但第二天又出现), unless it is told as past and success follows (昨天还是不行，今天
//! 恢复正常). What is asked, wished, conditional, doubted or of other machines is no claim. Partial success is not resolved.

use super::super::vocabulary::Hit;
use super::Clause;
use super::words::Word;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Claim {
    Good,
    Bad,
}

/// Resolved, not resolved.
pub fn outcome(clauses: &[Clause<'_>]) -> (bool, bool) {
    let mut claims: Vec<(usize, Claim)> = Vec::new();
    let mut unreal = usize::MAX;
    for (at, clause) in clauses.iter().enumerate() {
        if clause.has(Word::If) {
            unreal = clause.sentence;
        }
        let is_unreal = unreal == clause.sentence;
        claims.extend(clause.hits.iter().filter_map(|hit| claim(clause, hit, is_unreal)).map(|c| (at, c)));
        if turns(clauses, &claims, at) {
            claims.push((at, Claim::Bad));
        }
    }
    let last_good = claims.iter().rev().find(|(_, c)| *c == Claim::Good).map(|(at, _)| *at);
    let is_past = |at: usize| {
        let same_sentence = |c: &&Clause<'_>| c.sentence == clauses[at].sentence;
        let told_past = clauses[..=at].iter().rev().take_while(same_sentence).any(|c| c.has(Word::Past));
        last_good.is_some_and(|good| good > at && (told_past || clauses[at + 1..=good].iter().any(|c| c.has(Word::Now))))
    };
    let not_resolved = claims.iter().any(|(at, c)| *c == Claim::Bad && !is_past(*at));
    (last_good.is_some() && !not_resolved, not_resolved)
}

/// 更新成功，但重启后蓝屏: trouble after but, in the sentence of a claim of success or in the next one.
fn turns(clauses: &[Clause<'_>], claims: &[(usize, Claim)], at: usize) -> bool {
    let clause = &clauses[at];
    let is_near = |good: usize| clauses[good].sentence + 1 >= clause.sentence && good < at;
    let follows = clause.contrary || at > 0 && clauses[at - 1].contrary && clauses[at - 1].sentence == clause.sentence;
    follows
        && claims.iter().any(|(good, c)| *c == Claim::Good && is_near(*good))
        && clause.hits.iter().any(|h| matches!(h.class, Word::Trouble | Word::Cannot) && clause.negations(h.start) == 0)
        && !clause.asked
        && !clause.has(Word::Whether)
        && !clause.has(Word::Past)
}

fn claim(clause: &Clause<'_>, hit: &Hit<Word>, is_unreal: bool) -> Option<Claim> {
    match hit.class {
        Word::Good => good(clause, hit, is_unreal, is_good_word(clause, hit)),
        Word::Fine => good(clause, hit, is_unreal, is_alone(clause, hit)),
        Word::Solve => good(clause, hit, is_unreal, is_done(clause, hit)),
        Word::Solved => good(clause, hit, is_unreal, is_done_in_english(clause, hit)),
        Word::Bad => bad(clause, hit, is_unreal),
        Word::Still => {
            let better = clause.hits.iter().any(|h| h.start >= hit.end && matches!(h.class, Word::Good | Word::Fine | Word::Consent));
            let rest = &clause.text[hit.end..];
            (!better && !rest.starts_with(['有', '能', '支', '正']) || rest.starts_with("有问题"))
                .then(|| bad(clause, hit, is_unreal))
                .flatten()
        }
        Word::Yet => {
            let trouble = |h: &Hit<Word>| matches!(h.class, Word::Trouble | Word::Cannot | Word::Appear);
            let next = clause.hits.iter().find(|h| h.start >= hit.end && h.start - hit.end <= 12);
            next.filter(|h| trouble(h)).and_then(|_| bad(clause, hit, is_unreal))
        }
        Word::Again => match clause.negations(hit.start) {
            0 => bad(clause, hit, is_unreal),
            1 => good(clause, hit, is_unreal, true).map(|_| Claim::Good).filter(|_| !is_wished(clause, hit.start)),
            _ => None,
        },
        Word::Recur if clause.negations(hit.start) == 1 => real(clause, hit, is_unreal).then_some(Claim::Good),
        Word::NoMore => no_more(clause, hit, is_unreal),
        Word::Absent => {
            let since =
                clause.has(Word::Since) || clause.has(Word::Now) || clause.has(Word::Done) || clause.text[hit.end..].ends_with('了');
            (since && real(clause, hit, is_unreal)).then_some(Claim::Good)
        }
        _ => None,
    }
}

/// Not asked, wished, conditional or doubted.
fn real(clause: &Clause<'_>, hit: &Hit<Word>, is_unreal: bool) -> bool {
    let after = clause.text[hit.end..].trim_start_matches(['了', '的', ' ']);
    let is_asked = clause.asked || clause.has(Word::Whether) || after.starts_with(['吗', '么', '没', '嗎']);
    let is_stage =
        after.starts_with(['后', '前', '後']) || after.starts_with("之前") || after.starts_with("以前") || after.starts_with("再");
    let is_doubted = clause.has(Word::Maybe) || clause.has_before(Word::When, hit.start) || clause.has_before(Word::Why, hit.start);
    !is_unreal && !is_asked && !is_doubted && !is_stage && !is_wished(clause, hit.start)
}

fn is_wished(clause: &Clause<'_>, at: usize) -> bool {
    clause.has_before(Word::Wish, at)
}

fn good(clause: &Clause<'_>, hit: &Hit<Word>, is_unreal: bool, is_claim: bool) -> Option<Claim> {
    let is_again = hit.class == Word::Again;
    match clause.negations(hit.start) {
        // 不是没解决: neither.
        2.. => None,
        1 if !is_again => {
            (!clause.asked || clause.has(Word::Why)).then(|| bad(clause, hit, is_unreal)).flatten().filter(|_| is_solvable(clause, hit))
        }
        _ if !is_claim || !real(clause, hit, is_unreal) => None,
        _ if clause.has(Word::Part) || is_some_of_many(clause.text) => Some(Claim::Bad),
        _ if clause.has(Word::Other)
            || clause.has(Word::Past) && !matches!(hit.class, Word::Solve | Word::Solved) && !is_solving(clause.word(hit)) =>
        {
            None
        }
        _ => Some(Claim::Good),
    }
}

fn is_solving(word: &str) -> bool {
    ["解决", "修", "搞定", "solved", "fixed"].iter().any(|w| word.contains(w))
}

/// 没有解决办法 and 没有成功案例 negate no outcome.
fn is_solvable(clause: &Clause<'_>, hit: &Hit<Word>) -> bool {
    let rest = &clause.text[hit.end..];
    !rest.starts_with(['办', '方', '过']) && !(hit.class == Word::Fine) && !clause.text[..hit.start].ends_with('只')
}

fn bad(clause: &Clause<'_>, hit: &Hit<Word>, is_unreal: bool) -> Option<Claim> {
    let asks = clause.asked || clause.has(Word::Whether);
    let is_asked = asks && !clause.has(Word::Why);
    let is_wished =
        clause.hits.iter().any(|h| h.class == Word::Wish && h.end <= hit.start && (!clause.has(Word::Why) || is_fear(clause.word(h))));
    let is_stage = clause.text[hit.end..].starts_with("的话");
    (!is_unreal && !is_asked && !is_wished && !is_stage && !clause.has_before(Word::When, hit.start)).then_some(Claim::Bad)
}

fn is_fear(word: &str) -> bool {
    ["防止", "避免", "预防", "以免", "免得", "确保", "保证", "担心", "害怕", "怕", "希望"].contains(&word)
}

/// 不再报错: good; no longer boots: bad.
fn no_more(clause: &Clause<'_>, hit: &Hit<Word>, is_unreal: bool) -> Option<Claim> {
    let next = clause.hits.iter().find(|h| {
        h.start >= hit.end && matches!(h.class, Word::Trouble | Word::Appear | Word::Recur | Word::Again | Word::Works | Word::Cannot)
    })?;
    match next.class {
        Word::Works => bad(clause, hit, is_unreal),
        _ => real(clause, hit, is_unreal).then_some(Claim::Good),
    }
}

/// 好了 says it works after few words only: 都好了, not 准备好了. 恢复了 ends its clause: not 恢复了备份.
fn is_good_word(clause: &Clause<'_>, hit: &Hit<Word>) -> bool {
    let (before, after) = (clause.text[..hit.start].trim_end(), &clause.text[hit.end..]);
    match clause.word(hit) {
        "好了" | "好啦" => before.is_empty() || before.ends_with(|c| "都已经就也在全于修弄搞己脑器机统题络又台前次天后".contains(c)),
        "恢复了" | "恢復了" => after.trim().is_empty() || after.starts_with('，'),
        _ => true,
    }
}

/// 没问题 is a claim where little is said beside it: 测试没问题, not 网络没问题 in a diagnosis. After 好的 it is consent.
fn is_alone(clause: &Clause<'_>, hit: &Hit<Word>) -> bool {
    let before = clause.text[..hit.start].trim();
    let ends = [
        "现在",
        "目前",
        "暂时",
        "测试",
        "测试了",
        "都",
        "也",
        "一切",
        "试了",
        "试过",
        "使用",
        "用着",
        "运行",
        "更新",
        "打印",
        "后",
        "之后",
        "今天",
        "這邊",
        "这边",
        "now",
    ];
    before.is_empty() && !clause.text.trim().eq("没问题") || ends.iter().any(|w| before.ends_with(w))
}

/// 解决 is a claim where it is done: 已…解决, 解决了, or it ends the clause after 问题.
fn is_done(clause: &Clause<'_>, hit: &Hit<Word>) -> bool {
    let rest = &clause.text[hit.end..];
    let is_done = clause.hits.iter().any(|h| h.class == Word::Done && h.end <= hit.start && hit.start - h.end <= 24);
    (is_done || rest.starts_with(['了', '啦', '完'])) && !rest.starts_with(['不', '办', '方', '中'])
}

/// "is resolved", "resolved it"; alone: "Resolved."
fn is_done_in_english(clause: &Clause<'_>, hit: &Hit<Word>) -> bool {
    let before = clause.text[..hit.start].trim_end();
    let last = before.rsplit([' ', '\n']).next().unwrap_or("").to_ascii_lowercase();
    let words = [
        "is",
        "are",
        "was",
        "were",
        "been",
        "now",
        "got",
        "has",
        "have",
        "had",
        "it",
        "that",
        "this",
        "you",
        "issue",
        "problem",
        "already",
        "finally",
        "fully",
        "completely",
        "successfully",
        "issues",
        "problems",
        "all",
        "it's",
        "it’s",
        "and",
        "everything",
        "i",
        "we",
        "error",
        "as",
        "partially",
        "partly",
    ];
    let is_marked = before.ends_with("as") && ["mark", "consider", "regard"].iter().any(|w| before.to_ascii_lowercase().contains(w));
    before.is_empty() && clause.text[hit.end..].trim().len() <= 12 || is_marked || last != "as" && words.contains(&last.as_str())
}

/// `3 of 5`, `3 out of 5`.
fn is_some_of_many(text: &str) -> bool {
    let Some(at) = text.find(" of ") else { return false };
    let before = text[..at].trim_end_matches(" out");
    let number = |s: &str| s.parse::<u32>().ok();
    let some = before.rsplit(' ').next().and_then(number);
    let words = text[at + 4..].trim_start_matches("the ").trim_start_matches("our ");
    let many = words.split(' ').next().and_then(number);
    matches!((some, many), (Some(a), Some(b)) if a < b)
}
