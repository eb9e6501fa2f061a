"""Whose interviews: who answers for the child today knows them, whoever asked."""

import pytest

from daredemo.families.models import Guardianship, Part
from daredemo.interviews import queries
from tests import make

pytestmark = pytest.mark.django_db


def test_who_answers_for_a_child_today_knows_its_interviews_whoever_asked() -> None:
    family, other = make.family(), make.guardian()
    child = family.child
    held = Guardianship.objects.create(guardian=other, child=child, since=make.BEFORE)
    asked = make.interview(family, make.facility())
    for guardian in (family.guardian, other):
        assert [one.pk for one in queries.about(guardian, child)] == [asked.pk]
    Guardianship.objects.filter(guardian=family.guardian).update(ended_at=make.NOW)
    assert queries.about(family.guardian, child) == []
    held.part = Part.PROXY
    held.save(update_fields=["part"])
    assert queries.about(other, child) == []


def test_an_interview_that_also_speaks_of_another_child_is_not_told() -> None:
    family, other = make.family(children=2), make.guardian()
    Guardianship.objects.create(guardian=other, child=family.child, since=make.BEFORE)
    asked = make.interview(family, make.facility())
    assert [one.pk for one in queries.about(family.guardian, family.child)] == [asked.pk]
    assert queries.about(other, family.child) == list(queries.interviews_of(other)) == []
