"""The report as one page of HTML: no script, no request, charts with their tables, ready for A4."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby

from markupsafe import Markup
from msgspec import Struct

import sitegen
from sitegen.charts import Bar, Cell, bars, columns, matrix
from sitegen.check.coverage import Coverage
from sitegen.due import task
from sitegen.model.base import Level
from sitegen.model.catalog import Field
from sitegen.model.personal import redact
from sitegen.resources import resource
from sitegen.templates import environment, hash_of

from .facts import STATES, Facts, UnitFacts
from .score import PARTS, Share

FAMILIES = {
    "SG1": "文件", "SG2": "表格", "SG3": "标识和引用", "SG4": "标准目录", "SG5": "同一事项", "SG6": "账目、三榜、成对公开",
    "SG7": "时限", "SG8": "个人信息和属性", "SG9": "书面接受",
}  # fmt: skip
STATE_NAMES = dict(zip(STATES, ("同源", "一致", "有说明", "不一致", "缺对应"), strict=True))
_STEPS = {"done": "已完成", "done_late": "逾期完成", "open": "进行中", "overdue": "逾期未完成"}
_FEW = 40
"""Villages up to this number have bars of their own."""
_COLUMNS = 30
"""Units beside each other in a matrix that is printed on A4 across."""


class Grid(Struct, frozen=True):
    """A part of the matrix of items and units."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...], str], ...]
    """Item, a mark for each unit, and how many of those that owe it have it."""


class FieldPart(Struct, frozen=True):
    """The matrix of one field."""

    field: Field
    share: Share
    grids: tuple[Grid, ...]


def render(facts: Facts) -> str:
    """The page. The same facts give the same bytes. Numbers of persons are shortened wherever they come from."""
    templates = environment(
        resource("themes/report"),
        finalize=lambda value: redact(value) if isinstance(value, str) and not isinstance(value, Markup) else value,
    )
    style = (resource("themes/report") / "report.css").read_text(encoding="utf-8")
    policy = hash_of(style)
    return templates.get_template("report.html").render(
        f=facts,
        style=Markup(style),
        policy=policy,
        version=sitegen.__version__,
        parts=PARTS,
        weights=facts.region.data.assessment,
        families=FAMILIES,
        states=STATE_NAMES,
        steps=_STEPS,
        fields=facts.region.catalog.fields,
        total=_total(facts.units),
        charts=_charts(facts),
        heats=_heats(facts),
        field_parts=tuple(_field_parts(facts)),
        names={u.unit.code: u.unit.data.name for u in facts.units} | {c: u.data.name for c, u in facts.region.units.items()},
        day=_day,
        share=_share,
        task=lambda due: task(due, "zh"),
    )


