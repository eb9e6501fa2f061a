"""The poster with the code: the address that a phone's camera opens, as a picture and as a page."""

import io
from datetime import datetime
from pathlib import Path

import segno
from django.conf import settings
from django.utils.translation import gettext as _

from daredemo.facilities.models import PosterCode
from daredemo.languages import spoken
from daredemo.papers import printing
from daredemo.rules.hours import day_of
from daredemo.rules.words import short_date_words

TEMPLATE = Path(__file__).parent / "typst" / "poster.typ"


def address_of(code: PosterCode) -> str:
    """What the code says. It gives nothing by itself: login, own booking, time and state decide."""
    return f"{settings.PUBLIC_URL}/q/{code.token}/"


def picture(code: PosterCode) -> str:
    """The code as SVG without styles, with its quiet zone of four modules."""
    drawn = io.BytesIO()
    segno.make(address_of(code), error="q").save(
        drawn, kind="svg", border=4, light="#fff", xmldecl=False, svgclass=None, lineclass=None, omitsize=True
    )
    return drawn.getvalue().decode()


def _in_other_languages() -> list[tuple[str, str]]:
    """A line for whoever does not read Japanese: the language for typst, and its words."""
    found = []
    for code in spoken.NAMES:
        with spoken.to(code):
            words = _(
                "着いたときと 帰るときに、スマホのカメラで読みとってください。"
                "スマホがないときは、職員に声をかけてください。"
            )
        found += [(spoken.tag(code).split("-")[0], words)] if code != spoken.DEFAULT else []
    return found


def paper(code: PosterCode, now: datetime) -> bytes:
    """One page of A4 to hang at the entrance."""
    facility = code.facility
    facts = {
        "facility": facility.name,
        "city": facility.municipality.name,
        "code": picture(code),
        "words": _in_other_languages(),
        "address": settings.PUBLIC_URL,
        "issued": f"{short_date_words(day_of(code.issued_at))} 発行",
    }
    return printing.pdf(TEMPLATE, facts, now)
