"""The annual report on open government information (政府信息公开工作年度报告) in its six statutory parts, with the official tables.

Its content is laid down by the Regulations on Open Government Information (Articles 49 and 50), its form and tables by the State Council's
General Office. The texts are a page's (``kind: report``), the figures its ``figures:``; what records and the file of applications
tell need not be written down again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Literal, get_args

from msgspec import Struct
from pydantic import BeforeValidator
from pydantic import Field as Key

from .applications import Application, Because, Organisation
from .base import Model
from .finding import N_

PARTS = (
    "总体情况",
    "主动公开政府信息情况",
    "收到和处理政府信息公开申请情况",
    "政府信息公开行政复议、行政诉讼情况",
    "存在的主要问题及改进情况",
    "其他需要报告的事项",
)
"""The six parts, in their order."""
TEXTS = (1, 5, 6)
"""Parts that are text; the others are tables, which a text may follow."""

Column = Literal["自然人", Organisation]
COLUMNS: tuple[Column, ...] = get_args(Column)
Row = Literal["本年新收", "上年结转", "予以公开", "部分公开", Because, "结转下年度"]
GROUPS: tuple[tuple[str, str, tuple[Row, ...]], ...] = (
    ("予以公开", "（一）予以公开", ("予以公开",)),
    ("部分公开", "（二）部分公开（区分处理的，只计这一情形，不计其他情形）", ("部分公开",)),
    (
        "不予公开",
        "（三）不予公开",
        (
            "属于国家秘密",
            "其他法律行政法规禁止公开",
            "危及三安全一稳定",
            "保护第三方合法权益",
            "属于三类内部事务信息",
            "属于四类过程性信息",
            "属于行政执法案卷",
            "属于行政查询事项",
        ),
    ),
    ("无法提供", "（四）无法提供", ("本机关不掌握相关政府信息", "没有现成信息需要另行制作", "补正后申请内容仍不明确")),
    (
        "不予处理",
        "（五）不予处理",
        ("信访举报投诉类申请", "重复申请", "要求提供公开出版物", "无正当理由大量反复申请", "要求确认或重新出具已获取信息"),
    ),
    ("其他处理", "（六）其他处理", ("逾期不补正", "逾期不缴费", "其他处理")),
)
"""The rows of the results: kind of reply, heading in the table, its rows."""
_IN_FULL: dict[Row, str] = {
    "危及三安全一稳定": "危及“三安全一稳定”",
    "要求确认或重新出具已获取信息": "要求行政机关确认或重新出具已获取信息",
    "逾期不补正": "申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
    "逾期不缴费": "申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
    "其他处理": "其他",
}
"""Rows whose words in the official table are longer than their key."""
RESULT_ROWS: tuple[Row, ...] = tuple(row for _, _, rows in GROUPS for row in rows)

Count = Annotated[int, Key(ge=0, le=100_000_000)]
Outcome = Literal["维持", "纠正", "其他", "未审结"]
OUTCOMES: tuple[tuple[Outcome, str], ...] = (
    ("维持", "结果维持"),
    ("纠正", "结果纠正"),
    ("其他", "其他结果"),
    ("未审结", "尚未审结"),
)


def _as_column(value: object) -> object:
    return {"自然人": value} if isinstance(value, int) and not isinstance(value, bool) else value


Counts = Annotated[dict[Column, Count], BeforeValidator(_as_column)]
"""By applicant; a bare number counts for 自然人."""


class Documents(Model):
    """Documents of a kind: made and abolished in the year, in force at its end."""

    made: Count = Key(description="本年制发件数")
    abolished: Count = Key(description="本年废止件数")
    in_force: Count = Key(description="现行有效件数")


class AnnualFigures(Model):
    """The figures of a year's report (``figures:`` of a page of kind report)."""

    rules: Documents = Key(Documents(made=0, abolished=0, in_force=0), description="规章")
    normative: Documents | None = Key(None, description="行政规范性文件; left out: counted from the records")
    licences: Count = Key(description="行政许可处理决定数量")
    penalties: Count = Key(description="行政处罚处理决定数量")
    coercion: Count = Key(description="行政强制处理决定数量")
    fees: Decimal = Key(ge=0, description="行政事业性收费, 本年收费金额 in 万元")
    applications: dict[Row, Counts] | None = Key(
        None, description="applications by row of the official table; left out: counted from applications.yml"
    )
    review: dict[Outcome, Count] = Key({}, description="行政复议")
    suits: dict[Outcome, Count] = Key({}, description="行政诉讼, 未经复议直接起诉")
    suits_after_review: dict[Outcome, Count] = Key({}, description="行政诉讼, 复议后起诉")


