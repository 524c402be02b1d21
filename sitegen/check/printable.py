"""What cannot be printed, found before anybody prints."""

from __future__ import annotations

from collections.abc import Iterator

from sitegen.load.opened import Opened
from sitegen.model.finding import Finding, finding
from sitegen.pictures import is_picture, measures


def too_large_pictures(opened: Opened) -> Iterator[Finding]:
    """Pictures in the text with more pixels than any paper has room for; only their headers are read."""
    for attached in opened.attached:
        if not is_picture(attached.file) or f"]({attached.href}" not in opened.text:
            continue
        found = measures(opened.root / attached.file)
        if found is not None and found.too_large:
            at = opened.text.index(f"]({attached.href}")
            line, column = opened.text.count("\n", 0, at) + 1, at - opened.text.rfind("\n", 0, at)
            yield finding(
                "SG343",
                opened.file,
                line,
                column,
                path=attached.href,
                megapixels=round(found.width * found.height / 1_000_000),
                unit=opened.unit.code,
                record=opened.record.front.id if opened.record else None,
            )
