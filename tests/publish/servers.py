"""Real servers on the loopback, each over a folder: FTP and FTPS, SFTP, S3, WebDAV. Any of them can be cut at a chosen transfer."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from sitegen.model.publishing import Target
from sitegen.publish.secrets import Secret

USER, PASSWORD = "webmaster", "ge:heim @/#%&^\"'-密码"


class Server(Struct):
    """A server, how to reach it, and what it was asked."""

    target: Target
    files: Callable[[], dict[str, bytes]]
    """What lies on it."""
    put: Callable[[str, bytes], None]
    """Lays a file on it behind the publisher's back."""
    transfers: list[str] = field(default_factory=list)
    """Files that arrived, in order."""
    secret: Secret = field(default_factory=lambda: Secret(USER, PASSWORD))


def target(to: str, **more: Any) -> Target:
    return Target(**{"id": "main", "host": "gk.example.cn", "to": to, "spellings": False} | more)


def folder_files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def folder_put(folder: Path) -> Callable[[str, bytes], None]:
    def put(path: str, data: bytes) -> None:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)

    return put


@contextmanager
def local(folder: Path) -> Iterator[Server]:
    folder.mkdir(parents=True, exist_ok=True)
    yield Server(target(str(folder)), lambda: folder_files(folder), folder_put(folder))


def certificate(
    folder: Path, begins: dt.datetime = dt.datetime(2020, 1, 1), ends: dt.datetime = dt.datetime(2099, 1, 1), address: str = "127.0.0.1"
) -> tuple[Path, Path]:
    """A certificate for the loopback that signs itself, and its key."""
    import ipaddress

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    both, alone = folder / "server.pem", folder / "ca.pem"
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption())
    public = made.public_bytes(serialization.Encoding.PEM)
    both.write_bytes(private + public)
    alone.write_bytes(public)
    return both, alone


@contextmanager
def ftp(
    folder: Path,
    *,
    tls: bool = False,
    shows: dict[str, Any] | None = None,
    read_only: bool = False,
    quota: int | None = None,
    without: Sequence[str] = (),
    perm: str = "elradfmwMT",
    connections: int = 0,
    **own: Any,
) -> Iterator[Server]:
    """``shows``: what its certificate says; ``without``: commands that are not understood; ``connections``: how many there may be; ``own``: attributes of the handler."""
    from pyftpdlib.authorizers import DummyAuthorizer
    from pyftpdlib.handlers import FTPHandler, TLS_FTPHandler
    from pyftpdlib.servers import FTPServer

    logging.getLogger("pyftpdlib").setLevel(logging.CRITICAL)
    logging.getLogger("pyftpdlib").addHandler(logging.NullHandler())
    logging.getLogger("pyftpdlib").propagate = False
    folder.mkdir(parents=True, exist_ok=True)
    arrived: list[str] = []
    authorizer = DummyAuthorizer()
    authorizer.add_user(USER, PASSWORD, str(folder), perm="elr" if read_only else perm)

    class Handler(TLS_FTPHandler if tls else FTPHandler):  # type: ignore[misc]
        def on_file_received(self, file: str) -> None:
            arrived.append(Path(file).relative_to(folder).as_posix())

        def ftp_STOR(self, file: str, mode: str = "w") -> Any:
            if quota is not None and len(arrived) >= quota:
                self.respond("552 Exceeded storage allocation.")
                return None
            return super().ftp_STOR(file, mode)

    Handler.authorizer = authorizer
    Handler.banner = "ready"
    Handler.auth_failed_timeout = 0
    Handler.proto_cmds = {k: v for k, v in Handler.proto_cmds.items() if k not in without}
    for name, value in own.items():
        setattr(Handler, name, value)
    more: dict[str, Any] = {}
    if tls:
        both, alone = certificate(folder.parent, **(shows or {}))
        Handler.certfile = str(both)
        Handler.tls_control_required = Handler.tls_data_required = True
        more["ca"] = str(alone)
    server = FTPServer(("127.0.0.1", 0), Handler)
    server.max_cons_per_ip = connections
    thread = threading.Thread(target=lambda: server.serve_forever(timeout=0.01, handle_exit=False), daemon=True)
    thread.start()
    port = server.address[1]
    made = Server(
        target(f"ftp{'s' if tls else ''}://{USER}@127.0.0.1:{port}", **more), lambda: folder_files(folder), folder_put(folder), arrived
    )
    try:
        yield made
    finally:
        server.close_all()
        thread.join(5)


