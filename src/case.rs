//! The case: the unit of work, its ids, its statuses and the state machine between them.
//!
//! Pure. Who may do what when is decided here as a value; `db::case` stores it with guarded updates and `db::event`
//! keeps the history, append-only. The one surprising fact: `resolved` means *closing* (the closure summary is written or
//! on its way), `archived` means the customer has been sent the closure.

use serde::{Deserialize, Serialize};
use std::fmt;

/// UTC milliseconds since 1970, as stored in every `*_at` column.
pub type Millis = i64;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.fmt(f) }
        }
    )+};
}
id! {
    /// A row of `cases`.
    CaseId,
    /// A row of `messages`: a mail in or out as stored. Not the RFC 5322 Message-ID, which is text.
    MessageKey,
    /// A row of `mailboxes`.
    MailboxId,
    /// A row of `drafts`.
    DraftId,
    /// A row of `outbox`.
    OutboxId,
    /// A row of `engineers`.
    EngineerId,
    /// A row of `surveys`.
    SurveyId,
}

/// Closed set with its stored text (also serde text) in one place.
macro_rules! text_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, ::serde::Serialize, ::serde::Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $text)] $variant),+ }
        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$variant),+];
            /// The word stored in the database, shown in JSON and used in configuration.
            pub fn as_str(self) -> &'static str { match self { $($name::$variant => $text),+ } }
        }
        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result { f.pad(self.as_str()) }
        }
        impl ::std::str::FromStr for $name {
            type Err = String;
            fn from_str(s: &str) -> ::std::result::Result<Self, String> {
                match s { $($text => Ok($name::$variant),)+ _ => Err(format!("unknown {} \"{s}\", expected one of: {}", stringify!($name), [$($text),+].join(", "))) }
            }
        }
    };
}
pub(crate) use text_enum;

text_enum! {
    /// Status of a case.
    Status {
        New = "new",
        InProgress = "in_progress",
        WaitingCustomer = "waiting_customer",
        /// Closing: the closure summary is being written or sent.
        Resolved = "resolved",
        Archived = "archived",
        Reopened = "reopened",
        Cancelled = "cancelled",
        Merged = "merged",
    }
}
text_enum! {
    /// Priority of a case, set by the rules, changed by people.
    Priority { Low = "low", Normal = "normal", High = "high", Urgent = "urgent" }
}
text_enum! {
    /// Which mail of the desk's procedure a draft or sent mail is.
    Stage {
        InitialResponse = "initial_response",
        Progress = "progress",
        Reminder = "reminder",
        Closure = "closure",
        Survey = "survey",
    }
}
text_enum! {
    /// Language of a mail or a draft.
    Language { Zh = "zh", En = "en" }
}
text_enum! {
    /// Role of an engineer; each includes the rights of the ones before it.
    Role { Engineer = "engineer", Lead = "lead", Admin = "admin" }
}
text_enum! {
    /// What is asked of a case's status: something that happened, or something a person does.
    ///
    /// Automatic mail (auto_reply, bounce, receipt, calendar, list, loop) has no trigger at all, so it cannot change a status.
    Trigger {
        /// A mail by a person at the customer's.
        CustomerReplied = "customer_replied",
        InitialSent = "initial_sent",
        ProgressSent = "progress_sent",
        ReminderSent = "reminder_sent",
        /// An engineer asks to close: the closure draft is proposed.
        ClosureStarted = "closure_started",
        ClosureSent = "closure_sent",
        ClosureDiscarded = "closure_discarded",
        /// Reopened by a person.
        Reopened = "reopened",
        Cancelled = "cancelled",
        Merged = "merged",
        /// An engineer was assigned or started work.
        Taken = "taken",
        /// A person says that the customer's answer is awaited (asked by telephone, say).
        WaitForCustomer = "wait_for_customer",
    }
}
text_enum! {
    /// One line of a case's history.
    EventKind {
        Created = "created",
        MailReceived = "mail_received",
        MailSent = "mail_sent",
        StatusChanged = "status_changed",
        DraftProposed = "draft_proposed",
        DraftEdited = "draft_edited",
        DraftApproved = "draft_approved",
        DraftDiscarded = "draft_discarded",
        DraftSuperseded = "draft_superseded",
        /// A permanent failure, or the end of the retries.
        SendFailed = "send_failed",
        /// The relay may or may not have taken the mail.
        SendUnknown = "send_unknown",
        /// A person said what became of a mail with unknown outcome.
        SendDecided = "send_decided",
        Bounced = "bounced",
        Assigned = "assigned",
        Noted = "noted",
        PriorityChanged = "priority_changed",
        Reopened = "reopened",
        Cancelled = "cancelled",
        Merged = "merged",
        /// A message was put into this case, or taken out of it, by a person.
        Refiled = "refiled",
        ClosureStarted = "closure_started",
        SurveySent = "survey_sent",
        SurveyAnswered = "survey_answered",
        ReminderProposed = "reminder_proposed",
        /// A finding of the gate was waived, with a reason.
        Waived = "waived",
        Unsubscribed = "unsubscribed",
    }
}

