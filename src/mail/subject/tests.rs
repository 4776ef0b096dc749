use super::*;
use crate::case::Stage;

#[test]
fn the_desks_own_subject() {
    let s =
        parse("回复: [案例号: CAS-03160-B3H1K7 ] % 兴业客户反馈领导更新补丁时出现回滚现象 % 初次响应 CMIT:0001617", &Settings::default());
    assert_eq!(s.base, "兴业客户反馈领导更新补丁时出现回滚现象");
    assert_eq!(s.case_numbers, ["CAS-03160-B3H1K7"]);
    assert_eq!(s.tracking_token.as_deref(), Some("CMIT:0001617"));
    assert_eq!((s.stage, s.is_reply, s.is_forward), (Some(Stage::InitialResponse), true, false));
}

#[test]
fn bases() {
    for (text, base, number, token) in [
        ("答复: 答复: Re: 转发：开机蓝屏", "开机蓝屏", "", ""),
        ("RE[2]: Fw(3)：AW: x", "x", "", ""),
        ("Re:Re:补丁", "补丁", "", ""),
        ("[External Mail] 回复：[外部邮件] 补丁失败", "补丁失败", "", ""),
        ("***SPAM*** Re: 激活", "激活", "", ""),
        ("补丁失败【请注意，邮件由zhang@mail.example代发】", "补丁失败", "", ""),
        ("回复: [案例号: cas-03160-b3h1k7] % 回滚 % 归档", "回滚", "CAS-03160-B3H1K7", ""),
        ("回复：［案例号：ＣＡＳ－０３１６０－Ｂ３Ｈ１Ｋ７］ 回滚", "回滚", "CAS-03160-B3H1K7", ""),
        ("CAS 03160 B3H1K7 还是不行", "还是不行", "CAS-03160-B3H1K7", ""),
        ("CAS-01000-X1X1 printing", "printing", "CAS-01000-X1X1", ""),
        ("案例号: CAS-03160-B3H1K7 蓝屏", "蓝屏", "CAS-03160-B3H1K7", ""),
        ("回复：[案例号：CAS-03160-B3H1K7] %蓝屏% 归档", "蓝屏", "CAS-03160-B3H1K7", ""),
        ("Re: print [ ref:_00D1._5001:ref ]", "print", "", ""),
        ("打印机 CRM:0001617", "打印机", "", "CRM:0001617"),
        ("Re: 100% 失败", "100% 失败", "", ""),
        ("更新卡在 99%", "更新卡在 99%", "", ""),
        ("回复: [案例号: CAS-03160-B3H1K7 ] % 更新卡在 99% % 初次响应", "更新卡在 99%", "CAS-03160-B3H1K7", ""),
        ("自动回复: 补丁", "补丁", "", ""),
        ("R: 盘无法访问", "R: 盘无法访问", "", ""),
        ("补丁 KB:4577668", "补丁 KB:4577668", "", ""),
        ("KB:关于补丁", "KB:关于补丁", "", ""),
        ("XCAS-03160-B3H1K77", "XCAS-03160-B3H1K77", "", ""),
        ("", "", "", ""),
    ] {
        let s = parse(text, &Settings::default());
        let got = (s.base.as_str(), s.case_numbers.first().map_or("", |n| n), s.tracking_token.as_deref().unwrap_or(""));
        assert_eq!(got, (base, number, token), "{text}");
    }
}

#[test]
fn configured_tokens_and_stages() {
    let settings =
        Settings {
            token_prefixes: vec!["DESK:".into()], stage_words: vec![("二次响应".into(), Stage::Progress)], ..Settings::default()
        };
    let s = parse("回复: 打印机 % 二次响应 desk: 0012345", &settings);
    assert_eq!((s.base.as_str(), s.tracking_token.as_deref(), s.stage), ("打印机", Some("DESK:0012345"), Some(Stage::Progress)));
    assert_eq!(parse("打印机 CMIT:0001617", &settings).tracking_token, None);
}

