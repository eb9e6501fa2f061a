"""What time does to certification."""

from datetime import datetime

import structlog

from daredemo.certification.actions import enacting
from daredemo.certification.models import Application, ApplicationStatus

log = structlog.get_logger("daredemo.certification")


def enact(now: datetime) -> int:
    """Carry out decisions whose ten minutes of undo are over, one application per transaction."""
    waiting = Application.objects.filter(
        status=ApplicationStatus.DECIDED, enacted_at=None, decided_at__lt=now
    ).order_by("decided_at")
    done = 0
    for application in waiting.iterator(chunk_size=200):
        try:
            done += enacting.enact(application=application, now=now)
        except Exception:
            log.exception("enact failed", application=str(application.pk))
    return done
