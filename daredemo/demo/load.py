"""Build the demo city: two municipalities, four nurseries, twelve families in every state of the road.

Everything happens through the same actions that people cause, so the demo can show nothing that the product
cannot do. Dates are relative to the day of loading.
"""

from datetime import date, datetime, time, timedelta

from django.db import transaction

from daredemo.accounts import actions as accounts
from daredemo.accounts.models import Portal
from daredemo.booking import actions as booking
from daredemo.certification.actions import enacting
from daredemo.demo import households as who
from daredemo.demo import nurseries, people, rosters
from daredemo.demo.stories import Teller
from daredemo.facilities.models import Facility
from daredemo.families.models import Child, Guardian
from daredemo.municipalities import actions as municipalities
from daredemo.municipalities.models import Municipality, Officer, Programme
from daredemo.notifications.models import Message, Status
from daredemo.rules.hours import JST, day_of

FRIDAY = 4
DAYS_BACK = 60
DAYS_AHEAD = 75


def is_loaded() -> bool:
    """Anyone here already? Loading never mixes with what people have entered."""
    return Facility.objects.exists()


@transaction.atomic
def load(now: datetime) -> None:
    """Fill an empty database; everything or nothing."""
    long_ago = now - timedelta(days=DAYS_BACK)
    officer = _city("222135", "こども政策課", "0537-00-0001", long_ago)
    _city("342041", "こども保育課", "0848-00-0002", long_ago)
    first, last = day_of(long_ago), day_of(now) + timedelta(days=DAYS_AHEAD)
    built = [
        nurseries.build(nursery, since=first, until=last, now=long_ago) for nursery in nurseries.NURSERIES
    ]
    teller = Teller(now=now, officer=officer)
    _on_the_way(teller)
    _settled(teller, built)
    _relatives(teller)
    _short_of_staff(teller, built[1])
    for facility in built:
        nurseries.offer_interviews(facility, since=now + timedelta(days=2), days=21, now=now)
    _asks_for_an_interview(teller, built[0])
    _keep_mail_quiet(now)


def _city(code: str, office: str, phone: str, at: datetime) -> Officer:
    municipality = Municipality.objects.get(code=code)
    programme = municipalities.serve(municipality=municipality, by=None, now=at)
    _open_since(programme, at)
    municipalities.describe_office(
        municipality=municipality,
        office=office,
        phone=phone,
        opening_hours="平日 8:30〜17:15",
        web_page="",
        mayor_title=f"{municipality.name}長",
        by=None,
        now=at,
    )
    logins = (("admin", "青木 正人", Officer.Role.ADMIN), ("shinsa", "小川 真理", Officer.Role.SCREENER))
    made = [_officer(municipality, f"{name}-{code}", shown, role, at) for name, shown, role in logins]
    return made[1]


def _open_since(programme: Programme, at: datetime) -> None:
    """The opening dates of the preset, or two months ago where the preset has none or a later one."""
    day = day_of(at)
    names = ("applications", "certificates", "facilities_public", "interviews", "use")
    dates = {f"{name}_from": getattr(programme, f"{name}_from") for name in names}
    municipalities.set_opening_dates(
        municipality=programme.municipality,
        by=None,
        now=at,
        **{name: min(opens or day, day) for name, opens in dates.items()},
    )


def _officer(
    municipality: Municipality, login_id: str, name: str, role: Officer.Role, at: datetime
) -> Officer:
    user = accounts.create_login(portal=Portal.CITY, login_id=login_id, email="", by=None, now=at)
    people.let_in(user)
    return municipalities.add_officer(
        municipality=municipality, user=user, role=role, name=name, by=None, now=at
    )


def _on_the_way(teller: Teller) -> None:
    """Families between their first mail and their first login."""
    teller.begin(who.YAMAMOTO, days=1)
    teller.apply(who.SATO, days=3)
    teller.apply(who.SUZUKI, days=26)
    teller.send_back(
        who.TAKAHASHI,
        days=2,
        words="こどもの生年月日をたしかめてください。母子手帳と年がちがうようです。",
        parts=["child-1"],
    )
    teller.decide(who.TANAKA, applied=8, at=teller.now)
    declined = teller.before(4, time(15))
    application = teller.decide(
        who.ITO,
        applied=12,
        at=declined,
        refuse="企業主導型保育施設に在園していることを確認しました。在園しているあいだは対象になりません。",
    )
    enacting.enact(application=application, now=declined + timedelta(minutes=11))
    teller.certify(who.WATANABE, days=0 if teller.now.astimezone(JST).hour >= 15 else 1, login=False)
    teller.certify(who.NAKAMURA, days=6)


