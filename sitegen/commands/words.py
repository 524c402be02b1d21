"""What click says by itself (help, usage, slips) in the language of the messages, and set for characters that are two columns wide."""

from __future__ import annotations

import copy
import gettext
import os
import re
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TypeVar

import click

from sitegen.model.finding import Lang, default_lang, translator

C = TypeVar("C", bound=click.Command)

CLICK = (
    "Aborted!",
    "Choose from:\n\t{choices}",
    "Commands",
    "Could not open file {filename!r}: {message}",
    "Error: invalid input",
    "Error: The two entered values do not match.",
    "Error: {message}",
    "Invalid value for {param_hint}: {message}",
    "Invalid value: {message}",
    "Missing argument",
    "Missing command.",
    "Missing option",
    "No such command {name!r}.",
    "No such option {name!r}.",
    "Option {name!r} does not take a value.",
    "Options",
    "Show the version and exit.",
    "Show this message and exit.",
    "Try '{command} {option}' for help.",
    "Usage:",
    "default: {default}",
    "directory",
    "env var: {var}",
    "file",
    "path",
    "unknown error",
    "{name} {filename!r} does not exist.",
    "{name} {filename!r} is a directory.",
    "{name} {filename!r} is a file.",
    "{name} {filename!r} is not readable.",
    "{name} {filename!r} is not writable.",
    "{value!r} is not a valid {number_type}.",
    "{value} is not in the range {range}.",
)
"""What click may say to somebody who types commands."""

CLICK_PLURAL = (
    ("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)"),
    ("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})"),
    ("Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments."),
    ("{value!r} does not match the format {format}.", "{value!r} does not match the formats {formats}."),
    ("{value!r} is not {choice}.", "{value!r} is not one of {choices}."),
)
"""The same, where it depends on a number."""

_DOMAIN = "sitegen"
_PIECE = re.compile(r"[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef“”‘’…]+|\s+|.")
_CLOSING = frozenset("，。、；：？！）》」』”’…")
_OPENING = frozenset("（《「『“‘")
_spoken: Lang = "en"


def speak(arguments: Sequence[str]) -> None:
    """Choose click's language for this run: what ``--lang`` says among the arguments, else the locale's."""
    global _spoken
    _spoken = default_lang()
    for at, word in enumerate(arguments):
        option, _, value = word.partition("=")
        if option == "--lang":
            value = value or (arguments[at + 1] if at + 1 < len(arguments) else "")
            _spoken = "zh" if value == "zh" else "en" if value == "en" else _spoken
            break
    # Click asks gettext, and gettext asks the environment; on Windows there is nothing in it.
    os.environ["LANGUAGE"] = "zh_CN" if _spoken == "zh" else "en"
    gettext.bindtextdomain(_DOMAIN, str(Path(__file__).parent.parent / "locale"))
    gettext.textdomain(_DOMAIN)


def shown(command: C) -> C:
    """A copy of a command whose help is Chinese, where Chinese is spoken."""
    if _spoken != "zh":
        return command
    say = translator("zh")
    made = copy.copy(command)
    made.context_class = Wide
    vars(made)["_help_option"] = None  # click makes --help once, in the language of that moment
    if command.help:
        made.help = say(command.help)
        made.short_help = made.help.partition("。")[0]
    made.params = [_param(param) for param in command.params]
    if isinstance(made, click.Group):
        made.commands = {name: shown(inner) for name, inner in made.commands.items()}
    return made


def _param(param: click.Parameter) -> click.Parameter:
    if not isinstance(param, click.Option) or not param.help:
        return param
    made = copy.copy(param)
    made.help = translator("zh")(param.help)
    return made


def texts(command: click.Command) -> Iterable[str]:
    """Every text of a command's help, that of the commands below it included."""
    if command.help:
        yield command.help
    for param in command.params:
        if isinstance(param, click.Option) and param.help:
            yield param.help
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            if inner is not None:
                yield from texts(inner)


def wrapped(text: str, columns: int) -> list[str]:
    """Lines of at most ``columns`` columns. Chinese breaks anywhere but before what closes and after what opens; other words stay whole."""
    pieces: list[str] = []
    for piece in _PIECE.findall(re.sub(r"\s+", " ", text.strip())):
        if pieces and (piece in _CLOSING or pieces[-1][-1] in _OPENING):
            pieces[-1] += piece
        else:
            pieces.append(piece)
    lines, room = [""], columns
    for piece in pieces:
        wide = width(piece)
        if wide > room and lines[-1]:
            lines[-1] = lines[-1].rstrip()
            lines.append("")
            room = columns
        if lines[-1] or piece != " ":
            lines[-1] += piece
            room -= wide
    return [line.rstrip() for line in lines if line]


def width(text: str) -> int:
    """Columns of a text on a terminal that shows Chinese."""
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)


class Formatter(click.HelpFormatter):
    """Help that a terminal of its width can show."""

    def write_text(self, text: str) -> None:
        """Paragraphs of a text."""
        indent = " " * self.current_indent
        paragraphs = [wrapped(part, self.width - self.current_indent) for part in re.split(r"\n\s*\n", text)]
        self.write("\n\n".join("\n".join(indent + line for line in lines) for lines in paragraphs) + "\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Options or commands, each with what it does."""
        rows = list(rows)
        first_column = min(max((width(first) for first, _ in rows), default=0), col_max) + col_spacing
        indent = " " * self.current_indent
        for first, second in rows:
            lines = wrapped(second, max(self.width - first_column - self.current_indent, 20))
            fits = width(first) <= first_column - col_spacing
            begin = indent + first
            if fits and lines:
                begin += " " * (first_column - width(first)) + lines.pop(0)
            self.write("\n".join([begin, *(indent + " " * first_column + line for line in lines)]) + "\n")


class Wide(click.Context):
    """Calls for :class:`Formatter`."""

    formatter_class = Formatter
