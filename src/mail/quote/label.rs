//! The labels of a quoted mail's header (`From:`, `发件人：`, `Gesendet:` …) in the languages clients speak.
//!
//! A label is the word before the first colon, without decoration (`*From:*`, `| To: |`, `> Date:`) and without inner blanks in
//! Chinese (`日　期`). A label alone means nothing; [`super::block`] decides what a run of them is.

use crate::mail::phrase;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    Sender,
    Date,
    To,
    Subject,
    Other,
}

/// A line that begins with a label.
#[derive(Debug, Clone, Copy)]
pub struct Labelled<'a> {
    pub label: Label,
    /// What separates label and value: a colon or a table's bar; false: only a blank (NetEase, eM Client).
    pub has_colon: bool,
    pub value: &'a str,
}

const DECORATION: [char; 7] = ['*', '_', '|', '>', '\u{b7}', '•', '"'];

/// Reads a line as `label: value`, or as `label value` when `bare` (after a separator line).
pub fn read<'a>(line: &'a str, bare: bool, buffer: &mut String) -> Option<Labelled<'a>> {
    let inner = line.trim_start_matches(|c: char| c.is_whitespace() || DECORATION.contains(&c) || ('\u{200b}'..='\u{202f}').contains(&c));
    if let Some((end, width)) = colon(inner)
        && let Some(label) = word(&inner[..end], buffer)
    {
        let value = inner[end + width..].trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '|' | '_'));
        return Some(Labelled { label, has_colon: true, value });
    }
    let is_table = line.trim_start().starts_with('|') || inner.contains(" | ");
    if !bare && !is_table {
        return None;
    }
    let end = inner.find(|c: char| c == '|' || c == '*' || c.is_whitespace()).unwrap_or(inner.len());
    let label = word(&inner[..end], buffer)?;
    let value = inner[end..].trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '|'));
    Some(Labelled { label, has_colon: is_table, value })
}

/// Place and length of the first colon, when it stands where a label can end.
fn colon(line: &str) -> Option<(usize, usize)> {
    let bytes = line.as_bytes();
    for at in 0..bytes.len().min(64) {
        match bytes[at] {
            b':' => return Some((at, 1)),
            // U+FF1A, full-width colon.
            0xef if bytes[at..].starts_with("：".as_bytes()) => return Some((at, 3)),
            _ => {}
        }
    }
    None
}

/// The label a word is; blanks and decoration do not count.
pub fn word(raw: &str, buffer: &mut String) -> Option<Label> {
    if raw.len() > 60 || raw.is_empty() {
        return None;
    }
    let key = phrase::fold(raw, buffer).trim_matches(|c| matches!(c, '*' | '_' | '|' | ' ' | '"' | '[' | ']'));
    if key.is_ascii() {
        return known(key);
    }
    if key.contains(' ') && key.chars().any(phrase::is_han) {
        let tight: String = key.chars().filter(|c| *c != ' ').collect();
        return known(&tight);
    }
    known(key)
}

