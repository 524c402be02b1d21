"""Digests of plain values, the same in every process: what is made of a value is made again only when its digest changes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import PurePath
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any

from msgspec import Raw, msgpack
from pydantic import BaseModel

from sitegen.model.catalog import Item
from sitegen.once import Once


def digest_of(value: Any, size: int = 8) -> str:
    """The digest of a plain value, of ``size`` bytes. Raises ``TypeError`` for what is no plain value."""
    return hashlib.blake2b(_ENCODER.encode(value), digest_size=size).hexdigest()


def _as_plain(value: Any) -> Any:
    """What the encoder does not know: models, tables that cannot be written to, and functions and classes by their names."""
    if isinstance(value, Item):  # an item is what the catalogue says, and that has a digest of its own
        return f"item:{value.id}"
    if isinstance(value, BaseModel):
        return _model(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, partial):
        return value.func, value.args, value.keywords
    if isinstance(value, MethodType):
        return value.__self__, value.__func__
    if isinstance(value, type | FunctionType | BuiltinFunctionType) and "<" not in value.__qualname__:
        return f"{value.__module__}.{value.__qualname__}"
    if isinstance(value, str | PurePath):
        return str(value)
    if isinstance(value, Sequence):
        return tuple(value)
    raise TypeError(type(value).__name__)


def _encoded(value: BaseModel) -> Raw:
    return Raw(_ENCODER.encode((type(value).__qualname__, sorted(value.__dict__.items()))))


_model = Once(_encoded)
"""A model as it is encoded: the same few stand in thousands of records."""
_ENCODER = msgpack.Encoder(enc_hook=_as_plain)
