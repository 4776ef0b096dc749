//! The bytes of mails: stored before anything is decided, known by their SHA-256, compressed with lz4.

use super::{NewRaw, Received, Stored};
use crate::case::{CaseId, MailboxId, MessageKey, Millis};
use crate::db::sql::{by_engine, execute, fetch_all, fetch_one, fetch_optional, on, sql};
use crate::db::value::{MAX_KEY, fit, json_list};
use crate::db::{Error, Result, Tx};
use sha2::{Digest, Sha256};

/// No stored mail unpacks to more than this, in bytes, whatever its row says.
const MAX_RAW: i64 = 256 << 20;
/// Bytes of mail that one `list_received` brings into memory (one mail may be larger).
const BATCH_BYTES: i64 = 32 << 20;

sql! { ALL;
    INSERT_SIGHTING = "INSERT INTO sightings (mailbox_id, remote_id, seen_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    INSERT = "INSERT INTO messages (direction, state, reason, mailbox_id, received_at, seen_at, size, sha256) VALUES ('in', $1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (sha256) WHERE direction = 'in' DO NOTHING RETURNING id";
    FIND_BYTES = "SELECT id FROM messages WHERE sha256 = $1 AND direction = 'in'";
    STORE = "INSERT INTO raw_messages (message_key, encoding, size, bytes) VALUES ($1, $2, $3, $4)";
    STORE_MANY = "INSERT INTO raw_messages (message_key, encoding, size, bytes) VALUES ($1, $2, $3, $4), ($5, $6, $7, $8), ($9, $10, $11, $12),
        ($13, $14, $15, $16), ($17, $18, $19, $20), ($21, $22, $23, $24), ($25, $26, $27, $28), ($29, $30, $31, $32)";
    LIST_SIZES = "SELECT id, size FROM messages WHERE state = 'received' ORDER BY id LIMIT $1";
    LIST_RECEIVED = "SELECT m.id, m.mailbox_id, m.received_at, r.encoding, r.size, r.bytes FROM messages m JOIN raw_messages r ON r.message_key = m.id
        WHERE m.state = 'received' AND m.id <= $1 ORDER BY m.id LIMIT $2";
    LIST_STORED_SIZES = "SELECT m.id, m.size FROM messages m WHERE m.id > $1 AND m.direction = 'in'
        AND EXISTS (SELECT 1 FROM raw_messages r WHERE r.message_key = m.id) ORDER BY m.id LIMIT $2";
    LIST_STORED = "SELECT m.id, m.received_at, CASE WHEN NOT EXISTS (SELECT 1 FROM messages e WHERE e.case_id = m.case_id AND e.direction = 'in'
            AND e.id < m.id) THEN m.case_id END, r.encoding, r.size, r.bytes
        FROM messages m JOIN raw_messages r ON r.message_key = m.id WHERE m.id > $1 AND m.id <= $2 AND m.direction = 'in' ORDER BY m.id";
    COUNT_STORED = "SELECT count(*) FROM messages m WHERE m.direction = 'in' AND EXISTS (SELECT 1 FROM raw_messages r WHERE r.message_key = m.id)";
    HASH = "SELECT sha256 FROM messages WHERE id = $1";
    RAW = "SELECT encoding, size, bytes FROM raw_messages WHERE message_key = $1";
    // Not the bytes of a mail that is still on its way out.
    EXPIRE = "DELETE FROM raw_messages WHERE message_key IN (
            SELECT m.id FROM messages m WHERE m.state = 'ignored' AND m.received_at < $1
                AND EXISTS (SELECT 1 FROM raw_messages r WHERE r.message_key = m.id)
            UNION ALL SELECT m.id FROM cases c JOIN messages m ON m.case_id = c.id
                WHERE c.status IN ('archived', 'cancelled') AND COALESCE(c.archived_at, c.updated_at) < $1
                AND EXISTS (SELECT 1 FROM raw_messages r WHERE r.message_key = m.id)
                AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.message_key = m.id AND o.status IN ('due', 'claimed', 'sending', 'unknown'))
            LIMIT $2)";
}

// One JSON list of rows; only its taking apart differs.
sql! { SQLITE;
    SETTLE_SQLITE = "UPDATE sightings SET message_key = j.value ->> 'message', is_duplicate = j.value ->> 'is_duplicate' FROM json_each($1) AS j
        WHERE sightings.mailbox_id = j.value ->> 'mailbox' AND sightings.remote_id = j.value ->> 'remote_id'";
}
sql! { POSTGRES;
    SETTLE_POSTGRES = "UPDATE sightings AS s SET message_key = j.message, is_duplicate = j.is_duplicate FROM json_to_recordset(CAST($1 AS JSON))
        AS j (mailbox BIGINT, remote_id TEXT, message BIGINT, is_duplicate BOOLEAN)
        WHERE s.mailbox_id = j.mailbox AND s.remote_id = j.remote_id";
}

