"""Row keys: what tells the rows of two periods apart once the identity number is gone.

A key is a keyed digest (HMAC) of the number, so that nobody without the salt can try out numbers against it. The salt is the region's, in a
private file outside everything that is built, and never in version control: all computers of the region that import need the same one.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from pathlib import Path

SALT_FILE = ".private/row-keys.salt"
_LENGTH = 12


class RowKeys:
    """Makes keys with the region's salt; where there is none yet a new one is kept in :attr:`fresh` until something is written."""

    def __init__(self, root: Path) -> None:
        try:
            self._salt = (root / SALT_FILE).read_bytes()
            self.fresh: bytes | None = None
        except FileNotFoundError:
            self._salt = self.fresh = secrets.token_bytes(32)

    def key(self, number: str) -> str:
        """The key of a number: K and 12 characters that say nothing of it."""
        plain = "".join(number.split()).upper().encode()
        return "K" + base64.b32encode(hmac.new(self._salt, plain, hashlib.sha256).digest()).decode()[:_LENGTH]
