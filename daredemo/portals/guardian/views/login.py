"""The doors of the guardian portal: log in, show a mailed code, set a password by mail or by letter."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from daredemo.accounts import actions as accounts
from daredemo.accounts import entrance
from daredemo.config.clock import now
from daredemo.portals.guardian.gate import anyone, family_only
from daredemo.portals.shared import logins
from daredemo.portals.shared.forms import CodeField, Form, Line, accepted
from daredemo.rules.refusal import Refused

if TYPE_CHECKING:
    from daredemo.families.models import Guardian

PORTAL = "guardian"


class MailedCodeForm(Form):
    all_required = True
    code = CodeField(label=_("メールの番号(6けた)"))


class ActivationForm(logins.NewPasswordForm):
    login_id = Line(label=_("利用者ログインID"), max_length=60, hint="username")
    code = CodeField(label=_("登録コード(12けた)"), length=(12, 12), hint="off")
    field_order = ("login_id", "code", "password", "again")

    def clean(self) -> None:
        super().clean()
        self.cleaned_data.pop("again", None)


@anyone
@sensitive_post_parameters()
def login(request: HttpRequest) -> HttpResponse:
    return logins.enter(request, PORTAL, now())


@anyone
@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    return logins.leave(request, PORTAL)


@family_only
@require_safe
def again(request: HttpRequest, guardian: "Guardian") -> HttpResponse:
    """もう一度 送る: the form that was on its way when the login had ended."""
    return logins.again(request, guardian.user, now())


@anyone
@sensitive_post_parameters()
def password_set(request: HttpRequest, token: str) -> HttpResponse:
    return logins.set_password(request, PORTAL, token, now())


@anyone
def password_forgotten(request: HttpRequest) -> HttpResponse:
    return logins.forgotten(request, PORTAL, now())


@anyone
def password_sent(request: HttpRequest) -> HttpResponse:
    return logins.sent(request, PORTAL)


@anyone
def login_code(request: HttpRequest) -> HttpResponse:
    """メールの番号: for a browser that this guardian has not used before."""
    newcomer = entrance.newcomer(request)
    if newcomer is None:
        return redirect("guardian:login")
    logins.dress(request, PORTAL)
    again = "again" in request.POST
    form = MailedCodeForm(None if again else request.POST or None)
    if again:
        return _code_again(request, form)
    if accepted(form, entrance.show_code, request=request, now=now()):
        done: HttpResponse = form.result
        return done
    return logins.answer(request, "guardian/login_code.html", form, address=entrance.masked(newcomer.email))


def _code_again(request: HttpRequest, form: Form) -> HttpResponse:
    sent, wait = True, None
    try:
        entrance.mail_code(request, now=now())
    except Refused as no:
        sent, wait = False, no.facts.get("again_at")
    facts = {"form": form, "sent": sent, "wait": wait}
    return logins.paced(render(request, "guardian/login_code.html", facts), wait)


@anyone
@sensitive_post_parameters()
def activation(request: HttpRequest) -> HttpResponse:
    """手紙の登録コード: the first password of someone without e-mail."""
    logins.dress(request, PORTAL)
    form = ActivationForm(request.POST or None)
    if accepted(form, entrance.activate, request=request, portal=PORTAL, now=now()):
        response = redirect("guardian:login")
        entrance.remember(request, response, form.result, now=now())
        return logins.welcome(request, response, form.result.login_id)
    return logins.answer(request, "guardian/login_activation.html", form)


@family_only
def devices(request: HttpRequest, guardian: "Guardian") -> HttpResponse:
    """ログインした端末: the browsers that need no mailed code."""
    mine = entrance.devices(request, guardian.user, now())
    page = {"devices": mine, "here": "guardian:settings"}
    return render(request, "guardian/login_devices.html", page)


@family_only
@require_POST
def device_forget(request: HttpRequest, guardian: "Guardian", device_id: UUID) -> HttpResponse:
    """A lost telephone: it needs a code again, and everyone is logged out."""
    mine = {device.pk for device, _this in entrance.devices(request, guardian.user, now())}
    if device_id not in mine:
        raise Http404
    accounts.forget_device(user=guardian.user, device_id=device_id, now=now())
    return logins.leave(request, PORTAL)
