//! MAPI property lists inside TNEF (MS-OXTNEF §2.1.3.4): tag, count, values padded to four bytes.

/// One property: its id and first value.
#[derive(Debug, PartialEq)]
pub struct Property<'a> {
    pub id: u16,
    pub value: Value<'a>,
}

#[derive(Debug, PartialEq)]
pub enum Value<'a> {
    Number(u64),
    /// Eight-bit string or binary.
    Bytes(&'a [u8]),
    /// UTF-16LE.
    Unicode(&'a [u8]),
}

/// UTF-16LE without its final NUL.
pub fn utf16(bytes: &[u8]) -> String {
    let units = bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).take_while(|unit| *unit != 0);
    char::decode_utf16(units).map(|c| c.unwrap_or('\u{fffd}')).collect()
}

struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(head)
    }

    fn short(&mut self) -> Option<u16> {
        self.take(2).map(|b| u16::from_le_bytes([b[0], b[1]]))
    }

    fn long(&mut self) -> Option<u32> {
        self.take(4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
    }

    /// A counted value and the padding after it.
    fn counted(&mut self) -> Option<&'a [u8]> {
        let len = self.long()? as usize;
        let value = self.take(len)?;
        self.take(len.next_multiple_of(4).saturating_sub(len).min(self.0.len()))?;
        Some(value)
    }
}

/// Properties up to the first that cannot be read; at most 2,000.
pub fn list(data: &[u8]) -> Vec<Property<'_>> {
    let mut cursor = Cursor(data);
    let count = cursor.long().unwrap_or(0).min(2_000);
    let mut out = Vec::new();
    for _ in 0..count {
        match one(&mut cursor) {
            Some(Some(property)) => out.push(property),
            Some(None) => {}
            None => break,
        }
    }
    out
}

/// The next property; `Some(None)`: read, but nothing of use.
fn one<'a>(cursor: &mut Cursor<'a>) -> Option<Option<Property<'a>>> {
    let (kind, id) = (cursor.short()?, cursor.short()?);
    if id >= 0x8000 {
        // A named property: a GUID, then a number or a name.
        cursor.take(16)?;
        if cursor.long()? == 0 { cursor.long().map(drop)? } else { cursor.counted().map(drop)? }
    }
    let is_multiple = kind & 0x1000 != 0;
    let kind = kind & 0x0FFF;
    let is_counted = matches!(kind, 0x1E | 0x1F | 0x102 | 0x0D);
    let count = if is_multiple || is_counted { cursor.long()?.min(10_000) } else { 1 };
    let mut first = None;
    for _ in 0..count {
        let value = match kind {
            0x1F => Value::Unicode(cursor.counted()?),
            0x1E | 0x102 => Value::Bytes(cursor.counted()?),
            // An object begins with the id of its interface.
            0x0D => Value::Bytes(cursor.counted().map(|v| v.get(16..).unwrap_or_default())?),
            0x02 | 0x0B => Value::Number(u64::from(cursor.long()? & 0xFFFF)),
            0x03 | 0x04 | 0x0A => Value::Number(u64::from(cursor.long()?)),
            0x05 | 0x06 | 0x07 | 0x14 | 0x40 => Value::Number(u64::from(cursor.long()?) | u64::from(cursor.long()?) << 32),
            0x48 => Value::Bytes(cursor.take(16)?),
            0x00 | 0x01 => Value::Number(0),
            _ => return None,
        };
        first.get_or_insert(value);
    }
    Some(first.map(|value| Property { id, value }))
}
