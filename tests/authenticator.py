"""The authenticator app of staff and officers in tests, and its clock, which a test may let stand."""

from datetime import datetime
from types import SimpleNamespace

import pytest
from allauth.mfa.totp.internal import auth

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code_now(secret: str = SECRET) -> str:
    """What the app shows at this moment."""
    _before, counter, _after = auth.yield_hotp_counters_from_time()
    return str(auth.format_hotp_value(auth.hotp_value(secret, counter)))


def let_stand(patched: pytest.MonkeyPatch, now: datetime) -> None:
    """App and server see one moment, however slowly a test runs: no half minute ends between the two."""
    patched.setattr(auth, "time", SimpleNamespace(time=now.timestamp))