/// A trigger that makes no sense in this status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a case that is {from} cannot take \"{trigger}\"")]
pub struct Refused {
    pub from: Status,
    pub trigger: Trigger,
}

/// Work is to be done or awaited. `resolved` is not open: the desk's work is done, the closure is on its way.
pub fn is_open(status: Status) -> bool {
    matches!(status, Status::New | Status::InProgress | Status::WaitingCustomer | Status::Reopened)
}

/// Nothing more is due: archived, cancelled or merged.
pub fn is_finished(status: Status) -> bool {
    matches!(status, Status::Archived | Status::Cancelled | Status::Merged)
}

/// The status after a trigger; may be the same one. Total: every pair of status and trigger is decided.
///
/// What has happened cannot be refused: a mail that was under way while the status changed is still recorded, and leaves the
/// newer status alone (a closure that goes out after the customer wrote again does not archive the case). What a person
/// asks for can be refused. A merged case refuses everything; follow `merged_into` first.
pub fn next(status: Status, trigger: Trigger) -> Result<Status, Refused> {
    use Status::*;
    let refused = Err(Refused { from: status, trigger });
    if status == Merged {
        return refused;
    }
    match trigger {
        Trigger::CustomerReplied => Ok(match status {
            WaitingCustomer => InProgress,
            Resolved | Archived | Cancelled => Reopened,
            same => same,
        }),
        Trigger::InitialSent | Trigger::ProgressSent | Trigger::ReminderSent => Ok(if is_open(status) { WaitingCustomer } else { status }),
        Trigger::ClosureSent => Ok(if status == Resolved { Archived } else { status }),
        Trigger::ClosureStarted if is_open(status) => Ok(Resolved),
        Trigger::ClosureDiscarded if status == Resolved => Ok(InProgress),
        // The closure draft of a case that the customer reopened is still there to be discarded.
        Trigger::ClosureDiscarded if is_open(status) => Ok(status),
        Trigger::Reopened if matches!(status, Resolved | Archived | Cancelled) => Ok(Reopened),
        Trigger::Cancelled if is_open(status) => Ok(Cancelled),
        Trigger::Merged => Ok(Merged),
        Trigger::Taken if matches!(status, New | Reopened) => Ok(InProgress),
        Trigger::Taken if !is_finished(status) => Ok(status),
        Trigger::WaitForCustomer if is_open(status) => Ok(WaitingCustomer),
        _ => refused,
    }
}

/// A case number in the look of Dynamics 365: `CAS-03160-B3H1K7`. The sequence has at least five digits; the suffix takes
/// letter and digit in turn, without I and O, which are read as 1 and 0. A negative sequence counts as 0.
pub fn format_number(prefix: &str, sequence: i64, random: &[u8; 6]) -> String {
    const LETTERS: &[u8; 24] = b"ABCDEFGHJKLMNPQRSTUVWXYZ";
    let suffix: String = random
        .iter()
        .enumerate()
        .map(|(i, byte)| if i % 2 == 0 { LETTERS[usize::from(*byte) % LETTERS.len()] } else { b'0' + byte % 10 })
        .map(char::from)
        .collect();
    format!("{prefix}-{:05}-{suffix}", sequence.max(0))
}

/// A tracking token in the look of Dynamics 365: prefix with its colon, the legacy digit `0`, the number of the user, and the
/// counter, which starts again at 0 after its last digit: `CMIT:` + `0` + `001` + `617`. Both parts wrap to their digits.
pub fn format_token(prefix: &str, user: i64, user_digits: u8, counter: i64, counter_digits: u8) -> String {
    let part = |number: i64, digits: u8| {
        let digits = usize::from(digits.clamp(1, 18));
        let number = number.rem_euclid(10_i64.pow(digits as u32));
        format!("{number:0digits$}")
    };
    format!("{prefix}0{}{}", part(user, user_digits), part(counter, counter_digits))
}

