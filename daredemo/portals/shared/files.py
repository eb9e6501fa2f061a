"""Files leave as attachments: nothing of a family is shown inside the page's own origin."""

from django.http import HttpResponse


def download(data: bytes, name: str, media_type: str = "application/pdf") -> HttpResponse:
    """The bytes as a file to save; `name` is ours, never what somebody typed."""
    response = HttpResponse(data, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