Table = Mapping[Row, Mapping[Column, int]]
"""Applications by row and column of the official table; what is not there is 0."""


def count(applications: Sequence[Application], year: int) -> dict[Row, dict[Column, int]]:
    """The table of a year from the applications entered. A reply counts in the year in which it was given.

    Raises :class:`LookupError` with the number of an application that does not say what the table asks.
    """
    made: dict[Row, dict[Column, int]] = {}

    def add(row: Row, column: Column) -> None:
        counts = made.setdefault(row, {})
        counts[column] = counts.get(column, 0) + 1

    for one in applications:
        if one.received.year > year:
            continue
        replied = one.replied.year if one.replied else None
        if replied is not None and replied < year:
            continue
        column = column_of(one)
        add("本年新收" if one.received.year == year else "上年结转", column)
        if replied == year:
            add(row_of(one), column)
        else:
            add("结转下年度", column)
    return made


def column_of(one: Application) -> Column:
    """The column in which an application counts. Raises :class:`LookupError`."""
    if one.applicant == "自然人":
        return "自然人"
    if one.applicant is None or one.organisation is None:
        raise LookupError(one.number)
    return one.organisation


def row_of(one: Application) -> Row:
    """The row in which its reply counts. Raises :class:`LookupError`."""
    rows = next(rows for result, _, rows in GROUPS if result == one.result)
    if len(rows) == 1:
        return rows[0]
    if one.because is None or one.because not in rows:
        raise LookupError(one.number)
    return one.because


def total(table: Table, rows: Sequence[Row], column: Column | None = None) -> int:
    """The sum of some rows, in one column or in all."""
    return sum(n for row in rows for c, n in table.get(row, {}).items() if column in (None, c))


class Mismatch(Struct, frozen=True):
    """Two figures of a report that should be equal."""

    key: tuple[str, ...]
    """Where in ``figures`` it is seen."""
    what: str
    """What is compared (translated)."""
    which: str
    """Column or row, in the form's words."""
    have: int
    want: int


def balances(table: Table) -> Iterator[Mismatch]:
    """Where new and carried in are not what was done and carried out, by column of the form."""
    for column in COLUMNS:
        come = total(table, ("本年新收", "上年结转"), column)
        gone = total(table, (*RESULT_ROWS, "结转下年度"), column)
        if come != gone:
            yield Mismatch(("applications",), N_("new and carried in, against results and carried out"), column, gone, come)


def against_entries(table: Table, entered: Table) -> Iterator[Mismatch]:
    """Where the figures written are not what the applications entered add up to."""
    rows: tuple[Row, ...] = ("本年新收", "上年结转", *RESULT_ROWS, "结转下年度")
    for row in rows:
        have, want = total(table, (row,)), total(entered, (row,))
        if have != want:
            yield Mismatch(("applications", row), N_("the report, against the applications entered"), row, have, want)


def with_year_before(figures: AnnualFigures, table: Table, before: AnnualFigures, table_before: Table) -> Iterator[Mismatch]:
    """Where a report does not go on from that of the year before."""
    have, want = total(table, ("上年结转",)), total(table_before, ("结转下年度",))
    if have != want:
        yield Mismatch(("applications", "上年结转"), N_("carried in, against what the year before carried out"), "上年结转", have, want)
    if figures.normative and before.normative:
        after = before.normative.in_force + figures.normative.made - figures.normative.abolished
        if figures.normative.in_force != after:
            what = N_("in force, against the year before with what was made and abolished")
            yield Mismatch(("normative", "in_force"), what, "行政规范性文件", figures.normative.in_force, after)


