from datetime import datetime

import pytest
from django.apps import apps
from django.db.models import Model, QuerySet

from daredemo.accounts.models import User
from daredemo.municipalities import actions as municipalities
from daredemo.municipalities.models import Municipality, Officer

KAKEGAWA = "222135"
MORI = "224618"  # 周智郡森町, without a preset of its own


@pytest.fixture
def kakegawa(db: None, now: datetime) -> Municipality:
    """掛川市, served with its preset."""
    city = Municipality.objects.get(code=KAKEGAWA)
    municipalities.serve(municipality=city, by=None, now=now)
    return city


@pytest.fixture
def mori(db: None) -> Municipality:
    """森町, not served here."""
    return Municipality.objects.get(code=MORI)


@pytest.fixture
def officer(kakegawa: Municipality, now: datetime) -> Officer:
    """An approver of 掛川市."""
    return make_officer(kakegawa, "approver-1", now)


def make_officer(
    city: Municipality, login_id: str, now: datetime, role: Officer.Role = Officer.Role.APPROVER
) -> Officer:
    user = User.objects.create(login_id=login_id, portal="city", created_at=now)
    return municipalities.add_officer(municipality=city, user=user, role=role, name="鈴木", by=None, now=now)


def history(event: str) -> QuerySet[Model]:
    """What the database itself wrote down of a kind of row, oldest first."""
    model: type[Model] = apps.get_model("municipalities", event)
    return model._default_manager.order_by("pgh_id")
