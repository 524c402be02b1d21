"""A tree of files kept flat: numbered files in one folder, and an index of their paths.

A site has one folder per page. Kept as it will be served, the store would pay for every one of them a second time.
"""

from __future__ import annotations

import hashlib
import os
import posixpath
import shutil
from pathlib import Path

INDEX = "index"


class Flat:
    """Files being written into ``folder``, which must not exist. Nothing can be read before :meth:`close`."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self.folder = str(folder)
        self.paths: list[str] = []
        self.digests: dict[str, str] = {}
        """Of files that were written here rather than placed, by path: see :func:`digest_of_file`."""

    def place(self, path: str) -> str:
        """Where to write the file that will be served as ``path`` (forward slashes, no leading one).

        Raises ``ValueError`` when the path leads out of the tree.
        """
        path = posixpath.normpath(path)
        if path.startswith(".."):
            raise ValueError(f"{path} leads out of the tree")
        self.paths.append(path)
        return f"{self.folder}/{len(self.paths) - 1}"

    def write(self, path: str, content: str | bytes) -> None:
        """Write a file; text as UTF-8."""
        data = content.encode() if isinstance(content, str) else content
        put(self.place(path), data)
        self.digests[self.paths[-1]] = _digest(data)

    def link(self, path: str, source: str | Path) -> None:
        """A file that is there already, by a hard link: it takes no room."""
        place = self.place(path)
        try:
            os.link(source, place)
        except OSError:  # a file system without hard links, or with too many of one file
            shutil.copyfile(source, place)

    def close(self) -> None:
        """Write the index."""
        with open(f"{self.folder}/{INDEX}", "w", encoding="utf-8", newline="\n") as stream:
            stream.write("\n".join(self.paths))


def put(path: str, data: bytes) -> None:
    """Write a file that is not there yet. Tens of thousands are written in a build, and a stream costs more than the file."""
    handle = os.open(path, _NEW, 0o666)
    try:
        left = memoryview(data)
        while left:
            left = left[os.write(handle, left) :]
    finally:
        os.close(handle)


_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


def digest_of_file(path: str) -> str:
    """The digest of what a file says; "" where there is none."""
    try:
        with open(path, "rb") as stream:
            return _digest(stream.read())
    except OSError:
        return ""


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=8).hexdigest()


def paths(folder: Path) -> list[str]:
    """The paths of a flat tree; the n-th is the file named n. Raises ``OSError`` when there is no such tree."""
    text = (folder / INDEX).read_text(encoding="utf-8")
    return text.split("\n") if text else []


def unfold(folder: Path, target: Path) -> None:
    """Write a flat tree as it is served."""
    for n, path in enumerate(paths(folder)):
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(os.path.join(folder, str(n)), target / path)
