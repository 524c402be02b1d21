"""A unit's folder → its records and pages."""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from sitegen.fonts import missing_glyphs
from sitegen.model.alike import fingerprint
from sitegen.model.base import Level
from sitegen.model.catalog import TableSchema
from sitegen.model.dialogue import OPINIONS
from sitegen.model.finding import Finding, finding
from sitegen.model.record import Attachment, NoteFile, PageFile, RecordFile
from sitegen.model.region import Attached, Catalog, Link, Note, Page, Record, RecordContent, Slice
from sitegen.model.table import Table
from sitegen.model.totals import figures, sums
from sitegen.model.unit import UnitFile

from .cells import Cells
from .dialogue import load_media
from .files import digest, inside, load_front, relative
from .opened import NO_CELLS, Examine, Opened, no_examination
from .reread import Mark, mark
from .tables import load_table
from .textfile import BOM, Unreadable, read_bytes
from .validate import nearest
from .yamlfile import YamlFile

ATTACHMENT_LIMIT = 50_000_000
_IMAGE = re.compile(r"!\[([^\]]*)\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")

_LINK = re.compile(
    r"(?<!!)\[[^\]\n]*\]\(\s*<?([^)\s>]+)>?[^)\n]*\)|^ {0,3}\[[^\]\n]+\]:\s*<?([^\s>]+)>?|<(https?://[^\s>]+)>", re.MULTILINE
)
"""A link in Markdown: beside its words, in a list of its own at the end of the text, or an address by itself."""


