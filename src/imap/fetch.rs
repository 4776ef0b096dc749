//! Fetching: sizes first, then bodies in batches bounded by number and bytes, large mails in pieces.
//!
//! Every UID asked for is answered, as a mail or as gone. A UID is gone only when the server completed a command without
//! naming it; a UID whose size was told and whose body was not is asked for again before that is believed.

use super::{Error, Session};
use crate::case::Millis;
use async_imap::imap_proto::{AttributeValue, Response};
use std::collections::HashMap;
use std::time::{SystemTime, UNIX_EPOCH};

/// UIDs a command.
const BATCH: usize = 100;
/// Bytes of bodies a command.
const BATCH_BYTES: u64 = 8 << 20;
/// A larger mail is fetched in pieces.
const LARGE: u64 = 4 << 20;
const PIECE: usize = 1 << 20;

/// The bytes of a mail, or that it is larger than the caller takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Raw {
    Bytes(Vec<u8>),
    /// The server answers NO for this one mail alone; set by the caller that found out.
    Refused,
    TooLarge,
}

/// The answer for one UID.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fetched {
    /// `received_at` is INTERNALDATE (the time of fetching when the server gives none); `size` is RFC822.SIZE, bytes.
    Mail { uid: u32, received_at: Millis, size: u64, raw: Raw },
    /// No longer in the mailbox.
    Gone { uid: u32 },
}

impl Fetched {
    pub fn uid(&self) -> u32 {
        match self {
            Fetched::Mail { uid, .. } | Fetched::Gone { uid } => *uid,
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Listed {
    received_at: Millis,
    size: u64,
}

impl Session {
    /// The mails of these UIDs, in this order, each UID answered. Mails over `max_bytes` are not transferred. All of it is
    /// held in memory: see [`Session::fetch_some`] for a bound.
    pub async fn fetch(&mut self, uids: &[u32], max_bytes: u64) -> Result<Vec<Fetched>, Error> {
        let mut fetched = Vec::with_capacity(uids.len());
        while fetched.len() < uids.len() {
            let rest = &uids[fetched.len()..];
            fetched.extend(self.fetch_some(rest, max_bytes, u64::MAX).await?);
        }
        Ok(fetched)
    }

    /// The answers for the first UIDs of `uids`, in this order: at least one, at most a hundred, and no more mails than make up
    /// `budget` bytes (the first may be over it).
    pub async fn fetch_some(&mut self, uids: &[u32], max_bytes: u64, budget: u64) -> Result<Vec<Fetched>, Error> {
        let uids = &uids[..uids.len().min(BATCH)];
        let listed = self.sizes(uids).await?;
        let weight = |uid: &u32| listed.get(uid).map_or(0, |mail| if mail.size > max_bytes { 0 } else { mail.size });
        let mut sum = 0u64;
        let fits = |uid: &&u32| {
            sum = sum.saturating_add(weight(uid));
            sum <= budget
        };
        let uids = &uids[..uids.iter().take_while(fits).count().max(1).min(uids.len())];
        let mut bodies = self.bodies(uids, &listed, max_bytes).await?;
        let answer = |uid: &u32| match (listed.get(uid), bodies.remove(uid)) {
            (Some(mail), Some(raw)) => Fetched::Mail { uid: *uid, received_at: mail.received_at, size: mail.size, raw },
            _ => Fetched::Gone { uid: *uid },
        };
        Ok(uids.iter().map(answer).collect())
    }

    /// Dates and sizes; UIDs that are gone are missing.
    async fn sizes(&mut self, uids: &[u32]) -> Result<HashMap<u32, Listed>, Error> {
        let mut listed = HashMap::with_capacity(uids.len());
        if uids.is_empty() {
            return Ok(listed);
        }
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as Millis);
        let command = format!("UID FETCH {} (UID INTERNALDATE RFC822.SIZE)", set(uids));
        let on = |response: &Response<'_>| {
            let Response::Fetch(_, attributes) = response else { return };
            let (mut uid, mut received_at, mut size) = (None, now, None);
            for attribute in attributes {
                match attribute {
                    AttributeValue::Uid(value) => uid = Some(*value),
                    AttributeValue::InternalDate(date) => received_at = internal_date(date).unwrap_or(now),
                    AttributeValue::Rfc822Size(value) => size = Some(u64::from(*value)),
                    _ => {}
                }
            }
            if let (Some(uid), Some(size)) = (uid, size) {
                listed.insert(uid, Listed { received_at, size });
            }
        };
        self.wire.run("UID FETCH sizes", &command, on).await?;
        Ok(listed)
    }

    async fn bodies(&mut self, uids: &[u32], listed: &HashMap<u32, Listed>, max_bytes: u64) -> Result<HashMap<u32, Raw>, Error> {
        let mut bodies = HashMap::with_capacity(uids.len());
        let (mut batch, mut batch_bytes) = (Vec::new(), 0);
        for uid in uids {
            let Some(mail) = listed.get(uid) else { continue };
            if mail.size > max_bytes {
                bodies.insert(*uid, Raw::TooLarge);
            } else if mail.size > LARGE {
                if let Some(raw) = self.pieces(*uid, mail.size, max_bytes).await? {
                    bodies.insert(*uid, raw);
                }
            } else {
                if batch_bytes + mail.size > BATCH_BYTES {
                    self.batch(&std::mem::take(&mut batch), max_bytes, &mut bodies).await?;
                    batch_bytes = 0;
                }
                batch.push(*uid);
                batch_bytes += mail.size;
            }
        }
        self.batch(&batch, max_bytes, &mut bodies).await?;
        let silent: Vec<u32> = uids.iter().filter(|uid| listed.contains_key(uid) && !bodies.contains_key(uid)).copied().collect();
        if let Some(uid) = self.sizes(&silent).await?.keys().next() {
            return Err(self.wire.protocol("UID FETCH", &format!("no body for UID {uid}, which is there")));
        }
        Ok(bodies)
    }

    /// Whole bodies of small mails, one command.
    async fn batch(&mut self, uids: &[u32], max_bytes: u64, bodies: &mut HashMap<u32, Raw>) -> Result<(), Error> {
        if uids.is_empty() {
            return Ok(());
        }
        let command = format!("UID FETCH {} (UID BODY.PEEK[])", set(uids));
        let on = |response: &Response<'_>| {
            if let Some((uid, bytes)) = body(response) {
                let is_too_large = bytes.len() as u64 > max_bytes; // RFC822.SIZE is a guess on some servers
                bodies.insert(uid, if is_too_large { Raw::TooLarge } else { Raw::Bytes(bytes.to_vec()) });
            }
        };
        self.wire.run("UID FETCH", &command, on).await.map(drop)
    }

