"""3. 面談: find a nursery, ask for a time, write what staff must know, be accepted."""

import re
from datetime import datetime

from daredemo.rules.hours import JST
from tests.journeys.applying import Family
from tests.journeys.town import Town

NURSERY = "ひだまりこども園"


def find_nursery(family: Family) -> None:
    phone = family.phone
    phone.go("/home/")
    phone.press("園をさがす")
    phone.heading("園をさがす")
    phone.page.locator("summary", has_text="条件でしぼる").click()
    phone.choose(weekday="0")
    phone.press("さがす")
    phone.press(NURSERY)
    phone.heading(NURSERY)


def ask(town: Town, family: Family) -> datetime:
    """For the first time that is free; when it begins."""
    phone = family.phone
    phone.press("面談を申しこむ")
    phone.page.locator("#id_time label.slot").first.click()
    phone.tick("consent")
    phone.press("内容を確認する")
    phone.reads(NURSERY, family.called, "① こどもの記録を見ること")
    begins = read_moment(phone.text)
    phone.press("この内容で申しこむ")
    phone.reads("園の返事を待っています。")
    town.mail(family.email, "面談の申しこみを受けつけました")
    return begins


def read_moment(words: str) -> datetime:
    """「2026年(令和8年)4月13日(月) 9:00〜11:00」"""
    found = re.search(r"(\d{4})年\(.*?\)(\d+)月(\d+)日\(.\)\s*(\d+):(\d\d)", words)
    assert found, words
    year, month, day, hour, minute = map(int, found.groups())
    return datetime(year, month, day, hour, minute, tzinfo=JST)


def write_care_record(family: Family) -> None:
    """What the interview's page asks for."""
    phone = family.phone
    phone.press(f"{family.called}のアレルギー・体のこと")
    phone.fill(allergies="ピーナッツで せきが出ます。", health="ありません。")
    phone.fill(contact_1_name="桜井 直子", contact_1_phone="09000000099", pick_up_people="桜井 直子(母)")
    phone.press("保存する")


def confirm(town: Town, family: Family) -> None:
    """The nursery says yes to the time."""
    staff = town.staff
    staff.enter("/facility/interviews/")
    staff.then(staff.page.locator("main a.li", has_text=family.called).first)
    staff.reads("ピーナッツで せきが出ます。")
    staff.fill(words="お待ちしています。")
    staff.press("この日時で決める")
    assert "お待ちしています。" in town.mail(family.email, "面談の日時が決まりました").text


def accept(town: Town, family: Family, begins: datetime) -> None:
    """After the interview its outcome is written down, and the family hears it."""
    staff = town.staff
    staff.move_clock_to(begins)
    staff.enter("/facility/interviews/")
    staff.then(staff.page.locator("main a.li", has_text=family.called).first)
    for box in staff.page.locator("input[name$=-explained]").all():
        box.check()
    staff.page.locator("input[name$=-outcome][value=accepted]").check()
    staff.press("ご家族への文を確認する")
    staff.press("記録して、ご家族に知らせる")
    mail = town.mail(family.email, "面談の結果のお知らせ(受け入れできます)")
    family.phone.go(mail.path)
    family.phone.reads("予約する")


def meet(town: Town, family: Family) -> None:
    """The whole third step."""
    find_nursery(family)
    begins = ask(town, family)
    write_care_record(family)
    confirm(town, family)
    accept(town, family, begins)
