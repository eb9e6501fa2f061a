"""What a facility may see of a child, and until when."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from daredemo.portals.shared.forms import DateField, Form

if TYPE_CHECKING:
    from daredemo.families.queries import Standing

KINDS = (
    ("record", _("この園が、こどもの記録を見ること")),
    ("photos", _("園での ようすの写真を とること")),
    ("notes", _("ほかの園に、短い申し送りをすること")),
)


class ConsentForm(Form):
    """Its answers are the arguments of `families.agree`."""

    kinds = forms.MultipleChoiceField(
        label=_("同意すること"), choices=KINDS, widget=forms.CheckboxSelectMultiple, required=False
    )
    until = DateField(
        label=_("いつまで"), help_text=_("書かないときは、認定がおわるまでです。"), required=False
    )

    def __init__(self, *given: Any, stand: "Standing", **options: Any) -> None:
        last = max((one.until for one in stand.given if one.until), default=None)
        before = {"kinds": [one.kind for one in stand.given] or ["record"], "until": last}
        super().__init__(*given, initial=before, **options)
