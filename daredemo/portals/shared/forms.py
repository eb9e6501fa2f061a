"""Forms of all portals: they forgive how a thing is typed, keep it, and say clearly what is wrong."""

import re
from collections.abc import Callable
from datetime import date, time
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.template.loader import render_to_string
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from daredemo.portals.shared import typed
from daredemo.rules.refusal import Refused

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

NAME_LENGTH = 100
NO_SUCH_CHARACTER = _("使えない文字が入っています。その文字を消してください。")
NO_NUL = ProhibitNullCharactersValidator  # its sentence speaks of "null characters"; ours does not
REQUIRED = _("入力してください。")
CHOOSE = _("えらんでください。")
DJANGOS = forms.Field.default_error_messages["required"]
CHOICES = (forms.ChoiceField, forms.BooleanField, forms.FileField)


class Form(forms.Form):
    """The base of every form. `all_required`: the page says 「すべて必須です」 once, not at each label."""

    use_required_attribute = False
    all_required: ClassVar[bool] = False
    result: Any = None
    refused: Refused | None = None

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            if isinstance(field, CHOICES) and field.error_messages["required"] is DJANGOS:
                field.error_messages["required"] = CHOOSE

    def refuse(self, no: Refused) -> None:
        """Put the sentence of a refusal above the form; screens find its facts in `refused`."""
        self.refused = no
        self.add_error(None, written_later(no))


def sentence(no: Refused) -> str:
    """What a rule's refusal says to the reader, and what would make it possible."""
    return " ".join(render_to_string("shared/refusal.html", {"reason": no.reason, **no.facts}).split())


written_later = lazy(sentence, str)  # when a page prints it: most refusals lead to another one


def accepted(form: Form, action: Callable[..., Any], **given: Any) -> bool:
    """Do the action with what the form says; True when it was done. Its result is `form.result`."""
    if not form.is_valid():
        return False
    try:
        form.result = action(**form.cleaned_data, **given)
    except Refused as no:
        form.refuse(no)
        return False
    return True


class Text(forms.CharField):
    """Free text, kept as it was written; control characters are refused with a sentence."""

    def __init__(self, *, lines: int = 0, look: str = "", hint: str = "", **options: Any) -> None:
        options.setdefault("max_length", 2000 if lines else 200)
        if lines:
            options.setdefault("widget", forms.Textarea(attrs={"rows": lines}))
        super().__init__(**options)
        self.error_messages = {**self.error_messages, "required": REQUIRED}
        self.validators = [v for v in self.validators if not isinstance(v, NO_NUL)]
        for name, value in {"class": look, "autocomplete": hint}.items():
            if value:
                self.widget.attrs[name] = value

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        if typed.forbidden(text):
            raise ValidationError(NO_SUCH_CHARACTER, code="characters")
        return self.shape(text.replace("\r\n", "\n"))

    def shape(self, text: str) -> str:
        return text


class Line(Text):
    """One line: widths and spaces are brought into one shape."""

    def shape(self, text: str) -> str:
        return typed.one_line(text)


