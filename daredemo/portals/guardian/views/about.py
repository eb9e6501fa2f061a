"""よくある質問, アクセシビリティ方針 and its tests, 個人情報の取扱い: what stands below every page."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from daredemo.config.clock import today
from daredemo.municipalities import queries as municipalities
from daredemo.portals.guardian.gate import anyone
from daredemo.portals.guardian.views.facilities import visitor

PUBLISHED = date(2026, 11, 28)  # of the accessibility policy and of the tests that it names


@anyone
@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    """What families ask, answered by the rules of the city that the page speaks for, else 国の標準."""
    visitor(request)
    city = request.city  # type: ignore[attr-defined]
    policy = municipalities.policy_on(city.code if city else "", today())
    minutes = sum(bucket.minutes for bucket in policy.hours.buckets if bucket.where == "anywhere")
    return render(request, "guardian/help.html", {"policy": policy, "minutes": minutes})


@anyone
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """アクセシビリティ方針, with what the guide of ウェブアクセシビリティ基盤委員会 asks for."""
    visitor(request)
    return render(request, "guardian/accessibility.html", {"published": PUBLISHED})


@anyone
@require_safe
def accessibility_results(request: HttpRequest) -> HttpResponse:
    """試験結果: what was tested and how, and what was not."""
    visitor(request)
    return render(request, "guardian/accessibility_results.html", {"published": PUBLISHED})


@anyone
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """個人情報の取扱い: what is kept, who sees it, how long, and how to have it put right."""
    visitor(request)
    return render(request, "guardian/privacy.html")
