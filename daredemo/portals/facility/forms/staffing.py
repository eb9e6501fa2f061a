"""Who is on duty, who is enrolled, how large the place is."""

from collections.abc import Iterable
from datetime import date, time
from decimal import Decimal, InvalidOperation
from itertools import product
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from daredemo.facilities import queries as facilities
from daredemo.portals.facility.forms.pattern import FARTHEST, MOST, clock
from daredemo.portals.facility.forms.profile import number
from daredemo.portals.shared import typed
from daredemo.portals.shared.forms import DateField, Form, NameField

if TYPE_CHECKING:
    from daredemo.facilities.models import Carer, Enrolled, Premises, Shift

AGES, SPANS = (0, 1, 2), (1, 2)
CM2 = 10_000
QUALIFIED = [("yes", _("保育士")), ("no", _("保育士ではない職員"))]
STARTS = {1: _("はじまり"), 2: _("休けいのあと はじまり")}
SAME = _("火曜日から金曜日も、月曜日と同じ")


def headed(field: forms.Field, head: Any) -> forms.Field:
    """A field in a table; where the table has no room for its head, the head stands above the field."""
    field.head = head  # type: ignore[attr-defined]
    return field


class Dated(Form):
    """A form with a day from which its answers hold: today or later, within a year."""

    def __init__(self, *given: Any, today: date, **options: Any) -> None:
        super().__init__(*given, **options)
        self.today = today

    def ahead(self, name: str) -> date:
        day: date = self.cleaned_data[name]
        if not self.today <= day <= self.today + FARTHEST:
            raise ValidationError(_("きょうから1年までの日にしてください。"), code="day")
        return day


class CarerForm(Form):
    """Somebody on the roster."""

    name = NameField(label=_("名前"))
    qualified = forms.TypedChoiceField(
        label=_("資格"),
        choices=QUALIFIED,
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
        help_text=_("受け入れられる人数は、保育士の数でも決まります。"),
    )


class NewCarerForm(Dated, CarerForm):
    starts_on = DateField(label=_("いつから"))

    def clean_starts_on(self) -> date:
        return self.ahead("starts_on")


class EndCarerForm(Dated):
    ends_on = DateField(label=_("さいごの日"))

    def clean_ends_on(self) -> date:
        return self.ahead("ends_on")


class WeekForm(Dated):
    """When somebody is on duty in a week: up to two spans a day, a break lies between them."""

    same = forms.BooleanField(label=SAME, required=False)
    valid_from = DateField(label=_("いつから"))

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        for weekday, n in product(range(7), SPANS):
            which = {"day": WEEKDAYS[weekday], "n": n}
            starts, ends = _("%(day)s %(n)dつめの はじまり") % which, _("%(day)s %(n)dつめの おわり") % which
            self.fields[f"starts_{weekday}_{n}"] = headed(clock(starts, required=False), STARTS[n])
            self.fields[f"ends_{weekday}_{n}"] = headed(clock(ends, required=False), _("おわり"))

    def clean_valid_from(self) -> date:
        return self.ahead("valid_from")

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        week = {weekday: self._spans(answers, weekday) for weekday in range(7)}
        if answers.get("same"):
            week |= dict.fromkeys(range(1, 5), week[0])
        return answers if self.errors else {"week": week, "valid_from": answers["valid_from"]}

    def _spans(self, answers: dict[str, Any], weekday: int) -> list[tuple[time, time]]:
        found: list[tuple[time, time]] = []
        for n in SPANS:
            starts, ends = (answers.get(f"{name}_{weekday}_{n}") for name in ("starts", "ends"))
            if starts is None and ends is None:
                continue
            if starts is None or ends is None or starts >= ends:
                self.add_error(f"ends_{weekday}_{n}", _("はじまりより あとの時刻を えらんでください。"))
            elif found and found[-1][1] > starts:
                self.add_error(f"starts_{weekday}_{n}", _("1つめの時間が終わってからにしてください。"))
            else:
                found.append((starts, ends))
        return found

    @property
    def days(self) -> list[dict[str, Any]]:
        """The fields of each weekday, for the page."""
        return [
            {
                "name": WEEKDAYS[weekday],
                "times": [self[f"{name}_{weekday}_{n}"] for n in SPANS for name in ("starts", "ends")],
            }
            for weekday in range(7)
        ]

    @staticmethod
    def before(shifts: "Iterable[Shift]") -> dict[str, Any]:
        """What the week is now, as the form's first answers."""
        initial: dict[str, Any] = {}
        for shift in shifts:
            n = 2 if f"starts_{shift.weekday}_1" in initial else 1
            initial[f"starts_{shift.weekday}_{n}"] = f"{shift.starts:%H:%M}"
            initial[f"ends_{shift.weekday}_{n}"] = f"{shift.ends:%H:%M}"
        return initial


