use super::*;
use mailparse::MailHeaderMap;
use proptest::prelude::*;

fn address(name: &str, address: &str) -> Address {
    Address { name: (!name.is_empty()).then(|| name.to_owned()), address: address.to_owned() }
}

fn letter() -> Letter {
    Letter {
        from: address("技术支持", "support@desk.example"),
        to: vec![address("王工", "wang@customer.example")],
        cc: vec![address("", "lead@customer.example")],
        subject: "回复: [案例号: CAS-01234-A1B2C3 ] % 更新失败 % 初次响应 CMIT:0001617".to_owned(),
        body: "王工，您好：\n\n1. 第一行\r\n2. 第二行\n.\nFrom here\n".to_owned(),
        message_id: "casemate.00ff@desk.example".to_owned(),
        in_reply_to: Some("b@customer.example".to_owned()),
        references: vec!["a@customer.example".to_owned(), "b@customer.example".to_owned()],
        date_at: 1_602_583_200_000,
        case_number: Some("CAS-01234-A1B2C3".to_owned()),
        ..Letter::default()
    }
}

fn header(bytes: &[u8], name: &str) -> Option<String> {
    mailparse::parse_mail(bytes).unwrap().headers.get_first_value(name)
}

#[test]
fn comes_back_as_written() {
    let bytes = build(&letter()).unwrap();
    assert!(bytes.is_ascii() && bytes.ends_with(b"\r\n"));
    let mail = mailparse::parse_mail(&bytes).unwrap();
    let get = |name| mail.headers.get_first_value(name).unwrap_or_default();
    assert_eq!(get("Subject"), letter().subject);
    assert_eq!(get("From"), "技术支持 <support@desk.example>");
    assert_eq!(get("To"), "王工 <wang@customer.example>");
    assert_eq!(get("Cc"), "lead@customer.example");
    assert_eq!(get("Message-ID"), "<casemate.00ff@desk.example>");
    assert_eq!(get("In-Reply-To"), "<b@customer.example>");
    assert_eq!(get("References"), "<a@customer.example> <b@customer.example>");
    assert_eq!(get("Date"), "Tue, 13 Oct 2020 10:00:00 +0000");
    assert_eq!(get("X-Casemate-Loop"), "support@desk.example");
    assert_eq!(get("X-Casemate-Case"), "CAS-01234-A1B2C3");
    assert_eq!((get("MIME-Version"), get("Auto-Submitted")), ("1.0".to_owned(), String::new()));
    assert_eq!(mail.ctype.mimetype, "text/plain");
    assert_eq!(mail.ctype.charset, "utf-8");
    assert_eq!(mail.get_body().unwrap().replace("\r\n", "\n"), letter().body.replace("\r\n", "\n"));
    assert_eq!(bytes, build(&letter()).unwrap(), "the same letter gives the same bytes");
}

#[test]
fn automatic_mail_says_so() {
    let bytes = build(&Letter { automatic: true, case_number: None, reply_to: Some(address("", "r@desk.example")), ..letter() }).unwrap();
    assert_eq!(header(&bytes, "Auto-Submitted").as_deref(), Some("auto-generated"));
    assert_eq!(header(&bytes, "Reply-To").as_deref(), Some("r@desk.example"));
    assert_eq!(header(&bytes, "X-Casemate-Case"), None);
}

#[test]
fn long_subjects_keep_their_token() {
    for filler in ["很".repeat(500), "x".repeat(5_000)] {
        let bytes = build(&Letter { subject: format!("{filler} CMIT:0001617"), ..letter() }).unwrap();
        let subject = header(&bytes, "Subject").unwrap();
        assert!(subject.ends_with(" CMIT:0001617") && subject.chars().count() == LONGEST_SUBJECT, "{subject}");
    }
}

#[test]
fn text_that_looks_encoded_is_not_decoded() {
    let bytes = build(&Letter { subject: "=?utf-8?q?paid?= 收据".to_owned(), ..letter() }).unwrap();
    assert_eq!(header(&bytes, "Subject").as_deref(), Some("= ?utf-8?q?paid?= 收据"));
    let bytes = build(&Letter { to: vec![address("=?utf-8?b?6Zy45pWw?=", "a@c.example")], ..letter() }).unwrap();
    assert!(!String::from_utf8(bytes).unwrap().contains("=?utf-8?b?6Zy45pWw?="));
}

#[test]
fn references_keep_the_first_and_the_last_twenty() {
    let references: Vec<String> = (0..60)
        .map(|n| format!("{n}@c.example"))
        .chain(["bad id@c.example".to_owned(), "a>,<b@c.example".to_owned(), "x".repeat(999)])
        .collect();
    let bytes = build(&Letter { references, in_reply_to: Some("a>\r\nBcc: x@y.example".to_owned()), ..letter() }).unwrap();
    let kept = header(&bytes, "References").unwrap();
    let kept: Vec<&str> = kept.split_whitespace().collect();
    assert_eq!((kept.len(), kept[0], kept[1], kept[20]), (21, "<0@c.example>", "<40@c.example>", "<59@c.example>"));
    assert_eq!(header(&bytes, "In-Reply-To"), None);
    for n in [0, 1, 2, 20, 21, 22] {
        let references: Vec<String> = (0..n).map(|n| format!("{n}@c.example")).collect();
        let bytes = build(&Letter { references, ..letter() }).unwrap();
        let count = header(&bytes, "References").map_or(0, |text| text.split_whitespace().count());
        assert_eq!(count, n.min(21), "{n} references");
    }
}

