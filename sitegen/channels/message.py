"""Text for chat groups: a title, two lines, a short link. Plain text that copies as it is."""

from __future__ import annotations

import re

from .notices import MASKED, Notice, date, is_posted

LONGEST = 56
"""Characters of a line that says what the record is about: two lines on a phone."""
_TITLE = 60


def message(one: Notice) -> str:
    """The message of a record: four lines, without a line break at the end."""
    return "\n".join(_clean(text) for text in (_title(one), _about(one), _when(one), one.link))


def _title(one: Notice) -> str:
    record = one.record
    sort = one.section.partition(" · ")[0]
    again = f"（第{record.rev}版，以前各版作废）" if record.rev > 1 else ""
    return f"【{sort}】{shortened(record.title, _TITLE)}{again}"


def _about(one: Notice) -> str:
    """What it is: the figures of a list; else the summary or the first sentence."""
    if one.figures and (one.record.personal or not one.summary):
        about = one.line
        if one.kept_back and one.record.personal and not one.record.rows_expired:
            return f"{shortened(about, LONGEST)}。名单不在群里发，请到{one.where}查看。"
        return shortened(about, LONGEST) + "。"
    if one.summary and not MASKED.search(one.summary):
        return shortened(one.summary, LONGEST)
    if one.kept_back:
        return f"{one.kept_back}。".replace("不在这里显示", "不在群里发")
    first = next((p for p in one.paragraphs if len(p) > 8 and not MASKED.search(p)), "")
    return shortened(first, LONGEST) or f"{one.record.issuer}公布。"


def _when(one: Notice) -> str:
    posting, ask = one.record.posting, f"{one.call}{one.phone}"
    if posting and posting.state == "upcoming":
        return f"{date(posting.start)}起公示，到{date(posting.end)}。有疑问请打{ask}。"
    if posting and is_posted(one.record):
        return f"公示到{date(posting.end)}。有异议请打{ask}。"
    over = f"公示已于{date(posting.end)}结束。" if posting else f"{date(one.record.published)}公布。"
    return f"{over}有疑问请打{ask}。"


def shortened(text: str, longest: int) -> str:
    """``text`` in at most ``longest`` characters: cut after a sentence or a clause where one ends, else with ……."""
    text = re.sub(r"\s+", " ", text).strip()
    if len(text) <= longest:
        return text
    cut = text[: longest - 2]
    for stops in ("。！？", "；，、"):
        end = max(cut.rfind(stop) for stop in stops)
        if end >= longest // 3:
            return cut[: end + 1] if stops == "。！？" else cut[:end] + "……"
    return cut + "……"


def _clean(text: str) -> str:
    """No line break, no space at the ends, nothing that is not seen."""
    return "".join(c for c in re.sub(r"\s+", " ", text) if c.isprintable()).strip()
