"""Value types to JSON-able records and back, so that a Doc never carries Python objects.

Records live in `doc.user_data["newsclaims"]`, which spaCy writes with `to_bytes` and passes
between processes.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from typing import Any, TypeVar, cast

from spacy.tokens import Doc

from kg.types import Span

T = TypeVar("T")
KEY = "newsclaims"
_PLAIN = (str, int, float, bool)


def to_json(value: Any) -> Any:
    """A JSON-able copy of a value type: spans become [start, end], enumerations and dates their text."""
    if value is None or type(value) in _PLAIN:
        return value
    if isinstance(value, Span):
        return [value.start, value.end]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return {name: to_json(getattr(value, name)) for name in _names(type(value))}
    if isinstance(value, (tuple, list)):
        return [to_json(v) for v in value]
    return value


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(f.name for f in fields(kind))


def from_json(kind: Any, data: Any) -> Any:
    """The inverse of `to_json` for `kind`: a dataclass, Span, enumeration, date, tuple[...] or union with None."""
    return None if data is None else _reader(kind)(data)


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    """What makes a `kind` of JSON-able data that is not None; made once a type."""
    origin = typing.get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        return _reader(next(a for a in typing.get_args(kind) if a is not type(None)))
    if origin is tuple:
        return _tuple_reader(typing.get_args(kind))
    if kind is Span:
        return _span
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind
    if kind is date:
        return date.fromisoformat
    if is_dataclass(kind):
        return _record_reader(cast(type, kind))
    return _as_is


def _span(data: Any) -> Span:
    return Span(*data)


def _as_is(data: Any) -> Any:
    return data


def _tuple_reader(arguments: tuple[Any, ...]) -> Callable[[Any], Any]:
    if arguments[-1] is Ellipsis:
        return lambda data: tuple(from_json(arguments[0], v) for v in data)
    return lambda data: tuple(from_json(a, v) for a, v in zip(arguments, data, strict=True))


def _record_reader(kind: type) -> Callable[[Any], Any]:
    hints = typing.get_type_hints(kind)
    parts = tuple((f.name, _reader(hints[f.name])) for f in fields(kind))

    def read(data: Any) -> Any:
        return kind(**{name: None if (v := data[name]) is None else part(v) for name, part in parts})

    return read


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