@contextmanager
def sftp(folder: Path, *, cut_every: int = 0, tear: int = 0) -> Iterator[Server]:
    """``cut_every``: the connection breaks whenever so many files more were about to be renamed; ``tear``: so many files lose their last byte."""
    import asyncssh

    folder.mkdir(parents=True, exist_ok=True)
    key = asyncssh.generate_private_key("ssh-ed25519")
    arrived: list[str] = []
    loop = asyncio.new_event_loop()

    class Login(asyncssh.SSHServer):
        def password_auth_supported(self) -> bool:
            return True

        def validate_password(self, username: str, password: str) -> bool:
            return (username, password) == (USER, PASSWORD)

    class Files(asyncssh.SFTPServer):
        def __init__(self, channel: Any) -> None:
            super().__init__(channel, chroot=str(folder).encode())

        def write(self, file_obj: Any, offset: int, data: bytes) -> int:
            nonlocal tear
            if tear:
                tear -= 1
                super().write(file_obj, offset, data[:-1])
                return len(data)
            return super().write(file_obj, offset, data)

        def posix_rename(self, oldpath: bytes, newpath: bytes) -> Any:
            arrived.append(newpath.decode().lstrip("/"))
            if cut_every and len(arrived) % cut_every == 0:
                self.channel.get_connection().abort()
            return super().posix_rename(oldpath, newpath)

    async def serve() -> Any:
        return await asyncssh.create_server(Login, "127.0.0.1", 0, server_host_keys=[key], sftp_factory=Files)

    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(serve(), loop).result(10)
    port = server.get_port()
    try:
        yield Server(
            target(f"sftp://{USER}@127.0.0.1:{port}", host_key=key.get_fingerprint()),
            lambda: folder_files(folder),
            folder_put(folder),
            arrived,
        )
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)


@contextmanager
def s3() -> Iterator[Server]:
    import boto3
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    _, port = server.get_host_and_port()
    endpoint = f"http://127.0.0.1:{port}"
    bucket = f"site-{uuid.uuid4().hex[:8]}"  # all servers of a process share their buckets
    client = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id=USER, aws_secret_access_key="k")
    client.create_bucket(Bucket=bucket)

    def files() -> dict[str, bytes]:
        pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket)
        keys = [o["Key"] for page in pages for o in page.get("Contents", [])]
        return {key: client.get_object(Bucket=bucket, Key=key)["Body"].read() for key in keys}

    try:
        yield Server(
            target(f"s3://{bucket}", endpoint=endpoint, path_style=True),
            files,
            lambda path, data: client.put_object(Bucket=bucket, Key=path, Body=data) and None,
            secret=Secret(USER, "k"),
        )
    finally:
        server.stop()


@contextmanager
def dav(folder: Path, patience: float = 10) -> Iterator[Server]:
    """``patience``: seconds for which it waits for whoever says nothing."""
    from cheroot.wsgi import Server as Wsgi
    from wsgidav.wsgidav_app import WsgiDAVApp

    folder.mkdir(parents=True, exist_ok=True)
    app = WsgiDAVApp(
        {
            "provider_mapping": {"/": str(folder)},
            "simple_dc": {"user_mapping": {"*": {USER: {"password": PASSWORD}}}},
            "http_authenticator": {"accept_basic": True, "accept_digest": False, "default_to_digest": False},
            "verbose": 0,
            "logging": {"enable": False},
        }
    )
    server = Wsgi(("127.0.0.1", 0), app, timeout=patience)
    server.prepare()
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    port = server.bind_addr[1]
    try:
        yield Server(target(f"dav://{USER}@127.0.0.1:{port}"), lambda: folder_files(folder), folder_put(folder))
    finally:
        server.stop()
        thread.join(5)