class UnitReader:
    """Reads the records and pages of one unit. ``findings`` collects every problem, ``links`` where texts lead."""

    def __init__(
        self,
        root: Path,
        folder: Path,
        unit: UnitFile,
        level: Level,
        catalog: Catalog,
        findings: list[Finding],
        examine: Examine = no_examination,
        official: frozenset[str] = frozenset(),
    ) -> None:
        self.root, self.folder, self.unit, self.level, self.official = root, folder, unit, level, official
        self.catalog, self.findings, self.examine = catalog, findings, examine
        self.organs = [o.id for o in unit.organs]
        self.real_folder = Path(os.path.realpath(folder))
        self.folders: dict[str, tuple[str, frozenset[str]]] = {}
        self.links: list[Link] = []
        """Links in all texts that were read."""
        self.named: list[Mark] = []
        """The files that were named since this was emptied, as they were before they were read."""

    def files(self) -> list[Path]:
        """The record files, in fixed order."""
        return sorted((self.folder / "records").rglob("*.md"))

    def page_files(self) -> list[Path]:
        """The page files, in fixed order."""
        return sorted((self.folder / "pages").rglob("*.md"))

    def record(self, path: Path) -> tuple[Record, RecordContent] | Note | None:
        """One record with its content, or a note on a derived one; ``None`` when the head has errors."""
        first = len(self.findings)
        loaded = load_front(_record_or_note, path, self.root, self.findings, self.unit.code)
        if loaded is None:
            return None
        front, yaml, body, body_line, raw = loaded
        if front is None:
            return None
        name = relative(path, self.root)
        if isinstance(front, NoteFile):
            self._links(name, body, body_line, "r/x/", None)
            self._examine(name, raw, (), first)
            return Note(name, front, yaml.lines(), body, digest(raw))
        where = {"unit": self.unit.code, "record": front.id}
        say = functools.partial(self._say, name, yaml, where)
        schema = self._item(front, say)
        self._level_rules(front, say)
        if front.published < front.formed:
            say("SG316", "published", published=front.published.isoformat(), formed=front.formed.isoformat())
        table = None
        table_raw = b""
        cells = NO_CELLS
        if front.opinions:
            schema = self.catalog.tables.get(OPINIONS.id)
        if front.rows and schema:
            key = "opinions" if front.opinions else "table"
            target = self._inside(path, front.rows.path, lambda code, **a: say(code, key, **a))
            if target is not None:
                before = len(self.findings)
                table, cells = load_table(target, relative(target, self.root), schema, self.findings, sheet=front.rows.sheet, **where)
                self.findings[before:] = [_at(f, name, yaml, key) if f.code == "SG201" else f for f in self.findings[before:]]
                table_raw = _canonical(table) if table else b""
        attachments = self._attachments(path, front.attachments, say)
        images = tuple(self._images(path, body, body_line, where))
        self._links(name, body, body_line, f"r/{front.id.lower()}/", front.id)
        media, transcripts, texts = (
            load_media(front, path, self.root, yaml, self._beside, self.findings, **where) if front.media else ((), (), ())
        )
        content = RecordContent(body, table, body_line, transcripts)
        moving = tuple(f for m in media for f in m.files)
        self._characters(name, raw, table, cells, where)
        added = dict(sums(table, schema)) if table and schema else {}
        record = Record(
            unit=self.unit.code,
            file=name,
            front=front,
            lines=yaml.lines(),
            digest=digest(raw, table_raw, *(a.digest for a in (*attachments, *images, *moving, *texts))),
            figures=figures(table, schema, added) if table and schema else (),
            sums=tuple(added.items()),
            slices=self._slices(front, table, schema) if front.opinions is None else (),
            personal=bool(schema and any(c.mask for c in schema.fields)),
            attachments=attachments,
            images=images,
            fingerprint=self._fingerprint(front, table, schema) if front.opinions is None else "",
            media=media,
        )
        self._examine(name, raw, (*attachments, *images, *moving, *texts), first, record, content, schema, cells)
        return record, content

    def page(self, path: Path) -> Page | None:
        """One page, or ``None`` when its head has errors."""
        first = len(self.findings)
        loaded = load_front(PageFile, path, self.root, self.findings, self.unit.code)
        if loaded is None or loaded[0] is None:
            return None
        front, yaml, body, body_line, raw = loaded
        assert front is not None
        name = relative(path, self.root)
        where = {"unit": self.unit.code}
        say = functools.partial(self._say, name, yaml, where)
        attachments = self._attachments(path, front.attachments, say)
        images = tuple(self._images(path, body, body_line, where))
        self._links(name, body, body_line, "x/x/" if front.kind in ("rules", "report") else "x/", None)
        self._examine(name, raw, (*attachments, *images), first)
        return Page(name, front, body, (*attachments, *images), _places(yaml))

    def _examine(
        self,
        name: str,
        raw: bytes,
        attached: tuple[Attached, ...],
        first: int,
        record: Record | None = None,
        content: RecordContent | None = None,
        schema: TableSchema | None = None,
        cells: Cells = NO_CELLS,
    ) -> None:
        """Let the examiners see the file; ``first`` is where its own findings begin."""
        text = _lines(raw)
        opened = Opened(self.root, self.unit, self.level, self.catalog, name, text, attached, record, content, schema, cells, self.official)
        found = list(self.examine(opened))
        # An ID number in a column of areas is one mistake: that it is no area goes without saying.
        cells_at_fault = {(f.file, f.line, f.column) for f in found if f.column is not None}
        self.findings[first:] = [
            f for f in self.findings[first:] if not (f.code.startswith("SG2") and (f.file, f.line, f.column) in cells_at_fault)
        ]
        self.findings.extend(found)

    def _say(self, name: str, yaml: YamlFile, where: dict[str, str], code: str, key: str, /, **args: Any) -> None:
        self.findings.append(finding(code, name, *yaml.position((key,)), **args, **where))

    def _item(self, front: RecordFile, say: Any) -> TableSchema | None:
        item = self.catalog.items.get(front.item)
        if item is None and (renamed := [i for i in self.catalog.items.values() if front.item in i.formerly]):
            say("SG411", "item", item=front.item, now=[f"{i.id} {i.name}" for i in renamed])
        elif item is None and self.catalog.complete:
            near = nearest(front.item, list(self.catalog.items))
            say("SG302", "item", item=front.item, near=f"{near} {self.catalog.items[near].name}" if near else "—")
        elif item is not None and self.level not in item.levels:
            say("SG311", "item", item=item.id, name=item.name, allowed=[level.zh for level in item.levels])
        if front.issuer not in self.organs:
            say("SG303", "issuer", organ=front.issuer, allowed=self.organs)
        if item is None:
            return None
        schema = self.catalog.tables.get(item.table) if item.table else None
        if front.table and item.table is None:
            say("SG212", "table", item=item.id)
        return schema

    def _level_rules(self, front: RecordFile, say: Any) -> None:
        if self.level is Level.VILLAGE and front.attribute is not None:
            say("SG312", "attribute", problem="a village record has no «attribute»")
        elif self.level is not Level.VILLAGE and front.scope is not None:
            say("SG312", "scope", problem="a government record has no «scope»")
        elif self.level is not Level.VILLAGE and front.attribute is None:
            say("SG312", "id", problem="«attribute» is missing")

    def _inside(self, path: Path, written: str, say: Any) -> Path | None:
        folder, _, _ = os.fspath(path).rpartition(os.sep)
        self.named.append(mark(f"{folder}{os.sep}{written}"))
        real, plain = self._folder(folder)
        target = Path(f"{real}{os.sep}{written}") if written in plain else inside(path.parent, written, self.root)
        if target is None:
            say("SG306", path=written)
        return target

    def _folder(self, folder: str) -> tuple[str, frozenset[str]]:
        """Where a folder of the unit really is, and the names of what lies in it and is no link."""
        if folder not in self.folders:
            real = os.path.realpath(folder)
            within = Path(real).is_relative_to(self.real_folder)
            plain = frozenset(entry.name for entry in os.scandir(folder) if not entry.is_symlink()) if within else frozenset[str]()
            self.folders[folder] = real, plain
        return self.folders[folder]

    def _attachments(self, path: Path, listed: Sequence[Attachment], say: Any) -> tuple[Attached, ...]:
        found = []
        for a in listed:
            target = self._inside(path, a.path, lambda code, **args: say(code, "attachments", **args))
            if target is None:
                continue
            if not self._own(target):
                say("SG318", "attachments", path=a.path)
                continue
            if got := self._attached(a.title, a.path, target):
                found.append(got)
            else:
                say("SG307", "attachments", path=a.path)
        return tuple(found)

    def _images(self, path: Path, body: str, first_line: int, where: dict[str, str]) -> Iterator[Attached]:
        if "![" not in body:
            return
        name = relative(path, self.root)
        for m in _IMAGE.finditer(body):
            line = first_line + body.count("\n", 0, m.start())
            column = m.start() - body.rfind("\n", 0, m.start())
            if not m[1].strip():
                self.findings.append(finding("SG314", name, line, column, path=m[2], **where))
            if ":" in m[2]:
                continue
            self.named.append(mark(os.path.join(path.parent, unquote(m[2]))))
            target = inside(path.parent, unquote(m[2]), self.root)
            if target is None:
                self.findings.append(finding("SG306", name, line, column, path=m[2], **where))
            elif not self._own(target):
                self.findings.append(finding("SG318", name, line, column, path=m[2], **where))
            elif got := self._attached(m[1], m[2], target):
                yield got
            else:
                self.findings.append(finding("SG307", name, line, column, path=m[2], **where))

    def _links(self, name: str, body: str, first_line: int, base: str, record: str | None) -> None:
        """Note where a text leads; images are no links."""
        if "](" not in body and "://" not in body and "]:" not in body:
            return
        for m in _LINK.finditer(body):
            line, column = first_line + body.count("\n", 0, m.start()), m.start() - body.rfind("\n", 0, m.start())
            self.links.append(Link(name, line, column, next(filter(None, m.groups())), base, record))

    def _beside(self, path: Path, title: str, written: str, say: Callable[..., None]) -> Attached | None:
        """A file that a record names beside its attachments; ``say`` takes a code and what the finding quotes."""
        target = self._inside(path, written, say)
        if target is None:
            return None
        if not self._own(target):
            say("SG318", path=written)
        elif got := self._attached(title, written, target):
            return got
        else:
            say("SG307", path=written)
        return None

    def _own(self, target: Path) -> bool:
        """Whether a file is the unit's own: it will be served below the unit's address."""
        return target.is_relative_to(self.real_folder)

    def _attached(self, title: str, written: str, target: Path) -> Attached | None:
        if not target.is_file():
            return None
        try:
            data = read_bytes(target, ATTACHMENT_LIMIT)
        except Unreadable:
            return None
        return Attached(title, written, relative(target, Path(self.root)), len(data), digest(data))

    def _characters(self, name: str, raw: bytes, table: Table | None, cells: Cells, where: dict[str, str]) -> None:
        """Report characters that would print as blank boxes, at their first line."""
        text = _lines(raw)
        for character in sorted(missing_glyphs(text, Path(self.root))):
            at = text.index(character)
            self.findings.append(
                finding("SG313", name, text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at), characters=character, **where)
            )
        if table is None or (cells.text is not None and not missing_glyphs(cells.text, Path(self.root))):
            return
        if missing_glyphs("".join([v for row in table.rows for v in row if isinstance(v, str)]), Path(self.root)):
            for row, line in zip(table.rows, table.lines, strict=True):
                for character in sorted(missing_glyphs("".join(v for v in row if isinstance(v, str)), Path(self.root))):
                    self.findings.append(finding("SG313", table.file, line, None, characters=character, **where))

    def _slices(self, front: RecordFile, table: Table | None, schema: TableSchema | None) -> tuple[Slice, ...]:
        item = self.catalog.items.get(front.item)
        if table is None or schema is None or item is None or item.counterpart is None or self.level is Level.VILLAGE:
            return ()
        column = item.counterpart.slice
        if column is None or column not in table.columns:
            return ()
        made = []
        for value, part in table.split(column).items():
            print_ = self._fingerprint(front, part, schema)
            added = sums(part, schema)
            made.append(Slice(value, part.lines[0], figures(part, schema, dict(added)), added, digest(_canonical(part)), print_))
        return tuple(made)

    def _fingerprint(self, front: RecordFile, table: Table | None, schema: TableSchema | None) -> str:
        item = self.catalog.items.get(front.item)
        if table is None or schema is None or item is None or item.counterpart is None:
            return ""
        return fingerprint(table, schema, item.counterpart.key, item.counterpart.compare)


