"""Every part on pages of their own, to be looked at and measured: tests/portals/shared/gallery*.html."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import sleep
from types import SimpleNamespace

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template import engines
from django.urls import URLPattern, include, path

from daredemo.portals.shared import forms as ours
from daredemo.portals.shared.days import Day, Length, Slot, State

HERE = Path(__file__).parent
CITY = SimpleNamespace(
    name="掛川市",
    office="こども政策課",
    phone="0537-00-0001",
    opening_hours="平日 8:30〜17:15",
    web_page="",
)
CLOSURE = SimpleNamespace(
    heading="台風のため お休みです",
    text="4月9日(木)は すべての園が お休みです。",
    at=datetime(2026, 4, 8, 6, tzinfo=UTC),
    href="#x",
    link="予約を見る",
)


class Questions(ours.Form):
    """One of each kind of field."""

    family_name = ours.NameField(label="姓", hint="family-name")
    given_name = ours.NameField(label="名", hint="given-name")
    reading = ours.KanaField(label="ふりがな", help_text="ローマ字の名前は そのままで。", required=False)
    born = ours.BirthDateField(label="お子さんの生年月日")
    postcode = ours.PostcodeField(label="郵便番号")
    phone = ours.PhoneField(label="電話番号")
    email = ours.EmailField(label="メールアドレス", required=False)
    code = ours.CodeField(label="メールで届いた番号")
    time = ours.TimeField(label="時刻", required=False)
    enrolled = forms.ChoiceField(
        label="いま 保育園などに 通っていますか",
        choices=[("no", "通っていない"), ("yes", "通っている")],
        widget=forms.RadioSelect,
    )
    days = forms.MultipleChoiceField(
        label="使いたい曜日",
        choices=list(enumerate("月火水木金土")),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    consent = forms.BooleanField(label="個人情報の取扱いに 同意します")
    city = forms.ChoiceField(label="市町村", choices=[("222135", "掛川市"), ("222119", "磐田市")])
    note = ours.Text(label="つたえたいこと", lines=4, required=False)
    paper = forms.FileField(label="写真", required=False)


def days() -> list[Day]:
    """Two weeks of April 2026 from Sunday the 5th."""
    states: list[State] = ["closed", "past", "few", "full", "mine", "ok", "closed"]
    states += ["closed", "ok", "ok", "few", "ok", "ok", "closed"]
    first = date(2026, 4, 5)
    return [
        Day(
            first + timedelta(days=n),
            state,
            note="8枠" if state == "ok" else "",
            href=f"#{n}" if state in ("ok", "few", "full") else "",
            chosen=n == 8,
            today=n == 1,
        )
        for n, state in enumerate(states)
    ]


def facts(request: HttpRequest) -> dict[str, object]:
    """What the gallery's templates show."""
    wrong = {
        "born_year": "令和6",
        "born_month": "13",
        "born_day": "1",
        "family_name": "掛\x00川",
        "postcode": "1",
    }
    return {
        "form": Questions(wrong if "wrong" in request.GET else None),
        "start": datetime(2026, 4, 9, 0, 0, tzinfo=UTC),
        "end": datetime(2026, 4, 9, 2, 0, tzinfo=UTC),
        "until": datetime(2026, 4, 8, 3, 0, tzinfo=UTC),
        "born": date(2024, 12, 5),
        "today": date(2026, 4, 6),
        "kids": [
            {"name": "ひなたさん", "note": "1歳4か月", "href": "#k1", "chosen": True},
            {"name": "あおいさん", "note": "7か月", "href": "#k2"},
        ],
        "days": days(),
        "slot_items": [
            Slot("9:00", "あと3人", value="9:00", chosen=True),
            Slot("10:00", "あと3人", value="10:00"),
            Slot("11:00", "あと1人", "few", value="11:00"),
            Slot("13:00", "あと2人", value="13:00"),
            Slot("14:00", "あと2人", value="14:00"),
            Slot("15:00", "空き待ち", "full", href="#w"),
        ],
        "length_items": [Length(60, 300), Length(120, 600, chosen=True), Length(180, 900)],
        "page_obj": Paginator(range(200), 20).page(4),
        "facility": SimpleNamespace(name="ひだまりこども園"),
        "city": CITY,
        "guardian": SimpleNamespace(name="花子"),
        "member": SimpleNamespace(name="佐藤 まり"),
        "banners": [CLOSURE] if "alarm" in request.GET else [],
        "here": "guardian:home",
    }


def show(request: HttpRequest, name: str) -> HttpResponse:
    """One page of the gallery."""
    source = (HERE / f"{name}.html").read_text(encoding="utf-8")
    return HttpResponse(engines["django"].from_string(source).render(facts(request), request))


def screen(request: HttpRequest) -> HttpResponse:
    """Stands for a screen of a portal, so that the navigation has where to lead."""
    raise Http404


SENT: list[dict[str, str]] = []


def counted(request: HttpRequest) -> HttpResponse:
    """Remembers what was sent; slow enough for a second tap."""
    SENT.append({name: str(value) for name, value in request.POST.items()})
    sleep(0.5)
    return HttpResponse('<link rel="icon" href="data:,">ok')


def towns(request: HttpRequest) -> JsonResponse:
    town = {"prefecture": "静岡県", "city": "掛川市", "town": "長谷"}
    return JsonResponse({"towns": [town] if request.GET["code"] == "4360047" else []})


def portal(names: str) -> list[URLPattern]:
    return [path(f"{name}/", screen, name=name) for name in names.split()]


GUARDIAN = "home facilities book_start bookings passbook settings help accessibility privacy language"
FACILITY = "board bookings interviews pattern profile poster logout"
urlpatterns = [
    path("gallery/<str:name>/", show),
    path("counted/", counted),
    path("towns/", towns),
    path("facility/", include((portal(FACILITY), "facility"))),
    path("city/", include((portal("queue certificates facilities policy logout"), "city"))),
    path("", include((portal(GUARDIAN + " logout"), "guardian"))),
]
handler400 = "daredemo.portals.shared.errors.bad_request"
handler403 = "daredemo.portals.shared.errors.forbidden"
handler404 = "daredemo.portals.shared.errors.not_found"
handler500 = "daredemo.portals.shared.errors.server_error"
