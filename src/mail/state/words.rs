//! The words that tell the state of a matter, by what they say alone; the rooms beside judge them in their clause.
//!
//! From the desk's own list and from what people write. Longer words hide the shorter ones inside them: 有没有 hides 没有, 不着急 hides
//! 着急, "working on" hides "working". Traditional characters are matched too (`phrase`).

use super::super::vocabulary::Vocabulary;
use std::sync::LazyLock;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    /// Ends of clauses: `，`, `。`, `？`.
    Pause,
    Stop,
    /// `.`, a stop where a blank follows.
    Dot,
    Asked,
    But,
    /// No word of state, though it holds one.
    Idiom,
    /// It works.
    Good,
    /// It works, where the clause says nothing else: 没问题.
    Fine,
    /// 解决, resolved: a claim only when done.
    Solve,
    Solved,
    /// Done: 已经.
    Done,
    /// It does not work.
    Bad,
    /// 仍然: does not work, unless a good word follows.
    Still,
    /// 还: does not work where trouble follows.
    Yet,
    /// It came back; with a negation it did not.
    Again,
    /// 再出现: only says something with a negation.
    Recur,
    /// 不再, no longer.
    NoMore,
    /// has not happened: good with since.
    Absent,
    Since,
    /// Trouble: 报错.
    Trouble,
    /// 无法: trouble, and the contrary of what follows.
    Cannot,
    /// 出现, 提示: trouble after 不再 or 还.
    Appear,
    /// Works, boots: the contrary after "no longer".
    Works,
    Not,
    /// If, until: the whole sentence is unreal.
    If,
    /// When: the clause is unreal.
    When,
    /// Wished, requested, planned, feared: what follows is unreal.
    Wish,
    Maybe,
    Whether,
    Why,
    Part,
    Past,
    Now,
    /// Other machines.
    Other,
    Urgent,
    /// 影响业务: urgent where it is said of now.
    Harm,
    /// 急 alone.
    Rush,
    /// 立即: urgent where requested.
    Haste,
    Boss,
    BossActs,
    /// 所有电脑: urgent with trouble.
    All,
    Complaint,
    /// 一直, with a missing answer a complaint.
    Long,
    Reply,
    /// 归档, close the case.
    Archive,
    /// 关闭, close: of a case or of a window.
    Close,
    Consent,
    /// What else can be closed: 防火墙.
    Thing,
}

use Word::*;

const SHAPE: &[(Word, &str)] = &[
    (Pause, "，|,|、|：|:|（|）|(|)"),
    (Stop, "。|！|!|；|;|…"),
    (Dot, "."),
    (Asked, "？|?"),
    (But, "但是|但|不过|可是|然而|只是|but|however|although|though"),
    (
        Idiom,
        "有问题请|还有个问题|还有一个问题|还有问题请教|还有问题想|还有问题要|还有几个问题|还请|还望|还能|还好|还是谢谢|还是感谢|还是要感谢|还是说|不好意思|不错|不客气|不少|不同|不仅|不但|不然|不断|不久|对不起|差不多|不用谢|不如|不得不|没想到|若干|行不行的|没用过|没有用过|没有用户|没用户|没有用到|没用到|没有用的|无效的|密钥无效|无效密钥|复现步骤|复现方法|无法复现|不能复现|未能复现|可以了解|好了解|解决方案|解决办法|解决方法|解决措施|解决思路|解决途径|解决时间|解决进度|解决率|未解决的话|成功率|有效期|恢复出厂|恢复出厂设置|全部分|working on|works on it|working with|is working on|are working on|am working on|is working with|is working from|are working from|still have a question|still have questions|still have some questions|still have one question|still have another|still have one more|still have two questions|still have a few|still need to|worked on|work on|fixed ip|fixed disk|fixed drive|fixed in|get back to|come back to|came back to|back to you|please note|please be informed|please be advised|please find|not only|not sure what|note that|no problem at all|if possible|if any|if needed|if necessary|if you need|if you have|if there is anything|whether or not|非常|会议|机会|社会|功能",
    ),
];

