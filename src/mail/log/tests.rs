use super::*;

/// `finding code symbol` of each line found, missing ones as `-`.
fn shown(text: &str) -> String {
    let one = |l: &LogLine| format!("{} {} {}", l.finding, l.code.as_deref().unwrap_or("-"), l.symbol.as_deref().unwrap_or("-"));
    log_lines(text, &[]).iter().map(one).collect::<Vec<_>>().join("; ")
}

#[test]
fn lines_of_real_logs() {
    for (line, want) in [
        // CBS.log
        (
            "2020-10-13 10:11:12, Error                 CBS    Failed to perform operation.  [HRESULT = 0x80070002 - ERROR_FILE_NOT_FOUND]",
            "error 0x80070002 ERROR_FILE_NOT_FOUND",
        ),
        (
            "2020-10-13 10:11:12, Info                  CBS    Failed to bulk stage deployment manifest and pin deployment for package:Package_1_for_KB4577668~31bf3856ad364e35~amd64~~10.0.1.1 [HRESULT = 0x80073712 - ERROR_SXS_COMPONENT_STORE_CORRUPT]",
            "hresult 0x80073712 ERROR_SXS_COMPONENT_STORE_CORRUPT",
        ),
        (
            "2020-10-13 10:11:12, Info CBS Failed to get next element [HRESULT = 0x800f0984 - PSFX_E_MATCHING_BINARY_MISSING]",
            "hresult 0x800F0984 PSFX_E_MATCHING_BINARY_MISSING",
        ),
        ("2020-10-13 10:11:12, Info CBS Startup: Processing complete. [HRESULT = 0x00000000 - S_OK]", ""),
        ("2020-10-13 10:11:12, Info CBS Exec: Processing complete.  Session: 30754112_1340", ""),
        (
            "2020-10-13 10:11:12, Warning               CBS    Failed to find package [HRESULT = 0x80070490 - ERROR_NOT_FOUND]",
            "warning 0x80070490 ERROR_NOT_FOUND",
        ),
        (
            "2020-10-13 10:11:12, Error                 CBS    Startup: Failed while processing non-critical driver operations queue.",
            "error - CBS",
        ),
        (
            "2020-10-13 10:11:12, Info                  CBS    Startup: Failed to process advanced operation queue, startupPhase: 0.  A rollback transaction will be created. [HRESULT = 0x800f0922 - CBS_E_INSTALLERS_FAILED]",
            "rollback 0x800F0922 CBS_E_INSTALLERS_FAILED",
        ),
        (
            "2020-10-13 10:11:12, Info                  CBS    Progress: UI message updated. Operation type: Update. Stage: 1 out of 1. Rollback.",
            "rollback - -",
        ),
        (
            "2020-10-13 10:11:12, Info                  CBS    Progress: UI message updated. Operation type: Update. Stage: 1 out of 1. Percent progress: 30.",
            "",
        ),
        (
            "2020-10-13 10:11:12, Error                 CSI    00000012 (F) Failed execution of queue item Installer: Generic Command ({81a34a10-4256-436a-89d6-794b97ca407c}) with HRESULT HRESULT_FROM_WIN32(2).  Failure will not be ignored: A rollback will be initiated after all the operations in the installer queue are completed; installer is reliable (2)[gle=0x80004005]",
            "failed_installer 0x80070002 Generic Command; rollback 0x80070002 -",
        ),
        (
            "2020-10-13 10:11:12, Error CSI 0000002e@2020/10/13:02:11:12.123 (F) Failed execution of queue item Installer: SPPInstaller with HRESULT 80070005 [Error,Facility=FACILITY_WIN32,Code=5]. Failure will not be ignored",
            "failed_installer 0x80070005 SPPInstaller",
        ),
        (
            "2020-10-13 10:11:12, Info                  CBS    Package requires Servicing Stack v10.0.17763.1450 but current Servicing Stack is v10.0.17763.831. [HRESULT = 0x800f0823 - CBS_E_NEW_SERVICING_STACK_REQUIRED]",
            "servicing_stack_required 0x800F0823 CBS_E_NEW_SERVICING_STACK_REQUIRED",
        ),
        (
            "2020-10-13 10:11:12, Info CBS Failed to initialize internal package [HRESULT = 0x800f0823 - CBS_E_NEW_SERVICING_STACK_REQUIRED]",
            "servicing_stack_required 0x800F0823 CBS_E_NEW_SERVICING_STACK_REQUIRED",
        ),
        (
            "2020-10-13 10:11:12, Error CBS Failed to install package: Package_for_RollupFix~31bf3856ad364e35~amd64~~17763.1518.1.10 [HRESULT = 0x800f0922]",
            "failed_package 0x800F0922 Package_for_RollupFix~31bf3856ad364e35~amd64~~17763.1518.1.10",
        ),
        (
            "2020-10-13 10:11:12, Error CBS Failed to uninstall package 'Package_for_KB4577668~31bf~amd64~~1' 0x800f0825",
            "failed_package 0x800F0825 Package_for_KB4577668~31bf~amd64~~1",
        ),
        (
            "2020-10-13 10:11:12, Error                 CSI    00000002@2020/10/13:02:11:12.123 (F) STATUS_OBJECT_NAME_NOT_FOUND #148# from Windows::Rtl [gle=0xd0000034] hr c0000034",
            "error 0xC0000034 -",
        ),
        // DISM.log and its console
        (
            "2020-10-13 10:11:12, Error                 DISM   DISM Package Manager: PID=1234 TID=5678 Failed finalizing changes. - CDISMPackageManager::Internal_Finalize(hr:0x800f081f)",
            "error 0x800F081F -",
        ),
        (
            "2020-10-13 10:11:12, Warning DISM DISM Provider Store: PID=1 TID=2 Failed to load the provider (hr:0x8007007e)",
            "warning 0x8007007E -",
        ),
        ("2020-10-13 10:11:12, Info DISM API: PID=1 TID=2 DismApi.dll: Parent process", ""),
        ("Operation result: 0x800f081f", "operation_result 0x800F081F -"),
        ("Operation result: 0x0", "operation_result 0x00000000 -"),
        ("Total Detected Corruption:\t2", "corruption - 2"),
        ("Total Detected Corruption:\t0", ""),
        ("Total Repaired Corruption:\t1", "repaired_item - 1"),
        ("\tCSI Payload Corruption:\t2", "corrupt_item - CSI Payload Corrupt"),
        ("\tCBS Manifest Corruption:\t0", ""),
        ("(p)\tCSI Payload Corrupt\t(n)\tamd64_microsoft-windows-x_31bf\\x.dll", "corrupt_item - CSI Payload Corrupt"),
        ("(p)\tCBS MUM Missing\t\tservicing\\Packages\\Package_for_KB4494174~31bf.mum", "corrupt_item - CBS MUM Missing"),
        ("(Fixed)\tCSI Payload Corrupt\t(n)\tamd64_x.dll", "repaired_item - CSI Payload Corrupt"),
        ("Error: 0x800f081f", "error 0x800F081F -"),
        ("错误: 0x800f081f", "error 0x800F081F -"),
        // Event log
        (
            "Installation Failure: Windows failed to install the following update with error 0x800F0922: 2020-10 Cumulative Update (KB4577668).",
            "update_failed 0x800F0922 KB4577668",
        ),
        (
            "安装失败: Windows 无法安装以下更新，错误为 0x80070643: 2020-适用于 x64 的累积更新 (KB4577668)。",
            "update_failed 0x80070643 KB4577668",
        ),
        ("安装失败：Windows 无法安装以下更新，错误为 0x800F0922：KB4577668", "update_failed 0x800F0922 KB4577668"),
        ("Installation Successful: Windows successfully installed the following update: KB4579976", "update_installed - KB4579976"),
        ("安装成功: Windows 成功安装以下更新: 适用于 Windows 的更新 (KB4494174)", "update_installed - KB4494174"),
        ("安装开始: Windows 已开始安装以下更新: KB4577668", "update_started - KB4577668"),
        ("错误\t2020/10/13 10:11:12\tMicrosoft-Windows-WindowsUpdateClient\t20\tWindows Update 代理", "update_failed - event 20"),
        ("Information,10/13/2020 10:11:12 AM,Microsoft-Windows-WindowsUpdateClient,19,Windows Update Agent", "update_installed - event 19"),
        ("信息 WindowsUpdateClient 43", "update_started - event 43"),
        ("信息 WindowsUpdateClient 44", ""),
        (
            "来源:            Microsoft-Windows-WindowsUpdateClient\n日期:            2020/10/13\n事件 ID:         20\n",
            "update_failed - event 20",
        ),
        ("Source:        Microsoft-Windows-WindowsUpdateClient\nEvent ID:      19\n", "update_installed - event 19"),
        ("Source: Kernel\nEvent ID: 19\n", ""),
        // WindowsUpdate.log, setupact.log
        ("2020-10-13\t10:11:12:123\t 920\t1a2c\tHandler\tFATAL: CBS called Error with 0x800f0922, ", "error 0x800F0922 -"),
        ("2020-10-13\t10:11:12:123\t 920\t1a2c\tAgent\t  * WARNING: Exit code = 0x8024402C", "warning 0x8024402C -"),
        (
            "2020/10/13 10:11:12.1234567 1234  5678  Agent           *FAILED* [80240438] Method failed [CAgentProtocolTalker::Sync]",
            "error 0x80240438 -",
        ),
        (
            "2020-10-13 10:11:12, Error                 SP     Operation failed: Apply WIM. Error: 0xC1900101[gle=0x000000b7]",
            "error 0xC1900101 -",
        ),
        ("2020-10-13 10:11:12, Info MOUPG CSetupHost::Execute(2) Result = 0xC1900101", "hresult 0xC1900101 -"),
        (
            "> 2020-10-13 10:11:12, Error                 CBS    Failed [HRESULT = 0x80070005 - E_ACCESSDENIED]",
            "error 0x80070005 E_ACCESSDENIED",
        ),
        // Prose
        ("安装失败，错误代码 0x800f0922", ""),
        ("First, Error handling is bad. WARNING: do not reboot", ""),
        ("更新后出现回滚 (rollback)，请协助", ""),
        ("Windows 安装成功了吗？", ""),
        ("We need the new Servicing Stack first", ""),
        ("错误: 0x800f081f 怎么办", ""),
        ("The HRESULT is unknown", ""),
    ] {
        assert_eq!(shown(line), want, "{line}");
    }
}

