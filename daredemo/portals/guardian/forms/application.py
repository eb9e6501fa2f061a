"""The pages of an application: what is right is kept even if the rest is not."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from daredemo.portals.shared.applying import ENROLMENTS, NOTICES, REDUCTIONS, RELATIONS
from daredemo.portals.shared.forms import (
    BirthDateField,
    Form,
    KanaField,
    Line,
    NameField,
    PhoneField,
    PostcodeField,
    Text,
)
from daredemo.rules import names

if TYPE_CHECKING:
    from daredemo.certification.models import ApplicantChild, Application

CHOOSE = {"required": _("1つ えらんでください。")}
NO_KANA = _("ローマ字などの名前には いりません。")


class Answers(Form):
    """`answers` are what may be kept: every valid field."""

    fields_kept: tuple[str, ...] = ()
    template = ""

    def answers(self, now: datetime) -> dict[str, Any]:  # noqa: ARG002
        return {name: value for name, value in self.cleaned_data.items() if name in self.fields_kept}


class NamesForm(Answers):
    """Family and given name with readings; a name without kanji or kana needs no reading."""

    def clean(self) -> dict[str, Any] | None:
        given = super().clean() or {}
        for name, kana in (("family_name", "family_kana"), ("given_name", "given_kana")):
            if names.needs_reading(given.get(name, "")) and kana in given and not given[kana]:
                self.add_error(kana, str(_("読みかたを ひらがなで 入力してください。")))
        return given


class GuardianForm(NamesForm):
    template = "guardian/apply_guardian.html"
    fields_kept = ("relation", "family_name", "given_name", "family_kana", "given_kana", "phone")
    relation = forms.ChoiceField(
        label=_("こどもとの関係"), choices=RELATIONS, widget=forms.RadioSelect, error_messages=CHOOSE
    )
    family_name = NameField(label=_("姓"), hint="family-name")
    given_name = NameField(label=_("名"), hint="given-name", required=False)
    family_kana = KanaField(label=_("姓の ふりがな"), required=False, help_text=NO_KANA)
    given_kana = KanaField(label=_("名の ふりがな"), required=False)
    phone = PhoneField(label=_("電話番号"), help_text=_("日中 つながる番号"))

    @classmethod
    def of(cls, application: "Application", data: Any = None) -> "GuardianForm":
        return cls(data, initial={name: getattr(application, name) for name in cls.fields_kept})


class AddressForm(Answers):
    template = "guardian/apply_address.html"
    fields_kept = ("post_code", "address", "street", "address_differs_reason")
    post_code = PostcodeField(label=_("郵便番号"))
    address = Line(label=_("都道府県から 町名まで"), hint="address-level1")
    street = Line(label=_("番地・建物・部屋"), hint="street-address")
    differs = forms.BooleanField(
        label=_("住民票のある市町村が ここと ちがいます"),
        required=False,
    )
    address_differs_reason = Text(
        label=_("ちがう理由"),
        lines=2,
        required=False,
        max_length=500,
        help_text=_("例: 引っこしの手続き中。くわしく書けないときは「事情がある」だけで かまいません。"),
    )

    def clean(self) -> dict[str, Any] | None:
        given = super().clean() or {}
        if given.get("differs") and not given.get("address_differs_reason"):
            self.add_error("address_differs_reason", str(_("理由を ひとこと 書いてください。")))
        if not given.get("differs") and "address_differs_reason" in given:
            given["address_differs_reason"] = ""
        return given

    @classmethod
    def of(cls, application: "Application", data: Any = None) -> "AddressForm":
        known = {name: getattr(application, name) for name in cls.fields_kept}
        known["differs"] = bool(application.address_differs_reason)
        form = cls(data, initial=known)
        form.fields["address"].widget.attrs["data-fill"] = "address"
        form.fields["street"].widget.attrs["data-fill"] = "next"
        return form


class ChildForm(NamesForm):
    template = "guardian/apply_child.html"
    fields_kept = ("family_name", "given_name", "family_kana", "given_kana", "born", "enrolment")
    family_name = NameField(label=_("姓"))
    given_name = NameField(label=_("名"), required=False)
    family_kana = KanaField(label=_("姓の ふりがな"), required=False, help_text=NO_KANA)
    given_kana = KanaField(label=_("名の ふりがな"), required=False)
    born = BirthDateField(label=_("生年月日"), help_text=_("年は 西暦でも 令和でも かまいません。例: 令和6"))
    enrolment = forms.ChoiceField(
        label=_("いま 通っているところ"), choices=ENROLMENTS, widget=forms.RadioSelect, error_messages=CHOOSE
    )

    @classmethod
    def of(
        cls, child: "ApplicantChild", shared: dict[str, str], today: date, data: Any = None
    ) -> "ChildForm":
        """A child without a name yet is offered the guardian's."""
        known = {name: getattr(child, name) for name in cls.fields_kept}
        form = cls(data, initial={**known, **shared} if not child.family_name else known)
        form.fields["born"].latest = today  # type: ignore[attr-defined]
        form.fields["born"].earliest = date(today.year - 6, 1, 1)  # type: ignore[attr-defined]
        return form


class ReductionForm(Answers):
    template = "guardian/apply_reduction.html"
    fields_kept = ("reduction",)
    reduction = forms.ChoiceField(
        label=_("あてはまるもの"), choices=REDUCTIONS, widget=forms.RadioSelect, error_messages=CHOOSE
    )
    paper = forms.FileField(
        label=_("書類の写真か PDF"),
        required=False,
        allow_empty_file=True,
        help_text=_("JPEG・PNG・PDF、1つ10MBまで。「申請しない」ときは いりません。"),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,application/pdf"}),
    )

    @classmethod
    def of(cls, application: "Application", data: Any = None, files: Any = None) -> "ReductionForm":
        return cls(data, files, initial={"reduction": application.reduction})


class NoticeForm(Answers):
    template = "guardian/apply_notice.html"
    fields_kept = ("notice",)
    notice = forms.ChoiceField(
        label=_("結果の お知らせ"), choices=NOTICES, widget=forms.RadioSelect, error_messages=CHOOSE
    )
    agreed = forms.BooleanField(
        label=_("市が調べることに 同意します"),
        error_messages={"required": _("読んで、同意するときに えらんでください。")},
    )

    def answers(self, now: datetime) -> dict[str, Any]:
        agreed = {"agreed_at": now} if self.cleaned_data.get("agreed") else {}
        return {**super().answers(now), **agreed}

    @classmethod
    def of(cls, application: "Application", data: Any = None) -> "NoticeForm":
        return cls(data, initial={"notice": application.notice, "agreed": application.agreed_at is not None})
