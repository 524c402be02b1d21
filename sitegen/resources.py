"""Where the program's own data are: the theme, the sheet templates, the standard catalogue.

In a checkout they stand at its root; a wheel carries them inside the package.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).parent


@cache
def resource(name: str) -> Path:
    """The folder or file ``name`` (``themes/board``, ``print``, ``content/catalog``, ``mkdocs.yml``)."""
    for base in (_PACKAGE / "_data", _PACKAGE.parent):
        if (base / name).exists():
            return base / name
    raise FileNotFoundError(f"the installation lacks {name}")