const GOOD: &[(Word, &str)] = &[
    (
        Good,
        "恢复正常|恢复了|处理完毕|处理好了|已处理好|已经处理好|问题消除|问题已消失|方法可行|试了可以|测试可以|试过可以|问题没有了|没有这个问题了|没这个问题了|问题不存在了|没有该问题了|已经可以正常|已可以正常|已经能正常|已能正常|已可正常|现在可以正常|现在能正常|目前可以正常|均可正常|都可以正常|都能正常|可以正常了|已恢复|已经恢复|解决了|解决啦|解决完了|已解决|已经解决|已得到解决|已经得到解决|得到解决|得到了解决|得以解决|问题解决|都解决|全部解决|顺利解决|成功解决|完美解决|已圆满解决|圆满解决|已修复|已经修复|修复了|修好了|已修好|已经修好|弄好了|搞好了|搞定|搞掂|可以了|可以啦|好了|好啦|正常了|一切正常|运行正常|使用正常|工作正常|已正常|已经正常|均正常|都正常|全部正常|都已正常|更新成功|安装成功|修复成功|激活成功|升级成功|成功了|成功安装|成功更新|成功激活|成功升级|没问题了|没有问题了|没有什么问题了|没什么问题了|没有其他问题了|没有别的问题了|没事了|没有报错了|不报错了|不蓝屏了|不回滚了|不卡了|不死机了|不弹了|不黑屏了|不闪退了|不重启了|不提示了|不掉线了|不慢了|不出现了|已无问题|已无异常|无问题了|已经没有问题|已经没问题|已没有问题|问题消失|现象消失|报错消失|提示消失|错误消失|故障排除|故障已排除|故障已经排除|已消除|方法有效|方法管用|确实有效|很有效|办法有效|很管用|管用了|起作用了|奏效|验证通过|测试通过|ok了|能用了|能使用了|能正常使用了|可以正常使用了|可以使用了|可以用了|能打印了|可以打印了|正常打印了|能登录了|可以登录了|正常登录了|能登陆了|可以登陆了|能打开了|可以打开了|能启动了|可以启动了|正常启动了|能开机了|可以开机了|正常开机了|能上网了|可以上网了|正常上网了|能更新了|可以更新了|正常更新了|能安装了|可以安装了|正常安装了|能访问了|可以访问了|正常访问了|能连接了|可以连接了|能连上了|可以连上了|能进入了|可以进入了|能激活了|可以激活了|能联网了|可以联网了|正常运行了|能运行了|可以运行了|装上了|装好了|连上了|works now|working now|work now|now works|now working|works fine|working fine|work fine|works again|working again|work again|works well|working well|works perfectly|working perfectly|works great|works like a charm|works as expected|working as expected|working properly|works properly|works correctly|working correctly|working normally|works normally|is working|are working now|are working again|are working fine|all are working|they are working|it works|that works|this works|everything works|it worked|that worked|this worked|worked perfectly|worked fine|worked well|worked like a charm|workaround works|solution works|fix works|fix worked|solution worked|workaround worked|steps worked|works for me|works for us|worked for me|worked for us|did the trick|back to normal|is back to normal|are back to normal|came back to normal|is back online|are back online|came back online|up and running|all good|all is good|all is well|all fine|everything is fine|everything is working|everything is ok|everything is good|everything fine|no issues since|no problems since|no errors since|no issue since|no problem since|no further issues|no further issue|no further problems|no further errors|no more issues|no more problems|no more errors|no more crashes|no more rollbacks|no more blue screens|no issues anymore|no issues any more|no problems anymore|without issues|without any issues|without any issue|without problems|without any problems|without errors|without any errors|issue is gone|problem is gone|error is gone|errors are gone|message is gone|it is gone|it's gone|problem disappeared|issue disappeared|error disappeared|problem has disappeared|issue has disappeared|error has disappeared|problem went away|issue went away|error went away|it went away|installed successfully|successfully installed|updated successfully|successfully updated|installed fine|installed ok|update was successful|installation was successful|update succeeded|installation succeeded|is ok now|is fine now|fine now|ok now|good now|okay now|normal now|sorted out|got it working|got it to work|solved it|fixed it|resolved it|fixed the|solved the|resolved the|fixed my|solved my|resolved my|fixed our|solved our|resolved our|fixed this|solved this|resolved this|problem solved|issue solved|issue resolved|problem resolved|issue fixed|problem fixed|case solved|consider this resolved|considered resolved",
    ),
    (
        Fine,
        "没问题|没有问题|没有异常|无异常|没有其他问题|没有别的问题|没什么问题|没有什么问题|未发现异常|未见异常|没毛病|没有发现问题|no issues|no problems|no errors",
    ),
    (Solve, "解决|修复|恢复|成功|好转|修好"),
    (Solved, "resolved|fixed|solved|rectified|sorted"),
    (Done, "已经|已|均已|都已|now|already|finally|successfully|completely|fully"),
];

