"""The official table as people keep it in a spreadsheet → fields of the catalogue, with every doubt reported at its row."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from sitegen.load.catalog import NUMBER
from sitegen.load.files import relative
from sitegen.load.textfile import Unreadable
from sitegen.model.base import Level
from sitegen.model.catalog import CHANNELS, Field, Item
from sitegen.model.deadline import parse_deadline
from sitegen.model.finding import Finding, finding, has_errors
from sitegen.model.region import Catalog
from sitegen.model.table import fold

from .cells import law_key, levels_in, read_basis, read_elements, read_subject
from .initials import initials
from .marks import plain, read_channels, read_mark, read_noted_mark
from .official import Head, Row, Sheet, find_head, read_rows, read_sheets
from .pairing import pair

_TITLE = re.compile(
    r"^(?:附件\d*:?)?(?:[^县区市旗]{2,5}市)?(?:[^县区市旗]{1,8}[县区旗])?(.{2,20}?)(?:领域)?(?:基层)?(?:政务|村务)?(?:信息)?公开(?:事项)?(?:标准)?(?:目录|清单)"
)
"""A title such as 青禾县城市综合执法领域基层政务公开标准目录, with the field's name."""


class NewLaw(Struct, frozen=True):
    """A legal source that a table cites and laws.yml does not have: to be looked up by a person."""

    id: str
    name: str
    number: str | None
    """As the table writes it, unchecked."""


class Read(Struct, frozen=True):
    """What a workbook holds. Nothing of it may be written while there is an error."""

    fields: tuple[Field, ...]
    laws: tuple[NewLaw, ...]
    findings: tuple[Finding, ...]
    known: int
    """Items that the catalogue had already and that keep their ids."""
    ignored: tuple[str, ...]
    """Headings of columns that the official table does not have (咨询电话, 责任科室)."""

    @property
    def failed(self) -> bool:
        """Whether anything is an error."""
        return has_errors(self.findings)


def read_workbook(path: Path, root: Path, catalog: Catalog, *, field: str | None = None) -> Read:
    """Read every table in the workbook at ``path`` against the present ``catalog``: its items keep their ids and all that the table does not say.

    ``field`` (id or name) says which field the table is for, where a workbook does not. Findings name the file relative to ``root``, a #
    and the sheet; their lines are the sheet's row numbers.
    """
    name = relative(path, root)
    try:
        sheets = read_sheets(path)
    except Unreadable as error:
        return Read((), (), (finding(error.code, name, None, None, problem=error.problem, path=path.name),), 0, ())
    return read_tables(sheets, name, catalog, field=field)


def read_tables(sheets: list[Sheet], name: str, catalog: Catalog, *, field: str | None = None) -> Read:
    """The same for sheets that were read already; ``name`` is what findings call the file."""
    return _Workbook(name, catalog, field).read(sheets)


class _Line(Struct, frozen=True):
    """A row understood: the columns of an item without its id."""

    line: int
    values: Mapping[str, Any]

    @property
    def name(self) -> str:
        return str(self.values["name"])

    @property
    def elements(self) -> tuple[str, ...]:
        return tuple(self.values["elements"])


