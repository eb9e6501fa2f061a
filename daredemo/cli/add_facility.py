"""`add-facility CODE --name …`: let a facility of a city take part; one that is there stays as it is.

Its manager comes with `add-member`, writes the profile, sets a price and publishes it.
"""

import argparse
import sys
from collections.abc import Sequence

from daredemo.cli.parts import setting_up
from daredemo.cli.parts.reading import BadInputError, Parser

KINDS = ("spare", "general")


def act(asked: argparse.Namespace) -> str:
    from daredemo.config.clock import now
    from daredemo.facilities import actions as facilities
    from daredemo.facilities import queries
    from daredemo.facilities.models import Kind
    from daredemo.municipalities import queries as municipalities

    name = setting_up.a_line(asked.name, "園の名前", 100)
    kana = setting_up.a_reading(asked.kana, "園の名前(ふりがな)", 100)
    provider = setting_up.a_line(asked.provider, "事業者", 100)
    address = setting_up.a_line(asked.address, "住所", 200)
    post_code = setting_up.digits(asked.post_code, "郵便番号", 7, 7)
    phone = setting_up.a_phone(asked.phone)
    city = setting_up.served_city_of(asked.city)
    places = municipalities.post_code(post_code)
    if places and city.code not in {place.municipality_code for place in places}:
        raise BadInputError(f"郵便番号「{asked.post_code}」は{city.name}ではありません。")
    if not address.startswith(city.prefecture):
        address = f"{city.prefecture}{address}"
    if queries.facility_called(city, name):
        return f"{city.name}の{name}はすでにあります。何も変えていません。"
    facilities.add_facility(
        municipality=city, provider=provider, name=name, kana=kana, kind=Kind(asked.kind),
        post_code=post_code, address=address, phone=phone, by=None, now=now(),
    )  # fmt: skip
    return (
        f"{city.name}に{name}を加えました。料金を決めて公表するまで、保護者には見えません。\n"
        f"つぎに: python3 run.py add-member {city.code} --facility {name} --login … --name … --email …"
    )


def parser() -> Parser:
    own = setting_up.parser("add-facility", "園を加える。")
    own.add_argument("--name", required=True, metavar="NAME", help="園の名前")
    own.add_argument("--kana", required=True, metavar="KANA", help="ふりがな")
    own.add_argument("--kind", required=True, choices=KINDS, help="余裕活用型 spare、一般型 general")
    own.add_argument("--provider", required=True, metavar="NAME", help="事業者。例: 社会福祉法人ひなたの会")
    own.add_argument("--post-code", required=True, metavar="NUMBER", help="郵便番号")
    own.add_argument("--address", required=True, metavar="ADDRESS", help="住所")
    own.add_argument("--phone", required=True, metavar="NUMBER", help="電話番号")
    return own


def main(argv: Sequence[str] | None = None) -> int:
    return setting_up.run(parser(), act, argv)


if __name__ == "__main__":
    sys.exit(main())
