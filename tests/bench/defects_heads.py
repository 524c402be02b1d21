"""Defects in the heads of records: what cannot be read, which matter it is, pairs, times, attributes, the catalogue."""

from __future__ import annotations

import datetime as dt
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.bench.defects_clean import ADJUSTED, DAY, FORMER, QUESTION, edit_item
from tests.bench.defects_files import Head, Rec, Region
from tests.bench.defects_plan import ALONE, Place, Planted, Site, kind, locks

Edit = Callable[[random.Random, Head], Planted | None]


def _site(region: Region, record: Rec, edit: Edit, *more: Rec, unread: bool = False) -> Site:
    def plant(dice: random.Random, root: Path) -> Planted | None:
        head = Head(root / record.file)
        made = edit(dice, head)
        if made is not None:
            head.save()
        return made

    return Site(locks(region, record, *more, unread=unread), plant)


def _set(region: Region, record: Rec, key: str, value: str, *codes: str, more: tuple[Rec, ...] = (), unread: bool = False, also: tuple[str, ...] = ()) -> Site:
    """One key gets another value. ``also`` are keys at which it may be said as well."""

    def edit(dice: random.Random, head: Head) -> Planted:
        line = head.set(key, value)
        lines = [line, *(head.line(k) for k in also if head.has(k))]
        return Planted(codes, tuple((record.file, n) for n in lines), f"{key}: {value}")

    return _site(region, record, edit, *more, unread=unread)


def _without(region: Region, record: Rec, key: str, *codes: str, at: str | None = None, unread: bool = False, more: tuple[Rec, ...] = ()) -> Site:
    """A key is left out: said where it stood, at the key ``at``, or at the first line."""

    def edit(dice: random.Random, head: Head) -> Planted:
        line = head.remove(key)
        places: list[Place] = [(record.file, line), (record.file, 1), (record.file, 2)]
        if at and head.has(at):
            places.append((record.file, head.line(at)))
        return Planted(codes, tuple(places), f"without {key}")

    return _site(region, record, edit, *more, unread=unread)


def _alone(region: Region) -> Iterator[Rec]:
    """Records that belong to no others."""
    return (r for r in region.records if not r.group and not region.related(r))


# ---- What cannot be read.


@kind
def broken_yaml(region: Region) -> Iterator[Site]:
    """A bracket is not closed."""
    for r in region.records:
        if r.front.get("posting") or r.front.get("reviewed"):

            def edit(dice: random.Random, head: Head, r: Rec = r) -> Planted | None:
                key = dice.choice([k for k in ("posting", "reviewed") if head.has(k)])
                n = head.line(key) - 1
                if not head.lines[n].rstrip().endswith(("}", "]")):
                    return None
                head.lines[n] = head.lines[n].rstrip()[:-1]
                return Planted(("SG102",), ((r.file, n + 1), (r.file, n + 2)), f"{key} not closed")

            yield _site(region, r, edit, unread=True)


@kind
def unknown_key(region: Region) -> Iterator[Site]:
    """isuer, publised."""
    for r in region.records:

        def edit(dice: random.Random, head: Head, r: Rec = r) -> Planted:
            line = head.set(dice.choice(["remark", "isuer", "publised", "attachment"]), "见正文")
            return Planted(("SG103", "SG113"), ((r.file, line),), "unknown key")

        yield _site(region, r, edit, unread=True)


@kind
def key_missing(region: Region) -> Iterator[Site]:
    """Title, item, publisher or a date is left out."""
    for r in region.records:
        for key in ("title", "issuer", "formed", "published"):
            yield _without(region, r, key, "SG104", unread=True)


@kind
def key_twice(region: Region) -> Iterator[Site]:
    """One key with two values."""
    for r in region.records:

        def edit(dice: random.Random, head: Head, r: Rec = r) -> Planted:
            key = dice.choice(["issuer", "formed", "title"])
            head.lines.insert(head.end, head.lines[head.line(key) - 1])
            head.end += 1
            return Planted(("SG106",), ((r.file, head.end), (r.file, head.line(key))), f"{key} twice")

        yield _site(region, r, edit, unread=True)


@kind
def not_a_date(region: Region) -> Iterator[Site]:
    """2026-02-30."""
    for r in region.records:
        for value in ("2026-02-30", "五月八日", "2026-13-01"):
            yield _set(region, r, "formed", value, "SG110", "SG105", unread=True)