const BAD: &[(Word, &str)] = &[
    (
        Bad,
        "还是不行|还不行|不行|不行了|仍不行|没有效果|没效果|没啥效果|无效|没用|没有用|不管用|不起作用|没起作用|没有起作用|没作用|没有作用|解决不了|无法解决|还没好|还没有好|没有好转|没好转|没有改善|无改善|还是一样|还是老样子|老样子|还是报错|还是失败|还是无法|还是不能|还是没|还是有问题|还是出现|还是那样|还是这样|还是蓝屏|还是回滚|还是卡|还是慢|还是老问题|还是存在|还是会|还在报错|还报错|还会出现|还会报|还会回滚|还会蓝屏|还会提示|还会弹|还存在|还有问题|仍有问题|仍存在|问题依旧|问题还在|问题仍在|问题依然|没有变化|没变化|无果|不见好|没好|没成功|没修好|没有修好|复现了|部分解决|只解决|仅解决|still fail*|still not|still the same|still have the|still have this|still have that|still have problem*|still have issue*|still have error*|still having|still see*|still get*|still happen*|still crash*|still broken|still occur*|still can't|still cannot|still can not|still unable|still doesn't|still does not|still don't|still do not|still isn't|still is not|still aren't|still won't|still show*|still there|still exist*|still persist*|still rolling|still rolls|still stuck|still slow|still receiv*|still experienc*|still present|still unresolved|still open|still down|still no luck|still hang*|still freez*|still return*|still report*|still facing|still appear*|still throw*|still error*|still an issue|still a problem|still the issue|still reboot*|does not work|doesn't work|do not work|don't work|did not work|didn't work|not working|won't work|does not help|doesn't help|did not help|didn't help|didn't do|did not fix|didn't fix|does not fix|doesn't fix|did not resolve|didn't resolve|does not resolve|doesn't resolve|did not solve|didn't solve|no luck|no change|no difference|no improvement|no effect|to no avail|without success|unresolved|keeps failing|keeps happening|keeps crashing|keeps rolling|keep failing|keeps coming back|keeps appearing|continues to|same error again|same error|same issue again|same problem again|same result|persists|persist|issue remains|problem remains|remains the same|remains unchanged|unsuccessful*|in vain|nothing changed|nothing has changed|only works|worked only|works only|no longer works|no longer boots|no longer starts|stopped working",
    ),
    (Still, "仍然|仍旧|依旧|依然"),
    (Yet, "仍|还是|还|始终|still"),
    (
        Again,
        "又出现|又报错|又失败|又蓝屏|又回滚|又不行|又不能|又无法|又开始|又来了|又坏|又卡|又死机|又黑屏|又复发|又发生|又弹|又提示|又有|又重启|又复现|又打不开|又连不上|再次出现|再次报错|再次失败|再次蓝屏|再次回滚|再次发生|再次复现|再度出现|重新出现|问题再现|复发|happened again|happens again|happen again|happening again|occurred again|occurs again|occur again|appeared again|appears again|appear again|failed again|fails again|fail again|crashed again|crashes again|came back|come back|comes back|is back|has returned|returned again|reoccurred|reoccurs|reoccur|reoccurring|recurred|recurs|recur|recurring|rolled back again|rolls back again|broke again|broken again",
    ),
    (Recur, "再出现|再复现|再发生|再报错|再失败|再蓝屏|再回滚|再提示|再弹|再次|复现|重现"),
    (NoMore, "不再|没再|没有再|未再|不会再|再也没|再也没有|再没有|no longer|not anymore"),
    (
        Absent,
        "haven't seen|have not seen|hasn't happened|has not happened|hasn't occurred|has not occurred|didn't happen|did not happen|hasn't appeared|has not appeared|haven't had|have not had|hasn't crashed|has not crashed|can't reproduce|cannot reproduce|could not reproduce|couldn't reproduce|没有出现|没出现|未出现|没有发生|未发生|没有报错|未报错|没有蓝屏|没有回滚",
    ),
    (Since, "暂时|since|again|anymore|any more|so far|至今|到现在|到目前|目前为止|之后|以后|以来|现在|目前|这几天|这两天|today"),
    (Cannot, "无法|不能|没法|不可以|未能|没能|cannot|can't|can not|unable"),
    (
        Trouble,
        "报错|失败|蓝屏|黑屏|死机|回滚|回退|卡死|卡住|卡在|卡顿|很卡|很慢|变慢|打不开|不了|异常|出错|错误|丢失|闪退|崩溃|掉线|断开|没反应|无响应|连不上|用不了|起不来|进不去|装不上|不正常|不可用|fail*|error*|crash*|hang|hangs|freez*|slow|blue screen*|rolls back|roll back|rolled back|broken",
    ),
    (
        Appear,
        "出现|提示|弹出|弹窗|发生|重启|存在|occur*|appear*|see|seeing|happen*|get|gets|getting|have|having|show*|receiv*|experienc*|exist*|an issue|a problem|there",
    ),
    (Works, "work|works|working|boot*|start|starts|print|prints|open|opens|respond*|load|loads"),
];

