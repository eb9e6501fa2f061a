"""4. 利用予約: choose, read what it means, book; cancel in time and too late; be reminded."""

import re
import time
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from icalendar import Calendar
from playwright.sync_api import Locator, expect

from daredemo import municipalities
from daredemo.languages.words import deadline_words, hours, jdate, jmonth, jspan
from daredemo.rules import deadline, presets
from daredemo.rules.hours import JST
from tests.journeys.applying import Family
from tests.journeys.meeting import NURSERY, read_moment
from tests.journeys.people import Person
from tests.journeys.town import Town

RULES = presets.load(Path(next(iter(municipalities.__path__))) / "presets" / "222135.toml")
LENGTH, PRICE = 120, 300  # minutes; the nursery's yen for an hour
ITS_RULE = "期限をすぎた取り消しは、給食を用意した日だけ給食代をいただきます。"
FREE_DAYS = timedelta(days=2)  # so long the deadline lies ahead, reminders included
SECONDS = 30


@dataclass
class Visit:
    """A booking as the family knows it."""

    starts: datetime
    left_before: int = 0
    free: str = ""  # 「あと3人」 of the chosen time
    number: str = ""
    path: str = ""

    @property
    def ends(self) -> datetime:
        return self.starts + timedelta(minutes=LENGTH)

    @property
    def deadline(self) -> datetime:
        """By the rules themselves."""
        return deadline.free_until(self.starts, RULES.cancelling)

    @property
    def span(self) -> str:
        return jspan(self.starts, self.ends)


def choose(family: Family, wanted: datetime | None = None) -> Visit:
    """The first day whose deadline is far enough, or a wanted time; then its length."""
    phone = family.phone
    earliest = phone.now() + FREE_DAYS
    phone.go("/home/")
    phone.press("予約する", within="nav")
    if phone.page.locator("h1", has_text="どの園に").count():
        phone.then(phone.page.locator("main a.li", has_text=NURSERY).first)
    phone.heading("日時をえらぶ")
    pick(phone, day_link(phone, wanted.date()) if wanted else first_day(phone, earliest))
    slot = phone.page.locator("a.slot.ok, a.slot.few")
    if wanted:
        slot = slot.filter(has_text=re.compile(rf"^{wanted.hour}:{wanted:%M}"))
    free = slot.first.locator(".l").inner_text()
    pick(phone, slot.first)
    pick(phone, phone.page.locator(".seg a", has_text=hours(LENGTH)))
    visit = Visit(chosen_moment(phone), free=free)
    before, after = re.findall(r"(\d+)時間", phone.page.locator(".card.left .v").inner_text())
    visit.left_before = int(before) * 60
    assert int(after) * 60 == visit.left_before - LENGTH
    phone.reads(f"{deadline_words(visit.deadline)} 取り消せます")
    return visit


def pick(phone: Person, link: Locator) -> None:
    """Press a day, a time or a length and wait until it is the chosen one."""
    selector = f"#{link.get_attribute('id')}"
    phone.eyes.traffic.forget()
    link.click()
    expect(phone.page.locator(f"{selector}[aria-current]")).to_be_visible()
    phone.eyes.look()


def day_link(phone: Person, day: date) -> Locator:
    return phone.page.locator(f"#day-{day}")


def first_day(phone: Person, earliest: datetime) -> Locator:
    """The first day with a place that can still be cancelled at this moment."""
    while True:
        for link in phone.page.locator("a.day.ok, a.day.few").all():
            day = date.fromisoformat(str(link.get_attribute("id")).removeprefix("day-"))
            if Visit(datetime(day.year, day.month, day.day, 9, tzinfo=JST)).deadline > earliest:
                return link
        phone.page.locator("#after").click()
        phone.page.wait_for_load_state()


def chosen_moment(phone: Person) -> datetime:
    day = date.fromisoformat(str(phone.page.locator("a.day[aria-current]").get_attribute("id"))[4:])
    clock = phone.page.locator("a.slot[aria-current] .t").inner_text()
    hour, minute = map(int, clock.split(":"))
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=JST)


def check(family: Family, visit: Visit) -> None:
    """The check page: hours before and after, yen, the deadline as a date."""
    phone = family.phone
    phone.press("内容を確認する")
    phone.heading("予約の確認")
    assert read_moment(phone.text) == visit.starts
    after = visit.left_before - LENGTH
    phone.reads(f"{jmonth(visit.starts)}は {hours(visit.left_before)} → {hours(after)}")
    phone.reads(
        f"{deadline_words(visit.deadline)}に ここで取り消して",
        f"すぎると {hours(LENGTH)}を使ったことになります",
    )
    phone.reads(ITS_RULE, "利用日の1営業日前の正午まで")
    lines = [
        int(one.replace(",", ""))
        for one in re.findall(r"([\d,]+)円", phone.page.locator("[aria-labelledby=fee]").inner_text())
    ]
    assert lines[0] == PRICE * LENGTH // 60
    assert lines[-1] == sum(lines[:-1])