def _settled(teller: Teller, built: list[Facility]) -> None:
    """Families that come and go: bookings past and ahead, one child here, one forfeited, one cancelled."""
    hidamari, midori = built[0], built[1]
    kato = teller.certify(who.KATO, days=50)
    silva = teller.certify(who.SILVA, days=45)
    yamada = teller.certify(who.YAMADA, days=45)
    for guardian, home in ((kato, who.KATO), (silva, who.SILVA), (yamada, who.YAMADA)):
        teller.write_care(guardian, home, days=40)
        teller.meet(guardian, teller.children(guardian, home), hidamari, days=38 - who.ALL.index(home))
    hinata, aoi = teller.children(kato, who.KATO)
    (lucas,) = teller.children(silva, who.SILVA)
    (koharu,) = teller.children(yamada, who.YAMADA)
    teller.meet(silva, [lucas], midori, days=20)
    today, at = teller.today, _at
    past = teller.days(hidamari, today - timedelta(days=21), today - timedelta(days=1))[-6:]
    ahead = teller.days(hidamari, today, today + timedelta(days=12))
    for day in past[::3]:
        teller.come(teller.book(hinata, hidamari, at(day, 9), 2))
    for day in past[1::3]:
        teller.come(teller.book(lucas, hidamari, at(day, 10), 2))
    late = teller.book(koharu, hidamari, at(past[-1], 13), 2)
    teller.cancel(late, at(past[-1], 8))
    for day in ahead[:1]:
        teller.come(teller.book(hinata, hidamari, at(day, 9), 2), leave=False)
        teller.come(teller.book(lucas, hidamari, at(day, 9), 2), leave=False)
        teller.book(koharu, hidamari, at(day, 13), 2)
    for day in ahead[3:4]:
        teller.book(hinata, hidamari, at(day, 9), 2)
        teller.book(aoi, hidamari, at(day, 9), 2)
    for day in teller.days(midori, today + timedelta(days=5), today + timedelta(days=20))[:1]:
        teller.book(lucas, midori, at(day, 10), 2)
    _in_line(teller, built[2], taken_by=koharu, waits=hinata, offered=lucas)


def _in_line(teller: Teller, facility: Facility, *, taken_by: Child, waits: Child, offered: Child) -> None:
    """Two Fridays with one place: on the first somebody waits for it, on the second it has just come free."""
    soon, latest = teller.today + timedelta(days=5), teller.today + timedelta(days=19)
    for days, child in ((16, waits), (17, offered), (18, taken_by)):
        teller.meet(child.guardians.get(), [child], facility, days=days)
    fridays = [day for day in teller.days(facility, soon, latest) if day.weekday() == FRIDAY]
    for day, child in zip(fridays, (waits, offered), strict=False):
        made = teller.book(taken_by, facility, _at(day, 9), 3)
        entry = teller.wait(child, facility, _at(day, 9), 3)
        if child == offered:
            teller.cancel(made, teller.now - timedelta(minutes=30))
            booking.offer_to(entry=entry, now=teller.now)


def _relatives(teller: Teller) -> None:
    """加藤家: the father answers too, and the grandmother helps."""
    kato = Guardian.objects.select_related("user", "municipality").get(user__login_id=people.number_of(10))
    teller.let_in(kato, 21, "大輔", "father", "guardian")
    teller.let_in(kato, 22, "ふみ", "grandparent", "proxy")


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), JST)


def _short_of_staff(teller: Teller, facility: Facility) -> None:
    """Both 保育士 are away when somebody comes: the booking stays, and a conflict waits for the nursery."""
    ahead = facility.bookings.filter(date__gt=teller.today).order_by("date").first()
    if ahead is not None:
        rosters.away(facility, [ahead.date], ("村松 あや", "佐野 ともこ"), teller.now)


def _asks_for_an_interview(teller: Teller, facility: Facility) -> None:
    """小林家: certified, and waiting for the nursery's answer."""
    kobayashi = teller.certify(who.KOBAYASHI, days=10)
    teller.write_care(kobayashi, who.KOBAYASHI, days=9)
    first = facility.interview_times.filter(starts_at__gt=teller.now).order_by("starts_at").first()
    if first is not None:
        teller.ask(kobayashi, teller.children(kobayashi, who.KOBAYASHI), first, teller.now)


def _keep_mail_quiet(now: datetime) -> None:
    """Old mails were read long ago; only those of the last two days come into the mailbox."""
    old = Message.objects.filter(status=Status.PROMISED, due_at__lt=now - timedelta(days=2))
    old.update(status=Status.HANDED_OVER, handed_over_at=now - timedelta(days=2), settled_at=now)
