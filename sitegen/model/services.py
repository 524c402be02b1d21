"""Service guides (办事指南): what a person must know to get a matter done, and bundles of matters that are done at one go (一件事一次办).

A guide is a file of its unit (``services/<name>.md``) with the standard elements in its head and free words below. A township or village that
takes the same matter in writes ``like: <name>``: everything that its own file leaves out is the guide's of the unit above, but for place, hours and
telephones, which are its own. So a rule that changes at the county is put right once. The unit's halls, with hours and telephones, stand once in its ``services.yml``.

The elements are those that the national standards for government service guides name; publishing them on paper and on the web, with frequent
questions, the way to complain and how far a matter can be done online, is what the notice asks for (办事不求人).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, StringConstraints, field_validator, model_validator
from pydantic import Field as Key

from .base import Day, DayKind, Model, Slug, Text
from .catalog import ItemId, LawRef
from .record import Attachment

GuideRef = Annotated[str, StringConstraints(pattern=r"^(\d{12}/)?[a-z0-9][a-z0-9-]*$")]
"""A guide: its file's name without ``.md``, of this unit or the nearest one above; or ``<unit code>/<name>``."""

Audience = Literal["个人", "企业", "个体工商户", "社会组织"]
"""服务对象: who may apply."""
Group = Literal["老年人", "残疾人", "儿童和家长", "孕产妇", "低收入家庭", "农户", "学生", "劳动者", "创业者", "退役军人", "外来人员"]
"""Groups of people that a finder offers."""
LifeEvent = Literal[
    "出生", "上学", "户口证件", "就业", "结婚生育", "住房", "种田养殖", "开店办企业", "看病就医", "困难求助", "残疾服务", "养老", "身后事"
]
"""生活事件, in the order of a life."""
ServiceKind = Literal["行政许可", "行政给付", "行政确认", "行政奖励", "行政裁决", "其他行政权力", "公共服务"]
"""事项类型."""
Degree = Literal["现场办理", "网上咨询", "网上预约", "网上预审", "网上申报", "全程网办"]
"""网上可办理程度, from none to all."""
Handling = Literal["直接办理", "受理上报", "帮办代办"]
"""What the unit does itself: decides, takes in and passes on, or fetches and carries for people who cannot come."""
MaterialForm = Literal["原件", "原件（验后退回）", "复印件", "原件和复印件", "电子件"]
Source = Literal["自己准备", "现场填写", "政府部门发的证件", "单位出具", "医院出具", "村（社区）出具"]
"""材料来源: where a person gets it."""


class Span(Model):
    """How long something takes (时限); 0 days: on the spot (当场办结). In YAML a bare number means working days."""

    days: int = Key(ge=0, le=1000)
    kind: DayKind = "working"

    @property
    def zh(self) -> str:
        """As residents read it: 当场办结, 15个工作日, 30天."""
        if self.days == 0:
            return "当场办结"
        return f"{self.days}个工作日" if self.kind == "working" else f"{self.days}天"


def _as_law(value: Any) -> Any:
    return {"law": value} if isinstance(value, str) else value


LawRefs = tuple[Annotated[LawRef, BeforeValidator(_as_law)], ...]


def _as_span(value: Any) -> Any:
    if value == "无":
        return None
    if value in ("当场办结", "即时办结"):
        return {"days": 0}
    return {"days": value} if isinstance(value, int) and not isinstance(value, bool) else value


Limit = Annotated[Span | None, BeforeValidator(_as_span)]


class Material(Model):
    """Something to hand in (申请材料)."""

    name: Text
    form: MaterialForm = "原件和复印件"
    copies: int = Key(1, ge=1, le=20, description="份数, of the copy where both are asked for")
    source: Source | None = Key(None, description="材料来源")
    when: Text | None = Key(None, description="only in this case: 委托他人办理时")
    waived: Text | None = Key(None, description="why it need not be brought: 电子证照核验，免交")
    note: Text | None = None
    sample: Text | None = Key(None, description="样表: path of a file that shows how it is filled in")
    blank: Text | None = Key(None, description="空白表格: path of the empty form")


class Step(Model):
    """A step of the procedure (办理流程)."""

    name: Text
    who: Text | None = None
    what: Text | None = None
    takes: Limit = Key(None, description="how long: 0 for on the spot")


class Fee(Model):
    """What is charged, and by which rule."""

    what: Text
    amount: Decimal = Key(gt=0)
    per: Text = Key("次", description="本, 次, 份")
    note: Text | None = Key(None, description="the standard, who pays nothing")


def _as_fees(value: Any) -> Any:
    return () if value == "不收费" else value


class Outcome(Model):
    """What comes of it (办理结果) and how it reaches the applicant."""

    name: Text
    ways: tuple[Text, ...] = Key((), description="现场领取, 邮寄, 短信告知, 打入社会保障卡")


def _as_outcome(value: Any) -> Any:
    return {"name": value} if isinstance(value, str) else value


class Online(Model):
    """How far the matter can be done online (网上可办理程度), and where."""

    degree: Degree
    url: Annotated[str, StringConstraints(pattern=r"^https?://\S+$")] | None = None
    visits: int | None = Key(None, ge=0, le=9, description="到现场次数: how often one has to come all the same")
    note: Text | None = None


class Place(Model):
    """Where it is done: a hall of the unit's services.yml, and its window."""

    hall: Slug
    window: Text | None = None


def _as_places(value: Any) -> Any:
    return [{"hall": v} if isinstance(v, str) else v for v in value] if isinstance(value, list) else value


