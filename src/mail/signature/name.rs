//! Lines that name a person or an organisation, and whether a name is the sender's.

use crate::mail::Address;
use crate::mail::phrase::{self, is_han};

const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝張劉陳楊黃趙吳孫馬羅鄭謝許韓馮鄧蕭葉蘇魏呂盧鍾譚陸賈韋鄒閻龍陶賀顧龔邵錢嚴湯溫龐顏莊聶魯歐關蘭寧紀";
#[rustfmt::skip]
const ORGANISATIONS: &[&str] = &[
    "公司", "集团", "集團", "中心", "部门", "部門", "信息部", "技术部", "科技部", "运维", "银行", "大学", "学院", "医院", "研究院", "研究所", "委员会", "办公室", "办公厅", "分行", "支行", "分局", "总局", "事业部", "工厂", "股份", "科技", "株式会社", "有限", "工程部", "服务部", "支持部", "信息科", "信息处", "网络部", "财务部", "人事部", "行政部", "采购部", "市场部", "销售部", "综合部", "总部", "学校", "中学", "政府", "管理局", "税务局", "公安局", "服务台", "事务所", "证券", "保险",
];
#[rustfmt::skip]
const TITLES: &[&str] = &[
    "工程师", "工程師", "经理", "經理", "总监", "總監", "主任", "主管", "专员", "專員", "顾问", "顧問", "总裁", "处长", "科长", "部长", "主席", "助理", "秘书", "会计", "管理员", "负责人", "架构师", "老师", "总经理", "副总", "组长", "科员", "教授", "博士",
];
#[rustfmt::skip]
const ENGLISH_ROLES: &[&str] = &[
    "engineer", "manager", "director", "officer", "administrator", "consultant", "specialist", "analyst", "developer", "architect", "president", "founder", "assistant", "coordinator",
    "head of", "lead", "ceo", "cto", "cio", "cfo", "sales", "support", "department", "dept", "division", "team", "ltd", "inc", "llc", "gmbh", "corp", "company", "co.", "university", "group",
    "limited", "technician", "it ", "services", "solutions", "systems", "technologies", "bank", "s.a.", "b.v.", "kg", " ag", "pty", "plc", "institute", "associate", "supervisor", "executive",
    "professor", "student", "designer", "secretary", "partner", "owner", "representative", "advisor", "leiter", "geschäftsführer", "responsable", "directeur", "ingénieur",
];
/// Capitalised words that are no names, when they stand alone on a last line.
#[rustfmt::skip]
const NOT_NAMES: &[&str] = &[
    "yes", "no", "ok", "okay", "done", "thanks", "thank", "windows", "error", "please", "hello", "hi", "dear", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    "today", "tomorrow", "never", "none", "all", "server", "linux", "office", "outlook", "agreed", "fixed", "solved", "resolved", "sure", "great", "perfect", "same", "version", "the", "my",
    "it", "we", "this", "note", "attached", "nothing", "still", "good", "nice", "cheers", "sorry", "true", "false", "correct", "exactly", "received", "noted", "why", "what", "how", "when",
    "where", "who",
];
const PARTICLES: &[&str] = &[
    "de", "van", "von", "der", "den", "la", "le", "da", "di", "del", "dos", "bin", "al", "of", "and", "the", "for", "&", "y", "e", "und",
    "et", "-", "|", "/", "at", "zu", "ter", "ten", "du",
];

/// One to four words that a person may be called: capitalised, or Han with a surname in front.
pub fn is_person(line: &str) -> bool {
    let line = by_order(bare(line));
    if line.is_empty() || line.len() > 60 {
        return false;
    }
    if line.chars().any(is_han) {
        return is_han_person(line);
    }
    let words: Vec<&str> = line.split_whitespace().filter(|w| *w != "-").collect();
    let capital = |w: &str| w.chars().next().is_some_and(char::is_uppercase);
    let plain = |w: &str| w.chars().all(|c| c.is_alphabetic() || matches!(c, '.' | '-' | '\'' | '’' | ','));
    (1..=4).contains(&words.len())
        && capital(words[0])
        && words.iter().all(|w| plain(w) && (capital(w) || PARTICLES.contains(w)))
        && !NOT_NAMES.contains(&words[0].trim_end_matches(['.', ',']).to_lowercase().as_str())
        && words.iter().all(|w| !w.ends_with(',') || words.len() > 1)
}

/// Without `i. A.`, `i.V.`, `ppa.`, `gez.` before it.
fn by_order(line: &str) -> &str {
    if !line.starts_with(['i', 'p', 'g']) {
        return line;
    }
    ["i. A. ", "i.A. ", "i. V. ", "i.V. ", "ppa. ", "gez. ", "p.p. "].iter().find_map(|p| line.strip_prefix(p)).unwrap_or(line)
}

