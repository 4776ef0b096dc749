-- Whose mail domain stands in a text: the gate asks by domain before a mail leaves (0001 has the tables).
ALTER TABLE case_addresses ADD COLUMN domain TEXT GENERATED ALWAYS AS (substr(address, strpos(address, '@') + 1)) STORED;
CREATE INDEX case_addresses_domain ON case_addresses (domain, case_id);
