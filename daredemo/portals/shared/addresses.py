"""What stands in an address besides ids: days as 2026-04-13. Anything that is no day is an unknown page."""

from datetime import date


class Day:
    regex = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, text: str) -> date:
        return date.fromisoformat(text)

    def to_url(self, day: date) -> str:
        return day.isoformat()
