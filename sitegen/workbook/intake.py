"""What a workbook would become: the questions it leaves open, what is wrong with it, a preview, and the files that would be written."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct, field

from sitegen.drafting.writing import replace
from sitegen.model.finding import Finding, Severity


class NotReady(Exception):
    """There are questions or errors left; nothing was written."""


class ChangedMeanwhile(Exception):
    """A file that would be replaced is not what it was when the workbook was read; nothing was written."""

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self.file = file


class Question(Struct, frozen=True):
    """What the workbook leaves open. ``text`` is an English template, translated like a message; ``args`` fill it.

    Answer it by its id in ``answers`` of :func:`sitegen.workbook.importing.read_workbook`: with one of ``choices``, or, where there are none, in words.
    """

    id: str
    text: str
    choices: tuple[str, ...] = ()
    where: str = ""
    """The cell, such as ``数据!C4``; "" where no cell is concerned."""
    args: tuple[tuple[str, str], ...] = ()
    proposal: str = ""
    """The likeliest answer, for a person to confirm; never taken by itself."""

    def said(self, say: object) -> str:
        """The question in words; ``say`` is a translator."""
        assert callable(say)
        return str(say(self.text)).format(**dict(self.args))


class Total(Struct, frozen=True):
    """The total of a column, as it would be printed."""

    title: str
    text: str
    unit: str


class Hidden(Struct, frozen=True):
    """What was masked or left out at the door."""

    title: str
    """The column's heading as it stands in the workbook."""
    what: str
    """``masked``, ``dropped``, ``key`` (became a row key) or ``removed`` (a number taken out of a text)."""
    count: int


class Change(Struct, frozen=True):
    """One difference to another list: the row and column in words, the figure there and here."""

    row: str
    column: str
    there: str
    here: str
    kind: str
    """As :class:`sitegen.model.compare.Difference` has it."""


class Compared(Struct, frozen=True):
    """Differences to another list."""

    title: str
    """Of the other record."""
    file: str
    totals: tuple[tuple[str, str, str], ...]
    """(column, there, here)."""
    changes: tuple[Change, ...]


class Preview(Struct, frozen=True):
    """What would be written, for a person to look at."""

    unit: str = ""
    """Code; "" as long as it is not known."""
    unit_name: str = ""
    item: str = ""
    item_name: str = ""
    id: str = ""
    path: str = ""
    """Of the record's file, relative to the region."""
    title: str = ""
    existing: bool = False
    """The record is there already and would be replaced."""
    unchanged: bool = False
    """It says already what the workbook says."""
    revision: int = 1
    sheet: str = ""
    """Where the rows came from."""
    head: tuple[str, ...] = ()
    """Headings of the table, without private columns."""
    rows: tuple[tuple[str, ...], ...] = ()
    """All rows as printed."""
    totals: tuple[Total, ...] = ()
    hidden: tuple[Hidden, ...] = ()
    converted: tuple[str, ...] = ()
    """Columns that were turned into the unit of the item's table, as ``补贴金额: 万元 → 元``."""
    last: Compared | None = None
    """Against the period before."""
    township: Compared | None = None
    """Against the list of the level above or below."""
    front: tuple[tuple[str, str], ...] = ()
    """The head of the record, key by key."""
    body: str = ""


class Intake(Struct, frozen=True):
    """A workbook as read. It can be written when there are neither questions nor errors."""

    questions: tuple[Question, ...] = ()
    findings: tuple[Finding, ...] = ()
    preview: Preview = Preview()
    files: Mapping[str, bytes] = field(default_factory=dict)
    """By path relative to the region; the record comes last."""
    removes: tuple[str, ...] = ()
    """Files that the new ones replace under other names."""
    before: Mapping[str, str] = field(default_factory=dict)
    """Digest of every file that is replaced or removed, "" for one that was not there."""
    secret: tuple[str, bytes] | None = None
    """The file of the salt, where it has to be made."""

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What keeps it from being written."""
        return tuple(f for f in self.findings if f.severity is Severity.ERROR)

    @property
    def ready(self) -> bool:
        """Whether it can be written."""
        return not self.questions and not self.errors and bool(self.files)

    def write(self, root: Path) -> list[Path]:
        """Write the files, the record last: it takes its place in one step. Returns them.

        Raises :class:`NotReady`, :class:`ChangedMeanwhile`, ``OSError``; then what was there before still stands.
        """
        if not self.ready:
            raise NotReady
        for name, digest in self.before.items():
            if digest_of(root / name) != digest:
                raise ChangedMeanwhile(name)
        if self.secret is not None:
            keep_secret(root / self.secret[0], self.secret[1])
        return replace(root, self.files, self.removes)


def digest_of(path: Path) -> str:
    """A digest of a file's bytes; "" where there is none."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return ""


def keep_secret(path: Path, data: bytes) -> None:
    """Write a file that only its owner reads and that version control passes over; one that is there stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    (path.parent / ".gitignore").write_text("*\n", encoding="utf-8")
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "wb") as stream:
        stream.write(data)
