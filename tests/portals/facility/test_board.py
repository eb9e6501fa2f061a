"""The board of a day: which addresses are days."""

import pytest

from tests import make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("day", "status"), [("2026-04-07", 200), ("2026-02-30", 404), ("2100-12-31", 200)])
def test_a_board_for_each_day_there_is(day: str, status: int) -> None:
    browser = make.browser(make.member(make.facility()).user)
    assert browser.get(f"/facility/board/{day}/").status_code == status


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "1999-12-31"])
def test_days_without_a_day_before_or_after_are_unknown_pages(day: str) -> None:
    browser = make.browser(make.member(make.facility()).user)
    assert browser.get(f"/facility/board/{day}/").status_code == 404
