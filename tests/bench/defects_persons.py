"""Personal data in texts, tables, names of files, pictures and attachments."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from tests import office
from tests.bench.defects_files import Head, Rec, Region, Sheet
from tests.bench.defects_plan import Planted, Site, kind, locks

_FULL = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


def id_number(dice: random.Random) -> str:
    """An ID number of nobody, of 18 or 15 digits, as people write it."""
    day = f"{dice.randrange(1930, 2010)}{dice.randrange(1, 13):02}{dice.randrange(1, 29):02}"
    number = office.id_number(day, f"{dice.randrange(1, 999):03}")
    match dice.randrange(5):
        case 0:
            return number.translate(_FULL)
        case 1:
            return f"{number[:6]} {number[6:14]} {number[14:]}"
        case 2:
            return f"{number[:6]}-{number[6:14]}-{number[14:]}"
        case 3:
            return office.old_id_number(day[2:], f"{dice.randrange(1, 999):03}")
    return number


def card(dice: random.Random) -> str:
    """A card number of nobody."""
    number = office.card_number("621700" + f"{dice.randrange(10**6):06}")
    return " ".join(number[i : i + 4] for i in range(0, len(number), 4)) if dice.random() < 0.5 else number


def mobile(dice: random.Random) -> str:
    """A mobile number of nobody."""
    number = "1380000" + f"{dice.randrange(10**4):04}"
    return f"{number[:3]} {number[3:7]} {number[7:]}" if dice.random() < 0.3 else number


_NUMBERS = {"SG801": ("身份证号", id_number), "SG802": ("一卡通账号", card), "SG803": ("联系电话", mobile)}


def _text(region: Region, code: str, *words: str) -> Iterator[Site]:
    for r in region.records:

        def plant(dice: random.Random, root: Path, r: Rec = r) -> Planted:
            head = Head(root / r.file)
            line = head.add_text(dice.choice(words))
            head.save()
            return Planted((code,), ((r.file, line),), "in the text")

        yield Site(locks(region, r), plant)


def _number_in_text(region: Region, code: str) -> Iterator[Site]:
    said, make = _NUMBERS[code]
    for r in region.records:

        def plant(dice: random.Random, root: Path, r: Rec = r) -> Planted:
            head = Head(root / r.file)
            number = make(dice)
            line = head.add_text(dice.choice([f"经办时请带好材料，{said}{number}。", f"张*三（{said}：{number}）已领取。"]))
            head.save()
            return Planted((code,), ((r.file, line),), number)

        yield Site(locks(region, r), plant)


@kind
def id_number_in_text(region: Region) -> Iterator[Site]:
    """18 or 15 digits, in full width or with spaces."""
    return _number_in_text(region, "SG801")


@kind
def card_in_text(region: Region) -> Iterator[Site]:
    """A bank card."""
    return _number_in_text(region, "SG802")


@kind
def mobile_in_text(region: Region) -> Iterator[Site]:
    """A mobile number that is no unit's."""
    return _number_in_text(region, "SG803")


@kind
def home_in_text(region: Region) -> Iterator[Site]:
    """A flat."""
    return _text(region, "SG804", "张*三家住幸福路12号3单元402室，由村里上门服务。", "李*四，住址：文昌小区8号楼2单元501室。")


@kind
def illness_in_text(region: Region) -> Iterator[Site]:
    """A diagnosis."""
    return _text(region, "SG807", "张*三因患尿毒症长期透析，给予临时救助。", "王*五患恶性肿瘤，家庭生活困难。")


@kind
def weak_mask_in_text(region: Region) -> Iterator[Site]:
    """Only the birth date is hidden, or the stars are too many or too few."""
    return _text(
        region, "SG805", "领取人证件号230170********0014。", "领取人身份证号2301701990****0014。", "卡号621700*********0014，已发放。"
    )


@kind
def number_in_head(region: Region) -> Iterator[Site]:
    """A mobile number in the summary."""
    for r in region.records:

        def plant(dice: random.Random, root: Path, r: Rec = r) -> Planted:
            head = Head(root / r.file)
            line = head.set("summary", f"有疑问请联系经办人，手机{mobile(dice)}。")
            head.save()
            return Planted(("SG803",), ((r.file, line),), "summary")

        yield Site(locks(region, r), plant)


