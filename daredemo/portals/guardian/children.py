"""The family's children on a screen: which one is meant, and the pills to switch."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext as _

from daredemo.languages.words import age_words

if TYPE_CHECKING:
    from daredemo.families.models import Child


def chosen(children: "list[Child]", wanted: str | None) -> "Child | None":
    """The child an address means, the first where it means none; None for a child that is not there."""
    if not wanted:
        return children[0] if children else None
    try:
        child_id = UUID(wanted)
    except ValueError:
        return None
    return next((child for child in children if child.pk == child_id), None)


def pills(
    children: "list[Child]", current: "Child", today: date, href: "Callable[[Child], str]"
) -> list[dict[str, object]]:
    """What `shared/parts/kids.html` prints."""
    return [
        {
            "name": _("%(child)sさん") % {"child": child.called},
            "note": age_words(child.born, today),
            "href": href(child),
            "chosen": child == current,
        }
        for child in children
    ]
