"""What stands around every page of a unit: the only part of a view that the shell and all fragments may read besides their own page.

A page is built again when its own values change or these do, and never else; so a template that could read anything more could be
stale without anybody noticing. It cannot: what is not here is not there.
"""

from __future__ import annotations

from msgspec import Struct

from sitegen.model.unit import Contact, Footer, Supervision, UnitLink
from sitegen.model.views import ChildView, UnitView

from .menu import Entry, menu, quiet


class Frame(Struct, frozen=True):
    """The particulars of a unit, under the names that they have in :class:`~sitegen.model.views.UnitView`."""

    unit: UnitLink
    kind: str
    region: str
    ancestors: tuple[UnitLink, ...]
    children: tuple[ChildView, ...]
    intro: str | None
    organs: tuple[str, ...]
    contact: Contact
    supervision: Supervision
    footer: Footer
    host: str
    path: str
    traditional: str
    asks: bool
    """A village that says how to ask and has published something."""
    assured: bool
    """It says who answers for disclosure."""
    menu: tuple[Entry, ...]
    quiet: tuple[tuple[str, str], ...]


_AS_THEY_ARE = (
    "unit", "kind", "region", "ancestors", "intro", "organs", "contact", "supervision", "footer", "host", "path", "traditional",
)  # fmt: skip


def frame_of(view: UnitView) -> Frame:
    """The frame of a unit's pages."""
    return Frame(
        **{name: getattr(view, name) for name in _AS_THEY_ARE},
        # How many records the units below have is for the pages that say so; here only their addresses count.
        children=tuple(ChildView(c.unit, 0, (), None, 0, 0) for c in view.children),
        asks=bool(view.affairs.appeals and view.records),
        assured=bool(view.assurance),
        menu=tuple(menu(view)),
        quiet=quiet(view),
    )