@kind
def number_in_table(region: Region) -> Iterator[Site]:
    """In a note, a reason, a column of numbers."""
    for r in region.records:
        if not r.table:
            continue

        def plant(dice: random.Random, root: Path, r: Rec = r) -> Planted | None:
            sheet = Sheet(root / str(r.table))
            columns = r.columns(sheet.head)
            names = [
                n
                for n in columns
                if n not in ("village", "group")
                and (c := r.column(n)).get("type", "string") == "string"
                and not c.get("constraints")
                and not c.get("mask")
            ]
            names = [n for n in names if n not in r.same.get("compare", ()) and n not in r.same.get("key", ()) and n != "category"]
            if not names or not sheet.plain:
                return None
            line, name = dice.choice(sheet.body), dice.choice(names)
            code = dice.choice(sorted(_NUMBERS))
            said, make = _NUMBERS[code]
            number = make(dice)
            sheet.set(
                line, columns[name], dice.choice([f"{said}{number}", f"代领人{number}", f"{sheet.cell(line, columns[name])}{said}{number}"])
            )
            sheet.save()
            return Planted((code,), ((str(r.table), line),), f"{name}: {number}")

        yield Site(locks(region, r), plant)


@kind
def id_number_as_key(region: Region) -> Iterator[Site]:
    """The household is numbered by somebody's ID number."""
    for r in region.records:
        if not r.table or not any(c["name"] == "household_no" for c in (r.schema or {})["fields"]):
            continue

        def plant(dice: random.Random, root: Path, r: Rec = r) -> Planted | None:
            sheet = Sheet(root / str(r.table))
            columns = r.columns(sheet.head)
            if "household_no" not in columns or not sheet.plain:
                return None
            line = dice.choice(sheet.body)
            sheet.set(line, columns["household_no"], office.id_number("19560709", f"{dice.randrange(1, 999):03}"))
            sheet.save()
            return Planted(("SG801", "SG208"), ((str(r.table), line),), "household_no is an ID number")

        yield Site(locks(region, r), plant)


@kind
def reason_names_illness(region: Region) -> Iterator[Site]:
    """A diagnosis in the column of notes or reasons."""
    for r in region.records:
        if not r.table or not any(c.get("mask") == "name" for c in (r.schema or {})["fields"]):
            continue

        def plant(dice: random.Random, root: Path, r: Rec = r) -> Planted | None:
            sheet = Sheet(root / str(r.table))
            columns = r.columns(sheet.head)
            name = next((n for n in ("note", "reason", "content") if n in columns), None)
            masked = next(c["name"] for c in (r.schema or {})["fields"] if c.get("mask") == "name")
            lines = [n for n in sheet.body if masked in columns and sheet.cell(n, columns[masked])]
            if name is None or not lines or not sheet.plain or name in r.same.get("compare", ()):
                return None
            line = dice.choice(lines)
            sheet.set(line, columns[name], dice.choice(["因患尿毒症", "户主患肺癌", "肢体残疾一级", "家中有精神分裂症病人"]))
            sheet.save()
            return Planted(("SG807",), ((str(r.table), line),), name)

        yield Site(locks(region, r), plant)


@kind
def income_column(region: Region) -> Iterator[Site]:
    """A column of incomes, illnesses or accounts in a list of persons."""
    for r in region.records:
        if not r.table or not any(c.get("mask") == "name" for c in (r.schema or {})["fields"]):
            continue

        def plant(dice: random.Random, root: Path, r: Rec = r) -> Planted | None:
            sheet = Sheet(root / str(r.table))
            columns = r.columns(sheet.head)
            masked = next(c["name"] for c in (r.schema or {})["fields"] if c.get("mask") == "name")
            if masked not in columns or not any(sheet.cell(n, columns[masked]) for n in sheet.body) or not sheet.plain:
                return None
            heading, value = dice.choice([("家庭年收入", "8600"), ("患病情况", "慢性病"), ("残疾等级", "二级"), ("银行卡号", "已登记")])
            sheet.add_column(heading, dict.fromkeys(sheet.body, value))
            sheet.save()
            return Planted(("SG806",), ((str(r.table), 1),), heading)

        yield Site(locks(region, r), plant)


@kind
def childrens_names(region: Region) -> Iterator[Site]:
    """A list of pupils with more than the family name."""
    for r in region.records:

        def plant(dice: random.Random, root: Path, r: Rec = r) -> Planted:
            head = Head(root / r.file)
            name = dice.choice(["李*明", "王小雨", "赵*"])
            name = name if name != "赵*" else "赵晓*"
            line = head.add_text(
                "| 学生姓名 | 补助金额 |",
                "|---|---:|",
                f"| {name.replace('*', chr(92) + '*')} | 500.00 |",
                "| 孙** | 500.00 |".replace("*", "\\*"),
            )
            head.save()
            return Planted(("SG808",), ((r.file, line + 2),), name)

        yield Site(locks(region, r), plant)