def _day(day: dt.date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else "—"


def _share(share: Share) -> str:
    return f"{share.part}/{share.whole}（{share.percent}）" if share.whole else "—"


def _total(units: Sequence[UnitFacts]) -> dict[str, Share]:
    return {part: sum((u.shares[part] for u in units), Share(0, 0)) for part in PARTS}


def _field_share(units: Sequence[UnitFacts], field: str) -> Share:
    found = [u.fields[field] for u in units if field in u.fields]
    return sum((Share(len(c.present), c.owed) for c in found), Share(0, 0))


# ---- Units in a few lines: governments, and villages alone or by township.


def _lines(units: Sequence[UnitFacts]) -> list[tuple[str, list[UnitFacts]]]:
    """Names and units for charts: every government, and villages, which are taken together by township where there are many."""
    villages = [u for u in units if u.unit.level is Level.VILLAGE]
    lines = [(u.unit.data.name, [u]) for u in units if u.unit.level is not Level.VILLAGE]
    if len(villages) <= _FEW:
        return lines + [(u.unit.data.name, [u]) for u in villages]
    return lines + _by_township(units)


def _by_township(units: Sequence[UnitFacts]) -> list[tuple[str, list[UnitFacts]]]:
    names = {u.unit.code[:9]: u.unit.data.name for u in units if u.unit.level is Level.TOWNSHIP}
    villages = [u for u in units if u.unit.level is Level.VILLAGE]
    return [(f"{names.get(code, code)}各村", list(group)) for code, group in groupby(villages, key=lambda u: u.unit.code[:9])]


def _charts(facts: Facts) -> dict[str, Markup]:
    lines = _lines(facts.units)
    return {
        "score": bars("score", "各单位得分", "各单位加权得分，满分100分。", [b for name, units in lines if (b := _score_bar(name, units))], width=960, labels=150),
        "timeliness": bars(
            "timely", "各单位按时公开的比例", "各单位按时公开的件数占有期限件数的比例。",
            [Bar(name, (s.part,), s.whole, f"{s.part}/{s.whole} {s.percent}") for name, units in lines if (s := _total(units)["timeliness"]).whole],
            width=960, labels=150,
        ),
        "consistency": bars(
            "match", "相同事项是否对应一致", "各单位的相同事项中一致、有说明、不一致、缺对应的件数。",
            [b for name, units in lines if (b := _state_bar(name, units))], width=960, labels=150, legend=("同源或者一致", "有说明", "不一致", "缺对应"),
        ),
        "trend": columns(
            "trend", "近12个月公开、按时和更正的件数", "按公开日期和更正日期统计的每月件数。", [f"{m.start.year % 100}年{m.start.month}月" for m in facts.months],
            [("公开", [m.published for m in facts.months]), ("其中按时", [m.in_time for m in facts.months]), ("更正", [m.corrected for m in facts.months])],
        ),
    }  # fmt: skip


def _heats(facts: Facts) -> list[tuple[str, Markup, list[UnitFacts]]]:
    """Title, chart and units of the matrices of fields and units: governments, and villages by township."""
    made = []
    for level, title in ((False, "领域和单位：县级、乡级"), (True, "领域和单位：村级")):
        units = [u for u in facts.units if (u.unit.level is Level.VILLAGE) is level]
        lines = _by_township(facts.units) if level else [(u.unit.data.name, [u]) for u in units]
        chart = _heat(f"heat{int(level)}", title, lines, facts)
        if chart is not None:
            made.append((title, chart, units))
    return made


def _heat(ident: str, title: str, lines: list[tuple[str, list[UnitFacts]]], facts: Facts) -> Markup | None:
    """Fields and units; ``None`` where there are no such units."""
    rows, cells = [], []
    for field in facts.region.catalog.fields:
        line = [_field_share(units, field.id) for _, units in lines]
        if any(s.whole for s in line):
            rows.append(field.name)
            cells.append([Cell(s.value, f"{s.part}/{s.whole}" if s.whole else "") for s in line])
    told = "各领域应公开事项中已有公开信息的项数，颜色越深越全；空白表示该级没有应公开的事项。"
    return matrix(ident, title, told, rows, [name for name, _ in lines], cells) if rows else None


def _score_bar(name: str, units: Sequence[UnitFacts]) -> Bar | None:
    scores = [u.score for u in units if u.score is not None]
    if not scores:
        return None
    mean = (sum(scores, Decimal(0)) / len(scores)).quantize(Decimal("0.1"))
    return Bar(name, (mean,), 100, f"{mean}分" if len(units) == 1 else f"平均{mean}分")


def _state_bar(name: str, units: Sequence[UnitFacts]) -> Bar | None:
    derived, agree, explained, differ, missing = (sum(u.states[s] for u in units) for s in STATES)
    whole = derived + agree + explained + differ + missing
    text = f"{derived + agree}/{explained}/{differ}/{missing}"
    return Bar(name, (derived + agree, explained, differ, missing), whole, text) if whole else None


# ---- The matrix of items and units.


def _field_parts(facts: Facts) -> Iterator[FieldPart]:
    for field in facts.region.catalog.fields:
        units = [u for u in facts.units if field.id in u.fields]
        if units:
            yield FieldPart(field, _field_share(units, field.id), tuple(_grids(field, units, facts)))


def _grids(field: Field, units: Sequence[UnitFacts], facts: Facts) -> Iterator[Grid]:
    governments = [u for u in units if u.unit.level is not Level.VILLAGE]
    groups = [("县级、乡级", governments)] if governments else []
    by_township = groupby([u for u in units if u.unit.level is Level.VILLAGE], key=lambda u: u.unit.code[:9])
    above = {code[:9]: u.data.name for code, u in facts.region.units.items() if u.level is Level.TOWNSHIP}
    groups += [(f"{above.get(code, code)}各村、社区", list(group)) for code, group in by_township]
    for caption, group in groups:
        for part in (group[n : n + _COLUMNS] for n in range(0, len(group), _COLUMNS)):
            rows = [_row(item.id, item.name, [u.fields[field.id] for u in part]) for item in field.items]
            yield Grid(caption, tuple(u.unit.data.name for u in part), tuple(r for r in rows if any(r[1])))


def _row(id: str, name: str, found: Sequence[Coverage]) -> tuple[str, tuple[str, ...], str]:
    marks = []
    for c in found:
        marks.append("●" if id in c.present else "○" if id in c.missing else "—" if id in c.excused else "")
    return name, tuple(marks), f"{marks.count('●')}/{marks.count('●') + marks.count('○')}"
