//! Cryptographic envelopes: S/MIME (RFC 8551) and PGP (RFC 3156, RFC 9580 §7): signed content is read, encrypted content is
//! said to be. Nothing is verified.
//!
//! The content of an opaque S/MIME signature lies in clear inside its DER or BER (RFC 5652 §5): it is cut out by walking the
//! tags, bounded, without knowing certificates.

use super::Protection;

/// What an `application/pkcs7-mime` body holds.
#[derive(Debug, PartialEq)]
pub enum Envelope {
    /// The MIME entity that was signed.
    Signed(Vec<u8>),
    Encrypted,
    Unknown,
}

const OID_SIGNED: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02];
const OID_ENVELOPED: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x03];
const OID_AUTH_ENVELOPED: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x10, 0x01, 0x17];

/// Reads a CMS ContentInfo (RFC 5652 §3).
pub fn envelope(der: &[u8]) -> Envelope {
    read_envelope(der).unwrap_or(Envelope::Unknown)
}

fn read_envelope(der: &[u8]) -> Option<Envelope> {
    let info = Tag::read(der)?.content;
    let oid = Tag::read(info)?;
    if oid.content == OID_ENVELOPED || oid.content == OID_AUTH_ENVELOPED {
        return Some(Envelope::Encrypted);
    }
    if oid.content != OID_SIGNED {
        return None;
    }
    let signed = Tag::read(Tag::read(oid.rest)?.content)?.content;
    let version = Tag::read(signed)?;
    let digests = version.skip()?;
    let encapsulated = Tag::read(digests.skip()?.whole)?.content;
    let content_type = Tag::read(encapsulated)?;
    let explicit = Tag::read(content_type.rest)?;
    let octets = Tag::read(explicit.content)?;
    let mut out = Vec::new();
    octets.gather(&mut out, 0);
    Some(Envelope::Signed(out))
}

/// One tag of BER: content as far as it is known, what follows it.
struct Tag<'a> {
    is_constructed: bool,
    is_indefinite: bool,
    whole: &'a [u8],
    content: &'a [u8],
    rest: &'a [u8],
}

impl<'a> Tag<'a> {
    /// Of an indefinite tag the content is all that follows: its end shows while reading.
    fn read(bytes: &'a [u8]) -> Option<Tag<'a>> {
        let (tag, length) = (*bytes.first()?, *bytes.get(1)?);
        if tag & 0x1F == 0x1F {
            return None;
        }
        let (len, head) = match length {
            0x80 => (bytes.len() - 2, 2),
            0..0x80 => (usize::from(length), 2),
            _ => {
                let count = usize::from(length & 0x7F);
                if count > 4 {
                    return None;
                }
                (bytes.get(2..2 + count)?.iter().fold(0usize, |sum, b| sum << 8 | usize::from(*b)), 2 + count)
            }
        };
        let end = head.saturating_add(len).min(bytes.len());
        let (content, rest) = (&bytes[head..end], &bytes[end..]);
        Some(Tag { is_constructed: tag & 0x20 != 0, is_indefinite: length == 0x80, whole: bytes, content, rest })
    }

    /// The tag after this one; None: an indefinite one, or the end.
    fn skip(&self) -> Option<Tag<'a>> {
        if self.is_indefinite { None } else { Tag::read(self.rest) }
    }

    /// Octets of a string that may be built of pieces. Returns what follows.
    fn gather(&self, out: &mut Vec<u8>, level: usize) -> &'a [u8] {
        if !self.is_constructed || level > 8 {
            out.extend_from_slice(self.content);
            return self.rest;
        }
        let mut rest = self.content;
        while let Some(piece) = Tag::read(rest) {
            if self.is_indefinite && rest.starts_with(&[0, 0]) {
                return &rest[2..];
            }
            rest = piece.gather(out, level + 1);
        }
        if self.is_indefinite { rest } else { self.rest }
    }
}

/// Protection that the parameters of a `multipart/signed` or `multipart/encrypted` name.
pub fn of_multipart(kind: &str, protocol: Option<&str>) -> Option<Protection> {
    let protocol = protocol.unwrap_or("").to_ascii_lowercase();
    match kind {
        "multipart/encrypted" => Some(Protection::PgpEncrypted),
        "multipart/signed" if protocol.contains("pgp") => Some(Protection::PgpSigned),
        "multipart/signed" if protocol.contains("pkcs7") || protocol.contains("smime") => Some(Protection::SmimeSigned),
        _ => None,
    }
}

