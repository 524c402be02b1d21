"""A region's files as a clerk sees them: records with their keys and lines, tables as rows with line numbers, and edits of both.

Reads YAML, CSV and XLSX by itself: what is planted, and where, must not depend on how sitegen reads files.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Any

import openpyxl
import yaml
from msgspec import Struct, field

_UNIT_TAIL = re.compile(r"[(（\[【][^)）\]】]*[)）\]】]$")
TOTALS = ("合计", "总计")


def load(text: str) -> Any:
    """YAML in which ``on:`` is a key, not a truth value."""
    return yaml.load(text, Loader=_Loader)


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    pass


# Of the words for truth values only true and false are meant.
_Loader.yaml_implicit_resolvers = {
    c: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:bool"]
    for c, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"true|false"), ["t", "f"])


# ---- Heads and texts.


class Head:
    """A Markdown file with a head: keys can be set, removed and added; every edit knows its line."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines = path.read_text(encoding="utf-8").split("\n")
        self.end = self.lines.index("---", 1)

    def _places(self) -> dict[str, int]:
        return {m[1]: n for n in range(1, self.end) if (m := re.match(r"([a-z_]+):", self.lines[n]))}

    def line(self, key: str) -> int:
        """The line of a key, counted from 1."""
        return self._places()[key] + 1

    def has(self, key: str) -> bool:
        """Whether the head has a key."""
        return key in self._places()

    def _block(self, key: str) -> tuple[int, int]:
        start = self._places()[key]
        end = start + 1
        while end < self.end and not re.match(r"[a-z_]+:", self.lines[end]):
            end += 1
        return start, end

    def set(self, key: str, value: str) -> int:
        """Write a key's value; a new key goes to the end of the head. Returns the line."""
        if not self.has(key):
            self.lines.insert(self.end, f"{key}: {value}")
            self.end += 1
            return self.end
        start, end = self._block(key)
        self.lines[start:end] = [f"{key}: {value}"]
        self.end -= end - start - 1
        return start + 1

    def remove(self, key: str) -> int:
        """Remove a key. Returns the line at which it stood."""
        start, end = self._block(key)
        del self.lines[start:end]
        self.end -= end - start
        return start + 1

    def add_text(self, *lines: str) -> int:
        """Put a paragraph at the end of the text. Returns its first line."""
        while self.lines and not self.lines[-1].strip():
            self.lines.pop()
        start = len(self.lines) + 1
        self.lines += ["", *lines, ""]
        return start + 1

    def save(self, encoding: str = "utf-8") -> None:
        """Write the file back."""
        self.path.write_bytes("\n".join(self.lines).encode(encoding))


# ---- Tables.


