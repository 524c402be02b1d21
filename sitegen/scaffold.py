"""``sitegen new region``: a start that builds, with an example of every kind of file."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sitegen.resources import resource


class NotPossible(Exception):
    """What was asked cannot be done; ``message`` is a template for ``args_``."""

    def __init__(self, message: str, **args_: Any) -> None:
        super().__init__(message.format(**args_))
        self.message, self.args_ = message, args_


def start_region(folder: Path, name: str, code: str, host: str, date: dt.date) -> list[Path]:
    """Write a region that builds as it is. Returns the files made. Raises :class:`NotPossible`; then nothing was written."""
    if folder.exists() and any(folder.iterdir()):
        raise NotPossible("{folder} is not empty; nothing was written", folder=folder)
    code = code.strip()
    if not re.fullmatch(r"\d{6}|\d{6}0{6}", code):
        raise NotPossible("«{code}» is no division code of a county: 6 digits, or 12 ending in 000000", code=code)
    code = code[:6]
    host = host if "://" in host else f"https://{host}"
    host = host if host.endswith("/") else f"{host}/"
    if not urlsplit(host).hostname or urlsplit(host).scheme not in ("http", "https"):
        raise NotPossible("«{host}» is no web address", host=host)
    files = _files(name.strip(), code, host, date)
    shutil.copytree(resource("content/catalog"), folder / "content" / "catalog")
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return [folder / "content" / "catalog", *(folder / p for p in files)]


def _files(name: str, code: str, host: str, date: dt.date) -> dict[str, str]:
    township, village = f"{code}100000", f"{code}100200"
    return {
        ".gitignore": "# 生成的内容；最后几个不向全社会公开。\n/.private/\n/public/\n/print-out/\n/slides-out/\n/kiosk-out/\n/bundle-out/\n/print-internal/\n/report/\n",
        ".gitattributes": "# 两台电脑各自登记过的台账，两边的行都保留；再运行 sitegen ledger merge。\nledger.jsonl merge=union\n",
        "region.yml": f'# 区域：一个县（市、区）和它下面的乡镇、村。\nname: {name}\ncode: "{code}000000"\n',
        "content/county/unit.yml": _unit(f"{code}000000", name, host, f"{name}人民政府", "政务公开办公室"),
        **_pages("content/county", name, date),
        "content/townships/shili-zhen/unit.yml": _unit(township, "示例镇", f"{host}shili-zhen/", "示例镇人民政府", "镇政务公开办公室"),
        **_pages("content/townships/shili-zhen", "示例镇", date),
        f"content/townships/shili-zhen/records/{date.year}-0001.md": _record(date),
        f"content/townships/shili-zhen/records/{date.year}-0001.csv": _TABLE,
        "villages/shili-zhen/shili-cun/unit.yml": _unit(
            village, "示例村", f"{host}shili-zhen/shili-cun/", "示例村村民委员会", "村务监督委员会"
        ),
    }


def _unit(code: str, name: str, url: str, organ: str, supervision: str) -> str:
    return f"""\
# 单位说明：改成本单位的名称、网址、电话。
code: "{code}"
name: {name}
site: {{url: {url}}}
organs:
  - {{id: main, name: {organ}}}
contact: {{phone: 请填写电话, address: 请填写地址, hours: 周一至周五 8:30–17:00}}
supervision: {{name: {supervision}, phone: 请填写监督电话}}
"""


def _pages(folder: str, name: str, date: dt.date) -> dict[str, str]:
    return {f"{folder}/pages/{kind}.md": text for kind, text in government_pages(name, date).items()}


def government_pages(name: str, date: dt.date) -> dict[str, str]:
    """By kind: what the disclosure column of every government has beside its records."""
    texts = {
        "guide": ("政府信息公开指南", f"为方便公民、法人和其他组织获取{name}政府信息，编制本指南。"),
        "rules": (
            "政府信息公开制度",
            f"{name}按照《中华人民共和国政府信息公开条例》公开政府信息。请在这里写明本单位的发布审查、保密审查制度。",
        ),
        "apply": ("依申请公开", "申请人可以当面、邮寄或者通过网络提出申请。请在这里写明受理机构、地址、电话和办理时限。"),
    }
    return {kind: _page(kind, title, date, text) for kind, (title, text) in texts.items()}


def _page(kind: str, title: str, date: dt.date, text: str) -> str:
    return f"---\nkind: {kind}\ntitle: {title}\nupdated: {date}\n---\n{text}\n"


def _record(date: dt.date) -> str:
    return f"""\
---
id: {date.year}-0001
title: {date.year}年耕地地力保护补贴发放公示
item: SNBT-01
period: {date.year}
issuer: main
attribute: 主动公开
reviewed: [{{step: 村务监督委员会审核, by: 示例村村务监督委员会, on: {date}}}]
formed: {date}
published: {date}
posting: {{from: {date}, days: 7, kind: working}}
table: {date.year}-0001.csv
---
根据国家有关规定，现将{date.year}年耕地地力保护补贴发放情况予以公示。

**各村不用另写文件：** 表中“村”一列写明的村，会自动得到自己的页面、公示单和二维码。
"""


_TABLE = """\
村,村民小组,户编号,承包方代表,补贴面积(亩),补贴标准(元/亩),补贴金额(元)
示例村,第一组,001,张*三,10.50,71.00,745.50
示例村,第一组,002,李*四,8.00,71.00,568.00
示例村,第二组,003,王*五,12.20,71.00,866.20
"""
