-- casemate's first schema, SQLite. The other engine has the same tables under the same names.
--
-- Never edit this file once released: applied migrations are checked by hash. Times are UTC milliseconds in columns named
-- *_at. A column `message_key` names a row of messages; `message_id` is the Message-ID of RFC 5322, which is not unique
-- (the same Message-ID with other bytes is another mail). Large columns stand last, so that lists never walk over them.

-- Folders that mail is fetched from, with the cursor (UIDVALIDITY, UID) and how fetching goes.
CREATE TABLE mailboxes (
    id           INTEGER PRIMARY KEY,
    name         TEXT NOT NULL UNIQUE,
    uid_validity INTEGER,
    last_uid     INTEGER NOT NULL DEFAULT 0,
    state        TEXT NOT NULL DEFAULT 'connecting' CHECK (state IN ('connecting', 'watching', 'polling', 'failed')),
    error        TEXT,
    changed_at   INTEGER NOT NULL,
    seen_at      INTEGER
) STRICT;

-- The people. Only an argon2 hash of a password is here, and only hashes of session and link tokens below.
CREATE TABLE engineers (
    id            INTEGER PRIMARY KEY,
    login         TEXT NOT NULL UNIQUE,
    name          TEXT NOT NULL,
    address       TEXT,
    role          TEXT NOT NULL CHECK (role IN ('engineer', 'lead', 'admin')),
    password_hash TEXT,
    language      TEXT CHECK (language IN ('zh', 'en')),
    is_active     INTEGER NOT NULL DEFAULT TRUE CHECK (is_active IN (0, 1)),
    created_at    INTEGER NOT NULL
) STRICT;

