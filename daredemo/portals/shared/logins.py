"""The login screens that all portals have, each in its own look: enter, leave, set and forget a password."""

from datetime import datetime
from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from daredemo.accounts import adapter, entrance, gates, unsent
from daredemo.portals.shared.city import the_only_city
from daredemo.portals.shared.forms import EmailField, Form, Line, Text
from daredemo.rules.refusal import Reason, Refused

if TYPE_CHECKING:
    from daredemo.accounts.models import User

PREFILL = "login_id"


def secret(label: object, hint: str) -> Text:
    """A password field; what is typed is never printed again."""
    box = forms.PasswordInput(attrs={"autocomplete": hint})
    return Text(label=label, strip=False, max_length=200, widget=box)


class LoginForm(Form):
    all_required = True
    login_id = Line(label=gettext_lazy("ログインID"), max_length=60, hint="username webauthn")
    password = secret(gettext_lazy("パスワード"), "current-password")

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        self.fields["login_id"].widget.attrs.update(autocapitalize="none", spellcheck="false")


class NewPasswordForm(Form):
    all_required = True
    password = secret(gettext_lazy("新しいパスワード"), "new-password")
    again = secret(gettext_lazy("もういちど入力"), "new-password")

    def clean(self) -> None:
        typed = self.cleaned_data
        if "password" in typed and "again" in typed and typed["password"] != typed["again"]:
            self.add_error("again", ValidationError(_("上のパスワードと同じものを入力してください。")))


class ForgottenForm(Form):
    all_required = True
    login_id = Line(label=gettext_lazy("ログインID"), max_length=60, hint="username")
    email = EmailField(label=gettext_lazy("メールアドレス"))


def enter(request: HttpRequest, portal: str, now: datetime) -> HttpResponse:
    """ログイン: by ID and password; the passkey has a form of its own on the same screen."""
    dress(request, portal)
    user = gates.user_of(request)
    if user is not None and user.portal == portal:
        return redirect(adapter.home(user))
    wished = request.POST.get("next") or request.GET.get("next", "")
    form = LoginForm(request.POST or None, initial={"login_id": request.session.get(PREFILL, "")})
    if form.is_valid():
        try:
            return entrance.enter(request, portal=portal, wished=wished, now=now, **form.cleaned_data)
        except Refused as no:
            form.refuse(no)
    return answer(request, f"{portal}/login.html", form, next=wished)


def again(request: HttpRequest, user: "User", now: datetime) -> HttpResponse:
    """もう一度 送る: once, what this login had typed when its session had ended."""
    kept, home = unsent.take(request, user, now), adapter.home(user)
    if kept is None:
        return redirect(home)
    form = {"to": kept[0], "typed": kept[1], "token": get_token(request)}
    return render(request, "shared/again.html", {"again": form, "entered": True, "home": home})


def leave(request: HttpRequest, portal: str) -> HttpResponse:
    """ログアウト."""
    entrance.leave(request)
    messages.success(request, _("ログアウトしました。"))
    return redirect(f"{portal}:login")


def set_password(request: HttpRequest, portal: str, token: str, now: datetime) -> HttpResponse:
    """パスワードを決める: looking never uses the link up; a dead link says why and what to do."""
    dress(request, portal)
    link = entrance.password_link(portal, token, now)
    if link.state != "open":
        return _dead_link(request, portal, token, now)
    form = NewPasswordForm(request.POST or None)
    if form.is_valid():
        password = form.cleaned_data["password"]
        try:
            response = redirect(f"{portal}:login")
            entrance.set_password(request, response, portal=portal, token=token, password=password, now=now)
        except Refused as no:
            form.refuse(no)
        else:
            return welcome(request, response, link.user.login_id if link.user else "")
    return answer(request, "account/password_set.html", form, owner=link.user)


def _dead_link(request: HttpRequest, portal: str, token: str, now: datetime) -> HttpResponse:
    link = entrance.password_link(portal, token, now)
    sent = False
    if request.method == "POST" and link.state == "expired":
        entrance.send_again(request, portal=portal, token=token, now=now)
        sent = True
    status = 404 if link.state == "unknown" else 200
    facts = {"link": link, "sent": sent, "forgotten": f"{portal}:password_forgotten"}
    return render(request, "account/password_dead.html", facts, status=status)


def welcome(request: HttpRequest, response: HttpResponse, login_id: str) -> HttpResponse:
    """After a password was set: on to the login screen, the ID already filled in."""
    request.session[PREFILL] = login_id
    messages.success(request, _("パスワードを決めました。このパスワードでログインしてください。"))
    return response


def forgotten(request: HttpRequest, portal: str, now: datetime) -> HttpResponse:
    """パスワードを忘れたとき: the same answer whether or not ID and address are known."""
    dress(request, portal)
    form = ForgottenForm(request.POST or None)
    if form.is_valid():
        try:
            entrance.ask_link(request, portal=portal, now=now, **form.cleaned_data)
        except Refused as no:
            form.refuse(no)
        else:
            return redirect(f"{portal}:password_sent")
    return answer(request, "account/password_forgotten.html", form, login=f"{portal}:login")


def sent(request: HttpRequest, portal: str) -> HttpResponse:
    """メールを送りました."""
    dress(request, portal)
    return render(request, "account/password_sent.html", {"login": f"{portal}:login"})


def dress(request: HttpRequest, portal: str) -> None:
    """Before anyone is known a page speaks for the city that this deployment serves, if it is one."""
    gates.dress(request, portal)
    request.city = the_only_city()  # type: ignore[attr-defined]


def answer(request: HttpRequest, template: str, form: Form, **facts: object) -> HttpResponse:
    """The screen with its form; 429 where one has to wait."""
    no = form.refused
    wait = no.facts.get("again_at") if no and no.reason == Reason.TOO_MANY_TRIES else None
    return paced(render(request, template, {"form": form, **facts}), wait)


def paced(response: HttpResponse, again_at: object) -> HttpResponse:
    """429 with the time from which on one may try again, or the page as it is."""
    if isinstance(again_at, datetime):
        response.status_code, response["Retry-After"] = 429, http_date(again_at.timestamp())
    return response
