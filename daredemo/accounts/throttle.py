"""How often one may try, counted by allauth on the database cache, told with the time to try again.

Keys are what was typed, so known and unknown IDs are counted alike.
"""

import time
from datetime import datetime, timedelta

from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.http import HttpRequest

from daredemo.rules.refusal import Reason, Refused

APP = "daredemo"
# `login_here` locks one browser's address out of one ID quickly; `login` stops the many that share the work,
# late enough that nobody is easily locked out by others.
LIMITS = {
    "login": "300/m/ip,50/h/key",
    "login_here": "5/900s/key",
    "link": "60/h/ip,5/h/key",
    "code": "6/h/key",
    "feed": "60/h/key",  # of one calendar: many families fetch theirs from the same provider's address
    "activate": "60/h/ip,10/h/key",
}


def take(request: HttpRequest, action: str, key: str, now: datetime) -> ratelimit.RateLimitUsage:
    """Count one try, or Refused(TOO_MANY_TRIES, again_at)."""
    usage = ratelimit.consume(request, app=APP, action=action, key=key, config=LIMITS, limit_get=True)
    if usage is None:
        raise Refused(Reason.TOO_MANY_TRIES, again_at=_again_at(request, action, key, now))
    return usage


def _again_at(request: HttpRequest, action: str, key: str, now: datetime) -> datetime:
    """When the oldest counted try is forgotten, on the next full minute."""
    waits = [0.0]
    for rate in ratelimit.get_rates(app=APP, action=action, config=LIMITS):
        name = ratelimit.get_cache_key(request, app=APP, action=action, rate=rate, key=key)
        tries = cache.get(name, [])
        if len(tries) >= rate.amount:
            waits.append(tries[rate.amount - 1] + rate.duration - time.time())
    again = now + timedelta(seconds=max(waits))
    return again.replace(second=0, microsecond=0) + timedelta(minutes=1)
