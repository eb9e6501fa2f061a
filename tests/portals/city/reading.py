"""Reading pages and papers of the office."""

import re
from io import BytesIO
from typing import Any

from django.urls import reverse
from pypdf import PdfReader

from daredemo.certification.models import Application


def text(response: Any) -> str:
    """What a page says, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", response.content.decode()))


def words_of(pdf: bytes) -> str:
    """What a paper says, without white space."""
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages))


def at(name: str, application: Application, *more: object) -> str:
    """The address of a screen about an application."""
    return reverse(f"city:{name}", args=[application.pk, *more])
