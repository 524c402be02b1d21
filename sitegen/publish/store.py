"""What a target must be able to do, whatever its protocol. Paths are relative to the target's folder, with slashes."""

from __future__ import annotations

import mimetypes
from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from sitegen.model.publishing import Target

from .problems import NoFile
from .secrets import Secret
from .throttle import Throttle

OURS = "_sitegen"
"""The folder on the target that holds manifest, locks and what is on its way. No dot: some servers hide or refuse those."""
CHUNK = 64 * 1024


class Stat(Struct, frozen=True):
    """A file on the target."""

    path: str
    size: int
    md5: str | None = None
    """Where the protocol tells it."""


class Store(ABC):
    """A target's files. One store serves several threads; each call is one attempt and raises a :class:`~sitegen.publish.problems.Problem`."""

    @abstractmethod
    def read(self, path: str) -> bytes | None:
        """A file's content, or ``None`` where there is none."""

    def exists(self, path: str) -> bool:
        """Whether there is such a file; cheaper than reading it, where the protocol can."""
        return self.read(path) is not None

    @abstractmethod
    def write(self, path: str, data: bytes) -> None:
        """Write a small file, at once if the protocol can."""

    @abstractmethod
    def send(self, path: str, data: bytes, md5: str) -> None:
        """Send a file's content: under another name first, then renamed over what is there, where the host can. Checks that it arrived."""

    @abstractmethod
    def delete(self, path: str) -> None:
        """Delete a file; one that is gone already is no problem. Folders left empty go with it."""

    @abstractmethod
    def files(self, folder: str = "") -> Iterator[Stat]:
        """All files below a folder; none where it does not exist."""

    def clean(self) -> None:  # noqa: B027
        """Remove what an earlier run that was cut left under another name."""

    def close(self) -> None:  # noqa: B027
        """Give up all connections."""


def open_store(target: Target, secret: Secret, throttle: Throttle, root: Path) -> Store:
    """The store of a target. ``root`` is what files and folders of publish.yml are relative to. Raises :class:`Problem`."""
    target = target.model_copy(update={key: _file(key, name, root) for key in ("ca", "key_file") if (name := getattr(target, key))})
    match target.kind:
        case "dir":
            from .local import LocalStore

            return LocalStore((root / target.folder).resolve(), throttle)
        case "ftp" | "ftps":
            from .ftp import FtpStore

            return FtpStore(target, secret, throttle)
        case "sftp":
            from .sftp import SftpStore

            return SftpStore(target, secret, throttle)
        case "s3":
            from .s3 import S3Bucket

            return S3Bucket(target, secret, throttle)
        case "dav":
            from .dav import DavStore

            return DavStore(target, secret, throttle)


def _file(key: str, name: str, root: Path) -> str:
    place = root / Path(name).expanduser()
    if not place.is_file():
        raise NoFile(key=key, file=place)
    return str(place)


_TYPES = mimetypes.MimeTypes(())
"""Not the system's, which on Windows any program may have changed."""
for _type, _ending in (
    ("application/manifest+json", ".webmanifest"),
    ("font/woff2", ".woff2"),
    ("image/webp", ".webp"),
    ("text/calendar", ".ics"),
):
    _TYPES.add_type(_type, _ending)


def media_of(path: str) -> str:
    """The content type that a file is served as."""
    page = "." not in path.rpartition("/")[2]  # a code's page under its bare name
    kind = "text/html" if page else _TYPES.guess_type(path)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") or kind in ("application/json", "application/xml") else kind


def cache_of(path: str) -> str:
    """How long browsers may keep a file: codes and lists are asked for anew, assets are kept for a day, pieces of the search for good."""
    if "search-index/" in path and not path.endswith("search-index/index.bin"):
        return "public, max-age=31536000, immutable"  # their folders are named after what they say
    if path.startswith("assets/") or "/assets/" in path:
        return "public, max-age=86400"
    return "no-cache"
