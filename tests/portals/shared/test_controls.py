"""The drawn controls are Django's own, whatever stands in them."""

from typing import Any

import pytest
from django import forms
from django.forms.boundfield import BoundWidget
from django.forms.renderers import TemplatesSetting
from django.forms.widgets import ChoiceWidget

from daredemo.portals.shared.controls import Renderer

HARD = "<b>&\"'"
CHOICES = [("", "えらばない"), (HARD, HARD), ("3", "みっつ"), (4, "よっつ")]
PLAIN = TemplatesSetting()
ATTRS: tuple[dict[str, Any], ...] = (
    {},
    {"class": f"in {HARD}", "id": "it", "aria-invalid": True, "lang": False, "maxlength": 100},
)


def words(html: str) -> str:
    """Without what lies between tags of a list: line breaks that nobody sees."""
    return html.replace("\n", "").replace("> ", ">").replace("  <", "<")


@pytest.mark.parametrize("attrs", ATTRS)
@pytest.mark.parametrize("value", [None, "", HARD, "3", 4, True])
@pytest.mark.parametrize(
    "widget",
    [
        forms.TextInput(), forms.NumberInput(), forms.EmailInput(), forms.HiddenInput(),
        forms.CheckboxInput(), forms.Select(choices=CHOICES),
    ],
    ids=lambda widget: type(widget).__name__,
)  # fmt: skip
def test_a_control_is_djangos_own(widget: forms.Widget, value: Any, attrs: dict[str, Any]) -> None:
    ours, djangos = (widget.render("who", value, attrs, renderer) for renderer in (Renderer(), PLAIN))
    assert words(ours) == words(djangos)


@pytest.mark.parametrize("alone", [True, False])
@pytest.mark.parametrize("widget", [forms.RadioSelect, forms.CheckboxSelectMultiple])
def test_one_of_many_is_djangos_own(widget: type[ChoiceWidget], alone: bool) -> None:
    """Also where it stands inside its label, which the house does not print."""
    data = list(widget({"class": HARD}, CHOICES).subwidgets("who", ["3"], {"id": "it"}))
    drawn = [
        [BoundWidget(widget(), one, renderer).tag(wrap_label=not alone) for one in data]
        for renderer in (Renderer(), PLAIN)
    ]
    assert drawn[0] == drawn[1]
    assert len(drawn[0]) == len(CHOICES)