@kind
def not_allowed(region: Region) -> Iterator[Site]:
    """公开 for 主动公开."""
    for r in region.records:
        yield _set(region, r, "scope" if r.village else "attribute", "公开", "SG111", unread=True)


@kind
def not_a_period(region: Region) -> Iterator[Site]:
    """2026年三季度."""
    for r in region.records:
        if r.front.get("period"):
            yield _set(region, r, "period", "2026年三季度", "SG105", unread=True)


@kind
def no_head(region: Region) -> Iterator[Site]:
    """The line of dashes was deleted."""
    for r in region.records:

        def edit(dice: random.Random, head: Head, r: Rec = r) -> Planted:
            del head.lines[0]
            return Planted(("SG108",), ((r.file, 1),), "without ---")

        yield _site(region, r, edit, unread=True)


@kind
def not_utf8(region: Region) -> Iterator[Site]:
    """Saved by Notepad as ANSI."""
    for r in region.records:

        def plant(dice: random.Random, root: Path, r: Rec = r) -> Planted:
            path = root / r.file
            path.write_bytes(path.read_text(encoding="utf-8").encode("gb18030"))
            return Planted(("SG101",), ((r.file, None),), "GB18030")

        yield Site(locks(region, r, unread=True), plant)


@kind
def id_taken(region: Region) -> Iterator[Site]:
    """Two records with one id."""
    for r in _alone(region):
        others = [o for o in _alone(region) if o.unit == r.unit and o is not r]
        if others:

            def edit(dice: random.Random, head: Head, r: Rec = r, others: list[Rec] = others) -> Planted:
                other = others[0]
                line = head.set("id", other.id)
                return Planted(("SG301",), ((r.file, line), (other.file, Head(region.root / other.file).line("id"))), f"id of {other.file}")

            yield _site(region, r, edit, others[0], unread=True)


@kind
def no_such_item(region: Region) -> Iterator[Site]:
    """SNBT-91."""
    for r in region.records:
        yield _set(region, r, "item", f"{r.item['id'].split('-')[0]}-97", "SG302", unread=True)


@kind
def no_such_organ(region: Region) -> Iterator[Site]:
    """cunweihui for cwh."""
    for r in region.records:
        yield _set(region, r, "issuer", "cunweihui", "SG303", unread=True)


@kind
def item_of_another_level(region: Region) -> Iterator[Site]:
    """A village's item in a township, and the other way round."""
    for r in _alone(region):
        if not r.table:
            yield _set(region, r, "item", "SYJG-01" if r.village else "CW-48", "SG311", unread=True)


@kind
def attachment_not_there(region: Region) -> Iterator[Site]:
    """A file that nobody put there."""
    for r in region.records:
        if not r.front.get("attachments"):
            yield _set(region, r, "attachments", "[{path: files/fujian-9.pdf, title: 附件}]", "SG307")


@kind
def picture_without_words(region: Region) -> Iterator[Site]:
    """An image without alternative text."""
    for r in region.records:
        folder = region.root / r.file.rsplit("/", 1)[0] / "files"
        pictures = sorted(folder.glob("*.png")) if folder.is_dir() else []
        if pictures:

            def edit(dice: random.Random, head: Head, r: Rec = r, name: str = pictures[0].name) -> Planted:
                line = head.add_text(f"![](files/{name})")
                return Planted(("SG314",), ((r.file, line),), "no alternative text")

            yield _site(region, r, edit)


# ---- Matters.


def _copy(root: Path, record: Rec, id: str) -> tuple[str, Head]:
    folder = record.file.rsplit("/", 1)[0]
    head = Head(root / record.file)
    head.path = root / folder / f"{id}.md"
    head.set("id", id)
    return f"{folder}/{id}.md", head


@kind
def two_candidates(region: Region) -> Iterator[Site]:
    """The township published the same list twice: which one is the village's?"""
    for r in region.records:
        if r.village or not r.table or not r.group or r.front.get("stage") or r.item.get("per") == "single":
            continue
        owns = [own for v, _ in region.slices(r) if (own := region.own(r, v))]
        if not owns:
            continue

        def plant(dice: random.Random, root: Path, r: Rec = r, owns: list[Rec] = owns) -> Planted:
            file, head = _copy(root, r, "2026-0888")
            head.save()
            items = tuple((o.file, Head(root / o.file).line("item")) for o in owns)
            return Planted(("SG503",), (*items, (file, None), (r.file, None)), f"{r.file} again as 2026-0888")

        yield Site(locks(region, r, *owns), plant)


