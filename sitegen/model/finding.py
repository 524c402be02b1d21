"""Findings (问题): what is wrong, where, and how to put it right, in the words of the person who must fix it."""

from __future__ import annotations

import gettext
import locale
import os
from collections.abc import Callable, Iterable
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct

Lang = Literal["zh", "en"]


def N_(text: str) -> str:
    """Marks a text that findings quote, so that it is translated like a message."""
    return text


class Severity(StrEnum):
    """``error`` holds the matter back; ``warning`` is published and wants attention; ``info`` is for knowing."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for error, higher for milder."""
        return ("error", "warning", "info").index(self.value)


class Rule(Struct, frozen=True):
    """A kind of finding. ``message`` and ``fix`` are English templates; the Chinese stand in the message catalogue."""

    code: str
    severity: Severity
    message: str
    fix: str
    blocks: bool = False
    """Nothing can be built while this stands (the catalogue or a unit is not understood)."""
    acceptable: bool = True
    """A person may accept a finding in writing (``accept:``); never what identifies somebody or cannot be read."""
    why: str = ""
    """What the rule is for, with its source (law, standard, the notice's clause): an English text, translated like a message."""
    bad: str = ""
    """A short example that the rule complains about, as it would stand in a file."""
    good: str = ""
    """The same, put right."""


class Finding(Struct, frozen=True):
    """One problem at one place. Sorts by file, line, column, code."""

    code: str
    file: str
    """Path relative to the region, with forward slashes."""
    line: int | None
    column: int | None
    args: tuple[tuple[str, Any], ...] = ()
    unit: str | None = None
    """Code of the unit concerned."""
    record: str | None = None
    """Id of the record concerned, in that unit."""
    explains: tuple[tuple[str, Decimal], ...] = ()
    """By how much this may be why a column adds up to too much in this file, as (title of the column, amount): another finding
    about no more than that would be an echo."""

    @property
    def rule(self) -> Rule:
        """The rule behind the code."""
        from .rules import RULES

        return RULES[self.code]

    @property
    def severity(self) -> Severity:
        """How bad it is."""
        return self.rule.severity

    def message(self, lang: Lang | None = None) -> str:
        """What is wrong."""
        return self._say(self.rule.message, lang)

    def fix(self, lang: Lang | None = None) -> str:
        """What to do about it."""
        return self._say(self.rule.fix, lang)

    def _say(self, template: str, lang: Lang | None) -> str:
        say = translator(lang or default_lang())
        return say(template).format(**{k: say(v) if isinstance(v, str) and v else v for k, v in self.args})

    @property
    def sort_key(self) -> tuple[str, int, int, str, str]:
        """Fixed order of findings, whatever order the checks ran in."""
        return (self.file, self.line or 0, self.column or 0, self.code, repr(self.args))


def has_errors(findings: Iterable[Finding]) -> bool:
    """Whether any of them is an error."""
    return any(f.severity is Severity.ERROR for f in findings)


def finding(
    code: str,
    file: str,
    line: int | None = None,
    column: int | None = None,
    /,
    *,
    unit: str | None = None,
    record: str | None = None,
    **args: Any,
) -> Finding:
    """Make a finding; ``args`` fill the rule's templates (``explains`` is kept as it is). A list is turned into text, numbers of persons are shortened."""
    explains: tuple[tuple[str, Decimal], ...] = args.pop("explains", ())
    texts = tuple(sorted((k, _said("、".join(map(str, v)) if isinstance(v, list | tuple) else v)) for k, v in args.items()))
    return Finding(code, file, line, column, texts, unit, record, explains)


def _said(value: Any) -> Any:
    """What a finding quotes may be where somebody put an ID number by mistake."""
    from .personal import redact

    return redact(value) if isinstance(value, str) else value


@cache
def default_lang() -> Lang:
    """Chinese where the locale is Chinese, English otherwise."""
    name = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    if not name:
        name = locale.getlocale()[0] or ""
    return "zh" if name.lower().startswith(("zh", "chinese")) else "en"


@cache
def _chinese() -> gettext.NullTranslations:
    folder = Path(__file__).parent.parent / "locale"
    return gettext.translation("sitegen", folder, languages=["zh_CN"], fallback=False)


def translator(lang: Lang) -> Callable[[str], str]:
    """``str -> str``: the text in ``lang``, unchanged where there is no translation."""
    return _chinese().gettext if lang == "zh" else (lambda text: text)
