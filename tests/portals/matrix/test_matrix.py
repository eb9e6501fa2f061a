"""Who may do what: every route × method × actor. What may not be seen looks like what is not there."""

import re
from typing import Any

import pytest

from daredemo.audit import actions as audit
from daredemo.booking import queries as bookings
from daredemo.booking.models import Booking
from daredemo.facilities import queries as facilities
from daredemo.facilities.models import Member
from tests.portals.matrix import bodies, draw, extra, reading, routes, state
from tests.portals.matrix.actors import ACTORS
from tests.portals.matrix.calling import KEEPING, Answer, Walker, undone

pytestmark = pytest.mark.django_db
slow = pytest.mark.slow
ROWS = reading.rows()
ROUTES = sorted({row.route for row in ROWS})
ABSENT = "absent"
# The token of the form; in the demo's strip, the address that was asked for.
CHANGING = re.compile(rb'name="(csrfmiddlewaretoken|back)" value="[^"]*"|[?]back=[^"]*"')


def rows_of(route: str, method: str = "") -> list[reading.Row]:
    return [row for row in ROWS if row.route == route and (not method or row.method == method)]


def values_of(walker: Walker, row: reading.Row) -> dict[str, Any]:
    return walker.world.things[row.thing] if row.thing != "-" else {}


def body_of(walker: Walker, row: reading.Row) -> Any:
    return bodies.body_of(row.route, walker.world) if row.method == "POST" else None


def passes(outcome: str) -> bool:
    """Whether the actor reaches the thing itself."""
    return outcome.rstrip("+") in ("ok", "to", "204", "409") or outcome == "in+"


def doer(row: reading.Row) -> str:
    """Somebody who may; whose doing is written down, if there is one."""
    able = [actor for actor, outcome in row.outcomes.items() if passes(outcome)]
    return next((actor for actor in able if row.outcomes[actor].endswith("+")), able[0] if able else "family")


def test_the_matrix_knows_every_route_and_no_other(walker: Walker) -> None:
    found = {route.name: route for route in routes.walk()}
    assert set(ROUTES) - found.keys() == set(), "matrix.txt names routes that are gone"
    if unknown := found.keys() - set(ROUTES):
        lines = [line for name in sorted(unknown) for line in draw.proposal(walker, found[name])]
        pytest.fail("Judge these lines, then put them into matrix.txt:\n" + "\n".join(lines))


def test_each_route_is_asked_both_ways_and_by_everyone() -> None:
    assert set(reading.columns()) == set(ACTORS)
    assert [row.line for row in ROWS if any(said.startswith("5") for said in row.outcomes.values())] == []
    for route in ROUTES:
        for thing in {row.thing for row in rows_of(route)} - {ABSENT}:
            assert [row.method for row in rows_of(route) if row.thing == thing] == ["GET", "POST"], route


def test_each_route_says_by_which_gate_it_is_entered() -> None:
    without = {route.name for route in routes.walk() if not route.gate}
    assert {name for name in without if not name.startswith("demo:")} == {"live", "ready"}


@slow
@pytest.mark.parametrize("route", ROUTES)
def test_everyone_gets_what_the_matrix_says_and_not_a_word_more(walker: Walker, route: str) -> None:
    wrong = [line for row in rows_of(route) for line in differences(walker, row)]
    assert not wrong, "\n".join(wrong)


def differences(walker: Walker, row: reading.Row) -> list[str]:
    """Where the programme behaves otherwise than a line says."""
    wrong = []
    for actor, expected in row.outcomes.items() if row.thing != ABSENT else ():
        path = routes.address(row.route, values_of(walker, row))
        answer = walker.call(actor, row.method, path, body_of(walker, row))
        if answer.outcome != expected:
            wrong.append(f"line {row.line} {actor}: {expected} expected, {answer.trouble()}")
        wrong += [*unwritten(row, actor, answer), *told_apart(walker, row, actor, answer)]
    return wrong


def unwritten(row: reading.Row, actor: str, answer: Answer) -> list[str]:
    """Looking changes nothing; what changes something stands in the audit, or among the exceptions."""
    changed = answer.written - KEEPING
    if not changed or row.route in reading.exceptions():
        return []
    if row.method == "GET":
        return [f"line {row.line} {actor}: GET wrote to {sorted(changed)}"]
    if "audit_entry" not in answer.written:
        return [f"line {row.line} {actor}: wrote to {sorted(changed)} and not to the audit"]
    return []


def told_apart(walker: Walker, row: reading.Row, actor: str, answer: Answer) -> list[str]:
    """What is another's, what is no longer, what never was: one page, byte for byte."""
    expected = absent_outcome(row, actor)
    paths = [routes.address(row.route, values) for values in routes.absent(values_of(walker, row))]
    seen = [walker.call(actor, row.method, path, body_of(walker, row)) for path in paths]
    wrong = [
        f"line {row.line} {actor}: {one.trouble()} instead of {expected} for what does not exist"
        for one in seen
        if one.outcome != expected
    ]
    if row.outcomes[actor] == "404":
        nothing = [plain(one.response) for one in seen]
        if not passed_the_gate(answer):
            nothing.append(nowhere(walker, actor, row.route))
        if any(one != plain(answer.response) for one in nothing):
            wrong.append(f"line {row.line} {actor}: tells apart what is there and what is not")
    return wrong


