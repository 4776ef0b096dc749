//! What bytes themselves say of their charset: pairs of GB 2312, isolated Latin letters, frequent characters of a script.
//!
//! Every function looks at a bounded prefix. Surprising: the two-byte encodings of East Asia overlap so much that a decoder
//! rarely objects; what tells them apart is whether the result reads as language.

use encoding_rs::Encoding;
use std::sync::LazyLock;

/// Bytes looked at.
const WINDOW: usize = 16 * 1024;

fn window(bytes: &[u8]) -> &[u8] {
    &bytes[..bytes.len().min(WINDOW)]
}

/// Characters that fill Chinese mails, simplified and traditional.
const HANZI: &str = "的一是不了在有我他这中大来上个国到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后小么心多天而能好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长知民样现分将外但身些与高意进把法此实回二理美点月明其种声全工己话儿者向情部正名定女问力机给等几很业最间新什打便位因重被走电四第门相次东政海口使教西再平真听世气信北少关并内加化由却代军产入先山五太水万市眼体别处总才场师书比住员九笑性通目华报立马命张活难神数件安表原车白应路期叫死常提感金何更反合放做系计或司利受光王果亲界及今京务制解各任至清物台象记边共风战干接它许八特觉望直服毛林题建南度统色字请爱让认算论百吃义科怎元社术结六功指思非流每青管夫连远资队跟带花快条院变联言权往展该领传近留红治决周保达办运武半候七必城父强步完革深区即求品士转量空甚众技轻程告江语英基派满式李息写呢识极令黄德收脸钱党倒未持取设始版双历越史商千片容研像找友孩站广改议形委早房音火际则首单据导影失拿网香似斯专石若兵弟谁校读志飞观争究包组造落视济喜离虽坏存钟您谢补丁邮件系统安装更新附户客服务器版本软件错误失败码";
const TRADITIONAL: &str = "這個們為說來時會對過後還麼學國發經頭見現將長動樣點實進當無開關應電問題請謝謝您與從給裡間機業員處書報導聯絡單據訊號碼檔案資訊軟體網路伺服器設定錯誤更新安裝補丁郵件回覆轉寄寄件者收件者主旨敬啟祝商祺貴公司客戶產品價格訂購貨運處理麻煩感激";

/// One byte for each of U+4E00 to U+9FFF: bit 0 a frequent character, bit 1 one of traditional Chinese.
static FREQUENT: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut table = vec![0u8; 0x9FFF - 0x4E00 + 1];
    for (chars, bit) in [(HANZI, 1u8), (TRADITIONAL, 2)] {
        for place in chars.chars().filter_map(hanzi) {
            table[place] |= bit;
        }
    }
    table
});

/// Syllables that fill Korean mails.
const HANGUL: &str = "이다는을를의에가하고한은로지기사있서니도리어자해시대나인여그라스부일정수보면들제안녕요습합세주전과장공무관련문의바랍감사드립메일첨파확수신발신업데트설치오류실패버전서버내용요청완료안내담당처진행경우방법결과회성명년월일오후전화번호답변검토부탁아래같와인증생등록";

static FREQUENT_HANGUL: LazyLock<Vec<bool>> = LazyLock::new(|| {
    let mut table = vec![false; 0xD7A3 - 0xAC00 + 1];
    for c in HANGUL.chars() {
        table[c as usize - 0xAC00] = true;
    }
    table
});

fn hanzi(c: char) -> Option<usize> {
    (0x4E00..=0x9FFF).contains(&(c as u32)).then(|| c as usize - 0x4E00)
}

/// Characters of a text that are looked at.
const SAMPLE: usize = 1000;

/// How far a decoding reads as East Asian language: per cent of its non-ASCII characters that are frequent ones of a script.
/// None: the decoder objected, or fewer than `least` characters to judge by.
pub fn fluency(encoding: &'static Encoding, bytes: &[u8], least: usize) -> Option<usize> {
    let head = whole_characters(window(bytes), bytes.len() > WINDOW);
    let (text, bad) = encoding.decode_without_bom_handling(head);
    if bad && !(text.ends_with('\u{fffd}') && text.matches('\u{fffd}').count() == 1) {
        return None;
    }
    fluency_of(&text, least)
}

/// The same, of text.
pub fn fluency_of(text: &str, least: usize) -> Option<usize> {
    fluency_in(text, least, SAMPLE)
}

/// Whether a text reads as language beyond doubt ([`fluency_of`] of at least ten), by its first characters: cheap.
pub fn is_fluent(text: &str) -> bool {
    // Were all the others of the sample rare, these are still a tenth of it.
    fluency_in(text, 1, SAMPLE * 3 / 10).is_some_and(|f| f >= 34)
}

