"""The files that all units of a host share: ours, and of Material's what our shell loads."""

from __future__ import annotations

import importlib.resources
import re
import shutil
from functools import cache
from pathlib import Path

from sitegen.flat import Flat
from sitegen.resources import resource
from sitegen.site.tools import Toolbox

ASSETS = "assets"
"""Their folder, below a host's root."""


def asset(name: str) -> Path | None:
    """The file of an asset by its name below the assets folder, or ``None``."""
    return _asset_files().get(name)


@cache
def _asset_files() -> dict[str, Path]:
    return {name: source for source, name in assets()}


def write_assets(out: Path) -> None:
    """Write the assets that all units of a host share, flat: ours, and of Material's what our shell loads."""
    flat = Flat(out)
    for source, name in assets():
        shutil.copyfile(source, flat.place(name))
    flat.close()


def assets() -> list[tuple[Path, str]]:
    """(file, name below the assets folder) of every asset."""
    material = Path(str(importlib.resources.files("material"))) / "templates" / ASSETS
    ours = resource("themes/board") / ASSETS
    css = material / "stylesheets" / Toolbox.material_css()
    files = [(css, f"stylesheets/{css.name}")]
    return files + [(p, p.relative_to(ours).as_posix()) for p in sorted(ours.rglob("*")) if p.is_file()]


@cache
def worded_scripts() -> dict[str, str]:
    """By name below the assets folder: our scripts that say something in Chinese."""
    scripts = {name: source for source, name in assets() if name.endswith(".js")}
    texts = {name: source.read_text(encoding="utf-8") for name, source in scripts.items()}
    return {name: text for name, text in texts.items() if re.search("[\u4e00-\u9fff]", text)}
