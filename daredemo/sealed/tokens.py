"""One-time secrets: 256 bits out, only their SHA-256 kept."""

import secrets
from hashlib import sha256


def make_token() -> str:
    """43 URL-safe characters carrying 256 bits."""
    return secrets.token_urlsafe(32)


def hash_token(raw: str) -> str:
    """64 hex characters. A plain hash is enough for a secret of 256 bits."""
    return sha256(raw.encode(errors="surrogatepass")).hexdigest()