@kind
def single_twice(region: Region) -> Iterator[Site]:
    """Two records where there can be one."""
    for r in _alone(region):
        if r.item.get("per") == "single" and r.front.get("period") and not r.table and r.front.get("validity", "有效") == "有效":

            def plant(dice: random.Random, root: Path, r: Rec = r) -> Planted:
                file, head = _copy(root, r, "2026-0889")
                if head.has("accept"):
                    head.remove("accept")
                head.save()
                places = ((file, head.line("period")), (r.file, Head(root / r.file).line("period")))
                return Planted(("SG522",), places, f"{r.file} again as 2026-0889")

            if not r.front.get("accept"):
                yield Site(locks(region, r), plant)


def _derived_pairs(region: Region) -> Iterator[tuple[Rec, Rec]]:
    for r in region.records:
        if not r.village and r.table and r.group and r.same.get("rule") == "derive" and not r.front.get("stage"):
            for village, _ in region.slices(r):
                if own := region.own(r, village):
                    yield r, own


@kind
def government_side_missing(region: Region) -> Iterator[Site]:
    """The township's list, which one village repeats, was deleted."""
    for r in region.records:
        if r.village or not r.table or not r.group or r.front.get("stage") or r.item.get("periodic"):
            continue
        owns = [own for v, _ in region.slices(r) if (own := region.own(r, v))]
        if len(owns) == 1 and not any(o.same and o.group == r.group and o is not r and not o.village and o.unit[:6] + "000000" == o.unit for o in region.records):

            def plant(dice: random.Random, root: Path, r: Rec = r, own: Rec = owns[0]) -> Planted:
                (root / r.file).unlink()
                return Planted(("SG514",), ((own.file, Head(root / own.file).line("item")),), f"{r.file} deleted")

            yield Site(locks(region, r, owns[0], unread=True) | {f"read/{r.unit[:6]}000000"}, plant)


@kind
def scope_against_attribute(region: Region) -> Iterator[Site]:
    """Open to all in the township, to some in the village."""
    for there, own in _derived_pairs(region):
        if own.front.get("scope") != "特定群体" and there.item.get("audience") == "全社会":
            yield _set(region, own, "scope", "特定群体", "SG515", more=(there,))


@kind
def counterpart_late(region: Region) -> Iterator[Site]:
    """The village followed weeks later."""
    for there, own in _derived_pairs(region):
        day = own.front["published"] + dt.timedelta(30)
        if day <= DAY:

            def edit(dice: random.Random, head: Head, own: Rec = own, day: dt.date = day) -> Planted:
                head.set("revision", f"{{n: 4, on: {day}, why: 村里自行公布本村名单}}")
                line = head.set("published", str(day))
                return Planted(("SG516", "SG701"), ((own.file, line),), f"published: {day}")

            yield _site(region, own, edit, there)


@kind
def text_differs(region: Region) -> Iterator[Site]:
    """One sentence is not the township's."""
    for there, own in _derived_pairs(region):
        if there.group != "xiangmu-zijin":
            continue

        def edit(dice: random.Random, head: Head, own: Rec = own) -> Planted | None:
            near = [n for n in range(head.end + 1, len(head.lines)) if re.search(r"\d", head.lines[n])]
            if not near:
                return None
            n = dice.choice(near)
            head.lines[n] = re.sub(r"\d", lambda m: str((int(m[0]) + 3) % 10), head.lines[n], count=1)
            return Planted(("SG517",), ((own.file, n + 1),), f"text, line {n + 1}")

        yield _site(region, own, edit, there)


# ---- Stages.


def _before(region: Region, r: Rec) -> list[Rec]:
    order = ["一榜", "二榜", "三榜"]
    n = order.index(r.front["stage"])
    return [
        o
        for o in region.records
        if o.front.get("stage") == order[n - 1]
        and n
        and o.front.get("period") == r.front.get("period")
        and (o.unit[:9] == r.unit[:9] or r.unit[6:9] == "000")
    ]