    /// One large mail. None: it went away.
    async fn pieces(&mut self, uid: u32, size: u64, max_bytes: u64) -> Result<Option<Raw>, Error> {
        let mut raw: Vec<u8> = Vec::with_capacity(size as usize);
        loop {
            let mut got = None;
            let command = format!("UID FETCH {uid} (UID BODY.PEEK[]<{}.{PIECE}>)", raw.len());
            let on = |response: &Response<'_>| {
                if let Some((named, bytes)) = body(response)
                    && named == uid
                {
                    got = Some(bytes.len());
                    raw.extend_from_slice(bytes);
                }
            };
            self.wire.run("UID FETCH piece", &command, on).await?;
            match got {
                None => return Ok(None),
                Some(_) if raw.len() as u64 > max_bytes => return Ok(Some(Raw::TooLarge)),
                Some(PIECE) => {}
                Some(_) => return Ok(Some(Raw::Bytes(raw))),
            }
        }
    }
}

/// UID and body of a FETCH response that has both; unsolicited ones (flags changed elsewhere) have not.
fn body<'a>(response: &'a Response<'_>) -> Option<(u32, &'a [u8])> {
    let Response::Fetch(_, attributes) = response else { return None };
    let uid = attributes.iter().find_map(|attribute| match attribute {
        AttributeValue::Uid(uid) => Some(*uid),
        _ => None,
    })?;
    attributes.iter().find_map(|attribute| match attribute {
        AttributeValue::BodySection { section: None, data: Some(data), .. } => Some((uid, data.as_ref())),
        _ => None,
    })
}

/// A sequence set (RFC 9051 §9): runs of neighbours as `first:last`, so that a hundred UIDs stay a short line.
fn set(uids: &[u32]) -> String {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for uid in uids {
        match runs.last_mut() {
            Some((_, last)) if last.checked_add(1) == Some(*uid) => *last = *uid,
            _ => runs.push((*uid, *uid)),
        }
    }
    let texts = runs.iter().map(|(first, last)| if first == last { first.to_string() } else { format!("{first}:{last}") });
    texts.collect::<Vec<_>>().join(",")
}

/// `17-Jul-2026 02:44:25 -0700`, the day possibly with a space in front (RFC 9051 §9, date-time).
fn internal_date(text: &str) -> Option<Millis> {
    let time = jiff::fmt::strtime::parse("%d-%b-%Y %H:%M:%S %z", text.trim()).ok()?;
    time.to_timestamp().ok().map(|time| time.as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_short() {
        for (uids, text) in [(&[7][..], "7"), (&[1, 2, 3, 5, 8, 9], "1:3,5,8:9"), (&[u32::MAX, 1], "4294967295,1")] {
            assert_eq!(set(uids), text);
        }
    }

    #[test]
    fn internal_dates() {
        for (text, at) in [
            ("17-Jul-2026 02:44:25 +0800", Some(1_784_227_465_000)),
            (" 1-Jan-1970 00:00:01 +0000", Some(1000)),
            ("01-jan-1970 08:00:00 +0800", Some(0)),
            ("", None),
            ("31-Feb-2026 00:00:00 +0000", None),
        ] {
            assert_eq!(internal_date(text), at, "{text}");
        }
    }
}
