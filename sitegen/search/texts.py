"""What search may find of a unit: titles and texts, folded so that they are found as people type them, and laid out.

Only what the web gate lets through is here, and less: rows of personal lists are in no index, wherever they stand.
"""

from __future__ import annotations

import datetime as dt
import html
import os
import pickle
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

from msgspec import Struct
from pydantic import BaseModel

from sitegen.contents import for_web, without_tables
from sitegen.digests import digest_of
from sitegen.model.content_views import Content
from sitegen.model.record_views import RecordView
from sitegen.model.views import UnitView
from sitegen.site import menu
from sitegen.site.spec import PageSpec
from sitegen.text import to_html

BLOCK, SLOT = 32, 8
"""Texts begin at multiples of the first, lines and clauses at multiples of the second: of places, of which there are more than characters."""
PAD = "\x01"
"""Fills up the slot of a clause within a line; line breaks fill up that of a line."""
INVALID, HOME = 1, 2
"""Flags of a text: no longer in force; a unit's home page."""
_EPOCH = dt.date(1970, 1, 1).toordinal()
_PARAGRAPH = re.compile(r"</?(?:p|h\d|li|t[dhr]|div|br|hr|pre|blockquote|section|[uo]l)\b[^>]*>")
_TAG = re.compile(r"<[^>]+>")
_MARKUP = re.compile(r"[\n*_#`\[|<&]")
_NOT_TEXT = frozenset({"slug", "ident", "url", "href", "source", "file", "digest", "media", "state"})
_MASKED = re.compile(r"[一-鿿][*＊×○]")
_BLANK = re.compile("[\x00-\x09\x0b-\x20\x7f-\xa0\xad\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]+")
_USUAL = tuple(zip("，：；？！（）", ",:;?!()", strict=True))
_COMMA = re.compile(",(?<=[0-9],)(?=[0-9])")
_ALIKE = tuple(
    (c, to) for to, chars in {"(": "〔【[〖", ")": "〕】]〗", '"': "“”", "'": "‘’", "-": "‐‑‒–—―−", "σ": "ς"}.items() for c in chars
)


class Text(NamedTuple):
    """One page that can be found."""

    day: int
    """When it was published, in days since 1970; 0 where that says nothing."""
    path: str
    """Address below the unit's."""
    title: str
    body: str
    """Paragraphs and cells, one a line."""
    field: str
    """Name of its field; "" for none."""
    flags: int
    head: int
    """Blocks that the folded title takes."""
    rev: int
    """Revision of a record, whose code is a line of the body; 0 for other pages."""
    folded: str
    """Folded title and body, every character at its place: see :func:`laid`."""


def fold(text: str) -> str:
    """A text as it is compared: compatible forms, lower case, alike brackets and dashes, no blanks, no commas within figures.

    Line breaks stay: nothing is found across them. The same is done in search.js to what is typed.
    """
    for full, plain in _USUAL:  # the whole is rarely needed then
        text = text.replace(full, plain)
    if not unicodedata.is_normalized("NFKC", text):
        text = unicodedata.normalize("NFKC", text)
    text = text.lower().replace(" ", "")
    if not text.replace("\n", "").isprintable():  # as no other blank is
        text = _BLANK.sub("", text)
    for char, to in _ALIKE:
        text = text.replace(char, to)
    return _COMMA.sub("", text)


def write_texts(view: UnitView, pages: Iterable[PageSpec], out: Path) -> None:
    """Write a filled unit's texts to the file ``out``, oldest first; its first value tells them apart without reading them all."""
    keep_texts([(digest_of(t[:-1], 12), t) for t in sorted(_texts(for_web(view), pages))], out)


def keep_texts(texts: Sequence[tuple[str, Text]], out: Path) -> None:
    """Write texts, each with its digest, in their order; each year's can be read without the others."""
    years: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for _, text in texts:
        years[year_of(text.day)].append(tuple(text))
    marks = [(t.day, digest, len(t.folded), t.head, t.flags, t.field) for digest, t in texts]
    parts = {year: pickle.dumps(of_year, protocol=5) for year, of_year in years.items()}
    with out.open("wb") as stream:
        pickle.dump((marks, {year: len(part) for year, part in parts.items()}), stream, protocol=5)
        stream.writelines(parts.values())


