"""Shared by the loaders: reading YAML and front matter into models, and paths that must stay inside the region."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from sitegen.model.finding import Finding, finding

from .textfile import Unreadable, read_text
from .validate import validate
from .yamlfile import YamlFile, YamlProblem, parse

YAML_LIMIT = 4_000_000
TEXT_LIMIT = 4_000_000

M = TypeVar("M", bound=BaseModel)


def digest(*parts: bytes | str) -> str:
    """A hex digest of several parts, each kept apart from the next."""
    h = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        h.update(len(data).to_bytes(8, "big"))
        h.update(data)
    return h.hexdigest()[:32]


def relative(path: Path, root: Path) -> str:
    """The path as findings show it: relative to the region, with forward slashes."""
    name, base = os.fspath(path), os.fspath(root)
    if os.sep == "/" and name.startswith(base + "/") and "/../" not in name:
        return name[len(base) + 1 :]
    return Path(os.path.relpath(path, root)).as_posix()


def load_yaml(model: type[M], path: Path, root: Path, findings: list[Finding]) -> tuple[M, YamlFile, bytes] | None:
    """One YAML file → model, with its positions and bytes; ``None`` when it had errors, which are appended."""
    name = relative(path, root)
    try:
        file = read_text(path, YAML_LIMIT)
        yaml = parse(file.text)
    except Unreadable as error:
        findings.append(finding(error.code, name, 1, 1, problem=error.problem))
        return None
    except YamlProblem as error:
        findings.append(finding(error.code, name, error.line, error.column, **error.args_))
        return None
    made = validate(model, yaml, name, findings)
    return None if made is None else (made, yaml, file.raw)


def split_front(text: str) -> tuple[str, str, int] | None:
    """Front matter, body, and the body's first line; ``None`` when the text does not begin with a head."""
    if not text.startswith("---\n"):
        return None
    end = text.find("\n---", 3)
    while end != -1 and text[end + 4 : end + 5] not in ("\n", ""):
        end = text.find("\n---", end + 1)
    if end == -1:
        return None
    return text[4 : end + 1], text[end + 5 :], text.count("\n", 0, end + 5) + 1


def load_front(
    model: type[M] | Callable[[object], type[M]], path: Path, root: Path, findings: list[Finding], unit: str
) -> tuple[M | None, YamlFile, str, int, bytes] | None:
    """A Markdown file with a head → (model or ``None``, positions, body, body's first line, bytes).

    ``model`` may be a function that chooses the model by what the head says.
    """
    name = relative(path, root)
    try:
        file = read_text(path, TEXT_LIMIT)
    except Unreadable as error:
        findings.append(finding(error.code, name, 1, 1, problem=error.problem, unit=unit))
        return None
    parts = split_front(file.text)
    if parts is None:
        findings.append(finding("SG108", name, 1, 1, unit=unit))
        return None
    head, body, body_line = parts
    try:
        yaml = parse(head, first_line=2)
    except YamlProblem as error:
        findings.append(finding(error.code, name, error.line, error.column, unit=unit, **error.args_))
        return None
    chosen = model if isinstance(model, type) else model(yaml.data)
    return validate(chosen, yaml, name, findings, unit=unit), yaml, body, body_line, file.raw


def inside(base: Path, written: str, root: Path) -> Path | None:
    """The file that ``written`` names from ``base``, or ``None`` when it would leave the region (links resolved)."""
    if "\\" in written or "\0" in written or Path(written).is_absolute():
        return None
    target = base / written
    if "/" not in written and written not in ("", ".", "..") and not target.is_symlink():
        real = Path(_real(base), written)  # a plain file beside this one: its folder is looked at once
    else:
        real = Path(os.path.realpath(target))
    return real if real.is_relative_to(_real(root)) else None


@lru_cache(maxsize=256)
def _real(folder: Path) -> str:
    return os.path.realpath(folder)


def look_again() -> None:
    """Forget where folders really are: they may have been moved since the last run of a long process."""
    _real.cache_clear()