/// Base, flags (`r` reply, `f` forward, stage's first letters), number and token of what clients, gateways and robots make of a subject.
#[test]
fn what_clients_write() {
    for (text, base, flags, number, token) in [
        // Prefixes: Outlook, QQ, Foxmail, Gmail, Apple, Notes, The Bat!, Yahoo; stacked, counted, in other languages.
        ("回复：补丁失败", "补丁失败", "r", "", ""),
        ("答复: 答复: 答复: 补丁失败", "补丁失败", "r", "", ""),
        ("转发：回复：Re: 补丁失败", "补丁失败", "rf", "", ""),
        ("Fw:Re:Fwd:补丁失败", "补丁失败", "rf", "", ""),
        ("回覆：轉寄：更新失敗", "更新失敗", "rf", "", ""),
        ("答覆: 轉發: 更新失敗", "更新失敗", "rf", "", ""),
        ("回應： 更新失敗", "更新失敗", "r", "", ""),
        ("RE : 补丁失败", "补丁失败", "r", "", ""),
        ("Re[2]: Re[3]：补丁失败", "补丁失败", "r", "", ""),
        ("RE(3):补丁失败", "补丁失败", "r", "", ""),
        ("Re^2: print", "print", "r", "", ""),
        ("回复[3]：补丁失败", "补丁失败", "r", "", ""),
        ("回复(2): 补丁失败", "补丁失败", "r", "", ""),
        ("ＲＥ：ＦＷ：补丁失败", "补丁失败", "rf", "", ""),
        ("AW: WG: Drucker", "Drucker", "rf", "", ""),
        ("Antw: Drucker", "Drucker", "r", "", ""),
        ("TR : RE : imprimante", "imprimante", "rf", "", ""),
        ("RV: impresora", "impresora", "f", "", ""),
        ("RES: ENC: impressora", "impressora", "rf", "", ""),
        ("R: I: Stampante", "Stampante", "rf", "", ""),
        ("SV: VB: skrivare", "skrivare", "rf", "", ""),
        ("VS: VL: tulostin", "tulostin", "rf", "", ""),
        ("Odp: PD: drukarka", "drukarka", "rf", "", ""),
        ("YNT: İLT: yazıcı", "yazıcı", "rf", "", ""),
        ("返信: 転送: プリンタ", "プリンタ", "rf", "", ""),
        ("회신: 전달: 프린터", "프린터", "rf", "", ""),
        ("Отв: Пересл: принтер", "принтер", "rf", "", ""),
        ("[Fwd: print error]", "print error", "f", "", ""),
        ("print error (fwd)", "print error", "f", "", ""),
        ("\u{200e}回复：补丁失败", "补丁失败", "r", "", ""),
        ("自动回复: 补丁失败", "补丁失败", "", "", ""),
        ("Automatic reply: print", "print", "", "", ""),
        ("已读: 补丁失败", "补丁失败", "", "", ""),
        ("[desk-users] Re: 补丁失败", "[desk-users] 补丁失败", "r", "", ""),
        ("Re: [desk-users] Fwd: 补丁失败", "[desk-users] 补丁失败", "rf", "", ""),
        ("自动回复:[自动回复] 答复: 补丁失败", "补丁失败", "r", "", ""),
        ("Unzustellbar: Re: print", "print", "r", "", ""),
        ("RE: INC0012345", "INC0012345", "r", "", ""),
        ("[EXT]", "[EXT]", "", "", ""),
        // Titles that look like prefixes.
        ("关于：补丁", "关于：补丁", "", "", ""),
        ("AD: 域控", "AD: 域控", "", "", ""),
        ("I: drive not accessible", "I: drive not accessible", "", "", ""),
        ("主题：无", "主题：无", "", "", ""),
        ("回复速度慢：怎么办", "回复速度慢：怎么办", "", "", ""),
        ("C:\\Windows\\Logs 满了", "C:\\Windows\\Logs 满了", "", "", ""),
        ("更新失败: 0x800f0922", "更新失败: 0x800f0922", "", "", ""),
        // Tags of gateways, before, between and after.
        ("[External Mail] 回复: [EXT] 补丁失败", "补丁失败", "r", "", ""),
        ("回复：【外部邮件】转发：补丁失败", "补丁失败", "rf", "", ""),
        ("[警告：此邮件来自外部] 补丁失败", "补丁失败", "", "", ""),
        ("Re: {Spam?} ***SPAM*** [Suspected Spam] print", "print", "r", "", ""),
        ("EXTERNAL: Re: print", "print", "r", "", ""),
        ("[加密][不安全] 补丁失败", "补丁失败", "", "", ""),
        ("补丁失败【请注意，邮件由zhang@mail.example代发】", "补丁失败", "", "", ""),
        ("[desk-users] 补丁失败", "[desk-users] 补丁失败", "", "", ""),
        ("[紧急] 补丁失败", "[紧急] 补丁失败", "", "", ""),
        ("[V2020-L] 补丁失败", "[V2020-L] 补丁失败", "", "", ""),
        // Other desks.
        ("Re: print [ ref:_00D1x._5001y:ref ]", "print", "r", "", ""),
        ("Re: print ref:!00D1x0aB.!5001y0cD:ref", "print", "r", "", ""),
        ("Dell SR:905248633 硬盘", "Dell 硬盘", "", "", ""),
        ("RE: 硬盘 <<#671067-33986132-44103971#>>", "硬盘", "r", "", ""),
        ("[JIRA] (ABC-123) print", "print", "", "", ""),
        ("[Ticket#2020101210000012] Re: print", "print", "r", "", ""),
        ("[example.com #123] print", "print", "", "", ""),
        ("INC0012345: print", "print", "", "", ""),
        ("RE: TrackingID#2010130040001234 print", "print", "r", "", ""),
        ("[GLPI #0001234] New: print", "New: print", "", "", ""),
        ("(Request #123) print", "print", "", "", ""),
        ("Re: [#ABC-123-45678]: print", "print", "r", "", ""),
        // Case numbers.
        ("回复: [案例号: CAS-03160-B3H1K7 ] % 回滚 % 初次响应 CMIT:0001617", "回滚", "r初次响应", "CAS-03160-B3H1K7", "CMIT:0001617"),
        ("[案例号：cas-03160-b3h1k7]回滚", "回滚", "", "CAS-03160-B3H1K7", ""),
        ("【案例号：CAS-03160-B3H1K7】回滚", "回滚", "", "CAS-03160-B3H1K7", ""),
        ("【案例號: CAS03160B3H1K7】 回滾", "回滾", "", "CAS-03160-B3H1K7", ""),
        ("Case # CAS-03160-B3H1K7 - rollback", "rollback", "", "CAS-03160-B3H1K7", ""),
        ("(case no. CAS–03160–B3H1K7) rollback", "rollback", "", "CAS-03160-B3H1K7", ""),
        ("[Case CAS-03160-B3H1K7] rollback", "rollback", "", "CAS-03160-B3H1K7", ""),
        ("回滚（CAS-03160-B3H1K7）", "回滚", "", "CAS-03160-B3H1K7", ""),
        ("Re: CAS-03160-B3H1K7: rollback", "rollback", "r", "CAS-03160-B3H1K7", ""),
        ("[案例号: CAS-03160-B3H1K7 % 回滚", "回滚", "", "CAS-03160-B3H1K7", ""),
        ("ＣＡＳ－０３１６０－Ｂ３Ｈ１Ｋ７　回滚", "回滚", "", "CAS-03160-B3H1K7", ""),
        ("[CAS-03160-B3H1K7、CAS-03161-C4D5E6] 两个案例", "两个案例", "", "CAS-03160-B3H1K7 CAS-03161-C4D5E6", ""),
        ("案例号：CAS-03160- B3H1K7 回滚", "回滚", "", "CAS-03160-B3H1K7", ""),
        ("[External] 转发: 回复: [案例号: CAS-03160-B3H1K7 ] 回复: 回滚", "回滚", "rf", "CAS-03160-B3H1K7", ""),
        ("CVE-2020-12345 KB-4577668 010-62345678", "CVE-2020-12345 KB-4577668 010-62345678", "", "", ""),
        ("ABC-12345-AAAA11 打印机", "ABC-12345-AAAA11 打印机", "", "", ""),
        // Stages and tokens.
        ("回滚 % 问题归档 CMIT:0001620 [EXT]", "回滚", "问题归档", "", "CMIT:0001620"),
        ("回复: 回滚 % 满意度调查", "回滚", "r满意度调查", "", ""),
        ("回滚 CMIT:0001620 % 进展更新", "回滚", "进展更新", "", "CMIT:0001620"),
        ("【催办】回滚", "回滚", "催办", "", ""),
        (
            "RE: [Case number: CAS-03160-B3H1K7 ] % Rollback % Progress Update CRM:0001618",
            "Rollback",
            "r进展更新",
            "CAS-03160-B3H1K7",
            "CRM:0001618",
        ),
        ("归档日志在哪里", "归档日志在哪里", "", "", ""),
        ("满意度调查系统打不开", "满意度调查系统打不开", "", "", ""),
        ("会议 10:30 % 30%", "会议 10:30 % 30%", "", "", ""),
    ] {
        let s = parse(text, &Settings::default());
        let stage = match s.stage {
            None => "",
            Some(Stage::InitialResponse) => "初次响应",
            Some(Stage::Progress) => "进展更新",
            Some(Stage::Reminder) => "催办",
            Some(Stage::Closure) => "问题归档",
            Some(Stage::Survey) => "满意度调查",
        };
        let got_flags = format!("{}{}{stage}", if s.is_reply { "r" } else { "" }, if s.is_forward { "f" } else { "" });
        let got = (s.base.as_str(), got_flags.as_str(), s.case_numbers.join(" "), s.tracking_token.as_deref().unwrap_or(""));
        assert_eq!(got, (base, flags, number.to_string(), token), "{text}");
    }
}

