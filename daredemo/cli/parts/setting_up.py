"""What the commands that set a deployment up share: the database, whom they mean, a link said once."""

import argparse
import os
import re
import sys
import unicodedata
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from daredemo.cli.parts.reading import BadInputError, Parser
from daredemo.rules import codes

if TYPE_CHECKING:
    from daredemo.accounts.models import User
    from daredemo.municipalities.models import Municipality
    from daredemo.notifications.models import Message

EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@.]+")
KANJI = re.compile("[㐀-鿿\uf900-\ufaff]")
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")


def parser(prog: str, description: str) -> Parser:
    """A parser whose first word is the city's code; `--data` is understood before it comes here."""
    own = Parser(prog=prog, description=description, epilog="--data DIR: デモのデータの場所")
    own.add_argument("city", metavar="CODE", help="団体コード。例: 222135(掛川市)")
    return own


def run(own: Parser, act: Callable[[argparse.Namespace], str], argv: Sequence[str] | None) -> int:
    """Do it and say what was done: 0; one sentence and 2 on bad input, which changes nothing."""
    try:
        asked = own.parse_args(sys.argv[1:] if argv is None else argv)
        said = _with_database(act, asked)
    except BadInputError as problem:
        sys.stderr.write(CONTROL.sub(" ", str(problem)) + "\n")
        return 2
    sys.stdout.write(f"{said}\n")
    return 0


def _with_database(act: Callable[[argparse.Namespace], str], asked: argparse.Namespace) -> str:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daredemo.config.settings")
    django.setup()
    from django.db import Error

    try:
        return act(asked)
    except Error as error:
        problem = str(error).strip().splitlines()[0]
        raise BadInputError(
            f"データベースをつかえません({problem})。python3 run.py をいちど動かしましたか。"
        ) from error


def city_of(text: str) -> "Municipality":
    """The municipality of a code of five or six digits, served or not."""
    from daredemo.municipalities import queries as municipalities
    from daredemo.municipalities.models import Municipality

    try:
        return municipalities.municipality(codes.municipality_code(text))
    except (ValueError, Municipality.DoesNotExist):
        raise BadInputError(f"「{text}」は市区町村の団体コードではありません。") from None


def served_city_of(text: str) -> "Municipality":
    """The same, for what needs a city that this deployment serves."""
    from daredemo.municipalities import queries as municipalities

    city = city_of(text)
    programme = municipalities.programme_of(city.code)
    if programme is None or not programme.served:
        raise BadInputError(f"{city.name}はまだはじめていません。先に: python3 run.py serve-city {city.code}")
    return city


def a_line(text: str, what: str, most: int) -> str:
    """A name or the like on one line."""
    tidy = " ".join(text.split())
    if not tidy or len(tidy) > most or CONTROL.search(text):
        raise BadInputError(f"{what}は1文字から{most}文字で書いてください。")
    return tidy


def a_reading(text: str, what: str, most: int) -> str:
    """ヒダマリ → ひだまり."""
    import jaconv

    reading: str = jaconv.kata2hira(a_line(text, what, most))
    if KANJI.search(reading):
        raise BadInputError(f"{what}「{text}」は、ひらがなで書いてください。")
    return reading


def digits(text: str, what: str, fewest: int, most: int) -> str:
    """The digits alone, of any width; hyphens and spaces go."""
    found = codes.tidy(text).removeprefix("〒").replace("(", "").replace(")", "")
    if not (found.isascii() and found.isdigit() and fewest <= len(found) <= most):
        raise BadInputError(f"{what}「{text}」が読めません。数字で書いてください。")
    return found


def a_phone(text: str) -> str:
    """As it is written on paper, hyphens and all."""
    digits(text, "電話番号", 9, 15)
    return a_line(unicodedata.normalize("NFKC", text), "電話番号", 15)


def an_email(text: str) -> str:
    tidy = text.strip()
    if not EMAIL.fullmatch(tidy) or CONTROL.search(tidy):
        raise BadInputError(f"メールアドレス「{text}」の形をたしかめてください。")
    return tidy


def a_login_id(portal: str, text: str) -> str:
    from daredemo.accounts import queries as accounts

    word = accounts.tidy_login_id(portal, text)
    if not word:
        raise BadInputError(
            f"「{text}」はログインIDにできません。a-z、0-9、. _ - の3文字から40文字で書いてください。"
        )
    return word


def add_person(own: Parser, roles: Sequence[str], role: str) -> None:
    """The questions about a person who gets a login."""
    own.add_argument("--login", required=True, metavar="ID", help="ログインID(a-z、0-9、. _ -)")
    own.add_argument("--name", required=True, metavar="NAME", help="氏名")
    own.add_argument("--email", required=True, metavar="ADDRESS", help="パスワードを決めるURLの送り先")
    own.add_argument("--role", choices=roles, default=role, help=f"役割(はじめは{role})")


def link_for(user: "User", place: str) -> str:
    """For somebody who is there already: a new link as long as there is no password, else nothing."""
    from daredemo.accounts import actions as accounts
    from daredemo.config.clock import now

    if user.has_usable_password():
        return f"{user.login_id} はすでに使われています({place})。何も変えていません。"
    link = accounts.promise_password_link(user=user, now=now(), kind="staff_login", place=place)
    return told(f"{user.login_id} はもういます({place})。URLを新しくしました。", link)


def told(words: str, link: "Message") -> str:
    """What was done, and the link that is mailed and shown here this once."""
    from django.conf import settings

    return (
        f"{words}\n"
        f"パスワードを決めるURLを {link.address} へ送ります。ここに出るのは、この1回だけです(7日間):\n"
        f"{settings.PUBLIC_URL}{link.context['url']}"
    )