@kind
def number_in_file_name(region: Region) -> Iterator[Site]:
    """An attachment named by somebody's ID number."""
    for r in region.records:
        if r.front.get("attachments"):
            continue

        def plant(dice: random.Random, root: Path, r: Rec = r) -> Planted:
            name = f"files/shenqing-{office.id_number('19610203', f'{dice.randrange(1, 999):03}')}.docx"
            line = _attach(root, r, name, office.docx(["申请表样式，由申请人填写。"]))
            return Planted(("SG801", "SG810"), ((r.file, line), (f"{r.file.rsplit('/', 1)[0]}/{name}", None)), name)

        yield Site(locks(region, r), plant)


def _attach(root: Path, record: Rec, name: str, data: bytes) -> int:
    path = root / record.file.rsplit("/", 1)[0] / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    head = Head(root / record.file)
    line = head.set("attachments", f"[{{path: {name}, title: 附件}}]")
    head.save()
    return line


@kind
def number_in_attachment(region: Region) -> Iterator[Site]:
    """In a PDF, a document, a workbook, a presentation, an archive."""
    for r in region.records:
        if r.front.get("attachments"):
            continue

        def plant(dice: random.Random, root: Path, r: Rec = r) -> Planted:
            code = dice.choice(sorted(_NUMBERS))
            said, make = _NUMBERS[code]
            text = f"领取人张*三，{said}{make(dice)}。"
            kind_ = dice.choice(["pdf", "docx", "xlsx", "hidden.xlsx", "pptx", "odt", "zip"])
            data = {
                "pdf": lambda: office.pdf("明细表附后", text),
                "docx": lambda: office.docx(["说明如下。", text]),
                "xlsx": lambda: office.xlsx([["事项", "说明"], ["补贴", text]]),
                "hidden.xlsx": lambda: office.xlsx([["事项", "说明"], ["补贴", "见另表"]], hidden=[["事项"], [text]]),
                "pptx": lambda: office.pptx(["说明", text]),
                "odt": lambda: office.odt(["说明如下。", text]),
                "zip": lambda: office.zipped({"mingxi/shuoming.docx": office.docx([text]), "readme.txt": "说明"}),
            }[kind_]()
            name = f"files/fujian-{r.id}.{kind_.rsplit('.', 1)[-1]}"
            _attach(root, r, name, data)
            return Planted((code,), ((f"{r.file.rsplit('/', 1)[0]}/{name}", None),), f"{kind_}: {text}")

        yield Site(locks(region, r), plant)


@kind
def picture_tells(region: Region) -> Iterator[Site]:
    """Where it was taken, or whose number is in its properties."""
    for r in region.records:
        if r.front.get("attachments"):
            continue

        def plant(dice: random.Random, root: Path, r: Rec = r) -> Planted:
            name = f"files/xianchang-{r.id}.jpg"
            way = dice.randrange(3)
            data = [
                lambda: office.picture(gps=True),
                lambda: office.picture(comment=f"拍摄人手机{mobile(dice)}"),
                lambda: office.picture(artist="zhang"),
            ][way]()
            _attach(root, r, name, data)
            return Planted(("SG811", "SG803"), ((f"{r.file.rsplit('/', 1)[0]}/{name}", None),), ["place", "comment", "owner"][way])

        yield Site(locks(region, r), plant)


@kind
def not_to_be_read(region: Region) -> Iterator[Site]:
    """An attachment with a password, or a scan, that nobody looked through."""
    for r in region.records:
        if r.front.get("attachments"):
            continue

        def plant(dice: random.Random, root: Path, r: Rec = r) -> Planted:
            kind_ = dice.choice(["locked.pdf", "scan.pdf", "doc"])
            data = {"locked.pdf": office.LOCKED_PDF, "scan.pdf": office.pdf(""), "doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)}[
                kind_
            ]
            name = f"files/{r.id}-{kind_}"
            _attach(root, r, name, data)
            return Planted(("SG812",), ((f"{r.file.rsplit('/', 1)[0]}/{name}", None),), kind_)

        yield Site(locks(region, r), plant)
