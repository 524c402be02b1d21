"""YAML in one compose pass that keeps positions.

The composed nodes are turned into plain values by our own few rules rather than YAML 1.1's: keys are always text (so ``on:``
is no boolean), ``0017`` and ``12:30`` stay text, decimals are exact, and nothing but plain data can come out.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from functools import cached_property
from typing import Any

import yaml
from msgspec import Struct, field

from sitegen.model.finding import N_

from .plainyaml import read_plain

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INT = re.compile(r"-?(0|[1-9]\d{0,17})")
_DECIMAL = re.compile(r"-?(0|[1-9]\d*)\.\d+")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_NODE_LIMIT = 200_000
_DEPTH_LIMIT = 40

PROBLEMS = (
    N_("found character that cannot start any token"),
    N_("found a tab character that violates indentation"),
    N_("found a tab character where an indentation space is expected"),
    N_("found unexpected end of stream"),
    N_("found unexpected document indicator"),
    N_("found unknown escape character"),
    N_("found undefined alias"),
    N_("found undefined tag handle"),
    N_("could not find expected ':'"),
    N_("mapping values are not allowed in this context"),
    N_("mapping keys are not allowed in this context"),
    N_("block sequence entries are not allowed in this context"),
    N_("did not find expected key"),
    N_("did not find expected '-' indicator"),
    N_("did not find expected ',' or ']'"),
    N_("did not find expected ',' or '}'"),
    N_("did not find expected node content"),
    N_("did not find expected whitespace or line break"),
    N_("did not find expected comment or line break"),
    N_("did not find expected alphabetic or numeric character"),
    N_("did not find expected <document start>"),
    N_("expected a single document in the stream"),
    N_("but found another document"),
    N_("control characters are not allowed"),
)
"""What libyaml says of the slips that people make, so that it is translated."""

Loc = tuple[str | int, ...]


class YamlProblem(Exception):
    """The text is no YAML that we accept; line and column count from 1."""

    def __init__(self, code: str, line: int | None, column: int | None, **args: Any) -> None:
        super().__init__(code)
        self.code, self.line, self.column, self.args_ = code, line, column, args


class YamlFile(Struct, dict=True):
    """Plain values and where they stand."""

    data: Any
    text: str
    first_line: int
    duplicates: list[tuple[str, int, int]] = field(default_factory=list)
    """Keys that stand twice: key, line, column."""
    places: dict[str, int] | None = None
    """Line of every top-level key, counted from 0, where it is known without composing."""

    @cached_property
    def root(self) -> yaml.Node | None:
        """The composed text, which only positions need: few files have anything wrong in them."""
        return _compose(self.text, self.first_line)

    def position(self, loc: Loc, *, key: bool = False) -> tuple[int, int]:
        """Line and column (from 1) of the value at ``loc``, or of its key; of the nearest node above where it is missing."""
        node, mark = self.root, None
        if node is None:
            return self.first_line, 1
        mark = node.start_mark
        for step in loc:
            found = None
            if isinstance(node, yaml.MappingNode):
                for k, v in node.value:
                    if k.value == step:
                        found, mark = v, (k.start_mark if key or not isinstance(v, yaml.ScalarNode) else v.start_mark)
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
                found = node.value[step]
                mark = found.start_mark
            if found is None:
                continue  # pydantic names union members in the location; they are no step in the file
            node = found
        return mark.line + self.first_line, mark.column + 1

    def lines(self) -> dict[str, int]:
        """Line of every top-level key."""
        if self.places is not None:
            return {key: n + self.first_line for key, n in self.places.items()}
        if not isinstance(self.root, yaml.MappingNode):
            return {}
        return {k.value: k.start_mark.line + self.first_line for k, _ in self.root.value}


def parse(text: str, first_line: int = 1) -> YamlFile:
    """Compose and convert. Raises :class:`YamlProblem` for bad syntax, several documents, or a value bomb."""
    if (plain := read_plain(text)) is not None:
        return YamlFile(plain[0], text, first_line, places=plain[1])
    result = YamlFile(None, text, first_line)
    if result.root is not None:
        result.data = _Converter(result).convert(result.root, 0)
    return result


def _compose(text: str, first_line: int) -> yaml.Node | None:
    try:
        loader = _Loader(text)
        try:
            root: yaml.Node | None = loader.get_single_node()
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = error.problem or error.context or "syntax"
        raise YamlProblem(
            "SG102", mark.line + first_line if mark else first_line, mark.column + 1 if mark else 1, problem=problem
        ) from None
    except yaml.YAMLError as error:
        raise YamlProblem("SG102", first_line, 1, problem=str(error).splitlines()[0]) from None
    except RecursionError:
        raise YamlProblem("SG107", first_line, 1, problem="nested too deeply") from None
    return root


class _Converter:
    def __init__(self, file: YamlFile) -> None:
        self.file = file
        self.count = 0

    def convert(self, node: yaml.Node, depth: int) -> Any:
        self.count += 1
        # Aliases share nodes, so a bomb is cheap to compose and only shows when it is unfolded: count while unfolding.
        if self.count > _NODE_LIMIT:
            raise YamlProblem("SG107", node.start_mark.line + self.file.first_line, 1, problem="too many values (aliases?)")
        if depth > _DEPTH_LIMIT:
            raise YamlProblem("SG107", node.start_mark.line + self.file.first_line, 1, problem="nested too deeply")
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        if isinstance(node, yaml.SequenceNode):
            return [self.convert(child, depth + 1) for child in node.value]
        result: dict[str, Any] = {}
        for key, value in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else "?"
            if name in result:
                mark = key.start_mark
                self.file.duplicates.append((name, mark.line + self.file.first_line, mark.column + 1))
            result[name] = self.convert(value, depth + 1)
        return result

    @staticmethod
    def _scalar(node: yaml.ScalarNode) -> Any:
        text: str = node.value
        tag = node.tag
        if tag == "tag:yaml.org,2002:str":
            return text
        if tag == "tag:yaml.org,2002:int" and _INT.fullmatch(text):
            return int(text)
        if tag == "tag:yaml.org,2002:float" and _DECIMAL.fullmatch(text):
            return Decimal(text)
        if tag == "tag:yaml.org,2002:bool" and text in ("true", "false"):
            return text == "true"
        if tag == "tag:yaml.org,2002:null":
            return None if text in ("", "~", "null") else text
        if tag == "tag:yaml.org,2002:timestamp" and _DATE.fullmatch(text):
            try:
                return dt.date.fromisoformat(text)
            except ValueError:
                return text
        return text
