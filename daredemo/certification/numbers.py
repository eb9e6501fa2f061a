"""Numbers that are read out on the telephone: random, so that none tells how many came before."""

import secrets

from daredemo.rules import codes

DIGITS = 8


def application_number() -> str:
    """申請番号: `A` and nine digits, the last of which proves the others."""
    return f"A{_proved(DIGITS)}"


def certificate_number(municipality_code: str) -> str:
    """認定番号: the municipality's code and eight digits, the last of which proves the seven before it."""
    return f"{municipality_code}{_proved(7)}"


def meant(text: str) -> str:
    """The application number meant by what was typed: any width, spaces, hyphens, small letters, no A."""
    typed = codes.tidy(text).upper()
    return typed if typed.startswith("A") else f"A{typed}"


def written(number: str) -> str:
    """A123456789 → A123-456-789: the application number as screens, mails and letters write it."""
    return f"{number[:4]}-{number[4:7]}-{number[7:]}" if len(number) == 10 else number


def _proved(length: int) -> str:
    digits = "".join(secrets.choice("0123456789") for _ in range(length))
    return digits + codes.login_check_digit(digits)
