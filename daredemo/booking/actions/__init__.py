"""What booking does; one verb, one transaction. Call sites: `from daredemo.booking import actions as booking`."""

from daredemo.booking.actions.opening import publish_days

__all__ = ["publish_days"]
