"""Forms of the screening: certify, decline, send back."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from daredemo.languages.words import jdate_long
from daredemo.portals.shared.applying import END_REASONS, PARTS, REDUCTIONS
from daredemo.portals.shared.forms import DateField, Form, Line, Text

if TYPE_CHECKING:
    from daredemo.certification.checks import Check
    from daredemo.certification.models import ApplicantChild, Application

VERSION = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)


def is_amber(child: "ApplicantChild", found: list["Check"]) -> bool:
    """Whether something about this child has to be confirmed by a person."""
    return any(check.level == "amber" and check.position in (0, child.position) for check in found)


class CertifyForm(Form):
    """認定"""

    version = VERSION
    amber_reason = Text(
        label=gettext_lazy("確認したこと"),
        lines=2,
        required=False,
        max_length=1000,
        help_text=gettext_lazy("△の項目を どう確認したか。家族には見えません。"),
    )
    reduction = forms.ChoiceField(
        label=gettext_lazy("認める減免"),
        choices=(("", gettext_lazy("なし")), *REDUCTIONS[1:]),
        required=False,
    )
    reduction_reason = Text(
        label=gettext_lazy("申請とちがう減免にする理由"),
        lines=2,
        required=False,
        max_length=1000,
        help_text=gettext_lazy("家族に そのまま伝わります。申請のとおりなら いりません。"),
    )

    @classmethod
    def of(
        cls, application: "Application", child: "ApplicantChild", found: list["Check"], data: Any = None
    ) -> "CertifyForm":
        applied = application.reduction if application.reduction != "none" else ""
        known = {"version": application.version, "reduction": applied}
        form = cls(data, initial=known, auto_id=f"id_{child.position}_%s")
        form.fields["amber_reason"].required = is_amber(child, found)
        return form


class DeclineForm(Form):
    """却下"""

    version = VERSION
    article = Line(
        label=gettext_lazy("根拠の条文"),
        max_length=100,
        help_text=gettext_lazy("市の審査基準に合わせて なおしてください。"),
    )
    reason = Text(
        label=gettext_lazy("理由"),
        lines=4,
        max_length=2000,
        help_text=gettext_lazy("どの事実が どのきまりに 当たらないか。家族に そのまま伝わります。"),
    )
    possible = Text(
        label=gettext_lazy("できること"),
        lines=3,
        required=False,
        max_length=2000,
        help_text=gettext_lazy("ほかの制度、もう一度 申請できるとき。"),
    )

    @classmethod
    def of(
        cls, application: "Application", child: "ApplicantChild", found: list["Check"], data: Any = None
    ) -> "DeclineForm":
        return cls(data, initial={"version": application.version, **suggestion(child, found)})


def suggestion(child: "ApplicantChild", found: list["Check"]) -> dict[str, str]:
    """Words to begin with, from what the checks found."""
    article = _("子ども・子育て支援法(乳児等支援給付の支給要件)")
    codes = {check.code: check for check in found if check.position == child.position}
    if old := codes.get("too_old"):
        facts = {"born": jdate_long(child.born), "last": jdate_long(old.day)}
        return {
            "article": article,
            "reason": _(
                "お子さん(%(born)s生まれ)が利用できる期間は、%(last)sまででした。満3歳になる前が対象です。"
            )
            % facts,
            "possible": _(
                "一時預かり、子育て支援センター、保育所・認定こども園・幼稚園の入園を 案内できます。"
            ),
        }
    if "enrolled" in codes:
        return {
            "article": article,
            "reason": _("保育所などに在園しているため、対象になりません。"),
            "possible": _("退園したあとは、もう一度 申請できます。"),
        }
    return {"article": article}


class SendBackForm(Form):
    """差戻し"""

    version = VERSION
    parts = forms.MultipleChoiceField(
        label=gettext_lazy("なおしてほしいページ"), widget=forms.CheckboxSelectMultiple, required=False
    )
    words = Text(
        label=gettext_lazy("家族に伝えること"),
        lines=5,
        max_length=2000,
        help_text=gettext_lazy("何を、どう なおすか。申請の画面に そのまま出ます。"),
    )

    @classmethod
    def of(
        cls, application: "Application", children: list["ApplicantChild"], data: Any = None
    ) -> "SendBackForm":
        form = cls(data, initial={"version": application.version})
        named = [(f"child-{child.position}", child.name) for child in children]
        choices = [part for part in PARTS if part[0] != "children"]
        form.fields["parts"].choices = [*choices[:2], *named, *choices[2:]]  # type: ignore[attr-defined]
        return form


class EndForm(Form):
    """認定をおわる"""

    ended_on = DateField(label=gettext_lazy("使える最後の日"))
    reason = forms.ChoiceField(
        label=gettext_lazy("理由"),
        choices=END_REASONS,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("1つ えらんでください。")},
    )


class CounterForm(Form):
    """登録コードを出しなおす"""

    seen = forms.BooleanField(
        label=gettext_lazy("本人であることを 身分証などで たしかめました"),
        error_messages={"required": gettext_lazy("たしかめてから えらんでください。")},
    )


class ProtectionForm(Form):
    """支援措置の対象にする・おわりにする. `do` is what the page offered: it may have been done since."""

    do = forms.ChoiceField(choices=[("protect", ""), ("unprotect", "")], widget=forms.HiddenInput)
    seen = forms.BooleanField(
        label=gettext_lazy("支援措置の決定(または おわり)の書類を たしかめました"),
        error_messages={"required": gettext_lazy("たしかめてから えらんでください。")},
    )
