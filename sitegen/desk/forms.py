"""The form of a record, made from its item: fields with their words, what a record says in them, and what somebody typed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from sitegen.drafting.heads import Value
from sitegen.drafting.propose import Proposal, events_of, last_day
from sitegen.drafting.records import Draft, first_words, keys_of
from sitegen.model.base import Level
from sitegen.model.catalog import Item
from sitegen.model.days import Calendar
from sitegen.model.finding import Finding
from sitegen.model.periodic import cycle
from sitegen.model.record import RecordFile
from sitegen.model.region import Unit
from sitegen.model.stages import STAGES

Values = Mapping[str, str]
PAIRS = {"result_of": "所依据的决议", "interprets": "所解读的文件", "feedback_on": "征求意见的公告", "answers": "所答复的询问"}


class BadForm(Exception):
    """What was typed is no record; ``problems`` say why, by field."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(str(problems))
        self.problems = problems


class Field(Struct, frozen=True):
    """One thing to fill in."""

    name: str
    label: str
    kind: str = "text"
    """``text``, ``date``, ``number``, ``select``, ``area``."""
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    wanted: bool = False
    more: bool = False
    """Seldom needed: folded away."""
    keys: tuple[str, ...] = field(default=())
    """Keys of the head that it stands for, besides its name: findings about them stand here."""


def fields_of(unit: Unit, item: Item, values: Values) -> list[Field]:
    """What a record of the item is asked for."""
    village = unit.level is Level.VILLAGE
    alone = item.per == "single" or cycle(item) is not None
    organs = tuple((o.id, o.name) for o in unit.data.organs)
    made = [
        Field("title", "标题", wanted=True),
        Field("period", "所属期", hint="写法：2026、2026-Q3（第三季度）、2026-09，或者一个日期"),
        Field("batch", "批次", hint="一期有几批的，写第一批、第二批", more=alone and not values.get("batch")),
        Field(
            "subject",
            "关于什么",
            hint="同一期有几件的，写清是哪一件，如“维修机井”",
            more=alone and not values.get("subject"),
        ),
        Field("issuer", "谁公布", "select", choices=organs, wanted=True),
        Field("formed", "成文日期", "date", "名单定下来、会议开过、账结完的那一天", wanted=True),
        Field("published", "公布日期", "date", wanted=True),
        Field("posting_from", "从哪天起张贴", "date", keys=("posting",)),
        Field("posting_days", "张贴几天", "number", "不张贴的，填 0"),
        Field("posting_kind", "怎么算天数", "select", choices=(("working", "工作日"), ("calendar", "自然日"))),
    ]
    after = next(n for n, f in enumerate(made) if f.name == "formed") + 1
    made[after:after] = [
        Field(f"event_{name}", f"{words}：哪一天", "date", "时限从这一天算起；与成文日期同一天的，空着", keys=("events",))
        for name, words in events_of(item).items()
    ]
    if item.counterpart and item.counterpart.stages:
        made.insert(4, Field("stage", "第几榜", "select", choices=(("", "（不是三榜）"), *((s, s) for s in STAGES))))
    for n, step in enumerate(item.review):
        made.append(Field(f"review_{n}_by", f"{step}：由谁", hint="还没有审核的，先空着；审核以后才能登记公布", keys=("reviewed",)))
        made.append(Field(f"review_{n}_on", f"{step}：哪一天", "date"))
    made.append(Field("body", "正文", "area", "空一行分段；**两边加星号**是加粗"))
    made.append(Field("summary", "一句话摘要", hint="列表里显示，写清户数、金额", more=True))
    made.append(Field("number", "文号", more=village, keys=("document",)))
    if village:
        made.append(
            Field("scope", "向谁公开", "select", choices=tuple((s, s) for s in ("全体村民", "全体居民", "全体成员", "特定群体")), more=True)
        )
    else:
        made.append(
            Field("attribute", "公开属性", "select", choices=tuple((a, a) for a in ("主动公开", "依申请公开", "不予公开")), more=True)
        )
    made += [
        Field(key, label, hint="那一条信息的编号", more=not values.get(key)) for key, label in PAIRS.items() if values.get(key) or village
    ]
    return made


