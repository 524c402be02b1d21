"""Words by which personal data are known where no number gives them away: headings, diagnoses, homes, children.

Kept short on purpose: a word stands here when a list that carries it says something of a person that the negative list keeps back
(个人信息保护法 Art. 28: health, finances, minors under 14), and when offices seldom use it for anything else.
"""

from __future__ import annotations

import re

from sitegen.model.finding import N_

HEADINGS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (N_("ID numbers"), re.compile(r"身份证|公民身份|证件号|户口[簿本]|残疾人?证号?|学籍号|社会保障号")),
    (N_("bank accounts"), re.compile(r"银行卡|银行[账帐]|卡号|[账帐]号|[账帐]户$|存折|一折通|社保卡|社会保障卡")),
    (N_("a disability"), re.compile(r"残疾(类[别型]|等?级|程度|种类|情况|类别)|伤残(等级|情况|程度)|^残疾$|自理能力|失能")),
    (N_("an illness"), re.compile(r"疾病|病情|病[种名因]|^患病|患病情况|诊断|健康状况|身体状况|伤[病情]|精神状况")),
    (N_("an income"), re.compile(r"收入(?!项目|类别|来源|科目|合计)|工资|存款|家庭财产|财产状况|经济状况|赡养")),
    (N_("the cause of hardship"), re.compile(r"[致]困原因|致贫原因|困难原因|贫困原因")),
)
"""Headings that a list of persons must not have, and what they name."""

PERSON = re.compile(
    r"^(姓名|户主(姓名)?|申请人(姓名)?|农户(姓名)?|承包方(代表)?(姓名)?|.{0,6}(对象|人员|老年?人|残疾人|学生|儿童|幼儿|孤儿|职工)(姓名|名单)?|受助人|受益人(姓名)?|领取人|被征收人|权利人|家庭成员|监护人|保障人)$"
)
"""Headings of a list's column of names."""
NO_LIST = re.compile(r"职务|岗位职责|任职|分工|单位职务|党内职务|警号|执法证")
"""Headings that make a list of names one of office holders."""

CHILD = re.compile(r"^(学生|儿童|孤儿|幼儿|未成年人|受助学生|适龄儿童|困境儿童|少年|新生|子女|孩子)(姓名|名单)?$")
"""Headings of a column of children's names."""
GUARDIAN = re.compile(r"监护人|户主|家长|申请人|领取人|联系人|法定代表|负责人|经办人|父|母")
CHILDREN = re.compile(
    r"孤儿|困境儿童|无人抚养儿童|留守儿童|未成年|流浪儿童|学生资助|资助学生|(?<!大)学生.{0,6}(补助|资助|救助)|助学金|奖学金|(贫困|困难|受助|寄宿)(学?生)|幼儿资助"
)
"""Matters in which the persons of a list are children."""
ADULTS = re.compile(r"大学|高校|高考|研究生|技工")

_DISEASE = (
    "癌|恶性肿瘤|淋巴瘤|脑瘤|白血病|尿毒症|肾衰竭?|肾病综合征|透析|化疗|放疗|器官移植|艾滋病?|HIV|梅毒|性病|乙肝|丙肝|肝硬化|肝腹水|肺结核|结核病|尘肺|矽肺"
    "|精神病|精神分裂|精神障碍|双相|抑郁症|躁狂|癫痫|自闭症|孤独症|痴呆|阿尔茨海默|帕金森|脑瘫|脑梗|脑出血|脑血栓|中风|偏瘫|截瘫|瘫痪|植物人|冠心病|心脏病|心梗|心衰|高血压"
    "|糖尿病|血友病|再生障碍性贫血|地中海贫血|红斑狼疮|类风湿|股骨头坏死|肌无力|渐冻|侏儒|唐氏|智障|智力低下|弱智|聋哑|失明|截肢|先天性[一-龥]{1,4}病|流产|不孕|吸毒|戒毒|重病|大病(?!救助|医疗|保险|专项)|患病|因病|因残"
)
_OF_NO_ONE = "防治|预防|筛查|疫苗|宣传|普查|普及|知识|防控|防[艾癌痨]|医院|专科|协会|义诊|科普|监测|规范管理|保险|救助政策|日$"
DIAGNOSIS = re.compile(rf"(?<![防抗两控])(?:{_DISEASE})(?!.{{0,4}}(?:{_OF_NO_ONE}))")
"""An illness of somebody, as reasons name it; not the work done against it."""
DISABILITY = re.compile(
    r"(视力|听力|言语|肢体|智力|精神|多重)(残疾|障碍)|残疾[一二三四1-4]级|[一二三四1-4]级(视力|听力|言语|肢体|智力|精神|多重)|[一二三四1-4]级(伤?残)"
)
INCOME = re.compile(r"((年|月|人均|家庭|工资|务工|打工)[一-龥]{0,4}收入|月工资|存款)[一-龥:：]{0,5}\d")