#[test]
fn the_outermost_prefix() {
    for (text, is_forward) in [
        ("转发: 回复: x", true),
        ("回复: 转发: x", false),
        ("[EXT] Fwd: x", true),
        ("EXTERNAL: FW: x", true),
        ("[Fwd: x]", true),
        ("[list] Fwd: x", true),
        ("[案例号: CAS-03160-B3H1K7 ] 转发：x", true),
        ("x", false),
    ] {
        assert_eq!(is_outermost_forward(text), is_forward, "{text}");
    }
}

#[test]
fn a_reply_has_the_base_of_what_it_answers() {
    let base = |text: &str| parse(text, &Settings::default()).base;
    for title in ["领导更新补丁时出现回滚", "KB4577668 安装失败：0x800f0922", "100% 失败", "[紧急] print (2) fails", "更新卡在 99%"]
    {
        for around in [
            "回复: {}",
            "[EXT] Re: FW: {}",
            "答复: [案例号: CAS-03160-B3H1K7 ] % {} % 初次响应 CMIT:0001617",
            "{} 【请注意，邮件由a@b.example代发】",
        ] {
            assert_eq!(base(&around.replace("{}", title)), base(title), "{around} {title}");
        }
    }
}

#[test]
fn a_megabyte_of_subject_is_linear() {
    for piece in ["Re: ", "[EXT] ", "CAS-03160-B3H1K7 ", "[ ", "% ", "CMIT:0001617 ", "( * < {", "归档-"] {
        let long = piece.repeat(1_000_000 / piece.len());
        let s = parse(&long, &Settings::default());
        assert!(s.base.len() <= long.len());
    }
}
