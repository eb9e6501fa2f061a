"""Under the locks what is counted is read again; only where it moved the law is asked again."""

from typing import Any

import pytest

from daredemo.booking import queries
from daredemo.booking.queries import several
from daredemo.rules.refusal import Reason, Refused
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def family() -> make.Family:
    return make.family()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    said: list[str] = []
    decide = several.decide

    def listening(*given: Any, **more: Any) -> Any:
        said.append("decided")
        return decide(*given, **more)

    monkeypatch.setattr(several, "decide", listening)
    return said


def test_what_is_as_it_was_is_decided_once(family: make.Family, asked: list[str]) -> None:
    facility = make.facility()
    make.booking(family, facility, "2026-04-13 09:00")  # the month was not open yet: read anew
    assert asked == ["decided"] * 2
    make.booking(family, facility, "2026-04-13 11:00")
    assert asked == ["decided"] * 3


def test_what_moved_meanwhile_is_decided_anew(
    family: make.Family, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    facility = make.facility(places=1)
    make.booking(family, facility, "2026-04-13 13:00")
    other, hold = make.family(), queries.hold
    make.accepted(other.child, facility)
    asked.clear()

    def after_somebody_else(*given: Any) -> None:
        monkeypatch.setattr(queries, "hold", hold)
        make.booking(other, facility, "2026-04-13 09:00")
        hold(*given)

    monkeypatch.setattr(queries, "hold", after_somebody_else)
    with pytest.raises(Refused) as caught:
        make.booking(family, facility, "2026-04-13 09:00")
    assert caught.value.reason is Reason.NO_PLACE
    assert len(asked) == 4  # the other's two, the first look, and the second under the locks
