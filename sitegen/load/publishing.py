"""publish.yml → targets, with every problem at its line."""

from __future__ import annotations

from pathlib import Path

from sitegen.model.finding import Finding
from sitegen.model.publishing import PublishFile, Target

from .files import load_yaml
from .region import NoRegion

FILE = "publish.yml"


def load_targets(root: Path) -> tuple[Target, ...]:
    """The targets of a region, in the order of the file; none where there is no file. Raises :class:`NoRegion` where it is not right."""
    path = root / FILE
    if not path.is_file():
        return ()
    findings: list[Finding] = []
    got = load_yaml(PublishFile, path, root, findings)
    if got is None:
        raise NoRegion(findings)
    return got[0].targets
