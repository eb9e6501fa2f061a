"""What people type on a command line: dates, times, yes and no, in any width; else one Japanese sentence."""

import argparse
import re
import unicodedata
from datetime import date, datetime
from typing import NoReturn

from daredemo.rules.hours import JST
from daredemo.rules.plain import CLOCK

YES = ("yes", "true", "あり", "取る", "はい")
NO = ("no", "false", "なし", "取らない", "いいえ")


class BadInputError(Exception):
    """What was asked cannot be; the message is one sentence for the asker."""


class Parser(argparse.ArgumentParser):
    """argparse whose complaints are Japanese sentences."""

    def error(self, message: str) -> NoReturn:
        choice = re.search(r"invalid choice: '(.*?)' \(choose from (.+)\)", message)
        missing = re.search(r"required: (.+)", message)
        unknown = re.search(r"unrecognized arguments: (.+)", message)
        if choice:
            known = choice[2].replace("'", "").replace(", ", "、")
            raise BadInputError(f"「{choice[1]}」はありません。{known} のどれかにしてください。")
        if missing:
            raise BadInputError(f"{missing[1]} を入れてください。")
        if unknown:
            raise BadInputError(f"「{unknown[1]}」の意味がわかりません。--help で書き方を見られます。")
        raise BadInputError(f"書き方がちがいます({message})。--help で書き方を見られます。")


def a_date(text: str) -> date:
    """2026-05-07, also in full width or with slashes."""
    tidy = unicodedata.normalize("NFKC", text).strip()
    parts = re.fullmatch(r"([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})", tidy)
    if not parts:
        raise BadInputError(f"日付「{text}」が読めません。2026-05-07 のように書いてください。")
    try:
        day = date(*map(int, parts.groups()))
    except ValueError:
        raise BadInputError(f"「{text}」という日はありません。") from None
    if not 1900 <= day.year <= 2100:
        raise BadInputError(f"「{text}」は1900年から2100年までの日ではありません。")
    return day


def a_clock(text: str) -> str:
    """9:00 → '09:00'."""
    tidy = unicodedata.normalize("NFKC", text).strip()
    clock = tidy.zfill(5) if re.fullmatch(r"[0-9]{1,2}:[0-9]{2}", tidy) else ""
    if not CLOCK.fullmatch(clock):
        raise BadInputError(f"時刻「{text}」が読めません。9:00 のように、24:00 までで書いてください。")
    return clock


def an_instant(text: str) -> datetime:
    """2026-05-07T09:00, in Japan where no zone is given."""
    tidy = unicodedata.normalize("NFKC", text).strip().replace("/", "-")
    a_date(re.split(r"[T ]", tidy, maxsplit=1)[0])
    try:
        instant = datetime.fromisoformat(tidy)
    except ValueError:
        raise BadInputError(
            f"日時「{text}」が読めません。2026-05-07T09:00 のように書いてください。"
        ) from None
    return instant.replace(tzinfo=JST) if instant.tzinfo is None else instant


def has_time(text: str) -> bool:
    return len(text.strip()) > len("2026-05-07")


def facility_charges(text: str | None) -> bool | None:
    """yes or no, or an amount in yen; None while it is the facility's secret."""
    if text is None:
        return None
    tidy = unicodedata.normalize("NFKC", text).strip().lower().removesuffix("円")
    if tidy in YES or tidy in NO:
        return tidy in YES
    if re.fullmatch(r"[0-9]{1,6}", tidy):
        return int(tidy) > 0
    raise BadInputError(f"--facility-fee「{text}」が読めません。yes か no、または円で書いてください。")
