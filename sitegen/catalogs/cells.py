"""The cells of the official table: how the model's values are written in them, and read back from any spelling met.

Writing and reading stand side by side: what is written is read back as it was.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from sitegen.model.base import Level
from sitegen.model.catalog import Item, Subjects
from sitegen.model.region import Catalog
from sitegen.model.table import fold
from sitegen.view import basis_text

from .marks import plain

# ---- 公开内容(要素)

_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_BULLET = re.compile(r"^\s*[●〇○◆◇■□·•▪]\s*(?:[(（]?(?:必选|可选)[)）]?[:：]?)?")


def write_elements(elements: Sequence[str]) -> str:
    """One element a line, numbered where there are several or one would be read as several."""
    if len(elements) == 1 and read_elements(elements[0]) == tuple(elements):
        return elements[0]
    return "\n".join(f"{n}．{text}" for n, text in enumerate(elements, 1))


def read_elements(text: str) -> tuple[str, ...]:
    """The elements: numbered on lines or in running text, a line each, with bullets (●必选), or separated by ；."""
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    lines = _whole_lines(lines)
    found = _numbered_lines(lines) or (_numbered_inline(lines[0]) if len(lines) == 1 else None)
    if found is None:
        parts = lines if len(lines) > 1 else re.split("[；;]", lines[0]) if lines else []
        if len(parts) > 1 or (parts and _BULLET.match(parts[0])):
            parts = [_BULLET.sub("", p) for p in parts]
        found = parts
    return tuple(e for part in found if (e := re.sub("[；;，,\\s]+$", "", part).strip()))


def _whole_lines(lines: list[str]) -> list[str]:
    """A line that ends within brackets was broken by the cell's width."""
    whole: list[str] = []
    for line in lines:
        if whole and len(re.findall("[(（]", whole[-1])) > len(re.findall("[)）]", whole[-1])):
            whole[-1] += line
        else:
            whole.append(line)
    return whole


def _number(n: int) -> str:
    circled = _CIRCLED[n - 1] if n <= len(_CIRCLED) else "(?!)"
    return rf"(?:{n}\s*[．、]|{n}\s*\.(?!\d)|[(（]\s*{n}\s*[)）]、?|{circled}、?)"


def _numbered_lines(lines: list[str]) -> list[str] | None:
    if len(lines) == 0 or not re.match(_number(1), lines[0]):
        return None
    if len(lines) == 1 and _numbered_inline(lines[0]):
        return None
    parts: list[str] = []
    for line in lines:
        if m := re.match(_number(len(parts) + 1), line):
            parts.append(line[m.end() :])
        else:
            parts[-1] += line  # broken by the cell's width
    return parts


def _numbered_inline(text: str) -> list[str] | None:
    """1.…；2.…；3.… in one line; ``None`` unless there is a second."""
    first = re.match(_number(1), text)
    if not first:
        return None
    parts: list[str] = []
    start = first.end()
    while m := re.compile(rf"(?<=[；;。，,\s])\s*{_number(len(parts) + 2)}").search(text, start):
        parts.append(text[start : m.start()])
        start = m.end()
    return [*parts, text[start:]] if parts else None


# ---- 公开依据


class Cited(Struct, frozen=True):
    """A legal source as a cell names it."""

    name: str
    """Without the outer 《》."""
    number: str | None
    article: str | None


_DOCUMENT_NUMBER = re.compile(r"\s*[(（]\s*([^()（）]*(?:[〔［\[]\d{4}[〕］\]]|令|号)[^()（）]*)[)）]")
_EDITION = re.compile(r"\s*[(（][^()（）]*(?:年|修订|修正)[^()（）]*[)）]")
_ARTICLE = re.compile(r"\s*(第[^；;\n]*)")


def write_basis(item: Item, catalog: Catalog) -> str:
    """One source a line."""
    return "\n".join(basis_text(catalog, ref) for ref in item.basis)


def read_basis(text: str, known: Sequence[str] = ()) -> tuple[list[Cited], list[str]]:
    """The sources that a cell names, and the parts of it that name none. ``known`` are names that may stand without 《》."""
    cited: list[Cited] = []
    unread: list[str] = []
    for part in _top_level(text):
        part = re.sub(r"^\s*(?:\d+\s*[.．、]|[(（]\d+[)）]|[" + _CIRCLED + r"])\s*", "", part).strip()
        if not part:
            continue
        spans = [(start, end) for start, end in _quoted(part) if part[start + 1 : end - 1].strip("《》 ")]
        if not spans:
            bare = next((name for name in sorted(known, key=len, reverse=True) if part.startswith(name)), None)
            if bare is not None:
                cited.append(_cited(bare, part[len(bare) :]))
            elif part.startswith("第") and cited:
                cited[-1] = Cited(cited[-1].name, cited[-1].number, "、".join(filter(None, (cited[-1].article, part.strip("，,、。 ")))))
            else:
                unread.append(part)
            continue
        for n, (start, end) in enumerate(spans):
            after = part[end : spans[n + 1][0] if n + 1 < len(spans) else len(part)]
            cited.append(_cited(part[start + 1 : end - 1], after))
    return cited, unread


