"""What this computer remembers of a target: the manifest it wrote last, and what a run that was cut had sent already.

It lies outside the region and may be deleted: then more is read back, nothing more.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import socket
import uuid
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from sitegen.model.publishing import Target

from .manifest import NOTHING, Manifest, understood
from .problems import Busy, Problem


class Memory:
    """The notes about one target."""

    def __init__(self, base: Path, target: Target) -> None:
        address = f"{target.to}\0{target.endpoint or ''}\0{target.host}"
        self.folder = base / "publish" / hashlib.sha256(address.encode()).hexdigest()[:16]
        self._manifest, self._journal = self.folder / "manifest.json.gz", self.folder / "journal"
        self.digests = self.folder / "files.json"
        self._machine = base / "publish" / "machine"

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Raises :class:`Busy` while another process of this computer publishes to the target. One that died holds nothing."""
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(str(self.folder / "lock"), timeout=0, thread_local=False):
                yield
        except Timeout as error:
            raise Busy from error

    @property
    def machine(self) -> str:
        """A random name of this computer, so that it knows its own dead runs, and its host's, since offices copy whole disks from one to the next."""
        return f"{self._random}@{socket.gethostname()}"

    @property
    def _random(self) -> str:
        with contextlib.suppress(OSError):
            if known := self._machine.read_text(encoding="ascii"):  # a cut may have left it empty
                return known
        name = uuid.uuid4().hex
        with contextlib.suppress(OSError):
            self._machine.parent.mkdir(parents=True, exist_ok=True)
            self._machine.write_text(name, encoding="ascii")
        return name

    @property
    def manifest(self) -> Manifest:
        """The manifest that we wrote last, as we wrote it; an empty one where that is not known."""
        try:
            return understood(self._manifest.read_bytes())
        except (OSError, Problem):
            return NOTHING

    def remember(self, data: bytes) -> None:
        """A run is complete: this is the manifest now, and the journal is over."""
        self.folder.mkdir(parents=True, exist_ok=True)
        temporary = self._manifest.with_name(f"manifest.{os.getpid()}")
        temporary.write_bytes(data)
        temporary.replace(self._manifest)
        self._journal.unlink(missing_ok=True)

    def sent(self, run: str) -> dict[str, str]:
        """What the run that was cut had sent, by path: the digest; "" for what it deleted."""
        found: dict[str, str] = {}
        with contextlib.suppress(OSError):
            lines = self._journal.read_text(encoding="utf-8").splitlines()
            if not run or not lines or lines[0] != run:
                return {}
            for line in lines[1:]:
                with contextlib.suppress(ValueError, TypeError):  # the last line may be torn
                    path, digest = json.loads(line)
                    found[path] = digest
        return found

    def begin(self, run: str) -> None:
        """Begin a run's journal, or go on with it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(OSError), self._journal.open(encoding="utf-8") as file:
            if file.readline().rstrip("\n") == run:
                return
        self._journal.write_text(f"{run}\n", encoding="utf-8")

    def note(self, path: str, digest: str) -> None:
        """A file arrived (or, with "", was deleted)."""
        with self._journal.open("a", encoding="utf-8") as file:
            file.write(json.dumps([path, digest], ensure_ascii=False) + "\n")
