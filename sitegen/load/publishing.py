"""publish.yml → targets, with every problem at its line."""

from __future__ import annotations

import re
from pathlib import Path

from msgspec.structs import replace

from sitegen.model.finding import Finding
from sitegen.model.publishing import PASSWORD, PublishFile, Target

from .files import load_yaml
from .region import NoRegion

FILE = "publish.yml"
_SECRET = re.compile(r"pass|pwd|secret|token|access|口令|密码|密钥", re.IGNORECASE)
"""Keys that somebody writes who wants to leave a password here."""


def load_targets(root: Path) -> tuple[Target, ...]:
    """The targets of a region, in the order of the file; none where there is no file. Raises :class:`NoRegion` where it is not right."""
    path = root / FILE
    if not path.is_file():
        return ()
    findings: list[Finding] = []
    got = load_yaml(PublishFile, path, root, findings)
    if got is None:
        raise NoRegion([_secret(found) for found in findings])
    return got[0].targets


def _secret(found: Finding) -> Finding:
    """A password that stands in the file is told as one, and its line is not repeated."""
    args = dict(found.args)
    named = found.code in ("SG103", "SG113") and _SECRET.search(str(args.get("key")))
    if named or (found.code == "SG105" and args.get("problem") == PASSWORD):
        return replace(found, code="SG117", args=(("key", args.get("key")),))
    return found
