"""The board of the day: the same number of queries for one child and for three."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daredemo.attendance import poster, queries
from daredemo.facilities import actions as facilities
from tests import make
from tests.attendance.conftest import DAY, Morning

BOARD_QUERIES = 5


def count(morning: Morning) -> tuple[int, int]:
    with CaptureQueriesContext(connection) as seen:
        rows = queries.board(morning.member, morning.booking.date, morning.at("08:00"))
    return len(rows), len(seen)


def test_the_board_costs_the_same_for_more_children(morning: Morning) -> None:
    queries.board(morning.member, morning.booking.date, morning.at("08:00"))  # fill what is kept in memory
    assert count(morning) == (1, BOARD_QUERIES)
    for clock in ("09:00", "10:00"):
        make.booking(make.family(), morning.facility, f"{DAY} {clock}")
    assert count(morning) == (3, BOARD_QUERIES)


def test_a_card_shows_the_record_only_by_consent(morning: Morning) -> None:
    make.booking(make.family(), morning.facility, f"{DAY} 10:00")
    seen = [row.care and row.care.allergies for row in queries.board(
        morning.member, morning.booking.date, morning.at("08:00")
    )]  # fmt: skip
    assert seen == ["たまご", None]


def test_who_did_not_come_is_late(morning: Morning) -> None:
    (row,) = queries.board(morning.member, morning.booking.date, morning.at("08:55"))
    assert not row.late
    (row,) = queries.board(morning.member, morning.booking.date, morning.at("10:59"))
    assert row.late


def test_another_facility_has_no_such_card(morning: Morning) -> None:
    stranger = make.member(make.facility(name="みどりの丘"))
    with pytest.raises(queries.NOT_THERE):
        queries.row_of(stranger, morning.booking.pk, morning.at("09:00"))


def test_the_poster_is_one_page_with_a_code_that_says_the_address(morning: Morning) -> None:
    code = facilities.issue_code(facility=morning.facility, by=None, now=make.NOW)
    paper = poster.paper(code, make.NOW)
    import io

    from pypdf import PdfReader

    pages = PdfReader(io.BytesIO(paper)).pages
    assert len(pages) == 1
    assert "ひだまりこども園" in pages[0].extract_text()
    assert poster.address_of(code).endswith(f"/q/{code.token}/")
    assert "style=" not in poster.picture(code)
