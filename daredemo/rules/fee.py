"""What a family pays the nursery (利用料・実費), in yen, as lines fit for a screen and a receipt.

The amount off is shown, never its class: 「利用料600円 軽減−400円 お支払い200円」.
消費税非課税; taxable extras stand apart.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from daredemo.rules.age import age_group
from daredemo.rules.policy import Money


class LineKind(StrEnum):
    """What a line is for."""

    USE = "use"  # 利用料
    REDUCTION = "reduction"  # 軽減: negative
    EXTRA = "extra"  # 実費
    OVERRUN = "overrun"  # お迎えが遅れた分: outside the benefit


@dataclass(frozen=True, slots=True)
class Extra:
    """An extra (実費) with a written reason, to which the family agreed."""

    name: str
    yen: int
    per: Literal["visit", "hour"] = "visit"
    taxable: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a bill; `name` only for extras."""

    kind: LineKind
    yen: int
    minutes: int = 0
    name: str = ""
    taxable: bool = False


@dataclass(frozen=True, slots=True)
class Bill:
    """The lines in the order of the receipt."""

    lines: tuple[Line, ...]

    def sum_of(self, *kinds: LineKind) -> int:
        return sum(line.yen for line in self.lines if line.kind in kinds)

    @property
    def use(self) -> int:
        """利用料 before the reduction."""
        return self.sum_of(LineKind.USE)

    @property
    def off(self) -> int:
        """The amount off, positive."""
        return -self.sum_of(LineKind.REDUCTION)

    @property
    def extras(self) -> int:
        return self.sum_of(LineKind.EXTRA)

    @property
    def total(self) -> int:
        """お支払い."""
        return sum(line.yen for line in self.lines)


def yen_for(minutes: int, yen_per_hour: int) -> int:
    """Part of an hour in proportion, a broken yen falling to the family's favour."""
    return minutes * yen_per_hour // 60


def lower_tariff(booked: int, on_day: int | None) -> int:
    """Yen per hour: the lower of the day of booking and the day of use."""
    return booked if on_day is None else min(booked, on_day)


def reduction_per_hour(
    money: Money, class_on_day: str | None, *, offered: bool, applied_on: date | None, day: date
) -> int:
    """Yen off per hour: only where the facility offers it, from the day of the application on.

    `class_on_day` is a name of policy.Reductions, valid on the day of use; it goes no further than here.
    """
    if not offered or class_on_day is None or applied_on is None or day < applied_on:
        return 0
    return int(getattr(money.reductions, class_on_day))


def bill(
    *,
    minutes: int,
    tariff_booked: int,
    tariff_on_day: int | None = None,
    off_per_hour: int = 0,
    extras: Iterable[Extra] = (),
) -> Bill:
    """The bill of a booked span of counted `minutes`. The amount off is never more than the fee."""
    fee = yen_for(minutes, lower_tariff(tariff_booked, tariff_on_day))
    off = min(fee, yen_for(minutes, off_per_hour))
    lines = [Line(LineKind.USE, fee, minutes)]
    if off:
        lines.append(Line(LineKind.REDUCTION, -off, minutes))
    for extra in extras:
        yen = extra.yen if extra.per == "visit" else yen_for(minutes, extra.yen)
        lines.append(Line(LineKind.EXTRA, yen, name=extra.name, taxable=extra.taxable))
    return Bill(tuple(lines))


def with_overrun(bill: Bill, minutes: int, yen_per_hour: int) -> Bill:
    """The same bill with the excess as its own line, at the facility's price, never reduced."""
    if minutes <= 0:
        return bill
    return Bill((*bill.lines, Line(LineKind.OVERRUN, yen_for(minutes, yen_per_hour), minutes)))


def price_age(born: date, day: date, money: Money) -> int:
    """The age (0, 1, 2) that prices a use: on the day, or on 1 April of its school year."""
    if money.price_age_on == "april_first":
        day = date(day.year if day.month >= 4 else day.year - 1, 4, 1)
    return age_group(born, day)
