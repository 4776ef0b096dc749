//! The satisfaction survey: its one-time token, the vote that a mail reply casts, and what the votes add up to.
//!
//! Only what a person submitted counts: a vote by mail must say a score plainly in its first line, or it is no vote
//! and the mail is an ordinary reply. Scores are 1 to 5. CSAT is the share of 4 and 5 among all answers; it is not given below
//! [`LEAST_ANSWERS`] answers.

use crate::case::Language;
use base64::Engine as _;
use serde::Serialize;
use sha2::{Digest, Sha256};

mod vote;
pub use vote::{Vote, vote};

/// Fewer answers give no percentage.
pub const LEAST_ANSWERS: usize = 5;

/// The secret of a survey link: 43 characters of the URL-safe base64 alphabet.
pub fn token(random: &[u8; 32]) -> String {
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(random)
}

/// What the database keeps of a token: SHA-256 in lower-case hex.
pub fn token_hash(token: &str) -> String {
    Sha256::digest(token.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The word for a score; an unknown score has none.
pub fn score_label(score: u8, language: Language) -> &'static str {
    let (zh, en) = match score {
        5 => ("非常满意", "Very satisfied"),
        4 => ("满意", "Satisfied"),
        3 => ("一般", "Neutral"),
        2 => ("不满意", "Dissatisfied"),
        1 => ("非常不满意", "Very dissatisfied"),
        _ => ("", ""),
    };
    match language {
        Language::Zh => zh,
        Language::En => en,
    }
}

/// What the answers add up to. Shown with its n.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Satisfaction {
    /// Answers.
    pub n: usize,
    /// Answers of 4 or 5.
    pub satisfied: usize,
    /// Mean score; None below [`LEAST_ANSWERS`].
    pub mean: Option<f64>,
    /// Percent satisfied of n, 0 to 100; None below [`LEAST_ANSWERS`].
    pub csat: Option<f64>,
}

/// Adds up scores; those outside 1 to 5 are not answers.
pub fn satisfaction(scores: &[u8]) -> Satisfaction {
    let valid = || scores.iter().copied().filter(|score| (1..=5).contains(score));
    let n = valid().count();
    let satisfied = valid().filter(|score| *score >= 4).count();
    let enough = |value: f64| (n >= LEAST_ANSWERS).then_some(value);
    Satisfaction {
        n,
        satisfied,
        mean: enough(valid().map(f64::from).sum::<f64>() / n.max(1) as f64),
        csat: enough(100.0 * satisfied as f64 / n.max(1) as f64),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens() {
        assert_eq!(token(&[0xff; 32]), "_".repeat(42) + "8");
        assert_eq!(token_hash("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn a_percentage_needs_five_answers() {
        assert_eq!(satisfaction(&[5, 5, 4, 1]), Satisfaction { n: 4, satisfied: 3, mean: None, csat: None });
        assert_eq!(satisfaction(&[5, 5, 4, 1, 3, 0, 9]), Satisfaction { n: 5, satisfied: 3, mean: Some(3.6), csat: Some(60.0) });
        assert_eq!(satisfaction(&[]), Satisfaction::default());
    }
}
