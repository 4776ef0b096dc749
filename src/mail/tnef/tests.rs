//! Streams as Outlook writes them, put together here.

use super::*;

fn attribute(level: u8, id: u32, data: &[u8]) -> Vec<u8> {
    let mut out = vec![level];
    out.extend(id.to_le_bytes());
    out.extend((data.len() as u32).to_le_bytes());
    out.extend_from_slice(data);
    out.extend([0xAA, 0xBB]);
    out
}

fn padded(data: &[u8]) -> Vec<u8> {
    let mut out = (data.len() as u32).to_le_bytes().to_vec();
    out.extend_from_slice(data);
    out.resize(out.len().next_multiple_of(4), 0);
    out
}

fn property(kind: u16, id: u16, value: &[u8]) -> Vec<u8> {
    let mut out = [kind.to_le_bytes(), id.to_le_bytes()].concat();
    if matches!(kind, 0x1E | 0x1F | 0x102) {
        out.extend(1u32.to_le_bytes());
        out.extend(padded(value));
    } else {
        out.extend_from_slice(value);
    }
    out
}

fn list(properties: &[Vec<u8>]) -> Vec<u8> {
    [(properties.len() as u32).to_le_bytes().to_vec(), properties.concat()].concat()
}

fn unicode(text: &str) -> Vec<u8> {
    text.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect()
}

fn stream(attributes: &[Vec<u8>]) -> Vec<u8> {
    [SIGNATURE.to_vec(), vec![1, 0], attributes.concat()].concat()
}

#[test]
fn body_class_and_files() {
    let gbk = encoding_rs::GB18030.encode("补丁安装后无法启动").0.into_owned();
    let named = [
        vec![0x1F, 0, 0x01, 0x80],
        vec![0; 16],
        1u32.to_le_bytes().to_vec(),
        padded(&unicode("x-name")),
        1u32.to_le_bytes().to_vec(),
        padded(&unicode("v")),
    ]
    .concat();
    let bytes = stream(&[
        attribute(1, 0x0006_9007, &[936u32.to_le_bytes(), [0; 4]].concat()),
        attribute(1, 0x0007_8008, b"IPM.Note\0"),
        attribute(1, 0x0002_800C, &gbk),
        attribute(1, 0x0006_9003, &list(&[named, property(0x0B, 0x0E1B, &[1, 0, 0, 0]), property(0x1F, 0x0037, &unicode("主题"))])),
        attribute(2, 0x0006_9002, &[0; 14]),
        attribute(2, 0x0001_8010, b"LONGNA~1.TXT\0"),
        attribute(2, 0x0006_800F, b"hello"),
        attribute(2, 0x0006_9005, &list(&[property(0x1F, 0x3707, &unicode("补丁日志.txt")), property(0x1E, 0x370E, b"text/plain\0")])),
        attribute(2, 0x0006_9002, &[0; 14]),
        attribute(2, 0x0001_8010, b"b.png\0"),
        attribute(2, 0x0006_800F, &[0; 10]),
    ]);
    let tnef = read(&bytes).expect("TNEF");
    assert_eq!((tnef.class.as_str(), tnef.subject.as_deref()), ("IPM.Note", Some("主题")));
    assert_eq!(tnef.body, Some(Body::Plain("补丁安装后无法启动".into())));
    let files: Vec<_> = tnef.files.iter().map(|f| (f.name.as_deref(), f.kind.as_deref(), f.size)).collect();
    assert_eq!(files, [(Some("补丁日志.txt"), Some("text/plain"), 5), (Some("b.png"), None, 10)]);
    // Cut anywhere, it reads what came before.
    for end in 0..bytes.len() {
        let _ = read(&bytes[..end]);
    }
}

#[test]
fn html_and_rtf() {
    let html = stream(&[attribute(
        1,
        0x0006_9003,
        &list(&[property(0x03, 0x3FDE, &936u32.to_le_bytes()), property(0x102, 0x1013, b"<p>\xb2\xb9\xb6\xa1")]),
    )]);
    assert_eq!(read(&html).and_then(|t| t.body), Some(Body::Html("<p>补丁".into())));
    let rtf = [&[0u8; 4][..], &40u32.to_le_bytes(), b"MELA", &[0; 4], b"{\\rtf1 hello}"].concat();
    let rtf = stream(&[attribute(1, 0x0006_9003, &list(&[property(0x102, 0x1009, &rtf)]))]);
    assert_eq!(read(&rtf).and_then(|t| t.body), Some(Body::Plain("hello".into())));
}

#[test]
fn no_tnef() {
    for bytes in [&b""[..], b"hello", &[0x78, 0x9F, 0x3E], &[0x78, 0x9F, 0x3E, 0x22]] {
        assert_eq!(read(bytes), None);
    }
    let huge = stream(&[[vec![1], 0x0002_800Cu32.to_le_bytes().to_vec(), u32::MAX.to_le_bytes().to_vec(), b"abc".to_vec()].concat()]);
    assert_eq!(read(&huge).and_then(|t| t.body), Some(Body::Plain("abc".into())));
}
