"""The catalogue's files → :class:`Catalog`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TypeVar, cast

from pydantic import BaseModel

from sitegen.model.affairs import Focus, FocusFile
from sitegen.model.catalog import TEXT, Exclusions, Field, Item, Laws, TableSchema
from sitegen.model.deadline import parse_deadline
from sitegen.model.dialogue import OPINIONS
from sitegen.model.finding import Finding, finding
from sitegen.model.region import Catalog

from .cache import BundleCache, program_digest, signature
from .files import digest, load_yaml, relative
from .validate import nearest
from .yamlfile import YamlFile

NUMBER = re.compile(r"[〔［\[（(【](?:19|20)\d{2}[〕］\]）)】]\s*\d+\s*号|(?:国务院|总理|主席|部)令\s*第?\s*\d+\s*号")
"""A document number (文号), such as 国办发〔2019〕54号."""

M = TypeVar("M", bound=BaseModel)


class _Loader:
    def __init__(self, root: Path, folder: Path, findings: list[Finding]) -> None:
        self.root, self.folder, self.findings = root, folder, findings
        self.raw: list[bytes] = []
        self.complete = True

    def read(self, model: type[M], path: Path) -> tuple[M, YamlFile, str] | None:
        loaded = load_yaml(model, path, self.root, self.findings)
        if loaded is None:
            self.complete = False
            return None
        made, yaml, raw = loaded
        self.raw.append(raw)
        return made, yaml, relative(path, self.root)


def load_catalog(root: Path, findings: list[Finding], cache: BundleCache | None = None) -> Catalog:
    """Read ``content/catalog``, from the cache when its files are as they were; problems are appended to ``findings``."""
    key = digest(program_digest(), repr(signature(root / "content" / "catalog")))
    if cache is not None and (kept := cache.value("content/catalog", key)):
        catalog, found = kept
        findings += found
        return cast(Catalog, catalog)
    fresh: list[Finding] = []
    catalog = read_catalog(root, root / "content" / "catalog", fresh)
    if cache is not None:
        cache.keep("content/catalog", key, (catalog, fresh))
    findings += fresh
    return catalog


def read_catalog(root: Path, folder: Path, findings: list[Finding]) -> Catalog:
    """Read the catalogue in ``folder``, wherever that is; findings name its files relative to ``root``."""
    loader = _Loader(root, folder, findings)
    laws = _laws(loader)
    tables: dict[str, TableSchema] = {OPINIONS.id: OPINIONS}
    for path in sorted((loader.folder / "tables").glob("*.yml")):
        if got := loader.read(TableSchema, path):
            tables[got[0].id] = got[0]
    fields: list[Field] = []
    items: dict[str, Item] = {}
    field_of: dict[str, Field] = {}
    where: dict[str, str] = {}
    places: dict[str, tuple[str, int, int]] = {}
    for path in [p for sub in ("fields", "village") for p in sorted((loader.folder / sub).glob("*.yml"))]:
        got_field = loader.read(Field, path)
        if got_field is None:
            continue
        field, yaml, name = got_field
        fields.append(field)
        elements: dict[tuple[str, ...], str] = {}
        for n, item in enumerate(field.items):
            line, column = yaml.position(("items", n))
            if item.id in items:
                findings.append(finding("SG404", name, line, column, item=item.id, other=where[item.id]))
                continue
            items[item.id], field_of[item.id], where[item.id] = item, field, name
            places[item.id] = name, line, column
            for i in range(len(item.adjustments)):
                places[f"{item.id}/{i}"] = name, *yaml.position(("items", n, "adjustments", i))
            _check_item(item, n, name, yaml, laws, tables, findings)
            if item.elements in elements:
                findings.append(finding("SG403", name, line, column, item=item.id, other=elements[item.elements]))
            elements.setdefault(item.elements, item.id)
    for item in items.values():
        for id in item.formerly:
            if id in items:
                findings.append(finding("SG417", *places[item.id], item=item.id, former=id, other=places[id][0]))
    exclusions = loader.read(Exclusions, loader.folder / "negative.yml") if (loader.folder / "negative.yml").exists() else None
    focus = _focus(loader, items, {f.id for f in fields})
    order = {"政务": 0, "党务": 1, "村务": 2, "财务": 3}
    return Catalog(
        fields=tuple(sorted(fields, key=lambda f: (order[f.section], f.seq))),
        items=items,
        field_of=field_of,
        laws={law.id: law for law in laws.laws},
        tables=tables,
        exclusions=exclusions[0].exclusions if exclusions else (),
        digest=digest(*loader.raw),
        complete=loader.complete,
        places=places,
        focus=focus,
    )


def _focus(loader: _Loader, items: dict[str, Item], fields: set[str]) -> tuple[Focus, ...]:
    path = loader.folder / "focus.yml"
    got = loader.read(FocusFile, path) if path.exists() else None
    if got is None:
        return ()
    data, yaml, name = got
    for n, focus in enumerate(data.focus):
        for k, id in enumerate(focus.items):
            if id not in items and id not in fields and loader.complete:
                at = yaml.position(("focus", n, "items", k))
                loader.findings.append(finding("SG461", name, *at, item=id, near=nearest(id, [*items, *fields]) or "—"))
    return data.focus


def _laws(loader: _Loader) -> Laws:
    got = loader.read(Laws, loader.folder / "laws.yml")
    if got is None:
        return Laws(laws=())
    laws, yaml, name = got
    seen: set[str] = set()
    for n, law in enumerate(laws.laws):
        if law.id in seen:
            loader.findings.append(finding("SG409", name, *yaml.position(("laws", n)), law=law.id))
        seen.add(law.id)
    return laws


def _check_item(item: Item, n: int, name: str, yaml: YamlFile, laws: Laws, tables: dict[str, TableSchema], findings: list[Finding]) -> None:
    known = [law.id for law in laws.laws]
    for i, ref in enumerate(item.basis):
        if ref.law not in known:
            findings.append(
                finding("SG401", name, *yaml.position(("items", n, "basis", i)), law=ref.law, near=nearest(ref.law, known) or "—")
            )
    parsed = parse_deadline(item.deadline.written)
    at = yaml.position(("items", n, "deadline"))
    if parsed is None and not item.deadline.terms:
        findings.append(finding("SG402", name, *at, wording=item.deadline.written))
    elif parsed is not None and item.deadline.terms and parsed != item.deadline.terms:
        findings.append(finding("SG410", name, *at, wording=item.deadline.written))
    for level in item.levels:
        if getattr(item.subject, level.value) is None:
            findings.append(finding("SG405", name, *yaml.position(("items", n, "subject")), item=item.id, level=level.zh))
    schema = tables.get(item.table) if item.table else None
    if item.table and schema is None:
        findings.append(
            finding("SG406", name, *yaml.position(("items", n, "table")), table=item.table, near=nearest(item.table, list(tables)) or "—")
        )
    if schema and item.counterpart:
        columns = {c.name for c in schema.fields}
        same = item.counterpart
        for column in (*same.key, *same.compare, *([same.slice] if same.slice and "township" in item.levels else [])):
            if column not in columns and column != TEXT:
                findings.append(finding("SG408", name, *yaml.position(("items", n, "counterpart")), item=item.id, column=column))
    for text in (item.name, item.deadline.written, *item.elements):
        if number := NUMBER.search(text):
            findings.append(finding("SG407", name, *yaml.position(("items", n)), number=number[0]))
