"""What a facility says about itself to families, and what it asks for."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from daredemo.facilities import queries as facilities
from daredemo.portals.shared.forms import (
    DateField,
    Form,
    KanaField,
    Line,
    NameField,
    PhoneField,
    PostcodeField,
    Text,
    TimeField,
)

if TYPE_CHECKING:
    from daredemo.facilities.models import Facility

MONTHS = [(6, _("6か月")), (8, _("8か月")), (10, _("10か月")), (12, _("1歳")), (24, _("2歳"))]
AGES = [(0, _("0歳")), (1, _("1歳")), (2, _("2歳"))]
LENGTHS = [(hours * 60, _("%(n)d時間") % {"n": hours}) for hours in range(1, 11)]


def number(label: Any, low: int, high: int, **options: Any) -> forms.IntegerField:
    """A small number typed in digits."""
    widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "w4 num", "autocomplete": "off"})
    wrong = _("%(low)dから%(high)dまでの数字で入力してください。") % {"low": low, "high": high}
    words: dict[str, Any] = {
        "required": _("入力してください。"),
        "invalid": wrong,
        "min_value": wrong,
        "max_value": wrong,
    }
    return forms.IntegerField(
        label=label, min_value=low, max_value=high, widget=widget, error_messages=words, **options
    )


class ProfileForm(Form):
    """Its fields are the facility's columns of the same name."""

    name = NameField(label=_("園の名前"))
    kana = KanaField(label=_("園の名前(ふりがな)"))
    post_code = PostcodeField(label=_("郵便番号"))
    address = Line(label=_("住所"), max_length=200)
    phone = PhoneField(label=_("電話番号"), max_length=15)
    youngest_months = forms.TypedChoiceField(label=_("何か月から"), coerce=int, choices=MONTHS)
    oldest_age = forms.TypedChoiceField(label=_("何歳まで"), coerce=int, choices=AGES)
    longest_minutes = forms.TypedChoiceField(label=_("1回のいちばん長い時間"), coerce=int, choices=LENGTHS)
    meals = forms.BooleanField(label=_("給食がある"), required=False)
    about = Text(label=_("園の紹介"), lines=3, required=False)
    policy = Text(label=_("保育方針"), lines=3, required=False)
    belongings = Text(
        label=_("持ちもの"), help_text=_("1行に1つずつ書くと、読みやすくなります。"), lines=4, required=False
    )
    access = Text(label=_("行き方・駐車場"), lines=2, required=False)
    insurance = Text(
        label=_("けがと保険"), help_text=_("治療費を園の保険で対応できるか。"), lines=2, required=False
    )
    late_cancel_words = Text(
        label=_("取り消しがおそくなったときの利用料"),
        help_text=_("金額と、いつから かかるか。"),
        lines=2,
        required=False,
    )
    approval = forms.ChoiceField(
        label=_("予約の決まり方"),
        choices=facilities.Approval.choices,
        widget=forms.RadioSelect,
    )
    window_day = number(_("翌月の予約がはじまる日"), 1, 28, help_text=_("毎月この日から。"))
    window_time = TimeField(label=_("翌月の予約がはじまる時刻"))
    window_closes_hours = number(_("何時間まえまで予約できるか"), 0, 336)

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        youngest, oldest = answers.get("youngest_months"), answers.get("oldest_age")
        if youngest is not None and oldest is not None and youngest >= (oldest + 1) * 12:
            self.add_error("oldest_age", _("「何か月から」より大きい年れいを えらんでください。"))
        return answers

    @classmethod
    def of(cls, facility: "Facility", data: Any) -> "ProfileForm":
        form = cls(data, initial={name: getattr(facility, name) for name in cls.base_fields})
        for name, choices in (("youngest_months", MONTHS), ("longest_minutes", LENGTHS)):
            held = getattr(facility, name)
            if held not in dict(choices):  # set from elsewhere: keep it choosable
                form.fields[name].choices = sorted([*choices, (held, held)])  # type: ignore[attr-defined]
        return form


class PriceForm(Form):
    yen_per_hour = number(_("利用料(1時間・円)"), 0, 10_000)
    offers_reductions = forms.BooleanField(label=_("利用料の減免をする"), required=False, initial=True)
    in_force_from = DateField(label=_("いつから"))

    def __init__(self, *given: Any, today: date, **options: Any) -> None:
        super().__init__(*given, **options)
        self.today = today

    def clean_in_force_from(self) -> date:
        return ahead(self.cleaned_data["in_force_from"], self.today)


class ExtraForm(Form):
    """実費: each line with its written reason."""

    name = Line(label=_("何の費用"), help_text=_("例: 給食費、おやつ代"), max_length=60)
    yen = number(_("1回の金額(円)"), 0, 10_000)
    reason = Line(label=_("集める理由"), help_text=_("ご家族が読みます。"), max_length=200)
    in_force_from = DateField(label=_("いつから"))

    def __init__(self, *given: Any, today: date, **options: Any) -> None:
        super().__init__(*given, **options)
        self.today = today

    def clean_in_force_from(self) -> date:
        return ahead(self.cleaned_data["in_force_from"], self.today)


def ahead(day: date, today: date) -> date:
    """Prices are told before they count."""
    if day < today:
        raise ValidationError(_("きょうか、それよりあとの日にしてください。"), code="past")
    return day
