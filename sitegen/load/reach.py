"""A unit's apply.yml, participation.yml, channels.yml and applications.yml → how people reach it."""

from __future__ import annotations

from pathlib import Path

import yaml

from sitegen.model.applications import ApplicationsFile, Filed, YearFigures
from sitegen.model.applying import ApplyFile
from sitegen.model.channels import ChannelsFile
from sitegen.model.finding import Finding
from sitegen.model.participation import ParticipationFile
from sitegen.model.reach import M, Placed, Reach

from .files import load_yaml, relative
from .yamlfile import YamlFile


def load_reach(root: Path, folder: Path, findings: list[Finding]) -> tuple[tuple[Filed, ...], Reach]:
    """The applications entered, and the unit's other files; problems are appended."""
    applications: tuple[Filed, ...] = ()
    years: tuple[Placed[YearFigures], ...] = ()
    got = _file(ApplicationsFile, root, folder / "applications.yml", findings)
    if got is not None:
        lines, data = got.lines, got.data
        applications = tuple(
            Filed(
                one,
                got.file,
                {"": got.line("applications", n), **{k: got.line("applications", n, k) for k in sorted(one.model_fields_set)}},
            )
            for n, one in enumerate(data.applications)
        )
        years = tuple(
            Placed(one, got.file, {loc[2:]: line for loc, line in lines.items() if loc[:2] == ("years", n)})
            for n, one in enumerate(data.years)
        )
    return applications, Reach(
        apply=_file(ApplyFile, root, folder / "apply.yml", findings),
        participation=_file(ParticipationFile, root, folder / "participation.yml", findings),
        channels=_file(ChannelsFile, root, folder / "channels.yml", findings),
        years=years,
    )


def _file(model: type[M], root: Path, path: Path, findings: list[Finding]) -> Placed[M] | None:
    if not path.is_file():
        return None
    got = load_yaml(model, path, root, findings)
    return None if got is None else Placed(got[0], relative(path, root), places(got[1]))


def places(file: YamlFile) -> dict[tuple[str | int, ...], int]:
    """The line of every part of a file, by its keys and numbers."""
    found: dict[tuple[str | int, ...], int] = {}

    def walk(node: yaml.Node | None, loc: tuple[str | int, ...], line: int) -> None:
        found[loc] = line + file.first_line
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                walk(value, (*loc, str(key.value)), key.start_mark.line)
        elif isinstance(node, yaml.SequenceNode):
            for n, value in enumerate(node.value):
                walk(value, (*loc, n), value.start_mark.line)

    if file.root is not None:
        walk(file.root, (), file.root.start_mark.line)
    return found