class DutyForm(Form):
    """One date that differs: other times."""

    starts, ends = clock(_("はじまり")), clock(_("おわり"))

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        if not self.errors and answers["starts"] >= answers["ends"]:
            self.add_error("ends", _("はじまりより あとの時刻を えらんでください。"))
        return answers


class EnrolledForm(Dated):
    """How many children of each class are there on each weekday; an empty one is nobody."""

    same = forms.BooleanField(label=SAME, required=False)
    valid_from = DateField(label=_("いつから"))

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        for weekday, age in product(range(7), AGES):
            label = _("%(day)s %(age)d歳児") % {"day": WEEKDAYS[weekday], "age": age}
            count = number(label, 0, MOST, required=False)
            self.fields[f"count_{weekday}_{age}"] = headed(count, _("%(age)d歳児") % {"age": age})

    def clean_valid_from(self) -> date:
        return self.ahead("valid_from")

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        if self.errors:
            return answers
        week = {
            weekday: tuple(answers[f"count_{weekday}_{age}"] or 0 for age in AGES) for weekday in range(7)
        }
        if answers.get("same"):
            week |= dict.fromkeys(range(1, 5), week[0])
        return {"week": week, "valid_from": answers["valid_from"]}

    @property
    def days(self) -> list[dict[str, Any]]:
        """The fields of each weekday, for the page."""
        return [
            {"name": WEEKDAYS[weekday], "counts": [self[f"count_{weekday}_{age}"] for age in AGES]}
            for weekday in range(7)
        ]

    @staticmethod
    def before(enrolled: "Iterable[Enrolled]") -> dict[str, Any]:
        """What is in force now, as the form's first answers."""
        return {
            f"count_{one.weekday}_{age}": count for one in enrolled for age, count in enumerate(one.by_age)
        }


class EnrolledDayForm(Dated):
    """One date on which other children are there."""

    day = DateField(label=_("日"))
    count_0, count_1, count_2 = (number(_("%(age)d歳児") % {"age": age}, 0, MOST) for age in AGES)

    def clean_day(self) -> date:
        return self.ahead("day")

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        if self.errors:
            return answers
        return {"day": answers["day"], "by_age": tuple(answers[f"count_{age}"] for age in AGES)}


class AreaField(forms.Field):
    """Square metres, 30.5 → 305,000 cm²."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "w7 num", "autocomplete": "off"})
    default_error_messages = {"invalid": _("面積を数字で入力してください。例: 30.5")}
    highest = Decimal(10_000)

    def to_python(self, value: Any) -> int | None:
        text = typed.one_line(str(value or "")).replace(",", "").removesuffix("m2").removesuffix("㎡").strip()
        if not text:
            return None
        try:
            area = Decimal(text)
        except InvalidOperation as wrong:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from wrong
        if not (area.is_finite() and 0 <= area <= self.highest):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return int(area * CM2)

    def prepare_value(self, value: Any) -> Any:
        return f"{Decimal(value) / CM2:f}" if isinstance(value, int) else value


class PremisesForm(Form):
    """設備と定員; how it is run is asked of 一般型 only."""

    form = forms.ChoiceField(
        label=_("受け入れのかたち"), choices=facilities.Form.choices, widget=forms.RadioSelect
    )
    supported = forms.BooleanField(
        label=_("保育園などと一体で運営し、その職員の支援を受けられる"),
        help_text=_("専任の保育士が1人でも 受け入れられます。"),
        required=False,
    )
    capacity = number(_("定員"), 0, 999, required=False)
    area_cm2 = AreaField(label=_("面積(㎡)"), required=False)
    most_a_day = number(
        _("1日に来るこどもの数"),
        0,
        999,
        required=False,
        help_text=_("決めるときだけ。時間が重ならなくても数えます。同じ子は 1日に何回来ても 1人です。"),
    )

    @classmethod
    def of(cls, premises: "Premises", data: Any) -> "PremisesForm":
        form = cls(data, initial={name: getattr(premises, name) for name in cls.base_fields})
        if premises.place_form == "spare":
            del form.fields["form"], form.fields["supported"]
            form.fields["capacity"].label = _("0歳児から2歳児クラスの定員")
            form.fields["area_cm2"].label = _("0歳児から2歳児クラスの部屋の面積(㎡)")
        return form


class StartForm(Dated):
    since = DateField(label=_("いつから"))

    def clean_since(self) -> date:
        return self.ahead("since")


def first_answers(carer: "Carer") -> dict[str, Any]:
    """Name and 資格 as they are."""
    return {"name": carer.name, "qualified": "yes" if carer.qualified else "no"}
