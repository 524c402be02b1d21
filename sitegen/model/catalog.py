"""The standard catalogue (标准目录): what must be disclosed, by whom, when, where and to whom."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import BeforeValidator, StringConstraints
from pydantic import Field as Key

from .base import DayKind, Layout, Level, Model, Slug, Text, UnitCode
from .deadline import Term
from .documents import Topic

CHANNELS: tuple[str, ...] = (
    "政府网站",
    "政府公报",
    "两微一端",
    "发布会/听证会",
    "广播电视",
    "纸质媒体",
    "公开查阅点",
    "政务服务中心",
    "便民服务站",
    "入户/现场",
    "社区/企事业单位/村公示栏(电子屏)",
    "精准推送",
    "其他",
)
"""The fixed checkbox grid of 公开渠道和载体 in the official table, in its order."""

BOARD_CHANNEL = "社区/企事业单位/村公示栏(电子屏)"
WEB_CHANNEL = "政府网站"

Channel = Literal[
    "政府网站",
    "政府公报",
    "两微一端",
    "发布会/听证会",
    "广播电视",
    "纸质媒体",
    "公开查阅点",
    "政务服务中心",
    "便民服务站",
    "入户/现场",
    "社区/企事业单位/村公示栏(电子屏)",
    "精准推送",
    "其他",
]
Audience = Literal["全社会", "特定群体"]
Method = Literal["主动", "依申请"]
Section = Literal["政务", "党务", "村务", "财务"]
Mask = Literal["name", "id_number", "phone", "bank_account", "address"]
ItemId = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,6}-\d{2,3}$")]


TEXT = "body"
"""Stands among the columns to compare for the text of the record itself."""


def _as_reference(value: object) -> object:
    return {"law": value} if isinstance(value, str) else value


class LawRef(Model):
    """A legal source of an item (公开依据). In YAML just the law's id, or ``{law: id, article: 第三十条}``."""

    law: Slug = Key(description="id of the law in laws.yml")
    article: str | None = Key(None, description="article, only where it was checked against the text in force")


class Law(Model):
    """A law, regulation or document that the catalogue cites (laws.yml). Numbers stand nowhere else."""

    id: Slug
    name: Text = Key(description="full official name, without the 《》")
    kind: Literal["法律", "行政法规", "部门规章", "规范性文件", "地方性法规", "党内法规", "标准"]
    organ: Text = Key(description="who made it")
    number: str | None = Key(None, description="document number, only where certain")
    in_force_from: dt.date | None = None
    in_force_to: dt.date | None = None
    checked_on: dt.date = Key(description="when somebody last looked the entry up")
    note: str | None = None


class Laws(Model):
    """The file laws.yml."""

    laws: tuple[Law, ...]


class WrittenDeadline(Model):
    """A deadline whose wording the parser does not know, with the structure given by hand (公开时限)."""

    written: Text
    terms: tuple[Term, ...]


def _as_deadline(value: object) -> object:
    return {"written": value, "terms": ()} if isinstance(value, str) else value


class Subjects(Model):
    """Who publishes, per level (公开主体). A level that is not named does not publish the item."""

    county: str | None = None
    township: str | None = None
    village: str | None = None


class Constraints(Model):
    """Table Schema constraints of a column."""

    required: bool = False
    unique: bool = False
    minimum: int | float | str | None = None
    maximum: int | float | str | None = None
    enum: tuple[str, ...] | None = None
    pattern: str | None = None


class Column(Model):
    """A column of a table: Frictionless *Table Schema* words, and ours for disclosure."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")] = Key(description="English identifier")
    title: Text = Key(description="heading as people write and read it, without the unit")
    type: Literal["string", "integer", "number", "date", "year", "yearmonth", "boolean"] = "string"
    decimals: int | None = Key(None, ge=0, le=6, description="digits after the point, for number")
    unit: str | None = Key(None, description="元, 亩, 人 …")
    description: str | None = None
    constraints: Constraints = Constraints()
    mask: Mask | None = Key(None, description="the values must be masked in this way (张*三)")
    total: bool = Key(False, description="the column has a total")
    private: bool = Key(False, description="a join key: read, compared, never in any output")
    synonyms: tuple[str, ...] = Key((), description="other headings that mean this column")


class TableSchema(Model):
    """The columns of an item's table (content/catalog/tables/<id>.yml)."""

    id: Slug
    title: Text
    fields: tuple[Column, ...] = Key(min_length=2)
    primaryKey: tuple[str, ...] = Key((), description="columns that together name a row; may be empty")
    count: str | None = Key(None, description="what a row is, for the line of figures: 户, 人, 项, 笔")