@kind
def posting_overlaps(region: Region) -> Iterator[Site]:
    """The next stage was put up before the one before came down."""
    for r in region.records:
        if not r.front.get("stage") or not (before := _before(region, r)):
            continue
        latest = max(o.front["posting"]["from"] for o in before)
        start = latest + dt.timedelta(3)

        def edit(dice: random.Random, head: Head, r: Rec = r, start: dt.date = start) -> Planted:
            for key in ("formed", "published"):
                head.set(key, str(start))
            if head.has("reviewed"):
                steps = r.front["reviewed"]
                head.set("reviewed", "[" + ", ".join(f"{{step: {s['step']}, by: {s['by']}, on: {start}}}" for s in steps) + "]")
            line = head.set("posting", f"{{from: {start}, days: 7, kind: working}}")
            return Planted(("SG625",), ((r.file, line),), f"posting from {start}")

        yield _site(region, r, edit, *before)


@kind
def stage_before_missing(region: Region) -> Iterator[Site]:
    """The village's evaluation was never posted."""
    for r in region.records:
        if not r.village or r.front.get("stage") != "一榜":
            continue
        later = [o for o in region.records if o.front.get("stage") == "二榜" and o.front.get("period") == r.front["period"] and o.unit[:9] == r.unit[:9]]
        if not later or not any(v == r.unit for v, _ in region.slices(later[0])):
            continue

        def plant(dice: random.Random, root: Path, r: Rec = r, later: Rec = later[0]) -> Planted:
            (root / r.file).unlink()
            (root / str(r.table)).unlink()
            return Planted(("SG621",), ((later.file, Head(root / later.file).line("stage")),), f"{r.file} deleted")

        yield Site(locks(region, r, later[0], unread=True), plant)


@kind
def stage_misnamed(region: Region) -> Iterator[Site]:
    """一榜 called 二榜."""
    for r in region.records:
        if r.village and r.front.get("stage") == "一榜":
            yield _set(region, r, "stage", "二榜", "SG621", "SG628", unread=True)


# ---- Pairs.


@kind
def half_missing(region: Region) -> Iterator[Site]:
    """The result, interpretation, feedback or reply was deleted."""
    keys = {"result_of": "result_due", "interprets": "published", "feedback_on": "consultation", "answers": "published"}
    for r in region.records:
        for key, at in keys.items():
            if not (ref := r.front.get(key)):
                continue
            target = region.by_ref[ref if "/" in ref else f"{r.unit}/{ref}"]
            if region.records and r.table:
                continue

            def plant(dice: random.Random, root: Path, r: Rec = r, target: Rec = target, at: str = at) -> Planted:
                (root / r.file).unlink()
                head = Head(root / target.file)
                lines = [head.line(k) for k in (at, "published", "formed") if head.has(k)]
                return Planted(("SG645",), tuple((target.file, n) for n in lines), f"{r.file} deleted")

            yield Site(locks(region, r, target, unread=True), plant)


@kind
def half_unnamed(region: Region) -> Iterator[Site]:
    """The result does not say of what."""
    for r in region.records:
        for key in ("result_of", "interprets", "feedback_on", "answers"):
            if not (ref := r.front.get(key)):
                continue
            target = region.by_ref[ref if "/" in ref else f"{r.unit}/{ref}"]

            def edit(dice: random.Random, head: Head, r: Rec = r, key: str = key, target: Rec = target) -> Planted:
                line = head.remove(key)
                other = Head(region.root / target.file)
                lines = [other.line(k) for k in ("result_due", "consultation", "published", "formed") if other.has(k)]
                return Planted(("SG645",), ((r.file, line), *((target.file, n) for n in lines)), f"without {key}")

            yield _site(region, r, edit, target)


@kind
def result_overdue(region: Region) -> Iterator[Site]:
    """A resolution whose result was due weeks ago."""
    for r in region.records:
        if r.item["id"] == "CW-07" and not region.related(r) and r.front["formed"] < dt.date(2026, 9, 1):
            yield _set(region, r, "result_due", "2026-10-15", "SG645")


@kind
def reference_astray(region: Region) -> Iterator[Site]:
    """A reference to a record that there is none of, or to itself, or to something else."""
    for r in region.records:
        for key in ("result_of", "interprets", "feedback_on", "answers", "replaces"):
            if r.front.get(key):
                for value in ("2026-0779", r.id):
                    yield _set(region, r, key, value, "SG305", "SG641", "SG642")


