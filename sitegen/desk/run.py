"""Starting the desk: an address that nobody can guess, on this computer only."""

from __future__ import annotations

import datetime as dt
import os
import secrets
import socket
import threading
import webbrowser
from collections.abc import Callable
from pathlib import Path

import uvicorn

from .app import make_app
from .state import Desk

HOST = "127.0.0.1"


class PortTaken(Exception):
    """Another program listens there already, perhaps another desk."""

    def __init__(self, port: int) -> None:
        super().__init__(str(port))
        self.port = port


def listen(port: int) -> socket.socket:
    """A socket on this computer alone; any free port for 0. Raises :class:`PortTaken`."""
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if os.name == "posix":  # on Windows it would let two desks share a port
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((HOST, port))
    except OSError:
        made.close()
        raise PortTaken(port) from None
    return made


def serve(
    root: Path, today: Callable[[], dt.date], unit: str | None, port: int, *, browser: bool, say_address: Callable[[str], None]
) -> None:
    """Serve until interrupted. ``say_address`` gets the whole address. Raises :class:`PortTaken`."""
    desk = Desk(root, today, unit)
    desk.region()  # what cannot be read is said at once
    sock = listen(port)
    number = sock.getsockname()[1]
    token = secrets.token_urlsafe(18)
    address = f"http://{HOST}:{number}/{token}/"
    app = make_app(desk, token, frozenset({f"{HOST}:{number}", f"localhost:{number}"}))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False, lifespan="off", server_header=False))
    say_address(address)
    if browser:
        threading.Timer(0.6, webbrowser.open, (address,)).start()
    server.run(sockets=[sock])