def of_proposal(p: Proposal, unit: Unit, item: Item, more: Values) -> dict[str, str]:
    """The form of a new record, with what is proposed."""
    days, kind = p.posting or (0, "calendar")
    values = {
        "id": p.id,
        "title": p.title,
        "period": p.period or "",
        "batch": p.batch or "",
        "issuer": p.issuer,
        "formed": p.formed.isoformat(),
        "published": p.published.isoformat(),
        "posting_from": p.published.isoformat(),
        "posting_days": str(days),
        "posting_kind": kind,
        "scope": p.scope or "",
        "attribute": p.attribute or "",
        **{f"review_{n}_on": p.formed.isoformat() for n in range(len(item.review))},
        **{k: v for k, v in more.items() if k in PAIRS},
    }
    draft = draft_of(values, item)
    values["body"] = first_words(unit, item, draft)
    return values


def of_record(front: RecordFile, item: Item, body: str) -> dict[str, str]:
    """The form of a record as its file says."""
    posting, taken = front.posting, {r.step: r for r in front.reviewed}
    values = {
        "id": front.id,
        "title": front.title,
        "period": front.period or "",
        "batch": front.batch or "",
        "subject": front.subject or "",
        "stage": front.stage or "",
        "issuer": front.issuer,
        "formed": front.formed.isoformat(),
        "published": front.published.isoformat(),
        "posting_from": posting.start.isoformat() if posting else front.published.isoformat(),
        "posting_days": "0",
        "posting_kind": posting.kind if posting else "working",
        "summary": front.summary or "",
        "number": (front.document.number if front.document else None) or "",
        "scope": front.scope or "",
        "attribute": front.attribute or "",
        "body": body.strip("\n"),
    }
    if posting and posting.days is not None:
        values["posting_days"] = str(posting.days)
    elif posting and posting.until is not None:
        values |= {"posting_days": str((posting.until - posting.start).days), "posting_kind": "calendar"}
    for n, step in enumerate(item.review):
        review = taken.get(step)
        values[f"review_{n}_by"] = review.by if review else ""
        values[f"review_{n}_on"] = (review.on if review else front.formed).isoformat()
    values |= {
        f"event_{name}": day.isoformat() for name in events_of(item) if (day := {str(e): d for e, d in front.events.items()}.get(name))
    }
    return values | {key: getattr(front, key) or "" for key in PAIRS}


def draft_of(values: Values, item: Item, issuer: str = "") -> Draft:
    """What was typed, as a record. Raises :class:`BadForm`."""
    problems: dict[str, str] = {}

    def text(name: str) -> str | None:
        return (values.get(name) or "").strip() or None

    def day(name: str) -> dt.date:
        try:
            return dt.date.fromisoformat((values.get(name) or "").strip())
        except ValueError:
            problems[name] = "请填日期，如 2026-05-06"
            return dt.date(2000, 1, 1)

    days_text = (values.get("posting_days") or "0").strip()
    if not days_text.isdecimal() or int(days_text) > 3660:
        problems["posting_days"] = "请填天数；不张贴的填 0"
    days = int(days_text) if "posting_days" not in problems else 0
    if not text("title"):
        problems["title"] = "请填标题"
    formed, published = day("formed"), day("published")
    posting = (day("posting_from"), days, "working" if values.get("posting_kind") == "working" else "calendar") if days else None
    reviewed = tuple((step, by, day(f"review_{n}_on")) for n, step in enumerate(item.review) if (by := text(f"review_{n}_by")))
    events = {name: day(f"event_{name}") for name in events_of(item) if text(f"event_{name}")}
    if problems:
        raise BadForm(problems)
    return Draft(
        id=values.get("id", ""),
        title=text("title") or "",
        item=item.id,
        issuer=text("issuer") or issuer,
        formed=formed,
        published=published,
        period=text("period"),
        batch=text("batch"),
        subject=text("subject"),
        stage=text("stage"),
        number=text("number"),
        scope=text("scope"),
        attribute=text("attribute"),
        posting=posting,  # type: ignore[arg-type]
        reviewed=reviewed,
        events=events,
        refers={key: value for key in PAIRS if (value := text(key))},
        summary=text("summary"),
        body=(values.get("body") or "").replace("\r\n", "\n"),
    )


