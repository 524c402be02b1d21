"""committee.yml of a village and assurance.yml of a county or township."""

from __future__ import annotations

from pathlib import Path

from sitegen.model.affairs import Committee, CommitteeFile
from sitegen.model.assurance import Assurance, AssuranceFile
from sitegen.model.finding import Finding

from .files import load_yaml, relative

_LISTS = ("schemes", "scores", "evaluations", "inspections")


def load_committee(root: Path, folder: Path, findings: list[Finding]) -> Committee | None:
    """The unit's supervision committee, where it has the file and it can be understood."""
    path = folder / "committee.yml"
    got = load_yaml(CommitteeFile, path, root, findings) if path.is_file() else None
    if got is None:
        return None
    data, yaml, _ = got
    return Committee(data, relative(path, root), {n: yaml.position(("reviews", n))[0] for n in range(len(data.reviews))})


def load_assurance(root: Path, folder: Path, findings: list[Finding]) -> Assurance | None:
    """The unit's assurance and supervision, where it has the file and it can be understood."""
    path = folder / "assurance.yml"
    got = load_yaml(AssuranceFile, path, root, findings) if path.is_file() else None
    if got is None:
        return None
    data, yaml, _ = got
    lines = {(key, n): yaml.position((key, n))[0] for key in _LISTS for n in range(len(getattr(data, key)))}
    return Assurance(data, relative(path, root), lines)
