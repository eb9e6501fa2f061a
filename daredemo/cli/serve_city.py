"""`serve-city CODE`: begin to serve a municipality, with its rules, opening dates and office.

The rules are those of its preset, else 国の標準. Where a step of the road has no opening date yet,
`--open-from` gives it one. Said again, it changes only what is said.
"""

import argparse
import sys
from collections.abc import Sequence

from daredemo.cli.parts import setting_up
from daredemo.cli.parts.reading import Parser, a_date

STEPS = {
    "applications_from": "利用認定の申請",
    "certificates_from": "認定証の交付",
    "facilities_public_from": "施設の公表",
    "interviews_from": "面談の予約",
    "use_from": "利用",
}
OFFICE = ("office", "phone", "opening_hours", "web_page", "mayor_title")


def act(asked: argparse.Namespace) -> str:
    from daredemo.config.clock import now, today
    from daredemo.municipalities import actions as municipalities
    from daredemo.municipalities import queries
    from daredemo.rules.words import date_words

    day = a_date(asked.open_from) if asked.open_from else None
    office = office_of(asked)
    city = setting_up.city_of(asked.city)
    programme = municipalities.serve(municipality=city, by=None, now=now())
    if office:
        known = {name: getattr(programme, name) for name in OFFICE} | office
        programme = municipalities.describe_office(municipality=city, by=None, now=now(), **known)
    if day:
        dates = {name: getattr(programme, name) or day for name in STEPS}
        programme = municipalities.set_opening_dates(municipality=city, by=None, now=now(), **dates)
    opens = [(words, getattr(programme, name)) for name, words in STEPS.items()]
    policy = queries.policy_on(city.code, today())
    return "\n".join(
        [
            f"{city}を対象にしています。決まり: {policy.note}",
            *(f"  {words}: {date_words(at) + 'から' if at else 'まだ(--open-from)'}" for words, at in opens),
            f"  窓口: {programme.office or 'まだ(--office)'} {programme.phone or '電話はまだ(--phone)'}",
        ]
    )


def office_of(asked: argparse.Namespace) -> dict[str, str]:
    """What was said about the office that families ask."""
    said: dict[str, str] = {}
    if asked.office:
        said["office"] = setting_up.a_line(asked.office, "窓口の名前", 60)
    if asked.phone:
        said["phone"] = setting_up.a_phone(asked.phone)
    if asked.hours:
        said["opening_hours"] = setting_up.a_line(asked.hours, "受付時間", 120)
    return said


def parser() -> Parser:
    own = setting_up.parser("serve-city", "市区町村をはじめる。")
    own.add_argument("--office", metavar="NAME", help="窓口の名前。例: こども政策課")
    own.add_argument("--phone", metavar="NUMBER", help="窓口の電話番号")
    own.add_argument("--hours", metavar="WORDS", help="受付時間。例: 平日 8:30〜17:15")
    own.add_argument("--open-from", metavar="DATE", help="まだ決まっていない手続きをはじめる日")
    return own


def main(argv: Sequence[str] | None = None) -> int:
    return setting_up.run(parser(), act, argv)


if __name__ == "__main__":
    sys.exit(main())
