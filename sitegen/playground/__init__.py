"""``sitegen demo``: a small region to play with, in which something is always due: its dates are counted from the day it is made.

The files below ``files/`` are a region as people write one. ``@d-2@`` stands for the day two days before, ``@y@`` for the year, ``@q@`` for the last whole quarter
(``@q.zh@`` in words), ``@qpub@`` for the day on which that quarter's accounts are published.
"""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from sitegen.model.lastday import period_at
from sitegen.printing import Order, print_sheets
from sitegen.release import Choice, prepare, write
from sitegen.resources import resource
from sitegen.scaffold import NotPossible, government_pages

from .workbook import expense_book

_FILES = Path(__file__).parent / "files"
_TOKEN = re.compile(r"@(y|q|q\.zh|qpub|d[+-]\d+)@")
_GOVERNMENTS = {"content/county": "青禾县", "content/townships/qinghe-zhen": "青禾镇"}
CLERK = "大河村"
"""The village whose clerk one plays."""
_DRAFT = ("230170101201", 4)
"""The record that is left for the player to release: unit, number."""


class Played(Struct, frozen=True):
    """What was made."""

    folder: Path
    workbook: Path
    """An Excel file to import."""
    sheets: int
    """Sheets that lie ready in print-out/."""


def make_playground(folder: Path, date: dt.date) -> Played:
    """Write a region into ``folder``, release it and print its sheets. Raises :class:`NotPossible`; then nothing was written."""
    if folder.exists() and any(folder.iterdir()):
        raise NotPossible("{folder} is not empty; nothing was written", folder=folder)
    words = _words(date)
    shutil.copytree(resource("content/catalog"), folder / "content" / "catalog")
    for source in sorted(p for p in _FILES.rglob("*") if p.is_file()):
        name = _filled(source.relative_to(_FILES).as_posix(), words, date)
        _put(folder / (".gitignore" if name == "gitignore" else name), _filled(source.read_text(encoding="utf-8"), words, date).encode())
    for place, name in _GOVERNMENTS.items():
        for kind, text in government_pages(name, date).items():
            _put(folder / place / "pages" / f"{kind}.md", text.encode())
    book = folder / f"练习-大河村{words['q.zh']}支出明细.xlsx"
    book.write_bytes(expense_book(period_at(_last_quarter(date), "quarter"), words["q.zh"]))
    return Played(folder, book, _released(folder, date))


def _released(folder: Path, date: dt.date) -> int:
    """Release and print everything but one record, as if the region had been at work for a while."""
    code, number = _DRAFT
    draft = f"{date.year}-{number:04}"
    prepared = prepare(folder, date, Choice())
    kept = {c: tuple(p for p in found if not (c == code and p.release.record.front.id == draft)) for c, found in prepared.proposals.items()}
    write(replace(prepared, proposals=kept), date)
    return print_sheets(Order(folder.resolve(), folder.resolve() / "print-out", date, final=True)).sheets


def _put(target: Path, data: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)


def _last_quarter(date: dt.date) -> dt.date:
    """A day of the last whole quarter."""
    return period_at(date, "quarter").start - dt.timedelta(1)


def _words(date: dt.date) -> dict[str, str]:
    quarter = period_at(_last_quarter(date), "quarter")
    start = period_at(date, "quarter").start
    return {
        "y": f"{date.year}",
        "q": f"{quarter.start.year}-Q{(quarter.start.month + 2) // 3}",
        "q.zh": quarter.zh,
        "qpub": min(date, start + dt.timedelta(11)).isoformat(),
    }


def _filled(text: str, words: Mapping[str, str], date: dt.date) -> str:
    def word(m: re.Match[str]) -> str:
        return words[m[1]] if m[1] in words else (date + dt.timedelta(int(m[1][1:]))).isoformat()

    return _TOKEN.sub(word, text)
