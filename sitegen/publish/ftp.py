"""FTP and FTPS: what cheap hosting in counties and townships speaks. A few connections, kept for all files; as few as the host allows."""

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
from typing import Any, TypeVar

from sitegen.model.causes import cause
from sitegen.model.publishing import Target

from .problems import Damaged, Full, NeedsTls, NoData, NoTls, NotTrusted, Problem, Refused, Unnameable, Unreachable, WrongPassword
from .secrets import Secret, variable
from .store import CHUNK, OURS, Stat, Store
from .throttle import Throttle

T = TypeVar("T")
_TIMEOUT = 30
_UNIX = re.compile(r"([-dl])\S{9}\S*\s+\d+\s+\S+\s+\S+\s+(\d+)\s+\S+\s+\d+\s+[\d:]+\s(.+)")
_DOS = re.compile(r"\d\d-\d\d-\d{2,4}\s+\d\d:\d\d(?:[AP]M)?\s+(<DIR>|\d+)\s+(.+)", re.IGNORECASE)
_FULL = ("552", "452")
_TLS = re.compile(r"\b(TLS|SSL|encrypt\w*|AUTH)\b", re.IGNORECASE)
_MANY = re.compile(r"too many|maximum|already (logged|connected)|connection limit|连接数", re.IGNORECASE)


class _Plain(ftplib.FTP):
    """Bytes pass as they are, as Latin-1: what they mean is ours to say, since many a server speaks in another encoding than it writes names."""

    data = False
    """Whether a connection for data was being made last."""

    def __init__(self, **more: Any) -> None:
        super().__init__(timeout=_TIMEOUT, encoding="latin-1", **more)

    def sendcmd(self, cmd: str) -> str:
        self.data = False
        return super().sendcmd(cmd)

    def makepasv(self) -> tuple[str, int]:
        found = super().makepasv()
        self.data = True
        return found


class _Tls(_Plain, ftplib.FTP_TLS):
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


class _TooMany(Exception):
    """The host takes no further connection."""