/// Rows of one [`STORE_MANY`].
const MANY: usize = 8;
/// Bytes that wait for the next statement, at most (one mail may be larger).
const MANY_BYTES: usize = 1 << 20;

/// Bytes that are written with the next statement of their kind, or with the commit.
pub(in crate::db) struct Late {
    key: MessageKey,
    encoding: &'static str,
    size: i64,
    bytes: Vec<u8>,
}
/// A sighting whose message is known by now.
#[derive(serde::Serialize)]
pub(in crate::db) struct Settled {
    mailbox: MailboxId,
    remote_id: String,
    message: MessageKey,
    is_duplicate: bool,
}

pub(in crate::db) async fn flush(tx: &mut Tx) -> Result<()> {
    for late in std::mem::take(&mut tx.raws) {
        execute!(tx, STORE, late.key, late.encoding, late.size, late.bytes)?;
    }
    if !tx.settled.is_empty() {
        let rows = json_list(&std::mem::take(&mut tx.settled));
        let text = by_engine!(tx, SETTLE_SQLITE, SETTLE_POSTGRES);
        execute!(tx, text, rows)?;
    }
    Ok(())
}

/// The sighting and, when the bytes are new, the message with its bytes. Part of the transaction that moves the cursor.
pub async fn insert_raw(tx: &mut Tx, new: &NewRaw<'_>) -> Result<Stored> {
    let remote_id = new.remote_id;
    if execute!(tx, INSERT_SIGHTING, new.mailbox, remote_id, new.seen_at)? == 0 {
        return Ok(Stored::Seen);
    }
    let stored = insert_message(tx, new).await?;
    let (Stored::New(key) | Stored::Duplicate(key)) = stored else { return Ok(stored) };
    let is_duplicate = matches!(stored, Stored::Duplicate(_));
    tx.settled.push(Settled { mailbox: new.mailbox, remote_id: remote_id.to_owned(), message: key, is_duplicate });
    Ok(stored)
}

async fn insert_message(tx: &mut Tx, new: &NewRaw<'_>) -> Result<Stored> {
    let hash = new.raw.ok().map(|raw| Sha256::digest(raw).to_vec());
    let reason = new.raw.err().map(|reason| fit(reason, MAX_KEY));
    let state = if reason.is_some() { super::State::Quarantined } else { super::State::Received };
    let row = fetch_optional!(
        (MessageKey,),
        tx,
        INSERT,
        state,
        reason.as_deref(),
        new.mailbox,
        new.received_at,
        new.seen_at,
        new.size,
        hash.as_deref()
    )?;
    let Some((key,)) = row else {
        return fetch_one!((MessageKey,), tx, FIND_BYTES, hash.as_deref()).map(|(key,)| Stored::Duplicate(key));
    };
    if let Ok(raw) = new.raw {
        store(tx, key, raw).await?;
    }
    Ok(Stored::New(key))
}

pub(super) async fn store(tx: &mut Tx, key: MessageKey, raw: &[u8]) -> Result<()> {
    let size = i64::try_from(raw.len()).unwrap_or(i64::MAX);
    let packed = lz4_flex::block::compress(raw);
    let (encoding, bytes) = if packed.len() < raw.len() { ("lz4", packed) } else { ("plain", raw.to_vec()) };
    tx.raws.push(Late { key, encoding, size, bytes });
    if tx.raws.len() == MANY {
        let many = std::mem::take(&mut tx.raws);
        let done = on!(tx, |c| {
            let mut query = sqlx::query(STORE_MANY);
            for late in many {
                query = query.bind(late.key).bind(late.encoding).bind(late.size).bind(late.bytes);
            }
            query.execute(c).await.map(|_| ())
        });
        return done.map_err(Error::from);
    }
    if tx.raws.iter().map(|late| late.bytes.len()).sum::<usize>() > MANY_BYTES {
        return flush(tx).await;
    }
    Ok(())
}

fn unpack(key: MessageKey, encoding: &str, size: i64, bytes: Vec<u8>) -> Result<Vec<u8>> {
    let damaged = |what: &str| Error::Damaged(format!("the stored bytes of mail {key} are damaged ({what}); restore a backup"));
    let size = usize::try_from(size.clamp(0, MAX_RAW)).unwrap_or_default();
    let raw = match encoding {
        "lz4" => lz4_flex::block::decompress(&bytes, size).map_err(|error| damaged(&error.to_string()))?,
        _ => bytes,
    };
    if raw.len() == size { Ok(raw) } else { Err(damaged("wrong size")) }
}

