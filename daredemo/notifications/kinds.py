"""The kinds of messages. Each is three files in `templates/notifications/<kind>/`: subject, text, html.

An upper app adds its kinds in its `AppConfig.ready()`:

    kinds.register("interview_asked", example={"facility": "ひまわり園", "url": "/…"}, recheck=still_asked)

`example` names the context keys a promise must bring, with a value that the tests render.
`recheck(message, now) -> bool` is asked just before sending: is this still true? False withdraws the message.
`attach(message)` gives the small files that travel with the mail, such as an .ics; asked at the same moment.
`paper` kinds are posted or told by telephone only and have no html file.
`lasts` gives the templates `until`: the hour, rounded down, when something ends that long after delivery.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from daredemo.notifications.models import Message

Recheck = Callable[["Message", datetime], bool]


@dataclass(frozen=True)
class Attachment:
    """A small text file that travels with a mail."""

    name: str
    mimetype: str
    text: str


Attach = Callable[["Message"], list[Attachment]]


@dataclass(frozen=True)
class Kind:
    name: str
    example: dict[str, object] = field(default_factory=dict)
    recheck: Recheck | None = None
    lasts: timedelta | None = None
    paper: bool = False
    attach: Attach | None = None


KINDS: dict[str, Kind] = {}


def register(
    name: str,
    *,
    example: dict[str, object],
    recheck: Recheck | None = None,
    lasts: timedelta | None = None,
    paper: bool = False,
    attach: Attach | None = None,
) -> None:
    """Make a kind known. Registering it twice with the same words is harmless."""
    KINDS[name] = Kind(name, example, recheck, lasts, paper, attach)


def check(name: str, context: dict[str, object]) -> Kind:
    """The kind; LookupError when it is unknown or a context key is missing (our mistake, not the data's)."""
    kind = KINDS.get(name)
    if kind is None:
        raise LookupError(f"no kind of message is registered as {name!r}")
    if missing := kind.example.keys() - context.keys():
        raise LookupError(f"a message of kind {name!r} needs {sorted(missing)}")
    return kind


register(
    "invitation",
    example={"url": "/apply/token", "municipality": "掛川市"},
    lasts=timedelta(hours=24),
)
register("may_apply", example={"municipality": "掛川市", "url": "/municipalities/222135/"})
register(
    "account_issued",
    example={"login_id": "1234567895", "municipality": "掛川市", "url": "/password/token"},
    lasts=timedelta(days=7),
)
register(
    "staff_login",
    example={"login_id": "aoki", "place": "掛川市", "url": "/city/password/token"},
    lasts=timedelta(days=7),
)
register("password_link", example={"url": "/password/token"}, lasts=timedelta(days=7))
register("login_code", example={"code": "123456"}, lasts=timedelta(minutes=10))