@kind
def replaced_still_in_force(region: Region) -> Iterator[Site]:
    """A document that another one replaced still says 有效."""
    for r in region.records:
        if (ref := r.front.get("replaces")) and (old := region.by_ref[ref if "/" in ref else f"{r.unit}/{ref}"]).front.get("validity") == "废止":

            def edit(dice: random.Random, head: Head, old: Rec = old, r: Rec = r) -> Planted:
                if dice.random() < 0.5:
                    head.remove("abolished") if head.has("abolished") else None
                line = head.set("validity", "有效")
                lines = [line, *([head.line("abolished")] if head.has("abolished") else [])]
                return Planted(("SG648", "SG650"), tuple((old.file, n) for n in lines), "validity: 有效")

            yield _site(region, old, edit, r)


# ---- Times.


@kind
def published_late(region: Region) -> Iterator[Site]:
    """Weeks after the last day."""
    for r in _alone(region):
        words = r.item["deadline"] if isinstance(r.item["deadline"], str) else ""
        if not re.search(r"(形成|变更|分配结果确定|制定|获取).*?(20|10|3)个工作日内", words) or "；" in words or "，" in words:
            continue
        if any(k in r.front for k in ("revision", "accept", "posting", "events", "document", "reviewed")) and not r.front.get("reviewed"):
            continue
        day = r.front["formed"] + dt.timedelta(75)
        if day <= DAY and not any(k in r.front for k in ("revision", "accept", "posting", "events", "validity", "document")):
            yield _set(region, r, "published", str(day), "SG701", "SG702")


@kind
def posting_too_short(region: Region) -> Iterator[Site]:
    """Three days for seven."""
    for r in _posted(region):
        yield _set(region, r, "posting", f"{{from: {r.front['posting']['from']}, days: 2, kind: working}}", "SG704")


@kind
def posting_missing(region: Region) -> Iterator[Site]:
    """A list that must be posted and was not."""
    for r in _posted(region):
        if r.table or not r.item.get("table"):
            yield _without(region, r, "posting", "SG705", at="item")


def _posted(region: Region) -> Iterator[Rec]:
    for r in region.records:
        words = r.item["deadline"] if isinstance(r.item["deadline"], str) else ""
        if r.front.get("posting") and re.search(r"公示期?(不少于)?(5|7|10)个?(工作)?日", words) and not r.front.get("consultation"):
            yield r


@kind
def published_before_formed(region: Region) -> Iterator[Site]:
    """The two dates were exchanged."""
    for r in _alone(region):
        if r.front["formed"] < r.front["published"] and "accept" not in r.front:

            def edit(dice: random.Random, head: Head, r: Rec = r) -> Planted:
                a = head.set("formed", str(r.front["published"]))
                b = head.set("published", str(r.front["formed"]))
                return Planted(("SG316",), ((r.file, a), (r.file, b)), "formed and published exchanged")

            yield _site(region, r, edit)


@kind
def in_the_future(region: Region) -> Iterator[Site]:
    """2027 for 2026."""
    for r in _alone(region):
        if r.front["published"].year == 2026 and "revision" not in r.front:
            yield _set(region, r, "published", str(r.front["published"] + dt.timedelta(365)), "SG710")


@kind
def revision_undated(region: Region) -> Iterator[Site]:
    """A second version that does not say of when, or of a day that cannot be."""
    for r in region.records:
        if r.front.get("revision") is None:
            early = r.front["published"] - dt.timedelta(9)
            for value in ("{n: 2, why: 更正面积}", f"{{n: 2, on: {early}, why: 更正面积}}", "{n: 2, on: 2027-01-05, why: 更正面积}"):
                yield _set(region, r, "revision", value, "SG711", "SG712")


@kind
def period_missing(region: Region) -> Iterator[Site]:
    """The record of one quarter or month was deleted."""
    for r in region.records:
        if r.item.get("periodic") not in ("quarterly", "monthly") or r.group or r.front.get("subject") or r.front.get("batch"):
            continue
        same = [o for o in region.records if o.unit == r.unit and o.item is r.item]
        if str(r.front.get("period")) not in ("2026-Q2", "2026-Q3") or str(min(str(o.front.get("period")) for o in same)) >= str(r.front["period"]):
            continue
        if sum(o.front.get("period") == r.front["period"] for o in same) > 1:
            continue

        def plant(dice: random.Random, root: Path, r: Rec = r) -> Planted:
            (root / r.file).unlink()
            return Planted(("SG709",), ((f"{region.folders[r.unit]}/unit.yml", None),), f"{r.file} ({r.item['id']} {r.front['period']}) deleted")

        yield Site(locks(region, r, unread=True), plant)


