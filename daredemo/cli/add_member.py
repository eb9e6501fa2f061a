"""`add-member CODE --facility … --login … --name … --email …`: let a person of a facility in.

Somebody who is there already gets a new link as long as no password was set, else nothing changes.
"""

import argparse
import sys
from collections.abc import Sequence

from daredemo.cli.parts import setting_up
from daredemo.cli.parts.reading import BadInputError, Parser

ROLES = ("manager", "staff")


def act(asked: argparse.Namespace) -> str:
    from daredemo.accounts import queries as accounts
    from daredemo.accounts.models import Portal
    from daredemo.config.clock import now
    from daredemo.facilities import actions as facilities
    from daredemo.facilities import queries
    from daredemo.facilities.models import Role

    login_id = setting_up.a_login_id(Portal.FACILITY, asked.login)
    name, email = setting_up.a_line(asked.name, "氏名", 100), setting_up.an_email(asked.email)
    city = setting_up.served_city_of(asked.city)
    facility = queries.facility_called(city, setting_up.a_line(asked.facility, "園の名前", 100))
    if facility is None:
        raise BadInputError(
            f"{city.name}に「{asked.facility}」はありません。先に add-facility で加えてください。"
        )
    if user := accounts.login_called(login_id):
        member = queries.member_of(user)
        if member is None or member.facility != facility:
            raise BadInputError(f"ログインID「{login_id}」は、ほかの人が使っています。")
        return setting_up.link_for(user, facility.name)
    link = facilities.employ(
        facility=facility, login_id=login_id, name=name, email=email, role=Role(asked.role), by=None,
        now=now(),
    )  # fmt: skip
    return setting_up.told(f"{facility.name}の{name}さん({login_id}、{asked.role})を加えました。", link)


def parser() -> Parser:
    own = setting_up.parser("add-member", "園の職員を加える。")
    own.add_argument("--facility", required=True, metavar="NAME", help="園の名前")
    setting_up.add_person(own, ROLES, "manager")
    return own


def main(argv: Sequence[str] | None = None) -> int:
    return setting_up.run(parser(), act, argv)


if __name__ == "__main__":
    sys.exit(main())
