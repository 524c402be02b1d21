"""A new unit: its folder, its unit.yml, the pages that a government must have."""

from __future__ import annotations

import datetime as dt
import re

from msgspec import Struct

from sitegen.catalogs.initials import initials
from sitegen.load.yamlfile import parse
from sitegen.model.base import Level
from sitegen.model.region import Region
from sitegen.model.unit import UnitFile, level_of, parent_code
from sitegen.scaffold import NotPossible, government_pages

from .heads import written


class UnitDraft(Struct, frozen=True):
    """A unit as somebody answered the questions."""

    code: str
    name: str
    folder: str
    """Last part of its folder and of its address: letters, digits, hyphens."""
    phone: str
    address: str
    supervision: str
    """Who takes complaints."""
    supervision_phone: str
    place: str
    """Where its board stands; "" for none."""


def next_code(region: Region, parent: str) -> str:
    """The next free division code right below ``parent``. Codes are assigned by statisticians: it is a proposal to be looked at."""
    if level_of(parent) is Level.COUNTY:
        used = {int(u.code[6:9]) for u in region.units.values() if u.code[6:9] != "000"}
        return f"{parent[:6]}{max(used, default=99) + 1:03}000"
    used = {int(u.code[9:]) for u in region.units.values() if u.code[:9] == parent[:9] and u.code[9:] != "000"}
    return f"{parent[:9]}{max(used, default=199) + 1:03}"


def proposed(region: Region, code: str, name: str) -> UnitDraft:
    """What is likely of a unit with this code and name. Raises :class:`NotPossible` for a code that cannot be."""
    if not re.fullmatch(r"\d{12}", code):
        raise NotPossible("«{code}» is no division code: 12 digits", code=code)
    if code in region.units:
        raise NotPossible("{code} is {name} already", code=code, name=region.units[code].data.name)
    above = parent_code(code)
    if above is None or above not in region.units:
        raise NotPossible("{code}: there is no unit above it ({above}); start that one first", code=code, above=above or "—")
    village = level_of(code) is Level.VILLAGE
    phone = region.units[above].data.contact.phone
    slug = initials(name, 20) or code[6:]
    taken = {u.folder.rpartition("/")[2] for u in region.units.values() if parent_code(u.code) == above}
    if slug in taken:
        slug = f"{slug}-{code[-3:] if village else code[6:9]}"
    return UnitDraft(
        code=code,
        name=name,
        folder=slug,
        phone=phone,
        address=f"{region.units[above].data.name}{name}" + ("村委会" if village else "人民政府"),
        supervision=f"{name}村务监督委员会" if village else f"{name}政务公开办公室",
        supervision_phone=region.units[above].data.supervision.phone,
        place="村委会院内" if village else "",
    )


def files_of(region: Region, draft: UnitDraft, date: dt.date) -> dict[str, bytes]:
    """The files of a new unit, relative to the region. Raises :class:`NotPossible` when they would not be sound."""
    above = region.units[parent_code(draft.code) or ""]
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,40}", draft.folder):
        raise NotPossible("«{folder}» cannot be part of an address: small letters, digits and - only", folder=draft.folder)
    village = level_of(draft.code) is Level.VILLAGE
    top = f"villages/{above.folder.rpartition('/')[2]}" if village else "content/townships"
    if village and not above.folder.startswith("content/"):
        top = above.folder
    folder = f"{top}/{draft.folder}"
    url = f"{above.data.site.url}{draft.folder}/"
    if any(u.data.site.url == url or u.folder == folder for u in region.units.values()):
        raise NotPossible("{url} is taken: choose another name for the folder", url=url)
    text = _unit_yml(draft, above.data, url, village=village)
    try:
        UnitFile.model_validate(parse(text).data)
    except ValueError as error:
        raise NotPossible("this would not be a sound unit.yml: {problem}", problem=str(error).splitlines()[0]) from None
    files = {f"{folder}/unit.yml": text}
    if not village:
        files |= {f"{folder}/pages/{kind}.md": page for kind, page in government_pages(draft.name, date).items()}
    return {name: content.encode() for name, content in files.items()}


def _unit_yml(draft: UnitDraft, above: UnitFile, url: str, *, village: bool) -> str:
    name = f"{above.name}{draft.name}"
    if village and draft.name.endswith("社区"):
        organs = [("dz", f"中共{name}支部委员会"), ("jwh", f"{name}居民委员会")]
    elif village:
        organs = [("dz", f"中共{name}支部委员会"), ("cwh", f"{name}村民委员会"), ("jt", f"{name}股份经济合作社")]
    else:
        organs = [("zf", f"{draft.name}人民政府")]
    lines = [
        f"# {draft.name}。名称、电话、栏位有变化时改这里。",
        f'code: "{draft.code}"',
        f"name: {written(draft.name)}",
        f"site: {{url: {url}}}",
        "organs:",
        *(f"  - {{id: {id}, name: {written(organ)}}}" for id, organ in organs),
        f"contact: {{phone: {written(draft.phone)}, address: {written(draft.address)}, hours: 周一至周五 8:30—17:00}}",
        f"supervision: {{name: {written(draft.supervision)}, phone: {written(draft.supervision_phone)}}}",
    ]
    if draft.place:
        topics = ("党务", "村务", "财务") if village else ("政务", "通知公告")
        lines += ["boards:", "  - id: main", f"    place: {written(draft.place)}", "    slots:"]
        lines += [f"      - {{id: {'ABC'[n]}, topic: {topic}, capacity: 3}}" for n, topic in enumerate(topics)]
    return "\n".join(lines) + "\n"