class Sheet:
    """A table file, CSV or XLSX: rows of texts with the lines on which they stand. Only what is edited is written anew."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.book = openpyxl.load_workbook(path) if path.suffix == ".xlsx" else None
        if self.book is not None:
            self.ws = self.book.worksheets[0]
            self.rows = [["" if c is None else str(c) for c in row] for row in self.ws.iter_rows(values_only=True)]
        else:
            raw = path.read_bytes()
            self.encoding = "gb18030" if _is_gb(raw) else "utf-8-sig" if raw.startswith(b"\xef\xbb\xbf") else "utf-8"
            self.text = raw.decode(self.encoding).replace("\r\n", "\n").rstrip("\n").split("\n")
            self.rows = [next(csv.reader([line])) if line else [] for line in self.text]

    @property
    def plain(self) -> bool:
        """Whether every row stands on one line."""
        return self.book is not None or all(line.count('"') % 2 == 0 for line in self.text)

    @property
    def head(self) -> list[str]:
        """The headings."""
        return self.rows[0]

    @property
    def body(self) -> list[int]:
        """Lines of the rows that are data."""
        return [n + 1 for n, row in enumerate(self.rows) if n and any(row) and not self._total(row)]

    @property
    def totals(self) -> list[int]:
        """Lines of written totals."""
        return [n + 1 for n, row in enumerate(self.rows) if n and self._total(row)]

    @staticmethod
    def _total(row: list[str]) -> bool:
        return any(cell.strip() in TOTALS for cell in row[:4])

    def cell(self, line: int, column: int) -> str:
        """A cell's text."""
        row = self.rows[line - 1]
        return row[column] if column < len(row) else ""

    def set(self, line: int, column: int, text: str) -> None:
        """Write a cell."""
        self.rows[line - 1][column] = text
        if self.book is not None:
            self.ws.cell(line, column + 1).value = text
        else:
            self._write(line)

    def _write(self, line: int) -> None:
        out = io.StringIO()
        csv.writer(out, lineterminator="").writerow(self.rows[line - 1])
        self.text[line - 1] = out.getvalue()

    def delete(self, line: int) -> None:
        """Remove a row: those below move up."""
        del self.rows[line - 1]
        if self.book is not None:
            self.ws.delete_rows(line)
        else:
            del self.text[line - 1]

    def insert(self, line: int, row: list[str]) -> None:
        """Put a row in: what stood at ``line`` moves down."""
        self.rows.insert(line - 1, list(row))
        if self.book is not None:
            self.ws.insert_rows(line)
            for c, text in enumerate(row):
                self.ws.cell(line, c + 1).value = text or None
        else:
            self.text.insert(line - 1, "")
            self._write(line)

    def add_column(self, heading: str, texts: dict[int, str]) -> int:
        """Put a column at the right; ``texts`` by line. Returns its place."""
        column = len(self.head)
        for n in range(len(self.rows)):
            self.rows[n] = [*self.rows[n], *[""] * (column - len(self.rows[n])), texts.get(n + 1, "") if n else heading]
            if self.book is not None:
                self.ws.cell(n + 1, column + 1).value = self.rows[n][column] or None
            else:
                self._write(n + 1)
        return column

    def remove_column(self, column: int) -> None:
        """Remove a column. The word 合计 stays."""
        for line in self.totals if column == 0 else ():
            self.set(line, 1, self.cell(line, 0))
        for n, row in enumerate(self.rows):
            if column < len(row):
                del row[column]
            if self.book is None:
                self._write(n + 1)
        if self.book is not None:
            self.ws.delete_cols(column + 1)

    def save(self) -> None:
        """Write the file back."""
        if self.book is not None:
            self.book.save(self.path)
        else:
            self.path.write_bytes(("\n".join(self.text) + "\n").encode(self.encoding))


