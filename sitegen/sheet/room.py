"""The sheets of one unit, as files: set only where something changed, bound together, and tidied up after.

Beside the PDFs lies ``.sheets.json``: what each was made of, and what was made. A sheet is set again when its content, its pictures, the templates or
the way of setting changed. Only files that are listed there, and still are as they were made, are ever removed.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from msgspec import Struct, field
from msgspec.structs import asdict

from sitegen.model.views import UnitView
from sitegen.resources import resource
from sitegen.sheet.bind import bound, two_up
from sitegen.sheet.extras import Extra, pieces, set_piece
from sitegen.sheet.papers import Format
from sitegen.sheet.spec import SheetSpec, sheet_spec
from sitegen.sheet.typeset import MARK, Sheet, render

BOUND = "all.pdf"
TWO_UP = "all-2up.pdf"
GUIDES = "guides.pdf"
LIST = ".sheets.json"
_UNDER_WAY = ".sheets.new"
"""Lines of what a run is writing; it outlives only a run that was cut."""
_VERSION = 1
_UNSAFE = re.compile(r"[^\w.-]+")
_OWN = (BOUND, TWO_UP, GUIDES, "handbook.pdf", "catalogue.pdf", "poster.pdf")


class Made(Struct, frozen=True):
    """A sheet that lies ready to be hung."""

    unit: str
    """Code of the unit."""
    record: str
    code: str
    """The permanent code, without revision; "" for an internal sheet."""
    rev: int
    title: str
    paper: str
    layout: str
    landscape: bool
    pages: int
    scale: float
    """Its smallest type against the usual: below 1 it was set smaller to fit."""
    lacking: tuple[str, ...]
    """Characters that no font has: 〓 stands in their place."""
    small: bool
    """Its table is smaller than can be read from half a metre on this paper."""
    file: str
    """The record's file, relative to the region."""
    path: Path
    fresh: bool
    """It was set in this run."""


class Job(Struct, frozen=True):
    """What to make of a unit's records."""

    form: Format = field(default_factory=Format)
    only: frozenset[str] = frozenset()
    """Ids of the records wanted; empty for all."""
    n_up: bool = False
    extra: Extra | None = None
    """Not the records' sheets but the unit's poster, catalogue, cards of services or handbook."""


def print_unit(view: UnitView, job: Job, folder: Path, root: Path) -> list[Made]:
    """Write ``folder/<record>.pdf`` for every record on a board, and ``all.pdf`` with all of them, bookmarked.

    With ``only`` the others' files and ``all.pdf`` stay as they are. Without it, PDF files that we made of records which are no longer printed
    are removed, lest an old sheet be hung.
    """
    if job.extra is not None:
        return _print_extra(view, job.extra, job.form, folder, root)
    specs = [(r, s) for r in view.records if not job.only or r.id in job.only if (s := sheet_spec(view, r))]
    known = _read(folder)
    # What was made besides the records' sheets stays.
    kept: dict[str, dict[str, Any]] = {name: e for name, e in known.items() if job.only or "extra" in e}
    besides = len(kept)
    made: list[Made] = []
    pdfs: list[tuple[str, bytes]] = []
    for record, spec in specs:
        name = file_name(spec.record)
        digest = digest_of(spec, job.form)
        pdf = _unchanged(folder, name, known.get(name), digest)
        if pdf is None:
            sheet = render(spec, job.form, root)
            pdf = sheet.pdf
            _lay(folder, name, pdf)
            entry, fresh = _entry(sheet, digest), True
        else:
            entry, fresh = known[name], False
        kept[name] = entry
        pdfs.append((spec.title, pdf))
        made.append(
            Made(
                view.unit.code, record.id, "" if record.internal else record.code, record.rev, record.title, job.form.paper, entry["layout"], entry["landscape"],
                entry["pages"], entry["scale"], tuple(entry["lacking"]), entry["small"], record.file, folder / name, fresh,
            )
        )  # fmt: skip
    if not job.only:
        _bind(view, job, folder, known, kept, pdfs, list(kept)[besides:])
        _tidy(folder, known, kept)
    if kept or known:
        _note(folder, kept)
    return made


def _bind(
    view: UnitView,
    job: Job,
    folder: Path,
    known: Mapping[str, Any],
    kept: dict[str, dict[str, Any]],
    pdfs: list[tuple[str, bytes]],
    names: list[str],
) -> None:
    wanted = ([BOUND] if pdfs else []) + ([TWO_UP] if pdfs and job.n_up else [])
    whole = _hash(repr([(title, kept[name]["made"]) for (title, _), name in zip(pdfs, names, strict=True)]), _program())
    for name in wanted:
        if (entry := known.get(name)) is not None and _unchanged(folder, name, entry, whole) is not None:
            kept[name] = entry
            continue
        title = f"{view.unit.name}公示单"
        pdf = bound(pdfs, title) if name == BOUND else two_up([pdf for _, pdf in pdfs], title)
        _lay(folder, name, pdf)
        kept[name] = {"of": whole, "made": _hash(pdf)}


