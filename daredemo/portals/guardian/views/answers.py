"""The pages on which an application is answered. Whatever is right is kept, also by itself while typing."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from daredemo.certification import queries as applications
from daredemo.certification.actions import drafts, proofs
from daredemo.config.clock import now, today
from daredemo.municipalities import queries as municipalities
from daredemo.portals.guardian.forms.application import (
    AddressForm,
    Answers,
    ChildForm,
    GuardianForm,
    NoticeForm,
    ReductionForm,
)
from daredemo.portals.guardian.gate import applicant_only
from daredemo.portals.guardian.views.application import author, page
from daredemo.portals.shared.forms import sentence
from daredemo.rules.refusal import Refused

if TYPE_CHECKING:
    from daredemo.certification.models import Application

AUTOSAVE = "X-Autosave"
Save = Callable[..., Any]


def typed(request: HttpRequest) -> QueryDict | None:
    """What was sent, if anything was; an empty form is an answer too."""
    return request.POST if request.method == "POST" else None


def keep(request: HttpRequest, form: Answers, save: Save) -> HttpResponse | None:
    """Keep whatever is right, even if the rest is not. A response: that was all that was asked."""
    form.is_valid()
    try:
        save(now=now(), **form.answers(now()))
    except Refused:
        return redirect("guardian:application_status")
    return HttpResponse(status=204) if AUTOSAVE in request.headers else None


def question(
    request: HttpRequest,
    application: "Application",
    form: Answers,
    save: Save,
    following: tuple[Any, ...],
    **more: Any,
) -> HttpResponse:
    """A page of answers; when all of them are right, on to the following page."""
    if request.method == "POST":
        if stop := keep(request, form, save):
            return stop
        if not form.errors:
            return onward(request, *following)
    return render(request, form.template, page(application, form=form, **more))


def onward(request: HttpRequest, following: str, *args: object) -> HttpResponse:
    """To the next page, or back to where 「変更」 was pressed."""
    if request.GET.get("to") == "check":
        return redirect("guardian:apply_check")
    return redirect(f"guardian:{following}", *args)


def editing(application: "Application") -> None:
    """Pages of answers exist while the family may write."""
    if not applications.is_editable(application):
        raise Http404


@applicant_only
@require_http_methods(["GET", "POST"])
def guardian(request: HttpRequest, application: "Application") -> HttpResponse:
    """保護者"""
    editing(application)
    form = GuardianForm.of(application, typed(request))
    save = partial(drafts.save, application=application, by=author(application))
    return question(request, application, form, save, ("apply_address",))


@applicant_only
@require_http_methods(["GET", "POST"])
def address(request: HttpRequest, application: "Application") -> HttpResponse:
    """住所, from the post code."""
    editing(application)
    if "lookup" in request.POST or "town" in request.POST:
        form, towns = looked_up(request, application)
        return render(request, "guardian/apply_address.html", page(application, form=form, towns=towns))
    form = AddressForm.of(application, typed(request))
    save = partial(drafts.save, application=application, by=author(application))
    following = ("apply_child", first_position(application))
    return question(request, application, form, save, following)


def looked_up(request: HttpRequest, application: "Application") -> tuple[AddressForm, list[str]]:
    """Without JavaScript: the button fills the address in, or offers the places of the code."""
    places = municipalities.post_code(request.POST.get("post_code", "")[:20])
    names = [f"{place.prefecture}{place.city}{place.town}" for place in places]
    chosen = request.POST.get("town", "")
    filled = chosen if chosen in names else names[0] if len(names) == 1 else ""
    typed = request.POST.copy()
    typed["address"] = filled or typed.get("address", "")
    form = AddressForm.of(application)
    form.initial.update(typed.dict())
    return form, [] if filled else names


def first_position(application: "Application") -> int:
    return min(child.position for child in application.children.all())


@applicant_only
@require_http_methods(["GET", "POST"])
def child(request: HttpRequest, application: "Application", position: int) -> HttpResponse:
    """こども: one page each."""
    editing(application)
    try:
        one = application.children.get(position=position)
    except ObjectDoesNotExist as unknown:
        raise Http404 from unknown
    shared = {name: getattr(application, name) for name in ("family_name", "family_kana")}
    form = ChildForm.of(one, shared, today(), typed(request))
    by = author(application)
    save = partial(drafts.save_child, application=application, position=position, by=by)
    return question(request, application, form, save, ("apply_children",), child=one)


@applicant_only
@require_http_methods(["GET", "POST"])
def children(request: HttpRequest, application: "Application") -> HttpResponse:
    """Are these all? Twins and siblings can be on the same application."""
    editing(application)
    if request.method == "POST":
        added = drafts.add_child(application=application, by=author(application), now=now())
        return redirect("guardian:apply_child", added.position)
    return render(request, "guardian/apply_children.html", page(application, most=drafts.MOST_CHILDREN))


@applicant_only
@require_POST
def remove_child(request: HttpRequest, application: "Application", position: int) -> HttpResponse:
    """Take a child off again."""
    editing(application)
    try:
        drafts.remove_child(application=application, position=position, by=author(application), now=now())
    except (Refused, ObjectDoesNotExist):
        return redirect("guardian:apply_children")
    return redirect("guardian:apply_children")


@applicant_only
@require_http_methods(["GET", "POST"])
def reduction(request: HttpRequest, application: "Application") -> HttpResponse:
    """利用料の減免, with its documents by camera or file."""
    editing(application)
    form = ReductionForm.of(application, typed(request), request.FILES or None)
    save = partial(drafts.save, application=application, by=author(application))
    if request.method == "POST":
        if stop := keep(request, form, save):
            return stop
        if took_paper(form, application):
            return redirect(request.get_full_path())
        if not form.errors:
            return onward(request, "apply_notice")
    return render(request, form.template, page(application, form=form))


def took_paper(form: ReductionForm, application: "Application") -> bool:
    """True when a document was kept; a reduction without any gets a sentence."""
    paper = form.cleaned_data.get("paper")
    if paper is not None:
        try:
            proofs.add_proof(
                application=application, name=paper.name, data=paper.read(), by=author(application), now=now()
            )
        except Refused as no:
            form.add_error("paper", sentence(no))
            return False
        return True
    if form.cleaned_data.get("reduction", "none") != "none" and not application.proofs.exists():
        form.add_error("paper", _("あてはまることが わかる書類を 1つ以上 追加してください。"))
    return False


@applicant_only
@require_http_methods(["GET", "POST"])
def notice(request: HttpRequest, application: "Application") -> HttpResponse:
    """結果の受けとりかた と 同意"""
    editing(application)
    form = NoticeForm.of(application, typed(request))
    save = partial(drafts.save, application=application, by=author(application))
    return question(request, application, form, save, ("apply_check",))
