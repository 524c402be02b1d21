"""FTP and FTPS: what cheap hosting in counties and townships speaks. A connection per thread, kept for all its files."""

from __future__ import annotations

import contextlib
import ftplib
import io
import posixpath
import re
import socket
import ssl
import threading
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from sitegen.model.publishing import Target

from .problems import Damaged, Full, NotTrusted, Problem, Refused, Unreachable, WrongPassword
from .secrets import Secret, variable
from .store import CHUNK, OURS, Stat, Store
from .throttle import Throttle

T = TypeVar("T")
_TIMEOUT = 30
_UNIX = re.compile(r"([-dl])\S{9}\S*\s+\d+\s+\S+\s+\S+\s+(\d+)\s+\S+\s+\d+\s+[\d:]+\s(.+)")
_DOS = re.compile(r"\d\d-\d\d-\d{2,4}\s+\d\d:\d\d(?:[AP]M)?\s+(<DIR>|\d+)\s+(.+)", re.IGNORECASE)
_FULL = ("552", "452")


class _Tls(ftplib.FTP_TLS):
    """FTPS whose data connections continue the session of the control connection, as careful servers demand."""

    implicit = False

    def connect(self, *args: Any, **more: Any) -> str:
        if not self.implicit:
            return super().connect(*args, **more)
        host, port = args[0], args[1]
        plain = socket.create_connection((host, port), more.get("timeout", _TIMEOUT))
        self.host, self.port, self.timeout, self.af = host, port, more.get("timeout", _TIMEOUT), plain.family
        self.sock = self.context.wrap_socket(plain, server_hostname=host)
        self.file = self.sock.makefile("r", encoding=self.encoding)
        self.welcome = self.getresp()
        return self.welcome

    def ntransfercmd(self, cmd: str, rest: Any = None) -> tuple[socket.socket, int | None]:
        connection, size = ftplib.FTP.ntransfercmd(self, cmd, rest)
        session = self.sock.session if isinstance(self.sock, ssl.SSLSocket) else None
        return self.context.wrap_socket(connection, server_hostname=self.host, session=session), size


