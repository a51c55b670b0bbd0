"""Value types to JSON-able records and back, so that a Doc never carries Python objects.

Records live in `doc.user_data["newsclaims"]`, which spaCy writes with `to_bytes` and passes
between processes.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Iterable, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from typing import Any, TypeVar, cast

from spacy.tokens import Doc

from kg.types import Span

T = TypeVar("T")
KEY = "newsclaims"


def to_json(value: Any) -> Any:
    """A JSON-able copy of a value type: spans become [start, end], enumerations and dates their text."""
    if isinstance(value, Span):
        return [value.start, value.end]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: to_json(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, (tuple, list)):
        return [to_json(v) for v in value]
    return value


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def from_json(kind: Any, data: Any) -> Any:
    """The inverse of `to_json` for `kind`: a dataclass, Span, enumeration, date, tuple[...] or union with None."""
    origin = typing.get_origin(kind)
    if data is None:
        return None
    if origin in (typing.Union, types.UnionType):
        return from_json(next(a for a in typing.get_args(kind) if a is not type(None)), data)
    if origin is tuple:
        arguments = typing.get_args(kind)
        if arguments[-1] is Ellipsis:
            return tuple(from_json(arguments[0], v) for v in data)
        return tuple(from_json(a, v) for a, v in zip(arguments, data, strict=True))
    if kind is Span:
        return Span(*data)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(data)
    if kind is date:
        return date.fromisoformat(data)
    if is_dataclass(kind):
        hints = _hints(cast(type, kind))
        values = {f.name: from_json(hints[f.name], data[f.name]) for f in fields(kind)}
        return cast(Any, kind)(**values)
    return data


def put(doc: Doc, key: str, values: Iterable[Any]) -> None:
    """Store values under `key` in the Doc as JSON-able records."""
    doc.user_data.setdefault(KEY, {})[key] = [to_json(v) for v in values]


def get(doc: Doc, key: str, kind: type[T]) -> tuple[T, ...]:
    """The values stored under `key`, as `kind`; an empty tuple if there are none."""
    data: Sequence[Any] = doc.user_data.get(KEY, {}).get(key, ())
    return tuple(from_json(kind, d) for d in data)


def put_value(doc: Doc, key: str, value: Any) -> None:
    """Store one JSON-able value (a publication date, say) under `key`."""
    doc.user_data.setdefault(KEY, {})[key] = to_json(value)


def get_value(doc: Doc, key: str) -> Any:
    """One value stored with `put_value`, or None."""
    return doc.user_data.get(KEY, {}).get(key)
