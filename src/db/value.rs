//! How ids and text enums travel to and from both engines, and how text of hostile mail is made fit to store.

use crate::case::{CaseId, DraftId, EngineerId, Language, MailboxId, MessageKey, OutboxId, Priority, Role, Stage, Status, SurveyId};
use crate::db::{draft::DraftStatus, message::Direction, message::State, outbox::OutboxStatus, survey::SurveyStatus};
use crate::mail::Kind;
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::{Database, Decode, Encode, Type};
use std::borrow::Cow;

macro_rules! ids {
    ($($id:ident),+) => {$(
        impl<DB: Database> Type<DB> for $id where i64: Type<DB> {
            fn type_info() -> DB::TypeInfo { <i64 as Type<DB>>::type_info() }
            fn compatible(ty: &DB::TypeInfo) -> bool { <i64 as Type<DB>>::compatible(ty) }
        }
        impl<'q, DB: Database> Encode<'q, DB> for $id where i64: Encode<'q, DB> {
            fn encode_by_ref(&self, buf: &mut DB::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
                <i64 as Encode<'q, DB>>::encode_by_ref(&self.0, buf)
            }
        }
        impl<'r, DB: Database> Decode<'r, DB> for $id where i64: Decode<'r, DB> {
            fn decode(value: DB::ValueRef<'r>) -> Result<Self, BoxDynError> { Ok($id(<i64 as Decode<'r, DB>>::decode(value)?)) }
        }
    )+};
}
ids!(CaseId, DraftId, EngineerId, MailboxId, MessageKey, OutboxId, SurveyId);

macro_rules! texts {
    ($($text:ident),+) => {$(
        impl<DB: Database> Type<DB> for $text where String: Type<DB> {
            fn type_info() -> DB::TypeInfo { <String as Type<DB>>::type_info() }
            fn compatible(ty: &DB::TypeInfo) -> bool { <String as Type<DB>>::compatible(ty) }
        }
        impl<'q, DB: Database> Encode<'q, DB> for $text where &'static str: Encode<'q, DB> {
            fn encode_by_ref(&self, buf: &mut DB::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
                <&'static str as Encode<'q, DB>>::encode(self.as_str(), buf)
            }
        }
        impl<'r, DB: Database> Decode<'r, DB> for $text where &'r str: Decode<'r, DB> {
            fn decode(value: DB::ValueRef<'r>) -> Result<Self, BoxDynError> { Ok(<&'r str as Decode<'r, DB>>::decode(value)?.parse()?) }
        }
    )+};
}
texts!(Language, Priority, Role, Stage, Status, Kind, Direction, State, DraftStatus, OutboxStatus, SurveyStatus);

/// Longest Message-ID, subject or title that is stored whole, in bytes: PostgreSQL refuses index entries over 2,700 bytes.
pub(super) const MAX_KEY: usize = 1000;
/// Longest address.
pub(super) const MAX_ADDRESS: usize = 400;
/// Longest text of one mail kept for the pages.
pub(super) const MAX_TEXT: usize = 1 << 20;

/// At most `max` bytes, cut between characters, and without NUL, which PostgreSQL cannot store (it becomes U+FFFD).
/// Used when storing and when looking up, so that a cut text finds itself.
pub(super) fn fit(text: &str, max: usize) -> Cow<'_, str> {
    let cut = &text[..text.floor_char_boundary(max)];
    if cut.contains('\0') { Cow::Owned(cut.replace('\0', "\u{fffd}")) } else { Cow::Borrowed(cut) }
}
/// An address as compared: trimmed, lower case, bounded.
pub(super) fn fit_address(address: &str) -> String {
    fit(address.trim(), MAX_ADDRESS).to_lowercase()
}
/// A list as one argument for `json_each`.
pub(super) fn json_list<T: serde::Serialize>(list: &[T]) -> String {
    serde_json::to_string(list).unwrap_or_else(|_| "[]".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_between_characters_and_loses_nul() {
        for (text, max, expected) in [("abc", 3, "abc"), ("abcd", 3, "abc"), ("退款", 5, "退"), ("退款", 2, ""), ("a\0b", 9, "a\u{fffd}b")]
        {
            assert_eq!(fit(text, max), expected, "{text:?} {max}");
        }
        assert_eq!(fit_address(" Li.Ming@Bank.EXAMPLE "), "li.ming@bank.example");
    }
    #[test]
    fn lists_become_json() {
        assert_eq!(json_list(&["a\"b", "退"]), r#"["a\"b","退"]"#);
        assert_eq!(json_list(&[CaseId(3), CaseId(4)]), "[3,4]");
    }
}