fn is_han_person(line: &str) -> bool {
    let tight: Vec<char> = line.chars().filter(|c| !c.is_whitespace()).collect();
    let han = tight.iter().all(|c| is_han(*c) || *c == '·');
    let begins = tight.first().is_some_and(|c| SURNAMES.contains(*c));
    let nick = matches!(tight.first(), Some('小' | '老' | '阿')) && tight.get(1).is_some_and(|c| SURNAMES.contains(*c)) && tight.len() == 2;
    let two = tight.starts_with(&['欧', '阳'])
        || tight.starts_with(&['诸', '葛'])
        || tight.starts_with(&['上', '官'])
        || tight.starts_with(&['司', '马']);
    let suffixed = tight.len() <= 3 && begins && matches!(tight.last(), Some('工' | '总'));
    han && (begins && (2..=3).contains(&tight.len()) || two && (3..=4).contains(&tight.len()) || nick || suffixed) && !is_word(line)
}

/// Words of the trade that begin with a surname.
fn is_word(line: &str) -> bool {
    const WORDS: &[&str] = &[
        "谢谢", "谢了", "高兴", "任何", "方便", "安好", "祝好", "常用", "金山", "万分", "于是", "温馨", "顾客", "应急", "余下", "时间",
        "时候", "成功", "安全", "安装", "全部", "明天", "明白", "方法", "方案", "文件", "金额", "常见", "高", "关闭", "查看", "包括", "和",
        "向", "连接", "边", "明细", "计算", "应用", "解决", "解答", "管理", "关于", "单位", "全", "时", "成", "没有", "任务", "施工",
        "简单", "通过", "应该", "左", "万", "古", "文", "农", "师", "白屏", "黄屏", "蓝屏", "米", "车", "路", "房",
    ];
    let tight: String = line.chars().filter(|c| !c.is_whitespace()).collect();
    WORDS.iter().any(|w| if w.chars().count() == 1 { tight == *w } else { tight.starts_with(w) })
}

/// A company, department, title, in short.
pub fn is_organisation(line: &str) -> bool {
    // A sentence, or a point of a list.
    if line.trim_end().ends_with(['。', '？', '！', '；', ':', '：'])
        || line.trim_start().starts_with(|c: char| matches!(c, '1'..='9' | '①'..='⑳')) && line.contains(['、', '.', '，'])
    {
        return false;
    }
    let line = bare(line);
    let width = phrase::width(line);
    if width == 0
        || width > 72
        || line.ends_with(['。', '？', '?', '！', '!', '；', ';', '：', ':', '，', ','])
        || line.contains(['？', '?', '。', '，', '；'])
    {
        return false;
    }
    if line.chars().any(is_han) {
        let verbs = [
            "请", "吗", "不", "了", "没", "收到", "是", "应", "要", "我", "您", "已", "无法", "问题", "补丁", "更新", "安装", "失败",
            "报错", "需要", "反馈", "打开", "使用",
        ];
        return !verbs.iter().any(|v| line.contains(v))
            && (ORGANISATIONS.iter().chain(TITLES).any(|w| line.contains(w))
                || line.ends_with(['部', '处', '科', '室', '局', '院', '厂', '校', '办', '组']) && phrase::width(line) <= 40);
    }
    let mut words = line.split_whitespace();
    let capital = words.all(|w| {
        w.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit() || matches!(c, '&' | '|' | '/' | '-' | '(' | '•'))
            || PARTICLES.contains(&w)
    });
    let lower = line.to_lowercase();
    let first = lower.split(' ').next().unwrap_or("");
    !NOT_NAMES.contains(&first)
        && (capital && !line.contains(['=', '\\']) && !line.ends_with('.') && line.split(' ').count() <= 8
            || line.len() <= 60 && ENGLISH_ROLES.iter().any(|r| lower.contains(r)) && capital_first(line) && !line.ends_with('.'))
}

/// A name that ends in what companies end in.
pub fn is_company(line: &str) -> bool {
    let last = line.trim().rsplit(' ').next().unwrap_or("");
    line.contains(' ')
        && matches!(
            last,
            "Inc"
                | "Inc."
                | "Ltd"
                | "Ltd."
                | "LLC"
                | "GmbH"
                | "AG"
                | "KG"
                | "Corp"
                | "Corp."
                | "Co."
                | "B.V."
                | "BV"
                | "S.A."
                | "SA"
                | "SARL"
                | "Limited"
                | "AB"
                | "Oy"
                | "A/S"
                | "e.V."
        )
}

fn capital_first(line: &str) -> bool {
    line.starts_with(|c: char| c.is_uppercase())
}

