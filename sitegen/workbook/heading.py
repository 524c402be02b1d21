"""The head of a record out of a form: what is written there, what the item's rules make of it, and what has to be asked."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct, field

from sitegen.model.base import Level
from sitegen.model.catalog import Item
from sitegen.model.finding import N_
from sitegen.model.lastday import terms_of
from sitegen.model.period import Period
from sitegen.model.record import Reviewed
from sitegen.model.region import Unit
from sitegen.model.stages import STAGES
from sitegen.model.table import fold

from .asking import Asking
from .books import spelled
from .figures import Doubt, day, period
from .labels import BY_KEY, Written
from .masks import masked

_STAGE = re.compile(r"[一二三]榜")
_BATCH = re.compile(r"第[一二三四五六七八九十\d]{1,3}批")
SCOPES = ("全体村民", "全体居民", "全体成员", "特定群体")
_ATTRIBUTES = ("主动公开", "依申请公开")
WORKING, CALENDAR = "工作日", "自然日"
KINDS = {WORKING: "working", CALENDAR: "calendar"}


class Heading(Struct):
    """The front matter that a workbook makes, as far as it is known."""

    front: dict[str, Any] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    """By key of the front matter: the cell that said it."""
    body: str = ""
    why: str = ""


class Header:
    """Makes the head of one record."""

    def __init__(
        self,
        unit: Unit,
        item: Item,
        labels: Mapping[str, Written],
        titles: Sequence[tuple[str, str]],
        asking: Asking,
        today: dt.date,
    ) -> None:
        self.unit, self.item, self.labels = unit, item, labels
        self.titles, self.asking, self.today = titles, asking, today
        self.made = Heading()

    def make(self, *, table: bool) -> Heading:
        """All of it. What is missing or doubtful is noted as a question or a finding."""
        front = self.made.front
        title = self._title()
        self._put("title", title, "title")
        front["item"] = self.item.id
        self._put("period", self._period(title or "", asked=table or self.item.periodic is not None), "period")
        self._put("batch", self._text("batch") or _first(_BATCH, title), "batch")
        self._put("subject", self._text("subject"), "subject")
        self._put("stage", self._stage(title or ""), "stage")
        self._put("issuer", self._issuer(), "issuer")
        if number := self._text("number"):
            self._put("document", {"number": number}, "number")
        self._level()
        formed = self._day("formed", N_("On what day was it made (成文日期)?"), asked=True)
        published = self._day("published", N_("On what day is it published (发布日期)?"), asked=True)
        self._put("formed", formed, "formed")
        self._put("published", published, "published")
        self._put("posting", self._posting(published), "posting_from")
        self._put("reviewed", self._reviewed(), "reviewed_by")
        self._put("result_of", self._text("result_of"), "result_of")
        self._put("result_due", self._day("result_due", ""), "result_due")
        self._put("changes", self._changes(), "changes")
        self._put("summary", self._text("summary"), "summary")
        self.made.why = self._text("why")
        self.made.body = self._body(title or "", table=table)
        return self.made

    # ---- What is written

    def _put(self, key: str, value: Any, label: str) -> None:
        if value not in (None, "", [], {}):
            self.made.front[key] = value
            if label in self.labels:
                self.made.places[key] = self.labels[label].where

    def _raw(self, key: str) -> Any:
        if key in self.asking.answers:
            return self.asking.answers[key]
        return self.labels[key].value if key in self.labels else ""

    def _text(self, key: str) -> str:
        return spelled(self._raw(key))

    def _where(self, key: str) -> str:
        return self.labels[key].where if key in self.labels else ""

    def ask(self, id: str, text: str, choices: Sequence[str] = (), proposal: str = "", **args: str) -> None:
        """Note an open question, once."""
        self.asking.ask(id, text, choices, self._where(id), proposal, **args)

    def _wrong(self, key: str, problem: str) -> None:
        value = spelled(self._raw(key))[:40]
        self.asking.say("SG276", self._where(key), label=BY_KEY[key].title, value=value, problem=problem)

    def _day(self, key: str, question: str, *, asked: bool = False, proposal: str = "") -> dt.date | None:
        try:
            found = day(self._raw(key))
        except Doubt as doubt:
            self._wrong(key, doubt.problem)
            return None
        if found is None and asked:
            self.ask(key, question, proposal=proposal or self.today.isoformat())
        return found

    def _choice(self, key: str, choices: Sequence[str]) -> str | None:
        text = self._text(key)
        if not text:
            return None
        found = next((c for c in choices if fold(c) == fold(text)), None)
        if found is None:
            self._wrong(key, N_("it is none of the choices"))
        return found

    # ---- Field by field

    def _title(self) -> str | None:
        if text := self._text("title"):
            return text
        candidates = [t for t, _ in self.titles if len(fold(t)) >= 6 and not re.search(r"单位[:：]|填报|制表|日期[:：]|年\d+月\d+日$", t)]
        if len(candidates) == 1:
            return candidates[0]
        name = self.unit.data.name
        self.ask(
            "title", N_("What is the title?"), proposal=candidates[0] if candidates else f"{name}{self.item.name}公示", choices=candidates
        )
        return None

    def _period(self, title: str, *, asked: bool) -> str | None:
        if "period" in self.asking.answers or "period" in self.labels:
            raw = self._raw("period")
            try:
                text = raw.isoformat()[:10] if isinstance(raw, dt.date) else period(spelled(raw)) or _span(spelled(raw))
                if text:
                    Period.parse(text)
                    return text
            except (Doubt, ValueError):
                pass
            self._wrong("period", N_("write it as 2026年, 2026年第三季度 or 2026年9月"))
            return None
        found = {p for t in (title, *(t for t, _ in self.titles)) if (p := period(t))}
        if len(found) == 1:
            return next(iter(found))
        if asked:
            self.ask("period", N_("Which period is it about, such as 2026年, 2026年第三季度, 2026年9月?"), proposal=self._usual_period())
        return None

    def _usual_period(self) -> str:
        day = self.today
        if self.item.periodic == "quarterly":
            quarter = (day.month - 1) // 3
            return f"{day.year}-Q{quarter}" if quarter else f"{day.year - 1}-Q4"
        if self.item.periodic == "monthly":
            last = day.replace(day=1) - dt.timedelta(1)
            return f"{last.year}-{last.month:02}"
        return str(day.year)

    def _stage(self, title: str) -> str | None:
        same = self.item.counterpart
        if same is None or not same.stages:
            return None
        if self._text("stage"):
            return self._choice("stage", STAGES)
        own = STAGES[same.stages.index(self.unit.level)] if self.unit.level in same.stages else None
        named = set(_STAGE.findall(title))
        if named <= {own} or own is None:
            return own
        self.ask("stage", N_("Which of the three postings is it (一榜, 二榜, 三榜)?"), STAGES, own)
        return None

    def _issuer(self) -> str | None:
        organs = self.unit.data.organs
        if text := self._text("issuer"):
            found = [o for o in organs if fold(text) in (o.id, fold(o.name), fold(o.short))] or [
                o for o in organs if fold(text) in fold(o.name)
            ]
            if len(found) == 1:
                return found[0].id
            self._wrong("issuer", N_("it is none of the unit's publishers"))
            return None
        likely = self.likely_organs()
        if len(likely) == 1:
            return likely[0]
        self.ask("issuer", N_("Who publishes it?"), [o.name for o in organs], organs[0].name)
        return None

    def likely_organs(self) -> list[str]:
        """Ids of the organs that the item's 公开主体 means."""
        organs = self.unit.data.organs
        if len(organs) == 1:
            return [organs[0].id]
        subject = getattr(self.item.subject, self.unit.level.value) or ""
        kinds = {"村民委员会": r"村民委员会|居民委员会", "集体经济组织": r"合作社|经济联合社|集体经济", "党组织": r"支部|党委|党总支"}
        patterns = [p for word, p in kinds.items() if word in subject]
        if len(patterns) == 1:
            found = [o.id for o in organs if re.search(patterns[0], o.name)]
            if len(found) == 1:
                return found
        return [o.id for o in organs]

    def _level(self) -> None:
        for key, usual in self.usual_audience().items():
            choices = SCOPES if key == "scope" else _ATTRIBUTES
            self._put(key, self._choice(key, choices) if self._text(key) else usual, key)

    def usual_audience(self) -> dict[str, str]:
        """To whom the item is open, as its level says it: ``scope`` or ``attribute``."""
        item = self.item
        if self.unit.level is Level.VILLAGE:
            return {"scope": "特定群体" if item.audience == "特定群体" else "全体居民" if self.unit.data.kind == "社区" else "全体村民"}
        return {"attribute": "主动公开" if item.method == "主动" else "依申请公开"}

    def _posting(self, published: dt.date | None) -> dict[str, Any] | None:
        term = next((t for t in terms_of(self.item) if t.kind == "posting" and t.days), None)
        if "none" in (self.asking.answers.get("posting_from"), self.asking.answers.get("posting_days")):
            return None
        usual = (published or self.today).isoformat()
        start = self._day(
            "posting_from", N_("From which day does it hang (公示开始)? The item asks for it"), asked=term is not None, proposal=usual
        )
        until = self._day("posting_until", "")
        days = self._text("posting_days")
        if start is None:
            return None
        made: dict[str, Any] = {"from": start}
        counted = re.fullmatch(r"(\d{1,3})(?:\.0)?个?(工作日|自然日|日|天)?", fold(days))
        if days and not counted:
            self._wrong("posting_days", N_("it is no number of days"))
        elif counted:
            kind = self._choice("posting_kind", tuple(KINDS)) or (counted[2] if counted[2] in KINDS else None)
            kind = kind or (WORKING if term and term.day_kind == "working" else CALENDAR)
            made |= {"days": int(counted[1]), "kind": KINDS[kind]}
        elif until is not None:
            made["until"] = until
        elif term is not None and term.days:
            made |= {"days": term.days, "kind": term.day_kind or "calendar"}
        else:
            self.ask("posting_days", N_("For how many days does it hang (公示天数)?"), proposal="7")
            return None
        return made

    def _reviewed(self) -> list[dict[str, Any]] | None:
        by, steps = self._text("reviewed_by"), self.item.review
        if not by or not steps:
            return None
        on = self._day("reviewed_on", N_("On what day was it reviewed (审核日期)?"), asked=True)
        if on is None:
            return None
        names = [n for n in re.split(r"[；;\n]", by) if n.strip()]
        if len(steps) > 1 and len(names) not in (1, len(steps)):
            self._wrong("reviewed_by", N_("the item has several steps of review: write one name for each, with ； between them"))
            return None
        names = names if len(names) == len(steps) else names * len(steps)
        return [Reviewed(step=s, by=n.strip(), on=on).model_dump() for s, n in zip(steps, names, strict=True)]

    def _changes(self) -> list[dict[str, str]] | None:
        made = []
        for line in re.split(r"[\n；;]", self._text("changes")):
            if not line.strip():
                continue
            row, sep, why = re.sub(r"[:：]", ":", line, count=1).partition(":")
            name = masked("name", row) or row.strip()
            if not sep or not why.strip():
                self._wrong("changes", N_("write each as 张*三：原因"))
                return None
            made.append({"row": name, "why": why.strip()})
        return made or None

    def _body(self, title: str, *, table: bool) -> str:
        text = self._raw("body")
        if isinstance(text, str) and text.strip():
            return "\n\n".join(as_markdown(p) for p in re.split(r"\n\s*\n|\n", text) if p.strip())
        if not table:
            return ""
        subject = re.sub(r"(的)?(公示|公告|公开|明细表|名单|表)$", "", title) or self.item.name
        return as_markdown(f"现将{subject}情况予以公示，欢迎监督。")


_SPECIAL = re.compile(r"([\\*_`<\[\]|~])")


def as_markdown(text: str) -> str:
    """A paragraph of a clerk as Markdown that says the same: 张*三 keeps its star, a line that begins with # or - stays a line of text."""
    return re.sub(r"^(\s*)([#>+=-])", r"\1\\\2", _SPECIAL.sub(r"\\\1", text.strip()))


def _first(pattern: re.Pattern[str], text: str | None) -> str | None:
    found = set(pattern.findall(text or ""))
    return found.pop() if len(found) == 1 else None


def _span(text: str) -> str | None:
    """2026年5月6日至2026年5月20日, or one day, as a period."""
    parts = [p for p in re.split(r"至|到|—+|–|~|～|\.\.", text) if p.strip()]
    days = [day(p) for p in parts]
    if len(days) == 1 and days[0]:
        return days[0].isoformat()
    return f"{days[0]}..{days[1]}" if len(days) == 2 and all(days) else None