#[test]
fn what_cannot_be_sent_is_refused() {
    let error = |letter: Letter| build(&letter).unwrap_err().to_string();
    assert_eq!(error(Letter { to: vec![], cc: vec![], ..letter() }), "there is no recipient");
    let to = vec![address("", "a@c.example"), address("", "a@c.example>\r\nBcc: b@c.example")];
    assert!(error(Letter { to, ..letter() }).starts_with("To: address 2 cannot be used: "));
    assert!(error(Letter { to: vec![address("", "王@c.example")], ..letter() }).ends_with("it has characters outside ASCII"));
    assert!(error(Letter { message_id: "a b".to_owned(), ..letter() }).starts_with("the Message-ID must be"));
    assert!(matches!(
        build(&Letter { to: vec![address("", "a@c.example"); 101], ..letter() }),
        Err(BuildError::TooManyRecipients { most: 100 })
    ));
    assert!(matches!(build(&Letter { from: Address::default(), ..letter() }), Err(BuildError::Address { header: "From", .. })));
}

#[test]
fn mbox_stores_find_nothing_to_change() {
    let bytes = build(&Letter { body: "Dear all,\nFrom here on\n".to_owned(), ..letter() }).unwrap();
    assert!(!String::from_utf8(bytes).unwrap().contains("\r\nFrom here"));
    let plain = build(&Letter { body: "Dear all,\nfrom here on".to_owned(), ..letter() }).unwrap();
    assert!(plain.ends_with(b"\r\n\r\nDear all,\r\nfrom here on\r\n"), "ASCII stays readable");
}

#[test]
fn only_copies_are_enough() {
    assert!(build(&Letter { to: vec![], ..letter() }).is_ok());
}

#[test]
fn long_ascii_lines_are_wrapped_for_transport() {
    let body = "y".repeat(5_000) + "\r\nend";
    let bytes = build(&Letter { body: body.clone(), ..letter() }).unwrap();
    assert_eq!(mailparse::parse_mail(&bytes).unwrap().get_body().unwrap().trim_end(), body);
}

proptest! {
    #[test]
    fn no_header_can_be_smuggled_in(
        subject in "(?s).{0,300}", name in "(?s).{0,150}", number in "(?s).{0,40}", id in "(?s).{0,30}", body in "(?s).{0,500}", date_at: i64,
    ) {
        let bomb = format!("{subject}\r\nBcc: evil@bad.example\r\n\r\n{name}");
        let hostile = Letter {
            subject: bomb.clone(),
            from: address(&format!("{name}\r\nBcc: evil@bad.example"), "support@desk.example"),
            to: vec![address(&bomb, "wang@customer.example")],
            case_number: Some(format!("{number}\nBcc: evil@bad.example")),
            in_reply_to: Some(format!("{id}\r\nBcc: evil@bad.example")),
            references: vec![format!("{id}\nBcc: evil@bad.example"), id],
            body: body.clone(),
            date_at,
            ..letter()
        };
        let bytes = build(&hostile).unwrap();
        let mail = mailparse::parse_mail(&bytes).unwrap();
        let allowed = ["From", "To", "Cc", "Message-ID", "In-Reply-To", "References", "Date", "Subject", "X-Casemate-Loop",
            "X-Casemate-Case", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"];
        for header in &mail.headers {
            prop_assert!(allowed.contains(&header.get_key().as_str()), "{}", header.get_key());
            prop_assert!(!header.get_value().contains(['\r', '\n']));
        }
        let clean = |text: &str| text.chars().filter(|c| *c == '\t' || !(c.is_control() || *c == '\u{feff}')).collect::<String>();
        let expected: Vec<String> = body.replace("\r\n", "\n").replace('\r', "\n").trim_end_matches('\n').split('\n').map(clean).collect();
        let found = mail.get_body().unwrap();
        let found: Vec<&str> = found.trim_end_matches("\r\n").split("\r\n").collect();
        let (found, expected) = (found.join("\n"), expected.join("\n"));
        prop_assert_eq!(found.trim_end_matches('\n'), expected.trim_end_matches('\n'));
    }

    #[test]
    fn subjects_come_back(words in proptest::collection::vec("[ -~\u{4e00}-\u{9fa5}！？：]{1,12}", 1..12)) {
        let subject = words.join(" ").split_whitespace().collect::<Vec<_>>().join(" ");
        let bytes = build(&Letter { subject: subject.clone(), ..letter() }).unwrap();
        prop_assert_eq!(header(&bytes, "Subject").unwrap(), subject.replace("=?", "= ?"));
    }
}
