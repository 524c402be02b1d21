"""Say for which systems every pinned package that the program needs to run comes as a ready wheel, so that nobody needs a compiler.

Asks the package index through pip, one package at a time and without installing anything: run it when constraints.txt changes.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).parent.parent
PYTHON = "3.14"
SYSTEMS = {
    "Windows (64-bit)": ("win_amd64",),
    "macOS 15, Apple": tuple(f"macosx_{n}_0_arm64" for n in range(11, 16)),
    "macOS 15, Intel": (
        "macosx_10_9_x86_64",
        "macosx_10_12_x86_64",
        "macosx_10_13_x86_64",
        *(f"macosx_{n}_0_x86_64" for n in range(11, 16)),
    ),
    "Linux (x86-64)": ("manylinux2014_x86_64", *(f"manylinux_2_{n}_x86_64" for n in (5, 12, 17, 24, 26, 27, 28, 31))),
    "Linux (ARM)": ("manylinux2014_aarch64", *(f"manylinux_2_{n}_aarch64" for n in (17, 24, 26, 27, 28, 31))),
}


def runtime() -> list[str]:
    """Name==version of all that is installed with the program, as constraints.txt pins it."""
    pins = dict(line.split("==") for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines() if "==" in line)
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    block = re.search(r"^dependencies = \[(.*?)^\]", project, re.DOTALL | re.MULTILINE)
    assert block
    todo, seen = re.findall(r'"([a-z0-9-]+)"', block[1]), set()
    while todo:
        name = re.sub(r"[-_.]+", "-", todo.pop()).lower()
        if name in seen:
            continue
        try:
            needs = distribution(name).requires or []
        except PackageNotFoundError:
            continue  # not needed on this system
        seen.add(name)
        todo += [m[0] for need in needs if "extra ==" not in need and (m := re.match(r"[A-Za-z0-9._-]+", need))]
    return [f"{name}=={pins[name]}" for name in sorted(seen) if name in pins]


def lacking(wanted: list[str], platforms: tuple[str, ...], folder: str) -> list[str]:
    """The packages without a wheel."""
    options = [o for p in platforms for o in ("--platform", p)]
    base = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "-q",
        "--no-deps",
        "--only-binary=:all:",
        "--python-version",
        PYTHON,
        *options,
        "-d",
        folder,
    ]
    if subprocess.run([*base, *wanted], capture_output=True, check=False).returncode == 0:
        return []
    return [one for one in wanted if subprocess.run([*base, one], capture_output=True, check=False).returncode]


def main() -> int:
    """Print a line for every system; 1 when a wheel is lacking."""
    wanted, bad = runtime(), 0
    print(f"{len(wanted)} packages, Python {PYTHON}")
    for name, platforms in SYSTEMS.items():
        with tempfile.TemporaryDirectory() as folder:
            found = lacking(wanted, platforms, folder)
        print(f"{name}: {', '.join(found) or 'all wheels'}")
        bad += bool(found)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
