"""publish.yml: where sites go. No password stands in it: they are kept in the environment, the keyring or ~/.netrc."""

from __future__ import annotations

import posixpath
import re
from decimal import Decimal
from typing import Annotated, Literal
from urllib.parse import unquote, urlsplit

from pydantic import AfterValidator, BeforeValidator
from pydantic import Field as Key

from .base import Model
from .finding import N_

Kind = Literal["dir", "ftp", "ftps", "sftp", "s3", "dav"]
_SCHEMES: dict[str, Kind] = {"file": "dir", "ftp": "ftp", "ftps": "ftps", "sftp": "sftp", "s3": "s3", "dav": "dav", "davs": "dav"}
_SPEED = re.compile(r"(\d{1,9}(?:\.\d{1,3})?)\s*(K|M)?B?(?:/s|ps)?", re.IGNORECASE)
_SLOWEST = 1000
"""Bytes a second; below it is a slip, such as a forgotten KB."""
PASSWORD = N_("a password must not stand in the file: keep it in the environment, the keyring or ~/.netrc")

_DRIVE = re.compile(r"[A-Za-z]:[\\/]")
_HOST = re.compile(r"(?:[^/@\s]+@)?[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d+)?(?:/|$)", re.IGNORECASE)


def _address(value: str) -> str:
    scheme, found, _ = value.partition("://")
    if not found:
        if not _DRIVE.match(value) and ("@" in value or _HOST.match(value) or re.match(r"[a-z]+:", value, re.IGNORECASE)):
            raise ValueError(
                "looks like an address: write ftp:// (or sftp:// …) before it; a folder of that name is written ./ and the name"
            )
        return value
    value = f"{scheme.lower()}://{value[len(scheme) + 3 :]}"
    scheme = scheme.lower()
    if scheme not in _SCHEMES:
        raise ValueError("write a folder, or an address that begins with ftp:// ftps:// sftp:// s3:// dav:// or davs://")
    parts = urlsplit(value)
    try:
        _ = parts.port
    except ValueError:
        if "@" in value.partition("://")[2].partition(":")[2]:  # a / in a password ends what is taken for the host
            raise ValueError(PASSWORD) from None
        raise ValueError("the port after : must be a number up to 65535") from None
    if parts.password is not None:
        raise ValueError(PASSWORD)
    if scheme != "file" and (not parts.hostname or re.search(r"\s", parts.netloc)):
        raise ValueError("the address names no host")
    if parts.query or parts.fragment:
        raise ValueError("must not carry ? or #")
    return value


def _web(value: str) -> str:
    if urlsplit(value).scheme not in ("http", "https"):
        raise ValueError("must be a full address such as https://gk.example.cn/zhen/")
    return value if value.endswith("/") else value + "/"


