//! The invented world: companies, people, matters. All domains are `.example`.

/// Splitmix64 (Steele, Lea, Flood 2014): one word of state, the same numbers on every machine.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(seed)
    }
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }
    pub fn percent(&mut self, n: usize) -> bool {
        self.below(100) < n
    }
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

/// A customer's person.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    pub name: String,
    pub address: String,
    pub company: String,
}

impl Person {
    pub fn domain(&self) -> &str {
        self.address.rsplit('@').next().unwrap_or("")
    }
}

/// Domains that strangers share; the test's configuration names them as freemail.
pub const FREEMAIL: &[&str] = &["qqmail.example", "netease.example"];

const PLACES: &[(&str, &str)] = &[
    ("星海", "xinghai"),
    ("银杏", "yinxing"),
    ("远山", "yuanshan"),
    ("明德", "mingde"),
    ("滨城", "bincheng"),
    ("临江", "linjiang"),
    ("长风", "changfeng"),
    ("青松", "qingsong"),
    ("云岭", "yunling"),
    ("南溪", "nanxi"),
];
const TRADES: &[(&str, &str)] =
    &[("银行", "bank"), ("电力", "power"), ("港务", "port"), ("税务局", "tax"), ("大学", "edu"), ("地铁", "metro"), ("水务", "water")];
const SURNAMES: &[(&str, &str)] = &[
    ("赵", "zhao"),
    ("钱", "qian"),
    ("孙", "sun"),
    ("李", "li"),
    ("周", "zhou"),
    ("吴", "wu"),
    ("郑", "zheng"),
    ("王", "wang"),
    ("冯", "feng"),
    ("陈", "chen"),
    ("褚", "chu"),
    ("卫", "wei"),
];
const GIVEN: &[(&str, &str)] = &[
    ("海涛", "ht"),
    ("晓彤", "xt"),
    ("文斌", "wb"),
    ("雅琴", "yq"),
    ("志鹏", "zp"),
    ("丽娟", "lj"),
    ("思远", "sy"),
    ("一鸣", "ym"),
    ("国强", "gq"),
    ("欣怡", "xy"),
];

/// A person; one in eight writes from a freemail address.
pub fn person(dice: &mut Dice, serial: usize) -> Person {
    let (place, trade, surname, given) = (dice.pick(PLACES), dice.pick(TRADES), dice.pick(SURNAMES), dice.pick(GIVEN));
    let domain = match dice.percent(12) {
        true => (*dice.pick(FREEMAIL)).to_owned(),
        false => format!("{}-{}.example", place.1, trade.1),
    };
    Person {
        name: format!("{}{}", surname.0, given.0),
        address: format!("{}.{}{serial}@{domain}", surname.1, given.1),
        company: format!("{}{}", place.0, trade.0),
    }
}

/// Somebody else of the same company (same domain).
pub fn colleague(dice: &mut Dice, of: &Person, serial: usize) -> Person {
    let mut other = person(dice, serial);
    let local = other.address.split('@').next().unwrap_or("a").to_owned();
    other.address = format!("{local}@{}", of.domain());
    other.company = of.company.clone();
    other
}

const DEPARTMENTS: &[(&str, &str)] = &[
    ("财务部", "Finance"),
    ("柜面", "Front desk"),
    ("三楼会议室", "Meeting room 3"),
    ("领导", "Management"),
    ("信息中心", "IT centre"),
    ("营业厅", "Service hall"),
    ("调度室", "Control room"),
    ("档案室", "Archive"),
    ("机房", "Server room"),
    ("分公司", "Branch office"),
    ("实验室", "Laboratory"),
    ("值班室", "Duty office"),
];

/// What a case is about: title in Chinese and English, what the customer writes.
pub struct Matter {
    pub zh: &'static str,
    pub en: &'static str,
    pub text_zh: &'static str,
    pub text_en: &'static str,
}

