"""The cells of the meter; the grid of days."""

from datetime import date

from daredemo.portals.shared.days import Day, grid, weeks
from daredemo.portals.shared.meter import Meter


def test_each_cell_is_an_hour_and_half_hours_share_one() -> None:
    assert (
        Meter(600, 120, 120, 120).cells
        == [("u", "u")] * 2 + [("b", "b")] * 2 + [("n", "n")] * 2 + [("", "")] * 4
    )
    assert Meter(360, 90, 60).cells == [("u", "u"), ("u", "b"), ("b", ""), ("", ""), ("", ""), ("", "")]
    assert Meter(180, 240, 0, 60).cells == [("u", "u")] * 3
    assert (Meter(600, 120, 120, 60).left, Meter(600, 120, 120, 60).after) == (360, 300)


def test_a_week_begins_on_sunday() -> None:
    monday = Day(date(2026, 4, 6), "ok", note="8枠")
    assert weeks([monday]) == [[None, monday, None, None, None, None, None]]
    assert ">4月6日(月) 空きあり 8枠<" in grid([monday])[0]
    assert weeks([]) == []
