"""Reading text files as people really save them: BOM, CRLF, GB18030 from Excel."""

from __future__ import annotations

import os
import re
from pathlib import Path

from msgspec import Struct

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_CONTROL_BYTES = bytes([*range(9), 11, 12, *range(14, 32), 127])
BOM = b"\xef\xbb\xbf"


class Unreadable(Exception):
    """A file that cannot be read as text; carries the code of the finding and what is wrong."""

    def __init__(self, code: str, problem: str = "") -> None:
        super().__init__(problem)
        self.code = code
        self.problem = problem


class TextFile(Struct, frozen=True):
    """A text with its line ends made one kind."""

    text: str
    raw: bytes


def read_bytes(path: Path, limit: int) -> bytes:
    """The bytes of a file of at most ``limit`` bytes. Raises :class:`Unreadable`."""
    try:
        with open(path, "rb", buffering=0) as stream:
            if os.fstat(stream.fileno()).st_size > limit:  # reading a bounded number of bytes would reserve them all
                raise Unreadable("SG107", f"> {limit // 1_000_000} MB")
            data = stream.read()
    except OSError as error:
        raise Unreadable("SG109", error.strerror or "unknown error") from None
    return data


def decode(data: bytes, *, legacy: bool = False) -> str:
    """Text from bytes: UTF-8 with or without BOM, and GB18030 too where ``legacy`` allows it.

    Raises :class:`Unreadable` for anything else. Control characters prove that a guess was wrong.
    """
    text: str | None
    try:
        text = data.removeprefix(BOM).decode()
    except UnicodeDecodeError:
        text = _decode_legacy(data) if legacy else None
        if text is None or _CONTROL.search(text):
            raise Unreadable("SG101") from None
    else:
        # The bytes of other characters are none of these, and they are quicker to look through.
        if len(data.translate(None, _CONTROL_BYTES)) < len(data) or (b"\xef\xbf" in data and _CONTROL.search(text)):
            raise Unreadable("SG101")
    if "\r" not in text:
        return text
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decode_legacy(data: bytes) -> str | None:
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return None
    return None if any("\ue000" <= c <= "\uf8ff" for c in text) else text


def read_text(path: Path, limit: int, *, legacy: bool = False) -> TextFile:
    """Read and decode. Raises :class:`Unreadable`."""
    data = read_bytes(path, limit)
    return TextFile(decode(data, legacy=legacy), data)
