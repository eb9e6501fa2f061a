"""What cancelling means, as a family reads it: hours and yen apart, and the sentence for the telephone."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

import jaconv
from django.utils.translation import gettext as _

from daredemo.booking import queries as bookings
from daredemo.languages import spoken
from daredemo.languages.words import jdate

if TYPE_CHECKING:
    from daredemo.booking.models import Booking
    from daredemo.rules.cancel import Outcome

# How months and days are said, for those who read no kana.
MONTHS = (
    "ichigatsu", "nigatsu", "sangatsu", "shigatsu", "gogatsu", "rokugatsu",
    "shichigatsu", "hachigatsu", "kugatsu", "jūgatsu", "jūichigatsu", "jūnigatsu",
)  # fmt: skip
DAYS = (
    "tsuitachi", "futsuka", "mikka", "yokka", "itsuka", "muika", "nanoka", "yōka", "kokonoka", "tōka",
    "jūichinichi", "jūninichi", "jūsannichi", "jūyokka", "jūgonichi", "jūrokunichi", "jūshichinichi",
    "jūhachinichi", "jūkunichi", "hatsuka", "nijūichinichi", "nijūninichi", "nijūsannichi", "nijūyokka",
    "nijūgonichi", "nijūrokunichi", "nijūshichinichi", "nijūhachinichi", "nijūkunichi", "sanjūnichi",
    "sanjūichinichi",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Costs:
    """What a cancellation takes: `fee` is no, yes or facility. `key` names the case, to notice a change."""

    minutes: int
    hours: bool
    fee: str
    yen: int
    rule: str  # the facility's own words about late cancelling

    @property
    def key(self) -> str:
        return f"{'hours' if self.hours else 'free'}-{self.fee}"

    @property
    def free(self) -> bool:
        return not self.hours and self.fee == "no"


def of(booking: "Booking", now: datetime) -> Costs:
    """What cancelling now would take."""
    return _told(booking, bookings.consequence(booking, now))


def late(booking: "Booking") -> Costs:
    """What cancelling takes as soon as the deadline has passed."""
    return _told(booking, bookings.late(booking))


def _told(booking: "Booking", outcome: "Outcome") -> Costs:
    return _costs(booking, hours=outcome.hours, fee=bookings.fee_word(outcome.fee))


def pinned(booking: "Booking") -> Costs:
    """What a cancellation took."""
    return _costs(booking, hours=bool(booking.hours_consumed), fee=booking.fee_charged or "no")


def _costs(booking: "Booking", *, hours: bool, fee: str) -> Costs:
    return Costs(booking.minutes, hours, fee, booking.yen, booking.facility.late_cancel_words)


def free_until(booking: "Booking") -> datetime:
    """The earlier of both deadlines: of hours, and of the fee."""
    return min(booking.deadline_at, booking.fee_deadline_at)


@dataclass(frozen=True, slots=True)
class Say:
    """What to say on the telephone, in Japanese and in letters; its meaning for whoever reads no Japanese."""

    meaning: str
    japanese: str
    letters: str


def sentence_to_say(booking: "Booking", *, ill: bool) -> Say:
    """『だれでも通園の ひなたです。4月13日、やすみます。』"""
    child, day = booking.child, booking.date
    why = "ねつがあるので " if ill else ""
    japanese = f"だれでも通園の {child.called}です。{day.month}月{day.day}日、{why}やすみます。"
    meaning = (
        _("だれでも通園の %(child)sです。%(day)s、ねつがあるので やすみます。")
        if ill
        else _("だれでも通園の %(child)sです。%(day)s、やすみます。")
    ) % {"child": child.called, "day": jdate(day)}
    return Say(_meaning(meaning), japanese, _letters(_who(booking), day, ill=ill))


def lateness_to_say(booking: "Booking", *, here: bool) -> Say:
    """『だれでも通園の ひなたです。すこし おくれて いきます。』; `here`: of collecting it there."""
    name = booking.child.called
    said = "おむかえが すこし おくれます。" if here else "すこし おくれて いきます。"
    meaning = (
        _("だれでも通園の %(child)sです。おむかえが すこし おくれます。")
        if here
        else _("だれでも通園の %(child)sです。すこし おくれて いきます。")
    ) % {"child": name}
    letters = "Omukae ga sukoshi okuremasu." if here else "Sukoshi okurete ikimasu."
    return Say(_meaning(meaning), f"だれでも通園の {name}です。{said}", f"{_who(booking)} {letters}")


def _meaning(translated: str) -> str:
    """Nothing for whoever reads Japanese."""
    return "" if spoken.tag(spoken.current()) == spoken.DEFAULT else translated


def _who(booking: "Booking") -> str:
    child = booking.child
    name = jaconv.kana2alphabet(jaconv.kata2hira(child.given_kana or child.called)).capitalize()
    return f"Daredemo tsūen no {name} desu."


def _letters(who: str, day: date, *, ill: bool) -> str:
    why = "netsu ga aru node " if ill else ""
    said = f"{MONTHS[day.month - 1]} {DAYS[day.day - 1]}".capitalize()
    return f"{who} {said}, {why}yasumimasu."
