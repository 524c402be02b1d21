"""Lists that are shown as current although nobody has renewed them. Rows whose time is over leave outputs by themselves (see view.py)."""

from __future__ import annotations

from collections.abc import Iterator

from sitegen.model.finding import Finding
from sitegen.model.matter import is_public
from sitegen.model.retention import over_with_newer, successors

from .scope import Scope, at

_LONGEST = 366
"""Days after which a list of those who receive something can no longer be current: entitlements are reviewed yearly at least."""


def check_retention(scope: Scope) -> Iterator[Finding]:
    """A list that stays ``while_receiving`` is renewed."""
    public = [r for r in scope.records.values() if is_public(r)]
    over = successors(public, scope.region.catalog)
    for record in public:
        item = scope.region.catalog.items.get(record.front.item)
        if item is None or item.retention is None or not item.retention.while_receiving or record.front.table is None:
            continue
        since = record.front.revision.on or record.front.published
        if not over_with_newer(record, item, over) and (scope.date - since).days > _LONGEST:
            yield at("SG841", record, "published", since=since.isoformat())
