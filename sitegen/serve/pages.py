"""What browsers get: the sites with their addresses turned inwards, what is wrong above each page, and the word when the page is another.

Pages carry absolute addresses of other hosts (https://liulin.example.cn/…). Here every host is a folder, /liulin.example.cn/…, and such
addresses are turned into it on the way out; the files on disk stay as they are to be published.
"""

from __future__ import annotations

import hashlib
import html
import socket
from collections.abc import Callable, Iterator
from functools import lru_cache
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sitegen.load.region import NoRegion
from sitegen.model.finding import Finding, Lang, Severity, translator
from sitegen.model.stored import STORE
from sitegen.preview import PREFIX, Preview

from .showing import Said, Showing

CHANGES = "/.changes"
"""Where a page asks whether it is still what it was."""
RELEASED = "released"
"""Behind the question mark of an address: not the draft, where there is one."""
_ALIVE = 15.0
"""Seconds after which a browser that hears nothing is told so, which shows whether it is still there."""
_SHOWN = 30
"""Findings of one severity that are shown in pages."""
_PICTURES = frozenset((".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".avif"))
# Only pages that are seen hold a connection: a browser opens few to one host.
_SCRIPT = """<script>(function(){var s;function open(){if(s||document.hidden)return;
s=new EventSource('%s?is=%s&page='+encodeURIComponent(location.pathname+location.search));s.onmessage=function(){close();location.reload()}}
function close(){if(s){s.close();s=null}}
document.addEventListener('visibilitychange',function(){document.hidden?close():open()});addEventListener('pagehide',close);addEventListener('pageshow',open);open()})()</script>"""
_STYLE = (
    "<style>.sg-said{all:initial;display:block;font:16px/1.7 system-ui,'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif;color:#1c2430;background:#fff;"
    "border:1px solid #dfe3e8;border-left:6px solid #a61b1b;margin:12px;padding:10px 16px;position:relative;z-index:9}.sg-said.mild{border-left-color:#8a5a00}"
    ".sg-said summary{cursor:pointer;font-weight:700;color:#a61b1b}.sg-said.mild summary{color:#8a5a00}.sg-said ol{margin:8px 0 4px;padding-left:1.6em;display:block}"
    ".sg-said li{margin:0 0 8px;display:list-item}.sg-said p{margin:0;display:block}.sg-said code{font:14px/1.5 ui-monospace,Menlo,Consolas,monospace;color:#5a6573;overflow-wrap:anywhere}"
    "@media print{.sg-said{display:none}}</style>"
)
_DRAFT_STYLE = (
    "<style>.sg-draft{all:initial;display:block;font:16px/1.7 system-ui,'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif;color:#1c2430;background:#fff4d6;"
    "border-bottom:3px solid #b26a00;padding:10px 16px;position:sticky;top:0;z-index:8}.sg-draft strong{font-weight:700;color:#7a4700;margin-right:.5em}.sg-draft a{color:#1d4f91;text-decoration:underline;cursor:pointer}"
    ".sg-mark{position:fixed;inset:0;display:flex;align-items:center;justify-content:center;pointer-events:none;z-index:7;font:700 min(13vw,120px)/1 system-ui,'Noto Sans CJK SC',sans-serif;"
    "color:rgba(178,106,0,.13);transform:rotate(-24deg);white-space:nowrap}@media print{.sg-draft{position:static;border:2px solid #000}.sg-mark{color:rgba(0,0,0,.16)}}</style>"
)
_HTML = "text/html; charset=utf-8"


def taken(port: int) -> bool:
    """Whether another program answers at this port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Server(ThreadingHTTPServer):
    """Answers on 127.0.0.1 only."""

    daemon_threads = True

    def __init__(self, port: int, showing: Showing, sheets: Preview, lang: Lang) -> None:
        self.showing, self.sheets, self.lang = showing, sheets, lang
        self.ended = False
        super().__init__(("127.0.0.1", port), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that closes while it is being answered is no error."""


class _Handler(SimpleHTTPRequestHandler):
    server: Server

    def __init__(self, request: Any, client_address: Any, server: Server) -> None:
        self.showing, self.say = server.showing, translator(server.lang)
        super().__init__(request, client_address, server, directory=str(server.showing.out))

    def do_GET(self) -> None:
        """A page with its addresses turned inwards, or any other file as it is."""
        if self.headers.get("Host", "").rsplit(":", 1)[0] not in ("127.0.0.1", "localhost"):
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST)  # another name that points here: DNS rebinding
            return
        asked = urlsplit(self.path)
        if asked.path == CHANGES:
            query = {k: v[-1] for k, v in parse_qs(asked.query).items()}
            self._tell_changes(query.get("page", "/"), query.get("is", ""))
            return
        found = self._found(asked.path, asked.query)
        if found is not None:
            body, media, status = found
            if media == _HTML:
                with self.showing.seeing(self._place(asked.path)):  # until the browser says so itself
                    body = self._dressed(body)
            self._send(body, media, status)
        elif self.command == "HEAD":
            super().do_HEAD()
        else:
            super().do_GET()

    def do_HEAD(self) -> None:
        """The same without the body."""
        self.do_GET()

    def _found(self, path: str, query: str) -> tuple[bytes, str, HTTPStatus] | None:
        """What stands at an address, before it is dressed; ``None`` for a file that is sent from the disk as it is."""
        if path == "/":
            return self._index(), _HTML, HTTPStatus.OK
        if path.startswith(PREFIX):
            try:
                sheet = self.server.sheets.answer(path, query)
            except NoRegion:
                sheet = None  # the problem stands on every page
            return (*sheet, HTTPStatus.OK) if sheet else (self._lost(""), _HTML, HTTPStatus.NOT_FOUND)
        place = self._place(path)
        target = self.showing.out / place
        if place.split("/")[0] == STORE:
            return self._lost(""), _HTML, HTTPStatus.NOT_FOUND
        if self.showing.gone(place):
            return self._lost(place.split("/")[0]), _HTML, HTTPStatus.NOT_FOUND
        data = self.showing.page(place)
        if target.suffix == ".html" and (draft := self.showing.draft(place)) is not None:
            return self._of_draft(place, draft if RELEASED not in query else None), _HTML, HTTPStatus.OK
        if data is None and target.is_dir():
            return None  # led on to the address with a slash
        if data is None and target.suffix == ".html" and target.is_file():
            data = target.read_bytes()
        if data is not None:
            return data, _HTML if target.suffix == ".html" else self.guess_type(str(target)), HTTPStatus.OK
        return None if target.is_file() else (self._lost(place.split("/")[0]), _HTML, HTTPStatus.NOT_FOUND)

    def _of_draft(self, place: str, draft: bytes | None) -> bytes:
        """A draft, marked as one on the screen and on paper; without it what is released, with the way to the draft."""
        if draft is None:
            data = self.showing.page(place) or (self.showing.out / place).read_bytes()
            text, link, to = self.say("This is what was released. The file says something else now."), self.say("See the draft"), "?"
            return _inserted(data, f'{_DRAFT_STYLE}<div class="sg-draft">{text} <a href="{to}">{link}</a></div>')
        mark = self.say("Draft, not released")
        text = self.say(
            "So the page will look when it is released («sitegen release»). Until then everybody else sees what was released before."
        )
        there = (self.showing.out / place).is_file() or self.showing.page(place) is not None
        link = f' <a href="?{RELEASED}">{self.say("See what was released")}</a>' if there else ""
        shown = _inserted(
            draft,
            f'{_DRAFT_STYLE}<div class="sg-draft"><strong>{mark}</strong> {text}{link}</div><div class="sg-mark" aria-hidden="true">{mark}</div>',
        )
        return shown.replace(b"<title>", f"<title>【{mark}】".encode(), 1)

    def _lost(self, host: str) -> bytes:
        """The host's own page for addresses where there is nothing."""
        own = self.showing.out / host / "404.html"
        if host in self.showing.hosts and own.is_file():
            return own.read_bytes()
        return _page(self.say("There is nothing at this address"), f'<p><a href="/">{self.say("All hosts")}</a></p>')

    def _dressed(self, data: bytes) -> bytes:
        digest = self._digest(self.path, data)
        for host in self.showing.hosts:
            for before in ('"', "url="):
                data = data.replace(f"{before}https://{host}/".encode(), f"{before}/{host}/".encode())
        data = data.replace(b'search.js" data-root=', b'search.js" data-apart data-root=')
        # The preview's own script and what is wrong are not part of what is published, so the page's policy is lifted here.
        data = data.replace(b'http-equiv="Content-Security-Policy"', b'name="csp-lifted-for-preview"')
        if said := panel(self.showing.said, self.server.lang):
            data = _inserted(data, said)
        script = (_SCRIPT % (CHANGES, digest)).encode()
        return data.replace(b"</body>", script + b"</body>") if b"</body>" in data else data + script

    def _digest(self, path: str, data: bytes) -> str:
        """Changes when a browser would show another page: by its bytes, the pictures beside it, and what is wrong."""
        h = hashlib.sha256(data)
        h.update(repr((self.showing.said, self.showing.build if path.startswith(PREFIX) else 0)).encode())
        for picture in _beside(Path(self.translate_path(urlsplit(path).path))):
            info = picture.stat()
            h.update(_content(str(picture), info.st_size, info.st_mtime_ns))
        return h.hexdigest()[:24]

    def _tell_changes(self, page: str, digest: str) -> None:
        """Server-sent events: one, when the page is not what the browser has."""
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        with self.showing.seeing(self._place(urlsplit(page).path)):
            self._tell_when_another(page, digest)

    def _place(self, path: str) -> str:
        """Where what is shown at an address lies below the folder of all hosts."""
        target = Path(self.translate_path(path))
        return (target / "index.html" if path.endswith("/") else target).relative_to(self.showing.out).as_posix()

    def _tell_when_another(self, page: str, digest: str) -> None:
        asked = urlsplit(page)
        seen = self.showing.wait(-1, 0)
        while not self.server.ended:
            try:
                found = self._found(asked.path, asked.query)
                another = found is not None and found[1] == _HTML and self._digest(page, found[0]) != digest
            except OSError:
                another = False  # just being switched: there is word again when it is done
            self.wfile.write(b"data: reload\n\n" if another else b": still the same\n\n")
            self.wfile.flush()
            if another:
                return
            seen = self.showing.wait(seen, _ALIVE)

    def _index(self) -> bytes:
        items = "".join(f'<li><a href="/{h}/">{h}</a></li>' for h in self.showing.hosts)
        return _page("sitegen", f'<h1>sitegen</h1><ul>{items}<li><a href="{PREFIX}">{self.say("Sheets")}</a></li></ul>')

    def _send(self, data: bytes, media: str, status: HTTPStatus) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Requests are not worth a line."""


def _inserted(data: bytes, what: str) -> bytes:
    """A page with something at the top of it."""
    start = data.find(b">", data.find(b"<body")) + 1 if b"<body" in data else len(data)
    return data[:start] + what.encode() + data[start:]


def panel(said: Said, lang: Lang) -> str:
    """What is wrong, to stand above a page; "" where nothing is."""
    say = translator(lang)
    out = []
    if said.problem:
        out.append(
            f'<details open class="sg-said"><summary>{say("Nothing can be built at present")}</summary><p>{html.escape(said.problem)}</p></details>'
        )
    for severity, title, kind in (
        (Severity.ERROR, say("{n} errors: what they concern stays as it was until they are mended"), ' open class="sg-said"'),
        (Severity.WARNING, say("{n} warnings"), ' class="sg-said mild"'),
    ):
        found = [f for f in said.findings if f.severity is severity]
        if found:
            more = (
                f"<p>{say('… and {n} more; «sitegen check» lists them all.').format(n=len(found) - _SHOWN)}</p>"
                if len(found) > _SHOWN
                else ""
            )
            items = "".join(_item(f, lang, say) for f in found[:_SHOWN])
            out.append(f"<details{kind}><summary>{title.format(n=len(found))}</summary><ol>{items}</ol>{more}</details>")
    return _STYLE + "".join(out) if out else ""


def _item(f: Finding, lang: Lang, say: Callable[[str], str]) -> str:
    """No line of the file is shown: it may hold what must not be repeated."""
    place = ":".join(str(part) for part in (f.file, f.line, f.column) if part is not None)
    return (
        f"<li><p>{html.escape(f.message(lang))}</p><p>{say('fix')}: {html.escape(f.fix(lang))}</p>"
        f"<p><code>{html.escape(place)} · {f.code}</code></p></li>"
    )


def _page(title: str, body: str) -> bytes:
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{html.escape(title)}</title></head>'
        f'<body style="font:18px/1.75 system-ui,sans-serif;margin:24px">{body}</body></html>'
    ).encode()


def _beside(folder: Path) -> Iterator[Path]:
    """The pictures in a page's folder, in order."""
    if folder.is_dir():
        yield from (p for p in sorted(folder.iterdir()) if p.suffix.lower() in _PICTURES)


@lru_cache(maxsize=2000)
def _content(path: str, size: int, time_ns: int) -> bytes:
    """A digest of a file as it was at a time."""
    return hashlib.sha256(Path(path).read_bytes()).digest()
