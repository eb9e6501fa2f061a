"""How a form field becomes a whole question on the page."""

from collections.abc import Iterator

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import BaseForm, BoundField
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

TEXT_LOOK = {"class": "in"}


def parts(bound: BoundField, support: str = "", label: str = "") -> dict[str, object]:
    """What `shared/parts/field.html` prints."""
    support = support or str(bound.help_text)
    described = " ".join(
        f"{bound.auto_id}_{name}"
        for name, is_there in (("helptext", support), ("error", bound.errors))
        if is_there
    )
    widget = bound.field.widget
    return {
        "field": bound,
        "label": label or bound.label,
        "support": support,
        "errors": bound.errors,
        "described": described,
        "group": bound.use_fieldset,
        "tick": isinstance(widget, forms.CheckboxInput),
        "mark": _mark(bound),
        "control": _control(bound, described),
    }


def compact(bound: BoundField) -> SafeString:
    """The control alone, named by its label: the heads of a table say it to the eye."""
    attrs: dict[str, str | bool] = {"class": "in num", "aria-label": str(bound.label)}
    if bound.errors:
        attrs["aria-invalid"] = "true"
    return bound.as_widget(attrs=attrs)


def mistakes(form: BaseForm) -> Iterator[tuple[str, str]]:
    """Each error as 「姓: 入力してください。」 with the id of its field; "" for the form as a whole."""
    for name, errors in form.errors.items():
        bound = None if name == NON_FIELD_ERRORS else form[name]
        for error in errors:
            yield (_target(bound), f"{bound.label}: {error}") if bound else ("", str(error))


def _target(bound: BoundField) -> str:
    """The id of the first control: what a link in the summary moves the focus to."""
    if isinstance(bound.field.widget, forms.MultiWidget):
        return f"{bound.auto_id}_0"
    if bound.use_fieldset:
        return next((part.id_for_label for part in bound.subwidgets if part.id_for_label), bound.auto_id)
    return bound.id_for_label or bound.auto_id


def _mark(bound: BoundField) -> str:
    """Which of ※必須 and ※任意 stands in the label; a form of required questions says so once."""
    if not bound.field.required:
        return "" if getattr(bound.field, "sometimes", False) else "optional"
    return "" if getattr(bound.form, "all_required", False) else "need"


def _control(bound: BoundField, described: str) -> SafeString:
    widget = bound.field.widget
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return SafeString(render_to_string("shared/parts/choices.html", {"field": bound}))
    if isinstance(widget, forms.CheckboxInput):
        return SafeString(render_to_string("shared/parts/tick.html", {"field": bound, "mark": _mark(bound)}))
    attrs: dict[str, str | bool] = {}
    if described and not bound.use_fieldset:
        attrs["aria-describedby"] = described
    if isinstance(widget, forms.FileInput):
        control = bound.as_widget(attrs=attrs)
        return SafeString(render_to_string("shared/parts/file.html", {"control": control}))
    look = str(widget.attrs.get("class", ""))
    attrs["class"] = f"in {look}".strip()
    return bound.as_widget(attrs=attrs)