/// Whether a part only carries a signature or the control data of an envelope.
pub fn is_signature(kind: &str) -> bool {
    matches!(
        kind,
        "application/pgp-signature"
            | "application/pkcs7-signature"
            | "application/x-pkcs7-signature"
            | "application/pgp-encrypted"
            | "application/pgp-keys"
    )
}

/// Armour in a text (RFC 9580 §7): of a signed text the armour and the signature go; of an encrypted one nothing does.
/// None: no armour at the beginning of a line.
pub fn unarmour(text: &str) -> Option<(Protection, Option<String>)> {
    let at = line_start(text, "-----BEGIN PGP ")?;
    if let Some(signed) = line_start(text, "-----BEGIN PGP SIGNED MESSAGE-----") {
        return Some((Protection::PgpSigned, Some(unsigned(text, signed))));
    }
    text[at..].starts_with("-----BEGIN PGP MESSAGE").then_some((Protection::PgpEncrypted, None))
}

fn line_start(text: &str, needle: &str) -> Option<usize> {
    memchr::memmem::find_iter(text.as_bytes(), needle.as_bytes()).find(|at| *at == 0 || text.as_bytes()[at - 1] == b'\n')
}

fn unsigned(text: &str, at: usize) -> String {
    let mut out = text[..at].to_string();
    let mut lines = text[at..].split_inclusive('\n');
    // The armour line, its `Hash:` headers, the blank line.
    for line in lines.by_ref() {
        if line.trim().is_empty() {
            break;
        }
    }
    let mut in_signature = false;
    for line in lines {
        if line.starts_with("-----BEGIN PGP SIGNATURE") {
            in_signature = true;
        } else if in_signature {
            in_signature = !line.starts_with("-----END PGP SIGNATURE");
        } else {
            out.push_str(line.strip_prefix("- ").unwrap_or(line));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(tag: u8, content: &[u8]) -> Vec<u8> {
        let mut out = vec![tag, 0x82, (content.len() >> 8) as u8, content.len() as u8];
        out.extend_from_slice(content);
        out
    }

    fn signed(octets: Vec<u8>) -> Vec<u8> {
        let data = [tag(6, &OID_SIGNED[..8]), tag(0xA0, &octets)].concat();
        let signed = [tag(2, &[1]), tag(0x31, &[]), tag(0x30, &data), tag(0x31, &[])].concat();
        tag(0x30, &[tag(6, OID_SIGNED), tag(0xA0, &tag(0x30, &signed))].concat())
    }

    #[test]
    fn signed_content_is_cut_out() {
        assert_eq!(envelope(&signed(tag(4, b"hello"))), Envelope::Signed(b"hello".to_vec()));
        let pieces = [tag(4, b"hel"), tag(4, b"lo")].concat();
        assert_eq!(envelope(&signed(tag(0x24, &pieces))), Envelope::Signed(b"hello".to_vec()));
        // Indefinite all the way, as streaming signers write.
        let mut ber = vec![0x30, 0x80];
        ber.extend(tag(6, OID_SIGNED));
        ber.extend([0xA0, 0x80, 0x30, 0x80]);
        ber.extend([tag(2, &[1]), tag(0x31, &[])].concat());
        ber.extend([0x30, 0x80]);
        ber.extend(tag(6, &OID_SIGNED[..8]));
        ber.extend([0xA0, 0x80, 0x24, 0x80]);
        ber.extend(pieces);
        ber.extend([0; 12]);
        assert_eq!(envelope(&ber), Envelope::Signed(b"hello".to_vec()));
    }

    #[test]
    fn other_envelopes() {
        assert_eq!(envelope(&tag(0x30, &tag(6, OID_ENVELOPED))), Envelope::Encrypted);
        for junk in [&b""[..], b"\x30", b"\x30\x80", b"hello world", &[0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF, 6, 1]] {
            assert_eq!(envelope(junk), Envelope::Unknown);
        }
    }

    #[test]
    fn armour() {
        let text = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nhello\n- -- \nme\n-----BEGIN PGP SIGNATURE-----\n\nabc=\n-----END PGP SIGNATURE-----\nlist footer\n";
        assert_eq!(unarmour(text), Some((Protection::PgpSigned, Some("hello\n-- \nme\nlist footer\n".into()))));
        let text = "see below\n-----BEGIN PGP MESSAGE-----\n\nabc\n-----END PGP MESSAGE-----\n";
        assert_eq!(unarmour(text), Some((Protection::PgpEncrypted, None)));
        for text in ["hello", "> -----BEGIN PGP SIGNED MESSAGE-----\n", "-----BEGIN PGP PUBLIC KEY BLOCK-----\n"] {
            assert_eq!(unarmour(text), None, "{text}");
        }
    }
}