# ---- The text.

_NUMERALS = "一二三四五六"
_HEADING = re.compile(r"^##[ \t]*([一二三四五六])[、．.][^\n]*$", re.MULTILINE)


def texts(body: str) -> tuple[str, dict[int, str]]:
    """What stands before the first part, and the text of every part by its number. Its heading begins with 一、 to 六、."""
    found = list(_HEADING.finditer(body))
    if not found:
        return body.strip(), {}
    ends = [m.start() for m in found[1:]] + [len(body)]
    parts: dict[int, str] = {}
    for m, end in zip(found, ends, strict=True):
        number = _NUMERALS.index(m[1]) + 1
        parts[number] = "\n\n".join(t for t in (parts.get(number, ""), body[m.end() : end].strip()) if t)
    return body[: found[0].start()].strip(), parts


def heading(number: int) -> str:
    """一、总体情况."""
    return f"{_NUMERALS[number - 1]}、{PARTS[number - 1]}"


# ---- As pages see it.


class Line(Struct, frozen=True):
    """A row of the table of applications."""

    words: str
    counts: tuple[int, ...]
    """Of :data:`COLUMNS`, then all together; empty for a heading."""
    depth: int
    """How far it is set in: 0 to 2."""


class AnnualReport(Struct, frozen=True):
    """A report ready to show."""

    preface: str
    """Markdown."""
    parts: tuple[str, ...]
    """The texts of the six parts, Markdown; "" where there is none."""
    rules: tuple[int, int, int]
    normative: tuple[int, int, int]
    licences: int
    penalties: int
    coercion: int
    fees: Decimal
    applications: tuple[Line, ...]
    disputes: tuple[tuple[str, tuple[int, ...]], ...]
    """行政复议, 未经复议直接起诉, 复议后起诉: the four outcomes and their sum."""


def report(body: str, figures: AnnualFigures, table: Table, documents: Documents) -> AnnualReport:
    """The report of a page's text and figures."""
    preface, parts = texts(body)
    three = [figures.review, figures.suits, figures.suits_after_review]
    outcomes = [tuple(part.get(key, 0) for key, _ in OUTCOMES) for part in three]
    return AnnualReport(
        preface=preface,
        parts=tuple(parts.get(n, "") for n in range(1, 7)),
        rules=(figures.rules.made, figures.rules.abolished, figures.rules.in_force),
        normative=(documents.made, documents.abolished, documents.in_force),
        licences=figures.licences,
        penalties=figures.penalties,
        coercion=figures.coercion,
        fees=figures.fees,
        applications=tuple(_lines(table)),
        disputes=tuple(
            (name, (*counts, sum(counts))) for name, counts in zip(("行政复议", "未经复议直接起诉", "复议后起诉"), outcomes, strict=True)
        ),
    )


def _lines(table: Table) -> Iterator[Line]:
    def line(words: str, rows: Sequence[Row], depth: int) -> Line:
        return Line(words, (*(total(table, rows, c) for c in COLUMNS), total(table, rows)), depth)

    yield line("一、本年新收政府信息公开申请数量", ("本年新收",), 0)
    yield line("二、上年结转政府信息公开申请数量", ("上年结转",), 0)
    yield Line("三、本年度办理结果", (), 0)
    for _, name, rows in GROUPS:
        if len(rows) == 1:
            yield line(name, rows, 1)
            continue
        yield Line(name, (), 1)
        for n, row in enumerate(rows, 1):
            yield line(f"{n}.{_IN_FULL.get(row, row)}", (row,), 2)
    yield line("（七）总计", RESULT_ROWS, 1)
    yield line("四、结转下年度继续办理", ("结转下年度",), 0)
