"""Four invented nurseries: both types, three in 掛川市 and one in a city with half hours (三原市)."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from daredemo.accounts import actions as accounts
from daredemo.accounts.models import Portal
from daredemo.booking import actions as booking
from daredemo.demo import people, rosters
from daredemo.facilities import actions as facilities
from daredemo.facilities.models import Approval, Care, Facility, Kind, Provider, Role
from daredemo.interviews import actions as interviews
from daredemo.municipalities.models import Municipality
from daredemo.rules.hours import JST, day_of

BELONGINGS = "着がえ1組、おむつ5枚、おしりふき、タオル、水筒、ビニール袋。すべてに名前を書いてください。"
INSURANCE = "園の賠償責任保険と傷害保険に入っています。通院の治療費は保険の範囲で園が対応します。"


@dataclass(frozen=True, slots=True)
class Nursery:
    """A nursery as the demo invents it; `week` is weekday → (opens, closes, places)."""

    login: str
    provider: str
    name: str
    kana: str
    kind: Kind
    city: str
    post_code: str
    address: str
    phone: str
    place: tuple[str, str]
    yen: int
    about: str
    policy: str
    access: str
    late: str
    manager: str
    staff: str
    week: dict[int, tuple[time, time, int]]
    youngest_months: int = 6
    longest_minutes: int = 180
    meals: bool = False
    approval: Approval = Approval.INSTANT
    extras: tuple[tuple[str, int, str], ...] = ()
    languages: list[str] = field(default_factory=list)
    cares: list[str] = field(default_factory=list)


WEEKDAYS = range(5)
PROFILE = (
    "name", "kana", "kind", "post_code", "address", "phone", "youngest_months", "longest_minutes",
    "about", "policy", "access", "meals", "languages", "cares", "approval",
)  # fmt: skip
NURSERIES = (
    Nursery(
        login="hidamari",
        provider="社会福祉法人ひなたの会",
        name="ひだまりこども園",
        kana="ひだまりこどもえん",
        kind=Kind.SPARE,
        city="222135",
        post_code="4368650",
        address="静岡県掛川市長谷0-0-1",
        phone="0537-00-0011",
        place=("34.768700", "138.015000"),
        yen=300,
        about="お茶畑のとなりの、こども90人の園です。在園児といっしょに、庭と土で遊びます。",
        policy="はじめの日は短い時間から。こどものペースで、園にすこしずつなれていきます。",
        access="掛川駅からバスで12分「長谷」下車、歩いて3分。駐車場6台。",
        late="期限をすぎた取り消しは、給食を用意した日だけ給食代をいただきます。",
        manager="松井 和子",
        staff="大石 めぐみ",
        week={day: (time(9), time(16), 4) for day in WEEKDAYS},
        meals=True,
        extras=(("おやつ", 50, "午前と午後のおやつの材料代です。"),),
        languages=["pt-br", "ja-easy"],
        cares=[Care.ALLERGY],
    ),
    Nursery(
        login="midorinooka",
        provider="学校法人みどり学園",
        name="みどりの丘保育園",
        kana="みどりのおかほいくえん",
        kind=Kind.GENERAL,
        city="222135",
        post_code="4360079",
        address="静岡県掛川市掛川0-0-2",
        phone="0537-00-0022",
        place=("34.774100", "138.014300"),
        yen=300,
        about="まちなかの小さな園です。専用のへやで、6人までのこどもがすごします。",
        policy="絵本とリズム遊びを大切にしています。",
        access="掛川駅北口から歩いて8分。",
        late="期限をすぎた取り消しにも、利用料はいただきません。",
        manager="鈴木 啓介",
        staff="村松 あや",
        week={day: (time(9), time(15), 6) for day in (*WEEKDAYS, 5)},
        approval=Approval.ON_REQUEST,
        longest_minutes=240,
        languages=["en"],
        cares=[Care.MEDICAL, Care.DISABILITY],
    ),
    Nursery(
        login="nanohana",
        provider="社会福祉法人ひなたの会",
        name="なのはな保育園",
        kana="なのはなほいくえん",
        kind=Kind.SPARE,
        city="222135",
        post_code="4371302",
        address="静岡県掛川市大渕0-0-3",
        phone="0537-00-0033",
        place=("34.655000", "138.030000"),
        yen=400,
        about="海の近くの園です。天気のよい日は、さんぽに出かけます。",
        policy="1歳からの受け入れです。",
        access="大須賀支所から車で5分。駐車場10台。",
        late="期限をすぎた取り消しは、予約した時間の利用料をいただきます。",
        manager="戸塚 直美",
        staff="赤堀 ゆか",
        week={day: (time(9), time(12), places) for day, places in ((0, 3), (2, 3), (4, 1))},
        youngest_months=12,
    ),
    Nursery(
        login="setouchi",
        provider="社会福祉法人せとの里",
        name="せとうちこども園",
        kana="せとうちこどもえん",
        kind=Kind.SPARE,
        city="342041",
        post_code="7230014",
        address="広島県三原市城町0-0-4",
        phone="0848-00-0044",
        place=("34.401000", "133.083000"),
        yen=300,
        about="瀬戸内海が見える園です。30分きざみで使えます。",
        policy="家庭のように、ゆったりとすごします。",
        access="三原駅から歩いて6分。",
        late="期限をすぎた取り消しにも、利用料はいただきません。",
        manager="岡田 静香",
        staff="藤井 翔",
        week={day: (time(8, 30), time(16, 30), 4) for day in WEEKDAYS},
        meals=True,
    ),
)


def build(nursery: Nursery, *, since: date, until: date, now: datetime) -> Facility:
    """Make one nursery with people, prices, pattern, days, interview times and a code for its poster."""
    provider, _ = Provider.objects.get_or_create(name=nursery.provider)
    facility = Facility.objects.create(
        provider=provider,
        municipality=Municipality.objects.get(code=nursery.city),
        **{name: getattr(nursery, name) for name in PROFILE},
        latitude=Decimal(nursery.place[0]),
        longitude=Decimal(nursery.place[1]),
        belongings=BELONGINGS,
        insurance=INSURANCE,
        late_cancel_words=nursery.late,
        window_time=time(9),
        created_at=now,
    )
    _price(facility, nursery, since, now)
    _week(facility, nursery, since, now)
    facility = facilities.publish(facility=facility, by=None, now=now)
    _people(facility, nursery, now)
    rosters.build(nursery.login, facility, since=since, now=now)
    booking.publish_days(facility=facility, since=since, until=until, by=None, now=now)
    return facility


def _price(facility: Facility, nursery: Nursery, since: date, now: datetime) -> None:
    facilities.set_price(
        facility=facility,
        in_force_from=since,
        yen_per_hour=nursery.yen,
        offers_reductions=True,
        by=None,
        now=now,
    )
    for name, yen, reason in nursery.extras:
        facilities.add_extra(
            facility=facility, name=name, yen=yen, reason=reason, in_force_from=since, by=None, now=now
        )


def _week(facility: Facility, nursery: Nursery, since: date, now: datetime) -> None:
    for weekday, (starts, ends, places) in nursery.week.items():
        facilities.set_pattern(
            facility=facility,
            weekday=weekday,
            starts=starts,
            ends=ends,
            places=places,
            by_age=(min(2, places), None, None),
            valid_from=since,
            by=None,
            now=now,
        )


def _people(facility: Facility, nursery: Nursery, now: datetime) -> None:
    facilities.issue_code(facility=facility, by=None, now=now)
    for name, role, suffix in ((nursery.manager, Role.MANAGER, ""), (nursery.staff, Role.STAFF, "-staff")):
        user = accounts.create_login(
            portal=Portal.FACILITY, login_id=f"{nursery.login}{suffix}", email="", by=None, now=now
        )
        people.let_in(user)
        facilities.add_member(facility=facility, user=user, name=name, role=role, by=None, now=now)


def offer_interviews(facility: Facility, *, since: datetime, days: int, now: datetime) -> None:
    """Interview times at 10:00 and 15:00 on the opened weekdays of the next weeks."""
    first = day_of(since)
    opened = set(
        facility.opened_days.filter(date__gte=first, date__lt=first + timedelta(days=days)).values_list(
            "date", flat=True
        )
    )
    starts = [datetime.combine(day, clock, JST) for day in sorted(opened) for clock in (time(10), time(15))]
    interviews.offer_times(facility=facility, starts=starts, minutes=40, by=None, now=now)