# ---- Attributes and approvals.


@kind
def kept_back_without_reason(region: Region) -> Iterator[Site]:
    """不予公开 without a provision."""
    for r in _alone(region):
        if r.front.get("attribute") == "主动公开" and not r.item.get("periodic"):
            yield _set(region, r, "attribute", "不予公开", "SG821", unread=True)


@kind
def kept_back_unreviewed(region: Region) -> Iterator[Site]:
    """The reason was last reviewed years ago, or is no entry of the negative list."""
    for r in _alone(region):
        if r.front.get("attribute") != "主动公开" or r.item.get("periodic"):
            continue
        for value in ("{provision: FM-05, reviewed: 2024-03-01}", "{provision: FM-98, reviewed: 2026-03-01}"):

            def edit(dice: random.Random, head: Head, r: Rec = r, value: str = value) -> Planted:
                head.set("attribute", "不予公开")
                head.set("secrecy", f"{{by: 办公室, on: {r.front['formed']}}}")
                line = head.set("not_public", value)
                return Planted(("SG822", "SG823"), ((r.file, line),), value)

            yield _site(region, r, edit, unread=True)


@kind
def approval_missing(region: Region) -> Iterator[Site]:
    """A step of the item's review was not taken."""
    for r in region.records:
        if r.item.get("review") and r.front.get("reviewed"):
            yield _without(region, r, "reviewed", "SG831", at="item")


@kind
def approval_afterwards(region: Region) -> Iterator[Site]:
    """The supervision committee signed after publication."""
    for r in region.records:
        if steps := r.front.get("reviewed"):
            late = r.front["published"] + dt.timedelta(10)
            text = ", ".join(f"{{step: {s['step']}, by: {s['by']}, on: {late if s is steps[-1] else s['on']}}}" for s in steps)
            yield _set(region, r, "reviewed", f"[{text}]", "SG826")


@kind
def approval_misnamed(region: Region) -> Iterator[Site]:
    """A step by a name that the catalogue does not have."""
    for r in region.records:
        if (steps := r.front.get("reviewed")) and r.item.get("review") and {s["step"] for s in steps} == set(r.item["review"]):
            text = ", ".join(f"{{step: {s['step'] + '（盖章）' if s is steps[0] else s['step']}, by: {s['by']}, on: {s['on']}}}" for s in steps)
            yield _set(region, r, "reviewed", f"[{text}]", "SG832")


# ---- The catalogue.


@kind
def former_item(region: Region) -> Iterator[Site]:
    """A record names its item by the id of an earlier catalogue."""
    for r in region.records:
        if r.item["id"] in FORMER:
            yield _set(region, r, "item", FORMER[r.item["id"]], "SG411", unread=True)


@kind
def adjusted_without_reason(region: Region) -> Iterator[Site]:
    """An adjustment of the catalogue that gives no reason, no reviewer, or an unknown unit."""
    for item in ADJUSTED:
        for key, value, code in (
            ("why", "无", "SG413"),
            ("reviewer", "待定", "SG413"),
            ("why", "", "SG104"),
            ("unit", '"230170101299"', "SG412"),
            ("on", "2027-03-10", "SG416"),
        ):

            def plant(dice: random.Random, root: Path, item: str = item, key: str = key, value: str = value, code: str = code) -> Planted:
                found: dict[str, Any] = {}

                def edit(text: str) -> str:
                    lines = text.split("\n")
                    start = next(n for n, line in enumerate(lines) if "adjustments:" in line)
                    n = next(n for n, line in enumerate(lines) if n > start and re.match(rf"\s+(- )?{key}:", line))
                    found["lines"] = range(start, start + 7)
                    if value:
                        lines[n] = lines[n].split(":")[0] + f": {value}"
                    else:
                        del lines[n]
                    return "\n".join(lines)

                file, first = edit_item(root, region, item, edit)
                return Planted((code, "SG105"), tuple((file, first + n) for n in found["lines"]), f"{item}: {key}: {value}")

            yield Site(frozenset({f"catalogue/{region.fields[item]}", *((ALONE,) if not value else ())}), plant)


_ = QUESTION
