"""SFTP: one connection for all threads, its transfers side by side. The host's key is checked before anything is sent."""

from __future__ import annotations

import asyncio
import contextlib
import posixpath
import threading
import uuid
from collections.abc import Coroutine, Iterator
from typing import Any, TypeVar

from sitegen.model.publishing import Target

from .problems import Damaged, Full, Missing, Problem, Refused, UnknownHostKey, Unreachable, WrongPassword
from .secrets import Secret, variable
from .store import CHUNK, OURS, Stat, Store
from .throttle import Throttle

try:
    import asyncssh
except ImportError as error:  # an extra: most publish by FTP
    raise Missing(extra="sftp") from error

T = TypeVar("T")
_TIMEOUT = 30
_ALIVE, _SILENT = 10.0, 3
"""Seconds after which a host that says nothing is asked whether it is there, and how many times before the line counts as broken."""
_NO_SPACE = (14, 15)
"""SSH_FX_NO_SPACE_ON_FILESYSTEM, SSH_FX_QUOTA_EXCEEDED."""


class _Client(asyncssh.SSHClient):
    """Knows the host by the key that publish.yml names."""

    def __init__(self, wanted: str | None) -> None:
        self.wanted, self.shown = wanted, ""

    def validate_host_public_key(self, host: str, addr: str, port: int, key: asyncssh.SSHKey) -> bool:
        self.shown = key.get_fingerprint()
        return self.wanted is not None and self.shown.rstrip("=") == self.wanted.rstrip("=")


