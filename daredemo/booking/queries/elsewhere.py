"""Where else a child could come when a nursery cannot take it: near it, on that day, for so long."""

from dataclasses import replace
from datetime import datetime

from daredemo.booking.queries.searching import Found, free_places, wanted_for
from daredemo.facilities import queries as facilities
from daredemo.facilities.models import Facility
from daredemo.families.models import Child
from daredemo.rules.age import months_old
from daredemo.rules.hours import day_of

MOST = 3


def other_places(
    child: Child, facility: Facility, starts_at: datetime, minutes: int, now: datetime
) -> list[Found]:
    """Up to three others with a free time on that day: within 10 km, else in the same municipality.

    Also those that do not know the child yet: there the first step is an interview. Two queries.
    """
    day = day_of(starts_at)
    wish = wanted_for(child, now, minutes=minutes)
    if not wish.since <= day <= wish.until:
        return []
    search = facilities.Search(months=months_old(child.born, day))
    if facility.latitude is None or facility.longitude is None:
        search = replace(search, municipality=facility.municipality_id)
    else:
        here = facilities.Point(float(facility.latitude), float(facility.longitude))
        search = replace(search, near=here)
    among = facilities.find(search, day_of(now)).exclude(pk=facility.pk)
    return free_places(among, replace(wish, since=day, until=day), now, only_free=True, most=MOST)