const MOOD: &[(Word, &str)] = &[
    (
        Not,
        "没|没有|未|不|尚未|并未|并没有|从未|不会|不可能|还没|还没有|还未|还未能|还不|仍未|仍没有|别|不要|不用|不必|无需|不需要|并非|非|不是|不太|没那么|不算|不同意|先别|先不|暂不|请勿|勿|not|never|isn't|wasn't|aren't|weren't|hasn't|haven't|hadn't|doesn't|didn't|don't|won't|couldn't|cannot be|can't be|no|nothing|none|neither|nor|hardly|far from|without|yet to be",
    ),
    (
        If,
        "如果|假如|若|如若|倘若|要是|万一|假设|一旦|只要|除非|的话|直到|如仍|如还|如再|如有|如无|如能|如已|如问题|如未|如没有|如不|等解决|等问题|等彻底|等全部|等测试|等到|等您|等你们|等修复|等恢复|等确认|等补丁|等我|等他|等用户|待解决|待问题|待测试|待确认|待用户|待全部|有待|if|unless|once|until|till|whenever|as soon as it|as soon as the|in case|provided that|assuming",
    ),
    (When, "when|after it|before|解决前|解决后|修复后|恢复后|解决以后|解决之后|解决之前|成功后|成功之后|成功以后"),
    (
        Wish,
        "希望|请|麻烦|烦请|恳请|尽快|争取|务必|需要|想要|期待|盼|力争|准备|打算|计划|将会|将恢复|将解决|会|要解决|以便|为了|防止|避免|预防|以免|免得|确保|保证|才能|方能|方可|才会|才可以|怎么|怎样|何时|试着|担心|害怕|怕|能够|能解决|能恢复|能修复|能正常|能成功|尝试|急需|hope*|hoping|wish|please|will|would|should be|should|might|may|to be|want*|need to|needs to|must|trying|try|expect*|how|let me know|let us know|going to|in order to|so that|waiting|can be|could be|i'll|we'll|it'll|you'll|afraid|worried|could you|can you",
    ),
    (
        Maybe,
        "可能|也许|或许|好像|似乎|估计|应该|大概|貌似|看起来|看上去|据说|不一定|疑似|maybe|perhaps|probably|seems|seem|appears to|looks like|look like|i think|i guess|supposedly|apparently|supposed to|not sure|unsure|not certain",
    ),
    (
        Whether,
        "是否|有没有|是不是|能不能|会不会|行不行|不知道|不确定|不清楚|与否|有无|吗|解决了没|解决了没有|好了没|好了没有|搞定了没|可以了没|能否|可否|可不可以|请问|whether|wonder*",
    ),
    (Why, "为什么|为何|为啥|怎么办|怎么还|怎么又|怎么回事|什么原因|如何|why|what else|what next|what now|what can|what should"),
    (
        Part,
        "部分|一部分|大部分|绝大部分|大多数|多数|少部分|个别|有些|有的|一半|只有|仅有|其中|除了|partially|partly|partial|some of|some|most of|only on|only for|only some|half|a few|except|out of",
    ),
    (
        Past,
        "之前|以前|原来|本来|此前|昨天|前天|上周|上次|起初|一开始|刚开始|开始时|最初|前几天|先前|当时|原先|earlier|yesterday|at first|initially|previously|last week|originally|used to",
    ),
    (Now, "今天|后来|最终|终于|最后|刚刚|刚才|按照|按您|根据您|用您|重装后|卸载后|finally|eventually|after|meanwhile|in the end"),
    (
        Other,
        "其他电脑|其他机器|其它电脑|其它机器|别的电脑|别的机器|另一台|另外一台|其他的都|其他都|其它都|同事的|个人电脑|其他软件|其他功能|other computers|other pcs|other machines|another pc",
    ),
];

