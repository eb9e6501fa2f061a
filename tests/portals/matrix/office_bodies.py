"""What staff and officers type."""

from datetime import date, timedelta

from tests.portals.matrix.given import CANARIES
from tests.portals.matrix.sending import Body, day, sends
from tests.portals.matrix.world import NEXT_WEEK, TODAY, World


@sends("facility:interview_times")
def offer_times(world: World) -> Body:
    span = {**day("since", NEXT_WEEK), **day("until", NEXT_WEEK + timedelta(days=6))}
    return {**span, "weekdays": ["1", "3"], "times": ["14:00", "15:00"], "minutes": "30"}


@sends("facility:interview_confirm")
def confirm(world: World) -> Body:
    return {"words": "お待ちしています"}


@sends("facility:interview_propose")
def propose(world: World) -> Body:
    return {"propose-time": str(world.facts["proposal"].pk), "propose-words": "この日はいかがですか"}


@sends("facility:interview_decline")
def decline(world: World) -> Body:
    answers = {"decline-ground": "no_place_or_staff", "decline-reason": CANARIES["ground"]}
    return {"step": "send", **answers}


@sends("facility:interview_outcome")
def outcome(world: World) -> Body:
    prefix = f"outcome-{world.things['outcome']['row_id']}"
    answers = {"outcome": "declined", "ground": "no_place_or_staff", "reason": CANARIES["ground"]}
    return {"step": "send", **{f"{prefix}-{name}": value for name, value in answers.items()}}


@sends("facility:booking_approve")
def approve(world: World) -> Body:
    return {"approve-words": "お待ちしています"}


@sends("facility:booking_decline")
def decline_booking(world: World) -> Body:
    return {"step": "send", "decline-ground": "no_place_or_staff", "decline-words": "職員が足りません"}


@sends("facility:booking_cancel")
def cancel_by_facility(world: World) -> Body:
    return {"step": "send", "cancel-words": "職員が足りません"}


@sends("facility:booking_call")
def call(world: World) -> Body:
    return {**day("call-day", TODAY), "call-time": "9:45", "call-reason": "お母さんから電話"}


@sends("facility:booking_phoned")
def phoned(world: World) -> Body:
    said = {"phoned-time": "9:45", "phoned-reason": "お母さんから電話", "phoned-cause": "family"}
    return {**day("phoned-day", TODAY), **said}


@sends("city:certify")
def certify(world: World) -> Body:
    said = {"amber_reason": "住民票を確認した", "reduction": "", "reduction_reason": ""}
    return {"version": str(world.facts["version"]), **said}


@sends("city:decline")
def decline_application(world: World) -> Body:
    said = {"article": "子ども・子育て支援法", "reason": CANARIES["ground"], "possible": "一時預かり"}
    return {"version": str(world.facts["version"]), **said}


@sends("city:send_back")
def send_back(world: World) -> Body:
    return {"version": str(world.facts["version"]), "parts": ["address"], "words": "番地を確かめてください。"}


@sends("city:certificate_end")
def end(world: World) -> Body:
    return {**day("ended_on", TODAY), "reason": "move"}


@sends("facility:take_child")
def take(world: World) -> Body:
    when = {"day": "2026-04-16", "start": "10:00", "minutes": "60", "weeks": "1"}
    return {**when, "key": "01930000-0000-7000-8000-000000000004"}


@sends("facility:booking_change")
def change_booking(world: World) -> Body:
    return {"day": "2026-04-16", "start": "10:00", "minutes": "60"}


@sends("city:activation", "city:protection")
def counter(world: World) -> Body:
    return {"seen": "on", "do": "protect"}


@sends("facility:hand_over")
def hand_over(world: World) -> Body:
    return {"collected_by": CANARIES["pick_up"]}


@sends("facility:correct")
def correct(world: World) -> Body:
    times = {"correct-received_at": "9:05", "correct-handed_over_at": ""}
    return {**times, "correct-reason": "押しわすれ"}


@sends("facility:check_out")
def check_out(world: World) -> Body:
    return {"out-at": "9:50"}


@sends("facility:pattern_day")
def weekday(world: World) -> Body:
    span = {"starts_1": "09:00", "ends_1": "12:00", "places_1": "2"}
    return {"step": "publish", **span, **day("valid_from", TODAY + timedelta(days=30))}


@sends("facility:closures")
def closure(world: World) -> Body:
    return {"step": "close", **day("day", date(2026, 4, 13)), "reason": "職員研修"}


@sends("facility:profile_edit")
def profile(world: World) -> Body:
    home = world.facility
    return {
        "step": "save",
        "name": "ひだまりの園",
        "kana": home.kana,
        "post_code": home.post_code,
        "address": home.address,
        "phone": home.phone,
        "youngest_months": "6",
        "oldest_age": "2",
        "lengths": "any",
        "longest_minutes": "180",
        "approval": home.approval,
        "opens": "month",
        "window_day": "1",
        "window_time": "9:00",
        "residents_first_days": "0",
        "closes": "hours",
        "window_closes_hours": "24",
    }


@sends("facility:prices")
def price(world: World) -> Body:
    return {
        "set_price": "1",
        "price-yen_per_hour": "350",
        "price-offers_reductions": "on",
        **day("price-in_force_from", date(2026, 5, 1)),
    }


@sends("facility:carers")
def carer(world: World) -> Body:
    return {"name": "新 ひとみ", "qualified": "yes", **day("starts_on", TODAY)}


@sends("facility:carer")
def carer_week(world: World) -> Body:
    return {
        "week": "1",
        "starts_0_1": "09:00",
        "ends_0_1": "15:00",
        "same": "on",
        **day("valid_from", NEXT_WEEK),
    }


@sends("facility:carer_end")
def carer_end(world: World) -> Body:
    return day("ends_on", NEXT_WEEK)


@sends("facility:duty")
def duty(world: World) -> Body:
    return {"starts": "09:00", "ends": "12:00"}


@sends("facility:enrolled")
def enrolled(world: World) -> Body:
    return {"week": "1", "count_0_0": "3", "count_0_1": "5", "same": "on", **day("valid_from", NEXT_WEEK)}


@sends("facility:premises")
def premises(world: World) -> Body:
    return {"form": "dedicated", "capacity": "20", "area_cm2": "80.5", "most_a_day": ""}


@sends("facility:roster_start")
def roster_start(world: World) -> Body:
    return {"step": "start", **day("since", NEXT_WEEK)}
