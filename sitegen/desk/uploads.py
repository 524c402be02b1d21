"""Workbooks that were dropped: kept in memory until their questions are answered and they are written or thrown away (``sitegen import``)."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Mapping

from msgspec import Struct

from sitegen.workbook.importing import read_workbook
from sitegen.workbook.intake import Intake

from .state import Desk, Nothing

_KEPT = 8


class Upload(Struct, frozen=True):
    """One workbook and what was answered so far."""

    unit: str
    name: str
    data: bytes
    item: str | None
    answers: Mapping[str, str]


class Uploads:
    """The latest workbooks, by a key that cannot be guessed."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Upload] = OrderedDict()

    def keep(self, upload: Upload, key: str | None = None) -> str:
        """Keep one, under its key or a new one."""
        key = key or secrets.token_urlsafe(12)
        self._kept[key] = upload
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return key

    def get(self, unit: str, key: str) -> Upload:
        """One of a unit. Raises :class:`Nothing` when it was thrown away."""
        found = self._kept.get(key)
        if found is None or found.unit != unit:
            raise Nothing
        return found

    def drop(self, key: str) -> None:
        """It was written."""
        self._kept.pop(key, None)


def read(desk: Desk, upload: Upload) -> Intake:
    """What the workbook would become."""
    return read_workbook(
        desk.region(), upload.data, upload.name, unit=upload.unit, item=upload.item, answers=dict(upload.answers), date=desk.today()
    )
