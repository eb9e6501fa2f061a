"""The filters in force, each with the address of the list without it, and which of them stand in the way."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from daredemo.languages.words import jdate
from daredemo.portals.guardian import finding
from daredemo.portals.guardian.forms.facilities import SearchForm
from daredemo.portals.shared import sheets

if TYPE_CHECKING:
    from daredemo.families.models import Child

TOGETHER = {"lat": ("lat", "lon"), "lon": ()}  # what is taken away as one


@dataclass(frozen=True, slots=True)
class Filter:
    """What was chosen, in the words of its chip; `names` are the fields that say it."""

    label: str
    href: str
    names: tuple[str, ...]


def in_force(form: SearchForm) -> list[Filter]:
    """Each filter that could be taken away, in the order of the form."""
    given = {name: value for name in form.fields if (value := form[name].value())}
    chips = {name: TOGETHER.get(name, (name,)) for name in given}
    return [
        Filter(_said(form, name), _address(given, without=names), names)
        for name, names in chips.items()
        if names
    ]


def in_the_way(
    form: SearchForm, filters: "Iterable[Filter]", children: "list[Child]", now: datetime
) -> Iterator[Filter]:
    """Those without which there would be something to find: one or two queries for each."""
    asked = form.cleaned_data
    for one in filters:
        if "who" in one.names and not form.knows_age and form.timed():
            continue  # what is free cannot be said without an age
        without = {name: value for name, value in asked.items() if name not in one.names}
        if finding.found(without, children, now, 1):
            yield one


def _address(given: dict[str, Any], without: Iterable[str]) -> str:
    kept = {name: "on" if value is True else value for name, value in given.items() if name not in without}
    return f"{reverse('guardian:facilities')}?{urlencode(kept, doseq=True)}"


def _said(form: SearchForm, name: str) -> str:
    """「火・木」, 「9:00から」; of what could not be read, what was asked."""
    value = form.cleaned_data.get(name)
    if name == "lat":
        return _("いまいる場所から 10km")
    if value in (None, "", [], True):
        return str(form[name].label)
    say = SAYINGS.get(name)
    return say(value) if say else _chosen(form, name)


SAYINGS: dict[str, Callable[[Any], str]] = {
    "day": jdate,
    "weekday": lambda days: sheets.weekdays(sorted(days)),
    "after": lambda minutes: _("%(time)sから") % {"time": _clock(minutes)},
    "before": lambda minutes: _("%(time)sまで") % {"time": _clock(minutes)},
    "words": str,
}


def _clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}"


def _chosen(form: SearchForm, name: str) -> str:
    """The words of what was chosen from a list."""
    words = {str(code): str(label) for code, label in form.fields[name].choices}  # type: ignore[attr-defined]
    value = form[name].value()
    return _("・").join(words[one] for one in (value if isinstance(value, list) else [value]) if one in words)
