"""Assurance and supervision of disclosure (组织保障、考核评议、监督检查): bodies, scheme and scores, what people think, what inspections found."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

from msgspec import Struct

from sitegen.charts import Bar, bars
from sitegen.model.affair_views import AssuranceView, EvaluationView, InspectionView, ScoreView
from sitegen.model.record_views import RecordView
from sitegen.model.views import UnitView

from . import menu, meta
from .spec import Crumb, PageSpec

PATH = "assurance/"
TITLE = "保障和监督"


class SchemeBlock(Struct, frozen=True):
    """A year's scheme."""

    year: int
    name: str
    weight: str
    parts: tuple[tuple[str, str, str], ...]
    """Name, points, how it is judged."""
    record: RecordView | None


class ScoresBlock(Struct, frozen=True):
    """A year's published scores, the best first."""

    year: int
    published: dt.date
    full: str
    chart: str
    rows: tuple[tuple[ScoreView, str], ...]
    record: RecordView | None


class AnswerBlock(Struct, frozen=True):
    """A question with its answers as a picture and in figures."""

    ask: str
    chart: str
    answers: tuple[tuple[str, int, str], ...]


class EvaluationBlock(Struct, frozen=True):
    """An evaluation by the public."""

    view: EvaluationView
    questions: tuple[AnswerBlock, ...]
    record: RecordView | None


class AssuranceData(Struct, frozen=True):
    """The page; every part may be missing."""

    assurance: AssuranceView
    schemes: tuple[SchemeBlock, ...]
    scores: tuple[ScoresBlock, ...]
    evaluations: tuple[EvaluationBlock, ...]
    inspections: tuple[tuple[InspectionView, RecordView | None], ...]
    parts: tuple[tuple[str, str], ...]
    """Anchors of the parts that are there, with their names."""
    standing: bool
    """There is a section of supervision with the figures."""


def assurance_pages(view: UnitView) -> list[PageSpec]:
    """The page, for a county or township that says something of it."""
    a = view.assurance
    if menu.is_village(view) or not a:
        return []
    records = {r.id: r for r in view.records}
    parts = (
        (bool(a.responsible or a.funding or a.training), "who", "责任机构"),
        (bool(a.schemes), "scheme", "考核办法"),
        (bool(a.scores), "scores", "考核结果"),
        (bool(a.evaluations), "people", "社会评议"),
        (bool(a.inspections), "inspections", "检查通报"),
        (bool(a.accountability), "account", "责任追究"),
    )
    data = AssuranceData(
        a,
        tuple(
            SchemeBlock(year, name, plain(weight), tuple((n, plain(p), how or "") for n, p, how in made), records.get(id or ""))
            for year, name, weight, made, id in a.schemes
        ),
        tuple(_scores(view, *one, records) for one in a.scores),
        tuple(EvaluationBlock(e, tuple(_answers(f"e{n}q{k}", *q) for k, q in enumerate(e.asked)), records.get(e.record or "")) for n, e in enumerate(a.evaluations)),
        tuple((i, records.get(i.record or "")) for i in a.inspections),
        tuple((ident, name) for there, ident, name in parts if there),
        view.supervision_facts is not None,
    )  # fmt: skip
    title = f"政务公开{TITLE}"
    about = f"{view.unit.name}{title}：{'、'.join(name for _, name in data.parts)}。"
    crumbs = (Crumb("公开监督", "supervision/"),) if data.standing else ()
    return [
        PageSpec(
            PATH,
            "pages/assurance.html",
            title,
            about,
            "supervision",
            data,
            crumbs=crumbs,
            meta=meta.column(view, title, about),
            text=_text(a),
        )
    ]


def _text(a: AssuranceView) -> str:
    """What search finds of it."""
    lines = (
        *(f"{body} {posts or ''} {duties or ''}" for body, _, posts, duties, _ in a.responsible), a.funding or "", *a.training, *a.accountability,
        *(f"{s[1]} {name} {how or ''}" for s in a.schemes for name, _, how in s[3]), *(x for e in a.evaluations for pair in e.opinions for x in pair),
        *(f"{i.title} {'；'.join(i.found)} {i.mended or ''}" for i in a.inspections),
    )  # fmt: skip
    return "\n".join(" ".join(line.split()) for line in lines if line.strip())


def plain(value: Decimal) -> str:
    """93.5, 4, 100: without zeros that say nothing."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _scores(
    view: UnitView,
    year: int,
    published: dt.date,
    full: Decimal,
    scores: tuple[ScoreView, ...],
    id: str | None,
    records: dict[str, RecordView],
) -> ScoresBlock:
    best = sorted(scores, key=lambda s: (-s.score, s.name))
    rows = [Bar(s.name, (s.score,), full, f"{plain(s.score)}分") for s in best]
    told = "；".join(f"{s.name}{plain(s.score)}分" for s in best)
    chart = (
        bars(f"scores{year}", f"{view.unit.name}{year}年政务公开考核得分", f"满分{plain(full)}分。{told}", rows) if len(rows) > 1 else ""
    )
    return ScoresBlock(year, published, plain(full), chart, tuple((s, plain(s.score)) for s in best), records.get(id or ""))


def _answers(ident: str, ask: str, answers: tuple[tuple[str, int], ...]) -> AnswerBlock:
    whole = sum(n for _, n in answers)
    shares = tuple((name, n, _share(n, whole)) for name, n in answers)
    rows = [Bar(name, (n,), whole, f"{n}份 {share}") for name, n, share in shares]
    chart = bars(ident, ask, "；".join(f"{name}{n}份，占{share}" for name, n, share in shares), rows) if whole else ""
    return AnswerBlock(ask, chart, shares)


def _share(n: int, whole: int) -> str:
    return f"{(Decimal(100 * n) / whole).quantize(Decimal('0.1'), ROUND_HALF_UP)}%" if whole else "—"
