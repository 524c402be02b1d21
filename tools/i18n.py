"""Bring the Chinese message catalogue up to date: extract every message, merge with what is translated, compile.

Messages are the templates of the rules, the texts that ``say(...)`` is called with, the problems named in findings, the help of every command,
and what click says by itself.
"""

from __future__ import annotations

import ast
import datetime as dt
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "sitegen" / "locale" / "zh_CN" / "LC_MESSAGES"


def messages() -> list[str]:
    """Every message of the program, in fixed order."""
    sys.path.insert(0, str(ROOT))
    from sitegen.cli import main as commands
    from sitegen.commands.words import CLICK, texts
    from sitegen.model.rules import RULES

    found = {text for rule in RULES.values() for text in (rule.message, rule.fix, rule.why) if text}
    found.update(CLICK, texts(commands))
    for path in sorted((ROOT / "sitegen").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            found.update(_said(node))
    return sorted(found)


def plurals() -> tuple[tuple[str, str], ...]:
    """Messages that depend on a number."""
    from sitegen.commands.words import CLICK_PLURAL

    return CLICK_PLURAL


def _said(node: ast.AST) -> set[str]:
    """Texts given to say(), to a ValueError, NotPossible or BadChoice, as problem=…, or returned by a function named …problem or _plain."""
    found: set[str] = set()
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id if isinstance(node.func, ast.Name) else ""
        if isinstance(node.func, ast.Call):  # translator(lang)("fix")
            name = "say"
        if name in ("say", "ValueError", "NotPossible", "BadChoice", "Unreadable", "N_"):
            found.update(a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str))
        found.update(k.value.value for k in node.keywords if k.arg == "problem" and isinstance(k.value, ast.Constant))
    if isinstance(node, ast.FunctionDef) and (node.name.endswith("_problem") or node.name == "_plain"):
        for inner in ast.walk(node):
            if isinstance(inner, ast.Return):
                for part in ast.walk(inner):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str) and " " in part.value.strip():
                        found.add(part.value)
    if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "text" for t in node.targets):
        call = node.value
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "say":
            found.update(a.value for a in call.args if isinstance(a, ast.Constant))
    return {t for t in found if " " in t or t in ("fix", "new", "building", "bundling", "printing", "proving")}


def _id(text: object) -> str:
    """A message's text; of one that depends on a number the first form: Chinese has one only."""
    return str(text[0]) if isinstance(text, tuple | list) else str(text)


def main() -> None:
    """Write sitegen.po and sitegen.mo; say what is not translated."""
    path = FOLDER / "sitegen.po"
    known: dict[str, str] = {}
    if path.exists():
        with path.open("rb") as stream:
            known = {_id(m.id): _id(m.string) for m in read_po(stream, locale="zh_CN") if m.id}
    catalog = Catalog(locale="zh_CN", project="sitegen", charset="utf-8", fuzzy=False, header_comment="# 程序提示的中文译文。")
    for text in messages():
        catalog.add(text, known.get(text, ""))
    for one, many in plurals():
        catalog.add((one, many), (known.get(one, ""),))
    # A fixed date: the same messages give the same bytes.
    catalog.creation_date = catalog.revision_date = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    with path.open("wb") as stream:
        write_po(stream, catalog, sort_output=True, omit_header=False, width=0)
    with (FOLDER / "sitegen.mo").open("wb") as stream:
        write_mo(stream, catalog)
    missing = [_id(m.id) for m in catalog if m.id and not _id(m.string)]
    for text in missing:
        print(f"not translated: {text}", file=sys.stderr)
    sys.exit(1 if missing else 0)


if __name__ == "__main__":
    main()
