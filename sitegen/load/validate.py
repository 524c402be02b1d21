"""Plain values → model, with every complaint of pydantic turned into a finding at its line, in plain words."""

from __future__ import annotations

import types
import typing
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from sitegen.model.finding import Finding, finding

from .yamlfile import Loc, YamlFile

M = TypeVar("M", bound=BaseModel)


def validate(model: type[M], yaml: YamlFile, file: str, findings: list[Finding], *, unit: str | None = None) -> M | None:
    """The model made from the file's values, or ``None`` when there were errors; they are appended to ``findings``."""
    for key, line, column in yaml.duplicates:
        findings.append(finding("SG106", file, line, column, key=key, unit=unit))
    if not isinstance(yaml.data, dict):
        findings.append(finding("SG112", file, yaml.first_line, 1, unit=unit))
        return None
    try:
        made = model.model_validate(yaml.data)
    except ValidationError as error:
        seen: set[tuple[str, int, int]] = set()
        for problem in error.errors(include_url=False):
            found = _finding(model, problem, yaml, file, unit)
            place = (found.code, found.line or 0, found.column or 0)
            if place not in seen:  # members of a union complain one after the other
                seen.add(place)
                findings.append(found)
        return None
    return None if yaml.duplicates else made


def nearest(word: str, words: list[str]) -> str | None:
    """The known word most like ``word``, or ``None`` when none is."""
    from rapidfuzz import fuzz, process  # only where something is wrong

    # Letters that changed places before a word that holds it: «hots» is «host», not «host_key».
    best = process.extractOne(word, words, scorer=fuzz.ratio, score_cutoff=70) or process.extractOne(word, words, score_cutoff=55)
    return best[0] if best else None


def _finding(model: type[BaseModel], problem: Any, yaml: YamlFile, file: str, unit: str | None) -> Finding:
    loc: Loc = tuple(problem["loc"])
    kind: str = problem["type"]
    key = ".".join(str(step) for step in loc if isinstance(step, str) and not step.startswith(("function-", "tuple["))) or "?"
    value = _short(problem.get("input"))
    if kind == "extra_forbidden":
        line, column = yaml.position(loc, key=True)
        allowed = sorted(_keys_at(model, loc[:-1]))
        near = nearest(str(loc[-1]), allowed)
        if near:
            return finding("SG103", file, line, column, unit=unit, key=loc[-1], near=near, allowed=allowed)
        return finding("SG113", file, line, column, unit=unit, key=loc[-1], allowed=allowed)
    if kind == "missing":
        line, column = yaml.position(loc[:-1])
        if len(loc) > 1 and isinstance(loc[-2], int):
            key = str(loc[-1])  # of one among several: the line that is to be added
        return finding("SG104", file, line, column, unit=unit, key=key)
    line, column = yaml.position(loc)
    if kind.startswith("date_") or kind == "date_type":
        return finding("SG110", file, line, column, unit=unit, key=key, value=value)
    if kind in ("literal_error", "enum"):
        expected = str(problem["ctx"]["expected"]).replace("'", "").replace(" or ", ", ")
        return finding("SG111", file, line, column, unit=unit, key=key, value=value, allowed=expected)
    return finding("SG105", file, line, column, unit=unit, key=key, problem=_plain(kind, problem))


def _plain(kind: str, problem: Any) -> str:
    if kind == "value_error":
        return str(problem["ctx"]["error"])
    if kind == "string_pattern_mismatch":
        return "not of the form expected"
    if kind in ("string_too_short", "too_short"):
        return "is empty"
    if kind == "string_type":
        return "a text is expected"
    if kind in ("tuple_type", "list_type"):
        return "a list is expected"
    if kind in ("model_type", "model_attributes_type", "dict_type"):
        return "keys and values are expected"
    if kind.startswith(("int_", "decimal_", "float_")):
        return "not a number"
    if kind.startswith("bool_"):
        return "neither true nor false"
    return str(problem["msg"])


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 40 else text[:39] + "…"


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    if typing.get_origin(annotation) in (typing.Union, types.UnionType, tuple, list, dict, typing.Annotated):
        return [m for arg in typing.get_args(annotation) for m in _models_in(arg)]
    return []


def _keys_at(model: type[BaseModel], loc: Loc) -> set[str]:
    models = [model]
    for step in loc:
        if not isinstance(step, str):
            continue
        inner = [
            m
            for parent in models
            for name, info in parent.model_fields.items()
            if step in (name, info.alias)
            for m in _models_in(info.annotation)
        ]
        models = inner or models
    return {info.alias or name for m in models for name, info in m.model_fields.items()}
