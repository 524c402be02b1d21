"""Why pages were built, of every unit: small in memory, since a cold build has a reason for each of its files."""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Iterator, Mapping

from sitegen.machines import Why


class Reasons(Mapping[str, Why]):
    """By code of a unit, in order of codes. What was put in is kept packed and unpacked whenever it is asked for."""

    def __init__(self) -> None:
        self._packed: dict[str, bytes] = {}

    def put(self, code: str, why: Why) -> None:
        """Why the pages of a unit were built."""
        self._packed[code] = zlib.compress(pickle.dumps(dict(why), protocol=5), 1)

    def __getitem__(self, code: str) -> Why:
        why: Why = pickle.loads(zlib.decompress(self._packed[code]))
        return why

    def __contains__(self, code: object) -> bool:
        return code in self._packed

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._packed))

    def __len__(self) -> int:
        return len(self._packed)