#[test]
fn once_each_and_where() {
    let line = "2020-10-13 10:11:12, Error CBS x [HRESULT = 0x80070005 - E_ACCESSDENIED]\n";
    let attached = vec![("CBS.log".to_string(), line.repeat(3)), ("b.txt".to_string(), "nothing".to_string())];
    let found = log_lines(&line.repeat(2), &attached);
    let places: Vec<Option<&str>> = found.iter().map(|l| l.attachment.as_deref()).collect();
    assert_eq!(places, [None, Some("CBS.log")]);
    assert_eq!(found[0].text, line.trim_end());
}

#[test]
fn bounded() {
    let long = format!("2020-10-13 10:11:12, Error CBS {} [HRESULT = 0x80070005 - E_ACCESSDENIED]", "长".repeat(100_000));
    assert!(log_lines(&long, &[]).iter().all(|l| l.text.chars().count() <= 300));
    let many: String = (0..10_000).map(|n| format!("2020-10-13 10:11:12, Error CBS x 0x8007{n:04X}\n")).collect();
    assert_eq!(log_lines(&many, &[]).len(), 50);
    for piece in ["HRESULT", ", Error ", "Corrupt ", "安装失败", "WindowsUpdateClient", "2020-10-13 10:11:12, Error CBS 0x80070005 "] {
        log_lines(&piece.repeat(4_000_000 / piece.len()), &[]);
    }
}
