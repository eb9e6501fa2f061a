"""Dataclasses of settings to plain dictionaries and back; what is wrong is named by its full path."""

import re
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from functools import cache
from types import UnionType
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")
CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d|24:00")


class PolicyError(ValueError):
    """A setting is missing, unknown or impossible; `path` says which one, such as 'hours.unit.minimum'."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(f"{path}: {problem}" if path else problem)
        self.path = path
        self.problem = problem


def need(holds: bool, setting: str, problem: str) -> None:
    """Refuse a setting that cannot be, by its name."""
    if not holds:
        raise PolicyError(setting, problem)


def minutes_of(clock: str) -> int:
    """'12:00' → 720 minutes after midnight; '24:00' is the end of the day."""
    return int(clock[:2]) * 60 + int(clock[3:])


def plain(value: object) -> Any:
    """The value as JSON knows it: dates as ISO text, settings as dictionaries, tuples as lists."""
    if is_dataclass(value) and not isinstance(value, type):
        kind = getattr(value, "KIND", None)
        named = {field.name: plain(getattr(value, field.name)) for field in fields(value)}
        return {"kind": kind, **named} if kind else named
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def read(cls: type[T], given: object, path: str = "") -> T:
    """Build `cls` from a dictionary; raises PolicyError for what is missing, unknown or impossible."""
    if not isinstance(given, Mapping):
        raise PolicyError(path, f"needs a table of settings, got {given!r}")
    known = {field.name: field for field in fields(cast("Any", cls))}
    for name in given:
        if name not in known and not (name == "kind" and hasattr(cls, "KIND")):
            raise PolicyError(_join(path, name), f"is not a setting; known here: {', '.join(known)}")
    values: dict[str, object] = {}
    for name, field in known.items():
        if name in given:
            values[name] = _value(_hints(cast("type", cls))[name], given[name], _join(path, name))
        elif field.default is MISSING:
            raise PolicyError(_join(path, name), "is missing")
    try:
        return cls(**values)
    except PolicyError as error:
        raise PolicyError(_join(path, error.path), error.problem) from error


def _join(path: str, name: object) -> str:
    return f"{path}.{name}" if path else str(name)


@cache
def _hints(cls: type) -> dict[str, Any]:
    return get_type_hints(cls)


def _value(hint: Any, given: object, path: str) -> object:
    """One value of the kind that the dataclass asks for."""
    if get_origin(hint) is Literal:
        return _choice(get_args(hint), given, path)
    if get_origin(hint) in (Union, UnionType):
        return _one_of(get_args(hint), given, path)
    if get_origin(hint) is tuple:
        if not isinstance(given, list | tuple):
            raise PolicyError(path, f"needs a list, got {given!r}")
        return tuple(_value(get_args(hint)[0], item, f"{path}[{n}]") for n, item in enumerate(given))
    if is_dataclass(hint):
        return read(cast("type", hint), given, path)
    if hint is date:
        return _date(given, path)
    if type(given) is not hint:
        raise PolicyError(path, f"needs {_NAMES[hint]}, got {given!r}")
    return given


_NAMES = {int: "a whole number", bool: "true or false", str: "text"}


def _choice(allowed: tuple[object, ...], given: object, path: str) -> object:
    if given not in allowed:
        raise PolicyError(path, f"needs one of {', '.join(map(str, allowed))}, got {given!r}")
    return given


def _one_of(options: tuple[Any, ...], given: object, path: str) -> object:
    """`X | None`, or one of several tables told apart by their `kind`."""
    if type(None) in options:
        return None if given is None else _value(options[0], given, path)
    kinds = {option.KIND: option for option in options}
    kind = given.get("kind") if isinstance(given, Mapping) else None
    if kind not in kinds:
        raise PolicyError(_join(path, "kind"), f"needs one of {', '.join(kinds)}, got {kind!r}")
    return read(kinds[kind], given, path)


def _date(given: object, path: str) -> date:
    if type(given) is date:
        return given
    try:
        return date.fromisoformat(str(given))
    except ValueError as error:
        raise PolicyError(path, f"needs a date such as 2026-04-01, got {given!r}") from error
