"""はじめに: what the programme is, for whom, from when; which municipality; is it for my child."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from daredemo.certification import checks
from daredemo.config.clock import today
from daredemo.municipalities import queries as municipalities
from daredemo.portals.guardian.forms.apply import EligibilityForm
from daredemo.portals.guardian.gate import anyone
from daredemo.portals.shared.city import city_of, the_only_city
from daredemo.rules import eligibility
from daredemo.rules.refusal import Refused

if TYPE_CHECKING:
    from daredemo.municipalities.models import Municipality

EXAMPLE = date(2024, 4, 10)  # the child of the city's leaflet, 令和6年4月10日生まれ
FIRST_PREFECTURE = "13"


@anyone
@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """The first page: the leaflet, and where to apply."""
    city = the_only_city()
    if city is None:
        return render(request, "guardian/start.html", picker(request.GET.get("prefecture", "")))
    town = municipalities.municipality(city.code)
    request.city = city  # type: ignore[attr-defined]
    return render(request, "guardian/start.html", {**picker(town.prefecture_code, town.code), **facts(town)})


@anyone
@require_GET
def choose(request: HttpRequest) -> HttpResponse:
    """「確認する」: to the municipality that was chosen, or its prefecture's list first."""
    prefecture, code = request.GET.get("prefecture", ""), request.GET.get("code", "")
    chosen = picker(prefecture, code)
    if any(town.code == code for town in chosen["towns"]):
        return redirect("guardian:municipality", code)
    template = (
        "guardian/start_towns.html" if "HX-Request" in request.headers else "guardian/start_choose.html"
    )
    return render(request, template, {**chosen, "asked": bool(code)})


def picker(prefecture: str, code: str = "") -> dict[str, Any]:
    """Prefectures, and the municipalities of the chosen one."""
    rows = municipalities.prefectures()
    known = prefecture if any(row.code == prefecture for row in rows) else FIRST_PREFECTURE
    return {
        "prefectures": rows,
        "prefecture": known,
        "towns": list(municipalities.municipalities_in(known)),
        "code": code,
    }


def town_of(request: HttpRequest, code: str) -> "Municipality":
    """The municipality of an address; the page's header and footer speak for it. 404 for none."""
    try:
        town = municipalities.municipality(code)
    except ObjectDoesNotExist as unknown:
        raise Http404 from unknown
    request.city = city_of(town.code, town.name)  # type: ignore[attr-defined]
    return town


def facts(town: "Municipality") -> dict[str, Any]:
    """The leaflet of one municipality, from its rules and dates."""
    day = today()
    policy = municipalities.policy_on(town.code, day)
    programme = municipalities.programme_of(town.code)
    first, last = eligibility.use_days(EXAMPLE, policy.ages)
    return {
        "town": town,
        "programme": programme,
        "served": programme is not None and programme.served,
        "opening": municipalities.opening(town.code, municipalities.Step.APPLICATIONS, day),
        "policy": policy,
        "minutes": sum(bucket.minutes for bucket in policy.hours.buckets if bucket.where == "anywhere"),
        "example": {"born": EXAMPLE, "first": first, "last": last},
        "link_hours": policy.decisions.link_hours,
    }


@anyone
@require_GET
def municipality(request: HttpRequest, code: str) -> HttpResponse:
    """The facts of the chosen municipality; for one that is not served here, whom to ask."""
    return render(request, "guardian/start_municipality.html", facts(town_of(request, code)))


@anyone
@require_http_methods(["GET", "POST"])
def eligible(request: HttpRequest, code: str) -> HttpResponse:
    """対象かしらべる: born when, enrolled where → since when until when, or why not and what instead."""
    town = town_of(request, code)
    form = EligibilityForm(request.POST or None)
    page = {**facts(town), "form": form}
    if not form.is_valid():
        return render(request, "guardian/start_eligible.html", page)
    born, enrolment = form.cleaned_data["born"], form.cleaned_data["enrolment"]
    first, last = eligibility.use_days(born, page["policy"].ages)
    page |= {
        "born": born,
        "first": first,
        "last": last,
        "apply_from": checks.apply_from(born, page["policy"]),
    }
    try:
        checks.check_child(born, enrolment, today(), page["policy"])
    except Refused as no:
        return render(request, "guardian/start_ineligible.html", {**page, "no": no})
    return render(request, "guardian/start_eligible_yes.html", page)