/// Oldest first; what triage works on. Fewer than `limit` when the mails are large: about 32 MB at a time.
pub async fn list_received(tx: &mut Tx, limit: i64) -> Result<Vec<Received>> {
    flush(tx).await?;
    let sizes = fetch_all!((MessageKey, i64), tx, LIST_SIZES, limit)?;
    let Some(last) = last_fitting(&sizes) else { return Ok(Vec::new()) };
    type Row = (MessageKey, Option<MailboxId>, Millis, String, i64, Vec<u8>);
    let rows: Vec<Row> = fetch_all!(Row, tx, LIST_RECEIVED, last, limit)?;
    let received = |(key, mailbox, received_at, encoding, size, bytes): Row| {
        let (raw, damage) = match unpack(key, &encoding, size, bytes) {
            Ok(raw) => (raw, None),
            Err(error) => (Vec::new(), Some(error.to_string())),
        };
        Received { key, mailbox, received_at, raw, damage }
    };
    Ok(rows.into_iter().map(received).collect())
}

/// The last of the mails that fit into one batch; the first always does.
fn last_fitting(sizes: &[(MessageKey, i64)]) -> Option<MessageKey> {
    let mut total = 0_i64;
    let fitting = sizes.iter().take_while(|(_, size)| {
        let is_first = total == 0;
        total = total.saturating_add((*size).max(1));
        is_first || total <= BATCH_BYTES
    });
    fitting.last().map(|(key, _)| *key)
}

/// An inbound mail whose bytes are kept, for looking at it again.
#[derive(Debug, Clone)]
pub struct StoredMail {
    pub key: MessageKey,
    pub received_at: Millis,
    /// The case that this mail opened.
    pub opened: Option<CaseId>,
    /// Err: why the bytes cannot be had.
    pub raw: std::result::Result<Vec<u8>, String>,
}

/// Inbound mails after `after`, by key, whatever their state; at most `limit`, and about 32 MB. Empty: there are no more.
pub async fn list_stored(tx: &mut Tx, after: MessageKey, limit: i64) -> Result<Vec<StoredMail>> {
    flush(tx).await?;
    let sizes = fetch_all!((MessageKey, i64), tx, LIST_STORED_SIZES, after, limit)?;
    let Some(last) = last_fitting(&sizes) else { return Ok(Vec::new()) };
    type Row = (MessageKey, Millis, Option<CaseId>, String, i64, Vec<u8>);
    let rows: Vec<Row> = fetch_all!(Row, tx, LIST_STORED, after, last)?;
    let stored = |(key, received_at, opened, encoding, size, bytes): Row| {
        let raw = unpack(key, &encoding, size, bytes).map_err(|error| error.to_string());
        StoredMail { key, received_at, opened, raw }
    };
    Ok(rows.into_iter().map(stored).collect())
}

/// How many mails `list_stored` comes to.
pub async fn count_stored(tx: &mut Tx) -> Result<i64> {
    fetch_one!((i64,), tx, COUNT_STORED).map(|(count,)| count)
}

/// SHA-256 of the bytes as they came in. None: no such mail, ours, or one that was too large to be kept.
pub async fn hash(tx: &mut Tx, key: MessageKey) -> Result<Option<Vec<u8>>> {
    Ok(fetch_optional!((Option<Vec<u8>>,), tx, HASH, key)?.and_then(|(hash,)| hash))
}

/// None: no such message or its bytes expired.
pub async fn raw(tx: &mut Tx, key: MessageKey) -> Result<Option<Vec<u8>>> {
    flush(tx).await?;
    match fetch_optional!((String, i64, Vec<u8>), tx, RAW, key)? {
        Some((encoding, size, bytes)) => unpack(key, &encoding, size, bytes).map(Some),
        None => Ok(None),
    }
}

/// Deletes raw bytes (not the rows) of mails of cases archived or cancelled before `before`, and of ignored mails received before it. Returns how many.
pub async fn expire_raw(tx: &mut Tx, before: Millis, limit: i64) -> Result<u64> {
    flush(tx).await?;
    execute!(tx, EXPIRE, before, limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_back_or_are_called_damaged() {
        let raw = b"Subject: hello hello hello hello hello hello\r\n\r\n".as_slice();
        let packed = lz4_flex::block::compress(raw);
        assert_eq!(unpack(MessageKey(1), "lz4", raw.len() as i64, packed.clone()).unwrap(), raw);
        assert_eq!(unpack(MessageKey(1), "plain", raw.len() as i64, raw.to_vec()).unwrap(), raw);
        for (encoding, size, bytes) in [("lz4", 5, packed.clone()), ("lz4", i64::MIN, packed), ("plain", 3, raw.to_vec())] {
            assert!(unpack(MessageKey(1), encoding, size, bytes).unwrap_err().to_string().contains("mail 1"));
        }
    }
}
