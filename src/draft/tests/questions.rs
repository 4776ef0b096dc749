//! Which article answers which question.

use super::*;

/// Question, words of the mail around it, article ("-": open).
const QUESTIONS: &[(&str, &str, &str)] = &[
    ("这几个补丁在其他客户有没有出现过", "补丁回滚", "updates-released"),
    ("KB4577668是否已经发布", "", "updates-released"),
    ("补丁在哪里下载", "", "updates-released"),
    ("可能的原因是什么", "更新回滚", "rollback-causes"),
    ("为什么会回滚", "", "rollback-causes"),
    ("请提供排查方法", "更新失败", "rollback-investigate"),
    ("这个问题如何解决", "补丁安装失败", "rollback-investigate"),
    ("怎么避免再次发生", "补丁回退", "rollback-investigate"),
    ("需要收集哪些日志", "回滚", "logs-to-collect"),
    ("日志在哪里", "", "logs-to-collect"),
    ("CBS.log 已上传，请查收", "", "-"),
    ("是否需要先安装SSU", "", "install-ssu"),
    ("有没有前置补丁", "", "install-ssu"),
    ("这个补丁是否已包含在当前版本", "", "already-included"),
    ("安装时提示不适用于你的计算机", "", "check-applicability"),
    ("我们是否需要安装这个更新", "", "is-update-needed"),
    ("目前最新的版本是多少", "", "is-update-needed"),
    ("内网机器无法上网，怎么安装补丁", "", "offline-install"),
    ("是否支持离线安装", "", "offline-install"),
    ("如何卸载这个补丁", "", "uninstall-update"),
    ("360天擎推送补丁是否有影响", "", "third-party-patch-tool"),
    ("是否需要运行DISM修复", "", "dism-sfc"),
    ("C盘空间不足怎么办", "", "free-disk-space"),
    ("错误代码0x800F0922是什么意思", "", "error-code"),
    ("系统提示未激活，如何处理", "", "activation-state"),
    ("更新后蓝屏如何处理", "", "blue-screen-after-update"),
    ("蓝屏的原因是什么", "更新后蓝屏", "blue-screen-after-update"),
    ("更新后电脑很慢怎么办", "", "slow-after-update"),
    ("更新以后下载变慢了，怎么办", "", "network-proxy"),
    ("KB4570333是不是被新补丁取代了", "", "superseded"),
    ("能不能先暂停一个月更新", "月底结账", "pause-updates"),
    ("V2020-L能直接升级到V2022-L吗", "", "feature-upgrade-path"),
    ("无线网卡不见了，怎么办", "更新后", "network-after-update"),
    ("怎么连接会议室的投影仪", "", "-"),
    ("输入法打不出中文了", "昨天装了补丁", "font-or-input-after-update"),
    ("提示信任关系失败，怎么处理", "打完补丁重启", "domain-or-logon-after-update"),
    ("案例归档以后又出现了，怎么重新打开", "", "reopen-or-escalate"),
    ("U盘里的文件误删了能恢复吗", "", "-"),
    ("更新卡在30%，可以强制关机吗", "", "update-stuck"),
    ("Excel打开很慢", "", "-"),
    ("打印机连接不上的原因是什么", "", "printing-after-update"),
    ("代理需要放行哪些网址", "", "network-proxy"),
    ("1809什么时候停止支持", "", "lifecycle-end"),
    ("如何查看系统版本号", "", "check-version"),
    ("如何重置Windows更新组件", "", "reset-wu-components"),
    ("政府版收不到更新", "", "update-client"),
    ("请问怎么处理", "邮箱总是收到退信", "-"),
    ("原因是什么", "邮箱总是收到退信", "-"),
    ("更新失败的原因是什么", "", "update-failure-causes"),
    ("系统更新后无法进入桌面，请问如何恢复", "", "blue-screen-after-update"),
    ("机器蓝屏，代码 0x0000007B，如何处理", "", "blue-screen-after-update"),
    ("贵司的发票什么时候寄出", "", "-"),
    ("系统保留分区只有 100 MB，不知道有没有关系", "", "extend-system-partition"),
    ("下一步怎么办", "重置以后还是不行，代码变成0x80073712", "dism-sfc"),
    ("更新后远程桌面连接不上，如何解决", "", "-"),
    ("systeminfo里看不到KB4577668，是不是没装上", "", "verify-update-installed"),
    ("提示0x800F0823，请问缺什么补丁", "", "install-ssu"),
    ("更新报0x800f0982，加过语言包，怎么处理", "", "language-pack-reinstall"),
    ("怎么恢复", "开机黑屏只有鼠标", "blue-screen-after-update"),
    ("补丁重启要求输入BitLocker恢复密钥，怎么办", "", "-"),
    ("电脑时间总是快8个小时，请问如何设置", "", "-"),
    ("这个补丁要不要打", "", "is-update-needed"),
    ("能直接装最新的累积更新吗", "", "is-update-needed"),
    ("补丁安装以后是否需要重启", "", "restart-required"),
    ("安装完怎么确认打上了", "", "verify-update-installed"),
    ("修复源从哪里获取", "执行DISM报错", "dism-source"),
    ("内网机器，命令应该怎么写", "DISM /RestoreHealth 找不到源文件", "dism-source"),
    ("提示 0x800F081F，内网如何离线安装.NET 3.5", "", "dotnet35-offline"),
    ("日志太大发不出去，怎么发给你们", "", "send-large-logs"),
    ("请问是不是杀毒软件占用了文件", "更新失败", "third-party-patch-tool"),
    ("有没有不卸载补丁的解决办法", "更新后打印机无法连接", "printing-after-update"),
    ("请尽快给出临时恢复办法", "更新后蓝屏", "blue-screen-after-update"),
    ("要多久才能好", "更新后系统很慢", "slow-after-update"),
    ("下一步怎么办", "重置以后还是报 0x800F0922", "rollback-0x800f0922"),
    ("怎么解决", "安装补丁报错0x80070422", "wu-service-state"),
    ("可能的原因是什么", "补丁安装失败，0x80070643", "repair-dotnet-msi"),
    ("为什么会回滚", "0x80070643", "rollback-causes"),
    ("报错0x80072ee7怎么解决", "另外几台报0x80070422", "network-proxy"),
    ("报错0x80ABCDEF怎么解决", "", "error-code"),
    ("V2022-L支持到哪一年", "", "lifecycle-end"),
    ("WinSxS 可以直接删除吗", "", "free-disk-space"),
    ("卸载火绒以后就正常，是火绒的问题吗", "", "third-party-patch-tool"),
    ("火绒是否有白名单可以加", "补丁卡住", "-"),
    ("提示更新为 Windows 所需，无法卸载", "", "-"),
    ("激活需要连接哪些服务器、开放哪些端口", "无法激活", "-"),
    ("离线环境是否可以激活", "无法激活", "-"),
    ("问题到底什么时候能解决", "更新反复回滚", "-"),
    ("由谁负责跟进", "更新反复回滚", "-"),
    ("年度服务价格是多少", "V2022-L 支持到期", "-"),
    ("Word打开文档就闪退怎么解决", "Office 2019", "-"),
    ("下周三能否安排工程师到现场", "", "-"),
    ("能否提供一份合同扫描件", "", "-"),
    ("Has KB4577668 been released?", "", "updates-released"),
    ("What is the cause of this?", "the update was rolled back", "rollback-causes"),
    ("How can we troubleshoot it?", "the update rolls back", "rollback-investigate"),
    ("Which logs do you need?", "", "logs-to-collect"),
    ("Is there a prerequisite?", "", "install-ssu"),
    ("Is it already included in our build?", "", "already-included"),
    ("Can we install it offline?", "", "offline-install"),
    ("How do we uninstall the update?", "", "uninstall-update"),
    ("What does error code 0x800F0922 mean?", "", "error-code"),
    ("Why does Windows say it is not activated?", "", "activation-state"),
    ("When does support for LTSC 2019 end?", "", "lifecycle-end"),
    ("Could you send us the invoice?", "", "-"),
    ("What is causing this?", "the PCs roll back at 30%", "rollback-causes"),
    ("Is KB4577668 actually meant for our version?", "", "already-included"),
    ("Should we remove 360 before trying again?", "the PCs roll back", "third-party-patch-tool"),
    ("How do we fix this?", "nobody can print since the update", "printing-after-update"),
    ("How can we get them to boot again?", "bluescreen", "blue-screen-after-update"),
    ("Is this expected?", "very slow, CPU is at 100%", "slow-after-update"),
    ("What should we check?", "Windows is not activated", "activation-state"),
    ("How do we send you such large logs?", "", "send-large-logs"),
    ("How much does an additional licence cost?", "Windows is not activated", "-"),
    ("How do we fix this?", "the coffee machine is broken", "-"),
];

