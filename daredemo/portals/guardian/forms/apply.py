"""Forms on the way to an application: is it for my child, where to send the link, coming back."""

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from daredemo.portals.shared.applying import ENROLMENTS
from daredemo.portals.shared.forms import REQUIRED, BirthDateField, EmailField, Form, Line

# Slips of the finger that mail servers will never correct.
SLIPS = {
    "gmail.con": "gmail.com", "gmail.co": "gmail.com", "gmail.co.jp": "gmail.com", "gmai.com": "gmail.com",
    "gmial.com": "gmail.com", "gamil.com": "gmail.com", "gnail.com": "gmail.com", "gmail.cm": "gmail.com",
    "yahoo.co.jo": "yahoo.co.jp", "yaho.co.jp": "yahoo.co.jp", "yahoo.ne.jp": "yahoo.co.jp",
    "yahoo.jp": "yahoo.co.jp", "icloud.con": "icloud.com", "icoud.com": "icloud.com",
    "docomo.co.jp": "docomo.ne.jp", "docomo.ne.jo": "docomo.ne.jp", "docom.ne.jp": "docomo.ne.jp",
    "ezweb.co.jp": "ezweb.ne.jp", "softbank.co.jp": "softbank.ne.jp", "i.softbank.co.jp": "i.softbank.jp",
    "hotmail.con": "hotmail.com", "outlook.con": "outlook.com", "outlook.co.jp": "outlook.jp",
}  # fmt: skip


def better_address(email: str) -> str:
    """hanako@gmail.con → hanako@gmail.com; "" where nothing looks wrong."""
    name, at, domain = email.rpartition("@")
    meant = SLIPS.get(domain.casefold())
    return f"{name}{at}{meant}" if meant else ""


class EligibilityForm(Form):
    """対象かしらべる"""

    all_required: ClassVar[bool] = True
    born = BirthDateField(label=_("お子さんの生年月日"))
    enrolment = forms.ChoiceField(
        label=_("いま 通っているところ"),
        choices=ENROLMENTS,
        widget=forms.RadioSelect,
        error_messages={"required": _("1つ えらんでください。")},
    )


class AddressToMailForm(Form):
    """利用申請URLの送り先"""

    all_required: ClassVar[bool] = True
    email = EmailField(label=_("メールアドレス"))


class ReminderForm(AddressToMailForm):
    """まだ小さいお子さん: 申請できるようになったら知らせる"""

    born = forms.DateField(widget=forms.HiddenInput)


class ReturnForm(Form):
    """ほかの端末から つづける"""

    all_required: ClassVar[bool] = True
    number = Line(
        label=_("申請番号"),
        help_text=_("受付のメールと申請書に書いてあります。例: A123-456-789"),
        look="w12",
        error_messages={"required": REQUIRED},
        max_length=40,
    )
    email = EmailField(label=_("申請に使ったメールアドレス"))
