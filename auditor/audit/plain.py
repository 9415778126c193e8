"""Dataclasses as plain JSON values and back, by their type hints: what a closing freezes must be read for ever.

A field that is missing takes its default, so that a newer program reads an older month; one that is not known any more
is left out. Only what the month object is made of is understood: dataclasses, vocabularies, days, instants, numbers,
texts, tuples, mappings, and one of these or None.
"""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

T = TypeVar("T")

Plain = None | bool | int | float | str | list["Plain"] | dict[str, "Plain"]


def to_plain(value: object) -> Plain:
    """The value as JSON knows it.

    Raises:
        TypeError: it is of a kind that would not come back as it was.
    """
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, (StrEnum, str, ZoneInfo)):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value):
        return {field.name: to_plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): to_plain(each) for key, each in value.items()}
    if isinstance(value, (tuple, list)):
        return [to_plain(each) for each in value]
    raise TypeError(f"a {type(value).__name__} cannot be frozen")


def from_plain(kind: type[T], plain: Plain) -> T:
    """What `to_plain` made of an object of this kind.

    Raises:
        TypeError, ValueError, KeyError: it is not one.
    """
    return cast(T, _read(kind, plain))


def _read(kind: Any, plain: Plain) -> object:  # noqa: ANN401 - a type hint has no type
    origin = get_origin(kind)
    if origin in (types.UnionType, Union):
        return _read_union(get_args(kind), plain)
    if origin is tuple:
        return _read_tuple(get_args(kind), plain)
    if origin is not None and issubclass(origin, Mapping):
        key, value = get_args(kind)
        return {_read(key, name): _read(value, each) for name, each in _dict(plain).items()}
    if origin is not None and issubclass(origin, Sequence):
        return tuple(_read(get_args(kind)[0], each) for each in _list(plain))
    return _read_dataclass(kind, _dict(plain)) if is_dataclass(kind) else _read_single(kind, plain)


def _read_union(kinds: Sequence[Any], plain: Plain) -> object:
    if plain is None and type(None) in kinds:
        return None
    return _read(next(kind for kind in kinds if kind is not type(None)), plain)


def _read_tuple(kinds: Sequence[Any], plain: Plain) -> tuple[object, ...]:
    if kinds[-1] is Ellipsis:
        return tuple(_read(kinds[0], each) for each in _list(plain))
    return tuple(_read(kind, each) for kind, each in zip(kinds, _list(plain), strict=True))


def _read_dataclass(kind: Any, plain: Mapping[str, Plain]) -> object:  # noqa: ANN401
    hints = _hints(kind)
    return kind(**{name: _read(hint, plain[name]) for name, hint in hints.items() if name in plain})


def _read_single(kind: Any, plain: Plain) -> object:  # noqa: ANN401
    if kind in (date, datetime):
        return kind.fromisoformat(plain)
    if kind in (bool, int, str):
        return _checked(kind, plain)
    return kind(plain)


def _checked(kind: type, plain: Plain) -> Plain:
    if not isinstance(plain, kind):
        raise TypeError(f"{plain!r} is no {kind.__name__}")
    return plain


def _dict(plain: Plain) -> dict[str, Plain]:
    if not isinstance(plain, dict):
        raise TypeError(f"{plain!r} is no object")
    return plain


def _list(plain: Plain) -> list[Plain]:
    if not isinstance(plain, list):
        raise TypeError(f"{plain!r} is no array")
    return plain


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind) if field.init}
