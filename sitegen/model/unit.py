"""Units (单位), organs (公开主体) and the region (区域) that holds them."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Annotated, Literal
from urllib.parse import urlsplit

from msgspec import Struct
from pydantic import AfterValidator, model_validator
from pydantic import Field as Key

from .base import Digits, Level, Model, PaperName, Slug, Text, UnitCode


def level_of(code: str) -> Level:
    """The level that a division code stands for: 230170000000 county, …101000 township, …101201 village."""
    if code[9:] != "000":
        return Level.VILLAGE
    return Level.TOWNSHIP if code[6:9] != "000" else Level.COUNTY


def parent_code(code: str) -> str | None:
    """The code of the unit above, by prefix; ``None`` for a county."""
    match level_of(code):
        case Level.VILLAGE:
            return code[:9] + "000"
        case Level.TOWNSHIP:
            return code[:6] + "000000"
        case _:
            return None


def ancestors(code: str) -> tuple[str, ...]:
    """The units above a unit, the nearest first."""
    above = parent_code(code)
    return () if above is None else (above, *ancestors(above))


def is_within(code: str, above: str) -> bool:
    """Whether the unit ``code`` is ``above`` itself or below it, by prefix."""
    prefix = {Level.COUNTY: 6, Level.TOWNSHIP: 9, Level.VILLAGE: 12}[level_of(above)]
    return code[:prefix] == above[:prefix]


def site_place(url: str) -> tuple[str, str]:
    """Host and path of a site's address, the path without slashes at the ends."""
    parts = urlsplit(url)
    return parts.netloc, parts.path.strip("/")


def _site_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be a full address such as https://gk.example.cn/zhen/")
    if parts.query or parts.fragment:
        raise ValueError("must not carry ? or #")
    if ".." in parts.path.split("/"):
        raise ValueError("must not contain ..")
    if not re.fullmatch(r"[A-Za-z0-9.:-]+", parts.netloc) or not re.fullmatch(r"[A-Za-z0-9/._-]*", parts.path):
        raise ValueError("may hold only letters, digits and . - _ / since codes on paper carry it")
    return value if value.endswith("/") else value + "/"


def _codes_address(value: str) -> str:
    if any(c.islower() for c in urlsplit(value).path):
        raise ValueError("the path must be in capitals, as the codes on paper write it")
    return value


SiteUrl = Annotated[str, AfterValidator(_site_address)]


Weight = Annotated[Decimal, Key(ge=0, le=1000)]
CodesUrl = Annotated[SiteUrl, AfterValidator(_codes_address)]


class UnitLink(Struct, frozen=True):
    """Another unit, as pages name it."""

    code: str
    name: str
    level: Level
    url: str


class Site(Model):
    """Where a unit's site lives: a path under a shared host, or a host of its own."""

    url: SiteUrl
    codes_url: CodesUrl | None = Key(None, description="where its Q tree lives; default: the root of its host")
    formerly: tuple[SiteUrl, ...] = Key((), description="addresses at which it, or a unit merged into it, stood before: they lead on")


class Organ(Model):
    """Who publishes within a unit (发布机构)."""

    id: Slug
    name: Text
    org_code: Digits | None = Key(None, description="统一社会信用代码, first part of the 索引号")
    phone: str | None = None
    short: str | None = Key(None, description="short name for lists and sheets")


class Contact(Model):
    """How a resident reaches the unit."""

    phone: Text
    address: str | None = None
    hours: str | None = None
    postcode: Digits | None = None
    email: str | None = None


class Supervision(Model):
    """Whom to call when something looks wrong."""

    name: Text
    phone: Text
    address: str | None = None
    hours: str | None = None


class Slot(Model):
    """A place on a board (栏位)."""

    id: Text
    paper: PaperName = Key("A3", description="the largest paper that fits")
    topic: str | None = Key(
        None, description="what hangs here: 党务, 村务, 财务, a field, a group of items or an item; several with 、 between; none: anything"
    )
    landscape: bool = Key(False, description="it takes lying sheets")
    capacity: int = Key(1, ge=1, le=60, description="how many sheets of the paper have room, beside each other")


class Board(Model):
    """A physical notice board (公示栏)."""

    id: Slug
    place: Text
    slots: tuple[Slot, ...] = ()
    columns: int | None = Key(
        None, ge=1, le=60, description="places side by side in a row of the drawn plan; default: as the slots suggest"
    )

    @model_validator(mode="after")
    def _each_once(self) -> Board:
        if len({s.id for s in self.slots}) < len(self.slots):
            raise ValueError("two slots of a board have the same id")
        return self


