"""allauth's forms with words and fields of ours."""

from typing import Any

from allauth.account.forms import ReauthenticateForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as AgainForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from daredemo.rules import codes


class Code(forms.CharField):
    """Digits as an authenticator shows them or as they stand on the list; any width, any spaces."""

    def __init__(self) -> None:
        look = {"inputmode": "numeric", "autocomplete": "one-time-code", "class": "code"}
        super().__init__(max_length=40, widget=forms.TextInput(attrs=look), label=_("6けたの番号"))

    def to_python(self, value: Any) -> str:
        return codes.tidy(super().to_python(value) or "")


class EnterCode(AuthenticateForm):  # type: ignore[misc]  # allauth has no types
    code = Code()


class AgainCode(AgainForm):  # type: ignore[misc]
    code = Code()


class SetUpCode(ActivateTOTPForm):  # type: ignore[misc]
    code = Code()


class AgainPassword(ReauthenticateForm):  # type: ignore[misc]
    password = forms.CharField(
        label=_("パスワード"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


UNREAD = _("パスキーを読みとれませんでした。ほかの方法をつかってください。")
BROKEN = (KeyError, AttributeError, TypeError, ValueError)


class Credential(forms.JSONField):
    """What a browser says about a passkey."""

    def __init__(self) -> None:
        super().__init__(widget=forms.HiddenInput, error_messages={"required": UNREAD, "invalid": UNREAD})


class Readable:
    """allauth trusts the shape of what a browser says; a wrong shape is refused in words."""

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except BROKEN as broken:
            raise ValidationError(UNREAD) from broken


class AddPasskey(AddWebAuthnForm):  # type: ignore[misc]
    """Every passkey here can replace the password, so the device must know its owner."""

    name = forms.CharField(label=_("このパスキーの名前"), required=False, max_length=40)
    credential = Credential()
    passwordless = forms.BooleanField(required=True, initial=True, widget=forms.HiddenInput)

    def clean(self) -> Any:
        try:
            return super().clean()
        except BROKEN as broken:
            raise ValidationError(UNREAD) from broken


class LoginPasskey(Readable, LoginWebAuthnForm):  # type: ignore[misc]
    credential = Credential()


class EnterPasskey(Readable, AuthenticateWebAuthnForm):  # type: ignore[misc]
    credential = Credential()


class AgainPasskey(Readable, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    credential = Credential()