class FtpStore(Store):
    """The folder of an FTP account."""

    def __init__(self, target: Target, secret: Secret, throttle: Throttle) -> None:
        self.target, self.secret, self.throttle = target, secret, throttle
        self._of_thread = threading.local()
        self._all: list[ftplib.FTP] = []
        self._folders: set[str] = set()
        """Folders known to exist."""
        self._guard = threading.Lock()

    # ---- what a store does ----

    def read(self, path: str) -> bytes | None:
        made = io.BytesIO()

        def run(ftp: ftplib.FTP) -> bytes | None:
            made.seek(0)
            made.truncate()
            try:
                ftp.retrbinary(f"RETR {self._at(path)}", made.write)
            except ftplib.error_perm as error:
                if str(error)[:3] == "550":
                    return None
                raise
            return made.getvalue()

        return self._do(path, run)

    def exists(self, path: str) -> bool:
        def run(ftp: ftplib.FTP) -> bool:
            try:
                ftp.voidcmd("TYPE I")  # sizes are told for binary transfers only
                return ftp.size(self._at(path)) is not None
            except ftplib.error_perm as error:
                if str(error)[:3] == "550":
                    return False
            return self.read(path) is not None  # a server without SIZE

        return self._do(path, run)

    def write(self, path: str, data: bytes) -> None:
        self._do(path, lambda ftp: self._store(ftp, path, io.BytesIO(data), len(data)))

    def send(self, path: str, file: Path, md5: str) -> None:
        def run(ftp: ftplib.FTP) -> None:
            with file.open("rb") as source:
                self._store(ftp, path, source, file.stat().st_size)

        self._do(path, run)

    def delete(self, path: str) -> None:
        def run(ftp: ftplib.FTP) -> None:
            try:
                ftp.delete(self._at(path))
            except ftplib.error_perm as error:
                if str(error)[:3] != "550" or self._size(ftp, path) is not None:
                    raise
            folder = posixpath.dirname(path)
            while folder:
                try:
                    ftp.rmd(self._at(folder))
                except ftplib.Error:
                    break  # not empty
                with self._guard:
                    self._folders.discard(folder)
                folder = posixpath.dirname(folder)

        self._do(path, run)

    def files(self, folder: str = "") -> Iterator[Stat]:
        waiting = [folder]
        while waiting:
            here = waiting.pop()
            for name, size in self._do(here or "/", lambda ftp, here=here: self._entries(ftp, here)):  # type: ignore[misc]
                path = f"{here}/{name}" if here else name
                if size is None:
                    waiting.append(path)
                else:
                    yield Stat(path, size)

    def clean(self) -> None:
        for stat in list(self.files(f"{OURS}/tmp")):
            self.delete(stat.path)

    def close(self) -> None:
        for ftp in self._all:
            with contextlib.suppress(*ftplib.all_errors):
                ftp.quit()
            ftp.close()
        self._all.clear()

    # ---- how ----

    def _at(self, path: str) -> str:
        return posixpath.join(self.target.folder, path)

    def _store(self, ftp: ftplib.FTP, path: str, source: Any, size: int) -> None:
        temporary = f"{OURS}/tmp/{uuid.uuid4().hex}"
        self._make(ftp, posixpath.dirname(temporary))
        ftp.storbinary(f"STOR {self._at(temporary)}", source, CHUNK, callback=lambda chunk: self.throttle.take(len(chunk)))
        arrived = self._size(ftp, temporary)
        if arrived is not None and arrived != size:
            with contextlib.suppress(ftplib.Error):
                ftp.delete(self._at(temporary))
            raise Damaged(host=self.target.server, path=path, what=f"{arrived} ≠ {size}")
        self._make(ftp, posixpath.dirname(path))
        try:
            ftp.rename(self._at(temporary), self._at(path))
        except ftplib.error_perm:
            # Some servers do not rename over a file that is there.
            with contextlib.suppress(ftplib.error_perm):
                ftp.delete(self._at(path))
            ftp.rename(self._at(temporary), self._at(path))

    def _size(self, ftp: ftplib.FTP, path: str) -> int | None:
        try:
            return ftp.size(self._at(path))
        except ftplib.error_perm:
            return None

    def _make(self, ftp: ftplib.FTP, folder: str) -> None:
        """Make a folder and those above it, the target's own included."""
        if folder in self._folders:
            return
        steps = [self._at(folder)]
        if folder:
            self._make(ftp, posixpath.dirname(folder))
        else:
            parts = self.target.folder.split("/")
            steps = ["/".join(parts[:n]) for n in range(1, len(parts) + 1)]
        # Where it cannot be made because it is there, all is well; otherwise the file that goes into it will tell.
        for step in filter(None, steps):
            with contextlib.suppress(ftplib.error_perm):
                ftp.mkd(step)
        with self._guard:
            self._folders.add(folder)

    def _entries(self, ftp: ftplib.FTP, folder: str) -> list[tuple[str, int | None]]:
        """Names in a folder with their sizes; ``None`` for a folder."""
        try:
            found = list(ftp.mlsd(self._at(folder), ["type", "size"]))
        except ftplib.error_perm as error:
            if str(error)[:3] not in ("500", "501", "502", "504"):
                return []
        else:
            return [
                (name, None if facts["type"] == "dir" else int(facts.get("size", 0)))
                for name, facts in found
                if facts.get("type") in ("dir", "file")
            ]
        lines: list[str] = []
        try:
            ftp.dir(self._at(folder), lines.append)
        except ftplib.error_perm:
            return []
        return [entry for line in lines if (entry := listed(line))]

    def _connection(self) -> ftplib.FTP:
        ftp: ftplib.FTP | None = getattr(self._of_thread, "ftp", None)
        if ftp is not None:
            return ftp
        target = self.target
        if target.kind == "ftps":
            context = ssl.create_default_context(cafile=target.ca)
            # A session that is continued on the data connection must be one that both sides still have.
            context.maximum_version = ssl.TLSVersion.TLSv1_2
            made: ftplib.FTP = _Tls(context=context, timeout=_TIMEOUT, encoding=target.encoding)
            assert isinstance(made, _Tls)
            made.implicit = target.implicit
        else:
            made = ftplib.FTP(timeout=_TIMEOUT, encoding=target.encoding)
        made.connect(target.server, target.port or (990 if target.implicit else 21), timeout=_TIMEOUT)
        try:
            made.login(self.secret.user or "anonymous", self.secret.password)
        except ftplib.error_perm as error:
            made.close()
            if str(error)[:3] in ("530", "430", "331", "332"):
                raise WrongPassword(host=target.server, user=self.secret.user or "anonymous", variable=variable(target)) from error
            raise
        if isinstance(made, _Tls):
            made.prot_p()
        made.set_pasv(target.passive)
        with self._guard:
            self._all.append(made)
        self._of_thread.ftp = made
        return made

    def _do(self, path: str, run: Callable[[ftplib.FTP], T]) -> T:
        try:
            return run(self._connection())
        except Problem:
            raise
        except ssl.SSLCertVerificationError as error:
            self._drop()
            raise NotTrusted(host=self.target.server, what=error.verify_message) from error
        except ftplib.error_perm as error:
            kind = Full if str(error)[:3] in _FULL else Refused
            raise kind(host=self.target.server, path=path, what=str(error)) from error
        except ftplib.error_temp as error:
            self._drop()
            if str(error)[:3] in _FULL:
                raise Full(host=self.target.server, path=path, what=str(error)) from error
            raise Unreachable(host=self.target.server, what=str(error)) from error
        except (ftplib.Error, OSError, EOFError) as error:
            self._drop()
            raise Unreachable(host=self.target.server, what=str(error) or type(error).__name__) from error

    def _drop(self) -> None:
        ftp = getattr(self._of_thread, "ftp", None)
        self._of_thread.ftp = None
        if ftp is not None:
            with contextlib.suppress(Exception):
                ftp.close()


def listed(line: str) -> tuple[str, int | None] | None:
    """A line of LIST, as Unix or Windows servers write it: name and size, ``None`` for a folder's."""
    if m := _UNIX.fullmatch(line):
        name = m[3].rstrip("\r")
        return None if name in (".", "..") or m[1] == "l" else (name, None if m[1] == "d" else int(m[2]))
    if m := _DOS.fullmatch(line):
        return m[2].rstrip("\r"), None if m[1].upper() == "<DIR>" else int(m[1])
    return None
