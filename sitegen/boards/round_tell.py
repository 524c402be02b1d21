"""What photos of boards show, for the terminal, for programs, and as a list for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections import Counter
from typing import Any

from sitegen.model.finding import translator

from . import round_words as words
from .look import Looked, Missing, Round, Spot
from .round_words import Say
from .tell import as_json, sheet_value

__all__ = ["COLUMNS", "as_csv", "as_json", "counted", "text", "value"]

COLUMNS = (
    "照片", "拍摄时间", "编号", "照片中的位置", "单位", "栏位", "标题", "永久码", "纸上版本", "现行版本", "结论", "说明", "怎么办", "码的内容",
)  # fmt: skip


def counted(found: Round, say: Say) -> str:
    """3 photos, 14 codes: 12 current, 2 outdated; 1 not seen."""
    counts = Counter(s.judged.verdict for s in found.spots)
    parts = [f"{words.say_name(v, say)} {counts[v]}" for v in words.NAMES if counts[v]]
    text = say("{photos} photos, {codes} codes").format(photos=len(found.photos), codes=len(found.spots))
    if parts:
        text += say(": ") + say(", ").join(parts)
    if found.missing:
        text += say("; ") + say("not seen {n}").format(n=len(found.missing))
    return text


def text(found: Round, say: Say) -> str:
    """Photo by photo, then what was not seen, then all of it in one line."""
    lines: list[str] = []
    for photo in found.photos:
        lines.append(photo.name + (f"  {when}" if (when := words.taken(photo)) else ""))
        if not photo.spots:
            lines.append(f"  ! {words.nothing(photo, say)}")
        lines += [line for spot in photo.spots for line in _spot_lines(spot, say)]
    if found.missing:
        lines += ["", say("To hang, and not seen:")]
        for one in found.missing:
            lines.append(
                f"  ! {one.unit}  {words.place(one)}  {one.sheet.title}  {one.sheet.code}-{one.sheet.rev}  {words.missing(one, say)}"
            )
    for unit, due in found.units:
        if not any(m.unit == unit for m in found.missing):
            lines += ["", say("{unit}: all {n} sheets that are to hang were seen").format(unit=unit, n=due)]
    return "\n".join([*lines, "", counted(found, say)])


def _spot_lines(spot: Spot, say: Say) -> list[str]:
    j = spot.judged
    mark = " " if j.fine else "!"
    about = "  ".join(t for t in (j.title, j.unit, j.written) if t)
    head = f"  {mark} {spot.number:>2} {words.where(spot, say)}  {words.name(j, say)}" + (f"  {about}" if about else "")
    rest = say("; ").join(t for t in (words.known(spot, say), words.to_do(j, say)) if t)
    return [head, f"       {rest}"] if rest else [head]


def value(found: Round) -> dict[str, Any]:
    """As plain values."""
    return {
        "date": found.date.isoformat(),
        "photos": [_photo_value(p) for p in found.photos],
        "missing": [
            {"unit": m.unit, "board": m.place or None, "places": list(m.labels), **sheet_value(m.sheet), "pages": m.pages, "seen": m.seen}
            for m in found.missing
        ],
    }


def _photo_value(photo: Looked) -> dict[str, Any]:
    english = translator("en")
    return {
        "photo": photo.name,
        "taken": photo.raw.taken.isoformat() if photo.raw.taken else None,
        "problem": words.problem(photo.raw, english) or None,
        "codes": [
            {
                "n": s.number, "corners": [[round(x, 4), round(y, 4)] for x, y in s.corners], "verdict": s.judged.verdict, "text": s.judged.text or None,
                "code": s.judged.code or None, "rev": s.judged.rev or None, "current": s.judged.newest or None, "title": s.judged.title or None,
                "unit": s.judged.unit_code or None, "record": s.judged.record or None, "day": s.judged.day.isoformat() if s.judged.day else None,
                "why": s.judged.why or None, "then": s.judged.then, "guessed": s.judged.guessed,
            }
            for s in photo.spots
        ],
    }  # fmt: skip


def as_csv(found: Round) -> bytes:
    """A line for each code, each photo without one and each sheet not seen: UTF-8 with BOM, CRLF; nothing can become a formula."""
    from sitegen.site.tables import BOM, safe

    say = translator("zh")
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for photo in found.photos:
        for spot in photo.spots or (None,):
            writer.writerow([safe(cell) for cell in (_spot_row(photo, spot, say) if spot else _no_spot_row(photo, say))])
    writer.writerows([[safe(cell) for cell in _missing_row(one, say)] for one in found.missing])
    return (BOM + out.getvalue()).encode()


def _spot_row(photo: Looked, spot: Spot, say: Say) -> list[str]:
    j = spot.judged
    return [
        photo.name, words.taken(photo), str(spot.number), words.where(spot, say), j.unit, "", j.title, j.code, str(j.rev or ""), str(j.newest or ""),
        words.name(j, say), words.known(spot, say), words.to_do(j, say), words.clipped(j.text, 300),
    ]  # fmt: skip


def _no_spot_row(photo: Looked, say: Say) -> list[str]:
    what = say("cannot be looked at") if photo.raw.problem else say("no code seen")
    return [photo.name, words.taken(photo), *[""] * 8, what, words.nothing(photo, say), "", ""]


def _missing_row(one: Missing, say: Say) -> list[str]:
    what = say("not seen") if not one.seen else say("pages not seen")
    return ["", "", "", "", one.unit, words.place(one), one.sheet.title, one.sheet.code, "", str(one.sheet.rev), what, words.missing(one, say),
            say("look whether it hangs; print it and put it up if it does not"), ""]  # fmt: skip