/// One to four Han characters that say nothing: a family name or a company in short, above contact lines.
pub fn is_short_han(line: &str) -> bool {
    let line = bare(line);
    const SAID: [char; 30] = [
        '请', '谢', '了', '已', '不', '好', '是', '否', '有', '无', '没', '可', '能', '行', '会', '收', '盼', '望', '急', '祝', '如', '在',
        '对', '同', '您', '你', '我', '吗', '的', '敬',
    ];
    (1..=4).contains(&line.chars().count()) && line.chars().all(is_han) && !line.contains(SAID)
}

/// `佐藤 岩男`: family and given name apart.
pub fn is_spaced_han(line: &str) -> bool {
    let parts: Vec<&str> = line.split([' ', '\u{3000}']).filter(|p| !p.is_empty()).collect();
    parts.len() == 2 && parts.iter().all(|p| p.chars().count() <= 3 && p.chars().all(is_han)) && line.chars().count() <= 6 && !is_word(line)
}

/// `2020年10月12日`, `2020-10-12`: the date under a letter.
pub fn is_date(line: &str) -> bool {
    let line = bare(line);
    let digits = line.bytes().filter(u8::is_ascii_digit).count();
    line.len() <= 40
        && (4..=14).contains(&digits)
        && line.starts_with("20")
        && line.chars().all(|c| {
            c.is_ascii_digit()
                || matches!(
                    c,
                    '-' | '/'
                        | '.'
                        | ' '
                        | ':'
                        | '年'
                        | '月'
                        | '日'
                        | '时'
                        | '分'
                        | '星'
                        | '期'
                        | '一'
                        | '二'
                        | '三'
                        | '四'
                        | '五'
                        | '六'
                        | '于'
                )
        })
}

/// Without marks, dashes and punctuation around.
pub fn bare(line: &str) -> &str {
    line.trim_matches(|c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '*' | '_' | '|' | '-' | '–' | '—' | '~' | '/' | ',' | '，' | '.' | '。' | '!' | '！' | '(' | ')' | '<' | '>' | ':' | '：'
            )
    })
}

/// What stands before a name: by order of, titles.
#[rustfmt::skip]
const HONORIFICS: &[&str] = &[
    "i", "v", "a", "ppa", "gez", "im", "auftrag", "dr", "prof", "mr", "mrs", "ms", "miss", "herr", "frau", "ing", "dipl", "mag", "mme", "mlle", "m", "sr", "sra", "dott", "ir", "mgr", "med", "p", "o",
];

/// Family or given name of the sender in one character, written alone under a letter.
pub fn is_senders_character(line: &str, from: &Address) -> bool {
    let mut said = line.trim().chars();
    let own: Vec<char> = from.name.as_deref().unwrap_or("").chars().filter(|c| is_han(*c)).collect();
    let (Some(only), None) = (said.next(), said.next()) else { return false };
    (2..=4).contains(&own.len())
        && (own[0] == only || own.len() <= 3 && own[own.len() - 1] == only)
        && !matches!(only, '是' | '好' | '行' | '可' | '否' | '对' | '有' | '无')
}

/// A Japanese name alone: two to four Han characters that are no closing word.
pub fn is_japanese(line: &str) -> bool {
    const SAID: [&str; 16] = [
        "以上",
        "敬具",
        "了解",
        "承知",
        "完了",
        "不要",
        "確認",
        "確認済",
        "済",
        "問題",
        "謝謝",
        "感謝",
        "同意",
        "早々",
        "草々",
        "以下余白",
    ];
    let line = bare(line);
    (2..=4).contains(&line.chars().count()) && line.chars().all(|c| is_han(c) || c == '々') && !SAID.contains(&line)
}

