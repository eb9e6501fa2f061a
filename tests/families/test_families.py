"""What a family tells and allows, and who may look."""

from typing import Any

import pytest
from django.db import connection

from daredemo.audit import queries as audit
from daredemo.families import actions as families
from daredemo.families import queries
from daredemo.families.models import CareRecord, Child, Consent, ConsentKind
from daredemo.rules.refusal import Reason, Refused
from tests import make

pytestmark = pytest.mark.django_db
NOW = make.NOW
CONTACTS = [{"name": "山田 まなみ", "relation": "母", "phone": "09012345678"}]


def write(family: make.Family, **answers: object) -> CareRecord:
    given: dict[str, object] = {
        "allergies": "たまご",
        "no_allergies": False,
        "emergency_contacts": CONTACTS,
        **answers,
    }
    return families.write_care_record(child=family.child, by=family.user, now=NOW, **given)  # type: ignore[arg-type]


def test_the_record_is_written_once_for_all_facilities_and_sealed() -> None:
    family = make.family()
    write(family, health="ぜんそく")
    again = write(family, allergies="", no_allergies=True, pick_up_people="山田 たろう(父)")
    record = CareRecord.objects.get(child=family.child)
    assert (record.pk, record.no_allergies, record.allergies, record.health) == (again.pk, True, "", "")
    assert record.emergency_contacts == CONTACTS
    with connection.cursor() as cursor:
        cursor.execute("SELECT emergency_contacts, pick_up_people FROM families_carerecord")
        assert all("山田".encode() not in bytes(value) for value in cursor.fetchone())


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"allergies": "  "}, "allergies"),
        ({"emergency_contacts": []}, "emergency_contacts"),
        ({"emergency_contacts": [{"name": "母", "relation": "", "phone": ""}]}, "emergency_contacts"),
    ],
)
def test_allergies_and_somebody_to_call_must_be_answered(answers: dict[str, object], field: str) -> None:
    with pytest.raises(Refused) as no:
        write(make.family(), **answers)
    assert (no.value.reason, no.value.facts) == (Reason.TEXT_MISSING, {"field": field})
    assert not CareRecord.objects.exists()


def test_a_facility_opens_a_record_by_consent_only_and_each_look_is_written_down() -> None:
    family, facility = make.family(), make.facility()
    member = make.member(facility)
    write(family)
    look = {"facility": facility, "children": [family.child], "by": member.user, "now": NOW}
    assert families.look_at_records(**look) == {}  # type: ignore[arg-type]
    assert audit.who_read(family.child).count() == 0
    consent = families.give_consent(
        child=family.child, facility=facility, kind=ConsentKind.RECORD, by=family.user, now=NOW
    )
    seen = families.look_at_records(**look)[family.child.pk]  # type: ignore[arg-type]
    assert seen is not None
    assert seen.allergies == "たまご"
    assert [entry.by_id for entry in audit.who_read(family.child)] == [member.user_id]
    families.revoke_consent(consent=consent, by=family.user, now=NOW)
    assert families.look_at_records(**look) == {}  # type: ignore[arg-type]


def test_a_record_not_written_yet_is_none_not_missing() -> None:
    family, facility = make.family(), make.facility()
    families.give_consent(
        child=family.child, facility=facility, kind=ConsentKind.RECORD, by=family.user, now=NOW
    )
    look = families.look_at_records(facility=facility, children=[family.child], by=family.user, now=NOW)
    assert look == {family.child.pk: None}


def test_consents_are_the_familys_own_and_revoked_once() -> None:
    family, facility = make.family(), make.facility()
    give: dict[str, Any] = {"child": family.child, "facility": facility, "by": family.user, "now": NOW}
    first = families.give_consent(kind=ConsentKind.PHOTOS, **give)
    assert families.give_consent(kind=ConsentKind.PHOTOS, **give).pk == first.pk
    with pytest.raises(Consent.DoesNotExist):
        queries.consent_of(make.family().guardian, first.pk)
    families.revoke_consent(consent=first, by=family.user, now=NOW)
    assert list(queries.consents_by(family.guardian)) == []
    assert families.give_consent(kind=ConsentKind.PHOTOS, **give).pk != first.pk


def test_a_guardian_reaches_the_own_children_until_the_guardianship_ends() -> None:
    family, other = make.family(children=2), make.family()
    assert set(queries.children_of(family.guardian)) == set(family.children)
    with pytest.raises(Child.DoesNotExist):
        queries.child_of(family.guardian, other.child.pk)
    family.child.guardianships.update(ended_at=NOW)
    assert queries.children_of(family.guardian) == [family.children[1]]
    assert (
        families.answer_for(guardian=family.guardian, child=family.child, by=None, now=NOW).ended_at is None
    )