def book(town: Town, family: Family, visit: Visit) -> None:
    """One button: a number, a mail, an entry for the calendar, and the home page knows."""
    phone = family.phone
    phone.press("この内容で予約する")
    phone.heading("予約しました")
    visit.number = phone.page.locator(".thanks .no").inner_text()
    visit.path = phone.page.url.split("/done/")[0] + "/"
    read_calendar(visit, phone.download("カレンダーへ"))
    mail = town.mail(family.email, "予約がきまりました", saying=visit.number)
    assert family.family not in mail.text
    ((name, entry),) = mail.files
    assert name.endswith(".ics")
    read_calendar(visit, entry)
    phone.press("ホームへ")
    phone.reads("つぎの登園", visit.span, jdate(visit.starts))
    phone.go(visit.path)
    phone.reads(f"休むときは {deadline_words(visit.deadline)}に取り消して")


def read_calendar(visit: Visit, source: bytes) -> None:
    events: list[Any] = Calendar.from_ical(source).walk("VEVENT")
    (event,) = events
    assert event["dtstart"].dt == visit.starts
    assert event["dtend"].dt == visit.ends
    assert NURSERY in event["summary"]


def hours_left(phone: Person, month: date) -> int:
    """What the passbook says, in minutes."""
    phone.go(f"/passbook/?month={month:%Y-%m}")
    words = phone.page.locator("[aria-labelledby=left] .big").inner_text()
    return int(words.removesuffix("時間")) * 60


def wait_for_line(phone: Person, visit: Visit, words: str) -> str:
    """The passbook's line of this kind for this day; the worker writes it within a second or so."""
    until = time.monotonic() + SECONDS
    line = phone.page.locator("[aria-labelledby=book] li", has_text=f"{words} {jdate(visit.starts)}")
    while True:
        phone.go(f"/passbook/?month={visit.starts:%Y-%m}")
        if line.count():
            return line.last.inner_text()
        assert time.monotonic() < until, f"no 「{words}」: {phone.text}"
        time.sleep(0.3)


def cancel_in_time(town: Town, family: Family, visit: Visit) -> None:
    """The hours come back when undo is over, and the place is free again."""
    phone = family.phone
    phone.go(visit.path)
    phone.press("取り消す")
    phone.heading("予約を取り消す")
    phone.reads(f"{hours(LENGTH)}が もどります。お金は かかりません。", "園にも 電話をおねがいします")
    phone.press("この予約を取り消す")
    phone.heading("取り消しました")
    phone.press("予約にもどす")
    phone.reads("取り消しを もどしました。")
    phone.press("取り消す")
    phone.press("この予約を取り消す")
    assert hours_left(phone, visit.starts.date()) == visit.left_before - LENGTH
    phone.move_clock("10分あと")
    until = time.monotonic() + SECONDS
    while hours_left(phone, visit.starts.date()) != visit.left_before:
        assert time.monotonic() < until, phone.text
    assert f"＋{hours(LENGTH)}" in wait_for_line(phone, visit, "もどった")
    assert "時間はもどります" in town.mail(family.email, "予約を取り消しました", saying=visit.number).text


def cancel_ill_on_the_day(town: Town, family: Family, visit: Visit) -> None:
    """After the deadline: the hours are gone, what it costs is the nursery's rule, and nobody is scolded."""
    phone = family.phone
    assert visit.deadline < phone.move_clock("つぎの取り消し期限のあと")
    phone.go("/home/")
    phone.reads("は すぎました。休むときは、取り消して 園に電話してください。")
    phone.move_clock("つぎの登園の5分前")
    phone.go(visit.path)
    phone.press("きょうは お休みします(体調)")
    phone.heading("お大事に")
    phone.reads("園に知らせました。", f"{hours(LENGTH)}を 使ったことになります", "園のきまり", ITS_RULE)
    phone.reads("やすみます。")  # what to say on the telephone
    phone.move_clock("10分あと")
    assert f"({hours(LENGTH)})" in wait_for_line(phone, visit, "使ったことになった")
    assert hours_left(phone, visit.starts.date()) == visit.left_before - LENGTH
    mail = town.mail(family.email, "予約を取り消しました", saying=visit.number)
    assert "使ったことになります" in mail.text


def be_reminded(town: Town, family: Family, visit: Visit) -> None:
    """At six on the eve of the deadline, and at six on the eve of the visit."""
    phone = family.phone
    for moment, subject in (
        (deadline.remind_at(visit.deadline), "取り消せる期限がちかづいています"),
        (deadline.remind_at(visit.starts), "あしたの利用のお知らせ"),
    ):
        phone.move_clock_to(moment)
        town.mail(family.email, subject, saying=visit.number)
