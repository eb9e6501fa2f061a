"""こどもの記録: what the family writes for the nursery, sealed, once for all facilities."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from daredemo.config.clock import now, today
from daredemo.families import actions as families
from daredemo.families import queries as asked
from daredemo.portals.guardian.children import chosen
from daredemo.portals.guardian.forms.care import CareForm
from daredemo.portals.guardian.gate import guardian_only
from daredemo.portals.shared.forms import accepted

if TYPE_CHECKING:
    from daredemo.families.models import Guardian


@guardian_only
def care_records(request: HttpRequest, guardian: "Guardian") -> HttpResponse:
    """Which child's record; with one child straight to it."""
    children = asked.answered_by(guardian)
    if len(children) == 1:
        return redirect("guardian:care_record", children[0].pk)
    written = asked.answered(children)
    rows = [(child, written.get(child.pk)) for child in children]
    return render(request, "guardian/care_records.html", {"rows": rows, "today": today()})


@guardian_only
def care_record(request: HttpRequest, guardian: "Guardian", child_id: UUID) -> HttpResponse:
    """「面談のまえに書いてください」"""
    child = chosen(asked.answered_by(guardian), str(child_id))
    if child is None:
        raise Http404
    record = asked.care_of(child)
    form = CareForm(request.POST or None, record=record)
    if accepted(form, families.write_care_record, child=child, by=guardian.user, now=now()):
        messages.success(request, _("%(child)sさんの記録を保存しました。") % {"child": child.called})
        return redirect("guardian:care_record", child.pk)
    return render(request, "guardian/care_record.html", {"form": form, "child": child, "record": record})
