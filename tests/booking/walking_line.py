"""The random walk in the waiting list: wait, take, decline, leave; sweeps offer and let pass."""

from datetime import timedelta
from uuid import uuid4

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from daredemo.booking import actions as booking
from daredemo.booking.models import Offer, Waiting
from tests.booking import oracle_line
from tests.booking.walking import Beside

PICK = st.integers(0, 7)


class InLine(Beside):
    @precondition(lambda self: bool(self.made))
    @rule(pick=PICK, child=st.integers(0, 2), later=st.sampled_from([0, 0, 30]), hours=st.integers(1, 3))
    def join(self, pick: int, child: int, later: int, hours: int) -> None:
        """For the time at which somebody is there, or was; from an hour on."""
        stay, _ = self.one(pick)
        since = stay.starts + timedelta(minutes=later)
        until = since + timedelta(hours=hours)
        expected = self.model.join(oracle_line.Entry(child, stay.place, since, until, 60, self.now))
        guardian = self.town.parents[child]
        done = self.does(
            expected, booking.join, guardian=guardian, child=self.town.children[child].pk,
            facility=self.town.facilities[stay.place].pk, since=since, until=until, minutes=60,
            by=guardian.user,
        )  # fmt: skip
        if done is not None and done.pk not in self.joined:
            self.joined.append(done.pk)

    def kept(self, pick: int) -> tuple[oracle_line.Kept, Offer]:
        """One of the latest offers: an open one, if there is any and the pick is even."""
        some = [one for one in self.model.kept if one.status == "open" or pick % 2] or self.model.kept
        kept = some[-1 - pick // 2 % len(some)]
        which = [one for one in self.model.kept if one.entry is kept.entry].index(kept)
        entry = self.joined[self.model.line.index(kept.entry)]
        offers = Offer.objects.filter(waiting=entry).select_related("waiting").order_by("offered_at", "id")
        return kept, offers[which]

    some = precondition(lambda self: bool(self.model.kept))

    @some
    @rule(pick=PICK)
    def accept(self, pick: int) -> None:
        kept, offer = self.kept(pick)
        guardian = self.town.parents[kept.entry.child]
        done = self.does(
            self.model.accept(kept), booking.accept, offer=offer, guardian=guardian, by=guardian.user,
            request_key=uuid4(),
        )  # fmt: skip
        if done is not None:
            self.made.append(done.pk)

    @some
    @rule(pick=PICK)
    def decline(self, pick: int) -> None:
        kept, offer = self.kept(pick)
        by = self.town.parents[kept.entry.child].user
        self.does(self.model.turn_down(kept), booking.decline, offer=offer, by=by)

    @precondition(lambda self: bool(self.joined))
    @rule(pick=PICK)
    def leave(self, pick: int) -> None:
        index = len(self.joined) - 1 - pick % len(self.joined)
        self.model.leave(self.model.line[index])
        entry = Waiting.objects.select_related("guardian__user").get(pk=self.joined[index])
        booking.leave(entry=entry, by=entry.guardian.user, now=self.now)
