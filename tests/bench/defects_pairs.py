"""Defects in records that belong in pairs, and in dates."""

from __future__ import annotations

import datetime as dt
import random
import re
from collections.abc import Iterator
from pathlib import Path

from tests.bench.defects_clean import DAY
from tests.bench.defects_files import Head, Rec, Region
from tests.bench.defects_plan import Planted, Site, kind, locks
from tests.bench.defects_sites import alone, head_site, put, without

# ---- Pairs.


def only_one(region: Region, key: str, target: Rec) -> bool:
    """Does the target need its other half, and is there no second one which would still make the pair?"""
    if key in ("interprets", "answers") and not target.item.get("expects"):
        return False
    refs = (f"{r.unit}/{ref}" if "/" not in ref else ref for r in region.records if (ref := r.front.get(key)))
    return sum(region.by_ref[ref] is target for ref in refs) == 1


@kind
def half_missing(region: Region) -> Iterator[Site]:
    """The result, interpretation, feedback or reply was deleted."""
    keys = {"result_of": "result_due", "interprets": "published", "feedback_on": "consultation", "answers": "published"}
    lists = [*region.root.glob("content/**/*.yml"), *region.root.glob("villages/**/*.yml")]
    elsewhere = set(re.findall(r"\b\d{4}-\d{4}\b", "".join(path.read_text(encoding="utf-8") for path in sorted(lists))))
    """Ids of records that lists name too, such as meetings: they would be missed there as well."""
    for r in region.records:
        for key, at in keys.items():
            if not (ref := r.front.get(key)):
                continue
            target = region.by_ref[ref if "/" in ref else f"{r.unit}/{ref}"]
            if r.table or r.id in elsewhere or not only_one(region, key, target):
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
            if not only_one(region, key, target) or r.front.get("received"):  # what was received goes with feedback_on
                continue

            def edit(dice: random.Random, head: Head, r: Rec = r, key: str = key, target: Rec = target) -> Planted:
                line = head.remove(key)
                other = Head(region.root / target.file)
                lines = [other.line(k) for k in ("result_due", "consultation", "published", "formed") if other.has(k)]
                return Planted(("SG645",), ((r.file, line), *((target.file, n) for n in lines)), f"without {key}")

            yield head_site(region, r, edit, target)


@kind
def result_overdue(region: Region) -> Iterator[Site]:
    """A resolution whose result was due weeks ago."""
    for r in region.records:
        if r.item["id"] == "CW-07" and not region.related(r) and r.front["formed"] < dt.date(2026, 9, 1):
            yield put(region, r, "result_due", "2026-10-15", "SG645")


@kind
def reference_astray(region: Region) -> Iterator[Site]:
    """A reference to a record that there is none of, or to itself, or to something else."""
    for r in region.records:
        for key in ("result_of", "interprets", "feedback_on", "answers", "replaces"):
            if r.front.get(key):
                for value in ("2026-0779", r.id):
                    yield put(region, r, key, value, "SG305", "SG641", "SG642")


@kind
def replaced_still_in_force(region: Region) -> Iterator[Site]:
    """A document that another one replaced still says 有效."""
    for r in region.records:
        if (ref := r.front.get("replaces")) and (old := region.by_ref[ref if "/" in ref else f"{r.unit}/{ref}"]).front.get(
            "validity"
        ) == "废止":

            def edit(dice: random.Random, head: Head, old: Rec = old, r: Rec = r) -> Planted:
                if dice.random() < 0.5:
                    head.remove("abolished") if head.has("abolished") else None
                line = head.set("validity", "有效")
                lines = [line, *([head.line("abolished")] if head.has("abolished") else [])]
                return Planted(("SG648", "SG650"), tuple((old.file, n) for n in lines), "validity: 有效")

            yield head_site(region, old, edit, r)


# ---- Times.


