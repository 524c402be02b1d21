"""The texts of a form: labels on the 说明 sheet with what stands beside them, and what a title above a table gives away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from sitegen.model.table import fold

from .books import Sheet, spelled

HELP, DATA = "说明", "数据"
"""Names of the two sheets of a form."""


class Label(Struct, frozen=True):
    """A field of a record as the form asks for it."""

    key: str
    title: str
    note: str
    """What to write, in the clerk's words."""
    kind: str = "text"
    """``text``, ``date``, ``period``, ``number``, ``choice`` or ``long``."""
    synonyms: tuple[str, ...] = ()


LABELS: tuple[Label, ...] = (
    Label("title", "标题", "写清年份、什么事、公示还是公告", synonyms=("公示标题", "名称", "公开标题")),
    Label("period", "所属期", "如：2026年、2026年第三季度、2026年9月", "period", ("期间", "报告期", "时期", "公开期间")),
    Label("batch", "批次", "分批发放的写：第一批；不分批的空着", synonyms=("第几批",)),
    Label("subject", "所涉事项", "同一时期有几件同类事项时写明是哪一件，如：修建田间路", synonyms=("事项", "项目名称", "议题")),
    Label("stage", "榜次", "三榜公示的写：一榜、二榜或三榜", "choice", ("公示榜次",)),
    Label("issuer", "发布机构", "从下拉单中选", "choice", ("公开主体", "公示单位", "落款单位", "发布单位")),
    Label("number", "文号", "没有的空着", synonyms=("发文字号",)),
    Label("formed", "成文日期", "开会、评议、造表的那一天", "date", ("形成日期", "形成时间", "评议日期", "会议日期")),
    Label("published", "发布日期", "上网、上墙的那一天", "date", ("公开日期", "公布日期", "公示日期")),
    Label("posting_from", "公示开始", "张贴的第一天；不张贴的空着", "date", ("公示开始日期", "公示起始日期", "张贴日期", "公示起")),
    Label("posting_days", "公示天数", "如：7", "number", ("公示期天数", "公示期")),
    Label("posting_kind", "天数算法", "工作日或者自然日", "choice", ("公示期算法",)),
    Label("posting_until", "公示截止", "写了天数的可以空着", "date", ("公示截止日期", "公示结束日期", "公示结束", "公示止")),
    Label("scope", "公开范围", "从下拉单中选", "choice", ("公开对象",)),
    Label("attribute", "公开属性", "从下拉单中选", "choice", ("公开方式",)),
    Label("reviewed_by", "审核人（单位）", "谁审核的", synonyms=("审核人", "审核单位", "监督审核")),
    Label("reviewed_on", "审核日期", "审核的那一天", "date", ("审核时间",)),
    Label("result_of", "所实施的决议", "公开实施结果时写那份决议的公示编号，如：2026-0002", synonyms=("决议编号", "对应决议")),
    Label("result_due", "结果公开期限", "公开决议时写：最晚哪天公开实施结果", "date", ("结果公布期限",)),
    Label("changes", "与上一榜的变动", "一行一条，写：张*三：原因。没有变动的空着", "long", ("变动原因", "增减原因")),
    Label("why", "更正原因", "改正已经发布的内容时写：改了什么、为什么", synonyms=("修订原因", "更正说明")),
    Label("summary", "一句话摘要", "一两句大白话；可以空着", synonyms=("摘要",)),
    Label("body", "正文", "一格写不下的，往下一格接着写，一格一段", "long", ("公示内容", "内容", "公开内容")),
)
BY_KEY: Mapping[str, Label] = {label.key: label for label in LABELS}
_KNOWN = {fold(word).rstrip(":："): label for label in LABELS for word in (label.title, *label.synonyms)}

END = "二、"
"""How the part of a form begins that says what to write, and is not written in."""
STAMP = "表样标识"
"""Label of the cell that says for what the form was made."""


class Written(Struct, frozen=True):
    """What stands beside a label."""

    value: Any
    where: str


def cell_name(sheet: str, row: int, column: int) -> str:
    """``数据!C5``; row and column counted from 0."""
    letters, n = "", column + 1
    while n:
        n, rest = divmod(n - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{sheet}!{letters}{row + 1}"


def read_labels(sheet: Sheet, *, own: bool = False) -> dict[str, Written]:
    """By key of the field: what is written to the right of its label; a long text goes on below, as far as the next label.

    ``own`` when it is a form of ours: there the value stands right beside the label, and what to write beside that.
    """
    found: dict[str, Written] = {}
    for r, row in enumerate(sheet.rows):
        if own and spelled(row[0] if row else "").startswith(END):
            break
        for c, value in enumerate(row[:6]):
            label = _KNOWN.get(fold(spelled(value)).rstrip(":：*")) if isinstance(value, str) else None
            if label is None or label.key in found:
                continue
            beside = next((k for k in range(c + 1, min(c + (2 if own else 4), len(row))) if spelled(row[k])), None)
            if label.kind == "long":
                texts, at = _long(sheet, r, c)
                if texts:
                    found[label.key] = Written("\n\n".join(texts), cell_name(sheet.name, *at))
            elif beside is not None:
                found[label.key] = Written(row[beside], cell_name(sheet.name, r, beside))
            break
    return found


def _long(sheet: Sheet, first: int, c: int) -> tuple[list[str], tuple[int, int]]:
    texts: list[str] = []
    for r in range(first, len(sheet.rows)):
        row = sheet.rows[r]
        if r > first and spelled(row[c] if c < len(row) else ""):
            break
        text = spelled(row[c + 1]) if c + 1 < len(row) else ""
        if text:
            texts.append(text)
    return texts, (first, c + 1)


def stamp_of(sheets: tuple[Sheet, ...], properties: Mapping[str, str]) -> dict[str, str]:
    """For what a form was made: ``item``, ``unit``, ``catalog``, ``schema``. Of the document's properties, else of the visible cell."""
    if made := {k.removeprefix("sitegen-"): v for k, v in properties.items() if k.startswith("sitegen-")}:
        return made
    for sheet in sheets:
        for row in sheet.rows:
            for c, value in enumerate(row[:-1]):
                if isinstance(value, str) and fold(value) == STAMP:
                    parts = [p.partition("=") for p in spelled(row[c + 1]).split()]
                    return {k: v for k, sep, v in parts if sep}
    return {}
