"""Papers: the application as handed in, the certificate (認定証), the letter that tells a result."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from daredemo.accounts import actions as accounts
from daredemo.certification import numbers
from daredemo.certification.models import ApplicantChild, Application, Certificate, Decision, Outcome
from daredemo.families.models import Child
from daredemo.municipalities import queries as municipalities
from daredemo.papers import printing
from daredemo.rules import eligibility
from daredemo.rules.hours import day_of

TEMPLATES = Path(__file__).parent / "typst"


def application_paper(application: Application, now: datetime) -> bytes:
    """利用認定申請書 with the answers as they stand."""
    policy = municipalities.policy_on(application.municipality_id, day_of(now))
    facts = {
        **_office(application.municipality_id, now),
        "number": numbers.written(application.number),
        "submitted_on": _day(application.submitted_at),
        "notice": application.notice,
        **_guardian(application),
        "phone": "" if _is_protected(application) else application.phone,
        "email": application.email,
        "address_differs_reason": application.address_differs_reason,
        "children": [
            {
                "position": child.position,
                "name": child.name,
                "kana": _kana(child),
                "born": _iso(child.born),
                "enrolment": child.enrolment,
                "span": [_iso(day) for day in eligibility.use_days(child.born, policy.ages)]
                if child.born
                else [],
            }
            for child in sorted(application.children.all(), key=lambda child: child.position)
        ],
        "reduction": application.reduction,
        "proofs": [proof.file_name for proof in application.proofs.all()],
        "agreed_on": _day(application.agreed_at),
    }
    return printing.pdf(TEMPLATES / "application.typ", facts, now)


def certificate_paper(certificate: Certificate, guardian_name: str, now: datetime) -> bytes:
    """認定証 of one child."""
    policy = municipalities.policy_on(certificate.municipality_id, certificate.valid_from)
    facts = {
        **_office(certificate.municipality_id, now),
        "number": certificate.number,
        "decided_on": _iso(certificate.decided_on),
        "child": certificate.child.name,
        "kana": _kana(certificate.child),
        "born": _iso(certificate.child.born),
        "guardian": guardian_name,
        "valid_from": _iso(certificate.valid_from),
        "valid_until": _iso(certificate.valid_until),
        "ended_on": _iso(certificate.ended_on),
        "minutes": sum(bucket.minutes for bucket in policy.hours.buckets if bucket.where == "anywhere"),
        "reduction": certificate.reduction,
        "reduction_reason": certificate.decision.reduction_reason,
        "instruction": certificate.decision.instruction,
    }
    return printing.pdf(TEMPLATES / "certificate.typ", facts, now)


def result_paper(application: Application, decisions: Sequence[Decision], code: str, now: datetime) -> bytes:
    """The letter that tells the result; with a 登録コード for whoever has no e-mail address."""
    guardian = application.guardian
    facts = {
        **_office(application.municipality_id, now),
        "number": numbers.written(application.number),
        "submitted_on": _day(application.submitted_at),
        "decided_on": _day(application.decided_at),
        **_guardian(application),
        "certified": [_result(d) for d in decisions if d.outcome == Outcome.CERTIFIED],
        "declined": [_result(d) for d in decisions if d.outcome == Outcome.DECLINED],
        "login_id": guardian.user.login_id if guardian is not None else "",
        "code": code,
        "code_until": _day(now + accounts.ACTIVATION_LASTS),
        "site": settings.PUBLIC_URL,
    }
    return printing.pdf(TEMPLATES / "letter.typ", facts, now)


def _result(decision: Decision) -> dict[str, Any]:
    issued = Certificate.objects.filter(decision=decision).values_list("number", flat=True).first()
    return {
        "name": decision.applicant_child.name,
        "born": _iso(decision.applicant_child.born),
        "span": [_iso(decision.valid_from), _iso(decision.valid_until)],
        "certificate": issued or "",
        "reduction": decision.reduction,
        "reduction_reason": decision.reduction_reason,
        "article": decision.article,
        "reason": decision.reason,
        "possible": decision.possible,
        "instruction": decision.instruction,
    }


def _office(code: str, now: datetime) -> dict[str, Any]:
    programme = municipalities.programme_of(code)
    city = municipalities.municipality(code).name
    return {
        "city": city,
        "mayor": (programme and programme.mayor_title) or f"{city}長",
        "office": programme.office if programme else "",
        "phone": programme.phone if programme else "",
    }


def _guardian(application: Application) -> dict[str, Any]:
    return {
        "name": application.name,
        "kana": _kana(application),
        "relation": application.relation,
        **_address(application),
    }


def _address(application: Application) -> dict[str, str]:
    """No paper tells the address of a protected guardian (支援措置)."""
    if _is_protected(application):
        return {"post_code": "", "address": ""}
    return {"post_code": application.post_code, "address": f"{application.address}{application.street}"}


def _is_protected(application: Application) -> bool:
    return application.guardian is not None and application.guardian.protected_at is not None


def _kana(person: Application | ApplicantChild | Child) -> str:
    return f"{person.family_kana} {person.given_kana}".strip()


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _day(instant: datetime | None) -> str:
    return _iso(day_of(instant)) if instant else ""