def _is_gb(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return True
    return False


def number(text: str) -> float | None:
    """A figure in a cell, with or without separators of thousands."""
    try:
        return float(text.replace(",", ""))
    except ValueError:
        return None


def heading(text: str) -> str:
    """A heading without its unit."""
    word = unicodedata.normalize("NFKC", text).replace(" ", "").replace("\n", "")
    return _UNIT_TAIL.sub("", word) or word


# ---- The region.


class Rec(Struct, frozen=True):
    """A record."""

    file: str
    unit: str
    front: dict[str, Any]
    item: dict[str, Any]
    schema: dict[str, Any] | None
    """Of its table, where it has one."""

    @property
    def id(self) -> str:
        """Its id."""
        return str(self.front["id"])

    @property
    def ref(self) -> str:
        """Unit and id."""
        return f"{self.unit}/{self.id}"

    @property
    def same(self) -> dict[str, Any]:
        """How it corresponds to records of other levels; empty where it does not."""
        return self.item.get("counterpart") or {}

    @property
    def group(self) -> str:
        """Its correspondence group, or ""."""
        return str(self.same.get("group", ""))

    @property
    def village(self) -> bool:
        """Whether a village published it."""
        return self.unit[9:] != "000"

    @property
    def table(self) -> str | None:
        """The file of its rows, relative to the region."""
        name = self.front.get("table")
        name = name["path"] if isinstance(name, dict) else name
        return f"{self.file.rsplit('/', 1)[0]}/{name}" if name else None

    def columns(self, head: list[str]) -> dict[str, int]:
        """Column name → place, for the headings of its table."""
        known: dict[str, str] = {}
        assert self.schema is not None
        for c in self.schema["fields"]:
            for word in c.get("synonyms", ()):
                known.setdefault(heading(word), c["name"])
        for c in self.schema["fields"]:
            known[heading(c["title"])] = known[heading(c["name"])] = c["name"]
        return {known[word]: n for n, cell in enumerate(head) if (word := heading(cell)) in known}

    def column(self, name: str) -> dict[str, Any]:
        """What the catalogue says of a column."""
        assert self.schema is not None
        return next(c for c in self.schema["fields"] if c["name"] == name)


class Region(Struct, dict=True):
    """All records of a region's folder."""

    root: Path
    items: dict[str, dict[str, Any]] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)
    """Item → file of the catalogue in which it stands."""
    schemas: dict[str, dict[str, Any]] = field(default_factory=dict)
    units: dict[str, dict[str, Any]] = field(default_factory=dict)
    folders: dict[str, str] = field(default_factory=dict)
    records: list[Rec] = field(default_factory=list)

    @classmethod
    def read(cls, root: Path) -> Region:
        """Read a folder."""
        region = cls(root)
        catalog = root / "content/catalog"
        for path in sorted([*catalog.glob("fields/*.yml"), *catalog.glob("village/*.yml")]):
            data = load(path.read_text(encoding="utf-8"))
            for one in data if isinstance(data, list) else [data]:
                for item in one["items"]:
                    region.items[item["id"]] = item
                    region.fields[item["id"]] = path.relative_to(root).as_posix()
        for path in sorted(catalog.glob("tables/*.yml")):
            data = load(path.read_text(encoding="utf-8"))
            region.schemas[data["id"]] = data
        for path in sorted(
            [*root.glob("content/county/unit.yml"), *root.glob("content/townships/*/unit.yml"), *root.glob("villages/*/*/unit.yml")]
        ):
            unit = load(path.read_text(encoding="utf-8"))
            region.units[unit["code"]] = unit
            region.folders[unit["code"]] = path.parent.relative_to(root).as_posix()
            for file in sorted((path.parent / "records").glob("*.md")):
                front = load(file.read_text(encoding="utf-8").split("\n---", 1)[0].removeprefix("---"))
                if "derives" not in front:
                    item = region.items[front["item"]]
                    schema = region.schemas[item["table"]] if front.get("table") else None
                    region.records.append(Rec(file.relative_to(root).as_posix(), unit["code"], front, item, schema))
        return region

    @cached_property
    def _sheets(self) -> dict[str, Sheet]:
        return {}

    def sheet(self, record: Rec) -> Sheet:
        """The rows of a record, read once."""
        assert record.table is not None
        if record.table not in self._sheets:
            self._sheets[record.table] = Sheet(self.root / record.table)
        return self._sheets[record.table]

    @cached_property
    def by_ref(self) -> dict[str, Rec]:
        """Records by unit and id."""
        return {r.ref: r for r in self.records}

    def names(self, code: str) -> list[str]:
        """What tables may call a unit."""
        unit = self.units[code]
        return [unit["name"], code, *unit.get("aliases", ())]

    def villages(self, code: str) -> list[str]:
        """Villages below a unit."""
        prefix = code[:6] if code[6:9] == "000" else code[:9]
        return [c for c in self.units if c.startswith(prefix) and c[9:] != "000"]

    def village_named(self, code: str, name: str) -> str | None:
        """The village below a unit that a table calls so."""
        return next((v for v in self.villages(code) if name.strip() in self.names(v)), None)

    @cached_property
    def _related(self) -> dict[str, set[str]]:
        keys = ("result_of", "interprets", "feedback_on", "answers", "replaces", "counterpart")
        found: dict[str, set[str]] = defaultdict(set)
        for r in self.records:
            for ref in (str(r.front[key]) for key in keys if r.front.get(key)):
                full = ref if "/" in ref else f"{r.unit}/{ref}"
                found[r.ref].add(full)
                found[full].add(r.ref)
        return found

    def related(self, record: Rec) -> set[str]:
        """Refs of records that it names or that name it."""
        return self._related.get(record.ref, set())

    @cached_property
    def _slices(self) -> dict[str, dict[str, list[int]]]:
        return {}

    def slices(self, record: Rec) -> Iterable[tuple[str, list[int]]]:
        """Villages in a government table with the lines of their rows."""
        if record.ref not in self._slices:
            sheet = self.sheet(record)
            place = record.columns(sheet.head).get("village")
            lines: dict[str, list[int]] = {}
            for line in sheet.body if place is not None else ():
                assert place is not None
                if village := self.village_named(record.unit, sheet.cell(line, place)):
                    lines.setdefault(village, []).append(line)
            self._slices[record.ref] = lines
        return self._slices[record.ref].items()

    def own(self, record: Rec, village: str) -> Rec | None:
        """The village's own record of the matter that a government record is about, in the same stage."""
        keys = ("period", "batch", "subject", "stage")
        for r in self.records:
            same = r.unit == village and r.group and r.group == record.group
            if same and all(_plain(r.front.get(k)) == _plain(record.front.get(k)) for k in keys):
                return r
        return None


def _plain(value: object) -> str:
    return str(value or "").removeprefix("第").removesuffix("批").replace("一", "1").replace("二", "2")
