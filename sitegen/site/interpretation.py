"""Interpretation and response (解读回应): what explains the unit's policies, in which form, and what public concerns were answered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from msgspec import Struct

from sitegen.model.dialogue import Form
from sitegen.model.record_views import RecordView, RelationView
from sitegen.model.views import UnitView

from . import menu, meta
from .spec import Crumb, PageSpec

PATH = "interpretation/"
TITLE = "解读回应"
SHOWN = 20
RESPONSES_SHOWN = 12
FORMS: Mapping[Form, str] = {
    "问答": "qa",
    "图解": "infographic",
    "视频": "video",
    "音频": "audio",
    "专家解读": "expert",
    "新闻发布会": "press",
    "会议": "meeting",
    "文字": "text",
}
"""Forms in the order of the page, with the last step of their path."""


class Explained(Struct, frozen=True):
    """A record that explains something, and what it explains."""

    record: RecordView
    forms: tuple[Form, ...]
    policy: RelationView | None


class Answered(Struct, frozen=True):
    """A public concern with its answer."""

    record: RecordView
    about: str
    asked: dt.date
    answered: dt.date
    through: str

    @property
    def days(self) -> int:
        """From question to answer; 0 on the same day."""
        return (self.answered - self.asked).days


class InterpretationData(Struct, frozen=True):
    """The index."""

    explained: tuple[Explained, ...]
    count: int
    forms: tuple[tuple[Form, int, str], ...]
    """Form, how many, path."""
    answered: tuple[Answered, ...]
    answered_count: int


class ExplainedListData(Struct, frozen=True):
    """All of one form, or all."""

    heading: str
    explained: tuple[Explained, ...] = ()
    answered: tuple[Answered, ...] = ()


def explained(view: UnitView) -> tuple[Explained, ...]:
    """The unit's interpretations, newest first."""
    if menu.is_village(view):
        return ()
    made = []
    for r in view.records:
        policy = next((o for o in r.relations if o.label == "所解读的文件"), None)
        if policy is not None or (r.dialogue is not None and r.dialogue.forms):
            made.append(Explained(r, r.dialogue.forms if r.dialogue else ("文字",), policy))
    return tuple(made)


def answered(view: UnitView) -> tuple[Answered, ...]:
    """Public concerns that were answered, the last answer first."""
    if menu.is_village(view):
        return ()
    made = []
    for r in view.records:
        if r.dialogue is not None and (said := r.dialogue.response) is not None:
            made.append(Answered(r, said.about, said.asked, said.answered, said.through or ""))
        elif asked := next((o for o in r.relations if o.label == "所答复的询问"), None):
            made.append(Answered(r, asked.title, asked.published, r.published, ""))
    return tuple(sorted(made, key=lambda a: (a.answered, a.record.id), reverse=True))


def interpretation_pages(view: UnitView) -> list[PageSpec]:
    """The index, and the full lists where the index cannot show them."""
    all_, concerns = explained(view), answered(view)
    if not all_ and not concerns:
        return []
    by_form = {form: tuple(e for e in all_ if form in e.forms) for form in FORMS}
    forms = tuple((form, len(found), f"{PATH}{FORMS[form]}/") for form, found in by_form.items() if found)
    pages = [
        PageSpec(
            PATH,
            "pages/interpretation.html",
            TITLE,
            f"{view.unit.name}{TITLE}：政策文件的解读材料，对社会关切的回应和时间。",
            "interpretation",
            InterpretationData(all_[:SHOWN], len(all_), forms, concerns[:RESPONSES_SHOWN], len(concerns)),
            meta=meta.column(view, "政策解读"),
        )
    ]
    lists = [(path, f"{form}解读" if not form.endswith(("解读", "会")) else form, by_form[form]) for form, _, path in forms]
    if len(all_) > SHOWN:
        lists.append((f"{PATH}all/", "全部解读", all_))
    pages += [_list(view, path, heading, ExplainedListData(heading, found)) for path, heading, found in lists]
    if len(concerns) > RESPONSES_SHOWN:
        pages.append(_list(view, f"{PATH}responses/", "回应关切", ExplainedListData("回应关切", answered=concerns)))
    return pages


def _list(view: UnitView, path: str, heading: str, data: ExplainedListData) -> PageSpec:
    return PageSpec(
        path,
        "pages/interpretation-list.html",
        heading,
        f"{view.unit.name}{heading}，共{len(data.explained) or len(data.answered)}件。",
        "interpretation",
        data,
        crumbs=(Crumb(TITLE, PATH),),
        meta=meta.column(view, heading),
    )
