"""SG45 and SG46: service guides (办事指南) and bundles of matters (一件事一次办)."""

from __future__ import annotations

from sitegen.model.finding import Rule, Severity

_E, _W = Severity.ERROR, Severity.WARNING

RULES = (
    Rule(
        "SG451",
        _E,
        "no unit above has a service guide «{ref}» that could be taken over",
        "did you mean «{near}»? Write the file's name without .md",
        acceptable=False,
        why="A township or village takes a guide over with «like», so that what the county changes is changed everywhere at once. Without the guide that is "
        "named nothing could be said of the matter.",
        bad="like: dibao-shenqing    （县里的文件是 services/dibao.md）",
        good="like: dibao",
    ),
    Rule(
        "SG452",
        _W,
        "the service guide lacks: {missing}",
        "add what is missing; «不收费», «无» and an empty list are answers too",
        acceptable=False,
        why="The notice asks that guides, procedures, who is responsible, questions, the way to complain and the degree of online handling be published whole; the national "
        "standards for service guides name the elements. What is missing sends somebody on a second way.",
        bad="name: 高龄津贴\nmaterials: [{name: 身份证}]",
        good="name: 高龄津贴\nmaterials: [{name: 身份证}]\nfees: 不收费\npromised: 10\n…",
    ),
    Rule(
        "SG453",
        _W,
        "the promised time ({promised}) is longer than the legal one ({legal})",
        "promise at most what the law allows, or correct the legal time",
        acceptable=False,
        why="A promise (承诺时限) shortens what the law sets (法定时限). One that is longer admits beforehand that the law will not be kept.",
        bad="legal: 10\npromised: 15",
        good="legal: 15\npromised: 10",
    ),
    Rule(
        "SG454",
        _W,
        "material {n} is vague: «{name}»",
        "name every document that is asked for, each as an entry of its own",
        acceptable=False,
        why="Inspections of service guides allow no catch-all clauses (兜底条款): with «other materials» nobody knows what to bring, and everybody can be sent back.",
        bad="materials: [{name: 其他需要提供的材料}]",
        good="materials: [{name: 土地承包经营权证}, {name: 婚姻证明, when: 婚姻状况有变化时}]",
    ),
    Rule(
        "SG455",
        _E,
        "the bundle names a service guide «{ref}» that neither this unit nor one above has",
        "did you mean «{near}»? Write the file's name without .md",
        acceptable=False,
        why="A bundle (一件事一次办) leads through several matters in the order of doing. One that cannot be found breaks the chain.",
        bad="matters: [chusheng-zheng, hukou]    （文件是 services/chusheng-hukou.md）",
        good="matters: [chusheng-zheng, chusheng-hukou]",
    ),
    Rule(
        "SG456",
        _W,
        "«{degree}» and the rest of «online» do not fit: {problem}",
        "correct the degree, the address or the number of visits",
        acceptable=False,
        why="The notice asks for the degree to which a matter can be done online. A degree without an address, or «wholly online» with a visit to the hall, is a promise that is not kept.",
        bad="online: {degree: 全程网办, visits: 1}",
        good="online: {degree: 全程网办, visits: 0, url: https://zwfw.example.cn/dibao}",
    ),
    Rule(
        "SG457",
        _E,
        "services.yml has no hall «{hall}»",
        "write one of: {allowed}, or add the hall to services.yml",
        acceptable=False,
        why="Address, hours and telephone of a hall stand once, in services.yml, so that they are right on every guide.",
        bad="places: [dating]    （services.yml 里写的是 zwdt）",
        good="places: [{hall: zwdt, window: 3号窗口}]",
    ),
    Rule(
        "SG458",
        _W,
        "the bundle's set of materials lacks what «{guide}» asks for: {materials}",
        "add it to the bundle's materials, or say in the guide why it is waived; without «materials» the set is made from the guides",
        acceptable=False,
        why="One set of materials is to serve all matters of the bundle. What is missing from it has to be fetched after all.",
        bad="materials: [{name: 居民户口簿}]    （其中一个事项还要出生医学证明）",
        good="materials: [{name: 居民户口簿}, {name: 出生医学证明}]",
    ),
    Rule(
        "SG459",
        _E,
        "the file's name «{name}» cannot be an address",
        "rename the file with lower-case letters, digits and hyphens, such as dibao-shenqing.md",
        acceptable=False,
        why="The name of a guide's file is its address on the web and how other guides name it.",
        bad="services/低保申请.md",
        good="services/dibao-shenqing.md",
    ),
    Rule(
        "SG460",
        _E,
        "there is no law «{law}» in laws.yml",
        "did you mean «{near}»? A document that is cited stands in content/catalog/laws.yml",
        acceptable=False,
        why="Legal sources are cited from one place, where their numbers and validity are kept.",
        bad="basis: [shehui-jiuzhu]",
        good="basis: [shehui-jiuzhu-zanxing]",
    ),
)