#[test]
fn questions_find_their_article() {
    let kit = kit();
    let mut wrong = Vec::new();
    for (text, around, wanted) in QUESTIONS {
        let mut m = request();
        let whole = format!("{around}\n{text}");
        (m.text, m.reply_text, m.subject.base) = (whole.clone(), whole.clone(), String::new());
        m.questions = vec![question("1", text)];
        let raw = format!("Content-Type: text/plain; charset=utf-8\r\n\r\n{}", m.text);
        m.mentions.error_codes = crate::mail::parse(raw.as_bytes(), &crate::mail::Settings::default()).mentions.error_codes;
        let language = if text.is_ascii() { Language::En } else { Language::Zh };
        let answer = draft(&kit, &m, Stage::InitialResponse, language).answers.remove(0);
        if answer.article.as_deref().unwrap_or("-") != *wanted {
            wrong.push(format!("{text}: wanted {wanted}, got {answer:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What `casemate article test` tries: every example finds its article, no counterexample does.
#[test]
fn every_shipped_example_finds_its_article() {
    let trials = try_examples(&kit(), None);
    assert!(trials.len() >= 1000, "{} examples", trials.len());
    let failed: Vec<String> =
        trials.iter().filter(|t| !t.passed).map(|t| format!("{}: {:?} found {:?}", t.example.path, t.example.question, t.first)).collect();
    assert!(failed.is_empty(), "{failed:#?}");
}
