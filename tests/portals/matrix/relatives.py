"""Who else comes in for the family: a second guardian, a helper, and one who has not come yet."""

from typing import TYPE_CHECKING

from daredemo.families import actions as families
from tests import make
from tests.portals.matrix.given import CANARIES

if TYPE_CHECKING:
    from tests.portals.matrix.world import World


def let_in(world: "World") -> None:
    family = world.family
    for part in ("guardian", "proxy"):
        world.people[part] = make.let_in(family, part, given_name=part, email=CANARIES["email"]).user
    invited = families.invite(
        guardian=family.guardian, children=family.children, part="proxy", family_name="山田",
        given_name="そぼ", relation="grandparent", email="", by=family.user, now=make.NOW,
    )  # fmt: skip
    world.facts["handed"] = invited.code
    world.things["stand"] = {"child_id": family.children[1].pk, "facility_id": world.facility.pk}
    world.things["person"] = {"other_id": invited.guardian.pk}