CREATE TABLE sessions (
    token_hash  TEXT NOT NULL PRIMARY KEY,
    engineer_id INTEGER NOT NULL REFERENCES engineers (id),
    csrf        TEXT NOT NULL,
    created_at  INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_engineer ON sessions (engineer_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

-- One-time login links.
CREATE TABLE login_links (
    token_hash  TEXT NOT NULL PRIMARY KEY,
    engineer_id INTEGER NOT NULL REFERENCES engineers (id),
    expires_at  INTEGER NOT NULL,
    used_at     INTEGER
) STRICT;
CREATE INDEX login_links_engineer ON login_links (engineer_id);
CREATE INDEX login_links_expiry ON login_links (expires_at);

-- The unit of work. `number` is upper case. `last_inbound_key` is the customer's mail that was filed last: a draft may only be
-- approved by somebody who has seen it.
CREATE TABLE cases (
    id                    INTEGER PRIMARY KEY,
    number                TEXT NOT NULL UNIQUE CHECK (number <> ''),
    title                 TEXT NOT NULL,
    status                TEXT NOT NULL DEFAULT 'new' CHECK (status IN ('new', 'in_progress', 'waiting_customer', 'resolved', 'archived', 'reopened', 'cancelled', 'merged')),
    priority              TEXT NOT NULL CHECK (priority IN ('low', 'normal', 'high', 'urgent')),
    category              TEXT,
    owner_id              INTEGER REFERENCES engineers (id),
    language              TEXT NOT NULL CHECK (language IN ('zh', 'en')),
    customer_name         TEXT,
    customer_address      TEXT NOT NULL,
    token                 TEXT,
    created_at            INTEGER NOT NULL,
    updated_at            INTEGER NOT NULL,
    first_response_due_at INTEGER,
    first_responded_at    INTEGER,
    next_update_due_at    INTEGER,
    resolve_due_at        INTEGER,
    resolved_at           INTEGER,
    archived_at           INTEGER,
    waiting_since_at      INTEGER,
    -- the reminder clock: restarts with each reminder, unlike waiting_since_at
    reminded_at           INTEGER,
    reminders             INTEGER NOT NULL DEFAULT 0,
    reopens               INTEGER NOT NULL DEFAULT 0,
    merged_into           INTEGER REFERENCES cases (id) CHECK (merged_into <> id),
    last_inbound_at       INTEGER,
    last_inbound_key      INTEGER,
    CHECK ((status = 'merged') = (merged_into IS NOT NULL))
) STRICT;
CREATE INDEX cases_updated ON cases (updated_at, id);
CREATE INDEX cases_status ON cases (status, updated_at, id);
CREATE INDEX cases_owner ON cases (owner_id, updated_at, id);
CREATE INDEX cases_merged ON cases (merged_into) WHERE merged_into IS NOT NULL;

-- Outside participants, lower case. The title is the case's, repeated so that (sender, base subject) is one index look-up.
CREATE TABLE case_addresses (
    case_id INTEGER NOT NULL REFERENCES cases (id),
    address TEXT NOT NULL,
    title   TEXT NOT NULL,
    PRIMARY KEY (case_id, address)
) STRICT, WITHOUT ROWID;
CREATE INDEX case_addresses_title ON case_addresses (address, title, case_id);

-- Which tracking tokens a case used, and when last.
CREATE TABLE case_tokens (
    case_id INTEGER NOT NULL REFERENCES cases (id),
    token   TEXT NOT NULL,
    used_at INTEGER NOT NULL,
    PRIMARY KEY (case_id, token)
) STRICT, WITHOUT ROWID;
CREATE INDEX case_tokens_token ON case_tokens (token, used_at);

-- Mails in and out. Inbound bytes are unique by SHA-256, which is null when the mail was too large to keep.
CREATE TABLE messages (
    id           INTEGER PRIMARY KEY,
    direction    TEXT NOT NULL CHECK (direction IN ('in', 'out')),
    state        TEXT NOT NULL CHECK (state IN ('received', 'filed', 'ignored', 'quarantined', 'sent')),
    reason       TEXT,
    mailbox_id   INTEGER REFERENCES mailboxes (id),
    case_id      INTEGER REFERENCES cases (id),
    kind         TEXT CHECK (kind IN ('message', 'auto_reply', 'bounce', 'receipt', 'calendar', 'list', 'loop')),
    message_id   TEXT,
    from_address TEXT,
    from_name    TEXT,
    received_at  INTEGER NOT NULL,
    seen_at      INTEGER NOT NULL,
    date_at      INTEGER,
    size         INTEGER NOT NULL,
    sha256       BLOB CHECK (length(sha256) = 32),
    language     TEXT CHECK (language IN ('zh', 'en')),
    attachments  INTEGER NOT NULL DEFAULT 0,
    defects      INTEGER NOT NULL DEFAULT 0,
    base_subject TEXT NOT NULL DEFAULT '',
    subject      TEXT NOT NULL DEFAULT '',
    why          TEXT,
    reply_text   TEXT NOT NULL DEFAULT '',
    CHECK ((direction = 'out') = (state = 'sent')),
    CHECK (state NOT IN ('filed', 'sent') OR case_id IS NOT NULL),
    CHECK (state NOT IN ('ignored', 'quarantined') OR reason IS NOT NULL)
) STRICT;
CREATE UNIQUE INDEX messages_bytes ON messages (sha256) WHERE direction = 'in';
CREATE INDEX messages_message_id ON messages (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX messages_state ON messages (state, id);
CREATE INDEX messages_reason ON messages (state, reason) WHERE state IN ('ignored', 'quarantined');
CREATE INDEX messages_case ON messages (case_id, id) WHERE case_id IS NOT NULL;
CREATE INDEX messages_subject ON messages (from_address, base_subject, received_at) WHERE case_id IS NOT NULL;

-- The bytes, apart from the rows that lists read. `size` is that of the mail, not of the column.
CREATE TABLE raw_messages (
    message_key INTEGER PRIMARY KEY REFERENCES messages (id),
    encoding    TEXT NOT NULL CHECK (encoding IN ('plain', 'lz4')),
    size        INTEGER NOT NULL CHECK (size >= 0),
    bytes       BLOB NOT NULL
) STRICT;

-- The ledger: every mail seen in a mailbox, and which message it is. The key is null only inside a transaction.
CREATE TABLE sightings (
    mailbox_id   INTEGER NOT NULL REFERENCES mailboxes (id),
    remote_id    TEXT NOT NULL,
    message_key  INTEGER REFERENCES messages (id),
    is_duplicate INTEGER NOT NULL DEFAULT FALSE CHECK (is_duplicate IN (0, 1)),
    seen_at      INTEGER NOT NULL,
    PRIMARY KEY (mailbox_id, remote_id)
) STRICT, WITHOUT ROWID;

-- Proposed mails. A case has at most one that waits. `seen_inbound` is the customer's mail the engineer has looked at.
CREATE TABLE drafts (
    id               INTEGER PRIMARY KEY,
    case_id          INTEGER NOT NULL REFERENCES cases (id),
    reply_to         INTEGER REFERENCES messages (id),
    stage            TEXT NOT NULL CHECK (stage IN ('initial_response', 'progress', 'reminder', 'closure', 'survey')),
    language         TEXT NOT NULL CHECK (language IN ('zh', 'en')),
    status           TEXT NOT NULL DEFAULT 'proposed' CHECK (status IN ('proposed', 'approved', 'discarded', 'superseded')),
    version          INTEGER NOT NULL DEFAULT 1,
    seen_inbound     INTEGER REFERENCES messages (id),
    token            TEXT,
    edited_by        TEXT,
    created_at       INTEGER NOT NULL,
    updated_at       INTEGER NOT NULL,
    to_addresses     TEXT NOT NULL,
    cc_addresses     TEXT NOT NULL,
    subject          TEXT NOT NULL,
    proposed_subject TEXT NOT NULL,
    body             TEXT NOT NULL,
    proposed_body    TEXT NOT NULL,
    answers          TEXT NOT NULL,
    findings         TEXT NOT NULL,
    why              TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX drafts_proposed_case ON drafts (case_id) WHERE status = 'proposed';
CREATE INDEX drafts_proposed ON drafts (id) WHERE status = 'proposed';
CREATE INDEX drafts_case ON drafts (case_id, id);

-- Approved mails on their way. A draft has one living row; after a failure the engineer may approve it again.
CREATE TABLE outbox (
    id              INTEGER PRIMARY KEY,
    case_id         INTEGER NOT NULL REFERENCES cases (id),
    draft_id        INTEGER REFERENCES drafts (id),
    message_key     INTEGER NOT NULL UNIQUE REFERENCES messages (id),
    message_id      TEXT NOT NULL,
    stage           TEXT NOT NULL CHECK (stage IN ('initial_response', 'progress', 'reminder', 'closure', 'survey')),
    envelope_from   TEXT NOT NULL,
    recipients      TEXT NOT NULL,
    status          TEXT NOT NULL DEFAULT 'due' CHECK (status IN ('due', 'claimed', 'sending', 'sent', 'failed', 'unknown')),
    attempts        INTEGER NOT NULL DEFAULT 0,
    next_attempt_at INTEGER NOT NULL,
    last_reply      TEXT,
    created_at      INTEGER NOT NULL,
    changed_at      INTEGER NOT NULL,
    sent_at         INTEGER
) STRICT;
CREATE UNIQUE INDEX outbox_draft ON outbox (draft_id) WHERE status <> 'failed';
CREATE INDEX outbox_due ON outbox (status, next_attempt_at, id);
CREATE INDEX outbox_status ON outbox (status, id);
CREATE INDEX outbox_case ON outbox (case_id, id);

-- Each attempt to send, with the server's last words. `outcome` is the outbox status it led to.
CREATE TABLE attempts (
    id        INTEGER PRIMARY KEY,
    outbox_id INTEGER NOT NULL REFERENCES outbox (id),
    at        INTEGER NOT NULL,
    outcome   TEXT NOT NULL CHECK (outcome IN ('due', 'sent', 'failed', 'unknown')),
    reply     TEXT NOT NULL
) STRICT;
CREATE INDEX attempts_outbox ON attempts (outbox_id, id);

-- Surveys. A token works once.
CREATE TABLE surveys (
    id          INTEGER PRIMARY KEY,
    case_id     INTEGER NOT NULL REFERENCES cases (id),
    status      TEXT NOT NULL DEFAULT 'scheduled' CHECK (status IN ('scheduled', 'sent', 'answered', 'cancelled', 'expired')),
    due_at      INTEGER NOT NULL,
    token_hash  TEXT UNIQUE,
    sent_at     INTEGER,
    expires_at  INTEGER,
    score       INTEGER CHECK (score BETWEEN 0 AND 10),
    answered_at INTEGER,
    via         TEXT CHECK (via IN ('page', 'mail')),
    comment     TEXT,
    CHECK ((status = 'answered') = (score IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX surveys_scheduled ON surveys (case_id) WHERE status = 'scheduled';
CREATE INDEX surveys_due ON surveys (due_at, id) WHERE status = 'scheduled';
CREATE INDEX surveys_open ON surveys (expires_at) WHERE status = 'sent';
CREATE INDEX surveys_sent ON surveys (sent_at) WHERE sent_at IS NOT NULL;
CREATE INDEX surveys_answered ON surveys (answered_at) WHERE answered_at IS NOT NULL;
CREATE INDEX surveys_case ON surveys (case_id, id);

-- The history: who did what when and why. Append-only, the database itself refuses changes.
CREATE TABLE events (
    id          INTEGER PRIMARY KEY,
    case_id     INTEGER REFERENCES cases (id),
    message_key INTEGER REFERENCES messages (id),
    draft_id    INTEGER REFERENCES drafts (id),
    at          INTEGER NOT NULL,
    actor       TEXT NOT NULL,
    kind        TEXT NOT NULL,
    detail      TEXT NOT NULL
) STRICT;
CREATE INDEX events_case ON events (case_id, id) WHERE case_id IS NOT NULL;
CREATE TRIGGER events_no_update BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TRIGGER events_no_delete BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;

-- Counters: case numbers, tracking tokens.
CREATE TABLE sequences (
    name  TEXT NOT NULL PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT;

-- Search. The words are made in Rust (pairs of Chinese characters, see src/db/search.rs) and stand there separated by spaces, so
-- the plain `ascii` tokenizer is right: whatever is not ASCII belongs to a word. Contentless: the text itself is not kept here.
CREATE VIRTUAL TABLE search USING fts5(words, content='', contentless_delete=1, tokenize='ascii');
