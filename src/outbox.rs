//! Outgoing mail before any socket: when to try again, and the exact bytes of a letter.
//!
//! [`build`] is called once, at approval; what it returns is stored and sent byte for byte, so the same [`Letter`] always gives the
//! same bytes (one text part, no boundary, no clock). Subjects and names come from customers: control characters are taken
//! out before they reach the builder, and the result is checked once more. RFC 5322, RFC 2045, RFC 2047, RFC 3834.

use crate::case::Millis;
use crate::mail::Address;
use std::fmt::Write as _;

mod letter;
pub use letter::build;

/// Minutes to wait after the first, second, … failed attempt; the last one repeats.
const WAITS: [i64; 6] = [1, 5, 15, 60, 180, 360];
/// Attempts before giving up: the waits then add up to 70 hours.
const MOST_ATTEMPTS: u32 = 17;

/// When to try again after `attempt` failed attempts (1 or more), or None: give up, it goes back to the engineer.
///
/// `jitter` from 0 to 1 adds up to a fifth of the wait, so that a relay that comes back is not met by everything at once.
pub fn retry_at(attempt: u32, now: Millis, jitter: f64) -> Option<Millis> {
    if attempt >= MOST_ATTEMPTS {
        return None;
    }
    let index = (attempt.max(1) as usize - 1).min(WAITS.len() - 1);
    let wait = WAITS[index] * 60_000;
    let jitter = if jitter.is_finite() { jitter.clamp(0.0, 1.0) } else { 0.0 };
    Some(now.saturating_add(wait).saturating_add((wait as f64 * 0.2 * jitter) as i64))
}

/// A mail as approved. Every text may be hostile; nothing needs to be cleaned before.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Letter {
    pub from: Address,
    pub to: Vec<Address>,
    pub cc: Vec<Address>,
    pub reply_to: Option<Address>,
    pub subject: String,
    /// Plain text, any line ends.
    pub body: String,
    /// Without angle brackets; see [`message_id`].
    pub message_id: String,
    /// Without angle brackets, as are the references (oldest first, the parent last).
    pub in_reply_to: Option<String>,
    pub references: Vec<String>,
    /// `Date:`, written in UTC.
    pub date_at: Millis,
    pub case_number: Option<String>,
    /// Sent by rule, not by a person (survey, reminder): marked `Auto-Submitted: auto-generated` (RFC 3834 §5).
    pub automatic: bool,
}

/// Why a letter cannot become a mail. Its texts name headers and positions, never addresses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    #[error("there is no recipient")]
    NoRecipient,
    #[error("more than {most} recipients")]
    TooManyRecipients { most: usize },
    #[error("{header}: address {position} cannot be used: {reason}")]
    Address { header: &'static str, position: usize, reason: String },
    #[error("the Message-ID must be printable ASCII with one @, without blanks and brackets, of at most {most} characters")]
    MessageId { most: usize },
    #[error("the mail could not be written: {0}")]
    Broken(String),
}

/// A new Message-ID, without angle brackets. A domain that is not plain ASCII letters, digits, dots and hyphens is replaced by `localhost`.
pub fn message_id(random: &[u8; 16], domain: &str) -> String {
    let mut id = String::from("casemate.");
    for byte in random {
        let _ = write!(id, "{byte:02x}");
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
    let usable = !domain.is_empty() && domain.len() <= 253 && domain.chars().all(plain);
    id + "@" + if usable { domain } else { "localhost" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retries_end_after_about_three_days() {
        let waits: Vec<i64> = (1..=20).map_while(|attempt| retry_at(attempt, 0, 0.0)).map(|at| at / 60_000).collect();
        assert_eq!(waits[..7], [1, 5, 15, 60, 180, 360, 360]);
        assert_eq!(waits.iter().sum::<i64>() / 60, 70);
        assert_eq!(retry_at(17, 0, 0.0), None);
        assert_eq!(retry_at(u32::MAX, 0, 0.5), None);
    }

    #[test]
    fn never_in_the_past_and_jitter_is_bounded() {
        for attempt in 0..17 {
            let least = retry_at(attempt, 1_000, 0.0).unwrap();
            let most = retry_at(attempt, 1_000, 1.0).unwrap();
            assert!(least > 1_000 && most > least && most - 1_000 <= (least - 1_000) * 6 / 5, "{attempt}");
            for odd in [f64::NAN, f64::INFINITY, -5.0] {
                assert_eq!(retry_at(attempt, 1_000, odd), Some(least));
            }
        }
        assert_eq!(retry_at(1, i64::MAX, 1.0), Some(i64::MAX));
    }

    #[test]
    fn message_ids() {
        assert_eq!(message_id(&[0xab; 16], "desk.example"), format!("casemate.{}@desk.example", "ab".repeat(16)));
        for domain in ["", "a b", "x>\r\nBcc: y", "客服.example"] {
            assert!(message_id(&[0; 16], domain).ends_with("@localhost"), "{domain:?}");
        }
    }
}
