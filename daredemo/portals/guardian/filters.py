"""The filters in force, each with the address of the list without it, and which of them stand in the way."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from daredemo.languages.words import jdate
from daredemo.portals.guardian import finding
from daredemo.portals.guardian.forms.facilities import DISTANCES, USUAL, SearchForm
from daredemo.portals.guardian.nearby import Near
from daredemo.portals.shared import sheets

if TYPE_CHECKING:
    from daredemo.families.models import Child

PLACE = ("code", "lat", "lon", "km")  # taken away as one


@dataclass(frozen=True, slots=True)
class Filter:
    """What was chosen, in the words of its chip; `names` are the fields that say it."""

    label: str
    href: str
    names: tuple[str, ...]


def in_force(form: SearchForm, near: Near | None) -> list[Filter]:
    """Each filter that could be taken away, in the order of the form; the place first."""
    given = _given(form)
    place = [Filter(near.words, _address(given, without=PLACE), PLACE)] if near else []
    others = [name for name in given if name not in (*PLACE, "view")]
    return place + [Filter(_said(form, name), _address(given, without=(name,)), (name,)) for name in others]


def other_view(form: SearchForm) -> str:
    """The same search as a list where it is a map, and as a map where it is a list."""
    given = _given(form)
    return _address(given, without=("view",)) if "view" in given else _address({**given, "view": "map"})


def wider(form: SearchForm, near: Near | None, children: "list[Child]", now: datetime) -> Filter | None:
    """The least further away with something to find; one or two queries."""
    if near is None:
        return None
    nearest = finding.found(form.cleaned_data, replace(near, km=DISTANCES[-1]), children, now, 1)
    km = next((km for one in nearest for km in DISTANCES if km >= (one.km or 0)), None)
    if km is None:
        return None
    label = _("%(km)dkmまで ひろげる") % {"km": km}
    return Filter(label, _address(_given(form) | {"km": "" if km == USUAL else km}), ("km",))


def in_the_way(
    form: SearchForm, near: Near | None, filters: Iterable[Filter], children: "list[Child]", now: datetime
) -> Iterator[Filter]:
    """Those without which there would be something to find: one or two queries for each."""
    asked = form.cleaned_data
    for one in filters:
        if "who" in one.names and not form.knows_age and form.timed():
            continue  # what is free cannot be said without an age
        place = None if one.names is PLACE else near
        without = {name: value for name, value in asked.items() if name not in one.names}
        if finding.found(without, place, children, now, 1):
            yield one


def _given(form: SearchForm) -> dict[str, Any]:
    return {name: value for name in form.fields if (value := form[name].value())}


def _address(given: dict[str, Any], without: Iterable[str] = ()) -> str:
    kept = {
        name: "on" if value is True else value
        for name, value in given.items()
        if value and name not in without
    }
    return f"{reverse('guardian:facilities')}?{urlencode(kept, doseq=True)}"


def _said(form: SearchForm, name: str) -> str:
    """「火・木」, 「9:00から」; of what could not be read, what was asked."""
    value = form.cleaned_data.get(name)
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
