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
    /// What happens to a case. An automatic mail has none. (`next` is being written by the room `case`.)
    Trigger {
        CustomerReplied = "customer_replied",
        InitialSent = "initial_sent",
        ProgressSent = "progress_sent",
        ReminderSent = "reminder_sent",
        ClosureStarted = "closure_started",
        ClosureSent = "closure_sent",
        ClosureDiscarded = "closure_discarded",
        Reopened = "reopened",
        Cancelled = "cancelled",
        Merged = "merged",
        Taken = "taken",
        WaitForCustomer = "wait_for_customer",
    }
}
