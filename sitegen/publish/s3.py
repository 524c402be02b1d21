"""S3-compatible stores (OSS, COS, OBS, MinIO …): a file appears whole or not at all, so nothing is renamed."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from sitegen.model.causes import in_words
from sitegen.model.publishing import Target

from .problems import Damaged, Full, Missing, NoBucket, NotTrusted, Problem, Refused, Unreachable, WrongClock, WrongPassword
from .secrets import Secret, variable
from .store import Stat, Store, cache_of, media_of
from .throttle import Throttle

try:
    import obstore
    from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError
    from obstore.store import S3Store
except ImportError as error:  # an extra: most publish by FTP
    raise Missing(package="obstore") from error

T = TypeVar("T")
_CODE = re.compile(r"<Code>(\w+)</Code>")
_NO_KEY = ("SignatureDoesNotMatch", "InvalidAccessKeyId", "AuthFailure")
_NO_ROOM = ("QuotaExceeded", "EntityTooLarge")
_NO_BUCKET = ("NoSuchBucket", "InvalidBucketName", "PermanentRedirect")
_TRIES: Any = {"max_retries": 1, "retry_timeout": timedelta(seconds=60)}
"""The run retries by itself and says so."""


class S3Bucket(Store):
    """A bucket, or what begins with a prefix in it."""

    def __init__(self, target: Target, secret: Secret, throttle: Throttle) -> None:
        self.target, self.throttle = target, throttle
        self.secret = secret
        self._in = False
        """Whether the key was good for anything yet."""
        client: Any = {"timeout": "60s", "connect_timeout": "15s"}
        if target.endpoint and target.endpoint.startswith("http://"):
            client["allow_http"] = True
        if target.ca:
            client["root_certificate"] = Path(target.ca).read_bytes()
        more: dict[str, Any] = {"endpoint": _endpoint(target)} if target.endpoint else {}
        self._store = S3Store(
            target.server,
            region=target.region,
            access_key_id=secret.user,
            secret_access_key=secret.password,
            virtual_hosted_style_request=not _in_path(target),
            client_options=client,
            retry_config=_TRIES,
            **more,
        )

    def read(self, path: str) -> bytes | None:
        def run() -> bytes | None:
            try:
                return bytes(obstore.get(self._store, self._at(path)).bytes())
            except FileNotFoundError:
                return None

        return self._do(path, run)

    def exists(self, path: str) -> bool:
        def run() -> bool:
            try:
                obstore.head(self._store, self._at(path))
            except FileNotFoundError:
                return False
            return True

        return self._do(path, run)

    def write(self, path: str, data: bytes) -> None:
        self._put(path, data)

    def send(self, path: str, data: bytes, md5: str) -> None:
        self.throttle.take(len(data))
        tag = str(self._put(path, data)["e_tag"] or "").strip('"').lower()
        # Stores that encrypt give other tags; those of 32 hexadecimal digits are the MD5 of what arrived.
        if len(tag) == 32 and "-" not in tag and tag != md5:
            raise Damaged(host=self.target.server, path=self.target.whole(path), what="ETag")

    def delete(self, path: str) -> None:
        def run() -> None:
            try:
                obstore.delete(self._store, self._at(path))
            except FileNotFoundError:
                return

        self._do(path, run)

    def files(self, folder: str = "") -> Iterator[Stat]:
        def run() -> list[Stat]:
            prefix = self._at(folder) + "/" if self._at(folder) else None
            cut = len(self.target.folder) + 1 if self.target.folder else 0
            return [
                Stat(entry["path"][cut:], entry["size"], _md5(entry["e_tag"]))
                for page in obstore.list(self._store, prefix)
                for entry in page
            ]

        yield from self._do(folder or "/", run)

    def _put(self, path: str, data: bytes) -> Any:
        attributes: Any = {"Content-Type": media_of(path), "Cache-Control": cache_of(path)}
        return self._do(path, lambda: obstore.put(self._store, self._at(path), data, attributes=attributes, use_multipart=False))

    def _at(self, path: str) -> str:
        return posixpath.join(self.target.folder, path).strip("/")

    def _do(self, path: str, run: Callable[[], T]) -> T:
        try:
            made = run()
        except Problem:
            raise
        except (BaseError, OSError) as error:
            raise self._problem(path, error) from error
        self._in = True
        return made

    def _problem(self, path: str, error: Exception) -> Problem:
        """What the service says, by the code in its answer."""
        found = _CODE.search(str(error))
        code, text, host = found[1] if found else "", str(error).partition("\n")[0], self.target.server
        denied = isinstance(error, PermissionDeniedError | UnauthenticatedError)
        if code == "RequestTimeTooSkewed":
            return WrongClock(host=host, what=code)
        if code in _NO_ROOM:
            return Full(host=host, path=self.target.whole(path), what=code)
        if code in _NO_KEY or (denied and not self._in and code in ("", "AccessDenied")):
            return WrongPassword(host=host, user=self.secret.user, variable=variable(self.target))
        if code in _NO_BUCKET:
            return NoBucket(host=host, what=code)
        if denied:
            return Refused(host=host, path=self.target.whole(path), what=code or text)
        words = in_words(str(error))
        if "certificate" in str(error).lower():
            return NotTrusted(host=host, what=words or text)
        return Unreachable(host=host, what=words or text)


def _endpoint(target: Target) -> str:
    """The service's address as the client wants it: with the bucket in its host name, where it is addressed so."""
    assert target.endpoint
    scheme, _, rest = target.endpoint.rstrip("/").partition("://")
    if _in_path(target) or rest.startswith(f"{target.server}."):
        return f"{scheme}://{rest}"
    return f"{scheme}://{target.server}.{rest}"


def _in_path(target: Target) -> bool:
    """An IP address has no names below it."""
    if target.path_style:
        return True
    try:
        ip_address(urlsplit(target.endpoint or "").hostname or "")
    except ValueError:
        return False
    return True


def _md5(tag: str | None) -> str | None:
    plain = (tag or "").strip('"').lower()
    return plain if len(plain) == 32 and all(c in "0123456789abcdef" for c in plain) else None
