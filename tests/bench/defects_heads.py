"""Defects in the heads of records: what cannot be read, attributes and approvals, the catalogue."""

from __future__ import annotations

import datetime as dt
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.bench.defects_clean import ADJUSTED, FORMER, edit_item
from tests.bench.defects_files import Head, Rec, Region
from tests.bench.defects_plan import ALONE, Planted, Site, kind, locks
from tests.bench.defects_sites import alone, head_site, put, without

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

            yield head_site(region, r, edit, unread=True)


@kind
def unknown_key(region: Region) -> Iterator[Site]:
    """isuer, publised."""
    for r in region.records:

        def edit(dice: random.Random, head: Head, r: Rec = r) -> Planted:
            line = head.set(dice.choice(["remark", "isuer", "publised", "attachment"]), "见正文")
            return Planted(("SG103", "SG113"), ((r.file, line),), "unknown key")

        yield head_site(region, r, edit, unread=True)


@kind
def key_missing(region: Region) -> Iterator[Site]:
    """Title, item, publisher or a date is left out."""
    for r in region.records:
        for key in ("title", "issuer", "formed", "published"):
            yield without(region, r, key, "SG104", unread=True)


@kind
def key_twice(region: Region) -> Iterator[Site]:
    """One key with two values."""
    for r in region.records:

        def edit(dice: random.Random, head: Head, r: Rec = r) -> Planted:
            key = dice.choice(["issuer", "formed", "title"])
            head.lines.insert(head.end, head.lines[head.line(key) - 1])
            head.end += 1
            return Planted(("SG106",), ((r.file, head.end), (r.file, head.line(key))), f"{key} twice")

        yield head_site(region, r, edit, unread=True)


@kind
def not_a_date(region: Region) -> Iterator[Site]:
    """2026-02-30."""
    for r in region.records:
        for value in ("2026-02-30", "五月八日", "2026-13-01"):
            yield put(region, r, "formed", value, "SG110", "SG105", unread=True)


@kind
def not_allowed(region: Region) -> Iterator[Site]:
    """公开 for 主动公开."""
    for r in region.records:
        yield put(region, r, "scope" if r.village else "attribute", "公开", "SG111", unread=True)


@kind
def not_a_period(region: Region) -> Iterator[Site]:
    """2026年三季度."""
    for r in region.records:
        if r.front.get("period"):
            yield put(region, r, "period", "2026年三季度", "SG105", unread=True)


@kind
def no_head(region: Region) -> Iterator[Site]:
    """The line of dashes was deleted."""
    for r in region.records:

        def edit(dice: random.Random, head: Head, r: Rec = r) -> Planted:
            del head.lines[0]
            return Planted(("SG108",), ((r.file, 1),), "without ---")

        yield head_site(region, r, edit, unread=True)


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
    for r in alone(region):
        others = [o for o in alone(region) if o.unit == r.unit and o is not r]
        if others:

            def edit(dice: random.Random, head: Head, r: Rec = r, others: list[Rec] = others) -> Planted:
                other = others[0]
                line = head.set("id", other.id)
                return Planted(("SG301",), ((r.file, line), (other.file, Head(region.root / other.file).line("id"))), f"id of {other.file}")

            yield head_site(region, r, edit, others[0], unread=True)


@kind
def no_such_item(region: Region) -> Iterator[Site]:
    """SNBT-91."""
    for r in region.records:
        yield put(region, r, "item", f"{r.item['id'].split('-')[0]}-97", "SG302", unread=True)


@kind
def no_such_organ(region: Region) -> Iterator[Site]:
    """cunweihui for cwh."""
    for r in region.records:
        yield put(region, r, "issuer", "cunweihui", "SG303", unread=True)


@kind
def item_of_another_level(region: Region) -> Iterator[Site]:
    """A village's item in a township, and the other way round."""
    for r in alone(region):
        if not r.table:
            yield put(region, r, "item", "SYJG-01" if r.village else "CW-48", "SG311", unread=True)


@kind
def attachment_not_there(region: Region) -> Iterator[Site]:
    """A file that nobody put there."""
    for r in region.records:
        if not r.front.get("attachments"):
            yield put(region, r, "attachments", "[{path: files/fujian-9.pdf, title: 附件}]", "SG307")


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

            yield head_site(region, r, edit)


# ---- Attributes and approvals.


@kind
def kept_back_without_reason(region: Region) -> Iterator[Site]:
    """不予公开 without a provision."""
    for r in alone(region):
        if r.front.get("attribute") == "主动公开" and not r.item.get("periodic"):
            yield put(region, r, "attribute", "不予公开", "SG821", unread=True)


@kind
def kept_back_unreviewed(region: Region) -> Iterator[Site]:
    """The reason was last reviewed years ago, or is no entry of the negative list."""
    for r in alone(region):
        if r.front.get("attribute") != "主动公开" or r.item.get("periodic"):
            continue
        for value in ("{provision: FM-05, reviewed: 2024-03-01}", "{provision: FM-98, reviewed: 2026-03-01}"):

            def edit(dice: random.Random, head: Head, r: Rec = r, value: str = value) -> Planted:
                head.set("attribute", "不予公开")
                head.set("secrecy", f"{{by: 办公室, on: {r.front['formed']}}}")
                line = head.set("not_public", value)
                return Planted(("SG822", "SG823"), ((r.file, line),), value)

            yield head_site(region, r, edit, unread=True)


@kind
def approval_missing(region: Region) -> Iterator[Site]:
    """A step of the item's review was not taken."""
    for r in region.records:
        if r.item.get("review") and r.front.get("reviewed"):
            yield without(region, r, "reviewed", "SG831", at="item")


@kind
def approval_afterwards(region: Region) -> Iterator[Site]:
    """The supervision committee signed after publication."""
    for r in region.records:
        if steps := r.front.get("reviewed"):
            late = r.front["published"] + dt.timedelta(10)
            text = ", ".join(f"{{step: {s['step']}, by: {s['by']}, on: {late if s is steps[-1] else s['on']}}}" for s in steps)
            yield put(region, r, "reviewed", f"[{text}]", "SG826")


@kind
def approval_misnamed(region: Region) -> Iterator[Site]:
    """A step by a name that the catalogue does not have."""
    for r in region.records:
        if (steps := r.front.get("reviewed")) and r.item.get("review") and {s["step"] for s in steps} == set(r.item["review"]):
            text = ", ".join(
                f"{{step: {s['step'] + '（盖章）' if s is steps[0] else s['step']}, by: {s['by']}, on: {s['on']}}}" for s in steps
            )
            yield put(region, r, "reviewed", f"[{text}]", "SG832")


# ---- The catalogue.


@kind
def former_item(region: Region) -> Iterator[Site]:
    """A record names its item by the id of an earlier catalogue."""
    for r in region.records:
        if r.item["id"] in FORMER:
            yield put(region, r, "item", FORMER[r.item["id"]], "SG411", unread=True)


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
