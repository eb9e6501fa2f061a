"""Whom a guardian lets in, for which children, as what."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from daredemo.portals.shared.applying import RELATIONS
from daredemo.portals.shared.forms import EmailField, Form, NameField

if TYPE_CHECKING:
    from daredemo.families.models import Child

PARTS = (
    ("guardian", _("もう1人の保護者(予約・記録・同意など、ぜんぶ できます)")),
    ("proxy", _("代理人(予約・取り消し・登園だけ できます)")),
)


class InviteForm(Form):
    """Its answers are the arguments of `families.invite`."""

    part = forms.ChoiceField(label=_("どんな人ですか"), choices=PARTS, widget=forms.RadioSelect)
    family_name = NameField(label=_("姓"))
    given_name = NameField(label=_("名"), required=False)
    relation = forms.ChoiceField(label=_("こどもとの関係"), choices=RELATIONS, widget=forms.RadioSelect)
    children = forms.MultipleChoiceField(label=_("どのお子さん"), widget=forms.CheckboxSelectMultiple)
    email = EmailField(
        label=_("その人のメールアドレス"),
        help_text=_("あなたと同じアドレスでも かまいません。ないときは、紙でわたすコードが出ます。"),
        required=False,
    )

    def __init__(self, *given: Any, children: "list[Child]", **options: Any) -> None:
        super().__init__(*given, **options)
        self.own = {str(child.pk): child for child in children}
        names = [(pk, _("%(child)sさん") % {"child": child.called}) for pk, child in self.own.items()]
        self.fields["children"].choices = names  # type: ignore[attr-defined]
        self.fields["children"].initial = [pk for pk, _name in names]
        self.fields["email"].widget.attrs["autocomplete"] = "off"

    def clean_children(self) -> "list[Child]":
        return [self.own[pk] for pk in self.cleaned_data["children"]]