#[rustfmt::skip]
fn known(key: &str) -> Option<Label> {
    Some(match key {
        "from" | "von" | "de" | "da" | "van" | "od" | "från" | "fra" | "lähettäjä" | "de la" | "od kogo" | "nadawca" | "expéditeur" | "remitente" | "mittente"
        | "afzender" | "absender" | "avsändare" | "afsender" | "avsender" | "remetente" | "feladó" | "odesílatel" | "kimden" | "gönderen" | "từ" | "người gửi"
        | "от" | "от кого" | "отправитель" | "від" | "από" | "发件人" | "發件人" | "寄件者" | "寄件人" | "发送人" | "发信人" | "發信人" | "寄信人" | "差出人" | "送信者" | "发送者"
        | "보낸사람" | "보낸 사람" | "발신" | "발신자" | "발신인" | "מאת" | "من" => Label::Sender,
        "date" | "sent" | "sent at" | "sent on" | "date sent" | "gesendet" | "gesendet am" | "datum" | "envoyé" | "envoyé le" | "enviado" | "enviado el" | "fecha" | "inviato" | "data" | "data invio"
        | "verzonden" | "enviada em" | "enviado em" | "enviada" | "wysłano" | "wysłane" | "отправлено" | "дата" | "дата отправки" | "skickat" | "sendt" | "dato" | "lähetetty" | "päivämäärä" | "päiväys"
        | "odesláno" | "elküldve" | "küldve" | "dátum" | "tarih" | "gönderme tarihi" | "gönderildi" | "đã gửi" | "ngày" | "ngày gửi" | "ημερομηνία"
        | "发送时间" | "发送日期" | "日期" | "时间" | "寄件日期" | "傳送時間" | "发件时间" | "發送時間" | "發送日期" | "時間" | "发信时间" | "寄信日期" | "傳送日期" | "已发送" | "送信日時" | "送信日" | "日時" | "日付"
        | "보낸날짜" | "보낸 날짜" | "날짜" | "보낸시간" | "보낸 시간" | "발신일" => Label::Date,
        "to" | "an" | "à" | "a" | "pour" | "para" | "destinatario" | "destinatário" | "destinataire" | "aan" | "do" | "komu" | "dla" | "кому" | "получатель" | "till" | "til" | "vastaanottaja"
        | "címzett" | "címzettek" | "kime" | "alıcı" | "tới" | "đến" | "προς" | "către" | "empfänger" | "收件人" | "收件者" | "收信人" | "宛先" | "받는사람" | "받는 사람" | "수신" | "수신자" | "수신인" | "אל" => Label::To,
        "subject" | "subj" | "betreff" | "betr" | "objet" | "asunto" | "oggetto" | "onderwerp" | "assunto" | "temat" | "тема" | "ämne" | "emne" | "aihe" | "předmět" | "tárgy" | "konu" | "chủ đề" | "tiêu đề"
        | "θέμα" | "subiect" | "主题" | "主旨" | "主題" | "标题" | "標題" | "件名" | "题名" | "제목" | "נושא" => Label::Subject,
        "cc" | "bcc" | "reply-to" | "reply to" | "in-reply-to" | "importance" | "priority" | "attachments" | "attachment" | "attach" | "message-id" | "newsgroups" | "organization" | "references" | "mailed-by"
        | "signed-by" | "sender" | "resent-from" | "return-path" | "list-id" | "x-mailer" | "mime-version" | "content-type" | "received" | "delivered-to" | "sensitivity" | "categories" | "when" | "where"
        | "kopie" | "cci" | "copie" | "copie à" | "cco" | "dw" | "udw" | "копия" | "kopia" | "kopi" | "kopio" | "másolatot kap" | "másolat" | "bilgi" | "kopie an" | "wichtigkeit" | "priorität" | "anlagen" | "anhang"
        | "pièces jointes" | "pièce jointe" | "importance " | "adjuntos" | "datos adjuntos" | "anexos" | "allegati" | "bijlagen" | "załączniki" | "вложения" | "répondre à" | "antwort an" | "responder a" | "con copia" | "copia"
        | "抄送" | "抄送人" | "副本" | "密送" | "密件副本" | "密件抄送" | "回复至" | "回复地址" | "回覆至" | "重要性" | "优先级" | "附件" | "cc人" | "답장받는사람" | "참조" | "숨은참조" | "첨부" | "첨부파일" | "返信先" | "添付ファイル" | "重要度" | "cc:" => Label::Other,
        _ => return None,
    })
}

/// How many labels a line holds that was flattened (`From: X Sent: Y To: Z Subject: W`): the word before each colon is tried.
pub fn flattened(line: &str, buffer: &mut String) -> usize {
    if line.len() < 20 || line.len() > 4_000 {
        return 0;
    }
    let (mut count, mut from) = (0, 0);
    for (at, c) in line.char_indices().filter(|(_, c)| matches!(c, ':' | '：')) {
        let before = line[from..at].trim_end_matches([' ', '*', '_', '\u{a0}']);
        let begin = before
            .rfind(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | ';' | '；' | '|' | '>'))
            .map_or(0, |n| n + before[n..].chars().next().map_or(1, char::len_utf8));
        let fresh = begin > 0 || from == 0;
        if fresh && word(&before[begin..], buffer).is_some() {
            count += 1;
        }
        from = at + c.len_utf8();
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dressed_labels() {
        for (line, bare, want) in [
            ("From: X", false, Some((Label::Sender, "X"))),
            ("*发件人:* 张三", false, Some((Label::Sender, "张三"))),
            ("日　期：2020", false, Some((Label::Date, "2020"))),
            ("| 发件人 | 张三<a@b.example> |", false, Some((Label::Sender, "张三<a@b.example>"))),
            ("发件人 张三", true, Some((Label::Sender, "张三"))),
            ("发件人 张三", false, None),
            ("À\u{a0}: X", false, Some((Label::To, "X"))),
            ("__________ From: X", false, Some((Label::Sender, "X"))),
            ("主题：补丁", false, Some((Label::Subject, "补丁"))),
            ("Error: 0x800f", false, None),
            ("보낸 사람: X", false, Some((Label::Sender, "X"))),
        ] {
            let found = read(line, bare, &mut String::new()).map(|l| (l.label, l.value));
            assert_eq!(found, want, "{line}");
        }
    }

    #[test]
    fn flattened_headers() {
        let mut buffer = String::new();
        assert_eq!(flattened("From: X [mailto:a@b.example] Sent: Monday 10:11 To: Y Subject: z", &mut buffer), 4);
        assert_eq!(flattened("发件人：张三 发送时间：2020年10月12日 10:11 收件人：李四 主题：补丁", &mut buffer), 4);
        assert_eq!(flattened("From: nothing else here", &mut buffer), 1);
    }
}
