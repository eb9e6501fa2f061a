"""The controls of forms, drawn without templates where a page has them by the dozen.

A template that asks each option what it is takes longer than all the rest of a form. What it draws is
Django's own to the letter, `tests/portals/shared/test_controls.py` compares.
"""

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.safestring import mark_safe


def attributes(given: Mapping[str, Any]) -> str:
    """{"id": "who", "checked": True, "lang": False} → ` id="who" checked`."""
    return "".join(
        f" {escape(name)}" if value is True else f' {escape(name)}="{escape(str(value))}"'
        for name, value in given.items()
        if value is not False
    )


def select(widget: Mapping[str, Any]) -> str:
    """A list to choose from; the house has no groups in one."""
    options = "".join(
        f'\n  <option value="{escape(str(option["value"]))}"{" selected" if option["selected"] else ""}>'
        f"{escape(str(option['label']))}</option>"
        for _, some, _ in widget["optgroups"]
        for option in some
    )
    return f'<select name="{escape(widget["name"])}"{attributes(widget["attrs"])}>{options}\n</select>'


def one(widget: Mapping[str, Any]) -> str:
    """A single `<input>`, whatever its type."""
    value = "" if widget["value"] is None else f' value="{escape(str(widget["value"]))}"'
    name = escape(widget["name"])
    return f'<input type="{escape(widget["type"])}" name="{name}"{value}{attributes(widget["attrs"])}>'


INPUTS = ("text", "date", "number", "email", "hidden", "checkbox", "checkbox_option", "radio_option")
DRAWN: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "django/forms/widgets/select.html": select,
    **{f"django/forms/widgets/{name}.html": one for name in INPUTS},
}


class Renderer(TemplatesSetting):
    """Django's own, except for those."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        draw = DRAWN.get(template_name)
        if draw and not context["widget"].get("wrap_label"):
            return mark_safe(draw(context["widget"]))  # noqa: S308  escaped above
        return super().render(template_name, context, request)
