"""Two sources for one address: found before anything is written."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from sitegen.model.addresses import RESERVED
from sitegen.model.finding import Finding, finding
from sitegen.model.region import Unit

from .scope import Scope


def check_addresses(scope: Scope) -> Iterator[Finding]:
    """Every unit has an address of its own that is no page of another unit on the host."""
    seen: dict[tuple[str, str], Unit] = {}
    for unit in scope.region.units.values():
        host, path = _place(unit)
        if other := seen.get((host, path)):
            yield finding("SG308", unit.file, 1, 1, url=unit.data.site.url, other=other.file, unit=unit.code)
        seen[host, path] = unit
    for (host, path), unit in seen.items():
        steps = path.split("/") if path else []
        for n in range(len(steps)):
            above = "/".join(steps[:n])
            step = steps[n]
            taken = (host, above) in seen and step in RESERVED
            if taken or (n == 0 and step in ("assets", "search-index", "Q", "q")):
                yield finding("SG315", unit.file, 1, 1, url=f"{host}/{'/'.join(steps[: n + 1])}/", unit=unit.code)


def _place(unit: Unit) -> tuple[str, str]:
    parts = urlsplit(unit.data.site.url)
    return parts.netloc, parts.path.strip("/").lower()