const PRESSING: &[(Word, &str)] = &[
    (
        Idiom,
        "紧急更新|紧急补丁|紧急联系人|紧急程度|应急|急救|急诊|急剧|不紧急|非紧急|不急|不着急|别急|别着急|不要着急|不是很急|不是特别急|不是太急|不太急|不算急|不用着急|不必着急|不用急|没那么急|并不紧急|并不急|不是很紧急|不太紧急|不是紧急|不算紧急|不怎么急|无需尽快|不用尽快|不必尽快|不影响|未影响|没影响|没有影响|暂不影响|不会影响|我会尽快|我们会尽快|我将尽快|我们将尽快|我尽快|我们尽快|会尽快|将尽快|这边尽快|这边会尽快|各位领导|不满足|投诉系统|投诉平台|投诉热线|投诉电话|投诉工单|投诉中心|投诉建议|投诉处理|投诉科|投诉办|投诉管理|投诉受理|投诉举报|投诉网站|不投诉|不是投诉|不想投诉|/不满意|不满意/|no complaints|not complaining|no complaint|users complain|users complained|users are complaining|user complains|user complained|users have complained|not urgent|not very urgent|not that urgent|not so urgent|isn't urgent|non-urgent|nonurgent|no urgency|less urgent|no rush|no hurry|not an emergency|not critical|not high priority|take your time|take my time|no need to hurry|i will do it as soon as possible|i will get back to you as soon as possible|we will get back to you as soon as possible|i'll get back to you as soon as possible|will reply as soon as possible|will respond as soon as possible",
    ),
    (
        Urgent,
        "紧急|加急|特急|十万火急|火急|急需|急用|急等|急求|很急|比较急|较急|非常急|挺急|十分急|太急|特别急|有点急|急急|着急|焦急|在线等|尽快|尽早|尽速|盡快|儘快|儘早|速回|速复|速处理|请速|速速|火速|抓紧|耽误|停工|停产|停业|业务中断|业务停|优先处理|今天必须|今天之内|今日内|务必今|下班前|马上到期|马上开会|马上要用|迫切|刻不容缓|亟待|urgent*|asap|a.s.a.p|as soon as possible|high priority|top priority|highest priority|emergency|business critical|mission critical|business-critical|production down|production is down|production is stopped|server is down|network is down|system is down|service is down|systems are down|servers are down|time-sensitive|time sensitive|critical for|critical to|is critical|very critical|severity 1|sev 1|sev1|priority 1|cannot work|can't work|can not work|unable to work|blocking us|blocking our|blocks our|blocker|showstopper|hurry|at the earliest|at your earliest|earliest possible|without delay|immediate attention|immediate action|immediate assistance|immediate help|immediate response|immediate support|quickly as possible|soonest|escalate*",
    ),
    (
        Harm,
        "影响业务|影响了业务|影响办公|影响了办公|影响生产|影响了生产|影响使用|影响了使用|影响工作|影响了工作|影响正常|影响到业务|影响到办公|影响到工作|影响到正常|影响开展|影响上课|影响考试|影响营业|严重影响|无法办公|不能办公|无法工作|不能工作|没法办公|没法工作|无法正常办公|无法正常工作|瘫痪|大面积|大规模|大批量",
    ),
    (Rush, "急"),
    (Haste, "立即|马上|立刻|immediately|right away|at once"),
    (Boss, "领导|老板|上级|领导们"),
    (BossActs, "电脑|要求|反馈|催|等着|在等|关注|重视|生气|急着|急"),
    (
        All,
        "全部机器|所有机器|全部电脑|所有电脑|所有终端|全部终端|所有用户|全部用户|全公司|全单位|整个部门|整个单位|全院|所有人|all users|everyone|all computers|all pcs|all machines|whole office|entire office|entire company|whole company|nobody|no one",
    ),
    (
        Complaint,
        "投诉|不满意|第二次反馈|第三次反馈|第四次反馈|第三次联系|第三次报修|第三次催|请重视|不是很满意|不太满意|不够满意|不怎么满意|不满|失望|催一下|催下|催促|催办|再催|催了|一催再催|来催|多次反馈|多次联系|多次催|多次报修|多次打电话|多次沟通|多次发邮件|多次致电|反复反馈|反复联系|再三反馈|三番五次|几次三番|为什么还没|为什么还不|为何还没|为何还不|怎么还没|怎么还不|为什么没人|为什么没有人|没人管|没人理|没人处理|没人回复|没人跟进|没有人处理|没有人管|没有人回复|没有人跟进|无人处理|无人回复|无人跟进|没有回音|没有下文|没下文|石沉大海|没有任何回复|没有任何进展|没收到任何回复|没有收到任何回复|拖了|拖延|处理太慢|回复太慢|响应太慢|进度太慢|效率太低|效率低下|不负责|敷衍|推诿|踢皮球|态度差|态度恶劣|服务太差|服务差|太差了|无法接受|不能接受|难以接受|忍无可忍|给个说法|还要等多久|要等多久|要等到什么时候|等了好几天|等了一周|等了一个星期|等了很久|等了几天|complain*|unacceptable|disappoint*|frustrat*|not satisfied|dissatisf*|unsatisf*|not happy|unhappy|no one has|nobody has|no response yet|no response so far|no response from|no response to|received no response|no reply yet|no reply so far|no reply from|no reply to|got no reply|got no response|no answer yet|no feedback yet|haven't heard|have not heard|still waiting for your|still waiting for a|still waiting for any|still waiting for help|am still waiting|are still waiting|still no response|still no reply|still no answer|still no update|why hasn't|why haven't|why has no|why is nobody|why is no one|third time|fourth time|how much longer|fed up|ridiculous|terrible service|poor service|poor support|bad service|waste of time|been waiting for",
    ),
    (Long, "一直|迟迟|至今|始终没"),
    (Reply, "回复|答复|处理|跟进|联系我|进展|回音"),
];

