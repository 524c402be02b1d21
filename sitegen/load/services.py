"""A unit's services.yml and services/*.md → its halls, guides and bundles."""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import Any

from sitegen.model.finding import finding
from sitegen.model.guides import Guide, ServiceBundle, Services
from sitegen.model.record import Attachment
from sitegen.model.region import Attached
from sitegen.model.services import BundleFile, GuideFile, ServicesFile

from .files import load_front, load_yaml, relative
from .records import UnitReader
from .validate import nearest
from .yamlfile import YamlFile

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]*")


class ServiceReader(UnitReader):
    """Reads a unit's services as well."""

    def services(self) -> Services:
        """Everything of services that could be understood."""
        path = self.folder / "services.yml"
        got = load_yaml(ServicesFile, path, self.root, self.findings) if path.is_file() else None
        data = got[0] if got else None
        attached: tuple[Attached, ...] = ()
        if got:
            say = functools.partial(self._say, relative(path, self.root), got[1], {"unit": self.unit.code})
            attached = self._attachments(path, got[0].attachments, say)
        halls = None if path.is_file() and data is None else frozenset(h.id for h in data.halls) if data else frozenset()
        made = [one for p in sorted((self.folder / "services").glob("*.md")) if (one := self._service(p, halls))]
        guides = sorted((g for g in made if isinstance(g, Guide)), key=lambda g: (g.front.order, g.slug))
        bundles = sorted((b for b in made if isinstance(b, ServiceBundle)), key=lambda b: (b.front.order, b.slug))
        return Services(relative(path, self.root) if data else "", data, tuple(guides), tuple(bundles), attached)

    def _service(self, path: Path, halls: frozenset[str] | None) -> Guide | ServiceBundle | None:
        first = len(self.findings)
        loaded = load_front(_guide_or_bundle, path, self.root, self.findings, self.unit.code)
        if loaded is None:
            return None
        front, yaml, body, body_line, raw = loaded
        if front is None:
            return None
        name = relative(path, self.root)
        where = {"unit": self.unit.code}
        say = functools.partial(self._say, name, yaml, where)
        if not _SLUG.fullmatch(path.stem):
            self.findings.append(finding("SG459", name, 1, 1, name=path.name, **where))
            return None
        self._places(front, halls, say)
        attached = (*self._forms(path, front, name, yaml), *self._images(path, body, body_line, where))
        self._links(name, body, body_line, "services/x/", None)
        self._examine(name, raw, attached, first)
        if isinstance(front, BundleFile):
            return ServiceBundle(path.stem, name, front, yaml.lines(), body, attached)
        self._guide(front, name, yaml, say)
        return Guide(path.stem, name, front, yaml.lines(), body, attached)

    def _forms(self, path: Path, front: GuideFile | BundleFile, name: str, yaml: YamlFile) -> list[Attached]:
        """Samples and empty forms, with the titles that people read; a form that several materials share once."""
        found: dict[str, Attached] = {}
        for n, material in enumerate(front.materials or ()):
            for key, kind in (("sample", "样表"), ("blank", "空白表")):
                written = getattr(material, key)
                if written is None or written in found:
                    continue
                at = yaml.position(("materials", n, key))
                say = functools.partial(self._say_at, name, at)
                for one in self._attachments(path, (Attachment(path=written, title=f"{material.name}（{kind}）"),), say):
                    found[written] = one
        return list(found.values())

    def _say_at(self, name: str, at: tuple[int, int], code: str, _key: str, /, **args: Any) -> None:
        self.findings.append(finding(code, name, *at, **args, unit=self.unit.code))

    def _places(self, front: GuideFile | BundleFile, halls: frozenset[str] | None, say: Any) -> None:
        for place in front.places:
            if halls is not None and place.hall not in halls:
                say("SG457", "places", hall=place.hall, allowed=sorted(halls) or ["—"])

    def _guide(self, front: GuideFile, name: str, yaml: YamlFile, say: Any) -> None:
        if front.organ is not None and front.organ not in self.organs:
            say("SG303", "organ", organ=front.organ, allowed=self.organs)
        items, laws = self.catalog.items, self.catalog.laws
        if front.item is not None and front.item not in items and self.catalog.complete:
            near = nearest(front.item, list(items))
            say("SG302", "item", item=front.item, near=f"{near} {items[near].name}" if near else "—")
        for n, ref in enumerate(front.basis or ()):
            if ref.law not in laws and self.catalog.complete:
                at = yaml.position(("basis", n))
                self.findings.append(
                    finding("SG460", name, *at, law=ref.law, near=nearest(ref.law, list(laws)) or "—", unit=self.unit.code)
                )


def _guide_or_bundle(head: object) -> type[GuideFile] | type[BundleFile]:
    return BundleFile if isinstance(head, dict) and "matters" in head else GuideFile