class FtpStore(Store):
    """The folder of an FTP account."""

    def __init__(self, target: Target, secret: Secret, throttle: Throttle) -> None:
        self.target, self.secret, self.throttle = target, secret, throttle
        self._guard = threading.Lock()
        self._free = threading.Condition(self._guard)
        self._idle: list[ftplib.FTP] = []
        self._open = 0
        self._most = target.connections + 1  # one for the lock
        """How many connections there may be: fewer, when the host says so."""
        self._known = False
        """The host has let us in."""
        self._folders: set[str] = set()
        """Folders known to exist."""
        self._renames: bool | None = None
        """Whether the host can rename files; not known yet."""
        self._over: bool | None = None
        """Whether it renames over files that are there; asked only where it matters."""

    # ---- what a store does ----

    def read(self, path: str) -> bytes | None:
        return self._do(path, lambda ftp: self._retrieved(ftp, path))

    def exists(self, path: str) -> bool:
        def run(ftp: ftplib.FTP) -> bool:
            try:
                ftp.voidcmd("TYPE I")  # sizes are told for binary transfers only
                return ftp.size(self._at(path)) is not None
            except ftplib.error_perm as error:
                if str(error)[:3] == "550":
                    return False
            return self._retrieved(ftp, path) is not None  # a server without SIZE

        return self._do(path, run)

    def write(self, path: str, data: bytes) -> None:
        self._do(path, lambda ftp: self._store(ftp, path, data))

    def send(self, path: str, data: bytes, md5: str) -> None:
        self._do(path, lambda ftp: self._store(ftp, path, data, self.throttle))

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
        with self._guard:
            idle, self._idle = self._idle, []
            self._open -= len(idle)
        for ftp in idle:
            with contextlib.suppress(*ftplib.all_errors):
                ftp.quit()
            ftp.close()

    # ---- how ----

    def _at(self, path: str) -> str:
        return self._wire(posixpath.join(self.target.folder, path), path)

    def _wire(self, text: str, path: str) -> str:
        """Words as the host's bytes."""
        try:
            return text.encode(self.target.encoding).decode("latin-1")
        except UnicodeEncodeError as error:
            raise Unnameable(path=path, encoding=self.target.encoding) from error

    def _name(self, wire: str) -> str:
        """A name from the host's bytes; what is none in its encoding stays apart from all names of ours."""
        return wire.encode("latin-1").decode(self.target.encoding, errors="backslashreplace")

    def _retrieved(self, ftp: ftplib.FTP, path: str) -> bytes | None:
        made = io.BytesIO()
        try:
            ftp.retrbinary(f"RETR {self._at(path)}", made.write)
        except ftplib.error_perm as error:
            if str(error)[:3] == "550":
                return None
            raise
        return made.getvalue()

    def _store(self, ftp: ftplib.FTP, path: str, data: bytes, throttle: Throttle | None = None) -> None:
        """Under another name, then renamed. In place on a host that renames nothing."""
        if self._renames is not False:
            temporary = f"{OURS}/tmp/{uuid.uuid4().hex}"
            self._make(ftp, posixpath.dirname(temporary))
            self._put(ftp, temporary, data, path, throttle)
            self._make(ftp, posixpath.dirname(path))
            if self._rename(ftp, temporary, path):
                return
            ftp.delete(self._at(temporary))
        self._make(ftp, posixpath.dirname(path))
        self._put(ftp, path, data, path, throttle)

    def _put(self, ftp: ftplib.FTP, at: str, data: bytes, path: str, throttle: Throttle | None) -> None:
        """Send and look whether all of it arrived; ``path`` is what messages call it."""
        take = throttle.take if throttle else lambda _: None
        ftp.storbinary(f"STOR {self._at(at)}", io.BytesIO(data), CHUNK, callback=lambda chunk: take(len(chunk)))
        arrived = self._size(ftp, at)
        if arrived is None:  # a server that tells no sizes
            there = self._retrieved(ftp, at)
            arrived = len(data) if there == data else len(there or b"")
            good = there == data
        else:
            good = arrived == len(data)
        if not good:
            with contextlib.suppress(ftplib.Error):
                ftp.delete(self._at(at))
            raise Damaged(host=self.target.server, path=self.target.whole(path), what=f"{arrived} ≠ {len(data)}")

    def _rename(self, ftp: ftplib.FTP, temporary: str, path: str) -> bool:
        """``False`` where the host renames nothing at all."""
        goal, source = self._at(path), self._at(temporary)
        try:
            ftp.rename(source, goal)
        except ftplib.error_perm as error:
            if self._renames and self._replaces(ftp):
                raise  # it is this name that it does not take
            # Some servers do not rename over a file that is there: it steps aside, and comes back if that does not help either.
            aside = self._at(f"{OURS}/tmp/{uuid.uuid4().hex}")
            try:
                ftp.rename(goal, aside)
            except ftplib.error_perm:
                if self._renames:  # it can: so it is this name that it does not take
                    raise error from None
                self._renames = False
                return False
            try:
                ftp.rename(source, goal)
            except ftplib.error_perm:
                ftp.rename(aside, goal)
                raise error from None
            with contextlib.suppress(ftplib.error_perm):
                ftp.delete(aside)
        self._renames = True
        return True

    def _replaces(self, ftp: ftplib.FTP) -> bool:
        """Whether a rename replaces a file that is there; tried once, with two files of no use."""
        if self._over is None:
            one, two = (self._at(f"{OURS}/tmp/{uuid.uuid4().hex}") for _ in range(2))
            for name in (one, two):
                ftp.storbinary(f"STOR {name}", io.BytesIO(b"x"))
            try:
                ftp.rename(one, two)
                self._over = True
            except ftplib.error_perm:
                self._over = False
                ftp.delete(one)
            ftp.delete(two)
        return self._over

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
            steps = [self._wire("/".join(parts[:n]), folder) for n in range(1, len(parts) + 1)]
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
                (self._name(name), None if facts["type"] == "dir" else int(facts.get("size", 0)))
                for name, facts in found
                if facts.get("type") in ("dir", "file")
            ]
        lines: list[str] = []
        try:
            ftp.dir(self._at(folder), lines.append)
        except ftplib.error_perm:
            return []
        return [(self._name(name), size) for name, size in filter(None, map(listed, lines))]

    # ---- connections ----

    def _do(self, path: str, run: Callable[[ftplib.FTP], T]) -> T:
        """Run with a connection. One whose state is not known afterwards is given up."""
        ftp, good = self._take(), False
        try:
            made = run(ftp)
            good = True
        except ftplib.error_perm as error:
            good = True
            raise self._refusal(error, path) from error
        except ftplib.error_temp as error:
            if str(error)[:3] in _FULL:
                raise Full(host=self.target.server, path=self.target.whole(path), what=_said(error)) from error
            raise self._broken(error, isinstance(ftp, _Plain) and str(error)[:3] == "425") from error
        except Problem:
            good = True
            raise
        except (ftplib.Error, OSError, EOFError, ValueError) as error:
            late = isinstance(error, TimeoutError) and not self.target.passive
            raise self._broken(error, late or (isinstance(ftp, _Plain) and ftp.data and isinstance(error, OSError))) from error
        finally:
            self._give(ftp, good)
        return made

    def _refusal(self, error: Exception, path: str) -> Problem:
        kind = Full if str(error)[:3] in _FULL else Refused
        return kind(host=self.target.server, path=self.target.whole(path), what=_said(error))

    def _broken(self, error: BaseException, data: bool) -> Problem:
        if isinstance(error, ssl.SSLCertVerificationError):
            return NotTrusted(host=self.target.server, what=cause(error))
        kind = NoData if data else Unreachable
        return kind(host=self.target.server, what=_said(error) or type(error).__name__)

    def _take(self) -> ftplib.FTP:
        while True:
            with self._free:
                while not self._idle and self._open >= self._most:
                    self._free.wait()
                if self._idle:
                    return self._idle.pop()
                self._open += 1
            try:
                return self._login()
            except _TooMany as error:
                with self._free:
                    self._open -= 1
                    self._most = max(1, self._open)
                    self._free.notify()
                    if not self._open:
                        raise Unreachable(host=self.target.server, what=str(error)) from error
            except BaseException:
                self._gone()
                raise

    def _give(self, ftp: ftplib.FTP, good: bool) -> None:
        if not good:
            with contextlib.suppress(Exception):
                ftp.close()
            self._gone()
            return
        with self._free:
            self._idle.append(ftp)
            self._free.notify()

    def _gone(self) -> None:
        with self._free:
            self._open -= 1
            self._free.notify()

    def _login(self) -> ftplib.FTP:
        """A connection that was let in. Raises :class:`_TooMany` or a :class:`Problem`."""
        target = self.target
        if target.kind == "ftps":
            context = ssl.create_default_context(cafile=target.ca)
            # A session that is continued on the data connection must be one that both sides still have.
            context.maximum_version = ssl.TLSVersion.TLSv1_2
            made: ftplib.FTP = _Tls(context=context)
            assert isinstance(made, _Tls)
            made.implicit = target.implicit
        else:
            made = _Plain()
        try:
            self._enter(made)
        except (Problem, _TooMany):
            made.close()
            raise
        except ftplib.error_temp as error:
            made.close()
            raise _TooMany(_said(error)) from error
        except (ftplib.Error, OSError, EOFError, ValueError) as error:
            made.close()
            raise self._broken(error, data=False) from error
        self._known = True
        return made

    def _enter(self, ftp: ftplib.FTP) -> None:
        target, user = self.target, self.secret.user or "anonymous"
        ftp.connect(target.server, target.port or (990 if target.implicit else 21), timeout=_TIMEOUT)
        if isinstance(ftp, _Tls) and not target.implicit:
            try:
                ftp.auth()
            except ftplib.error_perm as error:
                raise NoTls(host=target.server, what=_said(error)) from error
        try:
            ftp.login(self._wire(user, "USER"), self._wire(self.secret.password, "PASS"))
        except ftplib.error_perm as error:
            said = _said(error)
            if self._known or _MANY.search(said):
                raise _TooMany(said) from error
            if not isinstance(ftp, _Tls) and _TLS.search(said):
                raise NeedsTls(host=target.server, what=said) from error
            raise WrongPassword(host=target.server, user=user, variable=variable(target)) from error
        if isinstance(ftp, _Tls):
            ftp.prot_p()
        if target.encoding.lower().replace("-", "") == "utf8":
            with contextlib.suppress(ftplib.error_perm):  # Windows servers write names in the system's encoding unless they are told
                ftp.voidcmd("OPTS UTF8 ON")
        ftp.set_pasv(target.passive)


def _said(error: BaseException) -> str:
    """What the host said, in the encoding in which it makes sense; else what went wrong."""
    spoken = isinstance(error, ftplib.Error) and not isinstance(error, ftplib.error_proto)
    data = str(error).encode("latin-1", errors="replace") if spoken else b""
    for encoding in ("utf-8", "gb18030") if data else ():
        with contextlib.suppress(UnicodeDecodeError):
            return data.decode(encoding)
    return cause(error)


def listed(line: str) -> tuple[str, int | None] | None:
    """A line of LIST, as Unix or Windows servers write it: name and size, ``None`` for a folder's."""
    if m := _UNIX.fullmatch(line):
        name = m[3].rstrip("\r")
        return None if name in (".", "..") or m[1] == "l" else (name, None if m[1] == "d" else int(m[2]))
    if m := _DOS.fullmatch(line):
        return m[2].rstrip("\r"), None if m[1].upper() == "<DIR>" else int(m[1])
    return None
