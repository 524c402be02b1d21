"""All pages of a unit, as values. A page exists only if it has something to say."""

from __future__ import annotations

from collections.abc import Sequence

from sitegen.model.views import UnitView

from .affairs import affair_pages
from .apply import apply_files, apply_pages
from .assurance import assurance_pages
from .board import board_pages
from .calendars import calendar_files
from .catalog import catalog_pages
from .channels import channels_pages
from .codes import q_pages
from .committee import committee_pages
from .documents import document_pages
from .feeds import feed_files, feed_pages
from .home import home_page, units_page
from .interpretation import interpretation_pages
from .lists import list_pages
from .matters import matter_pages
from .opendata import data_files, data_pages
from .participation import participation_pages
from .records import record_pages
from .search import search_page
from .sections import section_pages
from .services import service_pages
from .sitemaps import sitemap_files
from .spec import FileSpec, PageSpec
from .supervision import supervision_pages

__all__ = ["files", "pages", "q_pages"]


def pages(view: UnitView) -> list[PageSpec]:
    """Every page of the unit's site; the codes' pages are :func:`q_pages`."""
    return [
        home_page(view),
        *units_page(view),
        search_page(view),
        *section_pages(view),
        *affair_pages(view),
        *committee_pages(view),
        *board_pages(view),
        *apply_pages(view),
        *interpretation_pages(view),
        *participation_pages(view),
        *channels_pages(view),
        *service_pages(view),
        *supervision_pages(view),
        *assurance_pages(view),
        *list_pages(view),
        *document_pages(view),
        *data_pages(view),
        *feed_pages(view),
        *catalog_pages(view),
        *record_pages(view),
        *matter_pages(view),
    ]


def files(view: UnitView, made: Sequence[PageSpec]) -> list[FileSpec]:
    """Every file beside the pages ``made``, each under an address of its own. Like the pages, they see the unit only as the web may."""
    return [*apply_files(view), *data_files(view), *feed_files(view), *calendar_files(view), *sitemap_files(view, made)]
