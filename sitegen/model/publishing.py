"""publish.yml: where sites go. No password stands in it: they are kept in the environment, the keyring or ~/.netrc."""

from __future__ import annotations

import posixpath
import re
from typing import Annotated, Literal
from urllib.parse import unquote, urlsplit

from pydantic import AfterValidator, StringConstraints, model_validator
from pydantic import Field as Key

from .base import Model

Kind = Literal["dir", "ftp", "ftps", "sftp", "s3", "dav"]
_SCHEMES: dict[str, Kind] = {"file": "dir", "ftp": "ftp", "ftps": "ftps", "sftp": "sftp", "s3": "s3", "dav": "dav", "davs": "dav"}
_SPEED = re.compile(r"(\d+)\s*(K|M)?B?(?:/s)?", re.IGNORECASE)


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
        raise ValueError("the port after : must be a number up to 65535") from None
    if parts.password is not None:
        raise ValueError("a password must not stand in the file: keep it in the environment, the keyring or ~/.netrc")
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


class Target(Model):
    """A place where the site of one host goes."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,40}$")] = Key(description="how the command line names it")
    host: Annotated[str, StringConstraints(min_length=1)] = Key(description="which folder of public/ goes there")
    to: Annotated[str, AfterValidator(_address)] = Key(
        description="a folder, or ftp:// ftps:// sftp:// s3:// dav:// davs:// with user, host and folder: ftp://user@ftp.example.cn/htdocs"
    )
    url: Annotated[str, AfterValidator(_web)] | None = Key(None, description="where the site is read afterwards, to verify it over HTTP")
    connections: int = Key(4, ge=1, le=16, description="how many files go up at a time")
    limit: str | None = Key(None, description="bandwidth in all, such as 500 KB/s")
    passive: bool = Key(True, description="ftp: passive mode")
    encoding: str = Key("utf-8", description="ftp: how file names are written there, such as gb18030")
    implicit: bool = Key(False, description="ftps: encrypted from the first byte (port 990)")
    ca: str | None = Key(None, description="ftps, s3, davs: file with the certificate of an authority of your own")
    host_key: str | None = Key(None, description="sftp: the host's key, as SHA256:…; default: ~/.ssh/known_hosts")
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

    @model_validator(mode="after")
    def _fits(self) -> Target:
        if self.limit is not None and (not (m := _SPEED.fullmatch(self.limit.strip())) or not int(m[1])):
            raise ValueError("write a limit as 500 KB/s or 2 MB/s")
        try:
            "".encode(self.encoding)
        except LookupError:
            raise ValueError("there is no such encoding") from None
        if self.host_key is not None and not re.fullmatch(r"SHA256:[A-Za-z0-9+/]{43}=?", self.host_key):
            raise ValueError("write a host key as SHA256: and 43 characters, as ssh-keygen -l shows it")
        return self

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
        m = _SPEED.fullmatch(self.limit.strip()) if self.limit else None
        return int(m[1]) * {"": 1, "K": 1000, "M": 1_000_000}[(m[2] or "").upper()] if m else None


class PublishFile(Model):
    """The file publish.yml."""

    targets: tuple[Target, ...] = Key(min_length=1)

    @model_validator(mode="after")
    def _different(self) -> PublishFile:
        ids = [t.id for t in self.targets]
        if len(set(ids)) < len(ids):
            raise ValueError("two targets have the same id")
        return self