class _Workbook:
    def __init__(self, name: str, catalog: Catalog, field: str | None) -> None:
        self.name, self.catalog, self.wanted = name, catalog, field
        self.findings: list[Finding] = []
        self.laws: dict[str, NewLaw] = {}
        self.law_ids = {law_key(law.name): law.id for law in catalog.laws.values()}
        self.known = 0
        self.ignored: dict[str, None] = {}

    def read(self, sheets: list[Sheet]) -> Read:
        heads = [(sheet, head) for sheet in sheets if (head := find_head(sheet))]
        if not heads:
            self.findings.append(finding("SG421", self.name, 1, None))
        for sheet in sheets:
            if heads and sheet not in [s for s, _ in heads]:
                text = next(cell for row in sheet.rows for cell in row if cell)
                self._at(sheet)("SG431", 1, None, text=text[:40])
        fields: dict[str, tuple[Field, str]] = {}
        for sheet, head in heads:
            made = self._sheet(sheet, head, [f for f, _ in fields.values()])
            if made is None:
                continue
            if made.id in fields:
                self._at(sheet)("SG434", head.first + 1, None, name=made.name, other=fields[made.id][1])
            else:
                fields[made.id] = made, sheet.name
        found = tuple(sorted(self.findings, key=lambda f: f.sort_key))
        return Read(tuple(f for f, _ in fields.values()), tuple(self.laws.values()), found, self.known, tuple(self.ignored))

    def _at(self, sheet: Sheet) -> Callable[..., None]:
        def say(code: str, line: int | None, column: int | None, /, **args: Any) -> None:
            self.findings.append(finding(code, f"{self.name}#{sheet.name}", line, column, **args))

        return say

    def _sheet(self, sheet: Sheet, head: Head, others: list[Field]) -> Field | None:
        say = self._at(sheet)
        before = len(self.findings)
        for title in head.missing():
            say("SG422", head.first + 1, None, column=title)
        name = self._field_name(sheet, head)
        if name is None:
            say("SG433", head.first + 1, None)
        if len(self.findings) > before or name is None:
            return None
        known = next((f for f in self.catalog.fields if f.name == name), None)
        places = set(head.columns)
        for place in range(max(len(row) for row in sheet.rows[head.first : head.last + 1])):
            titles = [row[place] for row in sheet.rows[head.first : head.last + 1] if place < len(row) and row[place]]
            if titles and place not in places and not re.fullmatch("序号?|编号", plain(titles[-1])):
                self.ignored[titles[-1].replace("\n", "")] = None
        lines: list[_Line] = []
        for row in read_rows(sheet, head):
            if isinstance(row, tuple):
                say("SG431", row[0], None, text=row[1][:40])
            elif values := _Cells(self, row, say, name).read():
                lines.append(_Line(row.line, values))
        if not lines:
            if len(self.findings) == before:
                say("SG421", head.first + 1, None)
            return None
        field_id = known.id if known else self._new_id(name, others)
        prefix = known.items[0].id.rsplit("-", 1)[0] if known else field_id
        items = self._items(lines, known, prefix, say)
        if known:
            return Field(**{key: getattr(known, key) for key in Field.model_fields if key != "items"}, items=items)
        say("SG432", 1, None, name=name, id=field_id)
        county = next((i.subject.county for i in items if i.subject.county), None)
        seq = max((f.seq for f in (*self.catalog.fields, *others) if f.section == "政务"), default=0) + 1
        lead = (county or "待核对").split("、")[0]
        return Field(id=field_id, name=name, seq=seq, lead=lead, summary=f"{name}方面应当公开的事项。", items=items)

    def _field_name(self, sheet: Sheet, head: Head) -> str | None:
        """Which field a table is for: as asked for, else the longest name of a field in its title or on its sheet, else what the title says."""
        if self.wanted:
            found = next((f.name for f in self.catalog.fields if self.wanted in (f.id, f.name)), None)
            return found or (self.wanted if not re.fullmatch(r"[A-Z]{2,6}", self.wanted) else None)
        titles = [cell for row in sheet.rows[: head.first] for cell in dict.fromkeys(row) if cell]
        for text in (sheet.name, *titles):
            word = fold(text)
            names = [
                (f.name, spelled) for f in self.catalog.fields for spelled in (f.name, f.successor) if spelled and fold(spelled) in word
            ]
            if names:
                return max(names, key=lambda n: len(n[1]))[0]
        generic = re.fullmatch(r"(?i)sheet\d*|工作表\d*|附件\d*|表\d+", sheet.name.strip())
        if not generic and any(fold(sheet.name) in fold(text) for text in titles):
            return sheet.name.strip()
        found = next((m[1] for text in titles if (m := _TITLE.search(fold(text)))), None)
        return found or (None if generic else sheet.name.strip())

    def _new_id(self, name: str, others: list[Field]) -> str:
        taken = {f.id for f in (*self.catalog.fields, *others)}
        base = re.sub("[^A-Z]", "", initials(name).upper())[:4].ljust(2, "X")
        return next(id for n in range(26) if (id := base if n == 0 else base[:5] + chr(64 + n)) not in taken)

    def _items(self, lines: list[_Line], known: Field | None, prefix: str, say: Callable[..., None]) -> tuple[Item, ...]:
        old = known.items if known else ()
        pairs = pair(old, lines)
        used = [int(id.rsplit("-", 1)[1]) for i in old for id in (i.id, *i.formerly) if id.startswith(f"{prefix}-")]
        number = max(used, default=0)
        made = []
        for n, line in enumerate(lines):
            same = old[pairs[n]] if n in pairs else None
            if same is None:
                number += 1
            values = dict(line.values)
            if same is not None:
                self.known += 1
                kept = {key: getattr(same, key) for key in Item.model_fields if key not in values}
                if same.deadline.written == values["deadline"]:
                    kept["deadline"] = same.deadline
                if set(same.channels) == set(values["channels"]):
                    kept["channels"] = same.channels
                values |= kept
            else:
                values["id"] = f"{prefix}-{number:02}"
            made.append(Item.model_validate(values))
        elements: dict[tuple[str, ...], str] = {}
        for item, line in zip(made, lines, strict=True):
            if item.elements in elements:
                say("SG403", line.line, None, item=f"{item.id} {item.name}", other=elements[item.elements])
            elements.setdefault(item.elements, f"{item.id} {item.name}")
            if not item.deadline.terms and parse_deadline(item.deadline.written) is None:
                say("SG402", line.line, None, wording=item.deadline.written)
        for n, item in enumerate(old):
            if n not in pairs.values():
                say("SG435", None, None, item=item.id, name=item.name)
        return tuple(made)

    def law(self, name: str, number: str | None, say: Callable[[str], None]) -> str:
        """The id of a law by its name; a new one for a name that is not listed, said once."""
        key = law_key(name)
        if key not in self.law_ids:
            taken = {*self.catalog.laws, *self.law_ids.values()}
            base = initials(key) or "law"
            id = next(i for n in range(1, 1000) if (i := base if n == 1 else f"{base}-{n}") not in taken)
            self.law_ids[key] = id
            self.laws[id] = NewLaw(id, name, number)
            say(id)
        return self.law_ids[key]


