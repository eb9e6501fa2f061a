"""はじめに: what the programme is, for whom, from when; which municipality; is it for my child."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from daredemo.accounts import throttle
from daredemo.certification import checks
from daredemo.certification.actions import reminding
from daredemo.config.clock import now, today
from daredemo.languages import spoken
from daredemo.municipalities import queries as municipalities
from daredemo.portals.guardian.forms.apply import EligibilityForm, ReminderForm
from daredemo.portals.guardian.gate import anyone
from daredemo.portals.shared.city import city_of, the_only_city
from daredemo.portals.shared.forms import accepted
from daredemo.rules import eligibility
from daredemo.rules.refusal import Reason, Refused

if TYPE_CHECKING:
    from daredemo.municipalities.models import Municipality
    from daredemo.rules.policy import Policy

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
    page |= road(born, page["policy"])
    try:
        checks.check_child(born, enrolment, today(), page["policy"])
    except Refused as no:
        remind = ReminderForm(initial={"born": born.isoformat()})
        return render(request, "guardian/start_ineligible.html", {**page, "no": no, "remind": remind})
    return render(request, "guardian/start_eligible_yes.html", page)


def road(born: date, policy: "Policy") -> dict[str, date]:
    """The first and last day of use of a child, and from when an application is taken."""
    first, last = eligibility.use_days(born, policy.ages)
    return {"born": born, "first": first, "last": last, "apply_from": checks.apply_from(born, policy)}


@anyone
@require_POST
def remind(request: HttpRequest, code: str) -> HttpResponse:
    """Still too young: one mail on the day from which an application is taken."""
    town = town_of(request, code)
    form, page = ReminderForm(request.POST), facts(town)
    form.is_valid()
    born = form.cleaned_data.get("born")
    if not page["served"] or born is None or born > today():
        return redirect("guardian:eligible", code)
    if road(born, page["policy"])["apply_from"] <= today():
        return redirect("guardian:eligible", code)
    page |= {**road(born, page["policy"]), "form": form, "remind": form}
    if accepted(form, ask_to_be_told, request=request, municipality=town):
        return render(request, "guardian/start_reminded.html", {**page, "email": form.cleaned_data["email"]})
    no = Refused(Reason.TOO_YOUNG, born=born, first_day=page["first"])
    return render(request, "guardian/start_ineligible.html", {**page, "no": no})


def ask_to_be_told(*, request: HttpRequest, municipality: "Municipality", email: str, born: date) -> None:
    """As seldom as any link is mailed to one address."""
    throttle.take(request, "link", f"remind/{email}", now())
    language = spoken.current()
    reminding.remind(municipality=municipality, email=email, born=born, language=language, now=now())
