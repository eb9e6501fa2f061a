"""Numbers that are read out on the telephone: random, so that none tells how many came before."""

import secrets

from daredemo.rules import codes

DIGITS = 9


def booking_number() -> str:
    """予約番号: ten digits, the last of which proves the others. One drawn twice is drawn again by `book`."""
    digits = "".join(secrets.choice("0123456789") for _ in range(DIGITS))
    return digits + codes.login_check_digit(digits)