def absent_outcome(row: reading.Row, actor: str) -> str:
    """What a line says of what does not exist; without such a line: nobody gets further than 404."""
    for line in rows_of(row.route, row.method):
        if line.thing == ABSENT:
            return line.outcomes[actor]
    return "404" if passes(row.outcomes[actor]) else row.outcomes[actor]


def nowhere(walker: Walker, actor: str, route: str) -> tuple[Any, ...]:
    """An address of the same portal that was never there."""
    portal = route.partition(":")[0]
    path = f"/{portal}/nowhere/at/all/" if portal in ("facility", "city", "demo") else "/nowhere/at/all/"
    if (actor, path) not in walker.nowhere:
        walker.nowhere[actor, path] = plain(walker.call(actor, "GET", path).response)
    return walker.nowhere[actor, path]


def passed_the_gate(answer: Answer) -> bool:
    """Gates leave the actor's city on the request; pages inside a portal name it."""
    return hasattr(answer.response.wsgi_request, "city")


def plain(response: Any) -> tuple[Any, ...]:
    """Everything a browser is told, without what is new each time."""
    content = CHANGING.sub(b"", response.content)
    headers = {name: value for name, value in response.items() if name != "Content-Length"}
    return response.status_code, content, headers, sorted(response.cookies)


@slow
@pytest.mark.parametrize("route", ROUTES)
def test_no_other_method_gets_anyone_further(walker: Walker, route: str) -> None:
    for row in rows_of(route, "GET"):
        if row.thing != ABSENT:
            path = routes.address(route, values_of(walker, row))
            by_post = next(one for one in rows_of(route, "POST") if one.thing == row.thing)
            for actor in ("anon", doer(row)):
                answer = walker.call(actor, "DELETE", path)
                allowed = ("405", row.outcomes[actor], by_post.outcomes[actor])
                assert answer.outcome in allowed, (row.line, actor, answer.trouble())
                assert answer.written <= KEEPING or answer.outcome == allowed[2], (row.line, actor)


POSTS = [row.route for row in ROWS if row.method == "POST" and any(map(passes, row.outcomes.values()))]


@slow
@pytest.mark.parametrize("route", sorted(set(POSTS)))
def test_a_form_from_elsewhere_does_nothing(walker: Walker, route: str) -> None:
    for row in rows_of(route, "POST"):
        if row.thing != ABSENT:
            path = routes.address(route, values_of(walker, row))
            answer = walker.call(doer(row), "POST", path, body_of(walker, row), csrf=True)
            assert answer.outcome == "403"
            assert answer.written <= KEEPING


@slow
@pytest.mark.parametrize("route", sorted(set(POSTS)))
def test_fields_that_nobody_asked_for_change_nothing(walker: Walker, route: str) -> None:
    for row in rows_of(route, "POST"):
        if row.thing != ABSENT:
            actor, path = doer(row), routes.address(route, values_of(walker, row))
            body = body_of(walker, row)
            page = walker.call(actor, "GET", path).response.content.decode(errors="replace")
            more = extra.extras(walker.world, extra.names_on(page) | set(body))
            asked, overdone = (told(walker, actor, path, sent) for sent in (body, {**more, **body}))
            assert asked[0] == overdone[0]
            assert set(asked[1]) ^ set(overdone[1]) == set()


def told(walker: Walker, actor: str, path: str, body: Any) -> tuple[str, list[str]]:
    """The outcome of a POST, and what is different after it."""
    with undone():
        answer = walker.call_for_good(actor, "POST", path, body)
        after = state.facts(answer.written)
    return answer.outcome, state.changes(state.facts(answer.written), after)


# ── the walk is itself shown red ───────────────────────────────────────────────────────
def disagreeing(walker: Walker, route: str, method: str) -> set[str]:
    """The actors who got something else than the line says."""
    return {line.split()[2].rstrip(":") for line in differences(walker, rows_of(route, method)[0])}


@slow
def test_a_gate_that_lets_staff_pass_as_manager_is_seen(
    walker: Walker, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert disagreeing(walker, "facility:poster_issue", "POST") == set()
    manager = Member.objects.get(user=walker.world.people["manage"])
    monkeypatch.setattr(facilities, "member_of", lambda user: manager)
    assert "staff" in disagreeing(walker, "facility:poster_issue", "POST")


@slow
def test_a_query_that_forgets_its_actor_is_seen(walker: Walker, monkeypatch: pytest.MonkeyPatch) -> None:
    assert disagreeing(walker, "guardian:booking_ics", "GET") == set()
    monkeypatch.setattr(bookings, "booking_of", lambda guardian, pk: Booking.objects.get(pk=pk))
    assert disagreeing(walker, "guardian:booking_ics", "GET") == {"others"}


@slow
def test_a_change_that_is_not_written_down_is_seen(walker: Walker, monkeypatch: pytest.MonkeyPatch) -> None:
    assert disagreeing(walker, "guardian:consent_revoke", "POST") == set()
    monkeypatch.setattr(audit, "record", lambda **about: None)
    assert disagreeing(walker, "guardian:consent_revoke", "POST") == {"family", "second"}
