"""`explain …`: asks the law from the command line, for support desks and tests.

Answers in words, or with `--json` as exactly one JSON object; always with the rule and its source. Reads the
committed presets, or with `--database` the rows. Bad input: exit 2 and one Japanese sentence.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from daredemo.cli.parts.reading import (
    BadInputError,
    Parser,
    a_clock,
    a_date,
    an_instant,
    facility_charges,
    has_time,
)
from daredemo.rules import cancel, codes, deadline, eligibility, hours, presets, words
from daredemo.rules.plain import PolicyError
from daredemo.rules.policy import Policy
from daredemo.rules.policy_cancelling import Cancelling, DaysBefore, FromBooking
from daredemo.rules.refusal import Refused

PRESETS = Path(__file__).parents[1] / "municipalities" / "presets"
FEE = {
    True: "かかります",
    False: "かかりません",
    "facility": "園のきまりによります",
}
Answer = dict[str, Any]


def policy_for(asked: argparse.Namespace, day: date | None) -> Policy:
    """The rules of the asked city on that day; without a day the newest; before the first the first."""
    city = str(asked.city)
    if city in ("national", "000000", "国の標準"):
        path = PRESETS / "national.toml"
    else:
        try:
            path = PRESETS / f"{codes.municipality_code(city)}.toml"
        except ValueError:
            raise BadInputError(f"「{city}」は市区町村の団体コードではありません。") from None
    if asked.database:
        return _from_database(path.stem, day)
    if not path.exists():
        raise BadInputError(
            f"団体コード{path.stem}の決まりは登録されていません。国の標準は --city national で聞けます。"
        )
    if day is None:
        return presets.load(path)
    return presets.load_on(path, day) or presets.load_all(path)[0]


def _from_database(code: str, day: date | None) -> Policy:
    """The rows; the only part of this command that needs Django."""
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daredemo.config.settings")
    django.setup()
    from django.db import Error

    from daredemo.config.clock import today
    from daredemo.municipalities import queries as municipalities

    try:
        return municipalities.policy_on(code, day or today())
    except Error as error:
        problem = str(error).strip().splitlines()[0]
        raise BadInputError(f"データベースの決まりを読めません({problem})。") from error


def free_until(asked: argparse.Namespace, cancelling: Cancelling) -> tuple[datetime, datetime]:
    """Start and deadline; a bare date is enough where only the day matters."""
    start = an_instant(asked.use)
    rule = cancelling.deadline
    if not has_time(asked.use):
        if not (isinstance(rule, DaysBefore) and rule.n):
            raise BadInputError("この市では、はじまりの時刻も要ります。--use 2026-05-07T09:00 のように。")
        start = hours.at_clock(hours.day_of(start), "09:00")
    if isinstance(rule, FromBooking) and asked.booked is None:
        raise BadInputError("この市では、予約した日時も要ります。--booked を加えてください。")
    booked_at = an_instant(asked.booked) if asked.booked else None
    closed = frozenset(a_date(day) for day in asked.closed)
    try:
        return start, deadline.free_until(start, cancelling, closed, booked_at)
    except ValueError:
        raise BadInputError("休みの日が続いていて、締切の日が見つかりません。") from None


def explain_eligibility(asked: argparse.Namespace) -> Answer:
    born, on = a_date(asked.born), a_date(asked.on) if asked.on else None
    policy = policy_for(asked, on)
    first, last = eligibility.use_days(born, policy.ages)
    said = (
        f"{words.era_date_words(born)}生まれ: {words.date_words(first)}から"
        f"{words.date_words(last)}({words.era_date_words(last)})まで利用できます。"
    )
    answer: Answer = {"born": born, "first_day": first, "last_day": last}
    if on is not None:
        try:
            eligibility.check_age(born, on, policy.ages)
            answer |= {"on": on, "eligible": True}
            said += f" {words.date_words(on)}は利用できる年齢です。"
        except Refused as refused:
            answer |= {"on": on, "eligible": False, "reason": refused.reason.value}
            said += f" {words.date_words(on)}は利用できません。"
    rule = "利用日に0歳6か月から満3歳未満(3歳の誕生日の前々日まで)であること"
    return answer | about(policy, rule, policy.sources.ages, said)


def explain_deadline(asked: argparse.Namespace) -> Answer:
    policy = policy_for(asked, hours.day_of(an_instant(asked.use)))
    start, until = free_until(asked, policy.cancelling)
    said = f"{words.date_words(hours.day_of(start))}の利用は、{words.deadline_words(until)}まで取り消せます。"
    rule = words.deadline_rule_words(policy.cancelling.deadline)
    return {"deadline": until} | about(policy, rule, policy.sources.deadline, said)


def explain_hours(asked: argparse.Namespace) -> Answer:
    policy, day = policy_for(asked, None), date(2026, 4, 1)
    start, end = hours.at_clock(day, a_clock(asked.start)), hours.at_clock(day, a_clock(asked.end))
    if end <= start:
        raise BadInputError("おわりの時刻は、はじまりより後にしてください。")
    unit = policy.hours.unit
    length, counted = hours.span_minutes(start, end), hours.counted_minutes(start, end, unit)
    offered = hours.is_offered(length, unit)
    said = f"{words.duration_words(length)}の利用は、{words.duration_words(counted)}とかぞえます。"
    if not offered:
        said += f" この市では{words.unit_words(unit)}のため、この長さの予約はできません。"
    answer: Answer = {"minutes": length, "counted_minutes": counted, "offered": offered}
    return answer | about(policy, words.unit_words(unit), policy.sources.hours, said)


def explain_cancel(asked: argparse.Namespace) -> Answer:
    policy = policy_for(asked, hours.day_of(an_instant(asked.use)))
    start, until = free_until(asked, policy.cancelling)
    if not has_time(asked.at):
        raise BadInputError("--at には時刻も入れてください。2026-05-01T12:00 のように。")
    found = cancel.outcome(
        start=start,
        at=an_instant(asked.at),
        deadline=until,
        cancelling=policy.cancelling,
        facility_charges=facility_charges(asked.facility_fee),
    )
    late = found.when is not cancel.When.IN_TIME
    said = (
        f"締切は{words.deadline_words(until)}です。締切{'のあと' if late else 'まで'}の取り消しなので、"
        f"時間は{'つかったものとしてかぞえます' if found.hours else 'もどります'}。料金は{FEE[found.fee]}。"
        f"園は給付費を{'請求できます' if found.benefit else '請求できません'}。"
    )
    rule = (
        words.deadline_rule_words(policy.cancelling.deadline)
        + "。給付費は当日0時から、時間を消費したときだけ"
    )
    return {
        "deadline": until,
        "when": found.when.value,
        "consume_hours": found.hours,
        "claim_benefit": found.benefit,
        "charge_fee": found.fee,
    } | about(policy, rule, policy.sources.cancelling, said)


def about(policy: Policy, rule: str, source: str, said: str) -> Answer:
    return {"city": policy.code, "name": policy.name, "rule": rule, "source": source, "words": said}


def parser() -> Parser:
    top = Parser(prog="explain", description="こども誰でも通園制度のきまりを聞く。")
    kinds = top.add_subparsers(dest="kind", required=True, metavar="eligibility|deadline|hours|cancel")
    eligible = kinds.add_parser("eligibility", help="いつからいつまで利用できるか")
    eligible.add_argument("--born", required=True, metavar="DATE", help="生年月日")
    eligible.add_argument("--on", metavar="DATE", help="この日に利用できるか")
    until = kinds.add_parser("deadline", help="いつまで取り消せるか")
    span = kinds.add_parser("hours", help="何時間とかぞえるか")
    span.add_argument("--from", dest="start", required=True, metavar="TIME", help="はじまり")
    span.add_argument("--to", dest="end", required=True, metavar="TIME", help="おわり")
    off = kinds.add_parser("cancel", help="取り消すとどうなるか")
    off.add_argument("--at", required=True, metavar="DATETIME", help="取り消す日時")
    off.add_argument(
        "--facility-fee", nargs="?", const="yes", metavar="yes|no|YEN", help="締切のあとに園が料金を取るか"
    )
    for one in (until, off):
        one.add_argument("--use", required=True, metavar="DATE[TTIME]", help="利用の日、はじまりの時刻")
        one.add_argument("--closed", nargs="+", action="extend", default=[], metavar="DATE", help="休みの日")
        one.add_argument("--booked", metavar="DATETIME", help="予約した日時")
    for one in (eligible, until, span, off):
        one.add_argument("--city", default="222135", metavar="CODE", help="団体コード(はじめは222135 掛川市)")
        one.add_argument(
            "--database", action="store_true", help="データベースの決まりで答える(--data DIR で場所も)"
        )
        one.add_argument("--json", action="store_true", help="JSONで答える")
    return top


ANSWERS = {
    "eligibility": explain_eligibility,
    "deadline": explain_deadline,
    "hours": explain_hours,
    "cancel": explain_cancel,
}


def main(argv: Sequence[str] | None = None) -> int:
    """Print the answer; 0, or 2 with one sentence on bad input."""
    argv = sys.argv[1:] if argv is None else argv
    try:
        asked = parser().parse_args(argv)
        answer = ANSWERS[asked.kind](asked)
    except (BadInputError, PolicyError) as problem:
        sys.stderr.write(f"{problem}\n")
        return 2
    if asked.json:
        sys.stdout.write(json.dumps(answer, ensure_ascii=False, default=lambda day: day.isoformat()) + "\n")
    else:
        sys.stdout.write(
            f"{answer['words']}\nきまり({answer['name']}): {answer['rule']}\n出どころ: {answer['source']}\n"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
