//! Mails that ask nothing.

use super::{Row, check};

const NONE: &[Row] = &[
    ("", &[]),
    ("已解决，谢谢！", &[]),
    ("操作步骤如下：\n1. 停止服务\n2. 检查服务是否停止\n3. 重启", &[]),
    ("版本如下：\n1. 17763.1397\n2. 17763.1518", &[]),
    ("机器 192.168.1.1 的版本是 1.2.3 在 10:30 出错", &[]),
    ("更新失败，请尽快告知。\n请协助一下", &[]),
    ("更新失败，请协助分析原因", &[]),
    ("更新失败，日志见附件，请协助处理，盼复。", &[]),
    ("请查收附件日志，谢谢。", &[]),
    ("报错如下：\n1、0x800f0922\n2、0x80070643", &[]),
    ("补丁清单：\n1、KB4577668\n2、KB4579976\n3、KB4494174", &[]),
    ("附件：\n1. CBS.log\n2. dism.log", &[]),
    ("已按以下步骤操作：\n（1）停止服务\n（2）清空缓存\n（3）重启\n仍然失败。", &[]),
    ("会议议程：\n1、讨论如何升级\n2、确定时间", &[]),
    ("1、联想T480 2、戴尔7050 都出现回滚", &[]),
    ("？？？", &[]),
    ("https://support.desk.example/kb?id=1", &[]),
    ("请看 https://support.desk.example/kb?id=4577668 的说明", &[]),
    ("打开 C:\\Windows\\Logs\\*.log? 没有发现", &[]),
    ("2020-10-22 14:10:12, Info CBS Exec: is the session pending? Session: 310279_10967235", &[]),
    ("我先确认是否解决，再回复您。", &[]),
    ("无论如何操作都不行，请协助处理", &[]),
    ("如需更多信息请告知。", &[]),
    ("收到，我们试试看能否解决。", &[]),
    ("How are you?", &[]),
    ("Thank you, it works now.", &[]),
    ("Please find the log attached. Let me know if you have any questions.", &[]),
    ("Please help.", &[]),
    ("暂时没出现，再观察几天", &[]),
    ("回复您的问题：\nQ1：版本号是多少？\nA1：17763.1397\nQ2：是否安装了天擎？\nA2：是", &[]),
    ("1. 版本号是多少？\n答：17763.1397\n2. 是否安装了天擎？\n答：是", &[]),
    ("Please check the attached log and let me know.", &[]),
    ("对于您提出的问题答复如下：\n1. 版本号17763.1397\n2. 安装方式：天擎推送\n3. 其他机器正常", &[]),
    ("Please advise.", &[]),
    ("What we did:\n1. Restarted\n2. Ran sfc\n3. Ran DISM", &[]),
    ("SELECT * FROM updates WHERE kb=?", &[]),
    ("printf(\"%s?\", name);", &[]),
    ("We will check how it behaves and come back to you.", &[]),
    ("1. Windows 10 1809\n2. Office 2016\n3. Tianqing 6.7", &[]),
    ("见下图\n1\n2\n3", &[]),
    ("10:30 开始更新，11:05 重启，1、2楼的电脑都回滚", &[]),
];

#[test]
fn nothing() {
    check(NONE);
}
