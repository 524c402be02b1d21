"""SG75: the annual report on open government information (政府信息公开工作年度报告)."""

from __future__ import annotations

from sitegen.model.finding import Rule, Severity

_E, _W = Severity.ERROR, Severity.WARNING
_FORM = (
    "The annual report has six parts with official tables (Regulations on Open Government Information, Article 50); in the table of applications"
    " new and carried in make results and carried out, in every column. The form is published, compared and added up by the levels above."
)

RULES = (
    Rule(
        "SG751",
        _E,
        "the report of {year} does not add up ({what}) for {which}: {have}, and should be {want}",
        "correct the figures of the column, or «结转下年度»; until then the report is not published",
        acceptable=False,
        why=_FORM,
        bad="applications:\n  本年新收: {自然人: 48}\n  予以公开: {自然人: 45}\n  结转下年度: {自然人: 2}",
        good="applications:\n  本年新收: {自然人: 48}\n  予以公开: {自然人: 45}\n  结转下年度: {自然人: 3}",
    ),
    Rule(
        "SG752",
        _E,
        "the report of {year} says otherwise than applications.yml ({what}), {which}: {have}, and should be {want}",
        "correct the figure here, or the entry there; where all applications are entered, leave «applications» out: it is counted",
        acceptable=False,
        why="Two places that give the same figure must give it alike: what is reported upwards is compared with what the site shows.",
        bad="applications: {本年新收: {自然人: 7}, …}    # applications.yml has 6 of the year",
        good="applications: {本年新收: {自然人: 6}, …}",
    ),
    Rule(
        "SG753",
        _W,
        "the report of {year} does not go on from that of the year before ({what}), {which}: {have}, and should be {want}",
        "correct the report that is wrong; what was published by mistake is corrected with a word in the text",
        why="What one year carries out the next carries in; documents in force are those of the year before, with what was made and abolished.",
        bad="上年结转: {自然人: 0}    # 2024: 结转下年度 1",
        good="上年结转: {自然人: 1}",
    ),
    Rule(
        "SG754",
        _W,
        "the report of {year} says nothing in the part «{part}»",
        "write the text below a heading that begins with its numeral: «## {numeral}、{part}»; where there is nothing to report, say so",
        why=_FORM,
        bad="## 一、总体情况\n……\n（没有五、六）",
        good="## 五、存在的主要问题及改进情况\n……\n## 六、其他需要报告的事项\n没有收取信息处理费。",
    ),
    Rule(
        "SG755",
        _W,
        "the report of {year} is not in the statutory form: it has no «figures»",
        "add «figures:» to its head (docs/formats.md); the tables of the six parts are made of it",
        why=_FORM,
        bad="kind: report\nyear: 2025",
        good="kind: report\nyear: 2025\nfigures: {licences: 12, penalties: 3, coercion: 0, fees: 0, applications: {}}",
    ),
    Rule(
        "SG756",
        _E,
        "the applications of {year} cannot be counted: {what}",
        "complete applications.yml, or give the table: «applications:» below «figures»; «applications: {{}}» when there were none",
        acceptable=False,
        why="Where the table is left out it is counted from applications.yml, which must then say of every application what the table asks: who applied, and why it was refused.",
        bad="{number: 2026-0005, applicant: 法人或其他组织, result: 不予公开, …}",
        good="{number: 2026-0005, applicant: 法人或其他组织, organisation: 商业企业, result: 不予公开, because: 保护第三方合法权益, …}",
    ),
    Rule(
        "SG757",
        _W,
        "the report of {year} is dated {updated}: the year was not over",
        "correct «year» or «updated»",
        why="A report counts a whole year; one that was made before its end does not.",
        bad="year: 2026\nupdated: 2026-01-29",
        good="year: 2025\nupdated: 2026-01-29",
    ),
)