def _print_extra(view: UnitView, extra: Extra, form: Format, folder: Path, root: Path) -> list[Made]:
    """Write the files of one kind, and remove those of the same kind that are not made any more."""
    known = _read(folder)
    kept = {name: e for name, e in known.items() if e.get("extra") != extra}
    made: list[Made] = []
    pdfs: list[tuple[str, bytes]] = []
    for piece in pieces(view, extra, form):
        digest = _hash(repr((piece, form)), _program())
        pdf = _unchanged(folder, piece.name, known.get(piece.name), digest)
        fresh = pdf is None
        if pdf is None:
            pdf, pages, lacking = set_piece(piece, form, root)
            _lay(folder, piece.name, pdf, extra)
            entry: dict[str, Any] = {"of": digest, "made": _hash(pdf), "extra": extra, "pages": pages, "lacking": list(lacking)}
        else:
            entry = known[piece.name]
        kept[piece.name] = entry
        pdfs.append((piece.title, pdf))
        made.append(
            Made(
                view.unit.code, "", "", 0, piece.title, form.paper, extra, False, entry["pages"], 1.0, tuple(entry["lacking"]), False, piece.file,
                folder / piece.name, fresh,
            )
        )  # fmt: skip
    if extra == "guides" and pdfs:
        whole = _hash(repr([(title, _hash(pdf)) for title, pdf in pdfs]), _program())
        entry = known.get(GUIDES, {})
        if _unchanged(folder, GUIDES, entry or None, whole) is None:
            pdf = bound(pdfs, f"{view.unit.name}办事指南")
            _lay(folder, GUIDES, pdf, extra)
            entry = {"of": whole, "made": _hash(pdf), "extra": extra}
        kept[GUIDES] = entry
    _tidy(folder, known, kept)
    if kept or known:
        _note(folder, kept)
    return made


def _tidy(folder: Path, known: Mapping[str, Any], kept: Mapping[str, Any]) -> None:
    for name, entry in known.items():
        path = folder / name
        if name not in kept and Path(name).name == name and path.is_file() and _hash(path.read_bytes()) == entry["made"]:
            path.unlink()


def file_name(record: str) -> str:
    """The file of a record's sheet: its id, without what a file system could take amiss."""
    name = _UNSAFE.sub("_", record).strip(".") or "_"
    return f"{name}_.pdf" if f"{name.lower()}.pdf" in _OWN or name.lower().startswith(("guide-", "poster-")) else f"{name}.pdf"


def digest_of(spec: SheetSpec, form: Format) -> str:
    """Changes whenever the sheet would: with its content, its pictures, the templates and the way of setting."""
    return _hash(repr((spec, form)), _program())


@cache
def _program() -> bytes:
    """Of everything that decides how a given content is set."""
    h = hashlib.sha256(f"{version('typst')} {version('pylopdf-fonts-zh-cn')}".encode())
    here = Path(__file__).parent
    for path in sorted(
        [*here.glob("*.py"), *resource("print").glob("*.typ"), resource(MARK), here.parent / "code.py", here.parent / "pictures.py"]
    ):
        h.update(path.read_bytes())
    return h.digest()


def _hash(*parts: str | bytes) -> str:
    h = hashlib.sha256()
    for part in parts:
        h.update(part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part)
    return h.hexdigest()[:32]


def _entry(sheet: Sheet, digest: str) -> dict[str, Any]:
    told = {k: v for k, v in asdict(sheet).items() if k != "pdf"}
    return {"of": digest, "made": _hash(sheet.pdf), **told}


def _unchanged(folder: Path, name: str, entry: Mapping[str, Any] | None, digest: str) -> bytes | None:
    """The file as it was made of the same, or ``None``."""
    if entry is None or entry["of"] != digest:
        return None
    try:
        data = (folder / name).read_bytes()
    except OSError:
        return None
    return data if _hash(data) == entry["made"] else None


def _read(folder: Path) -> dict[str, dict[str, Any]]:
    known: dict[str, dict[str, Any]] = {}
    try:
        data = json.loads((folder / LIST).read_text(encoding="utf-8"))
        known = dict(data["files"]) if data["version"] == _VERSION else {}
    except (OSError, ValueError, KeyError, TypeError):
        pass
    try:
        lines = (folder / _UNDER_WAY).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return known
    for line in lines:
        try:
            name, made, extra = json.loads(line)
            ours = Path(name).name == name and _hash((folder / name).read_bytes()) == made
        except (OSError, ValueError, TypeError):  # never written, or a torn line
            continue
        if ours:  # what a run that was cut had made; nobody knows any more of what
            known[name] = {"of": "", "made": made, **({"extra": extra} if extra else {})}
    return known


def _note(folder: Path, kept: Mapping[str, Any]) -> None:
    if kept:
        data = {"version": _VERSION, "files": dict(sorted(kept.items()))}
        _write(folder, LIST, json.dumps(data, ensure_ascii=False, indent=1).encode())
    else:
        (folder / LIST).unlink(missing_ok=True)
    (folder / _UNDER_WAY).unlink(missing_ok=True)


def _lay(folder: Path, name: str, data: bytes, extra: str = "") -> None:
    """Write a PDF, having noted that it is ours: a run that is cut must not leave a sheet that nobody dares to remove."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / _UNDER_WAY).open("a", encoding="utf-8") as file:
        file.write("\n" + json.dumps([name, _hash(data), extra]) + "\n")  # the line before it may be torn
    _write(folder, name, data)


def _write(folder: Path, name: str, data: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / f".{name}.{os.getpid()}"
    temporary.write_bytes(data)
    temporary.replace(folder / name)
