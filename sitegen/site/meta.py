"""Government meta tags, as crawlers and inspections read them."""

from __future__ import annotations

from sitegen.model.record_views import RecordView
from sitegen.model.views import TextPage, UnitView

from . import menu

Tags = tuple[tuple[str, str], ...]


def site(view: UnitView) -> Tags:
    """What every page says of its site."""
    tags = [("SiteName", menu.site_name(view)), ("SiteDomain", view.host)]
    if view.footer.site_code and not menu.is_village(view):
        tags.append(("SiteIDCode", view.footer.site_code))
    return tuple(tags)


def column(view: UnitView, name: str, description: str = "", keywords: str = "") -> Tags:
    """A page that lists."""
    tags = [*site(view), ("ColumnName", name), ("ColumnType", menu.site_kind(view))]
    tags.append(("ColumnKeywords", keywords or f"{view.unit.name},{name}"))
    if description:
        tags.append(("ColumnDescription", description))
    return tuple(tags)


def article(view: UnitView, record: RecordView, name: str) -> Tags:
    """A record's page."""
    return (
        *site(view),
        ("ColumnName", name),
        ("ColumnType", menu.site_kind(view)),
        ("ArticleTitle", record.title),
        ("PubDate", record.published.isoformat()),
        ("ContentSource", record.issuer),
    )


def text(view: UnitView, page: TextPage, name: str) -> Tags:
    """A text page: guide, rules, report."""
    return (
        *site(view),
        ("ColumnName", name),
        ("ColumnType", menu.site_kind(view)),
        ("ArticleTitle", page.title),
        ("PubDate", page.updated.isoformat()),
        ("ContentSource", view.footer.host_organ or view.organs[0]),
    )