class SftpStore(Store):
    """The folder of an SSH account."""

    def __init__(self, target: Target, secret: Secret, throttle: Throttle) -> None:
        self.target, self.secret, self.throttle = target, secret, throttle
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._connection: Any = None
        self._client: Any = None
        self._opening: asyncio.Lock | None = None
        self._folders: set[str] = set()
        self._renames: bool | None = None
        """Whether the host can rename files; not known yet."""
        self._replaces = False
        """Its renames replace what is there."""

    def read(self, path: str) -> bytes | None:
        async def run(sftp: Any) -> bytes | None:
            try:
                async with sftp.open(self._at(path), "rb") as file:
                    data: bytes = await file.read()
                    return data
            except asyncssh.SFTPNoSuchFile:
                return None

        found: bytes | None = self._do(path, run)
        return found

    def exists(self, path: str) -> bool:
        async def run(sftp: Any) -> bool:
            return bool(await sftp.exists(self._at(path)))

        found: bool = self._do(path, run)
        return found

    def write(self, path: str, data: bytes) -> None:
        async def run(sftp: Any) -> None:
            await self._store(sftp, path, data)

        self._do(path, run)

    def send(self, path: str, data: bytes, md5: str) -> None:
        async def run(sftp: Any) -> None:
            await self._store(sftp, path, data, self.throttle)

        self._do(path, run)

    def delete(self, path: str) -> None:
        async def run(sftp: Any) -> None:
            with contextlib.suppress(asyncssh.SFTPNoSuchFile):
                await sftp.remove(self._at(path))
            folder = posixpath.dirname(path)
            while folder:
                try:
                    await sftp.rmdir(self._at(folder))
                except asyncssh.SFTPError:
                    return  # not empty
                self._folders.discard(folder)
                folder = posixpath.dirname(folder)

        self._do(path, run)

    def files(self, folder: str = "") -> Iterator[Stat]:
        async def run(sftp: Any) -> list[Stat]:
            found, waiting = [], [folder]
            while waiting:
                here = waiting.pop()
                try:
                    entries = await sftp.readdir(self._at(here) or ".")
                except asyncssh.SFTPNoSuchFile:
                    continue
                for entry in entries:
                    if entry.filename in (".", ".."):
                        continue
                    path = f"{here}/{entry.filename}" if here else entry.filename
                    if entry.attrs.type == asyncssh.FILEXFER_TYPE_DIRECTORY:
                        waiting.append(path)
                    elif entry.attrs.type == asyncssh.FILEXFER_TYPE_REGULAR:
                        found.append(Stat(path, entry.attrs.size or 0))
            return found

        yield from self._do(folder or "/", run)

    def clean(self) -> None:
        for stat in list(self.files(f"{OURS}/tmp")):
            self.delete(stat.path)

    def close(self) -> None:
        async def run() -> None:
            if self._client is not None:
                self._client.exit()
            if self._connection is not None:
                self._connection.close()
                with contextlib.suppress(Exception):
                    await asyncio.wait_for(self._connection.wait_closed(), 5)

        with contextlib.suppress(Exception):
            asyncio.run_coroutine_threadsafe(run(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    # ---- how ----

    def _at(self, path: str) -> str:
        return posixpath.join(self.target.folder, path)

    async def _store(self, sftp: Any, path: str, data: bytes, throttle: Throttle | None = None) -> None:
        """Under another name, then renamed. In place on a host that renames nothing."""
        if self._renames is not False:
            temporary = f"{OURS}/tmp/{uuid.uuid4().hex}"
            await self._make(sftp, posixpath.dirname(temporary))
            await self._put(sftp, temporary, data, path, throttle)
            await self._make(sftp, posixpath.dirname(path))
            if await self._rename(sftp, temporary, path):
                return
            await sftp.remove(self._at(temporary))
        await self._make(sftp, posixpath.dirname(path))
        await self._put(sftp, path, data, path, throttle)

    async def _put(self, sftp: Any, at: str, data: bytes, path: str, throttle: Throttle | None) -> None:
        async with sftp.open(self._at(at), "wb") as goal:
            for start in range(0, len(data), CHUNK):
                chunk = data[start : start + CHUNK]
                if throttle and throttle.per_second:
                    await asyncio.to_thread(throttle.take, len(chunk))
                await goal.write(chunk)
        arrived = (await sftp.stat(self._at(at))).size
        if arrived != len(data):
            await sftp.remove(self._at(at))
            raise Damaged(host=self.target.server, path=self.target.whole(path), what=f"{arrived} ≠ {len(data)}")

    async def _rename(self, sftp: Any, temporary: str, path: str) -> bool:
        """``False`` where the host renames nothing at all."""
        source, goal = self._at(temporary), self._at(path)
        try:
            await sftp.posix_rename(source, goal)
            self._replaces = True
        except asyncssh.SFTPConnectionLost:
            raise
        except asyncssh.SFTPError as error:
            if self._replaces:
                raise  # it is this name that it does not take
            # Servers without the extension do not rename over a file that is there: it steps aside, and comes back if that does not help.
            aside = self._at(f"{OURS}/tmp/{uuid.uuid4().hex}")
            stepped = False
            try:
                with contextlib.suppress(asyncssh.SFTPNoSuchFile):
                    await sftp.rename(goal, aside)
                    stepped = True
                await sftp.rename(source, goal)
            except asyncssh.SFTPConnectionLost:
                raise
            except asyncssh.SFTPError:
                if stepped:
                    await sftp.rename(aside, goal)
                elif not self._renames:
                    self._renames = False
                    return False
                raise error from None
            if stepped:
                with contextlib.suppress(asyncssh.SFTPError):
                    await sftp.remove(aside)
        self._renames = True
        return True

    async def _make(self, sftp: Any, folder: str) -> None:
        if folder not in self._folders:
            if place := self._at(folder).rstrip("/"):
                await sftp.makedirs(place, exist_ok=True)
            self._folders.add(folder)

    async def _open(self) -> Any:
        self._opening = self._opening or asyncio.Lock()
        async with self._opening:
            if self._client is not None:
                return self._client
            target, client = self.target, _Client(self.target.host_key)
            more: dict[str, Any] = {"known_hosts": b""} if target.host_key else {}
            if target.key_file:
                more["client_keys"] = [target.key_file]
            try:
                self._connection, _ = await asyncio.wait_for(
                    asyncssh.create_connection(
                        lambda: client,
                        target.server,
                        target.port or 22,
                        username=self.secret.user or (),
                        password=self.secret.password or None,
                        keepalive_interval=_ALIVE,
                        keepalive_count_max=_SILENT,
                        **more,
                    ),
                    _TIMEOUT,
                )
            except asyncssh.HostKeyNotVerifiable as error:
                raise UnknownHostKey(host=target.server, key=client.shown or str(error)) from error
            except (asyncssh.PermissionDenied, asyncssh.KeyImportError) as error:
                raise WrongPassword(host=target.server, user=self.secret.user, variable=variable(target)) from error
            self._client = await self._connection.start_sftp_client()
            return self._client

    def _do(self, path: str, run: Any) -> Any:
        async def whole() -> Any:
            return await run(await self._open())

        return self._wait(path, whole())

    def _wait(self, path: str, work: Coroutine[Any, Any, T]) -> T:
        try:
            return asyncio.run_coroutine_threadsafe(work, self._loop).result()
        except Problem:
            raise
        except asyncssh.SFTPConnectionLost as error:
            self._drop()
            raise Unreachable(host=self.target.server, what=str(error)) from error
        except asyncssh.SFTPError as error:
            full = error.code in _NO_SPACE or "no space" in str(error).lower()
            kind = Full if full else Refused
            raise kind(host=self.target.server, path=self.target.whole(path), what=str(error)) from error
        except (OSError, asyncssh.Error, TimeoutError) as error:
            self._drop()
            raise Unreachable(host=self.target.server, what=str(error) or type(error).__name__) from error

    def _drop(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            self._loop.call_soon_threadsafe(client.exit)
