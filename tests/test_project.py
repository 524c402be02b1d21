"""The project keeps its own rules: who imports whom, what is generated is current, docs name every command."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from sitegen.cli import main
from sitegen.explain import reference
from sitegen.load.catalog import NUMBER
from sitegen.model.rules import RULES
from sitegen.schema import FILES, schema_text

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "sitegen"
MODULES = sorted(PACKAGE.rglob("*.py"))

LAYERS = ["model", "load", "check", "view", "site", "sheet", "build", "cli"]
MAY_IMPORT: dict[str, set[str]] = {
    "model": {"model"},
    "ledger": {"model"},
    "forms": {"model", "text"},
    "load": {"model", "load", "fonts", "ledger"},
    "check": {"model", "load", "check", "pictures", "code", "forms", "ledger", "aside"},
    "publish": {"model", "publish"},
    "catalogs": {"model", "load", "check", "view", "catalogs"},
    "view": {"model", "load", "check", "view", "code", "ledger", "digests"},
    "sheet": {"model", "sheet", "text", "doctree", "code", "fonts", "pictures", "resources"},
}


def imports(path: Path) -> set[str]:
    """Everything a module imports, as dotted names."""
    found: set[str] = set()
    package = path.parent.relative_to(ROOT).parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(a.name for a in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            name = ".".join([*base, *([node.module] if node.module else [])])
            found.update({name, *(f"{name}.{a.name}" for a in node.names)})
    return found


@pytest.mark.parametrize("part", sorted(MAY_IMPORT))
def test_imports_go_one_way(part: str) -> None:
    files = [p for p in MODULES if p.relative_to(PACKAGE).parts[0].removesuffix(".py") == part]
    assert files
    for path in files:
        used = {name.split(".")[1] for name in imports(path) if name.startswith("sitegen.") and name.count(".") >= 1}
        assert used <= MAY_IMPORT[part], f"{path.relative_to(ROOT)} imports {used - MAY_IMPORT[part]}"


def test_only_the_engine_imports_mkdocs() -> None:
    users = [p.relative_to(PACKAGE).as_posix() for p in MODULES if any(name.split(".")[0] == "mkdocs" for name in imports(p))]
    assert users == ["site/engine.py"]


@pytest.mark.parametrize("name", sorted(FILES))
def test_the_schemas_are_current(name: str) -> None:
    path = ROOT / "docs" / "schema" / f"{name}.schema.json"
    assert path.read_text(encoding="utf-8") == schema_text(name), "run: make schema"


def test_the_page_of_checks_is_current() -> None:
    assert (ROOT / "docs" / "checks.md").read_text(encoding="utf-8") == reference(), "run: make checks"


@pytest.mark.parametrize("code", sorted(RULES))
def test_every_rule_says_what_it_is_for_and_shows_it(code: str) -> None:
    rule = RULES[code]
    assert rule.why
    assert rule.bad
    assert rule.good
    assert rule.bad != rule.good
    assert not NUMBER.search(rule.why), "documents are named, their numbers stand in laws.yml"


def test_every_message_has_its_chinese() -> None:
    before = {p: p.read_bytes() for p in (PACKAGE / "locale").rglob("*.?o")}
    done = subprocess.run([sys.executable, str(ROOT / "tools" / "i18n.py")], capture_output=True, text=True, check=False)
    after = {p: p.read_bytes() for p in (PACKAGE / "locale").rglob("*.?o")}
    for path, data in before.items():
        path.write_bytes(data)
    assert done.returncode == 0, done.stderr
    assert before == after, "run: make i18n"


CONTEXT = click.Context(main)


def commands(group: click.Group, prefix: str = "") -> list[str]:
    found = []
    for name in group.list_commands(CONTEXT):
        command = group.get_command(CONTEXT, name)
        found += commands(command, f"{prefix}{name} ") if isinstance(command, click.Group) else [prefix + name]
    return found


def test_every_command_and_option_is_documented() -> None:
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    for name in commands(main):
        assert f"## {name}" in text, name
        command: click.Command = main
        for step in name.split():
            assert isinstance(command, click.Group)
            found = command.get_command(CONTEXT, step)
            assert found is not None
            command = found
        for option in command.params:
            if isinstance(option, click.Option):
                assert any(o in text for o in option.opts), f"{name} {option.opts}"


def test_every_dependency_has_its_reason() -> None:
    text = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8").lower()
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for block in re.findall(r"(?:dependencies|test) = \[(.*?)\]", project, re.DOTALL):
        for name in re.findall(r'"([a-z0-9-]+)[;<"]', block):
            assert name in text or name.startswith("types-"), name


def test_constraints_name_packages_and_no_hosts() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    for line in lines[1:]:
        assert re.fullmatch(r"[a-z0-9-]+==[0-9a-z.+]+(; [a-z_]+ [!=]= '[a-z0-9]+')?", line), line


@pytest.mark.skipif(shutil.which("make") is None, reason="no make here")
def test_make_installs_what_a_target_needs_on_a_clean_machine(tmp_path: Path) -> None:
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path)
    targets = re.findall(r"[a-z0-9]+", re.search(r"(?m)^\.PHONY:(.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"))[1])  # type: ignore[index]
    assert "bench" in targets
    for target in sorted({*targets} - {"clean"}):
        done = subprocess.run(["make", "-n", target], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, ""), target
        steps = done.stdout.splitlines()
        made = next(n for n, step in enumerate(steps) if "-m venv" in step)
        assert made < next(n for n, step in enumerate(steps) if step.startswith(".venv/bin/") and " -m pip " not in step), target