def _places(yaml: YamlFile) -> dict[tuple[str, ...], int]:
    """Line of every key of a page's head, and of every key below ``figures``."""
    keys: list[tuple[str, ...]] = [(key,) for key in yaml.data]
    for key, value in (yaml.data.get("figures") or {}).items():
        keys += [("figures", key), *(("figures", key, below) for below in (value if isinstance(value, dict) else ()))]
    return {key: yaml.position(key, key=True)[0] for key in keys}


@functools.lru_cache(maxsize=1)
def _lines(raw: bytes) -> str:
    """A file's text as findings count its lines."""
    text = raw.removeprefix(BOM).decode("utf-8", "replace")
    return text.replace("\r\n", "\n") if "\r" in text else text


def _record_or_note(head: object) -> type[RecordFile] | type[NoteFile]:
    return NoteFile if isinstance(head, dict) and "derives" in head else RecordFile


def _canonical(table: Table) -> bytes:
    """Columns and rows as bytes that are the same for the same values, whatever file they came from."""
    rows = "\x1e".join(map("\x1f".join, zip(*(table.series(name).texts for name in table.columns), strict=True)))
    return "\x1d".join(["\x1f".join(table.columns), rows]).encode()


def _at(found: Finding, name: str, yaml: YamlFile, key: str) -> Finding:
    """A missing table is a mistake in the record that names it."""
    line, column = yaml.position((key,))
    return Finding(found.code, name, line, column, found.args, found.unit, found.record)