class Footer(Model):
    """What a government site's footer must say; printed only where given."""

    host_organ: str | None = Key(None, description="主办单位")
    site_code: Digits | None = Key(None, description="网站标识码, 10 digits")
    icp: str | None = Key(None, description="ICP 备案号")
    police: str | None = Key(None, description="公安机关备案号")


class UnitFile(Model):
    """The file unit.yml: a unit describes itself."""

    code: UnitCode
    name: Text
    kind: Literal["县", "乡", "镇", "街道", "村", "社区"] | None = None
    aliases: tuple[Text, ...] = Key((), description="other names under which tables may name the unit")
    site: Site
    organs: tuple[Organ, ...] = Key(min_length=1)
    contact: Contact
    supervision: Supervision
    boards: tuple[Board, ...] = ()
    footer: Footer = Footer()
    intro: str | None = Key(None, description="one sentence about the unit")
    succeeds: tuple[UnitCode, ...] = Key((), description="codes of units merged into this one")

    @model_validator(mode="after")
    def _boards_once(self) -> UnitFile:
        if len({b.id for b in self.boards}) < len(self.boards):
            raise ValueError("two boards have the same id")
        return self


class RetiredHost(Model):
    """A host that no longer serves a site but whose printed codes must go on answering."""

    host: Text
    until: dt.date | None = None


class Thresholds(Model):
    """What an inspection of government sites counts as stale or late (国办 site inspection rules), and the pairs' delays, in days."""

    home: int = Key(14, ge=1, description="days without anything new on a home page")
    news: int = Key(14, ge=1, description="days without anything new in a column of news")
    column: int = Key(183, ge=1, description="days without anything new in any other column")
    interpretation: int = Key(3, ge=0, description="working days from a policy to its interpretation")
    feedback: int = Key(30, ge=1, description="days from the end of a consultation to the feedback on it")
    reply: int = Key(10, ge=1, description="days from a question to the reply, where the item states none")
    account_review: int = Key(366, ge=1, description="days for which the yearly review of an account of new media holds")
    transfer: int = Key(30, ge=0, description="days from a township's transfer to its booking by the village")


class Assessment(Model):
    """How much each part weighs in the score of a unit (考核权重); only the proportions count."""

    coverage: Weight = Key(Decimal(40), description="items that have something published, of those owed")
    timeliness: Weight = Key(Decimal(30), description="published by the last day, of what has one")
    consistency: Weight = Key(Decimal(20), description="counterparts that agree or whose difference is explained")
    privacy: Weight = Key(Decimal(10), description="records without a finding of personal data, attribute or audience")

    @model_validator(mode="after")
    def _some(self) -> Assessment:
        if not self.coverage + self.timeliness + self.consistency + self.privacy:
            raise ValueError("at least one weight must be more than 0")
        return self


class DataLicense(Model):
    """Under what open data may be used."""

    name: Text
    url: str | None = Key(None, pattern=r"^https?://", description="where its text is")


class SheetFonts(Model):
    """Fonts of the sheets besides those that come with the program, by the name of their family: in the region's folder fonts/, or on the computer."""

    text: Text | None = Key(None, description="for the text, such as 仿宋_GB2312")
    title: Text | None = Key(None, description="for titles, such as 方正小标宋简体")


class RegionFile(Model):
    """The file region.yml: what holds for the whole region."""

    name: Text
    code: UnitCode
    title: str | None = None
    hosts: tuple[RetiredHost, ...] = ()
    index_number: str = Key("{org}/{year}{month}-{serial:05d}", description="form of the 索引号: org, year, month, serial")
    page_size: int = Key(50, ge=10, le=500, description="records per list page")
    default_paper: PaperName = "A3"
    fonts: SheetFonts = Key(SheetFonts(), description="fonts of the sheets")
    thresholds: Thresholds = Thresholds()
    assessment: Assessment = Key(Assessment(), description="weights of the score in «sitegen report»")
    judged_from: dt.date | None = Key(
        None, description="records published before this day, such as an imported archive, are not called late"
    )
    owed_from: dt.date | None = Key(
        None, description="every unit owes its periodic items from this day, also those that it never published"
    )
    data_license: DataLicense | None = Key(None, description="under what open data may be used: stated on its page and in data packages")
    traditional: bool | Literal["hk", "tw"] = Key(
        False, description="the pages in traditional characters (繁體) too: true or hk, or tw; needs sitegen[traditional]"
    )
    secrecy_review: bool = Key(False, description="every government record must record its secrecy review (保密审查)")
