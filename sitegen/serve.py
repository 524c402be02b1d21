"""``sitegen serve``: all hosts on 127.0.0.1, built again when a file changes.

Pages carry absolute addresses of other hosts (https://liulin.example.cn/…). Here every host is a folder, /liulin.example.cn/…, and such
addresses are turned into it on the way out; the files on disk stay as they are to be published.
"""

from __future__ import annotations

import datetime as dt
import html
import threading
import time
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
from watchfiles import watch

from sitegen.build import STORE, Options, Result, build
from sitegen.load.region import NoRegion
from sitegen.model.finding import Lang, Severity, translator
from sitegen.preview import PREFIX, Preview
from sitegen.render import as_text

_POLL = b"""<script>(function(){var v=null;function ask(){fetch('/.version').then(function(r){return r.text()}).then(function(t){
if(v!==null&&t!==v)location.reload();v=t;setTimeout(ask,700)}).catch(function(){setTimeout(ask,2000)})}ask()})()</script>"""


class _State:
    """What the server and the builder share."""

    def __init__(self, root: Path, out: Path, lang: Lang, today: Callable[[], dt.date] = dt.date.today) -> None:
        self.out, self.lang, self.today = out, lang, today
        self.version = 0
        self.problem = ""
        self.result: Result | None = None
        self.sheets = Preview(root, lang, today)

    @property
    def hosts(self) -> tuple[str, ...]:
        return self.result.hosts if self.result else ()


def serve(root: Path, out: Path, port: int, lang: Lang, today: Callable[[], dt.date] = dt.date.today) -> None:
    """Serve until interrupted, as of ``today``. Raises :class:`NoRegion` when there is nothing to serve at the start."""
    say = translator(lang)
    state = _State(root, out, lang, today)
    _rebuild(root, state, first=True)
    server = ThreadingHTTPServer(("127.0.0.1", port), partial(_Handler, state=state))
    server.daemon_threads = True
    click.echo(say("Open http://127.0.0.1:{port}/ - stop with Ctrl-C").format(port=server.server_port))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    ignored = (out, root / "print-out", root / "print-internal", root / "bundle-out", root / "report", root / ".venv", root / ".git")
    try:
        for changes in watch(root, watch_filter=lambda _, path: not any(Path(path).is_relative_to(p) for p in ignored)):
            names = sorted({Path(path).name for _, path in changes})
            started = time.monotonic()
            _rebuild(root, state)
            click.echo(f"{', '.join(names[:3])}: {time.monotonic() - started:.1f} s")
    except KeyboardInterrupt:
        pass
    finally:
        server.shutdown()


def _rebuild(root: Path, state: _State, *, first: bool = False) -> None:
    """Build; a region that cannot be built keeps what was there and says why, on the terminal and in the pages."""
    try:
        state.result = build(Options(root, state.out, state.today()))
        errors = [f for f in state.result.findings if f.severity is Severity.ERROR]
    except NoRegion as error:
        if first:
            raise
        errors = error.findings
    state.problem = as_text(errors, root, state.lang)
    if state.problem:
        click.echo(state.problem, err=True)
    state.sheets.refresh()
    state.version += 1


class _Handler(SimpleHTTPRequestHandler):
    """Serves the output folder, one folder per host."""

    def __init__(self, *args: Any, state: _State, **kwargs: Any) -> None:
        self.state = state
        super().__init__(*args, directory=str(state.out), **kwargs)

    def do_GET(self) -> None:
        """A page with its addresses turned inwards, or any other file as it is."""
        if self.headers.get("Host", "").rsplit(":", 1)[0] not in ("127.0.0.1", "localhost"):
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST)  # another name that points here: DNS rebinding
            return
        path = urlsplit(self.path).path
        if path == "/.version":
            self._send(str(self.state.version).encode(), "text/plain")
        elif path == "/":
            self._send(self._index(), "text/html; charset=utf-8")
        elif path.startswith(PREFIX):
            self._sheets(path)
        elif path.startswith(f"/{STORE}"):
            self.send_error(HTTPStatus.NOT_FOUND)
        else:
            target = Path(self.translate_path(path))
            if target.is_dir() and path.endswith("/"):
                target /= "index.html"
            if target.suffix == ".html" and target.is_file():
                self._send(self._page(target.read_bytes()), "text/html; charset=utf-8")
            else:
                super().do_GET()

    def _sheets(self, path: str) -> None:
        try:
            found = self.state.sheets.answer(path, urlsplit(self.path).query)
        except NoRegion:
            found = None  # the problem stands on every page
        if found is None:
            self.send_error(HTTPStatus.NOT_FOUND)
        else:
            body, media = found
            self._send(body + (_POLL if media.startswith("text/html") else b""), media)

    def _page(self, data: bytes) -> bytes:
        for host in self.state.hosts:
            for before in ('"', "url="):
                data = data.replace(f"{before}https://{host}/".encode(), f"{before}/{host}/".encode())
        data = data.replace(b'search.js" data-root=', b'search.js" data-apart data-root=')
        # The preview's own script and the problem box are not part of what is published, so the page's policy is lifted here.
        data = data.replace(b'http-equiv="Content-Security-Policy"', b'name="csp-lifted-for-preview"')
        box = f'<pre class="preview-problem">{html.escape(self.state.problem)}</pre>'.encode() if self.state.problem else b""
        return data.replace(b"</body>", box + _POLL + b"</body>")

    def _index(self) -> bytes:
        say = translator(self.state.lang)
        items = "".join(f'<li><a href="/{h}/">{h}</a></li>' for h in self.state.hosts)
        problem = f"<pre>{html.escape(self.state.problem)}</pre>" if self.state.problem else ""
        return (
            f'<!doctype html><meta charset="utf-8"><title>sitegen</title><h1>sitegen</h1>{problem}<ul>{items}<li><a href="{PREFIX}">{say("Sheets")}</a></li></ul>'.encode()
            + _POLL
        )

    def _send(self, data: bytes, media: str) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Requests are not worth a line."""
