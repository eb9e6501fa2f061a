"""Numbers that prove themselves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daredemo.rules import codes

NUMBERS = st.integers(100_000_000, 999_999_999)


@pytest.mark.parametrize(
    "code", ["222135", "142182", "342041", "131016", "011002", "271004", "473821", "221309"]
)
def test_real_codes_carry_their_check_digit(code: str) -> None:
    assert codes.is_municipality_code(code)
    assert codes.municipality_check_digit(code[:5]) == code[5]


@pytest.mark.parametrize("code", ["222130", "000000", "482134", "22213", "2221355", "２２２１３５", ""])
def test_other_digits_are_no_code(code: str) -> None:
    assert not codes.is_municipality_code(code)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("22213", "222135"),
        ("222135", "222135"),
        (" ２２２１３５ ", "222135"),
        ("22213-5", "222135"),
        ("1100", "011002"),  # 札幌市, five digits whose zero a spreadsheet lost
        ("01100", "011002"),
    ],
)
def test_a_code_is_read_from_five_or_six_digits(text: str, code: str) -> None:
    assert codes.municipality_code(text) == code


def test_what_a_lost_zero_left_is_read_among_known_codes() -> None:
    assert codes.municipality_code("11002", known={"011002"}) == "011002"


@pytest.mark.parametrize("text", ["", "abc", "222130", "999999", "222", "令和", "-1"])
def test_no_code_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match="municipality"):
        codes.municipality_code(text)


@given(NUMBERS)
def test_a_login_id_has_ten_digits_that_prove_themselves(number: int) -> None:
    made = codes.login_id(number)
    assert len(made) == 10
    assert codes.is_login_id(made)


def test_the_check_digit_is_damms() -> None:
    assert codes.login_check_digit("572") == "4"  # the example of his dissertation


@given(NUMBERS, st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_is_found(number: int, place: int, off: int) -> None:
    made = codes.login_id(number)
    wrong = made[:place] + str((int(made[place]) + off) % 10) + made[place + 1 :]
    assert not codes.is_login_id(wrong)


@given(NUMBERS, st.integers(0, 8))
def test_two_swapped_neighbours_are_found(number: int, place: int) -> None:
    made = codes.login_id(number)
    swapped = made[:place] + made[place + 1] + made[place] + made[place + 2 :]
    assert swapped == made or not codes.is_login_id(swapped)


@pytest.mark.parametrize("number", [99_999_999, 1_000_000_000, -1])
def test_a_login_id_is_made_from_nine_digits(number: int) -> None:
    with pytest.raises(ValueError, match="nine digits"):
        codes.login_id(number)


@given(NUMBERS)
def test_a_login_id_is_understood_however_it_is_typed(number: int) -> None:
    made = codes.login_id(number)
    wide = made.translate({ord(str(n)): 0xFF10 + n for n in range(10)})
    for typed in (
        wide,
        f" {made[:4]} {made[4:]}\t",
        f"{made[:3]}-{made[3:6]}ー{made[6:]}",
        f"{made[:5]}−{made[5:]}",
    ):
        assert codes.tidy(typed) == made