fn fluency_in(text: &str, least: usize, sample: usize) -> Option<usize> {
    let (mut all, mut simplified, mut traditional, mut kana, mut hangul) = (0usize, 0, 0, 0, 0);
    for c in text.chars().filter(|c| !c.is_ascii()).take(sample) {
        match c as u32 {
            0x3041..=0x30FE => kana += 1,
            0xAC00..=0xD7A3 => hangul += usize::from(FREQUENT_HANGUL[c as usize - 0xAC00]),
            _ => {
                let bits = hanzi(c).map_or(0, |place| FREQUENT[place]);
                simplified += usize::from(bits & 1);
                traditional += usize::from(bits != 0);
            }
        }
        all += 1;
    }
    // Kana between hanzi are Japanese; half-width kana are what garbage decodes to.
    let most = simplified.max(traditional).max(kana).max(hangul) + if kana > 0 { simplified } else { 0 };
    (all >= least).then(|| most * 100 / all.max(1))
}

/// Without a last character that the window cut.
fn whole_characters(bytes: &[u8], is_cut: bool) -> &[u8] {
    if !is_cut {
        return bytes;
    }
    let end = bytes.iter().rposition(|b| *b < 0x80).map_or(bytes.len(), |n| n + 1);
    &bytes[..end]
}

/// Whether the high bytes pair up as GB 2312 hanzi or punctuation, as prose in GBK does and Latin letters do not.
///
/// Level-1 hanzi (lead bytes below D8) prevail in Chinese; Latin and Cyrillic lower case letters lie above.
pub fn looks_gbk(bytes: &[u8]) -> bool {
    let (mut common, mut rare, mut other, mut at) = (0usize, 0usize, 0usize, 0usize);
    let bytes = window(bytes);
    while at < bytes.len() {
        let (lead, next) = (bytes[at], bytes.get(at + 1).copied().unwrap_or(0));
        if lead < 0x80 {
            at += 1;
            continue;
        }
        match lead {
            0xA1..=0xA3 | 0xB0..=0xD7 if next >= 0xA1 => common += 1,
            0xA4..=0xF7 if next >= 0xA1 => rare += 1,
            _ => other += 1,
        }
        at += if next >= 0x40 { 2 } else { 1 };
    }
    let pairs = common + rare;
    pairs > 0 && pairs >= other * 2 && common >= rare
}

/// Whether no two high bytes adjoin: accented letters in a Latin text, never two-byte characters in number.
pub fn is_isolated(bytes: &[u8]) -> bool {
    let bytes = window(bytes);
    bytes.iter().any(|b| *b >= 0x80) && !bytes.windows(2).any(|pair| pair[0] >= 0x80 && pair[1] >= 0x80)
}

/// UTF-16 without a label or mark: one half of the bytes is mostly NUL. True: big endian.
pub fn utf16_without_mark(bytes: &[u8]) -> Option<bool> {
    let head = window(bytes);
    if head.len() < 8 || memchr::memchr(0, head).is_none() {
        return None;
    }
    let nul = |odd: usize| head.iter().skip(odd).step_by(2).filter(|b| **b == 0).count();
    let (even, odd, half) = (nul(0), nul(1), head.len() / 2);
    if even * 3 > half && odd * 10 < half {
        Some(true)
    } else if odd * 3 > half && even * 10 < half {
        Some(false)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::{BIG5, EUC_KR, GB18030, KOI8_R, SHIFT_JIS, WINDOWS_1251};

    #[test]
    fn what_looks_like_gbk() {
        for (encoding, text, want) in [
            (GB18030, "补丁配置失败，需要回滚", true),
            (GB18030, "系统", true),
            (GB18030, "鑫鑫", false),
            (encoding_rs::WINDOWS_1252, "Hyvää päivää, hyvää työtä", false),
            (encoding_rs::WINDOWS_1252, "Grüße aus Köln", false),
            (WINDOWS_1251, "Добрый день, обновление не устанавливается", false),
        ] {
            assert_eq!(looks_gbk(&encoding.encode(text).0), want, "{text}");
        }
    }

    #[test]
    fn languages_are_told_apart() {
        for (encoding, text) in [
            (GB18030, "您好，我们的系统安装补丁之后无法启动，请问如何处理？谢谢"),
            (BIG5, "您好，我們的系統安裝更新之後無法啟動，請問如何處理？謝謝"),
            (SHIFT_JIS, "お世話になっております。更新プログラムのインストールに失敗します"),
            (EUC_KR, "안녕하세요. 업데이트 설치에 실패했습니다. 확인 부탁드립니다"),
        ] {
            let bytes = encoding.encode(text).0;
            let best = [GB18030, BIG5, SHIFT_JIS, EUC_KR].into_iter().max_by_key(|e| fluency(e, &bytes, 8)).map(Encoding::name);
            assert_eq!(best, Some(encoding.name()), "{text}");
        }
        let koi = KOI8_R.encode("Здравствуйте, обновление не устанавливается, помогите").0;
        assert!(fluency(GB18030, &koi, 8).is_none_or(|f| f < 8));
    }

    #[test]
    fn isolated_letters() {
        for (bytes, want) in [(&b"caf\xe9 au lait"[..], true), (b"J\xf6rg", true), (b"\xb2\xb9\xb6\xa1", false), (b"plain", false)] {
            assert_eq!(is_isolated(bytes), want);
        }
    }

    #[test]
    fn bare_utf16() {
        let le: Vec<u8> = "hello world".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let be: Vec<u8> = "hello world".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!((utf16_without_mark(&le), utf16_without_mark(&be), utf16_without_mark(b"hello world")), (Some(false), Some(true), None));
    }
}
