"""The ledger's files: ``ledger.jsonl`` beside a unit.yml, and ``ledger/`` with the content of what was released.

A line is ``{"id":"…","after":[…],…}``: its id is the SHA-256 (32 hexadecimal characters) of all that follows the id on that line, as it stands there,
so that a chain of a hundred thousand lines is proved in a second or two. Lines are only added, whole batches at a time, under a lock,
and are on the disk before a run says that they are. A last line that a power cut tore is put aside and reported, never guessed.
"""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from msgspec import Struct

from sitegen.model.canonical import Form
from sitegen.model.finding import N_
from sitegen.model.ledger import KINDS, REQUIRED, Entry, Line, heads_of

FILE = "ledger.jsonl"
OBJECTS = "ledger"
_OPEN = ord("{")
_HEAD = '{"id":"'
_ID = 32
_BODY = len(_HEAD) + _ID + 2
_OF_THE_LINE = ("id", "after", "kind", "on", "code")
_MARKS = re.compile(rb"^(<{7}|={7}|>{7}|\|{7})")
_LARGEST = 50_000_000
_WAIT = 20.0
"""Seconds that a run waits for another that is writing."""


class Problem(Struct, frozen=True):
    """Something wrong with a ledger's file. ``kind`` chooses the words: torn, broken, changed, orphan, unknown, conflict, large."""

    kind: str
    line: int
    detail: str = ""


class Opened(Struct, frozen=True):
    """A ledger's file as read."""

    lines: tuple[Line, ...]
    problems: tuple[Problem, ...]
    whole: int
    """Bytes up to the end of the last line that is whole."""
    torn: bytes = b""
    """What a cut left behind the last whole line."""


class Busy(Exception):
    """Another run is writing this ledger."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self.path = path


class Damaged(Exception):
    """A ledger that must not be written to before a person has looked at it."""

    def __init__(self, path: Path, problems: Sequence[Problem]) -> None:
        super().__init__(str(path))
        self.path, self.problems = path, tuple(problems)


def read(path: Path) -> Opened:
    """Read a ledger; an empty one where there is no file. Every problem is reported, none raises but ``OSError``."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return Opened((), (), 0)
    if len(data) > _LARGEST:
        return Opened((), (Problem("large", 1),), 0)
    return parse(data)


def parse(data: bytes) -> Opened:
    """The lines of a ledger's bytes, in file order, and what is wrong with them."""
    end = data.rfind(b"\n") + 1
    torn = data[end:]
    lines: list[Line] = []
    problems: list[Problem] = []
    seen: set[str] = set()
    for number, raw in enumerate(data[:end].split(b"\n")[:-1], 1):
        raw = raw.rstrip(b"\r")
        if not raw:
            continue
        if raw[0] != _OPEN and _MARKS.match(raw):
            problems.append(Problem("conflict", number))
            continue
        line = _line(raw, number)
        if isinstance(line, Problem):
            problems.append(line)
        elif line.id not in seen:  # branches that were joined by hand may repeat what they share
            seen.add(line.id)
            lines.append(line)
    problems += [
        Problem("orphan", line.number, before) for line in lines for before in line.after if before not in seen
    ]  # fmt: skip
    if torn.strip():
        problems.append(Problem("torn", data.count(b"\n") + 1))
    return Opened(tuple(lines), tuple(problems), end, torn)


def _line(raw: bytes, number: int) -> Line | Problem:
    try:
        said = json.loads(raw.decode())
        id, after, kind = said["id"], said["after"], said["kind"]
        if not (isinstance(id, str) and isinstance(after, list) and all(isinstance(a, str) for a in after)):
            raise ValueError
    except (ValueError, KeyError, TypeError, RecursionError):
        return Problem("broken", number)
    if hashlib.sha256(raw[_BODY:]).hexdigest()[:_ID] != id or raw[:_BODY] != f'{_HEAD}{id}",'.encode():
        return Problem("changed", number)
    try:
        on = dt.date.fromisoformat(said["on"])
        if kind not in KINDS:
            return Problem("unknown", number, str(kind))
        code = said.get("code", "")
        for key in _OF_THE_LINE:
            said.pop(key, None)
        if not isinstance(code, str) or not said.keys() >= REQUIRED[kind]:
            raise ValueError
    except (ValueError, KeyError, TypeError):
        return Problem("broken", number)
    return Line(id, tuple(after), Entry(kind, on, code, said), number)


def encode(entry: Entry, after: Iterable[str]) -> tuple[str, str]:
    """(id, text of the line with its end) of an entry that follows ``after``."""
    said: dict[str, Any] = {"after": sorted(after), "kind": entry.kind, "on": entry.on.isoformat()}
    if entry.code:
        said["code"] = entry.code
    said.update({k: v for k, v in sorted(entry.data.items()) if v is not None})
    body = json.dumps(said, ensure_ascii=False, separators=(",", ":"))[1:]
    id = hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()[:_ID]
    return id, f'{_HEAD}{id}",{body}\n'


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Only one run at a time may write the ledger of ``folder``. Raises :class:`Busy`. A run that died holds nothing."""
    path = folder / f".{FILE}.lock"
    lock = FileLock(str(path))
    try:
        lock.acquire(timeout=_WAIT)
    except Timeout:
        raise Busy(folder / FILE) from None
    try:
        yield
    finally:
        lock.release()


def append(folder: Path, entries: Sequence[Entry], expected: tuple[str, ...] | None = None) -> tuple[str, ...]:
    """Add entries to the ledger of a unit's folder in one write, and return its heads. They are on the disk when this returns.

    ``expected`` are the heads that the entries were decided on: when another run has written since, :class:`Moved` is raised and nothing
    is written. Raises :class:`Busy`, :class:`Damaged`, ``OSError``.
    """
    with locked(folder):
        path = folder / FILE
        known = read(path)
        if serious := [p for p in known.problems if p.kind != "torn"]:
            raise Damaged(path, serious)
        heads = heads_of(known.lines)
        if expected is not None and heads != tuple(sorted(expected)):
            raise Moved(path)
        texts = []
        after: tuple[str, ...] = heads
        for entry in entries:
            id, text = encode(entry, after)
            after = (id,)
            texts.append(text)
        _write(path, "".join(texts).encode("utf-8", "surrogatepass"), known)
        return after


class Moved(Exception):
    """Another run has added lines since this one read the ledger."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self.path = path


