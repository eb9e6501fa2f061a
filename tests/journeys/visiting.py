"""5. 利用: the code on the poster, in and out with staff, and the hours in the passbook."""

from datetime import timedelta
from io import BytesIO

from pypdf import PdfReader

from daredemo.languages.words import hours
from tests.journeys.applying import Family
from tests.journeys.booking import LENGTH, Visit, hours_left, wait_for_line
from tests.journeys.people import Person
from tests.journeys.town import Town

AT_THE_DOOR = timedelta(minutes=15)


def until_the_door_opens(phone: Person, visit: Visit) -> None:
    """To five minutes before; other visits of the family may come first."""
    while phone.move_clock("つぎの登園の5分前") < visit.starts - AT_THE_DOOR:
        phone.move_clock("1時間あと")


def poster(town: Town) -> str:
    """The nursery's sheet for the entrance; the address in its code, as a telephone reads it."""
    staff = town.staff
    staff.enter("/facility/poster/")
    staff.heading("玄関の二次元コード")
    assert len(PdfReader(BytesIO(staff.download("ポスター(A4)を印刷する"))).pages) == 1
    return str(staff.named("スマホで読みとったことにする").get_attribute("href"))


def come(town: Town, family: Family, code: str) -> None:
    """Scan, press, scan again: that harms nothing."""
    phone, staff = family.phone, town.staff
    phone.go(code)
    phone.reads(family.called)
    phone.press("登園する(来ました)")
    for _ in range(2):
        phone.go(code)
        phone.reads("来たことを つたえました")
    staff.enter("/facility/")
    card = staff.page.locator("#col-expected").locator("..").locator(".kidcard", has_text=family.called)
    assert "来ました" in card.inner_text()
    staff.then(card.get_by_role("button", name="受け入れ"))


def leave(town: Town, family: Family, code: str) -> None:
    """The same the other way round."""
    phone, staff = family.phone, town.staff
    phone.go(code)
    phone.reads("から園にいます。")
    phone.press("降園する(帰ります)")
    phone.reads("帰ることを つたえました")
    staff.enter("/facility/")
    card = staff.page.locator("#col-present").locator("..").locator(".kidcard", has_text=family.called)
    assert "帰ります" in card.inner_text()
    staff.then(card.get_by_role("button", name="引き渡し"))
    phone.go(code)
    phone.reads("おつかれさまでした")


def use(town: Town, family: Family, visit: Visit) -> None:
    """The whole fifth step; the day after, the passbook has the use in it."""
    phone = family.phone
    until_the_door_opens(phone, visit)
    code = poster(town)
    come(town, family, code)
    phone.move_clock("1時間あと")
    phone.move_clock("1時間あと")
    leave(town, family, code)
    phone.move_clock("つぎの日の朝")
    assert f"({hours(LENGTH)})" in wait_for_line(phone, visit, "利用した")
    assert hours_left(phone, visit.starts.date()) == visit.left_before - LENGTH
    phone.reads("通った記録", "登園", "降園")
