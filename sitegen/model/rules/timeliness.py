"""SG7: deadlines, posting periods and what an inspection of the site would complain about."""

from __future__ import annotations

from sitegen.model.finding import Rule, Severity

_E, _W = Severity.ERROR, Severity.WARNING

_DEADLINE = (
    "Information that must be disclosed is disclosed within 20 working days of its formation or change unless another rule says otherwise"
    " (Regulations on Open Government Information, Article 26); the standard catalogue names the deadline of every item."
)
_INSPECTION = "The inspection of government sites fails a site whose home page or columns stand still, that has empty columns, or whose dates are forged."
_COLUMN = "The disclosure column of a government's site has a guide, rules, the annual report and a way to apply for information (the rules of the State Council's General Office for this column)."
_REPLY = (
    "An application for information is answered within 20 working days of receipt; the time can be extended once, by at most 20 working days,"
    " when the applicant is told so (Regulations on Open Government Information, Article 33)."
)
_POSTING = "Who may object must have had the whole posting period to do so: a posting that hung too short is void and has to be repeated."

RULES = (
    Rule(
        "SG701",
        _W,
        "published on {published}; the last day was {last}: {days} {kind} from {start} ({event})",
        "publish in time; when the days count from another event, give its day: «events: {{event: …}}»; when nothing can be done any more, accept the finding in writing",
        why=_DEADLINE,
        bad="formed: 2026-05-06\npublished: 2026-06-30",
        good="formed: 2026-05-06\npublished: 2026-05-08",
    ),
    Rule(
        "SG702",
        _W,
        "published on {published}; the last day was {last} ({written})",
        "publish in time; check that «period» and «published» are right",
        why="Periodic items are published by a fixed day of the month, quarter or year, so that residents know when to look for them.",
        bad="period: 2026-Q3\npublished: 2026-11-02",
        good="period: 2026-Q3\npublished: 2026-10-20",
    ),
    Rule(
        "SG703",
        _W,
        "published on {published}; the last day was {last}: {days} {kind} before {start} ({event})",
        "announce it earlier, or put the event off until everybody could know of it",
        why="What concerns a coming event helps only those who learn of it in time; the catalogue names the days before it.",
        bad="published: 2026-05-08\nevents: {event: 2026-05-12}",
        good="published: 2026-04-28\nevents: {event: 2026-05-12}",
    ),
    Rule(
        "SG704",
        _E,
        "posted from {start} to {end}; {days} {kind} end on {last} ({written})",
        "let the sheet hang until {last} at least; if it was taken down earlier, post it again for the whole time",
        why=_POSTING,
        bad="posting: {from: 2026-05-08, until: 2026-05-13}",
        good="posting: {from: 2026-05-08, days: 7, kind: working}",
    ),
    Rule(
        "SG705",
        _W,
        "the item must be posted ({written}), but there is no «posting»",
        "add when the sheet hangs: «posting: {{from: …, days: …, kind: working}}»",
        why=_POSTING,
        bad="published: 2026-05-08",
        good="published: 2026-05-08\nposting: {from: 2026-05-08, days: 7, kind: working}",
    ),
    Rule(
        "SG706",
        _E,
        "posted from {start}, before it was formed ({formed})",
        "correct one of the two dates",
        why="A sheet cannot hang before what it says exists: one of the dates is wrong, and objections are counted from it.",
        bad="formed: 2026-05-06\nposting: {from: 2026-05-04, days: 7}",
        good="formed: 2026-05-06\nposting: {from: 2026-05-08, days: 7}",
    ),
    Rule(
        "SG707",
        _W,
        "posted from {start}, more than 10 working days after it was published ({published})",
        "post the sheet when the record is published; correct the date if it is wrong",
        why="What the board and the site say of the same matter is to agree (clause 11 of the notice): who reads only the board should not be the last to know.",
        bad="published: 2026-05-08\nposting: {from: 2026-07-01, days: 7}",
        good="published: 2026-05-08\nposting: {from: 2026-05-08, days: 7}",
    ),
    Rule(
        "SG708",
        _W,
        "opinions are taken from {start} to {end}; {days} {kind} end on {last}",
        "take opinions until {last} at least",
        why="Whoever is asked for an opinion must have the time to give one; the catalogue names the shortest time.",
        bad="consultation: {from: 2026-05-08, until: 2026-05-20}",
        good="consultation: {from: 2026-05-08, until: 2026-06-08}",
    ),
    Rule(
        "SG709",
        _W,
        "{item} ({name}) is missing for {period}: it was owed by {last} ({written})",
        "publish the record of this period; if there is nothing to report, publish a record that says so",
        why=(
            "Ordinary village matters are published at least once a quarter, accounts monthly where there are many (Organic Law of the Villagers'"
            " Committees); a gap in the series is what residents ask about first."
        ),
        bad="period: 2026-Q1\nperiod: 2026-Q3",
        good="period: 2026-Q1\nperiod: 2026-Q2\nperiod: 2026-Q3",
    ),
    Rule(
        "SG710",
        _W,
        "published on {published}, which is later than today ({day})",
        "correct the date; put a record into the folder when it is to be published",
        why=_INSPECTION,
        bad="published: 2062-05-08",
        good="published: 2026-05-08",
    ),
    Rule(
        "SG711",
        _W,
        "revision {n} does not say when it was made",
        "add the day: «revision: {{n: {n}, on: …, why: …}}»",
        why="Paper and site carry the revision; without its day nobody can tell whether a sheet that hangs was printed before or after it.",
        bad="revision: {n: 2, why: 更正第3行面积}",
        good="revision: {n: 2, on: 2026-05-10, why: 更正第3行面积}",
    ),
    Rule(
        "SG712",
        _W,
        "revised on {on}: not between the publication ({published}) and today ({day})",
        "correct the day of the revision; «published» stays the day of the first publication",
        why=_INSPECTION,
        bad="published: 2026-05-08\nrevision: {n: 2, on: 2026-05-01, why: 更正第3行面积}",
        good="published: 2026-05-08\nrevision: {n: 2, on: 2026-05-10, why: 更正第3行面积}",
    ),
    Rule(
        "SG720",
        _W,
        "the home page has had nothing new since {last}, for {days} days (at most {limit})",
        "publish what is due; «sitegen due» lists it",
        why=_INSPECTION,
        bad="published: 2026-10-20",
        good="published: 2026-11-20",
    ),
    Rule(
        "SG721",
        _W,
        "the column {name} has had nothing new since {last}, for {days} days (at most {limit})",
        "publish what is new in this field, or bring its records up to date as a new revision",
        why=_INSPECTION,
        bad="published: 2026-01-20",
        good="published: 2026-10-20",
    ),
    Rule(
        "SG722",
        _W,
        "the page {name} is missing",
        "add a file to pages/ with «kind: {kind}»",
        why=_COLUMN,
        bad="kind: about",
        good="kind: guide\ntitle: 政府信息公开指南\nupdated: 2026-01-12",
    ),
    Rule(
        "SG723",
        _W,
        "the annual report on open government information of {year} is missing",
        "add a file to pages/ with «kind: report» and «year: {year}»",
        why="The report on the past year is published by 31 March (Regulations on Open Government Information, Article 49).",
        bad="kind: report\nyear: 2024",
        good="kind: report\nyear: 2025",
    ),
    Rule(
        "SG724",
        _W,
        "the village has published nothing under {section}",
        "publish what the catalogue asks for under {section}; an empty section is not shown to residents",
        why="A village's board and page have three parts, Party affairs, village affairs and finances; a tidy board without accounts is what residents complain about.",
        bad="item: CW-02",
        good="item: CW-02\nitem: CJ-01",
    ),
    Rule(
        "SG731",
        _W,
        "the application {number} of {received} is not answered; the last day was {last}",
        "answer it now and write «replied» and «result»",
        why=_REPLY,
        bad="- {number: 2026-0003, received: 2026-09-01}",
        good="- {number: 2026-0003, received: 2026-09-01, replied: 2026-09-18, result: 予以公开}",
    ),
    Rule(
        "SG732",
        _W,
        "the application {number} was answered on {replied}; the last day was {last}",
        "correct the dates if they are wrong; if third parties were consulted, write «consulted: {{from: …, until: …}}»",
        why=_REPLY,
        bad="- {number: 2026-0003, received: 2026-09-01, replied: 2026-10-30, result: 予以公开}",
        good="- {number: 2026-0003, received: 2026-09-01, replied: 2026-09-18, result: 予以公开}",
    ),
    Rule(
        "SG733",
        _W,
        "the reply to {number} was put off on {on}, when the time was over ({last})",
        "tell the applicant before the last day; correct the date if it is wrong",
        why=_REPLY,
        bad="- {number: 2026-0003, received: 2026-09-01, extended: {on: 2026-10-20, days: 20}}",
        good="- {number: 2026-0003, received: 2026-09-01, extended: {on: 2026-09-25, days: 20}}",
    ),
    Rule(
        "SG734",
        _W,
        "the number {number} stands in line {first} too",
        "give every application a number of its own",
        why="The report of the year counts applications by their number.",
        bad="- {number: 2026-0003, received: 2026-09-01}\n- {number: 2026-0003, received: 2026-09-08}",
        good="- {number: 2026-0003, received: 2026-09-01}\n- {number: 2026-0004, received: 2026-09-08}",
    ),
    Rule(
        "SG735",
        _W,
        "villages have no applications for information",
        "remove the file; what villagers ask is answered with a record",
        why="Applying for information is a right against government organs (Regulations on Open Government Information); villagers ask and are answered under village affairs.",
        bad="villages/…/applications.yml",
        good="content/townships/…/applications.yml",
    ),
    Rule(
        "SG736",
        _W,
        "{number}: {day} is later than today ({today})",
        "correct the date",
        why=_REPLY,
        bad="- {number: 2026-0003, received: 2062-09-01}",
        good="- {number: 2026-0003, received: 2026-09-01}",
    ),
)
