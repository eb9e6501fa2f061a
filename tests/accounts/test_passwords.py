"""Which passwords are taken."""

import pytest

from daredemo.accounts import actions
from daredemo.accounts.models import User
from daredemo.rules.refusal import Reason, Refused

HANAKO = User(login_id="1234567895", portal="guardian", email="hanako.yamada@example.jp")


@pytest.mark.parametrize(
    "password",
    [
        "short-but-1",  # eleven
        "password1234",
        "qwertyuiopas",
        "aaaaaaaaaaaaaa",
        "abcdefghijklmn",
        "123456789012",
        "abcabcabcabcabc",
        "1234567895-1234567895",
        "hanako.yamada.1",
        "Daredemo-Kodomo-1",
        "こども誰でも通園こども誰でも通園",
        "ＫＯＤＯＭＯ－ＴＳＵＥＮ",
    ],
)
def test_short_common_and_context_words_are_refused(password: str) -> None:
    with pytest.raises(Refused) as no:
        actions.require_strong(password, HANAKO)
    assert no.value.reason is Reason.PASSWORD_WEAK
    assert no.value.facts == {"minimum": 12}


@pytest.mark.parametrize(
    "password", ["usagi-no-tegami-23", "うさぎのてがみとみかん", "kodomo to umi de asobu", "cachorro azul 77"]
)
def test_a_few_unrelated_words_are_taken(password: str) -> None:
    if len(password) >= 12:
        actions.require_strong(password, HANAKO)
    else:
        with pytest.raises(Refused):
            actions.require_strong(password, HANAKO)
