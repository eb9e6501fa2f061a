"""Which passwords are refused besides short and common ones: words that lie at hand here."""

import unicodedata
from itertools import pairwise
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from daredemo.accounts.models import User

MINIMUM = 12
# What somebody who knows this site would try first, in the letters people type.
AT_HAND = (
    "daredemo", "dare-demo", "kodomo", "codomo", "tsuen", "tuuen", "tsuuen", "hoiku", "hoikuen", "kosodate",
    "password", "passwort", "passw0rd", "pasuwado", "qwertyuiop", "qwerty", "asdfghjkl", "asdfgh", "zxcvbnm",
    "zxcvbn", "iloveyou", "welcome", "mikan", "densha", "namioto",
    "こども", "誰でも", "だれでも", "通園", "保育", "子育て", "パスワード",
)  # fmt: skip
FEWEST_OF_ITS_OWN = 6


class ContextWordsValidator:
    """Refuse a password that is little more than words at hand, the own login, or a pattern.

    What is left after those words are taken out must still be six different-enough letters:
    `kodomo-daredemo-1` is refused, a sentence that happens to hold こども is fine.
    """

    def validate(self, password: str, user: "User | None" = None) -> None:
        folded = unicodedata.normalize("NFKC", password).casefold()
        rest = folded
        for word in (*own_words(user), *AT_HAND):
            rest = rest.replace(word, "")
        if len(set(folded)) < FEWEST_OF_ITS_OWN or len(set(rest)) < FEWEST_OF_ITS_OWN or _is_a_run(folded):
            raise ValidationError(self.get_help_text(), code="password_at_hand")

    def get_help_text(self) -> str:
        return _("すぐに思いつく言葉はつかえません。関係のない言葉を3つならべると、つよくなります。")


def own_words(user: "User | None") -> tuple[str, ...]:
    """The login ID and the two halves of the address, which anybody who knows the person knows too."""
    if user is None:
        return ()
    name, _at, host = user.email.casefold().partition("@")
    return tuple(word for word in (user.login_id.casefold(), name, host) if len(word) >= 3)


def _is_a_run(text: str) -> bool:
    """abcdefghijkl, 123456789012, or one short piece repeated."""
    steps = {(ord(after) - ord(before)) % 10 for before, after in pairwise(text)}  # 9 is followed by 0
    # Repeated, a text is found inside its own double before its end.
    repeated = text in (text + text)[1:-1]
    return len(steps) == 1 or repeated
