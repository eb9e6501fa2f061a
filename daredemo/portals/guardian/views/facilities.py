"""施設を探す: open to everyone; who is logged in also sees how far each child has come."""

from datetime import date
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from csp.decorators import csp_update
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from daredemo.accounts.gates import user_of
from daredemo.config.clock import now, today
from daredemo.facilities import queries as asked
from daredemo.families import queries as families
from daredemo.interviews import queries as interviews
from daredemo.municipalities import queries as municipalities
from daredemo.portals.guardian import filters, finding, nearby, plan, steps
from daredemo.portals.guardian.cards import cards
from daredemo.portals.guardian.forms.facilities import SearchForm
from daredemo.portals.guardian.gate import anyone
from daredemo.portals.guardian.openings import openings
from daredemo.portals.shared.city import city_of, the_only_city
from daredemo.portals.shared.sheets import sheet

if TYPE_CHECKING:
    from daredemo.facilities.models import Facility
    from daredemo.families.models import Child, Guardian

MOST, NEAREST = 50, 20
MEETINGS = 6  # times of a first interview that a page names


def visitor(request: HttpRequest) -> "Guardian | None":
    """The guardian who looks, or None for someone without a login; the page knows its city either way."""
    user = user_of(request)
    guardian = families.guardian_of(user) if user else None
    request.guardian = guardian  # type: ignore[attr-defined]
    if guardian is None:
        request.city = the_only_city()  # type: ignore[attr-defined]
    else:
        request.city = city_of(guardian.municipality_id, guardian.municipality.name)  # type: ignore[attr-defined]
    return guardian


def listed(facility_id: UUID, day: date) -> "Facility":
    """A facility that families may find; 404 for any other."""
    found = asked.listed(day).filter(pk=facility_id).first()
    if found is None:
        raise Http404
    return found


@anyone
def facilities(request: HttpRequest) -> HttpResponse:
    """SG12: the list or the map with free times, the filters in the address."""
    guardian, day = visitor(request), today()
    children = families.children_of(guardian) if guardian else []
    form = search_form(request, children, day)
    form.is_valid()
    near = nearby.near(form, day)
    limit = NEAREST if near else MOST
    found = finding.found(form.cleaned_data, near, children, now(), limit + 1)
    page: dict[str, Any] = {"form": form, "near": near, "filters": filters.in_force(form, near)}
    if not found:
        page |= {"opens_on": list_opens_on(guardian, day), **nothing(page, children)}
        return render(request, "guardian/facilities.html", page)
    rows = finding.rows(found[:limit], form.cleaned_data, children, day, now())
    page |= {"count": len(rows), "more": len(found) > limit, "other_view": filters.other_view(form)}
    if form.cleaned_data.get("view"):
        return on_map(request, page, rows)
    page["cards"] = cards(rows, roughly=near is not None and near.rough)
    return render(request, "guardian/facilities.html", page)


def nothing(page: dict[str, Any], children: "list[Child]") -> dict[str, Any]:
    """What to loosen where nothing was found."""
    form, near, at = page["form"], page["near"], now()
    in_the_way = filters.in_the_way(form, near, page["filters"], children, at)
    return {"wider": filters.wider(form, near, children, at), "in_the_way": list(in_the_way)}


def on_map(request: HttpRequest, page: dict[str, Any], rows: list[finding.Found]) -> HttpResponse:
    """The drawing with its list; where the deployment names tiles, this page alone may fetch them."""
    near, tiles = page["near"], settings.MAP_TILES
    places = plan.places(rows, roughly=near is not None and near.rough)
    page |= {"places": places, "nowhere": len(rows) - len(places), "tiles": tiles}
    if places:
        page["plan"] = plan.drawing(places, near.point if near else None)

    def answer(request: HttpRequest) -> HttpResponse:
        return render(request, "guardian/facilities.html", page)

    with_tiles: Any = csp_update({"img-src": tiles.origin})(answer) if tiles and places else answer
    return cast("HttpResponse", with_tiles(request))


def search_form(request: HttpRequest, children: "list[Child]", day: date) -> SearchForm:
    """Towns of one prefecture at a time: there are 1,741."""
    public = asked.prefectures(day)
    areas = [one for one in municipalities.prefectures() if one.code in public]
    area = request.GET.get("area") or request.GET.get("town", "")[:2]  # a code begins with its prefecture's
    towns = asked.towns(day, area) if area in public or len(public) == 1 else []
    return SearchForm(request.GET, areas=areas, towns=towns, children=children, today=day)


def list_opens_on(guardian: "Guardian | None", day: date) -> date | None:
    """The day a list that is still empty becomes public, if that lies ahead."""
    codes = (
        [guardian.municipality_id] if guardian else [one.municipality_id for one in municipalities.served()]
    )
    step = municipalities.Step.FACILITIES_PUBLIC
    ahead = [found.opens_on for code in codes if not (found := municipalities.opening(code, step, day)).open]
    return min((opens_on for opens_on in ahead if opens_on), default=None)


@anyone
def facility(request: HttpRequest, facility_id: UUID) -> HttpResponse:
    """SG13: everything to decide by, and the one next step."""
    guardian, day = visitor(request), today()
    found = listed(facility_id, day)
    way = steps.way(guardian, found, day, now())
    page = {
        "sheet": sheet(found, day),
        "way": way,
        "openings": openings(found, way.stands, now()),
        "meetings": [] if way.step == "book" else interviews.free_times(found, now())[:MEETINGS],
        "today": day,
        "here": "guardian:facilities",
    }
    return render(request, "guardian/facility.html", page)
