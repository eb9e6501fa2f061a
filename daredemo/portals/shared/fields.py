"""How a form field becomes a whole question on the page."""

from collections.abc import Iterator

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import BaseForm, BoundField
from django.template.loader import render_to_string
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

TEXT_LOOK = {"class": "in"}


def question(bound: BoundField, support: str = "", label: str = "") -> SafeString:
    """Label with ※必須 or ※任意, support text, control, error; no template, as a form has many of them."""
    support = support or str(bound.help_text)
    described = " ".join(
        f"{bound.auto_id}_{name}"
        for name, is_there in (("helptext", support), ("error", bound.errors))
        if is_there
    )
    name = conditional_escape(label or bound.label) + _mark(bound)
    look = "f bad" if bound.errors else "f"
    group, head = "div", f'<label for="{bound.id_for_label}">{name}</label>'
    if bound.use_fieldset:
        group, head = "fieldset", f"<legend>{name}</legend>"
        look += f'" id="{bound.auto_id}' + (f'" aria-describedby="{described}' if described else "")
    elif isinstance(bound.field.widget, forms.CheckboxInput):
        head = ""  # its label stands beside it
    lines = (
        head,
        f'<p class="help" id="{bound.auto_id}_helptext">{conditional_escape(support)}</p>' if support else "",
        _control(bound, described),
        _mistakes(bound),
    )
    inside = "".join(f"\n  {line}" for line in lines if line)
    return mark_safe(f'<{group} class="{look}">{inside}\n</{group}>\n')  # noqa: S308  escaped above


def _mistakes(bound: BoundField) -> str:
    if not bound.errors:
        return ""
    said = "<br>".join(f"＊{conditional_escape(str(error))}" for error in bound.errors)
    return f'<p class="msg" id="{bound.auto_id}_error">{said}</p>'


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
    if bound.field.required:
        said = "" if getattr(bound.form, "all_required", False) else _("※必須")
        return f' <span class="need">{said}</span>' if said else ""
    said = "" if getattr(bound.field, "sometimes", False) else _("※任意")
    return f' <span class="opt">{said}</span>' if said else ""


def _control(bound: BoundField, described: str) -> SafeString:
    widget = bound.field.widget
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return _choices(bound)
    if isinstance(widget, forms.CheckboxInput):
        name = conditional_escape(bound.label) + _mark(bound)
        return mark_safe(f'<div class="pick"><label>{bound}<span>{name}</span></label></div>')  # noqa: S308
    attrs: dict[str, str | bool] = {}
    if described and not bound.use_fieldset:
        attrs["aria-describedby"] = described
    if isinstance(widget, forms.FileInput):
        control = bound.as_widget(attrs=attrs)
        return SafeString(render_to_string("shared/parts/file.html", {"control": control}))
    look = str(widget.attrs.get("class", ""))
    attrs["class"] = f"in {look}".strip()
    return bound.as_widget(attrs=attrs)


def _choices(bound: BoundField) -> SafeString:
    many = bound.subwidgets
    drawn = "".join(
        f"<label>{one.tag()}<span>{conditional_escape(one.choice_label)}</span></label>" for one in many
    )
    return mark_safe(f'<div class="{"pick c" if len(many) > 5 else "pick"}">{drawn}</div>')  # noqa: S308