def read_marks(place: Path) -> list[tuple[int, str, int, int, int, str]]:
    """Of every text that :func:`write_texts` wrote: its day, its digest, how many places it takes, blocks of its title, flags and field."""
    marks: list[tuple[int, str, int, int, int, str]]
    with place.open("rb") as stream:
        marks, _ = pickle.load(stream)
    return marks


def read_texts(place: Path, of_year: int | None = None) -> Iterator[tuple[str, Text]]:
    """The texts that :func:`write_texts` wrote, each with its digest; those of one year alone are read apart from the others."""
    with place.open("rb") as stream:
        marks, sizes = pickle.load(stream)
        for year, size in sizes.items():
            if of_year is not None and year != of_year:
                stream.seek(size, os.SEEK_CUR)
                continue
            digests = (digest for day, digest, *_ in marks if year_of(day) == year)
            yield from ((digest, Text(*t)) for digest, t in zip(digests, pickle.load(stream), strict=True))


@cache
def year_of(day: int) -> int:
    """The year of a day since 1970."""
    return dt.date.fromordinal(day + _EPOCH).year


def _texts(view: UnitView, pages: Iterable[PageSpec]) -> Iterator[Text]:
    where = [view.intro, *view.organs, *(part for who in (view.supervision, view.contact) for part in vars(who).values())]
    yield _text(None, "", menu.site_name(view), (str(w) for w in where if w), "", HOME)
    for page in menu.text_pages(view):
        lines = (*_plain(page.body), *(a.title for a in page.attachments))
        yield _text(page.updated, menu.text_path(page, view), page.title, lines, "指南、制度和年报")
    sections = {entry.key: entry.title for entry in menu.menu(view)}
    for spec in pages:
        if spec.text is not None:
            said = (
                line
                for line in dict.fromkeys(spec.text.split("\n") if isinstance(spec.text, str) else _strings(spec.text))
                if line != spec.title
            )
            yield _text(getattr(spec.text, "updated", None), spec.path, spec.title, said, sections.get(spec.section, ""))
    for r in view.records:
        flags = 0 if r.validity == "有效" else INVALID
        yield _text(r.published, f"r/{r.slug}/", r.title, _record(r, view.contents.get(r.id)), r.field_name, flags, r.rev)


def _record(record: RecordView, content: Content | None) -> Iterator[str]:
    if record.summary:
        yield record.summary
    if record.figures:
        yield "，".join(f"{f.label}{f.text}" for f in record.figures)
    if content is not None:
        yield from _plain(content.lead)
        body = without_tables(content.body) if record.personal else content.body
        for line in _plain(body, content.html if body == content.body else ""):
            if not (record.personal and _MASKED.search(line)):
                yield line
        if content.table is not None and record.web_rows and not record.personal:
            yield from (c.heading for c in content.table.columns)
            for row in (*content.table.rows, content.table.totals or ()):
                yield from row
        yield from (a.title for a in content.attachments)
        for m in content.media:
            yield from (m.title, m.alt, *_plain(m.transcript))
    yield from _strings(record.dialogue)
    yield from (f"{s.unit} {' '.join(f.text for f in s.figures)}" for s in record.slices)
    # The code without its revision, and not why there is one: what only tells versions apart would change some ten more pieces with each.
    facts = (
        record.item_name,
        record.field_name,
        record.issuer,
        record.document_number,
        record.index_number,
        record.period,
        record.stage,
        record.code,
    )
    yield from (fact for fact in facts if fact)


def _text(day: dt.date | None, path: str, title: str, lines: Iterable[str], field: str, flags: int = 0, rev: int = 0) -> Text:
    body = "\n".join(line for line in lines if line)
    blocks, folded = laid(fold(title), fold(body))
    return Text(day.toordinal() - _EPOCH if day else 0, path, title, body, field, flags, blocks, rev, folded)


_FILL = [PAD * (-n % SLOT) for n in range(SLOT)]
_LONG = 4
"""Slots of a line beyond which it has room to grow; those of one slot stand together, as cells of a row do."""
_TRIES = 8


