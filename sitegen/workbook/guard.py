"""Personal data stop here (``sitegen import``): what identifies a person is masked or taken out, cell by cell, and becomes a row key at most."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from sitegen.check import words
from sitegen.model.catalog import Column, TableSchema
from sitegen.model.finding import N_
from sitegen.model.number_kinds import id_check, luhn
from sitegen.model.personal import find, shortened
from sitegen.model.table import fold

from .asking import Asking
from .books import Sheet, spelled
from .figures import DAMAGE, is_damaged, plain_text
from .heads import Head, Line, Placed
from .labels import cell_name
from .masks import masked
from .rowkeys import RowKeys

NUMBER = "按顺序编号"
_IDENTITY = re.compile(r"身份证|公民身份|证件号|居民身份")
_ACCOUNT = re.compile(r"银行卡|卡号|[账帐]号|存折|一折通|一卡通|社保卡")


class Guard:
    """Lets through what may stand in a table. ``official`` are the mobile numbers that units give for contact."""

    def __init__(self, schema: TableSchema, keys: RowKeys, asking: Asking, official: frozenset[str]) -> None:
        self.schema, self.keys, self.asking, self.official = schema, keys, asking, official

    def cell(self, sheet: Sheet, at: tuple[int, int], column: Column, text: str, counts: Counter[tuple[str, str]]) -> str:
        """The text with what identifies a person masked or taken out."""
        if not text:
            return text
        if column.mask:
            hidden = masked(column.mask, text)
            if hidden is None:
                self.asking.say("SG269", cell_name(sheet.name, *at), column=column.title)
                return ""
            if hidden != fold(text):
                counts[column.name, "masked"] += 1
            return hidden
        if column.private and (digits := _personal(text)):
            counts[column.name, "key"] += 1
            return self.keys.key(digits)
        if column.type == "string":
            numbers = [f for f in find(text, column.title) if not (f.kind == "phone" and f.digits in self.official)]
            for f in reversed(numbers):
                text = f"{text[: f.start]}{text[f.end :]}".strip(" ，,；;：:")
                counts[column.name, "removed"] += 1
        return text

    def secret_columns(self, sheet: Sheet, head: Head) -> list[tuple[int, str]]:
        """Unknown columns that hold what identifies a person, those with identity numbers first."""
        found = []
        for c, said in head.unknown:
            kinds = {
                f.kind for r in range(head.body, min(head.body + 30, len(sheet.rows))) for f in find(plain_text(sheet.cell(r, c)), said)
            }
            if any(pattern.search(said) for _, pattern in words.HEADINGS[:2]) or kinds:
                found.append((c, said))
        return sorted(found, key=lambda s: (not _IDENTITY.search(s[1]), not _ACCOUNT.search(s[1]), s[0]))

    def key_column(self, mine: Mapping[str, Placed], secret: Sequence[tuple[int, str]]) -> Column | None:
        """The schema's column that tells rows apart and is in no output, where the sheet does not have it."""
        key = next((c for c in self.schema.fields if c.private and c.constraints.required), None)
        if key is None or (key.name in mine):
            return None
        if any(_IDENTITY.search(said) or _ACCOUNT.search(said) for _, said in secret):
            return key
        text = N_(
            "the list has neither «{column}» nor identity numbers. Number the rows in their order? They can then be compared with no other list"
        )
        return key if self.asking.choice(f"key:{key.name}", text, (NUMBER,), "", column=key.title) == NUMBER else None

    def key(
        self, sheet: Sheet, line: Line, key: Column, secret: Sequence[tuple[int, str]], counts: Counter[tuple[str, str]], n: int
    ) -> str:
        """The key of a row that has none: of the person's number in it, else ``n``. "" where the number cannot be relied on."""
        usable = [(c, said) for c, said in secret if _IDENTITY.search(said) or _ACCOUNT.search(said)]
        if not usable:
            return f"{n:04}"
        c, said = usable[0]
        raw = sheet.cell(line.row, c)
        digits = re.sub(r"[^0-9A-Za-z]", "", plain_text(raw))
        if is_damaged(raw) or _cut_off(digits):
            value = f"{raw:.5E}" if isinstance(raw, float | int) else shortened(spelled(raw))[:12]
            self.asking.say("SG261", cell_name(sheet.name, line.row, c), column=said, value=value, problem=DAMAGE)
            return ""
        if len(digits) < 8 or "*" in spelled(raw):
            self.asking.say("SG270", cell_name(sheet.name, line.row, c), column=key.title)
            return ""
        counts[said, "key"] += 1
        return self.keys.key(digits)


def _personal(text: str) -> str:
    """The number of a person that a private cell holds, where it holds one."""
    digits = re.sub(r"[^0-9Xx]", "", text)
    return digits if re.fullmatch(r"\d{14,19}|\d{17}[Xx]|1[3-9]\d{9}", digits) and len(digits) >= len(fold(text)) - 3 else ""


def _cut_off(digits: str) -> bool:
    """Whether a number as text ends in the zeros that a program left for the digits it lost."""
    if len(digits) == 18 and digits.endswith("000") and digits.isdecimal():
        return id_check(digits[:17]) != digits[17]
    return len(digits) in (16, 17, 19) and digits.isdecimal() and digits.endswith("0" * (len(digits) - 15)) and not luhn(digits)