def _write(path: Path, data: bytes, known: Opened) -> None:
    if known.torn.strip():
        # What a cut left is no line, but nobody's to throw away.
        aside = path.with_name(f"{FILE}.torn")
        with aside.open("ab") as stream:
            stream.write(known.torn + b"\n")
            _sync(stream.fileno())
    new = not path.exists()
    with path.open("r+b" if not new else "xb") as stream:
        stream.truncate(known.whole)
        stream.seek(known.whole)
        stream.write(data)
        stream.flush()
        _sync(stream.fileno())
    if new:
        _sync_folder(path.parent)


def _sync(descriptor: int) -> None:
    os.fsync(descriptor)


def _sync_folder(folder: Path) -> None:
    if os.name == "posix":  # elsewhere a folder cannot be opened, and need not be
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def merge(folder: Path, other: Path | None, on: dt.date) -> tuple[int, tuple[str, ...]]:
    """Join branches: lines of ``other`` (a ledger's file) and those of a file that holds two branches, by a line that names all heads.

    The marks that version control leaves in a file with a conflict are taken out. Returns (lines that came from ``other``, heads that were joined): one head
    means that there was nothing to join. Raises :class:`Busy`, :class:`Damaged` when a line of either was changed, ``OSError``.
    """
    with locked(folder):
        path = folder / FILE
        mine, theirs = read(path), read(other) if other is not None else Opened((), (), 0)
        for place, opened in ((path, mine), (other or path, theirs)):
            if serious := [p for p in opened.problems if p.kind not in ("torn", "conflict")]:
                # A line whose predecessor is in the other file is what is being mended.
                ids = {line.id for line in (*mine.lines, *theirs.lines)}
                if serious := [p for p in serious if p.kind != "orphan" or p.detail not in ids]:
                    raise Damaged(place, serious)
        known = {line.id for line in mine.lines}
        new = [line for line in theirs.lines if line.id not in known]
        lines = [*mine.lines, *new]
        heads = heads_of(lines)
        texts = [encode(line.entry, line.after)[1] for line in lines]
        if len(heads) > 1:
            texts.append(encode(Entry("merged", on), heads)[1])
        if len(heads) > 1 or new or mine.problems:
            data = "".join(texts).encode("utf-8", "surrogatepass")
            temporary = path.with_name(f".{FILE}.new")
            with temporary.open("wb") as stream:
                stream.write(data)
                stream.flush()
                _sync(stream.fileno())
            if mine.torn.strip():
                with path.with_name(f"{FILE}.torn").open("ab") as stream:
                    stream.write(mine.torn + b"\n")
            temporary.replace(path)
            _sync_folder(folder)
        if other is not None and (other.parent / OBJECTS).is_dir() and other.parent.resolve() != folder.resolve():
            _copy_objects(other.parent / OBJECTS, folder / OBJECTS)
        return len(new), heads


def _copy_objects(source: Path, target: Path) -> None:
    for path in sorted(source.glob("*.json.gz")):
        if not (target / path.name).exists():
            target.mkdir(exist_ok=True)
            temporary = target / f".{path.name}"
            temporary.write_bytes(path.read_bytes())
            temporary.replace(target / path.name)


def keep(folder: Path, form: Form) -> str:
    """Keep a released content beside the ledger and return its name. The same content is kept once."""
    data = json.dumps(form.as_json(), ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode("utf-8", "surrogatepass")
    name = hashlib.sha256(data).hexdigest()[:_ID]
    place = folder / OBJECTS / f"{name}.json.gz"
    if not place.exists():
        place.parent.mkdir(exist_ok=True)
        temporary = place.with_name(f".{place.name}.{os.getpid()}")
        with temporary.open("wb") as stream:
            stream.write(gzip.compress(data, 9, mtime=0))
            stream.flush()
            _sync(stream.fileno())
        temporary.replace(place)
    return name


def kept(folder: Path, name: str) -> Form | None:
    """A content that was kept; ``None`` when it is no longer there. Raises ``ValueError`` when it is not what was kept under this name."""
    if not re.fullmatch(r"[0-9a-f]{32}", name):
        return None
    try:
        with gzip.open(folder / OBJECTS / f"{name}.json.gz") as stream:
            data = stream.read(_LARGEST + 1)
    except FileNotFoundError:
        return None
    except (OSError, EOFError) as error:
        raise ValueError(N_("it cannot be unpacked")) from error
    if len(data) > _LARGEST or hashlib.sha256(data).hexdigest()[:_ID] != name:
        raise ValueError(N_("it was changed since it was kept"))
    return Form.from_json(json.loads(data))


def forget(folder: Path, name: str) -> None:
    """Remove a content whose time of retention is over."""
    if re.fullmatch(r"[0-9a-f]{32}", name):
        (folder / OBJECTS / f"{name}.json.gz").unlink(missing_ok=True)
