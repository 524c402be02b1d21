"""Who may talk to the desk: the browser on this computer that was given the address, and no page of another site.

The token is the first part of every address, so that neither another program's page nor another user of the computer finds anything. A name
that points here (DNS rebinding), a request that another site caused, and an address that tries to leave its folder are refused before anything is read.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.responses import PlainTextResponse

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

LIMIT = 64_000_000
"""Bytes of a request: a workbook or a photo."""
_TRICKS = re.compile(rb"\\|//|(?:^|/)\.\.?(?:/|$)|%(?:2e|2f|5c|00|25)", re.IGNORECASE)
_POLICY = (
    "default-src 'none'; img-src 'self' data:; style-src 'self'; script-src 'self'; connect-src 'self'; frame-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
_SHOWN = "script-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
"""For previews: pages as they are published, with their own policy, and without their scripts."""


class _TooLarge(Exception):
    pass


class Guard:
    """ASGI middleware. ``hosts`` are the values that the header Host may have."""

    def __init__(self, app: App, token: str, hosts: frozenset[str]) -> None:
        self.app, self.token, self.hosts = app, token, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        refused = self._refuse(scope)
        if refused is not None:
            status, why = refused
            await PlainTextResponse(why, status, headers={"Cache-Control": "no-store"})(scope, receive, send)
            return
        shown = scope["path"].startswith(f"/{self.token}/seen/")
        inner = {**scope, "root_path": f"/{self.token}"}
        try:
            await self.app(inner, _limited(receive), _sealed(send, _SHOWN if shown else _POLICY))
        except _TooLarge:
            await PlainTextResponse("文件太大", 413)(scope, receive, send)

    def _refuse(self, scope: Scope) -> tuple[int, str] | None:
        headers = {k.lower(): v for k, v in scope["headers"]}
        host = headers.get(b"host", b"").decode("latin-1")
        if host not in self.hosts:
            return 421, "这个地址不是工作台的地址"
        raw: bytes = scope.get("raw_path") or scope["path"].encode()
        if _TRICKS.search(raw.partition(b"?")[0]):
            return 400, "地址不对"
        first = scope["path"].lstrip("/").partition("/")[0]
        if not hmac.compare_digest(first.encode(), self.token.encode()):
            return 404, "没有这一页。请用启动时显示的完整网址打开。"
        site = headers.get(b"sec-fetch-site", b"").decode("latin-1")
        if site not in ("", "none", "same-origin"):
            return 403, "别的网站不能使用工作台"
        if scope["method"] not in ("GET", "HEAD"):
            origin = headers.get(b"origin", b"").decode("latin-1")
            if origin != f"http://{host}":
                return 403, "别的网站不能使用工作台"
        length = headers.get(b"content-length", b"0")
        if length.isdigit() and int(length) > LIMIT:
            return 413, "文件太大"
        return None


def _limited(receive: Receive) -> Receive:
    seen = 0

    async def take() -> MutableMapping[str, Any]:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > LIMIT:
            raise _TooLarge
        return message

    return take


def _sealed(send: Send, policy: str) -> Send:
    async def give(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            more = {
                "content-security-policy": policy,
                "x-content-type-options": "nosniff",
                "referrer-policy": "same-origin",
                "cache-control": "no-store",
                "cross-origin-opener-policy": "same-origin",
                "cross-origin-resource-policy": "same-origin",
            }
            kept = [(k, v) for k, v in message.get("headers", []) if k.lower().decode() not in more]
            message = {**message, "headers": [*kept, *((k.encode(), v.encode()) for k, v in more.items())]}
        await send(message)

    return give
