"""Fields → the files of a catalogue, as people write them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel

from sitegen.model.catalog import Adjustment, Field, Item
from sitegen.model.region import Catalog

from .reading import NewLaw, Read

_FLOW = ("basis", "channels", "levels", "subject", "counterpart", "expects", "retention", "review", "keywords", "formerly")
_ALWAYS = ("audience", "method")
"""Columns of the official table that are written even where they are the usual ones."""

_LAWS_HEAD = """\
# 导入的目录引用、laws.yml 中没有的依据。逐条查对原文，补上 kind（法律、行政法规、部门规章、规范性文件、地方性法规、党内法规、标准）、organ（制定机关）和
# checked_on（查对日期），再移到 laws.yml。number 是表中写的文号，未经查对。
laws:
"""


class _Flow(dict[str, Any]):
    pass


class _FlowList(list[Any]):
    pass


class _Dumper(yaml.SafeDumper):
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Lists stand below their key, as in the files written by hand."""
        super().increase_indent(flow, False)


_Dumper.add_representer(_Flow, lambda d, v: d.represent_mapping("tag:yaml.org,2002:map", v.items(), flow_style=True))
_Dumper.add_representer(_FlowList, lambda d, v: d.represent_sequence("tag:yaml.org,2002:seq", v, flow_style=True))


def field_text(field: Field) -> str:
    """The YAML file of a field: every column of the official table, and the other keys where they say something."""
    given = _plain(field) | {"section": field.section}
    head = {key: given[key] for key in Field.model_fields if key in given and key != "items"}
    return _dump(head | {"items": [_item(i) for i in field.items]})


def _item(item: Item) -> dict[str, Any]:
    made: dict[str, Any] = {}
    given = _plain(item)
    for key in Item.model_fields:
        value = getattr(item, key)
        if key not in given and key not in _ALWAYS:
            continue
        if key == "basis":
            value = [ref.law if ref.article is None else _Flow(law=ref.law, article=ref.article) for ref in item.basis]
        elif key == "deadline":
            value = item.deadline.written if not item.deadline.terms else given[key]
        elif key == "adjustments":
            value = [_Flow(_adjustment(a)) for a in item.adjustments]
        else:
            value = given.get(key, value)
        if key in _FLOW:
            value = _FlowList(value) if isinstance(value, list | tuple) else _Flow(value)
        made[key] = value
    return made


def _adjustment(one: Adjustment) -> dict[str, Any]:
    return {key: getattr(one, key) for key in Adjustment.model_fields}


def _plain(model: BaseModel) -> dict[str, Any]:
    return {key: value for key, value in model.model_dump(mode="python", exclude_defaults=True).items() if key in type(model).model_fields}


def _dump(value: Any) -> str:
    return yaml.dump(_simple(value), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=2**20)


def _simple(value: Any) -> Any:
    """Plain YAML values: levels as text, tuples as lists, nested short mappings in one line."""
    if isinstance(value, _FlowList):
        return _FlowList(_simple(v) for v in value)
    if isinstance(value, list | tuple):
        return [_simple(v) for v in value]
    if isinstance(value, dict):
        return type(value)((k, _simple(v)) for k, v in value.items())
    return str(value) if isinstance(value, str) else value


def laws_text(laws: Sequence[NewLaw]) -> str:
    """Entries of laws.yml that a person has to complete: no kind, organ or date is made up, and a number only where the table has one."""
    entries = []
    for law in laws:
        entry = {"id": law.id, "name": law.name} | ({"number": law.number} if law.number else {})
        lines = _dump([entry]).splitlines()
        entries += [f"  {line}" for line in (*lines, "  kind:", "  organ:", "  checked_on:")]
    return _LAWS_HEAD + "\n".join(entries) + "\n"


def import_texts(read: Read, folder: Path, catalog: Catalog, day: dt.date, source: str) -> dict[Path, str]:
    """The files that an import writes below the catalogue's ``folder``: a field goes where the present catalogue has it, else to
    ``fields/<seq>-<id>.yml``; laws that nobody has looked up yet go to ``laws-new.yml``.
    """
    texts: dict[Path, str] = {}
    for field in read.fields:
        known = next((f for f in catalog.fields if f.id == field.id), None)
        if known is not None:
            file = Path(catalog.places[known.items[0].id][0])
            path = folder / file.parent.name / file.name
        else:
            path = folder / "fields" / f"{field.seq:02}-{field.id.lower()}.yml"
        texts[path] = f"# 从 {source} 导入，{day.isoformat()}。\n" + field_text(field)
    if read.laws:
        texts[folder / "laws-new.yml"] = laws_text(read.laws)
    return texts


def write_all(texts: dict[Path, str]) -> None:
    """Write all files or none: each is complete beside its place before the first takes it."""
    fresh = {path: path.with_name(f".{path.name}.new") for path in texts}
    try:
        for path, new in fresh.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            new.write_text(texts[path], encoding="utf-8")
        for path, new in fresh.items():
            new.replace(path)
    finally:
        for new in fresh.values():
            new.unlink(missing_ok=True)