/// Whether a line is what the sender calls himself: the name, a part of it, its initials, `张工`.
pub fn is_senders(line: &str, from: &Address) -> bool {
    let line = bare(line);
    if line.is_empty() || line.chars().count() > 40 {
        return false;
    }
    let lower = line.to_lowercase();
    let local = from.address.split('@').next().unwrap_or("").to_lowercase();
    let name = from.name.as_deref().unwrap_or("").to_lowercase();
    if same(&lower, &name) || lower.len() >= 3 && same(&lower, &local) {
        return true;
    }
    if line.chars().any(is_han) {
        let own: Vec<char> = name.chars().filter(|c| is_han(*c)).collect();
        let said: Vec<char> = line.chars().filter(|c| is_han(*c)).collect();
        let titled = own.first().is_some_and(|f| line.starts_with(*f)) && TITLES.iter().any(|t| said[1..].iter().collect::<String>() == *t);
        if titled {
            return true;
        }
        let family = own.first().is_some_and(|f| said.contains(f))
            && said.len() <= 3
            && said.iter().all(|c| own.contains(c) || matches!(c, '工' | '总' | '小' | '老' | '经' | '理'));
        return (2..=4).contains(&own.len()) && (said == own[1..] && said.len() >= 2 || said == own || family && said.len() >= 2);
    }
    let parts: Vec<&str> =
        name.split(|c: char| !c.is_alphabetic()).chain(local.split(|c: char| !c.is_alphabetic())).filter(|p| p.len() >= 2).collect();
    let mut said: Vec<&str> = lower.split(|c: char| !c.is_alphabetic()).filter(|p| !p.is_empty()).collect();
    if said.len() > 1 && said.last().is_some_and(|last| parts.contains(last)) {
        said.retain(|word| parts.contains(word) || !HONORIFICS.contains(word));
    }
    if said.is_empty() || said.len() > 4 {
        return false;
    }
    let initials: String = name.split_whitespace().filter_map(|p| p.chars().next()).collect();
    let is_initials = said.len() == 1
        && said[0].len() <= 3
        && !initials.is_empty()
        && line.chars().all(|c| c.is_uppercase())
        && (initials == said[0] || initials.starts_with(said[0]));
    is_initials
        || said.iter().all(|s| parts.contains(s) || s.len() == 1 && parts.iter().any(|p| p.starts_with(s)))
            && said.iter().any(|s| s.len() >= 2)
        || said.len() == 1 && said[0].len() >= 3 && parts.iter().any(|p| p.starts_with(said[0]))
}

/// Whether a short line names the sender among other words: `胡月 / Hu Yue`, `i. A. Anna Becker`, `网管 朱贵`.
pub fn names_sender(line: &str, from: &Address) -> bool {
    let line = line.trim();
    if line.is_empty()
        || phrase::width(line) > 48
        || line.ends_with(['。', '?', '？', '!', '！', ':', '：', '；', ';'])
        || line.contains(['。', '？', '?', '，', '！', '!', ':', '：'])
    {
        return false;
    }
    if is_senders(line, from) || line.eq_ignore_ascii_case(&from.address) {
        return true;
    }
    let name = from.name.as_deref().unwrap_or("");
    let own: String = name.chars().filter(|c| is_han(*c)).collect();
    let tight: String = line.chars().filter(|c| !c.is_whitespace()).collect();
    if (2..=4).contains(&own.chars().count()) && tight.contains(&own) && tight.chars().count() <= own.chars().count() + 12 {
        return true;
    }
    let parts: Vec<String> =
        name.split(|c: char| !c.is_alphabetic()).filter(|p| p.len() >= 2 && !p.chars().any(is_han)).map(str::to_lowercase).collect();
    let said: Vec<String> = line.split(|c: char| !c.is_alphabetic()).filter(|p| !p.is_empty()).map(str::to_lowercase).collect();
    parts.len() >= 2 && parts.iter().all(|p| said.contains(p)) && said.len() <= parts.len() + 4
}

fn same(left: &str, right: &str) -> bool {
    !right.is_empty() && left.chars().filter(|c| c.is_alphanumeric()).eq(right.chars().filter(|c| c.is_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn persons() {
        for (line, want) in [
            ("John Smith", true),
            ("Abhishek Kona", true),
            ("Ludwig van der Berg", true),
            ("张三", true),
            ("王建国", true),
            ("小王", true),
            ("Yes", false),
            ("Windows 10", false),
            ("安装失败", false),
            ("please fix", false),
            ("成功", false),
            ("J. Doe", true),
        ] {
            assert_eq!(is_person(line), want, "{line}");
        }
    }

    #[test]
    fn organisations() {
        for (line, want) in [
            ("兴业数字金融服务有限公司", true),
            ("信息技术部", true),
            ("Senior Support Engineer", true),
            ("ACME Ltd", true),
            ("请尽快处理", false),
            ("补丁更新失败", false),
            ("the update failed on all machines", false),
        ] {
            assert_eq!(is_organisation(line), want, "{line}");
        }
    }

    #[test]
    fn sender() {
        let from = |name: &str| Address { name: Some(name.into()), address: "jdoe@x.example".into() };
        for (line, name, want) in [
            ("John", "John Doe", true),
            ("- John", "Doe, John", true),
            ("JD", "John Doe", true),
            ("张工", "张三", true),
            ("建国", "王建国", true),
            ("李四", "张三", false),
            ("Jane", "John Doe", false),
            ("Chris", "Christopher Lee", true),
            ("Done", "John Doe", false),
        ] {
            assert_eq!(is_senders(line, &from(name)), want, "{line} / {name}");
        }
    }
}
