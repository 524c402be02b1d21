"""What is examined in one file while it is loaded, whatever the day: kept with the unit, so that only changed units pay for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from sitegen.load.opened import Opened
from sitegen.model.finding import Finding

from .markup import markup
from .photos import bad_photos
from .printable import too_large_pictures
from .privacy import personal_data

EXAMINERS: tuple[Callable[[Opened], Iterable[Finding]], ...] = (personal_data, too_large_pictures, bad_photos, markup)
"""Each sees one file with its table and attachments."""


def examine(opened: Opened) -> Iterator[Finding]:
    """Everything the examiners find in one file."""
    for one in EXAMINERS:
        yield from one(opened)
