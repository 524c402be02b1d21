"""SG66 and SG74: what is explained to the public and heard from it, and how people apply, take part and follow."""

from __future__ import annotations

from sitegen.model.finding import Rule, Severity

_E, _W = Severity.ERROR, Severity.WARNING
_BARRIER_FREE = (
    "The Law on Building a Barrier-Free Environment asks those who publish government information to make it usable for people who do not see or hear: "
    "what is said and shown stands in words as well. Words are also found by search and can be printed for the board."
)
_INTERPRETATION = "The notice asks that important policies be explained in questions and answers, pictures, sound and film, and that the intent arrives (clause 5)."
_HEARD = "The notice asks that the public be heard on what concerns it, in ways that are made known, and be answered (clause 6). What was adopted and why not is the answer."
_APPLICATIONS = "The annual report on government information gives these figures in the statutory form, in which every row and column adds up; the notice asks for their analysis (clause 4)."
_MEDIA = "The notice asks that accounts of new media be run by named offices, in order and safely (clause 8); the State Council's rules on government new media ask that every account be filed with the office in charge."

RULES = (
    Rule(
        "SG661",
        _E,
        "«{title}» ({path}) has no transcript",
        "write what is said into a text file and name it: «transcript: files/….txt»",
        why=_BARRIER_FREE,
        bad="media: [{kind: 视频, path: files/jiedu.mp4, title: 政策解读}]",
        good="media: [{kind: 视频, path: files/jiedu.mp4, title: 政策解读, captions: files/jiedu.vtt, transcript: files/jiedu.txt}]",
    ),
    Rule(
        "SG662",
        _E,
        "the film «{title}» ({path}) has no subtitles",
        "add subtitles as WebVTT: «captions: files/….vtt»; film editors and WPS export them",
        why=_BARRIER_FREE,
        bad="media: [{kind: 视频, path: files/jiedu.mp4, title: 政策解读, transcript: files/jiedu.txt}]",
        good="media: [{kind: 视频, path: files/jiedu.mp4, title: 政策解读, captions: files/jiedu.vtt, transcript: files/jiedu.txt}]",
    ),
    Rule(
        "SG663",
        _E,
        "the subtitles cannot be shown: {problem}",
        "save them as WebVTT in UTF-8: WEBVTT in the first line, then cues in order of time",
        why=_BARRIER_FREE,
        bad="1\n00:00:01,000 --> 00:00:04,000\n今年的补贴标准是71元。",
        good="WEBVTT\n\n00:00:01.000 --> 00:00:04.000\n今年的补贴标准是71元。",
    ),
    Rule(
        "SG664",
        _E,
        "the picture «{title}» ({path}) has no alternative text",
        "say in «alt» what the picture tells; where it holds many words, add them as «transcript»",
        why=_BARRIER_FREE,
        bad="media: [{kind: 图解, path: files/tujie.png, title: 一图读懂}]",
        good="media: [{kind: 图解, path: files/tujie.png, title: 一图读懂, alt: 三步领补贴：登记、公示、发放}]",
    ),
    Rule(
        "SG665",
        _W,
        "browsers do not play {path}; they play {allowed}",
        "convert the file, or offer it as an attachment",
        why=_INTERPRETATION,
        bad="path: files/jiedu.wmv",
        good="path: files/jiedu.mp4",
    ),
    Rule(
        "SG666",
        _E,
        "the transcript {path} cannot be read: {problem}",
        "save it as plain text in UTF-8",
        why=_BARRIER_FREE,
        bad="transcript: files/jiedu.docx",
        good="transcript: files/jiedu.txt",
    ),
    Rule(
        "SG667",
        _E,
        "«{opinion}» is marked {adopted}, and no reason is given",
        "write the reason into the column 理由",
        why=_HEARD,
        bad="意见,采纳情况,理由\n限高架改为3.5米,未采纳,",
        good="意见,采纳情况,理由\n限高架改为3.5米,未采纳,按村道技术标准限高3.2米",
    ),
    Rule(
        "SG668",
        _E,
        "{received} opinions came in, but those in {file} are {total}",
        "correct «received», or the column 条数",
        why=_HEARD,
        bad="received: 23   # the table adds up to 21",
        good="received: 23   # the table adds up to 23",
    ),
    Rule(
        "SG741",
        _E,
        "a village has no {file}",
        "remove the file; villagers are answered with records, and decide in their assembly",
        why="A village is no government: applications for information and public participation in administrative decisions belong to townships and counties.",
        bad="villages/qinghe-zhen/dahe/apply.yml",
        good="content/townships/qinghe-zhen/apply.yml",
    ),
    Rule(
        "SG742",
        _E,
        "the applications of {year} do not add up ({what}): {have}, and should be {want}",
        "correct the figures; until then the year is left out",
        acceptable=False,
        why=_APPLICATIONS,
        bad="{year: 2025, received: 58, results: {予以公开: 31, 部分公开: 10}, carried_out: 0}",
        good="{year: 2025, received: 58, results: {予以公开: 48, 部分公开: 10}, carried_out: 0}",
    ),
    Rule(
        "SG743",
        _W,
        "«{field}» is no field of the catalogue; nearest: {near}",
        "write a field of the catalogue, or 其他",
        why=_APPLICATIONS,
        bad="field: 征地",
        good="field: 征地补偿",
    ),
    Rule(
        "SG744",
        _E,
        "the figures of {year} are given twice",
        "keep one entry for each year",
        acceptable=False,
        why=_APPLICATIONS,
        bad="years: [{year: 2025, …}, {year: 2025, …}]",
        good="years: [{year: 2025, …}, {year: 2024, …}]",
    ),
    Rule(
        "SG745",
        _W,
        "the account «{name}» is not filed with the office in charge",
        "have it filed and write «filed: date», or close it and write «stopped: date»",
        why=_MEDIA,
        bad="{name: 青禾发布, platform: 微信公众号, run_by: 县融媒体中心}",
        good="{name: 青禾发布, platform: 微信公众号, run_by: 县融媒体中心, filed: 2024-03-01, reviewed: 2026-03-12}",
    ),
    Rule(
        "SG746",
        _W,
        "the yearly review of the account «{name}» held until {until}",
        "review it and write «reviewed: date», or close it and write «stopped: date»",
        why=_MEDIA,
        bad="reviewed: 2024-03-12",
        good="reviewed: 2026-03-12",
    ),
    Rule(
        "SG747",
        _W,
        "the meeting names {ref}, and there is no such record",
        "correct the id; the record of another unit is written as <unit code>/<id>",
        why=_HEARD,
        bad="record: 2026-0999",
        good="record: 2026-0063",
    ),
    Rule(
        "SG748",
        _W,
        "«{title}» was held on {on}, and nothing says what came of it",
        "write «outcome», or name the record about it",
        why=_HEARD,
        bad="{kind: 政府开放日, title: 走进便民服务中心, on: 2026-05-20, place: …}",
        good="{kind: 政府开放日, title: 走进便民服务中心, on: 2026-05-20, place: …, outcome: 收到建议6条，采纳4条}",
    ),
)
