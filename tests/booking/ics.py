"""A second reader of iCalendar, after RFC 5545 and not after the library that writes it."""

import re
from dataclasses import dataclass, field

ESCAPED = {"\\n": "\n", "\\N": "\n", "\\,": ",", "\\;": ";", "\\\\": "\\"}
LINE = re.compile(r"([A-Z0-9-]+)((?:;[A-Z0-9-]+=(?:\"[^\"]*\"|[^\";:,]*))*):(.*)", re.DOTALL)


@dataclass
class Part:
    """A component: name → (parameters, value) of each property, and the components inside it."""

    name: str
    lines: list[tuple[str, str, str]] = field(default_factory=list)
    parts: list["Part"] = field(default_factory=list)

    def get(self, name: str) -> str:
        """The value of the property that stands there exactly once."""
        [value] = [value for found, _, value in self.lines if found == name]
        return value

    def all(self, name: str) -> list["Part"]:
        return [part for part in self.parts if part.name == name]


def read(source: bytes) -> Part:
    """The calendar; AssertionError for what the RFC does not allow."""
    assert source.endswith(b"\r\n")
    physical = source[:-2].split(b"\r\n")
    assert all(len(line) <= 75 for line in physical), "a line is longer than 75 octets"
    assert not any(b"\n" in line or b"\r" in line for line in physical)
    root, stack = Part(""), []
    stack.append(root)
    for line in b"\r\n".join(physical).replace(b"\r\n ", b"").decode().split("\r\n"):
        found = LINE.fullmatch(line)
        assert found, line
        name, parameters, value = found.groups()
        if name == "BEGIN":
            stack[-1].parts.append(part := Part(value))
            stack.append(part)
        elif name == "END":
            assert stack.pop().name == value
        else:
            text = re.sub(r"\\.", lambda escaped: ESCAPED[escaped[0]], value)
            stack[-1].lines.append((name, parameters, text))
    assert stack == [root]
    [calendar] = root.parts
    checked(calendar)
    return calendar


def checked(calendar: Part) -> None:
    """What each component must have, once."""
    assert (calendar.name, calendar.get("VERSION")) == ("VCALENDAR", "2.0")
    assert calendar.get("PRODID")
    uids = [event.get("UID") for event in calendar.all("VEVENT")]
    assert len(uids) == len(set(uids)), "an entry stands there twice"
    for event in calendar.all("VEVENT"):
        for name in ("DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "SUMMARY", "STATUS", "LAST-MODIFIED"):
            assert event.get(name), name
        for name in ("DTSTAMP", "DTSTART", "DTEND", "LAST-MODIFIED"):
            assert re.fullmatch(r"\d{8}T\d{6}Z", event.get(name)), name
        for alarm in event.all("VALARM"):
            assert (alarm.get("ACTION"), bool(alarm.get("DESCRIPTION"))) == ("DISPLAY", True)
            [parameters] = [given for found, given, _ in alarm.lines if found == "TRIGGER"]
            assert parameters == ";VALUE=DATE-TIME"
