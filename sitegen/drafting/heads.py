"""Writing the head of a file (front matter), and changing single keys of one that a person wrote."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from sitegen.load.yamlfile import YamlProblem, parse

Value = str | int | dt.date | Decimal | Mapping[str, "Value"] | Sequence["Value"]
_BARE = re.compile(r"[A-Za-z0-9\u4e00-\u9fff][\w\u4e00-\u9fff《》（）、，。：；·—./-]*", re.ASCII)


def written(value: Value) -> str:
    """A value as YAML writes it on one line; bare where it reads back as the same text."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{k}: {written(v)}" for k, v in value.items()) + "}"
    if isinstance(value, str):
        return value if _BARE.fullmatch(value) and _reads_as(value) else json.dumps(value, ensure_ascii=False)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Sequence):
        return "[" + ", ".join(written(v) for v in value) + "]"
    return str(value)


def _reads_as(text: str) -> bool:
    try:
        read = parse(f"[{text}]").data
    except YamlProblem:
        return False
    # A bare 2026 or 2026-05-06 is read as a figure or a date; the models take both where a text is meant.
    return isinstance(read, list) and len(read) == 1 and str(read[0]) == text


def head(keys: Mapping[str, Value | None]) -> str:
    """The lines between the ``---``; keys without a value are left out."""
    return "".join(f"{key}: {written(value)}\n" for key, value in keys.items() if value not in (None, "", (), []))


def with_keys(text: str, changed: Mapping[str, Value | None], body: str | None = None) -> str:
    """A record's text with some keys of its head written anew, taken out (``None``) or added; whatever else stands there stays as it is, comments too.

    ``text`` has line ends of one kind. Raises ``ValueError`` when it does not begin with a head.
    """
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        raise ValueError("the file does not begin with a head")
    try:
        close = next(n for n, line in enumerate(lines[1:], 1) if line.rstrip() == "---")
    except StopIteration:
        raise ValueError("the file does not begin with a head") from None
    top, rest = lines[1:close], lines[close:]
    for key, value in changed.items():
        first = next((n for n, line in enumerate(top) if re.match(rf"{re.escape(key)}\s*:", line)), None)
        said = [] if value in (None, "", (), []) else [f"{key}: {written(value)}"]
        if first is None:
            top += said
            continue
        last = first + 1
        while last < len(top) and top[last][:1] in (" ", "\t", "-"):
            last += 1
        top[first:last] = said
    if body is not None:
        rest = [rest[0], *body.strip("\n").split("\n"), ""]
    return "\n".join(["---", *top, *rest])


def plain_text(raw: bytes) -> str:
    """A file's text with line ends of one kind."""
    return raw.decode("utf-8-sig").replace("\r\n", "\n")


def as_before(raw: bytes, text: str) -> bytes:
    """A text in bytes, with the mark and the line ends that the file had."""
    if b"\r\n" in raw:
        text = text.replace("\n", "\r\n")
    return (b"\xef\xbb\xbf" if raw.startswith(b"\xef\xbb\xbf") else b"") + text.encode()