class NameField(Line):
    """A name as on the residence card: any script, one word or many."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": NAME_LENGTH, **options})


class KanaField(NameField):
    """A reading: any kana are stored as hiragana; Latin letters stay for names that have no kana."""

    sometimes = True  # not always needed, but not the reader's choice: neither ※必須 nor ※任意
    default_error_messages = {
        "kana": _("ひらがな か カタカナで入力してください。ローマ字の名前は そのままで かまいません。")
    }

    def shape(self, text: str) -> str:
        text = typed.reading(text)
        if re.search(r"[\u3400-\u9fff\uf900-\ufaff]", text):
            raise ValidationError(self.error_messages["kana"], code="kana")
        return text


class DigitsField(Text):
    """Digits in any width, with any separators."""

    pattern = r"\d+"
    wrong: "str | StrPromise" = _("数字で入力してください。")

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.widget.attrs.setdefault("inputmode", "numeric")

    def shape(self, text: str) -> str:
        text = typed.digits(text)
        if text and not re.fullmatch(self.pattern, text, re.ASCII):
            raise ValidationError(self.wrong, code="digits")
        return text


class PostcodeField(DigitsField):
    pattern = r"\d{7}"
    wrong = _("郵便番号は7けたの数字です。")

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"look": "w7", "hint": "postal-code", "max_length": 20, **options})


class PhoneField(DigitsField):
    """Digits, as dialled in Japan or with a country code."""

    pattern = r"\+?\d{9,15}"
    wrong = _("電話番号を数字で入力してください。例: 090 1234 5678")

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"look": "w12", "hint": "tel", "max_length": 40, **options})
        self.widget.input_type = "tel"
        self.widget.attrs["inputmode"] = "tel"


def _digits(count: int) -> str:
    return gettext("数字%(count)dけたで入力してください。") % {"count": count}


digits_later = lazy(_digits, str)  # a form is made once for every language


class CodeField(DigitsField):
    """A number from a mail, an authenticator or a card. `length=(6, 6)`."""

    def __init__(self, *, length: tuple[int, int] = (6, 6), **options: Any) -> None:
        super().__init__(**{"look": "code", "hint": "one-time-code", "max_length": 40, **options})
        self.pattern = rf"\d{{{length[0]},{length[1]}}}"
        self.wrong = digits_later(length[1])


class EmailField(forms.EmailField):
    default_error_messages = {
        "required": REQUIRED,
        "invalid": _("メールアドレスの形を たしかめてください。例: hanako@example.jp"),
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 254, **options})
        self.widget.attrs.update(autocomplete="email", spellcheck="false")
        self.validators = [v for v in self.validators if not isinstance(v, NO_NUL)]

    def to_python(self, value: Any) -> str:
        text = str(super().to_python(value) or "")
        if typed.forbidden(text):
            raise ValidationError(NO_SUCH_CHARACTER, code="characters")
        return typed.one_line(text).replace(" ", "")


class DateParts(forms.MultiWidget):
    """Three fields: 年 月 日."""

    template_name = "shared/widgets/date.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None, *, birthday: bool = False) -> None:
        hints = ("bday-year", "bday-month", "bday-day") if birthday else ("off", "off", "off")
        look = {"class": "in num", "inputmode": "numeric"}
        year, month, day = ({**look, "autocomplete": hint} for hint in hints)
        year["inputmode"] = "text"  # 令和6
        looks = (("year", year), ("month", month), ("day", day))
        parts: dict[str, forms.Widget | type[forms.Widget]] = {n: forms.TextInput(a) for n, a in looks}
        super().__init__(parts, attrs)

    def decompress(self, value: Any) -> list[str | int | None]:
        return [value.year, value.month, value.day] if isinstance(value, date) else [None, None, None]


class DateField(forms.Field):
    """A day typed as three parts; the year by either calendar (2024, 令和6, R6)."""

    widget = DateParts
    default_error_messages = {
        "required": REQUIRED,
        "invalid": _("年・月・日を たしかめてください。例: 2024年4月10日、または 令和6年4月10日"),
        "early": _("日づけが早すぎます。年を たしかめてください。"),
        "late": _("日づけが先すぎます。年を たしかめてください。"),
    }

    def __init__(self, *, earliest: date | None = None, latest: date | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.earliest, self.latest = earliest, latest

    def to_python(self, value: Any) -> date | None:
        if value is None or isinstance(value, date):
            return value
        parts = tuple(str(part or "") for part in value)
        if not any(part.strip() for part in parts):
            return None
        found = None if any(map(typed.forbidden, parts)) else typed.day((parts[0], parts[1], parts[2]))
        if found is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return found

    def validate(self, value: date | None) -> None:
        super().validate(value)
        for code, limit, is_beyond in (
            ("early", self.earliest, value and self.earliest and value < self.earliest),
            ("late", self.latest, value and self.latest and value > self.latest),
        ):
            if limit and is_beyond:
                raise ValidationError(self.error_messages[code], code=code)


class BirthDateField(DateField):
    def __init__(self, **options: Any) -> None:
        super().__init__(**{"widget": DateParts(birthday=True), **options})


class TimeField(forms.Field):
    """9:00, ９時３０分, 0930 → a time of day."""

    widget = forms.TextInput(attrs={"inputmode": "text", "class": "w7 num", "autocomplete": "off"})
    default_error_messages = {
        "required": REQUIRED,
        "invalid": _("時刻を たしかめてください。例: 9:30"),
    }
    shape = re.compile(r"(\d{1,2})[:.時](\d{1,2})?分?|(\d{1,2})(\d{2})", re.ASCII)

    def to_python(self, value: Any) -> time | None:
        if isinstance(value, time):
            return value
        if not str(value or "").strip():
            return None
        found = self.shape.fullmatch(typed.one_line(str(value)).replace(" ", ""))
        hour, minute = (int(found[1] or found[3]), int(found[2] or found[4] or 0)) if found else (99, 0)
        try:
            return time(hour, minute)
        except ValueError as wrong:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from wrong

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%H:%M}".removeprefix("0") if isinstance(value, time) else value