#[cfg(test)]
mod tests {
    use super::*;
    use Status::*;

    /// Columns: new, in_progress, waiting_customer, resolved, archived, reopened, cancelled, merged. None: refused.
    #[rustfmt::skip]
    const TABLE: &[(Trigger, [Option<Status>; 8])] = &[
        (Trigger::CustomerReplied,  [Some(New), Some(InProgress), Some(InProgress), Some(Reopened), Some(Reopened), Some(Reopened), Some(Reopened), None]),
        (Trigger::InitialSent,      [Some(WaitingCustomer), Some(WaitingCustomer), Some(WaitingCustomer), Some(Resolved), Some(Archived), Some(WaitingCustomer), Some(Cancelled), None]),
        (Trigger::ProgressSent,     [Some(WaitingCustomer), Some(WaitingCustomer), Some(WaitingCustomer), Some(Resolved), Some(Archived), Some(WaitingCustomer), Some(Cancelled), None]),
        (Trigger::ReminderSent,     [Some(WaitingCustomer), Some(WaitingCustomer), Some(WaitingCustomer), Some(Resolved), Some(Archived), Some(WaitingCustomer), Some(Cancelled), None]),
        (Trigger::ClosureStarted,   [Some(Resolved), Some(Resolved), Some(Resolved), None, None, Some(Resolved), None, None]),
        (Trigger::ClosureSent,      [Some(New), Some(InProgress), Some(WaitingCustomer), Some(Archived), Some(Archived), Some(Reopened), Some(Cancelled), None]),
        (Trigger::ClosureDiscarded, [Some(New), Some(InProgress), Some(WaitingCustomer), Some(InProgress), None, Some(Reopened), None, None]),
        (Trigger::Reopened,         [None, None, None, Some(Reopened), Some(Reopened), None, Some(Reopened), None]),
        (Trigger::Cancelled,        [Some(Cancelled), Some(Cancelled), Some(Cancelled), None, None, Some(Cancelled), None, None]),
        (Trigger::Merged,           [Some(Merged), Some(Merged), Some(Merged), Some(Merged), Some(Merged), Some(Merged), Some(Merged), None]),
        (Trigger::Taken,            [Some(InProgress), Some(InProgress), Some(WaitingCustomer), Some(Resolved), None, Some(InProgress), None, None]),
        (Trigger::WaitForCustomer,  [Some(WaitingCustomer), Some(WaitingCustomer), Some(WaitingCustomer), None, None, Some(WaitingCustomer), None, None]),
    ];

    #[test]
    fn every_status_and_trigger() {
        assert_eq!(TABLE.len(), Trigger::ALL.len(), "a trigger is missing in the table");
        for (trigger, row) in TABLE {
            for (status, expected) in Status::ALL.iter().zip(row) {
                assert_eq!(next(*status, *trigger).ok(), *expected, "{status} + {trigger}");
            }
        }
    }

    #[test]
    fn a_refusal_says_what_and_why() {
        let refused = next(Archived, Trigger::Cancelled).unwrap_err();
        assert_eq!(refused.to_string(), "a case that is archived cannot take \"cancelled\"");
    }

    #[test]
    fn numbers() {
        assert_eq!(format_number("CAS", 3160, &[1, 3, 7, 1, 9, 7]), "CAS-03160-B3H1K7");
        assert_eq!(format_number("CAS", 123_456, &[255; 6]), "CAS-123456-R5R5R5");
        for byte in 0..=255 {
            let number = format_number("AB", 1, &[byte; 6]);
            assert!(!number[9..].contains(['I', 'O']) && number.len() == 15, "{number}");
        }
    }

    #[test]
    fn tokens() {
        assert_eq!(format_token("CMIT:", 1, 3, 617, 3), "CMIT:0001617");
        assert_eq!(format_token("CRM:", 1, 3, 1000, 3), "CRM:0001000", "the counter starts again");
        assert_eq!(format_token("CRM:", 42, 5, 7, 1), "CRM:0000427");
        assert_eq!(format_token("CRM:", -1, 0, i64::MIN, 200).len(), "CRM:0".len() + 1 + 18);
    }

    #[test]
    fn stored_words_come_back() {
        for kind in EventKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(*kind));
        }
        assert!("nothing".parse::<EventKind>().unwrap_err().starts_with("unknown EventKind \"nothing\""));
    }
}
