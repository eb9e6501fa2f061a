"""What a facility was allowed ends by itself, on the day the family chose or with the certificate."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from daredemo.audit import actions as audit
from daredemo.booking import actions as bookings
from daredemo.booking import sweeps as later
from daredemo.families import actions as families
from daredemo.families import queries, sweeps
from daredemo.families.models import Consent, ConsentKind
from daredemo.rules.refusal import Reason, Refused
from tests import make

pytestmark = pytest.mark.django_db
NOW, TODAY = make.NOW, make.TODAY
DAY = timedelta(days=1)


def agree(family: make.Family, facility: Any, *kinds: str, **more: Any) -> None:
    given: dict[str, Any] = {"by": family.user, "now": NOW, **more}
    families.agree(child=family.child, facility=facility, kinds=kinds, **given)


def allowed(family: make.Family) -> dict[str, date | None]:
    return {one.kind: one.until for one in queries.consents_by(family.guardian)}


def test_a_family_allows_exactly_what_it_says_until_the_day_it_says() -> None:
    family, facility = make.family(), make.facility()
    agree(family, facility, "record", "photos")
    first = Consent.objects.get(kind=ConsentKind.RECORD)
    agree(family, facility, "record", "notes", until=TODAY)
    assert allowed(family) == {"record": TODAY, "notes": TODAY}
    assert Consent.objects.get(kind=ConsentKind.RECORD) == first
    agree(family, facility, "record")
    assert allowed(family) == {"record": None}


def test_an_end_that_is_over_is_refused() -> None:
    family = make.family()
    with pytest.raises(Refused) as no:
        agree(family, make.facility(), "record", until=TODAY - DAY)
    assert (no.value.reason, no.value.facts) == (Reason.END_IN_THE_PAST, {"day": TODAY - DAY})
    assert not Consent.objects.exists()


def test_it_ends_when_its_last_day_is_over_and_is_given_anew() -> None:
    family, facility = make.family(), make.facility()
    agree(family, facility, "record", until=TODAY)
    assert sweeps.end_consents(NOW.replace(hour=23)) == 0
    look: dict[str, Any] = {"facility": facility, "children": [family.child], "by": family.user}
    assert set(families.look_at_records(now=NOW, **look)) == {family.child.pk}
    assert families.look_at_records(now=NOW + DAY, **look) == {}  # before the night has ended it, too
    assert queries.care_by_child(facility, [family.child.pk], TODAY + DAY) == {}
    assert sweeps.end_consents(NOW + DAY) == 1
    assert sweeps.end_consents(NOW + DAY) == 0
    assert families.look_at_records(now=NOW + DAY, **look) == {}
    agree(family, facility, "record", now=NOW + DAY)
    assert set(families.look_at_records(now=NOW + DAY, **look)) == {family.child.pk}


def test_it_ends_with_the_certificate_but_not_before_the_last_visit() -> None:
    family, facility = make.family(), make.facility()
    agree(family, facility, "record")
    made = make.booking(family, facility, "2026-04-13 09:00")
    assert later.end_consents(NOW) == 0
    family.child.certificates.update(ended_on=TODAY)
    tomorrow = NOW + DAY
    assert later.end_consents(NOW) == 0
    assert later.end_consents(tomorrow) == 0  # a visit is booked still
    bookings.cancel(booking=made, by=family.user, now=NOW)
    assert later.end_consents(tomorrow) == 1
    assert allowed(family) == {}


def test_a_certificate_to_come_or_none_at_all_ends_nothing() -> None:
    family, uncertified, facility = make.family(), make.family(certified=False), make.facility()
    family.child.certificates.update(valid_from=TODAY + 9 * DAY)
    for one in (family, uncertified):
        agree(one, facility, "record")
    assert later.end_consents(NOW) == 0


def test_the_family_sees_who_may_see_what_and_when_it_was_last_looked_at() -> None:
    family, facility, other = make.family(), make.facility(), make.facility(name="あさひ保育園")
    member, stranger = make.member(facility), make.member(other)
    agree(family, facility, "record", until=date(2026, 12, 31))
    agree(family, other, "record")
    agree(family, other)
    for at in (NOW, NOW + timedelta(hours=2)):
        families.look_at_records(facility=facility, children=[family.child], by=member.user, now=at)
    families.look_at_records(facility=other, children=[family.child], by=stranger.user, now=NOW)
    found = {stand.facility: stand for stand in queries.standings(family.guardian)}
    assert [one.kind for one in found[facility].given] == ["record"]
    assert found[facility].looked_at == NOW + timedelta(hours=2)
    assert (found[other].given, found[other].looked_at) == ([], None)
    audit.read_today(by=member.user, subjects=[family.child], now=NOW + timedelta(hours=3), what="board")
    found = {stand.facility: stand for stand in queries.standings(family.guardian)}
    assert found[facility].looked_at == NOW + timedelta(hours=3)
    page = make.browser(family.user).get(reverse("guardian:settings")).content.decode()
    for words in ("2026年(令和8年)12月31日(木)まで", "4月6日(月) 13:00", "いまは 同意していません"):
        assert words in page


def test_the_page_gives_anew_and_sets_an_end() -> None:
    family, facility = make.family(), make.facility()
    agree(family, facility, "record")
    agree(family, facility)
    browser = make.browser(family.user)
    path = reverse("guardian:consent", args=[family.child.pk, facility.pk])
    end = {"until_year": "2030", "until_month": "3", "until_day": "31"}
    assert browser.post(path, {"kinds": ["record"], **end}).headers["Location"] == "/settings/"
    assert allowed(family) == {"record": date(2030, 3, 31)}
    assert 'value="2030"' in browser.get(path).content.decode()
    wrong = browser.post(path, {"kinds": ["record"], **end, "until_year": "2020"}).content.decode()
    assert "もうすぎました" in wrong
    stranger = make.browser(make.family().user)
    assert (stranger.get(path).status_code, stranger.post(path, {}).status_code) == (404, 404)
