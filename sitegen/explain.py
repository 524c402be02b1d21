"""What a rule is for: on the terminal (``sitegen check --explain CODE``) and as a page of all rules.

``python -m sitegen.explain FILE`` writes the page.
"""

from __future__ import annotations

import datetime as dt
import string
import sys
import textwrap
from pathlib import Path

from rapidfuzz import process

from sitegen.model.finding import Lang, Rule, Severity, translator
from sitegen.model.rules import FAMILIES, RULES

_WIDTH = 100
_ACCEPTED_FOR = dt.timedelta(days=90)


def find(code: str) -> Rule | None:
    """The rule that somebody means by ``code``: SG502, sg502 or 502."""
    code = code.strip().upper()
    return RULES.get(code if code.startswith("SG") else f"SG{code}")


def near(code: str) -> list[Rule]:
    """Rules whose code is like one that does not exist, of the same family where there is one; a whole family for its beginning."""
    code = code.strip().upper()
    family = [known for known in RULES if len(code) > 2 and known.startswith(code[:3])]
    if len(code) == 3 and family:
        return [RULES[known] for known in family]
    return [RULES[found] for found, *_ in process.extract(code, family or list(RULES), limit=3)]


def in_words(template: str, lang: Lang) -> str:
    """A template with … where a finding puts the facts."""
    parts = string.Formatter().parse(translator(lang)(template))
    return "".join(text + ("" if field is None else "…") for text, field, *_ in parts)


def headline(rule: Rule, lang: Lang) -> str:
    """Code and message in a line."""
    return f"{rule.code} {in_words(rule.message, lang)}"


def explain(rule: Rule, lang: Lang, today: dt.date) -> str:
    """Everything there is to say of a rule. ``today`` only dates the example of an acceptance."""
    say = translator(lang)
    parts = [
        (headline(rule, lang), _wrapped(_consequence(rule, lang), lang)),
        (say("What it is for"), _wrapped(say(rule.why), lang)),
        (say("How to put it right"), _wrapped(in_words(rule.fix, lang), lang)),
        (say("Wrong, for example"), rule.bad),
        (say("Right, for example"), rule.good),
    ]
    if rule.acceptable:
        until = (min(today, dt.date.max - _ACCEPTED_FOR) + _ACCEPTED_FOR).isoformat()
        entry = say("accept: [{{code: {code}, why: the reason, who: who answers for it, until: {until}}}]").format(
            code=rule.code, until=until
        )
        parts.append((say("It may be accepted in writing, for a time: in the head of the record write"), entry))
    else:
        parts.append((say("It cannot be accepted in writing."), ""))
    return "\n\n".join(title + (f"\n{textwrap.indent(text, '  ')}" if text else "") for title, text in parts)


def _consequence(rule: Rule, lang: Lang) -> str:
    say = translator(lang)
    if rule.severity is Severity.ERROR:
        if rule.blocks:
            return say("An error: nothing is built until it is corrected.")
        return say("An error: what it is in is held back until it is corrected.")
    if rule.severity is Severity.WARNING:
        return say("A warning: it is published all the same.")
    return say("For your information.")


def _wrapped(text: str, lang: Lang) -> str:
    """English in lines of a readable length; a terminal breaks Chinese anywhere."""
    return textwrap.fill(text, _WIDTH) if lang == "en" else text


def reference() -> str:
    """The page of all rules, in Markdown: English with the Chinese message beside it."""
    out = [
        "# Checks",
        "",
        "Every finding of `sitegen check`, by family. Made from the registry in `sitegen/model/rules/` (`make checks`): do not edit it here.",
        "`sitegen check --explain CODE` says the same, in Chinese or English.",
        "",
        "An **error** holds back the record that it is in, together with its counterparts; one that *stops the build* is in what all records need.",
        "A **warning** is published and wants attention. *In writing* says whether a person may accept the finding for a time, in the head of the record:",
        "`accept: [{code: …, why: …, who: …, until: …}]`.",
    ]
    for family in FAMILIES:
        if family.RULES:
            out += ["", f"## {(family.__doc__ or '').strip().rstrip('.')}"]
        for rule in sorted(family.RULES, key=lambda r: r.code):
            out += ["", *_entry(rule)]
    return "\n".join(out) + "\n"


def _entry(rule: Rule) -> list[str]:
    kind = f"**{rule.severity.value}**" + (", stops the build" if rule.blocks else "")
    accepted = "may be accepted in writing" if rule.acceptable else "cannot be accepted in writing"
    return [
        f"### {_plain(headline(rule, 'en'))}",
        "",
        f"{_plain(in_words(rule.message, 'zh'))} — {kind}; {accepted}.",
        "",
        _plain(rule.why),
        "",
        f"*Fix:* {_plain(in_words(rule.fix, 'en'))}",
        "",
        "Wrong:",
        "",
        *_fenced(rule.bad),
        "",
        "Right:",
        "",
        *_fenced(rule.good),
    ]


def _fenced(text: str) -> list[str]:
    return ["```text", *text.splitlines(), "```"]


def _plain(text: str) -> str:
    """A text that means itself in Markdown."""
    for mark in "\\`*_[]<>|":
        text = text.replace(mark, f"\\{mark}")
    return text


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(reference(), encoding="utf-8")
