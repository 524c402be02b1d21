"""Personal data in what is about to be disclosed: texts, tables, file names, pictures and attachments, each at its line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from sitegen.load.cells import Cells
from sitegen.load.files import YAML_LIMIT
from sitegen.load.opened import Opened
from sitegen.load.tables import columns_of
from sitegen.load.textfile import Unreadable, read_bytes, read_text
from sitegen.model.finding import N_, Finding, finding
from sitegen.model.personal import Found, find, find_masks, has_star, lines_with_numbers, possible, redact
from sitegen.model.region import Attached
from sitegen.pictures import is_picture, told_by

from . import words
from .attachments import FILE_LIMIT, beside_table, pieces
from .circumstances import any_door, circumstance_in, may_tell, shows_given_name, streets
from .lists import List, find_list, markdown_tables
from .pieces import FileName, Grid, Piece, Prose, Unchecked, Where
from .scope import Scope
from .tabled import Shown, about_person, as_grid, free, look_at, sensitive_columns

_CODES = {"id_number": "SG801", "bank_account": "SG802", "phone": "SG803"}
_KINDS = {"id_number": N_("ID number"), "bank_account": N_("bank card number"), "phone": N_("mobile number")}
_SENTENCE = re.compile(r"[^。；;！!？?\n]+")


def personal_data(opened: Opened) -> Iterator[Finding]:
    """Everything of a person in one file of a unit, with its table and attachments, that must not be disclosed."""
    yield from _Examiner(opened).run()


def check_units(scope: Scope) -> Iterator[Finding]:
    """What units say of themselves: telephones there are official, other numbers of persons are not."""
    for unit, file in ((u, file) for u in scope.region.units.values() for file in u.files):
        try:
            text = read_text(scope.region.root / file, YAML_LIMIT).text
        except Unreadable:
            continue  # it was read a moment ago; loading reports what is wrong with it
        for n, line in lines_with_numbers(text):
            for f in find(line):
                if f.kind != "phone":
                    yield finding(_CODES[f.kind], file, n + 1, f.start + 1, unit=unit.code, place="", head=f.head, n=f.length)


class _Examiner:
    def __init__(self, opened: Opened) -> None:
        self.o = opened
        record = opened.record
        item = opened.catalog.items.get(record.front.item) if record else None
        about = f"{record.front.title} {record.front.subject or ''} {item.name if item else ''}" if record else ""
        self.children = bool(words.CHILDREN.search(about)) and not words.ADULTS.search(about)
        self.masked = bool(record and record.personal)
        contact = (opened.unit.contact.address, opened.unit.supervision.address)
        self.streets = frozenset().union(*(streets(address) for address in contact if address))
        self.seen: set[tuple[str, str]] = set()
        """Numbers that were spoken of in the attachment at hand: its properties repeat what its text says."""

    def run(self) -> Iterator[Finding]:
        yield from self._name()
        yield from self._text()
        yield from self._table()
        for attached in {a.file: a for a in self.o.attached}.values():
            yield from self._attachment(attached)

    def _make(self, code: str, where: Where, line: int | None, column: int | None, place: str, /, **args: Any) -> Finding:
        record = self.o.record
        if where.line is not None:
            line, column = where.line, None
        said = f" [{place}]" if place else ""
        id = record.front.id if record else None
        return finding(code, where.file, line or None, column, unit=self.o.unit.code, record=id, place=said, **args)

    # What is looked at

    def _name(self) -> Iterator[Finding]:
        folder, _, name = self.o.file.rpartition("/")
        for f in find(PurePosixPath(name).stem) if possible(name) else ():
            # The file's own name cannot be the place: it would repeat the number.
            yield self._make("SG810", Where(f"{folder}/"), None, None, "", head=f.head, n=f.length)

    def _text(self) -> Iterator[Finding]:
        where = Where(self.o.file)
        text = self.o.text
        if grids := list(markdown_tables(text)):
            lines = text.split("\n")
            for grid in grids:
                yield from self._grid(grid, where)
                for line, _ in grid.rows:
                    lines[line - 1] = ""
            text = "\n".join(lines)
        yield from self._prose(Prose(text, 1, 1), where)

    def _table(self) -> Iterator[Finding]:
        record = self.o.record
        if record is None or record.front.rows is None or not self.o.cells:
            return
        where = Where(record.table_file)
        if any(find(record.front.rows.path)):
            where = Where(self.o.file, record.lines.get("opinions" if record.front.opinions else "table", 2))
        if not self._spotless(self.o.cells):
            yield from self._grid(as_grid(self.o.cells), where, own=True)
        if record.front.rows.path.lower().endswith(".xlsx"):
            try:
                data = read_bytes(self.o.root / record.table_file, FILE_LIMIT)
            except Unreadable:
                return  # reading the table has said so
            for piece in beside_table(data, record.front.rows.sheet):
                yield from self._piece(piece, where)

    def _attachment(self, attached: Attached) -> Iterator[Finding]:
        where = Where(attached.file)
        if any(find(attached.file)):
            # Its name stands in the record and is found there; of the file itself is spoken there too.
            where = Where(self.o.file, self.o.record.lines.get("attachments", 2) if self.o.record else 2)
        try:
            data = read_bytes(self.o.root / attached.file, FILE_LIMIT)
        except Unreadable as error:
            yield self._make("SG812", where, None, None, "", problem=error.problem)
            return
        self.seen.clear()
        if is_picture(attached.file):
            told = told_by(data)
            found = [f for text in told.texts for f in self._prose(Prose(text, None), where)]
            yield from found
            if told.what and not found:
                yield self._make("SG811", where, None, None, "", what=told.what)
            return
        for piece in pieces(attached.file.rpartition("/")[2], data):
            yield from self._piece(piece, where)

    def _piece(self, piece: Piece, where: Where) -> Iterator[Finding]:
        match piece:
            case Unchecked():
                yield self._make("SG812", where, None, None, piece.place, problem=piece.problem)
            case FileName():
                for f in find(piece.name):
                    yield self._make("SG810", where, None, None, redact(piece.place), head=f.head, n=f.length)
            case Grid():
                yield from self._grid(piece, where)
            case Prose():
                yield from self._prose(piece, where)

    # Running text

    def _prose(self, prose: Prose, where: Where) -> Iterator[Finding]:
        # In PDF a number may wrap: the page is looked at as one.
        lines = lines_with_numbers(prose.text) if prose.loose else ((0, prose.text),)
        for n, text in lines:
            for f in _numbers(text, loose=prose.loose):
                if f.digits and not prose.step and self._again(f):
                    continue
                line = None if prose.line is None else prose.line + n * prose.step
                yield from self._number(f, where, line, f.start + 1 if prose.step else None, prose.place)
        yield from self._said(prose, where)

    def _again(self, f: Found) -> bool:
        known = (f.kind, f.digits) in self.seen
        self.seen.add((f.kind, f.digits))
        return known

    def _said(self, prose: Prose, where: Where) -> Iterator[Finding]:
        """What sentences say of a person: where somebody lives, what ails somebody, what somebody earns."""
        text = prose.text
        stars = "*" in text or "某" in text or "＊" in text
        doors = "室" in text or "单元" in text or "户" in text or ("号" in text and (stars or "住" in text or "号楼" in text))
        doors = (
            doors or "栋" in text or "幢" in text or ("-" in text and ("小区" in text or "园" in text or "公寓" in text or "苑" in text))
        )
        # Most texts say none of it: one look at the whole spares a look at every sentence.
        doors = doors and any_door(text)
        stars = stars and words.MASKED_NAME.search(text) is not None
        if not stars and not doors:
            return
        for n, line in enumerate(text.split("\n")):
            number = None if prose.line is None else prose.line + n * prose.step
            found: dict[str, Finding] = {}
            for start, sentence in ((m.start(), m[0]) for m in _SENTENCE.finditer(line)) if prose.loose else ((0, line),):
                person = bool(stars and words.MASKED_NAME.search(sentence))
                if doors and (m := self._door(sentence, person)):
                    column = start + m.start() + 1 if prose.step else None
                    found.setdefault("SG804", self._make("SG804", where, number, column, prose.place))
                if person and (named := circumstance_in(sentence)):
                    column = start + named[1] + 1 if prose.step else None
                    found.setdefault(named[0], self._make("SG807", where, number, column, prose.place, what=named[0]))
            yield from found.values()

    def _door(self, text: str, person: bool, heading: str = "", beside: str = "") -> re.Match[str] | None:
        """A home, down to the door, in ``text``; ``beside`` is what else the row says."""
        flat = words.DOOR.search(text)
        door = flat or words.VILLAGE_DOOR.search(text)
        if door is None or words.AT_HOME.search(text) or words.AT_HOME.search(heading):
            return door
        if flat is None and not person:
            return None  # houses have numbers, and so have wells, lots and offices
        if self.o.record is None or words.OFFICE.search(f"{heading} {text} {beside}") or any(street in text for street in self.streets):
            return None
        return door

    # Tables

    def _spotless(self, cells: Cells) -> bool:
        """Whether a look at the columns of the record's table shows that there is nothing in it, as it does of nearly all."""
        if not cells.plain or cells.width is None or self.o.schema is None:
            return False
        look = look_at(self.o.schema, tuple(cells.rows[0]))
        if look is None or (self.children and look.names):
            return False
        numbers = possible((cells.text or "").replace(",", "\n").replace("\t", " "), masks=False)
        for c, text in enumerate(cells.joined):
            masks = c not in look.masked and has_star(text)
            if (numbers or masks) and any(lines_with_numbers(text.replace("\t", " "), masks=masks)):
                return False
            if c in look.texts and words.SIGN.search(text) and any(not v.isascii() and may_tell(v) for v in set(cells.columns[c])):
                return False
        return True

    def _grid(self, grid: Grid, where: Where, *, own: bool = False) -> Iterator[Finding]:
        """A table; ``own`` when it is the record's, whose columns the catalogue knows."""
        if not grid.rows:
            return
        known = columns_of(self.o.schema, grid.rows[0][1]) if own and self.o.schema else []
        people = find_list(grid, known)
        table = Shown(grid, where, known, people, where.file != self.o.file)
        sensitive = dict(sensitive_columns(people, known)) if people else {}
        for c, (heading, what) in sensitive.items():
            assert people
            yield self._make("SG806", where, people.line, table.column(c), table.place(c, people.line), heading=heading, what=what)
        if people:
            yield from self._names(people, table)
        yield from self._cells(table, frozenset(sensitive))
        yield from self._rows(table, frozenset(sensitive))

    def _names(self, people: List, table: Shown) -> Iterator[Finding]:
        for c in people.names:
            heading, schema = people.headings[c], table.schema(c)
            child = bool(words.CHILD.search(heading)) or (self.children and not words.GUARDIAN.search(heading))
            if not child and (schema is not None or not self.masked or people.officials):
                continue
            for line, row in people.body:
                name = row[c].strip().replace("\\", "") if c < len(row) else ""
                if not name or words.LABEL.search(name):
                    continue
                star = any(s in name for s in "*＊某")
                if child and (star or schema is None) and shows_given_name(name):
                    yield self._make("SG808", table.where, line, table.column(c), table.place(c, line))
                elif not child and not star and words.FULL_NAME.fullmatch(name):
                    yield self._make("SG809", table.where, line, table.column(c), table.place(c, line))
                    break  # the whole list is at fault, not each of its rows

    def _cells(self, table: Shown, without: frozenset[int]) -> Iterator[Finding]:
        """Numbers, cell by cell. What a heading gives away already is not said again of each cell."""
        columns = [table.grid.lines(c) for c in range(table.grid.width)]
        if not possible("\n".join(columns)):
            return
        for c, column in enumerate(columns):
            if c in without:
                continue
            schema = table.schema(c)
            masked = schema is not None and schema.mask is not None  # it is checked as it is read
            for n, cell in lines_with_numbers(column, masks=not masked):
                line = table.grid.rows[n][0]
                for f in self._in_cell(cell, c, n, table):
                    if not (f.problem and masked):
                        yield from self._number(f, table.where, line, table.column(c), table.place(c, line))

    @staticmethod
    def _in_cell(cell: str, c: int, n: int, table: Shown) -> list[Found]:
        """Numbers of a cell. A heading such as 凭证号 or 金额 speaks against some; one that is unlike all others below it stays."""
        found = list(_numbers(cell, table.headings.get(c, "")))
        more = [f for f in _numbers(cell) if not any(f.start < g.end and g.start < f.end for g in found)]
        return found + [f for f in more if table.unlike(c, n)]

    def _rows(self, table: Shown, without: frozenset[int]) -> Iterator[Finding]:
        """Cells that say what ails the person of the row, or where that person lives. One finding a row."""
        rows, people = table.grid.rows, table.people
        at_fault: dict[int, Finding] = {}
        for c in range(table.grid.width):
            schema = table.schema(c)
            if c in without or not free(schema):
                continue
            # Most columns have no word of the kind in any cell; and villages, groups and kinds repeat by the thousand.
            if not words.SIGN.search(table.grid.lines(c)):
                continue
            doubtful = {v for v in set(table.grid.column(c)) if not v.isascii() and may_tell(v)}
            if not doubtful:
                continue
            heading = people.headings.get(c, "") if people else ""
            for n, (line, row) in enumerate(rows):
                if c >= len(row) or row[c] not in doubtful or n in at_fault or not about_person(people, n, row):
                    continue
                if named := circumstance_in(row[c]):
                    at_fault[n] = self._make("SG807", table.where, line, table.column(c), table.place(c, line), what=named[0])
                elif self._door(row[c], True, heading, "" if people else " ".join(row)):
                    at_fault[n] = self._make("SG804", table.where, line, table.column(c), table.place(c, line))
        yield from (at_fault[n] for n in sorted(at_fault))

    def _number(self, f: Found, where: Where, line: int | None, column: int | None, place: str) -> Iterator[Finding]:
        if f.problem is not None:
            yield self._make("SG805", where, line, column, place, kind=_KINDS[f.kind], problem=f.problem)
        elif f.kind != "phone" or f.digits not in self.o.official:
            yield self._make(_CODES[f.kind], where, line, column, place, head=f.head, n=f.length)


def _numbers(text: str, heading: str = "", *, loose: bool = True) -> Iterator[Found]:
    """Numbers of persons and masks that are too weak, in order."""
    found = [*find(text, heading, loose=loose)]
    found += [m for m in find_masks(text) if not any(m.start < f.end and f.start < m.end for f in found)]
    yield from sorted(found, key=lambda f: f.start)
