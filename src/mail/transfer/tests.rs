//! Lenient decoding, tables of what mailers write.

use super::*;

#[test]
fn whole_groups() {
    for (input, is_whole) in [("", true), ("aGk=", true), ("aGkh\r\naGk=\r\n", true), ("aGk", false), ("aGkha", false), ("aGk=aGk=", true)]
    {
        assert_eq!(is_whole_base64(input.as_bytes()), is_whole, "{input}");
    }
}

#[test]
fn lenient_base64() {
    for (input, want) in [("aGVsbG8=", "hello"), ("aGVsbG8", "hello"), ("aGVs\r\nbG8=\r\n", "hello"), ("aG Vs bG8", "hello"), ("", "")] {
        assert_eq!(base64(input.as_bytes()), want.as_bytes(), "{input}");
    }
    let (body, footer) = base64_with_footer(b"aGVsbG8=\r\n\r\n_______\r\nteam mailing list\r\n");
    assert_eq!((body.as_slice(), footer), (&b"hello"[..], &b"_______\r\nteam mailing list\r\n"[..]));
}

#[test]
fn lenient_quoted_printable() {
    for (input, want) in
        [("a=3Db", "a=b"), ("a=3db", "a=b"), ("a=\r\nb", "ab"), ("a= \nb", "ab"), ("1+1=2!", "1+1=2!"), ("x=", "x"), ("=C4=E3", "\u{0}")]
    {
        let want = if want == "\u{0}" { vec![0xC4, 0xE3] } else { want.as_bytes().to_vec() };
        assert_eq!(quoted_printable(input.as_bytes()), want, "{input}");
    }
    assert_eq!(q_word(b"a_b=3F"), b"a b?");
}

#[test]
fn announced_base64_may_be_text() {
    for (body, want) in
        [("5L2g5aW9\n", true), ("\r\n5L2g 5aW9==\r\n", true), ("Hello, this is text\n", false), ("您好\n", false), ("", true)]
    {
        assert_eq!(looks_base64(body.as_bytes()), want, "{body}");
    }
}

#[test]
fn size_without_decoding() {
    assert_eq!(decoded_size(b"aGVsbG8=\r\n", Encoding::Base64), 5);
    assert_eq!(decoded_size(b"a=3Db=\r\nc", Encoding::QuotedPrintable), 4);
}

#[test]
fn names_of_encodings() {
    for (name, want) in [
        ("BASE64", Encoding::Base64),
        ("Quoted_Printable;", Encoding::QuotedPrintable),
        ("\"8-bit\"", Encoding::None),
        ("x-uuencode", Encoding::Uuencode),
        ("rot13", Encoding::Unknown),
    ] {
        assert_eq!(encoding(name), want, "{name}");
    }
}
