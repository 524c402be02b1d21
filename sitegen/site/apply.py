"""Disclosure on application (依申请公开): the guide with its ways, the drawn procedure, the form, standard replies, statistics."""

from __future__ import annotations

from markupsafe import Markup
from msgspec import Struct

from sitegen.application_form import FormData, FormWay, application_form
from sitegen.charts import Bar, bars, columns
from sitegen.flowchart import flowchart_parts
from sitegen.model.application_figures import YearStatistics
from sitegen.model.applying import ApplyView, ApplyWay, StandardReply
from sitegen.model.views import TextPage, UnitView

from . import menu, meta
from .spec import Crumb, FileSpec, PageSpec

PATH = "apply/"
FORM = "apply/shenqingbiao.pdf"
TITLE = "依申请公开"
NOTES = (
    "能够当场答复的当场答复；不能当场答复的，自收到申请之日起20个工作日内答复。写得不清楚的，7个工作日内一次性告知怎样补正。",
    "提供政府信息不收费；申请的数量、频次明显超过合理范围的，按国家规定收取信息处理费。",
    "证件号码和联系方式只用于办理本次申请。",
)
"""What every form says at its foot: the Regulations on Government Information Disclosure, Articles 30, 33 and 42."""


class ApplyData(Struct, frozen=True):
    """The guide."""

    page: TextPage | None
    apply: ApplyView
    chart: tuple[Markup, ...]
    latest: YearStatistics | None
    others: tuple[tuple[str, str], ...]
    """Further texts of the unit about applying, as (title, path)."""


class RepliesData(Struct, frozen=True):
    """The standard replies."""

    replies: tuple[StandardReply, ...]
    of: str


class FormPageData(Struct, frozen=True):
    """The form as a page to print."""

    form: FormData


class YearCharts(Struct, frozen=True):
    """A year with its drawings."""

    year: YearStatistics
    results: Markup
    fields: Markup | None


class StatisticsData(Struct, frozen=True):
    """Applications in figures."""

    years: tuple[YearCharts, ...]
    over_years: Markup | None


def apply_pages(view: UnitView) -> list[PageSpec]:
    """The pages that the unit's files and texts give rise to."""
    made = view.outreach.apply
    if made is None or menu.is_village(view):
        return []
    texts = [p for p in menu.text_pages(view) if p.kind == "apply"]
    main = next((p for p in texts if menu.text_path(p, view) == PATH), None)
    others = tuple((p.title, menu.text_path(p, view)) for p in texts if p is not main)
    data = ApplyData(
        page=main,
        apply=made,
        chart=flowchart_parts("flow", made.flow) if made.flow else (),
        latest=made.statistics[0] if made.statistics else None,
        others=others,
    )
    title = main.title if main else TITLE
    tags = meta.text(view, main, TITLE) if main else meta.column(view, TITLE)
    described = f"{view.unit.name}{TITLE}：怎么申请、向谁申请、办理流程、申请表、答复期限。"
    pages = [
        PageSpec(PATH, "pages/apply.html", title, described, "apply", data, meta=tags, files=main.attachments if main else ()),
    ]
    if made.ways:
        pages.append(_page(view, "apply/form/", "pages/apply-form.html", "政府信息公开申请表", FormPageData(form_data(view, made))))
    if made.replies:
        pages.append(
            _page(view, "apply/replies/", "pages/apply-replies.html", "答复文书格式", RepliesData(made.replies, made.of), made.replies)
        )
    if made.statistics:
        pages.append(_page(view, "apply/statistics/", "pages/apply-statistics.html", "依申请公开统计", _statistics(view, made.statistics)))
    return pages


def apply_files(view: UnitView) -> list[FileSpec]:
    """The form to fill in."""
    made = view.outreach.apply
    if made is None or not made.ways or menu.is_village(view):
        return []
    return [FileSpec(FORM, form_data(view, made), application_form)]


def form_data(view: UnitView, made: ApplyView) -> FormData:
    """What is printed on the unit's form."""
    ways = tuple(FormWay(way.kind, _way_text(way)) for way in made.ways)
    return FormData("政府信息公开申请表", view.unit.name, made.organ, ways, NOTES)


def _way_text(way: ApplyWay) -> str:
    parts = [way.to, way.url, way.hours, f"电话{way.phone}" if way.phone and way.kind != "电话" else None, way.note]
    return "，".join(part for part in parts if part)


def _page(view: UnitView, path: str, template: str, title: str, data: object, text: object = None) -> PageSpec:
    about = f"{view.unit.name}{title}。"
    return PageSpec(path, template, title, about, "apply", data, crumbs=(Crumb(TITLE, PATH),), meta=meta.column(view, title), text=text)


def _statistics(view: UnitView, years: tuple[YearStatistics, ...]) -> StatisticsData:
    over = None
    if len(years) > 1:
        oldest_first = tuple(reversed(years))
        told = "，".join(f"{y.year}年收到{y.received}件、答复{y.replied}件" for y in oldest_first) + "。"
        over = columns(
            "over",
            "历年收到和答复的申请",
            told,
            [f"{y.year}年" for y in oldest_first],
            [("本年收到", [y.received for y in oldest_first]), ("本年答复", [y.replied for y in oldest_first])],
            width=max(360, 130 * len(years)),
        )
    return StatisticsData(tuple(_charts(view, y) for y in years), over)


def _charts(view: UnitView, year: YearStatistics) -> YearCharts:
    most = max((n for _, n in year.results), default=0)
    rows = [Bar(name, (n,), max(1, most), f"{n}件 {_share(n, year.replied)}") for name, n in year.results if n]
    told = f"{view.unit.name}{year.year}年答复{year.replied}件：" + "，".join(f"{name}{n}件" for name, n in year.results if n) + "。"
    results = bars(f"results-{year.year}", f"{year.year}年办理结果", told, rows)
    fields = None
    if year.fields:
        top = max(n for _, n in year.fields)
        told = f"{view.unit.name}{year.year}年收到的申请：" + "，".join(f"{name}{n}件" for name, n in year.fields) + "。"
        fields = bars(
            f"fields-{year.year}",
            f"{year.year}年申请所涉领域",
            told,
            [Bar(name, (n,), top, f"{n}件 {_share(n, year.received)}") for name, n in year.fields],
        )
    return YearCharts(year, results, fields)


def _share(part: int, whole: int) -> str:
    return f"{round(100 * part / whole)}%" if whole else ""
