"""The leaflet, walked from its first step to its last and through both cancellations, on the real thing."""

import pytest

from daredemo.demo.households import KATO, YAMADA
from tests.journeys import applying, booking, meeting, screening, ux, visiting
from tests.journeys.keyboard import Keys
from tests.journeys.looking_around import look_around
from tests.journeys.town import NURSERY, Town

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

HARM = {
    "pixels wide": "document.querySelector('main').style.width = '500px'",
    "image-alt": "document.querySelector('main').append(document.createElement('img'))",
    "the console says": "document.querySelector('main').innerHTML += '<p style=\"color:red\">'",
    "asks for": "Promise.all([...Array(8)].map((_, n) => fetch(`/live?${n}`).then(answer => answer.text())))",
    "KB": "Promise.all(['htmx-2', 'htmax-4'].map(name => fetch(`/static/django_htmx/${name}.js`)"
    ".then(answer => answer.text())))",
}


@pytest.mark.parametrize(("complaint", "harm"), HARM.items(), ids=HARM)
def test_the_eyes_see_harm(town: Town, complaint: str, harm: str) -> None:
    """The control of everything below: what is wrong on a screen is said."""
    phone = town.person("guardian")
    phone.go("/municipalities/222135/")
    phone.page.evaluate(harm)
    with pytest.raises(AssertionError, match=complaint):
        phone.eyes.look()


def test_the_whole_road(town: Town) -> None:
    phone = town.person("guardian")
    family = applying.new_family(phone)
    applying.ask_whether_it_is_for_us(family)
    applying.apply(town, family)
    screening.open_application(town, family)
    screening.certify_undo_and_certify_again(town, family)
    screening.come_in(town, family)
    meeting.meet(town, family)

    first = booking.choose(family)
    booking.check(family, first)
    booking.book(town, family, first)
    booking.cancel_in_time(town, family, first)

    second = booking.choose(family, first.starts)
    assert second.free == first.free
    booking.check(family, second)
    booking.book(town, family, second)
    booking.cancel_ill_on_the_day(town, family, second)

    third = booking.choose(family)
    booking.check(family, third)
    booking.book(town, family, third)
    booking.be_reminded(town, family, third)
    visiting.use(town, family, third)
    for path in ("/", "/home/", f"/book/?from={third.starts:%Y-%m-%d}", third.path, "/passbook/"):
        phone.go_cold(path)


def test_an_application_that_is_sent_back_and_one_that_is_declined(town: Town) -> None:
    family = applying.new_family(town.person("guardian"))
    applying.apply(town, family)
    screening.open_application(town, family)
    screening.send_back(town, family)
    screening.repair(town, family)

    screening.open_application(town, family)
    screening.decline(town, family)
    screening.read_why_not(town, family)


def test_without_scripts(town: Town) -> None:
    """Apply, book, cancel and check in with a browser that runs none."""
    newcomer = applying.new_family(town.person("guardian", scripts=False))
    applying.apply(town, newcomer)

    family = applying.known_family(town, YAMADA, town.person("guardian", scripts=False))
    town.let_in(family.phone, family.login_id, family.email)
    visit = booking.choose(family)
    booking.check(family, visit)
    booking.book(town, family, visit)
    booking.cancel_in_time(town, family, visit)

    visit = booking.choose(family)
    booking.check(family, visit)
    booking.book(town, family, visit)
    visiting.use(town, family, visit)
    ux.told(12, True, "applied, booked, cancelled, checked in")


def test_with_the_keyboard_alone(town: Town) -> None:
    """From the login to a booking."""
    phone = town.person("guardian")
    family, keys = applying.known_family(town, KATO, phone), Keys(phone)
    in_time = phone.now() + booking.FREE_DAYS
    phone.go("/login/")
    keys.write("login_id", family.login_id)
    keys.write("password", phone.password)
    keys.enter()
    keys.write("code", town.mailed_code(family.email))
    keys.enter()

    phone.heading("ホーム")
    keys.enter_on("予約する")
    keys.enter_on(meeting.NURSERY)
    day = booking.first_day(phone, in_time)
    keys.choose(str(day.get_attribute("id")))
    keys.choose("start-1")
    keys.choose("minutes-1")
    keys.enter_on("内容を確認する")
    keys.enter_on("この内容で予約する")
    phone.heading("予約しました")
    ux.told(10, True, f"from login to booked, {keys.stops} stops, each with its ring")
    ux.told(11, True, f"{keys.stops} stops, none under something")


def test_every_link_leads_to_a_screen(town: Town) -> None:
    """Of a family that knows its way, of a nursery and of an office: one link of each kind."""
    phone = town.person("guardian")
    stranger = look_around(phone, "/municipalities/222135/")
    assert {"guardian:eligible", "guardian:apply_email", "guardian:password_forgotten"} <= stranger
    family = applying.known_family(town, KATO, phone)
    town.let_in(phone, family.login_id, family.email)
    known = look_around(phone, "/home/")
    assert {"guardian:care_record", "guardian:interview_request", "guardian:book_check"} <= known
    nursery = look_around(town.staff, "/facility/")
    assert {"facility:pattern_day", "facility:closures", "facility:prices", "facility:poster"} <= nursery
    clerk = town.person("facility")
    clerk.log_in(f"{NURSERY}-staff")
    assert {"facility:pattern", "facility:interview_times"} <= look_around(clerk, "/facility/") <= nursery
    office = look_around(town.officer, "/city/")
    assert {"city:application", "city:decline", "city:certificate_end"} <= office
