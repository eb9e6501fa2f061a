"""A name in kanji or kana is handed in with its reading (ふりがな); one in other letters needs none."""

from typing import Any

import pytest

from daredemo.certification.actions import drafts
from daredemo.certification.models import Application, ApplicationStatus
from daredemo.rules.refusal import Reason, Refused
from tests import make
from tests.certification import making

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("answers", "part"),
    [
        ({"family_kana": ""}, "guardian"),
        ({"given_kana": ""}, "guardian"),
        ({"family_kana": "", "children": 2, "child": {"family_kana": ""}}, "guardian"),
        ({"child": {"given_kana": ""}}, "child-1"),
    ],
)
def test_without_its_reading_it_is_not_handed_in(answers: dict[str, Any], part: str) -> None:
    application = making.filled(**answers)
    assert drafts.missing(application)[0] == part
    with pytest.raises(Refused) as no:
        drafts.submit(application=application, by=None, now=make.NOW)
    assert (no.value.reason, no.value.facts) == (Reason.READING_MISSING, {"field": part})
    assert Application.objects.get().status == ApplicationStatus.DRAFT


def test_every_child_without_one_is_named() -> None:
    application = making.filled(children=3, child={"given_kana": ""})
    assert drafts.missing(application) == drafts.unread(application) == ["child-1", "child-2", "child-3"]


def test_a_name_in_other_letters_is_handed_in_as_it_is() -> None:
    names: dict[str, Any] = {"family_name": "SILVA", "given_name": "LUCAS"}
    latin = {**names, "family_kana": "", "given_kana": ""}
    assert making.submitted(**latin, child=latin).status == ApplicationStatus.RECEIVED
