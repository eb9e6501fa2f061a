"""The mailbox of the demo: what every invented person would have received."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from daredemo.demo import mailbox
from daredemo.demo.models import Mail


@require_safe
def mails(request: HttpRequest) -> HttpResponse:
    return render(request, "demo/mailbox.html", {"mails": mailbox.newest()})


@require_safe
def mail(request: HttpRequest, mail_id: UUID) -> HttpResponse:
    found = get_object_or_404(Mail, pk=mail_id)
    page = {"mail": found, "text": mailbox.text_of(found), "attached": mailbox.attached_to(found)}
    return render(request, "demo/mailbox_mail.html", page)


@require_safe
def attachment(request: HttpRequest, mail_id: UUID, number: int) -> HttpResponse:
    """Saved to disk, never shown: what is inside a mail is not our page."""
    attached = mailbox.attached_to(get_object_or_404(Mail, pk=mail_id))
    if number >= len(attached):
        raise Http404
    file = attached[number]
    response = HttpResponse(file.data, content_type=file.mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{_plain(file.name)}"'
    return response


def _plain(name: str) -> str:
    return (
        "".join(letter for letter in name if letter.isascii() and (letter.isalnum() or letter in "._-"))
        or "file"
    )