class _Cells:
    """One row → the columns of an item."""

    def __init__(self, book: _Workbook, row: Row, say: Callable[..., None], field: str) -> None:
        self.book, self.row, self.field, self.sayer = book, row, field, say
        self.failed = False

    def say(self, code: str, kind: str, /, **args: Any) -> None:
        self.sayer(code, self.row.line, self.row.place(kind), **args)

    def fail(self, code: str, kind: str, /, **args: Any) -> None:
        self.failed = True
        self.say(code, kind, **args)

    def read(self) -> dict[str, Any] | None:
        """The columns, or ``None`` when any of them is an error."""
        levels = self._levels()
        values: dict[str, Any] = {
            "group": _line(self.row.text("group")) or self.field,
            "name": self._name(),
            "elements": self._elements(),
            "basis": self._basis(),
            "deadline": _line(self._given("deadline", "公开时限")),
            "subject": self._subject(levels),
            "channels": self._channels(),
            **self._audience(),
            "method": self._one_of("method", "公开方式", ("主动", "依申请"), narrower="主动"),
            "levels": levels,
        }
        for kind, texts in (("name", [values["name"]]), ("deadline", [values["deadline"]]), ("elements", values["elements"])):
            if number := next((m for text in texts if (m := NUMBER.search(text))), None):
                self.fail("SG407", kind, number=number[0])
        return None if self.failed else values

    def _given(self, kind: str, title: str) -> str:
        text = self.row.text(kind)
        if not text:
            self.fail("SG423", kind, column=title)
        return text

    def _elements(self) -> tuple[str, ...]:
        text = self._given("elements", "公开内容(要素)")
        elements = read_elements(text)
        if text and not elements:  # a number without a text
            self.fail("SG423", "elements", column="公开内容(要素)")
        return elements

    def _name(self) -> str:
        name, third = _line(self._given("name", "公开事项")), _line(self.row.text("third"))
        return f"{name}－{third}" if third and third != name else name

    def _basis(self) -> list[dict[str, str]]:
        text = self._given("basis", "公开依据")
        cited, unread = read_basis(text, [law.name for law in self.book.catalog.laws.values()])
        if text and not cited:
            self.fail("SG427", "basis", value=_line(text)[:40])
        elif unread:
            for part in unread:
                self.say("SG431", "basis", text=part[:40])
        made = []
        for one in cited:
            id = self.book.law(one.name, one.number, lambda id, name=one.name: self.say("SG426", "basis", law=name, id=id))  # type: ignore[misc]
            made.append({"law": id} | ({"article": one.article} if one.article else {}))
        return made

    def _subject(self, levels: list[Level]) -> dict[str, str]:
        text = self._given("subject", "公开主体")
        if not text or not levels:
            return {}
        found, borrowed = read_subject(text, levels)
        for level, taken in borrowed:
            self.say("SG429", "subject", level=level.zh, taken=taken)
        return found

    def _channels(self) -> list[str]:
        chosen: set[str] = set()
        for place, column, text in self.row.cells:
            if column.kind != "channels" or not text:
                continue
            if column.value != "grid":
                if self._marked(place, column.title, text):
                    chosen.add(column.value)
                continue
            grid = read_channels(text)
            chosen.update(grid.chosen)
            if grid.unclear:
                self.say("SG430", "channels", channels=list(grid.unclear))
            for unknown in grid.unknown:
                self.say("SG425", "channels", value=unknown)
                chosen.add("其他")
        if not chosen:
            self.fail("SG423", "channels", column="公开渠道和载体")
        return [c for c in CHANNELS if c in chosen]

    def _marked(self, place: int, title: str, text: str) -> bool:
        marked = read_mark(text)
        if marked is None and plain(text) == plain(title):
            return True  # the heading repeated in place of a mark
        if marked is None:
            self.failed = True
            self.sayer("SG424", self.row.line, place + 1, value=_line(text)[:20], column=title)
        return bool(marked)

    def _audience(self) -> dict[str, Any]:
        note: str | None = None
        marks: list[str] = []
        for place, column, text in self.row.cells:
            if column.kind != "audience" or not text:
                continue
            if column.value == "特定群体":
                marked, note = read_noted_mark(text) if plain(text) != plain(column.title) else (True, None)
                marks += ["特定群体"] if marked else []
            elif column.value:
                marks += [column.value] if self._marked(place, column.title, text) else []
            elif re.search("社会|公众|不限", plain(text)):
                marks.append("全社会")
            else:
                marks.append("特定群体")
                note = re.sub(r"^特定(?:群体|群众|对象|人群)\s*[(（:：]?|[)）]$", "", text).strip() or None
        audience = self._decide("audience", "公开对象", marks, narrower="特定群体")
        return {"audience": audience, "audience_note": _line(note) if note and audience == "特定群体" else None}

    def _one_of(self, kind: str, title: str, values: tuple[str, str], narrower: str) -> str:
        marks: list[str] = []
        for place, column, text in self.row.cells:
            if column.kind != kind or not text:
                continue
            if column.value:
                marks += [column.value] if self._marked(place, column.title, text) else []
            else:
                marks += [v for v in values if v in plain(text)]
        return self._decide(kind, title, marks, narrower)

    def _decide(self, kind: str, title: str, marks: list[str], narrower: str) -> str:
        if not marks:
            self.fail("SG423", kind, column=title)
            return narrower
        if len(set(marks)) > 1:
            self.say("SG428", kind, first=marks[0], second=marks[1], taken=narrower)
            return narrower
        return marks[0]

    def _levels(self) -> list[Level]:
        chosen: set[str] = set()
        for place, column, text in self.row.cells:
            if column.kind != "levels" or not text:
                continue
            if not column.value:
                chosen.update(levels_in(text))
            elif self._marked(place, column.title, text):
                chosen.update(column.value.split("、"))
        levels = [level for level in Level if level.value in chosen]
        if not levels and not self.failed:
            self.fail("SG423", "levels", column="公开层级")
        return levels


def _line(text: str) -> str:
    """A text that a cell's width broke into lines, put together."""
    return "".join(part.strip() for part in text.splitlines())
