"""Policies from committed files: one TOML file per municipality, every version of its rules in it.

A file names the municipality once (`code`, `name`, `opening`) and then lists `[[versions]]`, each with the
day it comes into force. Each value carries its source mark as a comment.
"""

import tomllib
from datetime import date
from functools import cache
from pathlib import Path

from daredemo.rules.plain import PolicyError
from daredemo.rules.policy import Policy, version_on

SHARED = ("code", "name", "opening")


@cache
def load_all(path: Path) -> tuple[Policy, ...]:
    """Every version in the file, oldest first; raises PolicyError naming file and setting."""
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(path.name, str(error)) from error
    shared = {name: given[name] for name in SHARED if name in given}
    versions = given.get("versions", [])
    unknown = set(given) - {*SHARED, "versions"}
    if unknown or not versions:
        problem = f"is not a setting: {', '.join(sorted(unknown))}" if unknown else "has no [[versions]]"
        raise PolicyError(path.name, problem)
    try:
        policies = [Policy.from_dict({**shared, **version}) for version in versions]
    except PolicyError as error:
        raise PolicyError(f"{path.name}: {error.path}", error.problem) from error
    days = [policy.in_force_from for policy in policies]
    if len(set(days)) < len(days):
        raise PolicyError(path.name, "two versions begin on the same day")
    return tuple(sorted(policies, key=lambda policy: policy.in_force_from))


def load(path: Path) -> Policy:
    """The newest version in the file."""
    return load_all(path)[-1]


def load_on(path: Path, day: date) -> Policy | None:
    """The version in force on that day; None before the first."""
    return version_on(load_all(path), day)
