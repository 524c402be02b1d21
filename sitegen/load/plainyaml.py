"""A short cut for the YAML that nearly all heads consist of: keys with plain values, a line each, and small lists and maps in a line.

What it understands it understands exactly as the full parser does, at a tenth of the cost; at anything else it gives up.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any

_KEY = re.compile(r"[a-z_]+")
# A plain value begins with a letter, a figure or a character beyond ASCII, and has none that mean something to YAML somewhere.
_FIRST, _NOT = r"[^\x00-/:-@\[-^`{-\x7f]", r":#\"'\\&!|>@`?"
_BLOCK = re.compile(rf"{_FIRST}[^{_NOT}]*(?<! )")
_FLOW = re.compile(rf"{_FIRST}[^{_NOT},\[\]{{}}]*(?<! )")
_QUOTED = re.compile(r"\"[^\"\\]*\"")
_INT = re.compile(r"0|[1-9][0-9]{0,17}")
_DECIMAL = re.compile(r"(?:0|[1-9][0-9]*)\.[0-9]+")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None}


class _GivenUp(Exception):
    """It takes the full parser."""


def read_plain(text: str) -> tuple[dict[str, Any], dict[str, int]] | None:
    """The values of a head, and the line of every key, counted from 0; ``None`` when the short cut cannot be taken."""
    if not text.endswith("\n") or not text.replace("\n", "").isprintable():
        return None
    try:
        return _read(text[:-1].split("\n"))
    except _GivenUp:
        return None


def _read(lines: list[str]) -> tuple[dict[str, Any], dict[str, int]]:
    values: dict[str, Any] = {}
    places: dict[str, int] = {}
    key, open_ = "", False
    for n, line in enumerate(lines):
        if line.startswith("  - ") and open_:
            values[key] = [*(values[key] or ()), _item(line[4:])]
            continue
        key, colon, rest = line.partition(":")
        open_ = not rest
        if not colon or key in values or not _KEY.fullmatch(key) or (rest and rest[0] != " "):
            raise _GivenUp
        places[key] = n
        value = rest[1:]
        if not rest:
            values[key] = None
        elif _BLOCK.fullmatch(value):
            values[key] = _plain(value)
        elif value[:1] == "[":
            values[key] = _list(value)
        else:
            values[key] = _item(value)
    return values, places


def _item(text: str) -> Any:
    return _map(text[1:-1]) if text[:1] == "{" and text[-1:] == "}" else _scalar(text)


def _list(text: str) -> list[Any]:
    if text[:2] == "[{" and text[-2:] == "}]":
        return [_map(part) for part in text[2:-2].split("}, {")]
    if text[-1:] != "]":
        raise _GivenUp
    return [_scalar(part) for part in text[1:-1].split(", ")]


def _map(inner: str) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for part in inner.split(", "):
        key, colon, value = part.partition(": ")
        if not colon or key in made or not _KEY.fullmatch(key):
            raise _GivenUp
        made[key] = _scalar(value)
    return made


def _scalar(text: str) -> Any:
    if _FLOW.fullmatch(text):
        return _plain(text)
    if _QUOTED.fullmatch(text):
        return text[1:-1]
    raise _GivenUp


def _plain(text: str) -> Any:
    if not "0" <= text[0] <= "9":
        return _WORDS.get(text, text)
    if _DATE.fullmatch(text):
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            return text
    if _INT.fullmatch(text):
        return int(text)
    return Decimal(text) if _DECIMAL.fullmatch(text) else text
