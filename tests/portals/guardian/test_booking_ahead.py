"""How far ahead the booking screen looks: the first bookable day, and the arrows."""

import html
import re
from datetime import timedelta

import pytest

from tests import make
from tests.portals.guardian.test_booking import body, choosing, world

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("ahead", [None, 100])
def test_the_arrow_leads_two_weeks_on_until_no_later_day_can_be_booked(ahead: int | None) -> None:
    _, facility, browser = world(window_days_before=ahead)
    page, shown = body(browser.get(choosing(facility))), []
    while after := re.search(r'id="after" href="([^"]+)"', page):
        shown.append(after[1].split("from=")[1])
        page = body(browser.get(html.unescape(after[1])))
    # Monday 6 April and 100 days: Wednesday 15 July, which stands in the last row.
    assert shown[:4] == ["2026-04-26", "2026-05-10", "2026-05-24", "2026-06-07"]
    assert shown[4:] == (["2026-06-21", "2026-07-05"] if ahead else [])
    assert 'id="before"' in page


@pytest.mark.parametrize(("ahead", "is_shown"), [(25, True), (60, True), (61, False)])
def test_the_screen_opens_on_a_first_day_that_is_far_ahead(ahead: int, is_shown: bool) -> None:
    family, facility = make.family(), make.facility(window_days_before=60, weekdays=range(7))
    make.accepted(family.child, facility)
    day = make.TODAY + timedelta(days=ahead)
    make.opened(facility, day)
    page = body(make.browser(family.user).get(choosing(facility)))
    assert (f"{day.month}月{day.day}日({'月火水木金土日'[day.weekday()]}) 空きあり" in page) is is_shown