_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅"
    "皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫"
    "经房裘缪干解应宗丁宣邓郁单杭洪包诸左石崔吉龚程邢裴陆荣翁荀羊甄家封储靳邴糜松井段富巫乌焦巴弓牧隗山谷车侯全班仰秋仲伊宫宁仇栾甘厉戎祖武符刘景詹束龙叶幸司韶黎乔阳闫肖付冷辛那简饶曾关欧佟"
)
MASKED_NAME = re.compile(rf"[{_SURNAMES}](?:\\\*|＊|某|(?<!\*)\*(?!\*)|\*\*(?=[\s,，。、；|）)]|$)){{1,2}}[一-龥]?")
"""张*三, 张\\*三, 张某某: a person whom a text or a row is about."""
FULL_NAME = re.compile(rf"(?:[{_SURNAMES}]|欧阳|上官|司马|诸葛|司徒|夏侯|皇甫|尉迟|公孙|慕容|令狐)[一-龥]{{1,2}}")
"""What a name looks like that nothing was taken from."""
LABEL = re.compile(
    r"[:：]|姓名|性别|年龄|民族|电话|地址|住址|号码|身份|原因|理由|意见|日期|时间|情况|类别|签[名字章]|单位|名称|金额|合计|备注|序号|编号|成员|关系|样式|示例|填写|学历|职业|职务|收入|申请|家庭|户籍|是否|人口"
)
"""A word of a form, not what somebody wrote into it."""

DOOR = re.compile(
    r"(?:\d+|[一二三四五六七八九十]+)\s*单元\s*(?:\d{1,4}|[一二三四五六七八九十]+)"
    r"|\d+\s*(?:号楼|栋|幢|座)\s*(?:\d+\s*(?:门|层|楼)\s*)?\d{3,4}(?!\d)\s*(?:室|户|号)?(?!\s*(?:平方|元|户|米|棵|亩))"
    r"|(?:路|街|巷|胡同|弄|小区|花园|家园|公寓|里)\s*\d+\s*号[\s,，-]*\d{2,4}\s*(?:室|户)"
    r"|(?:小区|花园|家园|公寓|苑)\s*[1-9]\d{0,2}-\d{1,4}(?:-\d{1,4})?(?!\d|-|户|年|月|号楼|栋)"
)
"""A flat: nothing but a home has it, or an office that says so."""
VILLAGE_DOOR = re.compile(
    r"(?:组|屯|队|社|村|路|街|巷|胡同|弄|里)\s*\d{1,4}(?:-\d{1,3})?\s*号(?!楼|线|地|井|机|桥|路|渠|保洁|棚|温室|大棚|泵|院[一-龥]|站|[、和至到-]\d|[一-龥]{0,2}(?:村委|政府|办公|大厅|中心|窗口))"
)
"""A house: a home when a person is named with it."""
AT_HOME = re.compile(
    r"(?<![居入])住(?![房建院宿宅])[一-龥]{1,10}(?:路|街|巷|胡同|小区|花园|家园|公寓|里|村|屯|组)|家住|住[在于址]|现住|居住|户籍|家庭[住地]址|户口|门牌|住所地?"
)
OFFICE = re.compile(
    r"办公|办事|大厅|服务(?:中心|站|点|窗口)|窗口|政府|党委|委员会|居委|村委|管委|街道办|局|派出所|法院|检察|司法所|医院|卫生[院室站]|学校|小学|中学|幼儿园|公司|合作社|商店|超市|"
    r"饭店|药店|门市|厂|银行|信用社|收费|查阅点|活动室|图书|文化站|会议室|宾馆|拍卖|招租|出租|标的|房源|资产|挂牌|经营场所|注册地|律师|事务所|工程|改造|维修|项目"
)
"""Words that make a door one of an office, a shop or a thing that is dealt in."""

DOOR_SIGNS = ("号", "单元", "栋", "幢", "座", "小区", "花园", "家园", "公寓", "苑")
"""A door has at least one of these: neither :data:`DOOR` nor :data:`VILLAGE_DOOR` fits without."""
SIGN = re.compile(
    "单元|[号栋幢座苑]|小区|花园|家园|公寓|[癌瘤病毒肾析疗植艾V肝核肺裂碍相症狂痫呆默帕瘫脑风梗衰压贫疮死肌冻儒氏智聋失肢流孕残级收资存]"
)
"""What every diagnosis, disability, income and door has a sign of: a quick look that spares the long ones. Tested against them."""