class Counterpart(Model):
    """How the records of this item correspond to those of other levels (相同事项)."""

    group: Slug = Key(description="items of other levels with this group correspond, whatever their ids")
    levels: tuple[Level, ...] = Key(min_length=2)
    slice: str | None = Key(None, description="column of the government table that names the village, by code or name")
    rule: Literal["derive", "match"]
    key: tuple[str, ...] = ()
    compare: tuple[str, ...] = Key((), description="columns whose cells must be equal; body: the record's own text")
    aggregate: Literal["sum", "latest"] | None = Key(None, description="the village's months are added up against a longer period")
    within: Within | None = None
    stages: tuple[Level, ...] = ()


class Within(Model):
    """How long a counterpart may lag."""

    days: int = Key(ge=0)
    kind: DayKind = "working"


class Expects(Model):
    """The other half that a record of this item needs (两公开 and other pairs)."""

    kind: Literal["result", "interpretation", "feedback", "reply"]
    days: int | None = Key(None, ge=1, description="within how many days; default: as region.yml says for this kind of pair")
    day_kind: DayKind = "calendar"


class Transfer(Model):
    """The item's tables list money that was paid to villages; the villages' accounts must show it."""

    village: str = Key("village", description="column that names the village")
    amount: str = Key("amount", description="column of the amount")
    day: str = Key("paid_on", description="column of the day it was paid; without one, the day of the record")


class Retention(Model):
    """How long the rows of a personal list stay visible."""

    days_after_posting: int | None = Key(None, ge=0)
    while_receiving: bool = False


NOT_APPLICABLE = ("不适用", "不涉及", "无此事项")
"""How a change begins by which a unit does not owe an item."""


class Adjustment(Model):
    """A deviation from the catalogue, with its reason (动态调整). It holds for the unit that it names and for all below it."""

    unit: UnitCode
    change: Text = Key(description="what is done differently; 不适用 or 不涉及: the unit does not owe the item")
    why: Text
    reviewer: Text = Key(description="who approved it")
    on: dt.date = Key(description="day of the approval")

    @property
    def excuses(self) -> bool:
        """Whether the unit, and all below it, need not disclose the item at all."""
        return self.change.startswith(NOT_APPLICABLE)


class Item(Model):
    """One disclosure item (公开事项): a row of the official catalogue table."""

    id: ItemId
    group: Text = Key(description="一级事项")
    name: Text = Key(description="二级事项")
    elements: tuple[Text, ...] = Key(min_length=1, description="公开内容(要素)")
    basis: tuple[Annotated[LawRef, BeforeValidator(_as_reference)], ...] = Key(min_length=1, description="公开依据")
    deadline: Annotated[WrittenDeadline, BeforeValidator(_as_deadline)] = Key(description="公开时限")
    subject: Subjects = Key(description="公开主体")
    channels: tuple[Channel, ...] = Key(min_length=1, description="公开渠道和载体")
    audience: Audience = "全社会"
    audience_note: str | None = Key(None, description="which group, for 特定群体")
    method: Method = "主动"
    levels: tuple[Level, ...] = Key(min_length=1, description="公开层级")
    table: Slug | None = Key(None, description="id of the table schema")
    per: Literal["single", "many"] = Key("many", description="one record per period and unit, or several")
    periodic: Literal["monthly", "quarterly", "yearly"] | None = Key(None, description="a record is owed each period")
    counterpart: Counterpart | None = None
    expects: Expects | None = Key(None, description="what must follow a record of this item, and within what time")
    transfer: Transfer | None = Key(
        None, description="for a list of money paid to villages (上级拨付): which columns say to whom, how much, when"
    )
    review: tuple[Text, ...] = Key((), description="steps needed before release, such as 村务监督委员会审核")
    retention: Retention | None = None
    layout: Layout | None = Key(None, description="how the sheets of its records are laid out, where it is not as they call for")
    keywords: tuple[Text, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    formerly: tuple[ItemId, ...] = Key((), description="ids that the item had in earlier versions of the catalogue")


class Field(Model):
    """A field of the catalogue (领域), or a part of village affairs (党务, 村务, 财务): one file."""

    id: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,6}$")]
    name: Text = Key(description="name as in the notice")
    seq: int = Key(ge=1, description="place in the notice's list")
    section: Section = "政务"
    successor: str | None = Key(None, description="present name, where the field was renamed since")
    topic: Topic | None = Key(None, description="主题分类 of the field's documents in the national directory")
    lead: Text = Key(description="responsible department of the county")
    version: dt.date | None = Key(None, description="day from which this version of the field's catalogue holds")
    summary: Text = Key(description="one sentence for residents: what they find here")
    items: tuple[Item, ...] = Key(min_length=1)


class Exclusion(Model):
    """What is not disclosed, and by which provision (负面清单)."""

    id: Annotated[str, StringConstraints(pattern=r"^FM-\d{2}$")]
    name: Text
    scope: Text
    basis: tuple[Annotated[LawRef, BeforeValidator(_as_reference)], ...] = Key(min_length=1)
    exception: str | None = None


class Exclusions(Model):
    """The file negative.yml."""

    exclusions: tuple[Exclusion, ...]


Counterpart.model_rebuild()
