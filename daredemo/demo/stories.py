"""What happened to the twelve families, told by the same actions that people cause, at times in the past."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import NAMESPACE_URL, uuid5

from daredemo.attendance.actions import door, staff
from daredemo.booking import actions as booking
from daredemo.booking.models import Booking, Cause, Waiting
from daredemo.certification.actions import drafts, enacting, invitations, screening
from daredemo.certification.models import Application, Notice
from daredemo.demo import people
from daredemo.demo.households import ALL, Household, Kid
from daredemo.facilities import queries as facilities
from daredemo.facilities.models import Facility
from daredemo.families import actions as families
from daredemo.families import queries as families_asked
from daredemo.families.models import Child, Guardian
from daredemo.interviews import actions as interviews
from daredemo.interviews.models import ChildOutcome, InterviewTime
from daredemo.municipalities.models import Municipality, Officer
from daredemo.rules.hours import JST, day_of

ARTICLE = "子ども・子育て支援法第30条の15第1項"


@dataclass
class Teller:
    """Tells stories that end in the demo's present; one officer decides them all."""

    now: datetime
    officer: Officer

    @property
    def today(self) -> date:
        return day_of(self.now)

    def before(self, days: int, at: time = time(10)) -> datetime:
        """So many days ago, at an hour in Japan, never in the future."""
        return min(datetime.combine(self.today - timedelta(days=days), at, JST), self.now)

    # ── step 1 and 2 ──────────────────────────────────────────────────────────────
    def begin(self, home: Household, days: int) -> Application:
        """Ask for the link, open it, fill in everything but the last tick."""
        at = self.before(days)
        city = Municipality.objects.get(code=home.city)
        invitation = invitations.invite(municipality=city, email=home.email, language="ja", now=at)
        if invitation.message is None:
            raise RuntimeError("an invitation without its mail")
        token = str(invitation.message.context["url"]).strip("/").rsplit("/", 1)[-1]
        application = invitations.open_link(token=token, now=at)
        drafts.save(
            application=application,
            by=None,
            now=at,
            family_name=home.family,
            given_name=home.given,
            family_kana=home.family_kana,
            given_kana=home.given_kana,
            relation=home.relation,
            phone=home.home.phone,
            post_code=home.home.post_code,
            address=home.home.town,
            street=home.home.street,
            reduction=home.reduction,
            notice=Notice.SCREEN,
        )
        for position, kid in enumerate(home.kids, 1):
            if position > 1:
                drafts.add_child(application=application, by=None, now=at)
            self._child(application, position, home, kid, at)
        return application

    def _child(
        self, application: Application, position: int, home: Household, kid: Kid, at: datetime
    ) -> None:
        drafts.save_child(
            application=application,
            position=position,
            by=None,
            now=at,
            family_name=home.family,
            given_name=kid.given,
            family_kana=home.family_kana,
            given_kana=kid.kana,
            born=kid.born(self.today),
            enrolment=kid.enrolment,
        )

    def apply(self, home: Household, days: int) -> Application:
        """Hand the application in."""
        application = self.begin(home, days)
        at = self.before(days) + timedelta(minutes=12)
        drafts.save(application=application, by=None, now=at, agreed_at=at)
        return drafts.submit(application=application, by=None, now=at)

    def send_back(self, home: Household, days: int, words: str, parts: list[str]) -> Application:
        application = self.apply(home, days + 3)
        at = self.before(days)
        return screening.send_back(
            application=application,
            version=application.version,
            words=words,
            parts=parts,
            officer=self.officer,
            now=at,
        )

    def decide(self, home: Household, *, applied: int, at: datetime, refuse: str = "") -> Application:
        """Decide every child of an application; nothing is enacted yet."""
        application = self.apply(home, applied)
        screening.take_up(application=application, officer=self.officer, now=at)
        for position, _ in enumerate(home.kids, 1):
            application.refresh_from_db()
            if refuse:
                screening.decline(
                    application=application,
                    version=application.version,
                    position=position,
                    article=ARTICLE,
                    reason=refuse,
                    possible="退園した日から、もういちど申請できます。一時預かりと子育て支援センターは、いまも使えます。",
                    officer=self.officer,
                    now=at,
                )
            else:
                self._certify(application, position, at)
        application.refresh_from_db()
        return application

    def _certify(self, application: Application, position: int, at: datetime) -> None:
        screening.certify(
            application=application,
            version=application.version,
            position=position,
            amber_reason="転入の手続き中であることを住民票で確認しました。",
            reduction="",
            reduction_reason="",
            officer=self.officer,
            now=at,
        )

    def certify(self, home: Household, days: int, *, login: bool = True) -> Guardian:
        """Certified, told, and (with `login`) the password set."""
        decided = self.before(days, time(14))
        application = self.decide(home, applied=days + 6, at=decided)
        enacting.enact(application=application, now=decided + timedelta(minutes=11))
        application.refresh_from_db()
        guardian = application.guardian
        if guardian is None:
            raise RuntimeError(f"the demo could not certify {home.family}")
        if login:
            user = guardian.user
            user.login_id = people.number_of(ALL.index(home) + 1)
            user.save(update_fields=["login_id"])
            people.let_in(user)
        return guardian

    def let_in(self, guardian: Guardian, number: int, given: str, relation: str, part: str) -> None:
        """Somebody else comes in for all the children, with a password."""
        other = families.invite(
            guardian=guardian,
            children=families_asked.certified_with(guardian),
            part=part,
            family_name=guardian.family_name,
            given_name=given,
            relation=relation,
            email=f"{number}@kato.example.jp",
            by=guardian.user,
            now=self.before(30),
        ).guardian
        other.user.login_id, other.user.password_changed_at = people.number_of(number), self.before(29)
        other.user.save(update_fields=["login_id", "password_changed_at"])
        people.let_in(other.user)

    # ── step 3 ────────────────────────────────────────────────────────────────────
    def write_care(self, guardian: Guardian, home: Household, days: int) -> None:
        for child, kid in zip(self.children(guardian, home), home.kids, strict=True):
            families.write_care_record(
                child=child,
                by=guardian.user,
                now=self.before(days, time(20)),
                allergies=kid.allergies,
                no_allergies=not kid.allergies,
                health=kid.health,
                emergency_contacts=[{"name": f"{home.family} {home.given}", "phone": home.home.phone}],
                pick_up_people=f"{home.family} {home.given}",
            )

    def children(self, guardian: Guardian, home: Household) -> list[Child]:
        """In the order of the household."""
        found = {child.given_name: child for child in families_asked.children_of(guardian)}
        return [found[kid.given] for kid in home.kids]

    def ask(self, guardian: Guardian, children: list[Child], time_: InterviewTime, at: datetime) -> object:
        return interviews.request(
            guardian=guardian,
            children=children,
            time=time_,
            note="",
            wants_advice=False,
            consent=True,
            by=guardian.user,
            now=at,
        )

    def meet(self, guardian: Guardian, children: list[Child], facility: Facility, days: int) -> None:
        """An interview that ended well so many days ago."""
        starts = self.before(days, time(15))
        staff_user = facility.members.order_by("role").first().user  # type: ignore[union-attr]
        slot, _ = InterviewTime.objects.get_or_create(
            facility=facility, starts_at=starts, defaults={"ends_at": starts + timedelta(minutes=40)}
        )
        interview = interviews.request(
            guardian=guardian,
            children=children,
            time=slot,
            note="",
            wants_advice=False,
            consent=True,
            by=guardian.user,
            now=starts - timedelta(days=2),
        )
        interviews.confirm(
            interview=interview, words="お待ちしています。", by=staff_user, now=starts - timedelta(days=1)
        )
        for one in interview.children.all():
            interviews.record_outcome(
                child=one,
                outcome=ChildOutcome.ACCEPTED,
                ground="",
                reason="",
                by=staff_user,
                now=starts + timedelta(minutes=35),
            )

    # ── step 4 and 5 ──────────────────────────────────────────────────────────────
    def days(self, facility: Facility, first: date, last: date) -> list[date]:
        """The opened days of a span, oldest first."""
        return list(
            facility.opened_days.filter(date__range=(first, last), closed_at=None)
            .order_by("date")
            .values_list("date", flat=True)
        )

    def book(self, child: Child, facility: Facility, starts: datetime, hours: int) -> Booking:
        """Booked two days ahead, or an hour ago."""
        guardian = families_asked.guardians_of(child)[0]
        booked = min(self.now - timedelta(hours=1), starts - timedelta(days=2, hours=3))
        return booking.book(
            child=child.pk,
            facility=facility.pk,
            starts_at=starts,
            minutes=hours * 60,
            guardian=guardian,
            by=guardian.user,
            request_key=uuid5(NAMESPACE_URL, f"{child.pk} {starts}"),
            now=booked,
        )

    def wait(self, child: Child, facility: Facility, since: datetime, hours: int) -> Waiting:
        """In line for an hour at least of these, since half an hour after it was booked."""
        guardian = families_asked.guardians_of(child)[0]
        return booking.join(
            guardian=guardian, child=child.pk, facility=facility.pk, since=since,
            until=since + timedelta(hours=hours), minutes=60, by=guardian.user,
            now=self.now - timedelta(minutes=45),
        )  # fmt: skip

    def come(self, made: Booking, *, leave: bool = True) -> None:
        """The visit as staff wrote it down; without `leave` the child is still here."""
        if made.starts_at > self.now:
            return
        member = made.facility.members.order_by("-role").first()
        code = facilities.code_in_force(made.facility)
        parent = made.guardian.user
        arrived = min(made.starts_at - timedelta(minutes=4), self.now)
        door.say_arrived(booking=made, code=code, reachable_at="", by=parent, now=arrived)
        staff_user = member.user if member else parent
        staff.receive(booking=made, by=staff_user, now=arrived + timedelta(minutes=2))
        left = made.ends_at + timedelta(minutes=3)
        if leave and left <= self.now:
            staff.hand_over(booking=made, collected_by=made.guardian.name, by=staff_user, now=left)

    def cancel(self, made: Booking, at: datetime) -> None:
        """Cancelled by the family, and settled when undo was over."""
        made = booking.cancel(booking=made, cause=Cause.FAMILY, by=made.guardian.user, now=at)
        booking.release_cancelled(booking=made, now=at + timedelta(minutes=11))
