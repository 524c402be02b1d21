"""Region → what each unit's pages say of how people apply, take part and follow, on a day."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from msgspec.structs import replace

from . import channels, participation
from .annual_making import figures_of
from .application_figures import of_report, statistics
from .applications import YearFigures
from .applying import ApplyFile, ApplyView
from .base import Level
from .channels import BoardView, ChannelsView, ReachView, Tally, account_views, tally
from .matter import is_public
from .participation import MeetingView, ParticipationView
from .reach import OutreachView, Placed
from .region import Region, Unit
from .unit import Board, ancestors, parent_code


class Outreach:
    """Makes the views of all units, and knows the days on which they turn."""

    def __init__(self, region: Region, date: dt.date, held: frozenset[str], withheld: frozenset[str]) -> None:
        self.region, self.date, self.held, self.withheld = region, date, held, withheld
        self.days = region.data.thresholds.account_review
        self.turns: dict[str, set[dt.date]] = defaultdict(set)
        self.children: dict[str, list[Unit]] = defaultdict(list)
        self.sums: dict[tuple[str, Level], Tally] = defaultdict(Tally)
        """By unit and level: of the unit and all below it."""
        for unit in region.units.values():
            self._count(unit)

    def _count(self, unit: Unit) -> None:
        own = unit.reach.channels.data if unit.reach.channels else None
        mine = tally(own, len(unit.data.boards), self.date, self.days)
        for code in (unit.code, *ancestors(unit.code)):
            self.sums[code, unit.level] += mine
            self.turns[code].update(channels.turns(own, self.days))
        if above := parent_code(unit.code):
            self.children[above].append(unit)

    def view(self, unit: Unit, before: OutreachView | None) -> OutreachView:
        """What a unit shows. ``before`` is what it showed last: that stays for a file which cannot be understood now."""
        made = OutreachView(self._apply(unit), self._participation(unit), self._channels(unit))
        if before is None:
            return made
        apply = before.apply if self._held(unit, "apply.yml") else made.apply
        if self._held(unit, "applications.yml") and before.apply is not None and before.apply.statistics:
            apply = replace(apply or ApplyView(), statistics=before.apply.statistics)
        return OutreachView(
            apply,
            before.participation if self._held(unit, "participation.yml") else made.participation,
            before.channels if self._held(unit, "channels.yml") else made.channels,
        )

    def _held(self, unit: Unit, name: str) -> bool:
        """Whether what the file said earlier stays."""
        file = f"{unit.folder}/{name}"
        return file in self.held and file not in self.withheld

    def _apply(self, unit: Unit) -> ApplyView | None:
        if unit.level is Level.VILLAGE:
            return None
        given = {y.data.year: y.data for y in unit.reach.years}
        reported = {y.year: y for y in reports(unit)}
        years = statistics([a.data for a in unit.applications], list((reported | given).values()), self.date)
        if years and years[0].as_of:
            self.turns[unit.code].add(dt.date(self.date.year + 1, 1, 1))
        own = unit.reach.apply.data if unit.reach.apply else None
        if own is None:
            return ApplyView(statistics=years) if years else None
        flow, replies, of = own.flow, own.replies, ""
        for name, above in ((self.region.units[c].data.name, p.data) for c in ancestors(unit.code) if (p := self._above(c))):
            flow = flow or above.flow
            if not replies and above.replies:
                replies, of = above.replies, name
        return ApplyView(own.organ, own.ways, flow, replies, of, years)

    def _above(self, code: str) -> Placed[ApplyFile] | None:
        unit = self.region.units.get(code)
        return unit.reach.apply if unit else None

    def _participation(self, unit: Unit) -> ParticipationView | None:
        if unit.level is Level.VILLAGE or unit.reach.participation is None:
            return None
        data = unit.reach.participation.data
        self.turns[unit.code].update(participation.turns(data.meetings))
        meetings = tuple(MeetingView(m, m.on < self.date, self._record(unit, m.record)) for m in data.meetings)
        titles = {p.front.title for p in unit.pages if p.front.kind == "rules"}
        made = ParticipationView(data.rules if data.rules in titles else "", data.matters, data.ways, participation.in_order(meetings))
        return made if made != ParticipationView() else None

    def _record(self, unit: Unit, ref: str | None) -> str:
        """Address of a public record that a meeting names, or ""."""
        if ref is None:
            return ""
        record = self.region.by_ref.get(ref if "/" in ref else f"{unit.code}/{ref}")
        if record is None or record.ref in self.held or not is_public(record):
            return ""
        return f"{self.region.units[record.unit].data.site.url}r/{record.front.id.lower()}/"

    def _channels(self, unit: Unit) -> ChannelsView | None:
        if not self._has_page(unit):
            return None
        own = unit.reach.channels.data if unit.reach.channels else None
        below = [self._below(child) for child in self.children[unit.code]]
        levels = [(level.zh, self.sums[unit.code, level]) for level in Level] if below else []
        return ChannelsView(
            accounts=account_views(own, self.date, self.days),
            zones=own.zones if own else (),
            media=own.media if own else (),
            boards=_boards(unit.data.boards),
            below=tuple(b for b in below if b.accounts or b.zones or b.boards or b.below != Tally()),
            levels=tuple((name, found) for name, found in levels if found.accounts or found.zones or found.boards),
        )

    def _has_page(self, unit: Unit) -> bool:
        """A government has one as soon as there is something, a village only where it says more than where its board hangs."""
        if unit.reach.channels is not None and unit.reach.channels.data != type(unit.reach.channels.data)():
            return True
        return unit.level is not Level.VILLAGE and any(
            self.sums[unit.code, level] != Tally(self.sums[unit.code, level].units) for level in Level
        )

    def _below(self, unit: Unit) -> ReachView:
        own = unit.reach.channels.data if unit.reach.channels else None
        below = sum((self.sums[unit.code, level] for level in Level if level is not unit.level), Tally())
        return ReachView(
            unit.data.name,
            unit.level,
            f"{unit.data.site.url}channels/" if self._has_page(unit) else "",
            account_views(own, self.date, self.days),
            own.zones if own else (),
            _boards(unit.data.boards),
            below,
        )


def reports(unit: Unit) -> list[YearFigures]:
    """The figures of applications that a unit's annual reports give."""
    pages = ((page, figures_of(page)) for page in unit.pages)
    return [of_report(p.front.year, f.applications) for p, f in pages if p.front.year and f is not None and f.applications is not None]


def _boards(boards: tuple[Board, ...]) -> tuple[BoardView, ...]:
    return tuple(BoardView(b.place, tuple(dict.fromkeys(s.topic for s in b.slots if s.topic))) for b in boards)
