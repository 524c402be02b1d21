"""The door to MkDocs: shells that are reused give the very pages that full rendering gives, and the way out is open."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sitegen.flat import paths
from sitegen.site import engine, shell
from sitegen.site.spec import PageSpec
from tests.sample_view import township_view, village_view

ROOT = Path(__file__).parent.parent

_PROPERDOCS = """
import sys
if sys.argv[1] == "properdocs":
    import properdocs.replacement
from pathlib import Path
from sitegen.site.engine import build_unit
from tests.sample_view import village_view
build_unit(village_view(), Path(sys.argv[2]), Path("."))
import mkdocs.commands.build as used
print(used.__name__)
"""


def pages(out: Path) -> dict[str, str]:
    """Every page of a unit, by where it will be served."""
    return {
        f"{part}/{path}": (out / part / str(n)).read_text(encoding="utf-8")
        for part in ("site", "q")
        for n, path in enumerate(paths(out / part))
        if path.endswith(".html")
    }


@pytest.mark.parametrize("view", [village_view(), township_view()], ids=["village", "township"])
def test_a_reused_shell_gives_the_page_that_full_rendering_gives(view: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine.build_unit(view, tmp_path / "spliced", ROOT)  # type: ignore[arg-type]
    page = shell.Shells.page

    def full(self: shell.Shells, spec: PageSpec) -> tuple[str, str | None]:
        self.shells.clear()
        return page(self, spec)

    def of_its_own(self: shell.Shells, spec: PageSpec, depth: int) -> list[str]:
        html = self._rendered(spec, self.tools.at(spec))
        return shell._MARK.split(html.replace("@@sg:csp@@", shell.csp(html)))

    monkeypatch.setattr(shell.Shells, "page", full)
    monkeypatch.setattr(shell.Shells, "_shell", of_its_own)
    engine.build_unit(view, tmp_path / "full", ROOT)  # type: ignore[arg-type]
    spliced, whole = pages(tmp_path / "spliced"), pages(tmp_path / "full")
    assert spliced.keys() == whole.keys()
    for name in whole:
        assert spliced[name] == whole[name], name


def test_every_page_carries_a_policy_without_unsafe_inline(tmp_path: Path) -> None:
    engine.build_unit(village_view(), tmp_path / "out", ROOT)
    site = {name: text for name, text in pages(tmp_path / "out").items() if name.startswith("site/")}
    for name, text in site.items():
        assert 'http-equiv="Content-Security-Policy"' in text, name
        assert "unsafe" not in text
        assert " onclick=" not in text
        assert " style=" not in text, name


def test_properdocs_gives_the_same_addresses(tmp_path: Path) -> None:
    found = {}
    for name in ("mkdocs", "properdocs"):
        out = tmp_path / name
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "NO_MKDOCS_2_WARNING": "1"}
        done = subprocess.run(
            [sys.executable, "-c", _PROPERDOCS, name, str(out)], cwd=ROOT, capture_output=True, text=True, check=False, env=environment
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout.split()[-1].startswith(name)
        found[name] = sorted(pages(out))
    assert found["properdocs"] == found["mkdocs"]


def test_mkdocs_itself_shows_the_county(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "-q", "-d", str(tmp_path / "site")], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    home = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert "青禾县" in home
    assert (tmp_path / "site" / "catalog" / "index.html").is_file()
    assert (tmp_path / "site" / "assets" / "stylesheets" / "board.css").is_file()
