"""What stands in an address besides ids: days as 2026-04-13. Anything that is no day is an unknown page."""

from datetime import date

FIRST, LAST = 2000, 2100


class Day:
    """A day of a century in which there are children to look after; it has a day before and one after."""

    regex = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, text: str) -> date:
        day = date.fromisoformat(text)
        if not FIRST <= day.year <= LAST:
            raise ValueError(text)
        return day

    def to_url(self, day: date) -> str:
        return day.isoformat()
