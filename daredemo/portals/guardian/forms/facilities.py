"""What a family looks for in a facility."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from daredemo.portals.shared.forms import Form, Line

if TYPE_CHECKING:
    from daredemo.families.models import Child
    from daredemo.municipalities.models import Municipality

AGES = (("0", _("0歳")), ("1", _("1歳")), ("2", _("2歳")))
LENGTH = 100


class SearchForm(Form):
    """All fields are free; in the address as ?town=222135&who=1&weekday=0&words=…"""

    town = forms.ChoiceField(label=_("市町村"), required=False)
    who = forms.ChoiceField(label=_("お子さん・年齢"), required=False)
    weekday = forms.ChoiceField(label=_("通いたい曜日"), required=False)
    words = Line(label=_("園の名前・住所"), required=False, max_length=LENGTH)

    def __init__(
        self, *given: Any, towns: "Iterable[Municipality]", children: "Iterable[Child]", **options: Any
    ) -> None:
        super().__init__(*given, **options)
        own = [(str(child.pk), _("%(child)sさん") % {"child": child.called}) for child in children]
        self.fields["town"].choices = [("", _("すべて")), *((town.pk, town.name) for town in towns)]  # type: ignore[attr-defined]
        self.fields["who"].choices = [("", _("えらばない")), *own, *AGES]  # type: ignore[attr-defined]
        days = [(str(day), WEEKDAYS[day]) for day in range(7)]
        self.fields["weekday"].choices = [("", _("いつでも")), *days]  # type: ignore[attr-defined]
