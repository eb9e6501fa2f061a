"""`add-officer CODE --login … --name … --email …`: let a person of a city's office in.

The first one of a city is its administrator. Somebody who is there already gets a new link as long as no
password was set, else nothing changes.
"""

import argparse
import sys
from collections.abc import Sequence

from daredemo.cli.parts import setting_up
from daredemo.cli.parts.reading import BadInputError, Parser

ROLES = ("admin", "approver", "screener", "viewer")


def act(asked: argparse.Namespace) -> str:
    from daredemo.accounts import queries as accounts
    from daredemo.accounts.models import Portal
    from daredemo.config.clock import now
    from daredemo.municipalities import actions as municipalities
    from daredemo.municipalities import queries
    from daredemo.municipalities.models import Officer

    login_id = setting_up.a_login_id(Portal.CITY, asked.login)
    name, email = setting_up.a_line(asked.name, "氏名", 60), setting_up.an_email(asked.email)
    city = setting_up.served_city_of(asked.city)
    if user := accounts.login_called(login_id):
        officer = queries.officer_of(user)
        if officer is None or officer.municipality != city:
            raise BadInputError(f"ログインID「{login_id}」は、ほかの人が使っています。")
        return setting_up.link_for(user, city.name)
    link = municipalities.appoint(
        municipality=city, login_id=login_id, name=name, email=email, role=Officer.Role(asked.role), by=None,
        now=now(),
    )  # fmt: skip
    return setting_up.told(f"{city.name}の{name}さん({login_id}、{asked.role})を加えました。", link)


def parser() -> Parser:
    own = setting_up.parser("add-officer", "市区町村の担当者を加える。")
    setting_up.add_person(own, ROLES, "admin")
    return own


def main(argv: Sequence[str] | None = None) -> int:
    return setting_up.run(parser(), act, argv)


if __name__ == "__main__":
    sys.exit(main())
