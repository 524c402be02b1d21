"""How to apply for information that is not published (依申请公开): ways, platform, procedure, standard replies. For counties and townships.

A county writes procedure and standard replies once; a township that gives none takes the county's over, so that all of them answer alike
(规范答复口径、推行标准文本).
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Struct
from pydantic import Field as Key
from pydantic import StringConstraints

from .application_figures import YearStatistics
from .base import Model, Text
from .flow import Flow

WayKind = Literal["网络", "当面", "邮寄", "电子邮件", "传真", "电话"]
"""How an application may be handed in, and where one may ask."""
WebAddress = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/]+\S*$")]


class ApplyWay(Model):
    """A way to hand in an application."""

    kind: WayKind
    to: Text = Key(description="where: address, window, number; for 网络 what the platform is called")
    hours: Text | None = None
    phone: Text | None = None
    url: WebAddress | None = Key(None, description="for 网络: the platform's address")
    note: Text | None = None


class StandardReply(Model):
    """The standard text of a reply (答复文书格式)."""

    name: Text = Key(description="不予公开告知书")
    when: Text = Key(description="in which case it is used")
    text: Text = Key(description="the wording, with what is to be filled in written as 〔…〕")


class ApplyFile(Model):
    """The file apply.yml of a county's or township's folder."""

    organ: Text = Key(description="who receives and answers (受理机构)")
    ways: tuple[ApplyWay, ...] = Key(min_length=1)
    flow: Flow | None = Key(None, description="the procedure to be drawn; default: the one of the unit above")
    replies: tuple[StandardReply, ...] = Key((), description="standard replies; default: those of the unit above")


class ApplyView(Struct, frozen=True):
    """What the pages of 依申请公开 show besides the guide's text."""

    organ: str = ""
    ways: tuple[ApplyWay, ...] = ()
    flow: Flow | None = None
    replies: tuple[StandardReply, ...] = ()
    of: str = ""
    """Name of the unit whose replies these are, where it is another."""
    statistics: tuple[YearStatistics, ...] = ()
    """Newest first; only years whose figures add up."""