const CLOSING: &[(Word, &str)] = &[
    (
        Archive,
        "归档|结案|关了吧|关掉吧|单子关|工单关|案例关|把单关|关一下单|关下单|关单|结单|关案|销单|关闭工单|关闭案例|关闭案件|关闭此案|关闭此单|关闭此问题|关闭此工单|关闭该案|关闭该工单|关闭该问题|关闭该单|关闭本案|关闭本单|关闭本工单|关闭本次|关闭这个案|关闭这个问题|关闭这个工单|关闭这个case|关闭这个单|关闭问题|关闭case|关闭单子|关闭服务单|close the case|close this case|close my case|close our case|close case|close the ticket|close this ticket|close my ticket|close our ticket|close ticket|close the issue|close this issue|close the incident|close this incident|close the request|close this request|close the sr|close this sr|close the matter|close this matter|close it|close the call|case closed|close this one|close this|close that|close out|archive the case|archive this case|archive it|archive this|archive the ticket|case can be closed|ticket can be closed|issue can be closed|can be closed|may be closed|can be archived|may be archived|closing the case|closing this case|closing the ticket|closing this ticket|closing it",
    ),
    (Close, "关闭|关掉|close|closed|archive|archived"),
    (
        Consent,
        "可以|可|同意|直接|予以|申请|吧|即可|就行|就好|行|that's fine|fine with|is fine|is ok|is okay|go ahead|feel free|agree*|okay|ok|let's|can|may|could",
    ),
    (
        Thing,
        "防火墙|自动更新|更新|服务|杀毒|软件|程序|窗口|功能|端口|电脑|系统|设置|进程|策略|弹窗|提示|共享|休眠|快速启动|浏览器|文件|文档|天擎|电源|window|windows|application*|firewall|port|program*|dialog|service|browser|file|app|apps|antivirus",
    ),
];

pub static WORDS: LazyLock<Vocabulary<Word>> = LazyLock::new(|| Vocabulary::new(&[SHAPE, PRESSING, CLOSING, GOOD, BAD, MOOD].concat()));
