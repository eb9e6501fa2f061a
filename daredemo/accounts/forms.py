"""allauth's forms with words and fields of ours."""

from typing import Any

from allauth.account.forms import ReauthenticateForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as AgainForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, LoginWebAuthnForm
from django import forms
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


class AddPasskey(AddWebAuthnForm):  # type: ignore[misc]
    """Every passkey here can replace the password, so the device must know its owner."""

    name = forms.CharField(label=_("このパスキーの名前"), required=False, max_length=40)
    passwordless = forms.BooleanField(required=True, initial=True, widget=forms.HiddenInput)


class LoginPasskey(LoginWebAuthnForm):  # type: ignore[misc]
    credential = forms.JSONField(
        widget=forms.HiddenInput,
        error_messages={
            "required": _("パスキーを読みとれませんでした。パスワードでログインしてください。"),
            "invalid": _("パスキーを読みとれませんでした。パスワードでログインしてください。"),
        },
    )