pub const MATTERS: &[Matter] = &[
    Matter {
        zh: "电脑更新补丁时出现回滚现象",
        en: "updates roll back at restart",
        text_zh: "安装 KB5099538 后重启配置失败并回滚，版本 17763.8755，错误代码 0x800F0922。\n1. 其他客户有没有出现过？\n2. 可能的原因是什么？\n3. 请提供排查方法。",
        text_en: "After installing KB5099538 (build 17763.8880) the PC restarts, fails and rolls back with 0x800F0922.\n1. Is this known?\n2. Which logs do you need?",
    },
    Matter {
        zh: "终端无法激活 0xC004F074",
        en: "activation fails with 0xC004F074",
        text_zh: "新部署的终端无法激活，提示 0xC004F074。\n（1）需要开放哪些端口？\n（2）离线环境如何激活？",
        text_en: "New machines do not activate, error 0xC004F074. Which ports must be open?",
    },
    Matter {
        zh: "打印机装补丁后不能打印",
        en: "printing stopped after the update",
        text_zh: "装完补丁以后连接共享打印机报 0x0000011b，USB 打印正常。有没有不卸载补丁的办法？",
        text_en: "Since the update shared printers fail with 0x0000011b. Can we keep the update?",
    },
    Matter {
        zh: "DISM 修复失败找不到源文件",
        en: "DISM cannot find source files",
        text_zh: "DISM /Online /Cleanup-Image /RestoreHealth 报 0x800f081f，内网环境，修复源应该用哪个镜像？",
        text_en: "DISM RestoreHealth ends with 0x800f081f. Which source image should we use offline?",
    },
    Matter {
        zh: "WSUS 下发更新报错 0x80244022",
        en: "WSUS clients report 0x80244022",
        text_zh: "WSUS 客户端检测更新报 0x80244022，8530 端口返回 503，共 420 台。应该先检查什么？",
        text_en: "WSUS clients fail with 0x80244022, port 8530 answers 503. What should we check first?",
    },
    Matter {
        zh: "开机蓝屏需要分析原因",
        en: "blue screen at start",
        text_zh: "三台机器开机蓝屏，Minidump 已取，请帮忙分析原因。",
        text_en: "Three machines show a blue screen at start; minidumps are available.",
    },
    Matter {
        zh: "远程桌面连接不上服务器",
        en: "remote desktop does not connect",
        text_zh: "更新以后远程桌面提示“出现了内部错误”，本地登录正常。",
        text_en: "Since the update remote desktop says \"an internal error has occurred\".",
    },
    Matter {
        zh: "输入法切换后系统卡顿",
        en: "input method makes the system slow",
        text_zh: "切换输入法之后桌面卡顿十几秒，重启后短时间正常。",
        text_en: "Switching the input method freezes the desktop for some seconds.",
    },
    Matter {
        zh: "下载更新一直停在百分之零",
        en: "download stays at zero percent",
        text_zh: "Windows 更新一直停在 0%，代理已经放行，错误 0x8024402C。",
        text_en: "Windows Update stays at 0%, error 0x8024402C, the proxy is open.",
    },
    Matter {
        zh: "天擎占用文件导致安装失败",
        en: "antivirus locks files during setup",
        text_zh: "安装更新报 0x80070020，退出 360天擎 后仍然失败，版本 19044.1415。",
        text_en: "Setup fails with 0x80070020 even with the antivirus stopped.",
    },
    Matter {
        zh: "系统时间每天慢五分钟",
        en: "clock loses five minutes a day",
        text_zh: "域内时间同步正常，但是这几台每天慢五分钟，w32tm 显示没有来源。",
        text_en: "Some domain members lose five minutes a day; w32tm shows no source.",
    },
    Matter {
        zh: "语言包安装后更新报错",
        en: "update fails after adding a language pack",
        text_zh: "加装语言包以后累计更新报 0x800f0982，请问怎么处理？",
        text_en: "After adding a language pack the update fails with 0x800f0982.",
    },
];

/// A title: department and matter. `avoid` are matters the customer has already.
pub fn title(dice: &mut Dice, avoid: &[usize], is_zh: bool) -> (usize, String) {
    let mut matter = dice.below(MATTERS.len());
    while avoid.contains(&matter) && avoid.len() < MATTERS.len() {
        matter = (matter + 1) % MATTERS.len();
    }
    let place = dice.pick(DEPARTMENTS);
    let m = &MATTERS[matter];
    (matter, if is_zh { format!("{}{}", place.0, m.zh) } else { format!("{}: {}", place.1, m.en) })
}

/// What a customer adds in a later mail.
pub const ADDITIONS_ZH: &[&str] = &[
    "补充一下，今天又有两台出现同样的问题，日志已经取好，请问怎么发给您？",
    "按您说的步骤做了一遍，还是不行，停在同一个地方。",
    "请问这个问题什么时候能有结论？领导在催。",
    "重启以后好了一台，另外几台还是老样子，需要再看一下。",
    "附上截图里的文字：更新失败，正在撤销更改，请不要关闭计算机。",
    "我们这边把杀毒软件卸载以后再试，结果稍后告诉您。",
];
pub const ADDITIONS_EN: &[&str] = &[
    "Two more machines show the same today. Where can we upload the logs?",
    "We followed your steps, it still fails at the same place.",
    "When can we expect an answer? Management is asking.",
    "One machine is fine after a restart, the others are not.",
];
