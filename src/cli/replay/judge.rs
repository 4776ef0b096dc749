//! What one configuration makes of a mail: the pure functions of triage and drafting, with the same facts for whoever judges.

use crate::case::Millis;
use crate::cli::triage::compose;
use crate::config::Loaded;
use crate::mail;
use crate::replay::{Outcome, outcome};
use crate::triage::{Facts, decide};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// One mail with all that is known beside it.
pub(super) struct Sample {
    pub place: String,
    pub raw: Vec<u8>,
    /// None: the mail's own date tells.
    pub received_at: Option<Millis>,
    pub facts: Facts,
    /// Text of the mail of ours that it answers.
    pub ours: Option<String>,
}

/// Message-ID and subject, for the reader to find the mail again.
pub(super) type Head = (Option<String>, String);

/// A batch judged, in its order.
pub(super) type Judged = Vec<(Head, Outcome)>;

/// Both configurations at work at once.
pub(super) fn both(this: &Loaded, other: &Loaded, batch: &[Sample]) -> (Judged, Judged) {
    std::thread::scope(|scope| {
        let after = scope.spawn(|| all(other, batch));
        let before = all(this, batch);
        // Panics of a mail are caught below; another one is ours and goes on.
        let after = after.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        (before, after)
    })
}

fn all(loaded: &Loaded, batch: &[Sample]) -> Judged {
    let failed = || ((None, String::new()), Outcome { kind: "the reader failed on it".to_owned(), ..Outcome::default() });
    let one = |sample| catch_unwind(AssertUnwindSafe(|| judge(loaded, sample))).unwrap_or_else(|_| failed());
    batch.iter().map(one).collect()
}

fn judge(loaded: &Loaded, sample: &Sample) -> (Head, Outcome) {
    let settings = &loaded.settings;
    let mut mail = mail::parse(&sample.raw, &settings.mail);
    if let Some(ours) = &sample.ours {
        mail::against(&mut mail, ours);
    }
    let at = sample.received_at.or(mail.date_at).unwrap_or_default();
    let decision = decide(&mail, &sample.facts, &loaded.knowledge.rules, &settings.triage, at);
    let draft = decision.stage.map(|stage| compose(loaded, &mail, &decision, stage, at));
    ((mail.message_id.clone(), mail.subject.text.clone()), outcome(&decision, draft.as_ref()))
}