def _service(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be a full address such as https://oss.example.cn")
    return value


def _id(value: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,40}", value):
        raise ValueError("write small letters a–z, figures and -, a letter first, such as gk or dahe-2")
    return value


def _host(value: str) -> str:
    if not value or re.search(r"[/\\\s]", value):
        raise ValueError("write the name of a folder in public/, such as gk.example.cn, without https:// and without /")
    return value


def _text(value: object) -> object:
    return str(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else value


def _speed(value: str) -> str:
    if _bytes(value) < _SLOWEST:
        raise ValueError("write a limit as 500 KB/s or 2 MB/s, and not below 1 KB/s; without the line there is none")
    return value


def _bytes(limit: str) -> int:
    """Bytes a second; 0 where it cannot be understood."""
    m = _SPEED.fullmatch(limit.strip())
    return int(Decimal(m[1]) * {"": 1, "K": 1000, "M": 1_000_000}[(m[2] or "").upper()]) if m else 0


def _connections(value: object) -> object:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 16:
        raise ValueError("write a whole number from 1 to 16")
    return value


def _encoding(value: str) -> str:
    try:
        "".encode(value)
    except LookupError:
        raise ValueError("there is no such encoding") from None
    return value


def _fingerprint(value: str) -> str:
    if not re.fullmatch(r"SHA256:[A-Za-z0-9+/]{43}=?", value):
        raise ValueError("write a host key as SHA256: and 43 characters, as ssh-keygen -l shows it")
    return value


class Target(Model):
    """A place where the site of one host goes."""

    id: Annotated[str, AfterValidator(_id)] = Key(
        description="how the command line names it", json_schema_extra={"pattern": "^[a-z][a-z0-9-]{0,40}$"}
    )
    host: Annotated[str, AfterValidator(_host)] = Key(description="which folder of public/ goes there", json_schema_extra={"minLength": 1})
    to: Annotated[str, AfterValidator(_address)] = Key(
        description="a folder, or ftp:// ftps:// sftp:// s3:// dav:// davs:// with user, host and folder: ftp://user@ftp.example.cn/htdocs"
    )
    url: Annotated[str, AfterValidator(_web)] | None = Key(None, description="where the site is read afterwards, to verify it over HTTP")
    connections: Annotated[int, BeforeValidator(_connections)] = Key(
        4, description="how many files go up at a time", json_schema_extra={"minimum": 1, "maximum": 16}
    )
    limit: Annotated[str, BeforeValidator(_text), AfterValidator(_speed)] | None = Key(
        None, description="bandwidth in all, such as 500 KB/s"
    )
    passive: bool = Key(True, description="ftp: passive mode")
    encoding: Annotated[str, AfterValidator(_encoding)] = Key("utf-8", description="ftp: how file names are written there, such as gb18030")
    implicit: bool = Key(False, description="ftps: encrypted from the first byte (port 990)")
    ca: str | None = Key(None, description="ftps, s3, davs: file with the certificate of an authority of your own")
    host_key: Annotated[str, AfterValidator(_fingerprint)] | None = Key(
        None, description="sftp: the host's key, as SHA256:…; default: ~/.ssh/known_hosts"
    )
    key_file: str | None = Key(None, description="sftp: private key; default: those of ~/.ssh and of the agent")
    endpoint: Annotated[str, AfterValidator(_service)] | None = Key(
        None, description="s3: address of the service, such as https://oss.example.cn"
    )
    region: str = Key("us-east-1", description="s3: region, as the provider names it")
    path_style: bool = Key(False, description="s3: the bucket stands in the path of addresses instead of the host name")

    spellings: bool | None = Key(
        None,
        description="put each code also where people may look for it: in small letters, on s3 without the final slash as well; default: yes",
    )

    @property
    def kind(self) -> Kind:
        """Which protocol it is."""
        scheme, found, _ = self.to.partition("://")
        return _SCHEMES[scheme] if found else "dir"

    @property
    def spelt(self) -> bool:
        """Whether codes stand there in every spelling that people type, so that no server need be told to turn addresses round."""
        return self.spellings is not False

    @property
    def server(self) -> str:
        """The host (or the bucket) that messages name; the folder itself for a local one."""
        return self.to if self.kind == "dir" else urlsplit(self.to).hostname or ""

    @property
    def address(self) -> str:
        """Host and port, as messages name them."""
        return f"{self.server}:{self.port}" if self.kind != "dir" and self.port else self.endpoint or self.server

    def whole(self, path: str) -> str:
        """A path as the host knows it, for messages: the target's folder included."""
        return posixpath.join(self.folder, path) if self.kind != "dir" else path

    @property
    def port(self) -> int | None:
        """The port, where the address names one."""
        return urlsplit(self.to).port

    @property
    def user(self) -> str | None:
        """The user, where the address names one."""
        name = urlsplit(self.to).username if self.kind != "dir" else None
        return unquote(name) if name is not None else None

    @property
    def folder(self) -> str:
        """The folder on the host, relative to where a login leads; absolute where the address has two slashes. Of ``dir`` the whole path."""
        if self.kind == "dir":
            path = unquote(urlsplit(self.to).path) if self.to.startswith("file://") else self.to
            return path[1:] if _DRIVE.match(path[1:]) else path
        path = unquote(urlsplit(self.to).path)
        return path[1:].rstrip("/") if self.kind in ("ftp", "ftps", "sftp") else path.strip("/")

    @property
    def secure(self) -> bool:
        """Whether WebDAV is spoken over TLS."""
        return self.to.startswith("davs://")

    @property
    def bytes_per_second(self) -> int | None:
        """The limit as a number."""
        return _bytes(self.limit) if self.limit else None


def _different(targets: tuple[Target, ...]) -> tuple[Target, ...]:
    if not targets:
        raise ValueError("is empty")
    if len({t.id for t in targets}) < len(targets):
        raise ValueError("two targets have the same id")
    if len({(t.to.rstrip("/"), t.endpoint) for t in targets}) < len(targets):
        raise ValueError("two targets go to the same folder: every site needs one of its own")
    return targets


class PublishFile(Model):
    """The file publish.yml."""

    targets: Annotated[tuple[Target, ...], AfterValidator(_different)] = Key(json_schema_extra={"minItems": 1})
