"""Channels (公开渠道): accounts of new media with their review, disclosure zones, and what is said by radio, television and paper.

The notice boards are in unit.yml. A township sums up its villages, a county everybody.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Literal

from msgspec import Struct
from pydantic import Field as Key
from pydantic import model_validator

from .base import Day, Level, Model, Text

Platform = Literal["微信公众号", "微信视频号", "微信群", "微博", "抖音", "快手", "今日头条", "移动客户端", "其他"]
"""Where an account is, in the order in which pages list them."""
PLATFORMS: tuple[Platform, ...] = ("微信公众号", "微信视频号", "微信群", "微博", "抖音", "快手", "今日头条", "移动客户端", "其他")
ZoneKind = Literal["政务服务大厅", "便民服务中心", "不动产登记中心", "档案馆", "图书馆", "其他窗口单位"]
"""Where disclosure zones are set up, as the notice names the places."""
MediumKind = Literal["广播", "电视", "报纸", "政府公报", "电子屏", "宣传车", "短信", "其他"]
AccountState = Literal["running", "due", "unfiled", "stopped"]
"""Reviewed and running; review due; not filed with the office in charge; stopped or closed."""

_DAY = dt.timedelta(1)


class Account(Model):
    """An account of new media (政务新媒体), which the office in charge has on its list (备案) and looks at every year (年审)."""

    name: Text
    platform: Platform
    run_by: Text = Key(description="who runs it: an office, not a person")
    purpose: Text | None = Key(None, description="what it is for, in a few words")
    filed: Day | None = Key(None, description="备案日期")
    reviewed: Day | None = Key(None, description="date of the last yearly review (年审)")
    stopped: Day | None = Key(None, description="the day from which it is closed or suspended")
    answers: Text | None = Key(None, description="how soon questions there are answered: 1个工作日内")

    @model_validator(mode="after")
    def _order(self) -> Account:
        if self.filed and any(day is not None and day < self.filed for day in (self.reviewed, self.stopped)):
            raise ValueError("it was reviewed or stopped before it was filed")
        return self

    def until(self, days: int) -> dt.date | None:
        """The last day for which its review, or its first year after filing, holds."""
        since = self.reviewed or self.filed
        return since + days * _DAY if since else None

    def state(self, date: dt.date, days: int) -> AccountState:
        """How it stands on ``date``; ``days`` is how long a review holds."""
        if self.stopped is not None and self.stopped <= date:
            return "stopped"
        until = self.until(days)
        return "unfiled" if until is None or self.filed is None else "running" if date <= until else "due"


class Zone(Model):
    """A disclosure zone (政务公开专区): uniform mark, furnishings, functions, management."""

    name: Text
    kind: ZoneKind
    address: Text
    hours: Text
    phone: Text | None = None
    has: tuple[Text, ...] = Key((), description="what is there: 查询终端2台, 打印机, 老花镜")
    does: tuple[Text, ...] = Key((), description="what one can do: 政府信息查询, 信息公开申请, 办事咨询")
    how: Text | None = Key(None, description="how to find it")


class Medium(Model):
    """Radio, television, paper and the like."""

    kind: MediumKind
    name: Text
    what: Text = Key(description="what is said there, and when")


class ChannelsFile(Model):
    """The file channels.yml of a unit's folder. In a village's: its accounts and groups, loudspeakers and the like."""

    accounts: tuple[Account, ...] = ()
    zones: tuple[Zone, ...] = ()
    media: tuple[Medium, ...] = ()


class AccountView(Struct, frozen=True):
    """An account on the day of the view."""

    data: Account
    state: AccountState


class BoardView(Struct, frozen=True):
    """A notice board as the directory names it."""

    place: str
    topics: tuple[str, ...]


class ReachView(Struct, frozen=True):
    """The accounts, zones and boards of one unit below."""

    name: str
    level: Level
    url: str
    """Of its page of channels; "" where it has none."""
    accounts: tuple[AccountView, ...]
    zones: tuple[Zone, ...]
    boards: tuple[BoardView, ...]
    below: Tally
    """Of all units below that one."""


class Tally(Struct, frozen=True):
    """How many there are, and of the accounts how many stand well."""

    units: int = 0
    accounts: tuple[tuple[Platform, int, int], ...] = ()
    """By platform: how many in use, and how many of these are reviewed."""
    zones: int = 0
    boards: int = 0

    def __add__(self, other: Tally) -> Tally:
        accounts = _together(self.accounts, other.accounts) if self.accounts and other.accounts else self.accounts or other.accounts
        return Tally(self.units + other.units, accounts, self.zones + other.zones, self.boards + other.boards)


def _together(*parts: tuple[tuple[Platform, int, int], ...]) -> tuple[tuple[Platform, int, int], ...]:
    counts: dict[Platform, list[int]] = {p: [0, 0] for p in PLATFORMS}
    for platform, n, well in (entry for part in parts for entry in part):
        counts[platform][0] += n
        counts[platform][1] += well
    return tuple((p, n, well) for p, (n, well) in counts.items() if n)


class ChannelsView(Struct, frozen=True):
    """What the page of channels shows."""

    accounts: tuple[AccountView, ...] = ()
    zones: tuple[Zone, ...] = ()
    media: tuple[Medium, ...] = ()
    boards: tuple[BoardView, ...] = ()
    below: tuple[ReachView, ...] = ()
    """The units right below, in order of their codes."""
    levels: tuple[tuple[str, Tally], ...] = ()
    """By level (县级, 乡级, 村级): the unit's own and all below it together."""


def in_use(accounts: Iterable[AccountView]) -> tuple[tuple[Platform, int, int], ...]:
    """By platform: accounts in use, and how many of these are reviewed."""
    all_: Counter[Platform] = Counter()
    well: Counter[Platform] = Counter()
    for one in accounts:
        if one.state != "stopped":
            all_[one.data.platform] += 1
            well[one.data.platform] += one.state == "running"
    return tuple((p, all_[p], well[p]) for p in PLATFORMS if all_[p])


def tally(own: ChannelsFile | None, boards: int, date: dt.date, days: int) -> Tally:
    """What one unit has."""
    if own is None:
        return Tally(1, (), 0, boards)
    views = (AccountView(a, a.state(date, days)) for a in own.accounts)
    return Tally(1, in_use(views), len(own.zones), boards)


def account_views(own: ChannelsFile | None, date: dt.date, days: int) -> tuple[AccountView, ...]:
    """A unit's accounts: in use first, by platform and as they stand in the file, then those that are stopped."""
    made = [AccountView(a, a.state(date, days)) for a in (own.accounts if own else ())]
    order: Mapping[str, int] = {p: n for n, p in enumerate(PLATFORMS)}
    return tuple(sorted(made, key=lambda a: (a.state == "stopped", order[a.data.platform])))


def turns(own: ChannelsFile | None, days: int) -> tuple[dt.date, ...]:
    """The days on which an account's state turns."""
    found = []
    for a in own.accounts if own else ():
        until = a.until(days)
        found += [day for day in (a.stopped, until + _DAY if until else None) if day is not None]
    return tuple(found)
