"""What a record says to the public in plain words, in sound and pictures, and what it hears from it.

Interpretation (解读) tells who is concerned, what they get, what they must do and by when; responses (回应关切) say what was asked and
when; a consultation (征求意见) says until when opinions are taken and in which ways, and its feedback what was adopted and why not.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from decimal import Decimal
from typing import Literal

from msgspec import Struct
from pydantic import Field as Key
from pydantic import model_validator

from .base import Day, Model, Text
from .catalog import Column, Constraints, TableSchema
from .table import Table

Form = Literal["文字", "问答", "图解", "音频", "视频", "专家解读", "新闻发布会", "会议"]
"""How something is explained (解读形式)."""
MediaKind = Literal["图解", "音频", "视频"]
HearingKind = Literal["公开征求意见", "书面征求意见", "座谈会", "听证会", "论证会", "实地走访", "问卷调查", "民意调查"]
"""How opinions are taken (参与方式), as the notice names the ways."""
HearingState = Literal["upcoming", "open", "closed", "answered"]
"""即将征集, 征集中, 征集已结束, 已反馈."""

SUFFIXES: dict[MediaKind, tuple[str, ...]] = {
    "图解": (".png", ".jpg", ".jpeg", ".webp", ".gif"),
    "音频": (".mp3", ".m4a", ".ogg", ".opus", ".wav"),
    "视频": (".mp4", ".webm"),
}
"""Files that every browser shows without a plug-in."""


class Plain(Model):
    """A policy in plain words, shown at the top of its page."""

    who: Text = Key(description="who is concerned (谁能享受、管到谁)")
    what: Text = Key(description="what they get, or what changes for them (能得到什么)")
    how: Text | None = Key(None, description="what they must do (要做什么)")
    when: Text | None = Key(None, description="by when (什么时候前)")


class Media(Model):
    """A picture, a recording or a film that explains something. It lies beside the record; nothing is fetched from elsewhere."""

    kind: MediaKind
    path: Text
    title: Text
    alt: str | None = Key(None, description="for 图解: what the picture says, for those who do not see it")
    captions: str | None = Key(None, description="for 视频: subtitles as WebVTT (.vtt)")
    transcript: str | None = Key(None, description="the spoken words as a text file (.txt or .md); for 图解: the words in the picture")
    poster: str | None = Key(None, description="for 视频: a still, shown until it is played")


class Response(Model):
    """A public concern (社会关切) and when it was answered."""

    about: Text = Key(description="what was asked, in a sentence")
    asked: Day
    answered: Day
    through: Text | None = Key(None, description="where it came from: 12345热线, 网民留言, 来信, 现场 …")

    @model_validator(mode="after")
    def _order(self) -> Response:
        if self.answered < self.asked:
            raise ValueError("answered lies before asked")
        return self


OPINIONS = TableSchema(
    id="opinions",
    title="意见采纳情况",
    count="类",
    fields=(
        Column(name="opinion", title="意见", constraints=Constraints(required=True), synonyms=("意见内容", "意见建议", "意见和建议")),
        Column(
            name="count",
            title="条数",
            type="integer",
            unit="条",
            total=True,
            constraints=Constraints(minimum=1),
            synonyms=("件数", "数量", "相同意见数"),
        ),
        Column(
            name="adopted",
            title="采纳情况",
            constraints=Constraints(required=True, enum=("采纳", "部分采纳", "未采纳")),
            synonyms=("是否采纳", "采纳", "处理情况"),
        ),
        Column(name="why", title="理由和落实", synonyms=("理由", "说明", "不采纳理由", "采纳情况说明", "理由或落实情况")),
    ),
)
"""The table of a consultation's feedback: opinion, how many said so, whether it was adopted, and why or where.

It belongs to no item, since any item may be consulted on; a region may lay a schema of this id of its own over it.
"""


def adopted(table: Table) -> tuple[tuple[str, Decimal], ...]:
    """How many opinions were adopted, partly adopted and not, counting each as often as it was given."""
    counts: Counter[str] = Counter()
    numbers = table.column("count") if "count" in table.columns else [None] * len(table.rows)
    for word, n in zip(table.column("adopted"), numbers, strict=True):
        counts[str(word)] += int(n) if isinstance(n, Decimal) else 1
    return tuple((word, Decimal(counts[word])) for word in ("采纳", "部分采纳", "未采纳") if counts[word])


class HearingView(Struct, frozen=True):
    """A consultation on the day of the view."""

    kind: HearingKind
    start: dt.date
    until: dt.date
    state: HearingState
    ways: tuple[str, ...]
    result: str
    """Address of the feedback, or ""."""


class DialogueView(Struct, frozen=True):
    """What pages show of it."""

    plain: Plain | None = None
    forms: tuple[Form, ...] = ()
    response: Response | None = None
    hearing: HearingView | None = None
    feedback: bool = False
    """It gives the results of a consultation."""


def hearing_state(start: dt.date, until: dt.date, answered: bool, date: dt.date) -> HearingState:
    """How a consultation stands on ``date``. One that was answered early is answered."""
    if answered and date > until:
        return "answered"
    return "upcoming" if date < start else "open" if date <= until else "closed"


def forms_of(forms: tuple[Form, ...], media: tuple[Media, ...]) -> tuple[Form, ...]:
    """The forms that were named, and those that the media are."""
    return tuple(dict.fromkeys((*forms, *(m.kind for m in media))))