def laid(title: str, body: str) -> tuple[int, str]:
    """Blocks of a folded title, and title and body laid out: a small correction moves little of what it does not change, and no other text.

    A text takes a power of two of blocks, a fifth of them free. The title stands first; every line of the body, or some short ones together, where
    its first characters say, or at the next free slots, whatever the lines before; after a comma, semicolon or full stop a new slot begins.
    """
    *above, line = map(_spaced, _marked(title).split("\n"))
    head = "".join([one.ljust((len(one) // SLOT + 1) * SLOT, "\n") for one in above]) + line
    blocks = len(head) // BLOCK + 1
    parts = _parts(body)
    first = blocks * BLOCK // SLOT
    room = BLOCK // SLOT
    while (first + sum(size for size, _, _ in parts)) * 5 > room * 4 or (placed := _placed(parts, first, room)) is None:
        room *= 2
    made, at = [head], len(head)
    for slot, lines in sorted(placed):
        start = slot * SLOT
        made += ("\n" * (start - at), lines)
        at = start + len(lines)
    return blocks, "".join(made) + "\n" * (room * SLOT - at)


def _parts(body: str) -> list[tuple[int, int, str]]:
    """Lines, short ones together, each with how many slots it takes and a number that says where it is to stand."""
    parts: list[tuple[int, int, str]] = []
    cells: list[str] = []
    wanted = 0
    for line in _marked(body).split("\n"):
        spaced = _spaced(line)
        if len(spaced) >= SLOT:
            if cells:
                parts.append((len(cells), wanted, "".join(cells)))
                cells = []
            size = len(spaced) // SLOT + 1
            parts.append((size if size <= _LONG else size + 3 & ~3, _start(spaced[:4]), spaced))
            continue
        if not spaced:
            continue
        digest, cell = _cell(spaced)
        if not cells:
            wanted = digest
        cells.append(cell)
        if not digest & 3:  # where the next ones begin follows from what they say
            parts.append((len(cells), wanted, "".join(cells)))
            cells = []
    if cells:
        parts.append((len(cells), wanted, "".join(cells)))
    return parts


@lru_cache(8192)
def _cell(line: str) -> tuple[int, str]:
    return _start(line[:4]), line.ljust(SLOT, "\n")


@lru_cache(8192)
def _start(letters: str) -> int:
    return crc32(letters.encode("utf-8", "surrogatepass"))


def _placed(parts: list[tuple[int, int, str]], first: int, room: int) -> list[tuple[int, str]] | None:
    """Slots of the lines from ``first`` on; ``None`` where they do not fit."""
    free = (1 << room) - (1 << first)  # a bit for each slot
    placed = []
    for size, wanted, lines in parts:
        own = (1 << size) - 1
        slot = wanted % room
        for _ in range(_TRIES):  # at places far apart: where many stand together, one more would move the others
            if free >> slot & own == own:
                break
            wanted = wanted * 0x9E3779B1 & 0xFFFF_FFFF
            slot = wanted % room
        else:
            fits = free
            reach = 1
            while reach < size:  # those that are followed by as many free ones
                step = min(reach, size - reach)
                fits &= fits >> step
                reach += step
            if not fits:
                return None
            slot = (fits & -fits).bit_length() - 1
        free ^= own << slot
        placed.append((slot, lines))
    return placed


def _marked(text: str) -> str:
    """A folded text with a mark behind every clause."""
    return text.replace(",", ",\0").replace(";", ";\0").replace("。", "。\0")


def _spaced(marked: str) -> str:
    """A line that was marked, each clause but the last filled up."""
    if "\0" not in marked:
        return marked
    return "".join([clause + _FILL[len(clause) & 7] for clause in marked.split("\0")]).rstrip(PAD)


def _plain(markdown: str, rendered: str = "") -> list[str]:
    """Paragraphs and cells of a Markdown text."""
    if not _MARKUP.search(markdown):
        return [markdown] if markdown else []
    text = html.unescape(_TAG.sub("", _PARAGRAPH.sub("\n", rendered or to_html(markdown))))
    return [line for part in text.split("\n") if (line := part.strip())]


def _strings(value: Any) -> Iterator[str]:
    """All that a plain value says, with addresses, names of files and other records left out."""
    if isinstance(value, str):
        if not value.startswith(("http://", "https://")):
            yield from _plain(value)
    elif isinstance(value, tuple | list):
        for one in value:
            yield from _strings(one)
    elif not isinstance(value, RecordView) and isinstance(value, Struct | BaseModel):
        for name in type(value).model_fields if isinstance(value, BaseModel) else value.__struct_fields__:
            if name not in _NOT_TEXT:
                yield from _strings(getattr(value, name))
