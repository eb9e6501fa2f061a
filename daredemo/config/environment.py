"""What the surroundings say, read once and refused by name when it is missing or wrong.

Only `settings.py` reads this module. A wrong value stops the start with one sentence
that names the variable; nothing is guessed in production.
"""

import base64
import binascii
import os
from ipaddress import ip_network
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

PRODUCTION_VARIABLES = (
    "DATABASE_URL",
    "EMAIL_URL",
    "SECRET_KEY",
    "ENCRYPTION_KEYS",
    "PUBLIC_URL",
    "MAIL_FROM",
    "TRUSTED_PROXIES",
)
NETWORK_VARIABLES = ("EMAIL_URL", "PUBLIC_URL", "MAIL_FROM", "TRUSTED_PROXIES")
KEY_BYTES = 32


class Misconfigured(SystemExit):
    """The surroundings are wrong; its text is the one sentence an engineer sees."""


class Tiles(NamedTuple):
    """Pictures of a map: their address with {z}, {x} and {y}, and whose they are."""

    url: str
    attribution: str

    @property
    def origin(self) -> str:
        """https://tiles.example.jp, as a content security policy names it."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"


class Mail(NamedTuple):
    host: str
    port: int
    user: str
    password: str
    tls: bool
    ssl: bool


def mode() -> str:
    """`demo` or `production`.

    The demo, with its known passwords, never starts where something looks like production.
    """
    chosen = os.environ.get("DAREDEMO_MODE", "")
    if chosen not in ("", "demo", "production"):
        raise Misconfigured(f"DAREDEMO_MODE is {chosen!r}; it must be demo or production.")
    if chosen == "production":
        return chosen
    # The demo hands its own database and keys to its children, and says so by naming its mode.
    telling = NETWORK_VARIABLES if chosen == "demo" else (*NETWORK_VARIABLES, "SECRET_KEY", "ENCRYPTION_KEYS")
    if found := [name for name in telling if os.environ.get(name)]:
        raise Misconfigured(
            f"{found[0]} belongs to production: set DAREDEMO_MODE=production or take it away."
        )
    return "demo"


def require(name: str) -> str:
    """The value of a variable that has no default."""
    value = os.environ.get(name, "").strip()
    if not value:
        raise Misconfigured(f"{name} is missing. Production needs: {', '.join(PRODUCTION_VARIABLES)}.")
    return value


def keys(text: str) -> dict[str, bytes]:
    """ENCRYPTION_KEYS `id:base64url[,id:base64url…]` → {id: 32 bytes}; the first seals, all open."""
    ring: dict[str, bytes] = {}
    for part in text.split(","):
        name, _, encoded = part.strip().partition(":")
        try:
            key = base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))
        except (binascii.Error, ValueError):
            key = b""
        if not name.isalnum() or len(key) != KEY_BYTES or name in ring:
            raise Misconfigured("ENCRYPTION_KEYS must be id:base64url pairs of 32 bytes each, every id once.")
        ring[name] = key
    return ring


def database(url: str) -> dict[str, object]:
    """DATABASE_URL `postgres://user:password@host:port/name?option=value` → a Django DATABASES entry.

    `?host=/folder` reaches a server by its socket.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql") or len(parts.path) < 2:
        raise Misconfigured("DATABASE_URL must look like postgres://user:password@host:port/name.")
    # For daredemo.prepared: what is asked a second time on a connection is planned once, whatever the values.
    planned_once = {"prepare_threshold": 1, "options": "-c plan_cache_mode=force_generic_plan"}
    options: dict[str, object] = {**planned_once, **dict(parse_qsl(parts.query))}
    host = options.pop("host", None) or parts.hostname or ""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
    }


def mail(url: str) -> Mail:
    """EMAIL_URL `smtp://user:password@host:port`; `smtps://` is TLS from the start, `?tls=1` STARTTLS."""
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise Misconfigured("EMAIL_URL must look like smtp://user:password@host:port or smtps://….")
    ssl = parts.scheme == "smtps"
    return Mail(
        host=parts.hostname,
        port=parts.port or (465 if ssl else 25),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls=dict(parse_qsl(parts.query)).get("tls") == "1",
        ssl=ssl,
    )


def tiles(text: str) -> Tiles | None:
    """DAREDEMO_MAP_TILES `https://host/{z}/{x}/{y}.png Whose map`; None where nothing is said."""
    if not text.strip():
        return None
    url, _, attribution = text.strip().partition(" ")
    parts = urlsplit(url)
    host = parts.hostname or ""
    named = all(part in parts.path for part in ("{z}", "{x}", "{y}"))
    if parts.scheme != "https" or not host or "{" in parts.netloc or not named or not attribution.strip():
        raise Misconfigured(
            "DAREDEMO_MAP_TILES must be an address such as https://host/{z}/{x}/{y}.png, a space,"
            " and whose map it is."
        )
    return Tiles(url, attribution.strip())


def public_url(url: str, *, https: bool) -> str:
    """PUBLIC_URL without a closing slash; production must be https."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/"):
        raise Misconfigured(
            "PUBLIC_URL must be an address without a path, such as https://kodomo.example.jp."
        )
    if https and parts.scheme != "https":
        raise Misconfigured("PUBLIC_URL must begin with https:// in production.")
    return url.rstrip("/")


def proxies(text: str) -> tuple[str, ...]:
    """TRUSTED_PROXIES: networks whose X-Forwarded-For is believed, or `none`."""
    if text.strip() == "none":
        return ()
    try:
        return tuple(str(ip_network(part.strip(), strict=False)) for part in text.split(","))
    except ValueError as wrong:
        raise Misconfigured(f"TRUSTED_PROXIES: {wrong}. Give networks such as 10.0.0.0/8, or none.") from None


def number(name: str, default: int) -> int:
    """A whole number ≥ 0 from the surroundings."""
    text = os.environ.get(name, "")
    if not text:
        return default
    if not text.isascii() or not text.isdigit():
        raise Misconfigured(f"{name} is {text!r}; it must be a whole number.")
    return int(text)