@kind
def published_late(region: Region) -> Iterator[Site]:
    """Weeks after the last day."""
    for r in alone(region):
        if r.front.get("attribute", "主动公开") != "主动公开":
            continue  # nobody waits for it
        words = r.item["deadline"] if isinstance(r.item["deadline"], str) else ""
        if not re.search(r"(形成|变更|分配结果确定|制定|获取).*?(20|10|3)个工作日内", words) or "；" in words or "，" in words:
            continue
        if any(k in r.front for k in ("revision", "accept", "posting", "events", "document", "reviewed")) and not r.front.get("reviewed"):
            continue
        day = r.front["formed"] + dt.timedelta(75)
        if day <= DAY and not any(k in r.front for k in ("revision", "accept", "posting", "events", "validity", "document")):
            yield put(region, r, "published", str(day), "SG701", "SG702")


@kind
def posting_too_short(region: Region) -> Iterator[Site]:
    """Three days for seven."""
    for r in _posted(region):
        yield put(region, r, "posting", f"{{from: {r.front['posting']['from']}, days: 2, kind: working}}", "SG704")


@kind
def posting_missing(region: Region) -> Iterator[Site]:
    """A list that must be posted and was not."""
    for r in _posted(region):
        if re.search(r"[^，不]公示期", r.item["deadline"]):
            continue  # of a part of the information: what a record without a posting is about, cannot be told
        if r.table or not r.item.get("table"):
            yield without(region, r, "posting", "SG705", at="item")


def _posted(region: Region) -> Iterator[Rec]:
    for r in region.records:
        words = r.item["deadline"] if isinstance(r.item["deadline"], str) else ""
        if r.front.get("posting") and re.search(r"公示期?(不少于)?(5|7|10)个?(工作)?日", words) and not r.front.get("consultation"):
            yield r


@kind
def published_before_formed(region: Region) -> Iterator[Site]:
    """The two dates were exchanged."""
    for r in alone(region):
        if r.front["formed"] < r.front["published"] and "accept" not in r.front:

            def edit(dice: random.Random, head: Head, r: Rec = r) -> Planted:
                a = head.set("formed", str(r.front["published"]))
                b = head.set("published", str(r.front["formed"]))
                return Planted(("SG316",), ((r.file, a), (r.file, b)), "formed and published exchanged")

            yield head_site(region, r, edit)


@kind
def in_the_future(region: Region) -> Iterator[Site]:
    """2027 for 2026."""
    for r in alone(region):
        if r.front["published"].year == 2026 and "revision" not in r.front:
            yield put(region, r, "published", str(r.front["published"] + dt.timedelta(365)), "SG710")


@kind
def revision_undated(region: Region) -> Iterator[Site]:
    """A second version that does not say of when, or of a day that cannot be."""
    for r in region.records:
        if r.front.get("revision") is None:
            early = r.front["published"] - dt.timedelta(9)
            for value in ("{n: 2, why: 更正面积}", f"{{n: 2, on: {early}, why: 更正面积}}", "{n: 2, on: 2027-01-05, why: 更正面积}"):
                yield put(region, r, "revision", value, "SG711", "SG712")


@kind
def period_missing(region: Region) -> Iterator[Site]:
    """The record of one quarter or month was deleted."""
    for r in region.records:
        if r.item.get("periodic") not in ("quarterly", "monthly") or r.group or r.front.get("subject") or r.front.get("batch"):
            continue
        same = [o for o in region.records if o.unit == r.unit and o.item is r.item]
        if str(r.front.get("period")) not in ("2026-Q2", "2026-Q3") or str(min(str(o.front.get("period")) for o in same)) >= str(
            r.front["period"]
        ):
            continue
        if sum(o.front.get("period") == r.front["period"] for o in same) > 1:
            continue

        def plant(dice: random.Random, root: Path, r: Rec = r) -> Planted:
            (root / r.file).unlink()
            return Planted(
                ("SG709",), ((f"{region.folders[r.unit]}/unit.yml", None),), f"{r.file} ({r.item['id']} {r.front['period']}) deleted"
            )

        yield Site(locks(region, r, unread=True), plant)