def changed_keys(before: RecordFile, item: Item, draft: Draft) -> dict[str, Value | None]:
    """The keys of the head that somebody changed: whatever else the file says stays as it is written."""
    old = draft_of(of_record(before, item, ""), item)
    was, now = keys_of(replace(old, body="")), keys_of(replace(draft, body=""))
    made = {key: now[key] for key in now if now[key] != was.get(key) and key not in ("id", "item", "table")}
    made |= {key: None for key in was if key not in now}
    if "reviewed" in made:
        asked = set(item.review)
        others: list[Value] = [{"step": r.step, "by": r.by, "on": r.on} for r in before.reviewed if r.step not in asked]
        mine = now["reviewed"]
        made["reviewed"] = [*others, *(mine if isinstance(mine, list) else [])]
    if "events" in made:
        asked_for = set(events_of(item))
        made["events"] = {**{str(e): d for e, d in before.events.items() if e not in asked_for}, **draft.events} or None
    if "document" in made and before.document and before.document.issued:
        made["document"] = {**({"number": draft.number} if draft.number else {}), "issued": before.document.issued}
    return made


def advice(item: Item, values: Values, calendar: Calendar) -> str:
    """By when a record has to be published, and until when its sheet hangs, in words; "" where no day can be told."""
    said = []
    try:
        formed = dt.date.fromisoformat(values.get("formed", ""))
        events = {name: dt.date.fromisoformat(text) for name in events_of(item) if (text := values.get(f"event_{name}", ""))}
        last = last_day(item, formed, values.get("period") or None, calendar, events)
        if last:
            said.append(f"最迟 {last.isoformat()} 公布")
        days, start = int(values.get("posting_days") or 0), dt.date.fromisoformat(values.get("posting_from", ""))
        if 0 < days <= 3660:
            end = calendar.posting_end(start, days, "working" if values.get("posting_kind") == "working" else "calendar")
            said.append(f"张贴到 {end.date.isoformat()}（含当天）")
    except ValueError:
        pass
    return "，".join(said)


_LABELS = {
    "title": "标题",
    "period": "所属期",
    "batch": "批次",
    "subject": "关于什么",
    "stage": "第几榜",
    "issuer": "谁公布",
    "formed": "成文日期",
    "published": "公布日期",
    "events": "时限起算的那一天",
    "posting": "张贴",
    "days": "张贴几天",
    "until": "张贴到",
    "reviewed": "审核",
    "table": "名单",
    "revision": "版号",
    "scope": "向谁公开",
    "attribute": "公开属性",
    "summary": "摘要",
    **PAIRS,
}
_NAMED = re.compile(r"[«“]([a-z_]+)[»”]")
_FILE_WORDS = re.compile(r"[a-z_]+:|[{}\[\]]|\.ya?ml|\b(?:" + "|".join(_LABELS) + r")\b")


def plain(found: Finding) -> tuple[str, str]:
    """A finding for somebody who sees a form: keys by the labels of their fields; a remedy that tells what to write into a file is left out."""

    def label(m: re.Match[str]) -> str:
        return f"“{_LABELS.get(m[1], m[1])}”"

    message, fix = (_NAMED.sub(label, text) for text in (found.message("zh"), found.fix("zh")))
    return message, "" if _FILE_WORDS.search(fix) else fix
