"""A photograph from a telephone: without its place, small enough, and what it is by its content."""

import os
from io import BytesIO

import pytest
from PIL import Image

from daredemo.certification.actions import proofs
from daredemo.certification.models import Proof
from daredemo.rules.refusal import Reason, Refused
from daredemo.sealed import files
from tests.certification import making
from tests.portals.matrix.world import NOW

pytestmark = pytest.mark.django_db
GPS, LATITUDE, MIB = 0x8825, (34.0, 46.0, 7.0), 2**20


def photograph(**options: object) -> bytes:
    """What a telephone writes: place, camera, a thumbnail's comment, turned on its side."""
    exif, taken = Image.Exif(), BytesIO()
    exif[0x010F], exif[0x0112], exif[0x9286] = "かなりあ電話", 6, "かなりあの家の前"
    exif.get_ifd(GPS).update({1: "N", 2: LATITUDE, 3: "E", 4: (138.0, 0.0, 51.0)})
    picture = Image.frombytes("RGB", (1200, 800), os.urandom(1200 * 800 * 3))
    picture.save(taken, "JPEG", exif=exif, comment=b"canary", **options)
    return taken.getvalue()


def keep(data: bytes, name: str = "photo.pdf") -> Proof:
    return proofs.add_proof(application=making.filled(), name=name, data=data, by=None, now=NOW)


def test_the_place_where_it_was_taken_is_gone_from_the_file() -> None:
    sent = photograph()
    assert Image.open(BytesIO(sent)).getexif().get_ifd(GPS)[2] == LATITUDE  # the control: it was there
    kept = keep(sent)
    data = files.read(kept.stored_as)
    picture = Image.open(BytesIO(data))
    assert (dict(picture.getexif()), dict(picture.getexif().get_ifd(GPS))) == ({}, {})
    assert {"exif", "comment", "xmp", "icc_profile"} & set(picture.info) == set()
    assert not [word for word in ("かなりあ", "canary", "Exif", "GPS") if word.encode() in data]
    assert picture.size == (800, 1200)  # upright, as the telephone meant it
    assert kept.media_type == "image/jpeg"  # by its content, whatever its name says


def test_a_photograph_that_is_too_big_is_made_smaller() -> None:
    big = BytesIO()
    Image.frombytes("RGB", (2600, 1800), os.urandom(2600 * 1800 * 3)).save(big, "PNG")
    assert len(big.getvalue()) > proofs.LIMIT_MIB * MIB
    kept = keep(big.getvalue())
    assert kept.size < proofs.LIMIT_MIB * MIB
    assert max(Image.open(BytesIO(files.read(kept.stored_as))).size) <= proofs.LONGEST_SIDE


@pytest.mark.parametrize(
    ("data", "limit"), [(b"%PDF-1.4" + b"x" * 10 * MIB, 10), (b"\xff" * (40 * MIB + 1), 40)]
)
def test_what_cannot_be_made_smaller_is_refused(data: bytes, limit: int) -> None:
    with pytest.raises(Refused) as no:
        keep(data)
    assert (no.value.reason, no.value.facts) == (Reason.FILE_TOO_LARGE, {"limit_mib": limit})
