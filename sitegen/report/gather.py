"""Counting what the report says, from a checked region."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal

from msgspec.structs import replace

from sitegen.check import Checked, Scope
from sitegen.check.counterparts import awaited_governments, awaited_villages
from sitegen.check.coverage import Coverage, coverage
from sitegen.check.deadlines import judged
from sitegen.explain import in_words
from sitegen.model.applications import reply_by
from sitegen.model.base import Level
from sitegen.model.finding import Finding, Severity, translator
from sitegen.model.matter import Pair, is_public
from sitegen.model.obligations import everything_due
from sitegen.model.region import Record, Unit
from sitegen.model.rules import RULES
from sitegen.model.unit import parent_code
from sitegen.model.words import differences_text

from .facts import STATES, AcceptedLine, ApplicationLine, ClosedLine, Facts, FindingLine, LateLine, Month, PairLine, RuleCount, UnitFacts
from .score import Share, score

PERSONAL = "SG8"
QUOTED_NEVER = ("SG80", "SG81")
"""Findings of personal data: nothing else of such a record is quoted either."""
UNREADABLE = "SG812"
"""A file that could not be looked into: not checked, which is no mistake yet."""
MONTHS = 12


def gather(checked: Checked, date: dt.date, chosen: Collection[str] | None = None) -> Facts:
    """The facts of a region on ``date``, of all its units or of those with the codes ``chosen``."""
    return _Gatherer(checked, date, chosen).run()


class _Gatherer:
    def __init__(self, checked: Checked, date: dt.date, chosen: Collection[str] | None) -> None:
        self.checked, self.date, self.whole = checked, date, chosen is None
        self.region, self.matters = checked.region, checked.matters
        self.scope = Scope(self.region, self.matters, date)
        self.units = [u for u in self.region.units.values() if chosen is None or u.code in chosen]
        self.codes = {u.code for u in self.units}
        self.names = {u.code: u.data.name for u in self.region.units.values()}
        self.records = [r for u in self.units for r in u.records]
        self.findings = [f for f in checked.findings if f.unit in self.codes or (self.whole and f.unit is None)]
        self.accepted = [a for a in checked.accepted if a.finding.unit in self.codes]
        everything = (*checked.findings, *(a.finding for a in checked.accepted))
        self.private = {(f.unit, f.record) for f in everything if f.code.startswith(QUOTED_NEVER)}
        """Records of which nothing is quoted."""
        self.judged = {record.ref: last for record, last in judged(self.scope)}
        due = everything_due(self.region, self.matters, self.scope.calendar, date, date)
        due = [d for d in due if d.unit in self.codes and d.kind != "milestone"]
        self.overdue = tuple(d for d in due if d.overdue)
        self.provisional = tuple(d for d in due if d.provisional)
        self.states: dict[str, Counter[str]] = defaultdict(Counter)
        self.groups: dict[str, Counter[str]] = defaultdict(Counter)
        self.pairs: list[PairLine] = []

    def run(self) -> Facts:
        self._compare()
        late = [
            LateLine(r, self.judged[r.ref]) for r in self.records if r.ref in self.judged and r.front.published > self.judged[r.ref].date
        ]
        dates = [d for r in self.records for d in (r.front.published, r.front.revision.on) if d and d <= self.date]
        return Facts(
            region=self.region,
            date=self.date,
            as_of=max(dates, default=None),
            whole=self.whole,
            units=_ranked(list(self._units())) if self.whole else tuple(self._units()),
            late=tuple(sorted(late, key=lambda x: (x.record.front.published, x.record.ref))),
            overdue=self.overdue,
            groups={g: self.groups[g] for g in sorted(self.groups)},
            pairs=tuple(sorted(self.pairs, key=lambda p: (-STATES.index(p.state), p.group, p.there, p.here, p.village))),
            findings=tuple(self._findings()),
            personal=tuple(self._personal()),
            accepted=tuple(self._accepted()),
            unchecked=tuple(self._unchecked()),
            closed=tuple(self._closed()),
            applications=tuple(self._applications()),
            milestones=tuple((m, m.state(self.date)) for m in self.region.milestones),
            months=tuple(self._months()),
        )

    # ---- Units.

    def _units(self) -> Iterator[UnitFacts]:
        covered: dict[str, dict[str, Coverage]] = defaultdict(dict)
        for c in coverage(self.region, self.matters):
            covered[c.unit][c.field] = c
        # A period for which nothing came counts as not published in time, or saying nothing would be best.
        absent = Counter(d.unit for d in self.overdue if d.kind == "publish")
        for unit in self.units:
            fields = covered[unit.code]
            public = [r for r in unit.records if is_public(r)]
            dated = [r for r in public if r.ref in self.judged]
            in_time = sum(r.front.published <= self.judged[r.ref].date for r in dated)
            states = self.states[unit.code]
            shares = {
                "coverage": sum((Share(len(c.present), c.owed) for c in fields.values()), Share(0, 0)),
                "timeliness": Share(in_time, len(dated) + absent[unit.code]),
                "consistency": Share(states["derived"] + states["agree"] + states["explained"], sum(states.values())),
                "privacy": self._privacy(unit),
            }
            yield UnitFacts(
                unit=unit,
                records=len(public),
                derived=len(self.matters.derived.get(unit.code, ())),
                closed=len(unit.records) - len(public),
                latest=max((r.front.published for r in public if r.front.published <= self.date), default=None),
                fields=fields,
                shares=shares,
                overdue=sum(d.unit == unit.code for d in self.overdue),
                states={s: states[s] for s in STATES},
                families=self._families(unit.code),
                score=score(shares, self.region.data.assessment),
                rank=None,
            )

    def _privacy(self, unit: Unit) -> Share:
        everything = {r.front.id for r in unit.records}
        wrong = {f.record or f.file for f in self.findings if f.unit == unit.code and f.code.startswith(PERSONAL) and f.code != UNREADABLE}
        whole = len(everything | wrong)
        return Share(whole - len(wrong), whole)

    def _families(self, code: str) -> dict[str, tuple[int, int]]:
        counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        for f in self.findings:
            if f.unit == code:
                counts[f.code[:3]][f.severity is not Severity.ERROR] += 1
        return {family: (errors, rest) for family, (errors, rest) in sorted(counts.items())}

    # ---- Counterparts.

    def _compare(self) -> None:
        for code, found in self.matters.derived.items():
            for one in found:
                self._count("derived", one.source, code, one.source.unit)
        for pair in self.matters.pairs:
            self._pair(pair)
        for missing, until in awaited_villages(self.scope):
            if self.date > until.date:
                there = missing.there
                self._count("missing", there, missing.unit)
                self._line("missing", there, "", there.ref, missing.unit, there.unit, f"应在{until.date.isoformat()}以前公开")
        for record, until in awaited_governments(self.scope):
            above = parent_code(record.unit)
            if self.date > until.date and above is not None:
                self._count("missing", record, above)
                self._line("missing", record, record.ref, "", record.unit, above, f"应在{until.date.isoformat()}以前公开")

    def _pair(self, pair: Pair) -> None:
        here, there = pair.here, pair.there
        reasons = [r.front.differs for r in (here, there) if r.front.differs and r.front.differs.until >= self.date]
        note = ""
        if pair.agrees and not pair.gaps:
            state = "agree"
        elif reasons:
            state = "explained"
            note = f"{reasons[0].why}（{reasons[0].reviewer}，有效至{reasons[0].until.isoformat()}）"
        else:
            state = "differ"
            gaps = "、".join(p.zh for p in pair.gaps)
            note = "；".join(t for t in (differences_text(pair, self.names), f"{self.names[here.unit]}缺{gaps}" if gaps else "") if t)
        self._count(state, there, here.unit, there.unit)
        if state != "agree":
            if {(here.unit, here.front.id), (there.unit, there.front.id)} & self.private:
                note = "（记录有个人信息问题，不引用内容）"
            self._line(state, there, here.ref, there.ref, here.unit, there.unit, note)

    def _count(self, state: str, record: Record, *units: str) -> None:
        if self.codes & set(units):
            self.groups[self._group(record)][state] += 1
        for code in units:
            self.states[code][state] += 1

    def _line(self, state: str, record: Record, here: str, there: str, village: str, government: str, note: str) -> None:
        if self.codes & {village, government}:
            names = self.names.get(village, village), self.names.get(government, government)
            self.pairs.append(PairLine(state, self._group(record), record.front.title, here, there, *names, note))

    def _group(self, record: Record) -> str:
        """A group by the name of its first item."""
        item = self.region.catalog.items[record.front.item]
        same = item.counterpart.group if item.counterpart else None
        return next((i.name for i in self.region.catalog.items.values() if i.counterpart and i.counterpart.group == same), item.name)

    # ---- Findings.

    def _unit_name(self, code: str | None) -> str:
        return self.names.get(code or "", code or "全区域")

    def _findings(self) -> Iterator[FindingLine]:
        for f in sorted(self.findings, key=lambda f: (f.unit or "", f.severity.rank, f.sort_key)):
            if f.code.startswith(PERSONAL):
                continue
            private = (f.unit, f.record) in self.private
            message, fix = (in_words(f.rule.message, "zh"), in_words(f.rule.fix, "zh")) if private else (f.message("zh"), f.fix("zh"))
            yield FindingLine(f.severity, f.code, self._unit_name(f.unit), _place(f), message, fix)

    def _personal(self) -> Iterator[RuleCount]:
        by_rule: dict[str, list[Finding]] = defaultdict(list)
        for f in self.findings:
            if f.code.startswith(PERSONAL):
                by_rule[f.code].append(f)
        for code, found in sorted(by_rule.items()):
            units = tuple(dict.fromkeys(self._unit_name(f.unit) for f in sorted(found, key=lambda f: f.unit or "")))
            headline = in_words(RULES[code].message, "zh").removesuffix("…：……（…位）")
            yield RuleCount(code, headline, len(found), units)

    def _accepted(self) -> Iterator[AcceptedLine]:
        for a in sorted(self.accepted, key=lambda a: (a.accept.until, a.finding.unit or "", a.finding.sort_key)):
            left = (a.accept.until - self.date).days
            state = "有效" if left > _SOON else f"还有{left}天到期"
            rule = in_words(a.finding.rule.message, "zh")
            yield AcceptedLine(a.accept, rule, self._unit_name(a.finding.unit), _place(a.finding), state)
        for record in self.records:
            for entry in record.front.accept:
                if entry.until < self.date:
                    rule = in_words(RULES[entry.code].message, "zh") if entry.code in RULES else ""
                    yield AcceptedLine(entry, rule, self._unit_name(record.unit), record.file, "已过期，问题恢复")

    def _unchecked(self) -> Iterator[str]:
        say = translator("zh")
        files = sorted(
            {f.file for f in self.findings if f.severity is Severity.ERROR and f.record is None and f.code.startswith(("SG1", "SG2"))}
        )
        if files:
            yield f"{len(files)}个文件读不懂，其中的内容没有核对：{'、'.join(files[:_NAMED])}{'等' if len(files) > _NAMED else ''}"
        unread = [f for f in (*self.findings, *(a.finding for a in self.accepted)) if f.code == UNREADABLE]
        if unread:
            units = "、".join(dict.fromkeys(self._unit_name(f.unit) for f in unread))
            yield f"{len(unread)}个附件打不开或者认不出文字（{units}），须由人查看有无个人信息"
        if self.whole and not self.region.catalog.complete:
            yield "标准目录有文件不能使用，覆盖情况和期限不全"
        if self.whole and not self.region.complete:
            yield "有单位没有读入，与之对应的记录没有比较"
        public = [r for r in self.records if is_public(r) and r.front.published <= self.date]
        undated = sum(r.ref not in self.judged for r in public)
        if undated:
            yield f"{undated}件记录没有可以计算的最后期限（目录写“及时公开”一类，或者在已公布的节假日安排以外，或者在开始考核之日以前），不计入按时率"
        if self.provisional:
            first = self.provisional[0]
            example = say(first.task).format(what=first.what, detail=first.detail)
            yield f"{len(self.provisional)}项到期事项按未公布的节假日安排推算，不算逾期，如：{example}"

    # ---- What is not open, applications, trend.

    def _closed(self) -> Iterator[ClosedLine]:
        names = {e.id: e.name for e in self.region.catalog.exclusions}
        for record in self.records:
            if not is_public(record):
                entry = record.front.not_public
                provision = f"{entry.provision} {names.get(entry.provision, '')}".strip() if entry else ""
                yield ClosedLine(record, provision, entry.reviewed if entry else None)

    def _applications(self) -> Iterator[ApplicationLine]:
        for unit in self.units:
            if not unit.applications:
                continue
            counts: Counter[str] = Counter()
            results: Counter[str] = Counter()
            for filed in unit.applications:
                one = filed.data
                last = reply_by(one, self.scope.calendar)
                over = last is not None and not last.provisional
                if one.replied is not None and one.result is not None:
                    results[one.result] += 1
                    counts["late" if last is not None and over and one.replied > last.date else "in_time"] += 1
                else:
                    counts["overdue" if last is not None and over and self.date > last.date else "waiting"] += 1
                counts["extended"] += one.extended is not None
            yield ApplicationLine(
                unit.data.name, len(unit.applications), counts["in_time"], counts["late"], counts["waiting"], counts["overdue"],
                counts["extended"], dict(sorted(results.items())),
            )  # fmt: skip

    def _months(self) -> Iterator[Month]:
        public = [r for r in self.records if is_public(r)]
        published = _by_month((r.front.published, r) for r in public if r.front.published <= self.date)
        corrected = _by_month((r.front.revision.on, r) for r in public if r.front.revision.on and r.front.revision.on <= self.date)
        start = self.date.replace(day=1)
        months = [start]
        while len(months) < MONTHS:
            start = (start - dt.timedelta(1)).replace(day=1)
            months.insert(0, start)
        for month in months:
            dated = [r for r in published[month] if r.ref in self.judged]
            in_time = sum(r.front.published <= self.judged[r.ref].date for r in dated)
            yield Month(month, len(published[month]), in_time, len(dated), len(corrected[month]))


_SOON = 30
_NAMED = 20


def _by_month(dated: Iterable[tuple[dt.date, Record]]) -> dict[dt.date, list[Record]]:
    made: dict[dt.date, list[Record]] = defaultdict(list)
    for day, record in dated:
        made[day.replace(day=1)].append(record)
    return made


def _place(f: Finding) -> str:
    return ":".join(str(p) for p in (f.file, f.line) if p is not None)


def _ranked(units: list[UnitFacts]) -> tuple[UnitFacts, ...]:
    scores: dict[Level, list[Decimal]] = defaultdict(list)
    for u in units:
        if u.score is not None:
            scores[u.unit.level].append(u.score)
    return tuple(u if u.score is None else replace(u, rank=1 + sum(other > u.score for other in scores[u.unit.level])) for u in units)
