"""SG1: can the file be read and understood?"""

from __future__ import annotations

from sitegen.model.finding import Rule, Severity

_E, _W = Severity.ERROR, Severity.WARNING

# None of these can be accepted: what is not understood can be neither published nor answered for.
RULES = (
    Rule(
        "SG101",
        _E,
        "the file is not UTF-8 text",
        "save it as UTF-8 (in WPS or Excel: «CSV UTF-8»; in Notepad: encoding UTF-8)",
        acceptable=False,
        why="A file in another encoding shows wrong characters, or none, on the site and on paper. "
        "UTF-8 holds every character of names and places; of tables GB18030 is read too, as WPS and Excel save it.",
        bad="（记事本“另存为”）编码：ANSI",
        good="（记事本“另存为”）编码：UTF-8",
    ),
    Rule(
        "SG102",
        _E,
        "this is not valid YAML: {problem}",
        "check indentation, colons and quotes on this line and the one above",
        acceptable=False,
        why="The head of a record and the .yml files are YAML: one forgotten bracket or quote, or a tab for indentation, "
        "and nothing behind it can be understood. Nothing is guessed.",
        bad="posting: {from: 2026-05-08, days: 7",
        good="posting: {from: 2026-05-08, days: 7}",
    ),
    Rule(
        "SG103",
        _E,
        "unknown key «{key}»",
        "did you mean «{near}»? Allowed here: {allowed}",
        acceptable=False,
        why="A key with a typing error would otherwise be passed over in silence, and what it says would appear nowhere.",
        bad="isuer: cwh",
        good="issuer: cwh",
    ),
    Rule(
        "SG104",
        _E,
        "«{key}» is missing",
        "add a line «{key}: …»",
        acceptable=False,
        why="Title, publisher and dates belong to the head of every disclosed document: the Regulations on the Disclosure of Government "
        "Information (Art. 12) ask for index, name, summary and date in the directory, and the disclosure column shows them.",
        bad="id: 2026-0017\ntitle: 2026年耕地地力保护补贴发放公示\nitem: SNBT-01",
        good="id: 2026-0017\ntitle: 2026年耕地地力保护补贴发放公示\nitem: SNBT-01\nissuer: zf\nformed: 2026-05-06\npublished: 2026-05-08",
    ),
    Rule(
        "SG105",
        _E,
        "«{key}»: {problem}",
        "correct the value of «{key}»",
        acceptable=False,
        why="Every key has one way of being written, so that the program, the site and the reader understand the same. docs/formats.md lists them.",
        bad="period: 2026年三季度",
        good="period: 2026-Q3",
    ),
    Rule(
        "SG106",
        _E,
        "«{key}» stands twice",
        "keep one of the two",
        acceptable=False,
        why="Of two values one would be lost, and nobody could say which one was published. YAML asks for unique keys.",
        bad="issuer: cwh\nissuer: jt",
        good="issuer: cwh",
    ),
    Rule(
        "SG107",
        _E,
        "the file goes beyond a limit: {problem}",
        "split it, or remove what does not belong in it",
        acceptable=False,
        why="Files come from many hands. Limits on size, nesting and what an archive unpacks to keep one damaged or malicious file "
        "from stopping the work of the whole county.",
        bad="attachments: [{path: files/会议录像.mp4, title: 会议录像}]   （500 MB）",
        good="attachments: [{path: files/会议纪要.pdf, title: 会议纪要}]",
    ),
    Rule(
        "SG108",
        _E,
        "the file does not begin with a head between two lines of ---",
        "begin with ---, the head, and --- on a line of its own",
        acceptable=False,
        why="The head says what the text below it is: without it there is no item, no publisher and no date, so the text could be filed nowhere.",
        bad="id: 2026-0017\ntitle: 村民会议关于修路的决议\n\n会议决定修路。",
        good="---\nid: 2026-0017\ntitle: 村民会议关于修路的决议\n---\n会议决定修路。",
    ),
    Rule(
        "SG109",
        _E,
        "the file cannot be read: {problem}",
        "check that it exists, is no folder, and may be read",
        acceptable=False,
        why="What cannot be opened cannot be published, and would otherwise be missing on the site without anybody noticing.",
        bad="records/2026-0017.md    （是文件夹）",
        good="records/2026-0017.md    （是文件，能打开）",
    ),
    Rule(
        "SG110",
        _E,
        "«{key}»: «{value}» is not a date",
        "write it as 2026-05-08",
        acceptable=False,
        why="Deadlines and posting periods are counted from dates: they must exist in the calendar and be written in one way, "
        "year-month-day as in ISO 8601.",
        bad="formed: 2026-02-30",
        good="formed: 2026-02-28",
    ),
    Rule(
        "SG111",
        _E,
        "«{key}»: «{value}» is not one of the values allowed",
        "write one of: {allowed}",
        acceptable=False,
        why="For attributes, stages, channels and levels the official tables have fixed terms. Another wording for the same thing could be neither "
        "counted nor compared.",
        bad="attribute: 公开",
        good="attribute: 主动公开",
    ),
    Rule(
        "SG112",
        _E,
        "keys and values are expected here",
        "write lines of the form «key: value»",
        acceptable=False,
        why="The head of a record and the .yml files consist of keys and values; a sentence or a list in their place says nothing to the program.",
        bad="---\n村民会议关于修路的决议\n---",
        good="---\ntitle: 村民会议关于修路的决议\n---",
    ),
    Rule(
        "SG113",
        _E,
        "unknown key «{key}»",
        "remove it. Allowed here: {allowed}",
        acceptable=False,
        why="What the program does not know it cannot show. Better to hear of it than to believe that it was published.",
        bad="id: 2026-0017\n经办人: 张*三",
        good="id: 2026-0017",
    ),
    Rule(
        "SG114",
        _E,
        "there is no region here: {file} is missing",
        "run the command in the region's folder, give it with -C, or start one with «sitegen new region DIR»",
        blocks=True,
        acceptable=False,
        why="A region is a county with everything below it; its region.yml says where it begins. Elsewhere there is nothing to check.",
        bad="sitegen check              （这个文件夹里没有 region.yml）",
        good="sitegen -C 青禾县 check    （有 青禾县/region.yml）",
    ),
    Rule(
        "SG115",
        _W,
        "HTML in {place}: {found}",
        "write it in plain words; in a text Markdown does it (**bold**, lists, tables, ![pictures](files/….png), [links](https://…))",
        acceptable=False,
        why="HTML is not carried over from where it was copied: in a record's text it is dropped, and what it was meant to do is lost; in titles, tables and "
        "other fields it would stand on the page, on paper and in the loudspeaker's text as it is typed.",
        bad="title: <b>关于修路的公示</b>",
        good="title: 关于修路的公示",
    ),
    Rule(
        "SG116",
        _E,
        "a script, or what could run one, in {place}: {found}",
        "remove it, and find out how it came there: nobody writes this by hand. Ask whoever looks after the computer",
        acceptable=False,
        why="A script in a page could show residents other figures, or lead them elsewhere. None reaches a page: texts are cleaned, and pages forbid every script but their "
        "own. That one stands in a file means that the file was copied from a web page, or that somebody tried.",
        bad="现将名单公示如下。<script src=http://…></script>",
        good="现将名单公示如下。",
    ),
    Rule(
        "SG117",
        _E,
        "a password stands in the file («{key}»)",
        "take it out and change it with your provider, since others may have seen it; set the variable SITEGEN_PASSWORD_<ID>, keep it in the system's keyring, "
        "or type it when «sitegen publish» asks",
        acceptable=False,
        why="The region's folder is copied, handed on and put under version control. Whoever has the password of the hosting can put anything on the "
        "county's site.",
        bad="- {id: gk, host: gk.example.cn, to: ftp://webmaster:mima@ftp.example.cn/htdocs}",
        good="- {id: gk, host: gk.example.cn, to: ftp://webmaster@ftp.example.cn/htdocs}",
    ),
)
