"""Documents by type, topic, field and validity (文件分类): ways to find what one does not know the item of.

Lists by year are the lists of all records; fields also have their sections. A list exists only where it lists something.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping

from msgspec import Struct

from sitegen.model.documents import POLICY, TOPICS
from sitegen.model.record_views import RecordView, RelationView
from sitegen.model.relations import REPLACED
from sitegen.model.views import ReviewYear, UnitView

from . import menu, meta
from .paging import Listing, listing_pages
from .spec import Crumb, PageSpec

PATH = "documents/"
_TYPES: dict[str, str] = {
    "法规规章": "regulations",
    "规范性文件": "normative",
    "政策文件": "policies",
    "政策解读": "interpretations",
    "通知": "notices",
    "公告": "announcements",
    "公示": "postings",
    "决议决定": "decisions",
    "计划总结": "plans",
    "财政财务": "accounts",
    "行政执法": "enforcement",
    "结果信息": "results",
    "答复": "replies",
    "办事指南": "guides",
    "名录清单": "registers",
    "其他信息": "other",
}
"""Types in their order, and the last step of each one's address."""
_TOPICS: dict[str, str] = {topic: f"topic-{n:02}" for n, topic in enumerate(TOPICS, 1)}


class Way(Struct, frozen=True):
    """A way into the documents."""

    name: str
    path: str
    count: int


class Part(Struct, frozen=True):
    """Ways of one kind, under a heading."""

    heading: str
    ways: tuple[Way, ...]


class IndexData(Struct, frozen=True):
    """文件分类: all ways."""

    lead: str
    parts: tuple[Part, ...]


class Ended(Struct, frozen=True):
    """A document that is in force no more."""

    record: RecordView
    since: dt.date | None
    """The first day on which it was not in force, where the record says so."""
    by: tuple[RelationView, ...]
    """What replaced it."""


class CleanUpData(Struct, frozen=True):
    """清理结果: what ended in a year, or without a day."""

    heading: str
    lead: str
    ended: tuple[tuple[str, tuple[Ended, ...]], ...]
    """By 废止 and 失效."""
    years: tuple[Way, ...]
    """The other years."""


class ReviewData(Struct, frozen=True):
    """不予公开信息的定期审查: numbers by year."""

    years: tuple[ReviewYear, ...]


def document_pages(view: UnitView) -> list[PageSpec]:
    """The index and all lists that have something."""
    parts = [p for p in _parts(view) if p.ways]
    if not parts:
        return []
    return [
        PageSpec(
            path=PATH,
            template="pages/documents.html",
            title="文件分类",
            description=f"{menu.site_name(view)}：按类型、领域、年份查找已公开的文件。",
            section="documents",
            data=IndexData(_lead(view), tuple(parts)),
            meta=meta.column(view, "文件分类"),
        ),
        *_listings(view),
        *_clean_up(view),
        *_reviews(view),
    ]


def _lead(view: UnitView) -> str:
    return "不知道属于哪个领域的，可以按文件的类型、主题和年份查找。" if not menu.is_village(view) else "按类型、栏目和年份查找。"


def _parts(view: UnitView) -> list[Part]:
    years = Counter(r.published.year for r in view.records)  # newest first, as the records are
    made = [
        Part("按类型", _ways(_TYPES, [r.type for r in view.records])),
        Part("按主题", _ways(_TOPICS, [r.topic for r in view.records if r.topic])),
        Part("按栏目" if menu.is_village(view) else "按领域", _field_ways(view)),
        Part("按年份", tuple(Way(f"{year}年", f"list/{year}/", n) for year, n in years.items())),
    ]
    if not menu.is_village(view):
        valid = [r for r in view.records if _is_policy(r) and r.validity == "有效"]
        ways = [Way("现行有效的政策文件", f"{PATH}in-force/", len(valid))] if valid else []
        ways += _year_ways(_ended_by_year(view))
        if view.reviews:
            ways.append(Way("不予公开信息定期审查", f"{PATH}not-public/", 0))
        made.append(Part("有效性和审查", tuple(ways)))
    return made


def _ways(slugs: Mapping[str, str], found: Iterable[str]) -> tuple[Way, ...]:
    counts = Counter(found)
    return tuple(Way(name, f"{PATH}{slug}/", counts[name]) for name, slug in slugs.items() if counts[name])