class Question(Model):
    """A frequent question (常见问题)."""

    ask: Text
    answer: Text


class Common(Model):
    """What guides and bundles have in common."""

    name: Text | None = Key(None, description="事项名称")
    audience: tuple[Audience, ...] = Key((), description="服务对象")
    groups: tuple[Group, ...] = Key((), description="for the finder: whom it concerns most")
    life: tuple[LifeEvent, ...] = Key((), description="生活事件, for the finder")
    summary: Text | None = Key(None, description="one plain sentence")
    places: Annotated[tuple[Place, ...], BeforeValidator(_as_places)] = Key((), description="default: the unit's first hall")
    phone: Text | None = Key(None, description="咨询电话; default: the hall's")
    supervision: Text | None = Key(None, description="监督投诉电话; default: the first of services.yml")
    promised: Limit = Key(None, description="承诺时限: working days, or {days: 30, kind: calendar}; 0 for on the spot")
    excludes: Text | None = Key(None, description="what is not counted in it: 公示、鉴定时间不计算在内")
    online: Online | None = Key(None, description="网上可办理程度")
    result: Annotated[Outcome | None, BeforeValidator(_as_outcome)] = Key(None, description="办理结果")
    tell: tuple[Text, ...] = Key((), description="what is told at one go (一次性告知) beyond the list: what people usually miss")
    faq: tuple[Question, ...] = Key((), description="常见问题")
    keywords: tuple[Text, ...] = Key((), description="as people say it: 低保, 吃低保")
    updated: Day | None = Key(None, description="更新日期")
    order: int = Key(0, description="lower ones stand first in lists")


class GuideFile(Common):
    """The front matter of a service guide, services/\\*.md."""

    like: GuideRef | None = Key(None, description="the guide of the unit above that this one takes over where it says nothing else")
    kind: ServiceKind | None = Key(None, description="事项类型")
    organ: Text | None = Key(None, description="实施主体: id of an organ of the unit")
    item: ItemId | None = Key(None, description="catalogue item under which results are disclosed")
    conditions: tuple[Text, ...] | None = Key(None, description="受理条件")
    materials: tuple[Material, ...] | None = Key(None, description="办理材料; [] where none is needed")
    legal: Limit = Key(None, description="法定时限, like promised; 无 where no law sets one")
    fees: Annotated[tuple[Fee, ...] | None, BeforeValidator(_as_fees)] = Key(None, description="收费: 不收费, or a list")
    steps: tuple[Step, ...] | None = Key(None, description="办理流程")
    basis: LawRefs | None = Key(None, description="办理依据: ids of laws.yml")
    handling: Handling | None = Key(None, description="what this unit does: 直接办理, 受理上报, 帮办代办")
    agent: Text | None = Key(None, description="帮办代办: who does it, as a post and not a name, and the telephone")
    remedy: Text | None = Key(None, description="救济途径: what one can do against the decision")

    @model_validator(mode="after")
    def _whole(self) -> GuideFile:
        if self.like is None and self.name is None:
            raise ValueError("a guide has a name, or says with «like» which guide it takes over")
        if self.like is None and self.updated is None:
            raise ValueError("a guide says when it was updated")
        return self


class BundleMatter(Model):
    """One matter of a bundle, in the order of doing."""

    guide: GuideRef
    why: Text | None = Key(None, description="what it is for in this bundle")
    when: Text | None = Key(None, description="only in this case")
    along: bool = Key(False, description="done at the same time as the one before (并联办理)")


def _as_matters(value: Any) -> Any:
    return [{"guide": v} if isinstance(v, str) else v for v in value] if isinstance(value, list) else value


class BundleFile(Common):
    """The front matter of a bundle (一件事一次办), services/\\*.md with «matters»."""

    name: Text
    updated: Day
    matters: Annotated[tuple[BundleMatter, ...], BeforeValidator(_as_matters)] = Key(
        min_length=2, description="guides in the order of doing"
    )
    materials: tuple[Material, ...] | None = Key(None, description="one set of materials; default: those of the guides, each once")
    visits: int | None = Key(None, ge=0, le=9, description="how often one has to come")


class Hall(Model):
    """Where services are given (政务服务中心, 便民服务中心, 便民服务点)."""

    id: Slug
    name: Text
    address: Text
    hours: Text
    phone: Text
    way: Text | None = Key(None, description="how to get there: 乘2路公交车到文昌路站")
    note: Text | None = Key(None, description="延时服务, 无障碍, 绿色通道")


class Complaint(Model):
    """Where one complains about a service (监督举报方式)."""

    name: Text
    phone: Text
    address: Text | None = None
    note: Text | None = None


class Platform(Model):
    """The province's or county's platform for doing things online."""

    name: Text
    url: Annotated[str, StringConstraints(pattern=r"^https?://\S+$")]


class ServicesFile(Model):
    """The file services.yml of a unit: its halls, its platform, where to complain."""

    intro: Text | None = None
    halls: tuple[Hall, ...] = Key(min_length=1)
    complaints: tuple[Complaint, ...] = Key((), description="default: the supervision of unit.yml")
    platform: Platform | None = None
    attachments: tuple[Attachment, ...] = Key((), description="files to download: 办事一本通")

    @field_validator("halls")
    @classmethod
    def _once(cls, halls: tuple[Hall, ...]) -> tuple[Hall, ...]:
        if len({h.id for h in halls}) != len(halls):
            raise ValueError("two halls have the same id")
        return halls
