"""WebDAV: network drives and some hosting. PUT under another name, then MOVE."""

from __future__ import annotations

import base64
import contextlib
import http.client
import posixpath
import ssl
import threading
import uuid
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from urllib.parse import quote, unquote, urlsplit

from sitegen.model.causes import cause
from sitegen.model.publishing import Target

from .problems import Damaged, Full, NoDav, NotTrusted, Problem, Refused, Unreachable, WrongPassword
from .secrets import Secret, variable
from .store import OURS, Stat, Store, media_of
from .throttle import Throttle

_TIMEOUT = 30
_ASK = b'<?xml version="1.0"?><propfind xmlns="DAV:"><prop><resourcetype/><getcontentlength/></prop></propfind>'


class DavStore(Store):
    """A folder that speaks WebDAV; a connection per thread."""

    def __init__(self, target: Target, secret: Secret, throttle: Throttle) -> None:
        self.target, self.secret, self.throttle = target, secret, throttle
        self._of_thread = threading.local()
        self._all: list[http.client.HTTPConnection] = []
        self._folders: set[str] = set()
        self._guard = threading.Lock()
        key = base64.b64encode(f"{secret.user}:{secret.password}".encode()).decode()
        self._headers = {"Authorization": f"Basic {key}"} if secret.user else {}

    def read(self, path: str) -> bytes | None:
        status, data = self._ask("GET", path)
        return None if status == 404 else data

    def exists(self, path: str) -> bool:
        return self._ask("HEAD", path)[0] != 404

    def write(self, path: str, data: bytes) -> None:
        temporary = f"{OURS}/tmp/{uuid.uuid4().hex}"
        self._make(posixpath.dirname(temporary))
        self._make(posixpath.dirname(path))
        self._ask("PUT", temporary, data, {"Content-Type": media_of(path)})
        arrived = self._size(temporary)
        if arrived != len(data):
            self._ask("DELETE", temporary)
            raise Damaged(host=self.target.server, path=self.target.whole(path), what=f"{arrived} ≠ {len(data)}")
        self._ask("MOVE", temporary, b"", {"Destination": self._url(path), "Overwrite": "T"})

    def send(self, path: str, data: bytes, md5: str) -> None:
        self.throttle.take(len(data))
        self.write(path, data)

    def delete(self, path: str) -> None:
        self._ask("DELETE", path)
        folder = posixpath.dirname(path)
        while folder and not self._children(folder):
            self._ask("DELETE", folder + "/")
            with self._guard:
                self._folders.discard(folder)
            folder = posixpath.dirname(folder)

    def files(self, folder: str = "") -> Iterator[Stat]:
        waiting = [folder]
        while waiting:
            for stat, is_folder in self._children(waiting.pop()):
                if is_folder:
                    waiting.append(stat.path)
                else:
                    yield stat

    def clean(self) -> None:
        for stat in list(self.files(f"{OURS}/tmp")):
            self.delete(stat.path)

    def close(self) -> None:
        for connection in self._all:
            connection.close()
        self._all.clear()

    def _size(self, path: str) -> int:
        """Bytes of a file as the host counts them; where it does not, it is read."""
        _, told = self._ask("PROPFIND", path, _ASK, {"Depth": "0", "Content-Type": "application/xml"})
        with contextlib.suppress(ET.ParseError):
            if (size := ET.fromstring(told).findtext(".//{DAV:}getcontentlength")) is not None and size.isdecimal():
                return int(size)
        return len(self._ask("GET", path)[1])

    def _children(self, folder: str) -> list[tuple[Stat, bool]]:
        status, data = self._ask("PROPFIND", folder + "/" if folder else "", _ASK, {"Depth": "1", "Content-Type": "application/xml"})
        if status == 404:
            return []
        try:
            answers = ET.fromstring(data).iter("{DAV:}response")
        except ET.ParseError as error:
            raise Refused(host=self.target.server, path=self.target.whole(folder or "/"), what="PROPFIND") from error
        base = posixpath.join("/", self.target.folder)
        found = []
        for answer in answers:
            href = unquote(urlsplit(answer.findtext("{DAV:}href") or "").path)
            path = posixpath.relpath(href, base)
            if path.startswith("..") or path in (".", folder):
                continue
            size = answer.findtext(".//{DAV:}getcontentlength") or "0"
            is_folder = answer.find(".//{DAV:}resourcetype/{DAV:}collection") is not None
            found.append((Stat(path, int(size) if size.isdecimal() else 0), is_folder))
        return found

    def _make(self, folder: str) -> None:
        if folder in self._folders:
            return
        if folder:
            self._make(posixpath.dirname(folder))
            self._ask("MKCOL", folder + "/")  # 405: it is there
        else:
            steps = self.target.folder.split("/") if self.target.folder else []
            for n in range(1, len(steps) + 1):
                self._request("MKCOL", quote(f"/{'/'.join(steps[:n])}/"), folder, b"", {})
        with self._guard:
            self._folders.add(folder)

    def _path(self, path: str) -> str:
        return quote(posixpath.join("/", self.target.folder, path))

    def _url(self, path: str) -> str:
        port = f":{self.target.port}" if self.target.port else ""
        return f"http{'s' if self.target.secure else ''}://{self.target.server}{port}{self._path(path)}"

    def _connection(self) -> http.client.HTTPConnection:
        known: http.client.HTTPConnection | None = getattr(self._of_thread, "connection", None)
        if known is not None:
            return known
        host, port = self.target.server, self.target.port
        if self.target.secure:
            context = ssl.create_default_context(cafile=self.target.ca)
            made: http.client.HTTPConnection = http.client.HTTPSConnection(host, port, timeout=_TIMEOUT, context=context)
        else:
            made = http.client.HTTPConnection(host, port, timeout=_TIMEOUT)
        with self._guard:
            self._all.append(made)
        self._of_thread.connection = made
        return made

    def _ask(self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> tuple[int, bytes]:
        return self._request(method, self._path(path), path, body, headers or {})

    def _request(self, method: str, place: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        """``place`` is where on the host, ``path`` what messages call it."""
        host = self.target.server
        try:
            connection = self._connection()
            connection.request(method, place, body, {**self._headers, **headers})
            answer = connection.getresponse()
            data = answer.read()
        except ssl.SSLCertVerificationError as error:
            self._drop()
            raise NotTrusted(host=host, what=cause(error)) from error
        except (OSError, http.client.HTTPException) as error:
            self._drop()
            raise Unreachable(host=host, what=cause(error)) from error
        status = answer.status
        if status < 300 or status == 404 or (method == "MKCOL" and status == 405):
            return status, data
        raise self._problem(status, path, f"{method} {status} {answer.reason}")

    def _problem(self, status: int, path: str, what: str) -> Problem:
        host = self.target.server
        if status == 401:
            return WrongPassword(host=host, user=self.secret.user, variable=variable(self.target))
        if status in (405, 501):
            return NoDav(host=host, what=what)
        if status in (507, 413):
            return Full(host=host, path=self.target.whole(path), what=what)
        if status in (408, 425, 429) or status >= 500:
            return Unreachable(host=host, what=what)
        return Refused(host=host, path=self.target.whole(path), what=what)

    def _drop(self) -> None:
        known = getattr(self._of_thread, "connection", None)
        self._of_thread.connection = None
        if known is not None:
            with contextlib.suppress(Exception):
                known.close()