def _field_ways(view: UnitView) -> tuple[Way, ...]:
    made = []
    for field in view.fields:
        count = sum(len(i.records) for i in field.items)
        if count:
            # A village's sections list the same records.
            path = menu.field_path(field, view) if menu.is_village(view) else f"{PATH}field-{field.id.lower()}/"
            made.append(Way(field.name, path, count))
    return tuple(made)


def _listings(view: UnitView) -> list[PageSpec]:
    crumbs = (Crumb("文件分类", PATH),)
    made = []
    for slugs, of, note in ((_TYPES, "type", "按文件类型归类。"), (_TOPICS, "topic", "按主题分类。")):
        for name, slug in slugs.items():
            found = [r for r in view.records if getattr(r, of) == name]
            made += listing_pages(view, Listing(f"{PATH}{slug}/", name, "", "documents", crumbs, note), found)
    for field in () if menu.is_village(view) else view.fields:
        ids = {id for i in field.items for id in i.records}
        found = [r for r in view.records if r.id in ids]
        what = Listing(f"{PATH}field-{field.id.lower()}/", f"{field.name}全部信息", field.summary, "documents", crumbs, "按发布日期排列。")
        made += listing_pages(view, what, found)
    if not menu.is_village(view):
        found = [r for r in view.records if _is_policy(r) and r.validity == "有效"]
        lead = "目前仍然有效的法规规章、规范性文件和有文号的政策文件。已经废止、失效的，见各年清理结果。"
        made += listing_pages(view, Listing(f"{PATH}in-force/", "现行有效的政策文件", lead, "documents", crumbs), found)
    return made


def _is_policy(record: RecordView) -> bool:
    """A document whose validity people rely on: a policy, or whatever carries a number (文号)."""
    return not record.personal and (record.type in POLICY or record.document_number is not None)


# ---- 清理结果.


def _ended_by_year(view: UnitView) -> dict[int | None, list[Ended]]:
    """Documents that ended, by year, the latest first; without a day under ``None``, last."""
    found: dict[int | None, list[Ended]] = {}
    for record in view.records:
        if record.validity != "有效" and _is_policy(record):
            by = tuple(r for r in record.relations if r.label == REPLACED)
            found.setdefault(record.abolished.year if record.abolished else None, []).append(Ended(record, record.abolished, by))
    return {year: found[year] for year in sorted(found, key=lambda y: -(y or 0))}


def _year_ways(found: dict[int | None, list[Ended]]) -> list[Way]:
    return [Way(_year_title(year), _year_path(year), len(ended)) for year, ended in found.items()]


def _year_title(year: int | None) -> str:
    return f"{year}年清理结果" if year else "未注明日期的废止、失效文件"


def _year_path(year: int | None) -> str:
    return f"{PATH}cleanup/{year or 'undated'}/"


def _clean_up(view: UnitView) -> list[PageSpec]:
    if menu.is_village(view):
        return []
    found = _ended_by_year(view)
    ways = _year_ways(found)
    made = []
    for year, ended in found.items():
        title = _year_title(year)
        groups = tuple((word, part) for word in ("废止", "失效") if (part := tuple(e for e in ended if e.record.validity == word)))
        lead = f"{year}年起不再执行的文件，共{len(ended)}件。" if year else f"共{len(ended)}件。"
        data = CleanUpData(
            f"{title}：废止、失效的文件" if year else title, lead, groups, tuple(w for w in ways if w.path != _year_path(year))
        )
        made.append(
            PageSpec(_year_path(year), "pages/cleanup.html", title, f"{view.unit.name}{title}，共{len(ended)}件。", "documents", data,
                     crumbs=(Crumb("文件分类", PATH),), meta=meta.column(view, title))
        )  # fmt: skip
    return made


def _reviews(view: UnitView) -> list[PageSpec]:
    if not view.reviews:
        return []
    title = "不予公开信息定期审查"
    return [
        PageSpec(f"{PATH}not-public/", "pages/not-public.html", title, f"{view.unit.name}对不予公开的政府信息定期审查的情况，只公布件数。", "documents",
                 ReviewData(view.reviews), crumbs=(Crumb("文件分类", PATH),), meta=meta.column(view, title))
    ]  # fmt: skip