def _cited(name: str, after: str) -> Cited:
    number = None
    if m := re.match(r"\s*[(（]([试暂]行)[)）]", after):
        name, after = f"{name}（{m[1]}）", after[m.end() :]
    if m := _DOCUMENT_NUMBER.match(after):
        number, after = m[1].strip(), after[m.end() :]
    elif m := _EDITION.match(after):
        after = after[m.end() :]
    article = m[1] if (m := _ARTICLE.match(after)) else None
    return Cited("".join(name.split()), number, (article or "").strip("，,、。和及 ") or None)


def _top_level(text: str) -> list[str]:
    """The text divided at ；and line ends that stand outside 《》; a line that a cell's width broke is put together."""
    parts, depth = [""], 0
    for c in text:
        depth += (c == "《") - (c == "》")
        if depth <= 0 and c in "；;\n":
            parts.append("")
        elif c != "\n":
            parts[-1] += c
    return parts


def _quoted(text: str) -> list[tuple[int, int]]:
    """Where the outermost 《…》 stand."""
    spans: list[tuple[int, int]] = []
    depth = start = 0
    for i, c in enumerate(text):
        if c == "《":
            start = i if depth == 0 else start
            depth += 1
        elif c == "》" and depth:
            depth -= 1
            if depth == 0:
                spans.append((start, i + 1))
    return spans


def law_key(name: str) -> str:
    """A law's name for looking it up: without the state's name, editions and outer 《》."""
    key = re.sub(r"\((?:\d{4}年?)?(?:修订|修正|修改)[^)]*\)|\(\d{4}年?(?:版|修订|修正)?\)", "", fold(name))
    return key.strip("《》").replace("〈", "《").replace("〉", "》").removeprefix("中华人民共和国")


# ---- 公开主体

_LEVELS = {"county": "县级", "township": "乡级", "village": "村级"}
_COUNTY_WORDS = re.compile("乡村振兴|农业农村|城乡|城镇|乡镇企业")
"""Words of the names of a county's departments that sound like a township or a village."""
_LABEL = re.compile(r"\s*(?:[(（]?\s*([县区市乡镇街道村社居、（()） /]{1,12}级)\s*[)）]?)\s*[:：]\s*")


def write_subject(subject: Subjects) -> str:
    """The publisher; with its level where there are several."""
    named = [(level, text) for level in Level if (text := getattr(subject, level.value))]
    if len(named) == 1:
        return str(named[0][1])
    return "\n".join(f"{level.zh}：{text}" for level, text in named)


def read_subject(text: str, levels: Sequence[Level]) -> tuple[dict[str, str], list[tuple[Level, str]]]:
    """Publisher by level, and the levels that had none of their own with what was taken for them.

    Where the cell does not name the levels, offices are told apart by their names: 村民委员会 is a village's, 乡镇人民政府 a township's.
    """
    labelled = _labelled(text)
    whole = "、".join(part.strip() for part in re.split(r"\n", text) if part.strip())
    if not labelled and len(levels) == 1:
        return {levels[0].value: whole}, []
    found = labelled or _by_office(whole, levels)
    borrowed: list[tuple[Level, str]] = []
    for level in levels:
        if level.value not in found:
            borrowed.append((level, whole if not labelled else next(iter(labelled.values()))))
    return {**found, **{level.value: taken for level, taken in borrowed}}, borrowed


def _labelled(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in re.split(r"\n|[；;]", text):
        m = _LABEL.match(part)
        if m is None:
            return {}
        for level in levels_in(m[1]) if part[m.end() :].strip() else ():
            found[level.value] = part[m.end() :].strip()
    return found


def _by_office(text: str, levels: Sequence[Level]) -> dict[str, str]:
    by_level: dict[str, list[str]] = {}
    for office in (o.strip() for o in re.split(r"[、，,；;/\s]|(?<=[局会府部处])(?:及|和|或)", text)):
        if not office:
            continue
        word = _COUNTY_WORDS.sub("", office)
        if re.search("村|居委会|居民委员会|社区", word):
            level = Level.VILLAGE
        elif re.search("乡|镇|街道|司法所|派出所|卫生院|中心学?校", word):
            level = Level.TOWNSHIP
        else:
            level = Level.COUNTY
        if level not in levels:
            level = levels[0]
        by_level.setdefault(level.value, []).append(office)
    return {level: "、".join(offices) for level, offices in by_level.items()}


def levels_in(text: str) -> tuple[Level, ...]:
    """The levels that a heading or cell names: 乡、村级 is two, 市级 none of ours."""
    word = re.sub(r"城镇|农村居民", "", plain(text))
    found = []
    if re.search(r"县|区(?!域)(?<!社区)", word):
        found.append(Level.COUNTY)
    if re.search(r"乡|镇|街道", word):
        found.append(Level.TOWNSHIP)
    if re.search(r"村|社区|居级|居委会", word):
        found.append(Level.VILLAGE)
    return tuple(found)
