"""Say for which systems and versions of Python every pinned package that the program needs to run comes as a ready wheel: nobody needs a compiler.

Asks the package index through pip, without installing anything: run it when constraints.txt changes, ``python tools/wheels.py [3.12.0 …]``. What it finds
stands in docs/install.md.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
PYTHONS = ("3.11.5", "3.12.0", "3.13.0", "3.14.0")
_LINUX = (5, 12, 17, 24, 26, 27, 28, 31, 34)
SYSTEMS = {
    "Windows, 64-bit": ("win32", "Windows", "AMD64", ("win_amd64",)),
    "macOS 14, Apple": ("darwin", "Darwin", "arm64", tuple(f"macosx_{n}_0_arm64" for n in range(11, 15))),
    "macOS 14, Intel": (
        "darwin",
        "Darwin",
        "x86_64",
        (*(f"macosx_10_{n}_{a}" for n in range(9, 17) for a in ("x86_64", "universal2")), *(f"macosx_{n}_0_x86_64" for n in range(11, 15))),
    ),
    "Linux, x86-64": ("linux", "Linux", "x86_64", ("manylinux2014_x86_64", *(f"manylinux_2_{n}_x86_64" for n in _LINUX))),
    "Linux, ARM": ("linux", "Linux", "aarch64", ("manylinux2014_aarch64", *(f"manylinux_2_{n}_aarch64" for n in _LINUX))),
}


def runtime(python: str, platform: str, system: str, machine: str) -> list[str]:
    """Name==version of all that is installed with the program there, as constraints.txt pins it."""
    pins: dict[str, list[Requirement]] = {}
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines():
        if "==" in line:
            one = Requirement(line)
            pins.setdefault(one.name, []).append(one)
    there = {
        **default_environment(),
        "python_version": python.rpartition(".")[0],
        "python_full_version": python,
        "sys_platform": platform,
        "platform_system": system,
        "platform_machine": machine,
        "os_name": "nt" if platform == "win32" else "posix",
        "extra": "",
    }
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    todo, seen = [Requirement(text) for text in project["dependencies"]], dict[str, str]()
    while todo:
        need = todo.pop()
        name = re.sub(r"[-_.]+", "-", need.name).lower()
        if name in seen or (need.marker and not need.marker.evaluate(there)):
            continue
        fitting = [p for p in pins.get(name, ()) if p.marker is None or p.marker.evaluate(there)]
        seen[name] = f"{name}{fitting[0].specifier}" if fitting else name
        try:
            todo += map(Requirement, distribution(name).requires or [])
        except PackageNotFoundError:
            continue  # needed there, not here
        if name == "pikepdf" and platform == "darwin":
            todo.append(Requirement("deprecated"))  # of the older version there
        if name == "deprecated":
            todo.append(Requirement("wrapt"))
    return [seen[name] for name in sorted(seen)]


def lacking(wanted: list[str], python: str, platforms: tuple[str, ...]) -> list[str]:
    """The packages without a wheel. Raises ``RuntimeError`` when the index does not answer."""
    found: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "install", "-q", "--dry-run", "--ignore-installed", "--no-deps", "--only-binary=:all:"]
        command += ["--python-version", python, *(o for p in platforms for o in ("--platform", p)), "--target", folder]
        while len(found) < len(wanted):
            run = subprocess.run([*command, *(w for w in wanted if w not in found)], capture_output=True, text=True, check=False)
            if run.returncode == 0:
                return found
            named = re.search(r"No matching distribution found for (\S+)", run.stderr)
            if named is None or named[1] in found:
                raise RuntimeError(run.stderr)
            found.append(named[1])
    return found


def main(pythons: tuple[str, ...]) -> int:
    """Print a line for every system; 1 when a wheel is lacking."""
    bad = 0
    for python in pythons or PYTHONS:
        for name, (platform, system, machine, platforms) in SYSTEMS.items():
            wanted = runtime(python, platform, system, machine)
            found = lacking(wanted, python, platforms)
            print(f"Python {python}, {name}: {', '.join(found) or f'all {len(wanted)} wheels'}", flush=True)
            bad += bool(found)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(tuple(sys.argv[1:])))
