//! Labels and bytes that contradict each other.

use super::*;
use encoding_rs::{ISO_8859_2, KOI8_R, WINDOWS_1251};

fn gbk(text: &str) -> Vec<u8> {
    GB18030.encode(text).0.into_owned()
}

fn of(encoding: &'static Encoding, text: &str) -> Vec<u8> {
    encoding.encode(text).0.into_owned()
}

#[test]
fn last_character_cut() {
    let text = "补丁安装失败";
    let whole = text.as_bytes();
    for label in [Some("utf-8"), None] {
        let got = decode(&whole[..whole.len() - 1], label);
        assert!(got.text.starts_with("补丁安装失") && got.assumed.is_some(), "{label:?} {got:?}");
    }
}

#[test]
fn label_and_bytes() {
    let zh = "您好，我们的系统安装补丁之后无法启动，请问如何处理？谢谢";
    let tw = "您好，我們的系統安裝更新之後無法啟動，請問如何處理？謝謝";
    for (bytes, label, text, is_assumed) in [
        (gbk("镕喆囍"), Some("gb2312"), "镕喆囍", false),
        (gbk("㛃𬭁你好"), Some("GB_2312-80"), "㛃𬭁你好", false),
        (gbk("补丁回滚"), Some("us-ascii"), "补丁回滚", true),
        (gbk("补丁回滚"), Some("iso-8859-1"), "补丁回滚", true),
        (gbk("补丁配置失败需要回滚"), Some("utf-8"), "补丁配置失败需要回滚", true),
        (gbk("系统"), None, "系统", true),
        (gbk(zh), Some("koi8-r"), zh, true),
        (gbk(zh), Some("unknown-8bit"), zh, true),
        (gbk(zh), Some("big5"), zh, true),
        (of(BIG5, tw), Some("gb2312"), tw, true),
        (of(BIG5, tw), None, tw, true),
        (of(BIG5, tw), Some("big5-hkscs"), tw, false),
        ("补丁回滚".as_bytes().to_vec(), Some("gb2312"), "补丁回滚", true),
        ("补丁回滚 😀".as_bytes().to_vec(), Some("gbk"), "补丁回滚 😀", true),
        ("Привет".as_bytes().to_vec(), Some("windows-1251"), "Привет", true),
        ("补丁回滚".as_bytes().to_vec(), Some("'utf-8'"), "补丁回滚", false),
        (gbk("补丁"), Some("cp936*zh-CN"), "补丁", false),
        (b"caf\xe9 au lait".to_vec(), Some("iso-8859-1"), "café au lait", false),
        (b"caf\xe9 au lait".to_vec(), None, "café au lait", true),
        (b"Hyv\xe4\xe4 p\xe4iv\xe4\xe4".to_vec(), Some("iso-8859-1"), "Hyvää päivää", false),
        (of(ISO_8859_2, "Zażółć gęślą jaźń"), Some("iso-8859-2"), "Zażółć gęślą jaźń", false),
        (of(WINDOWS_1251, "Добрый день"), Some("cp1251"), "Добрый день", false),
        (of(KOI8_R, "Добрый день"), Some("koi8-r"), "Добрый день", false),
        (of(SHIFT_JIS, "お世話になっております"), Some("shift_jis"), "お世話になっております", false),
        (of(SHIFT_JIS, "お世話になっております。更新に失敗します"), None, "お世話になっております。更新に失敗します", true),
        (of(EUC_KR, "안녕하세요 업데이트"), Some("ks_c_5601-1987"), "안녕하세요 업데이트", false),
        (of(ISO_2022_JP, "更新"), Some("iso-2022-jp"), "更新", false),
        (of(ISO_2022_JP, "更新"), Some("us-ascii"), "更新", true),
        (b"\x1b$)C\x0e>H3g\x0f ok".to_vec(), Some("iso-2022-kr"), "안녕 ok", false),
        (b"~{VPND~} ok".to_vec(), Some("hz-gb-2312"), "中文 ok", false),
        (b"+ZeVnLIqe-".to_vec(), Some("unicode-1-1-utf-7"), "日本語", false),
        (b"plain".to_vec(), Some("x-unknown"), "plain", true),
        (b"\xef\xbb\xbf\xe4\xb8\xad".to_vec(), Some("gb2312"), "中", true),
        (b"\xff\xfea\0b\0".to_vec(), Some("us-ascii"), "ab", true),
        (b"h\0e\0l\0l\0o\0".to_vec(), None, "hello", true),
        (b"\0h\0e\0l\0l\0o".to_vec(), Some("utf-16"), "hello", false),
        (b"\x2d\x4e\x87\x65".to_vec(), Some("utf-16le"), "中文", false),
        (b"plain".to_vec(), Some("utf-16"), "plain", false),
    ] {
        let got = decode(&bytes, label);
        assert_eq!((got.text.as_str(), got.assumed.is_some()), (text, is_assumed), "{label:?} {:?}", got.assumed);
    }
}

#[test]
fn damaged_utf8_stays_utf8() {
    let mut bytes = "安装了补丁后无法启动，请尽快处理，多谢".as_bytes().to_vec();
    bytes.truncate(bytes.len() - 1);
    assert!(decode(&bytes, Some("utf-8")).text.starts_with("安装了补丁后无法启动，"));
}

#[test]
fn a_footer_of_another_charset() {
    let mut bytes = "安装了补丁后无法启动，请尽快处理，多谢。这里还有很多的文字说明我们的系统是如何出错的\n".repeat(4).into_bytes();
    bytes.extend(gbk("本邮件由系统转发"));
    assert!(decode(&bytes, Some("utf-8")).text.ends_with("本邮件由系统转发"));
}
