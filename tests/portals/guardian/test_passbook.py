"""時間の記録: every number with the booking it comes from, and what is left after it."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from daredemo.attendance.actions import staff as desk
from daredemo.booking import actions as booking
from daredemo.families import actions as families
from tests import make

pytestmark = pytest.mark.django_db
PASSBOOK, PDF = reverse("guardian:passbook"), reverse("guardian:usage_pdf")


def body(response: Any) -> str:
    return str(response.content.decode())


def test_a_month_reads_like_a_passbook() -> None:
    family, facility = make.family(), make.facility()
    first = make.booking(family, facility, "2026-04-13 09:00", minutes=120)
    second = make.booking(family, facility, "2026-04-14 09:00")
    booking.cancel(booking=second, by=family.user, now=make.NOW)
    booking.release_cancelled(booking=second, now=make.NOW + timedelta(minutes=11))
    page = body(make.browser(family.user).get(PASSBOOK))
    lines = ("＋10時間", "−2時間", "のこり 8時間", "−1時間", "のこり 7時間", "もどった", "＋1時間")
    book = page[page.index("時間の出し入れ") :]
    places = [book.index(words) for words in lines]
    assert places == sorted(places)
    assert page.count(reverse("guardian:booking", args=[first.pk])) == 1
    assert page.count(reverse("guardian:booking", args=[second.pk])) == 2


def on_paper(answer: Any) -> str:
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="riyou-2026-0')
    pages = PdfReader(io.BytesIO(answer.content)).pages
    return "".join("".join(page.extract_text() for page in pages).split())


def test_the_record_on_paper_says_what_became_of_each_booking() -> None:
    family, facility = make.family(), make.facility()
    came, stayed, late = (
        make.booking(family, facility, f"2026-04-{day:02} 09:00", minutes=minutes)
        for day, minutes in ((8, 120), (9, 60), (10, 180))
    )  # fmt: skip
    free, wrong = (make.booking(family, facility, f"2026-04-{day} 09:00") for day in (15, 16))
    staff, moment = make.member(facility).user, make.at("2026-04-08 09:00")
    desk.receive(booking=came, by=staff, now=moment)
    desk.hand_over(booking=came, collected_by="母", by=staff, now=make.at("2026-04-08 11:00"))
    desk.note_absence(booking=stayed, by=staff, now=make.at("2026-04-09 09:10"))
    booking.cancel(booking=late, by=family.user, now=make.at("2026-04-10 08:00"))
    booking.cancel(booking=free, by=family.user, now=make.NOW)
    booking.undo_booking(booking=wrong, by=family.user, now=make.NOW)
    said = on_paper(make.browser(family.user).get(PDF))
    for words in (
        "2026年4月8日(水)9:00〜11:00ひだまりこども園2時間600円利用",
        "2026年4月9日(木)9:00〜10:00ひだまりこども園1時間園のきまりお休み",
        "2026年4月10日(金)9:00〜12:00ひだまりこども園3時間園のきまり取り消し(期限のあと)",
        "2026年4月15日(水)9:00〜10:00ひだまりこども園0時間0円取り消し",
        "合計6時間600円",
        family.child.family_name,
    ):
        assert words in said
    assert "4月16日" not in said  # taken back at once: it never was


def test_a_span_of_months_and_only_the_familys_own() -> None:
    family, other, facility = make.family(), make.family(), make.facility()
    make.booking(family, facility, "2026-04-13 09:00")
    make.booking(other, facility, "2026-04-14 09:00")
    make.booking(family, facility, "2026-05-12 09:00", now=make.at("2026-04-20 10:00"))
    browser = make.browser(family.user)
    both = on_paper(browser.get(f"{PDF}?since=2026-05&until=2026-04"))
    assert "2026年(令和8年)4月から2026年(令和8年)5月まで" in both
    assert "合計2時間" in both
    assert "4月14日" not in both
    assert "合計1時間" in on_paper(browser.get(f"{PDF}?since=2026-05&until=2026-05"))
    assert "合計1時間" in on_paper(browser.get(f"{PDF}?since=abc&until=2031-01"))
    assert browser.get(f"{PDF}?child={other.child.pk}").status_code == 404


def test_who_only_helps_a_child_prints_nothing_of_it() -> None:
    family, others = make.family(), make.family()
    families.answer_for(guardian=family.guardian, child=others.child, part="proxy", by=None, now=make.NOW)
    browser = make.browser(family.user)
    for child, seen, printed in ((family.child, True, 200), (others.child, False, 404)):
        assert (PDF in body(browser.get(f"{PASSBOOK}?child={child.pk}"))) is seen
        assert browser.get(f"{PDF}?child={child.pk}").status_code == printed


def test_a_month_without_bookings_is_a_paper_too() -> None:
    assert "この期間の記録はありません" in on_paper(make.browser(make.family().user).get(PDF))


def test_a_month_without_entries_says_how_much_there_is() -> None:
    page = body(make.browser(make.family().user).get(PASSBOOK))
    assert "4月は まだ使っていません。10時間使えます。" in page


def test_other_months_and_children_by_address() -> None:
    family, facility = make.family(children=2), make.facility()
    make.booking(family, facility, "2026-04-13 09:00", child=family.children[1])
    browser = make.browser(family.user)
    page = body(browser.get(f"{PASSBOOK}?child={family.children[1].pk}&month=2026-04"))
    assert "ひだまりこども園" in page
    for odd in ("month=2026-13", "month=abc", "month=0001-01", "month=%00", "month=2030-01"):
        assert browser.get(f"{PASSBOOK}?{odd}").status_code == 200
    assert browser.get(f"{PASSBOOK}?child={make.family().child.pk}").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_same_questions_for_one_booking_and_three(rows: int) -> None:
    family, facility = make.family(), make.facility()
    for day in range(13, 13 + rows):
        make.booking(family, facility, f"2026-04-{day} 09:00")
    browser = make.browser(family.user)
    with CaptureQueriesContext(connection) as seen:
        browser.get(PASSBOOK)
    assert len(seen) == 11, [str(one["sql"])[:90] for one in seen]
