"""The automatic checks (自動チェック): what the officer need not look up. They propose, a person decides."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from daredemo.certification.models import ApplicantChild, Application, ApplicationStatus, Certificate
from daredemo.families.models import Child
from daredemo.municipalities import queries as municipalities
from daredemo.rules import eligibility
from daredemo.rules.policy import Policy
from daredemo.rules.refusal import Reason, Refused

Twin = tuple[date | None, str, str]


class Level(StrEnum):
    GREEN = "green"
    AMBER = "amber"  # a person confirms it with a reason
    RED = "red"  # a rule says no


@dataclass(frozen=True, slots=True)
class Check:
    """One finding. `code` says what was found; `position` which child, 0 for the application."""

    name: str  # age, enrolment, residence, duplicates
    level: Level
    code: str
    position: int = 0
    day: date | None = None


def apply_from(born: date, policy: Policy) -> date:
    """The day from which an application is taken for a young child: early enough to decide in time."""
    first, _ = eligibility.use_days(born, policy.ages)
    return first - timedelta(days=policy.decisions.decide_within_days)


def check_child(born: date, enrolment: str, day: date, policy: Policy) -> None:
    """May an application be made for this child? Raises NOT_BORN_YET, TOO_YOUNG, TOO_OLD or ENROLLED."""
    if born > day:
        raise Refused(Reason.NOT_BORN_YET, born=born)
    first, _ = eligibility.use_days(born, policy.ages)
    eligibility.check_age(born, first if apply_from(born, policy) <= day < first else day, policy.ages)
    if enrolment and eligibility.stops_use(enrolment, policy.ages):
        raise Refused(Reason.ENROLLED, day=day, kind=enrolment, until=None)


def checks_of(applications: Sequence[Application], day: date) -> dict[UUID, list[Check]]:
    """The checks of each application, children loaded; two queries however many there are."""
    if not applications:
        return {}
    code = applications[0].municipality_id
    policy = municipalities.policy_on(code, day)
    applied, certified = _others(applications, day)
    found: dict[UUID, list[Check]] = {}
    for application in applications:
        found[application.pk] = [_residence(application)]
        for child in application.children.all():
            twin = _twin(child)
            found[application.pk] += [
                _age(child, day, policy),
                _enrolment(child, policy),
                _duplicates(
                    child, *(named.get(twin, set()) - {application.pk} for named in (applied, certified))
                ),
            ]
    return found


def worst(checks: Iterable[Check]) -> dict[str, Check]:
    """Per kind of check the most serious finding, for one badge each."""
    order = list(Level)
    result: dict[str, Check] = {}
    for check in checks:
        if check.name not in result or order.index(check.level) > order.index(result[check.name].level):
            result[check.name] = check
    return result


def _twin(child: ApplicantChild | Child) -> Twin:
    """The same day of birth and the same reading; a name in Latin letters has none and stands for itself."""
    family, given = child.family_kana or child.family_name, child.given_kana or child.given_name
    return child.born, family.casefold(), given.casefold()


def _others(
    applications: Sequence[Application], day: date
) -> tuple[dict[Twin, set[UUID]], dict[Twin, set[UUID]]]:
    births = {
        child.born for application in applications for child in application.children.all() if child.born
    }
    office = applications[0].municipality_id
    alive = ApplicantChild.objects.filter(application__municipality=office, born__in=births).exclude(
        application__status__in=[ApplicationStatus.DRAFT, ApplicationStatus.WITHDRAWN]
    )
    applied: dict[Twin, set[UUID]] = {}
    for child in alive.exclude(application__status=ApplicationStatus.DECIDED):
        applied.setdefault(_twin(child), set()).add(child.application_id)
    valid = Certificate.objects.filter(
        municipality=office, child__born__in=births, ended_on=None, valid_until__gte=day
    ).select_related("child", "decision__applicant_child")
    certified: dict[Twin, set[UUID]] = {}
    for certificate in valid:
        by = certificate.decision.applicant_child.application_id
        certified.setdefault(_twin(certificate.child), set()).add(by)
    return applied, certified


def _age(child: ApplicantChild, day: date, policy: Policy) -> Check:
    if child.born is None:
        return Check("age", Level.RED, "missing", child.position)
    first, last = eligibility.use_days(child.born, policy.ages)
    if day > last:
        return Check("age", Level.RED, "too_old", child.position, last)
    if day < first:
        return Check("age", Level.GREEN, "starts_later", child.position, first)
    return Check("age", Level.GREEN, "in_time", child.position, last)


def _enrolment(child: ApplicantChild, policy: Policy) -> Check:
    if eligibility.stops_use(child.enrolment, policy.ages):
        return Check("enrolment", Level.RED, "enrolled", child.position)
    return Check("enrolment", Level.GREEN, "free", child.position)


def _duplicates(child: ApplicantChild, others: set[UUID], certified: set[UUID]) -> Check:
    if certified:
        return Check("duplicates", Level.AMBER, "certified", child.position)
    if others:
        return Check("duplicates", Level.AMBER, "applied", child.position)
    return Check("duplicates", Level.GREEN, "none", child.position)


def _residence(application: Application) -> Check:
    # Never red: 居住地 may differ from 住民票 for good reasons (DV避難, 無戸籍, 転入手続中).
    places = municipalities.post_code(application.post_code)
    if application.address_differs_reason:
        return Check("residence", Level.AMBER, "said")
    if not places:
        return Check("residence", Level.AMBER, "unknown")
    here = any(place.municipality_code == application.municipality_id for place in places)
    return Check("residence", Level.GREEN if here else Level.AMBER, "here" if here else "elsewhere")
