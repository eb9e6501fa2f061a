"""The poster with the code: the address that a phone's camera opens, as a picture and as a page."""

import io
from datetime import datetime
from pathlib import Path

import segno
from django.conf import settings

from daredemo.facilities.models import PosterCode
from daredemo.papers import printing
from daredemo.rules.hours import day_of
from daredemo.rules.words import short_date_words

TEMPLATE = Path(__file__).parent / "typst" / "poster.typ"
# Three lines for whoever does not read Japanese; the other languages come with their catalogues.
WORDS = (
    ("en", "Scan with your phone camera when you arrive and when you leave. No phone? Speak to the staff."),
    ("pt", "Leia o código com a câmera do celular ao chegar e ao sair. Sem celular? Fale com a equipe."),
    ("vi", "Quét mã bằng camera điện thoại khi đến và khi về. Không có điện thoại? Hãy nói với nhân viên."),
)


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


def paper(code: PosterCode, now: datetime) -> bytes:
    """One page of A4 to hang at the entrance."""
    facility = code.facility
    facts = {
        "facility": facility.name,
        "city": facility.municipality.name,
        "code": picture(code),
        "words": WORDS,
        "address": settings.PUBLIC_URL,
        "issued": f"{short_date_words(day_of(code.issued_at))} 発行",
    }
    return printing.pdf(TEMPLATE, facts, now)
