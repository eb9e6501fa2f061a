"""How far the children of a family have come at one facility."""

import pytest

from daredemo.interviews import queries
from tests import make

pytestmark = pytest.mark.django_db


def test_each_child_of_a_family_with_its_outcome_at_a_facility_and_no_other_child() -> None:
    facility, elsewhere, family = make.facility(), make.facility(name="べつの園"), make.family(children=3)
    first, second, third = family.children
    make.accepted(first, facility)
    make.interview(family, facility, children=[second])
    make.accepted(third, elsewhere)
    make.accepted(make.family().child, facility)
    outcomes = {child.pk: outcome for child, outcome in queries.children_at(family.guardian, facility.pk)}
    assert outcomes == {first.pk: "accepted", second.pk: "pending", third.pk: "missing"}
    assert outcomes == {child.pk: queries.outcome(child, facility) for child in family.children}
