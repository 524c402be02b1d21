"""The section of supervision (监督): how the unit and those below it stand with their disclosure, in facts that anybody may see."""

from __future__ import annotations

from msgspec import Struct

from sitegen.charts import Bar, bars
from sitegen.model.base import Level
from sitegen.model.supervision_views import MilestoneView, Standing, SupervisedField, SupervisedUnit, SupervisionView
from sitegen.model.unit import UnitLink
from sitegen.model.views import UnitView

from . import meta
from .spec import PageSpec

PATH = "supervision/"
_STATES = {"done": ("已完成", "over"), "done_late": ("已完成", "over"), "open": ("进行中", "soon"), "overdue": ("到期未完成", "stage")}


class Row(Struct, frozen=True):
    """A line of the table of units."""

    unit: SupervisedUnit
    name: str
    more: str
    """Address of the unit's own section of supervision, or ""."""
    standing: Standing
    below: bool
    """The line sums up what is below the unit above it."""


class MilestoneLine(Struct, frozen=True):
    """A milestone with the word for its state."""

    milestone: MilestoneView
    word: str
    chip: str
    """Class of the chip."""


class SupervisionData(Struct, frozen=True):
    """What the page shows."""

    lead: str
    total: Standing
    rows: tuple[Row, ...]
    children: str
    """What the units below are called."""
    fields: tuple[SupervisedField, ...]
    levels: tuple[str, ...]
    """Columns of the table of fields."""
    charts: tuple[str, ...]
    """Beside each other where there is room."""
    milestones: tuple[MilestoneLine, ...]


def share(part: int, whole: int) -> str:
    """How much of the whole, rounded down: 100% is all of it."""
    return f"{100 * part // whole}%" if whole else "—"


def supervision_pages(view: UnitView) -> list[PageSpec]:
    """The page, where there is somebody to supervise."""
    facts = view.supervision_facts
    if facts is None:
        return []
    data = SupervisionData(
        lead=_lead(view, facts),
        total=facts.total,
        rows=tuple(row for unit in facts.units for row in _rows(unit, view)),
        children="各村、社区" if facts.units[1].unit.level is Level.VILLAGE else "各乡镇、街道",
        fields=facts.fields,
        levels=tuple(dict.fromkeys(name for level in Level for name, *_ in _of_level(facts, level.zh))),
        charts=_charts(view.unit, facts),
        milestones=tuple(MilestoneLine(m, *_STATES[m.state]) for m in facts.milestones),
    )
    title = f"{view.unit.name}公开监督"
    return [
        PageSpec(
            path=PATH,
            template="pages/supervision.html",
            title=title,
            description=f"{title}：公开了多少、是否按时、政务公开与村务公开是否一致，监督电话。",
            section="supervision",
            data=data,
            meta=meta.column(view, "公开监督"),
        )
    ]


def _of_level(facts: SupervisionView, name: str) -> list[tuple[str, int, int]]:
    return [found for f in facts.fields for found in f.levels if found[0] == name]


def _lead(view: UnitView, facts: SupervisionView) -> str:
    villages = sum(u.below_count or u.unit.level is Level.VILLAGE for u in facts.units[1:])
    towns = sum(1 for u in facts.units[1:] if u.unit.level is not Level.VILLAGE)
    below = "、".join(t for t in (f"{towns}个乡镇、街道" if towns else "", f"{villages}个村、社区" if villages else "") if t)
    return f"{view.unit.name}本级和{below}的公开情况，由已公开的信息汇总。"


def _rows(unit: SupervisedUnit, view: UnitView) -> list[Row]:
    own = unit.unit.code == view.unit.code
    more = f"{unit.unit.url}{PATH}" if unit.below_count and (unit.own + unit.below).records else ""
    made = [Row(unit, f"{unit.unit.name}本级" if own else unit.unit.name, more, unit.own, False)]
    if unit.below_count:
        made.append(Row(unit, f"所属{unit.below_count}个村、社区", "", unit.below, True))
    return made


def _charts(unit: UnitLink, facts: SupervisionView) -> tuple[str, ...]:
    rows = []
    for field in facts.fields:
        present, owed = sum(p for _, p, _ in field.levels), sum(o for _, _, o in field.levels)
        rows.append(Bar(field.name, (present,), owed, f"{present}/{owed}项 {share(present, owed)}"))
    told = f"{unit.name}及所属单位各领域应公开事项中已有公开信息的项数，共{len(rows)}个领域。各数见图下的表。"
    half = -(-len(rows) // 2)
    parts = [part for part in (rows[:half], rows[half:]) if part]
    return tuple(bars(f"fields{n}", f"各领域公开事项覆盖情况（{n}/{len(parts)}）", told, part) for n, part in enumerate(parts, 1))
