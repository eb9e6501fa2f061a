"""The key ring, and the only place that calls the cipher.

`settings.ENCRYPTION_KEYS` maps an id to 32 bytes. The first id is the active one, new seals use it; the
others only open what they once sealed. An id `index` is never used to seal: it feeds `stable()`, so that a
retired key can stay behind as `index` and blind indexes and the audit chain go on being valid.
"""

import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

FORMAT = 1
NONCE_BYTES = 12


class Tampered(Exception):
    """A sealed value does not open here: changed, moved to another place, or its key is gone."""


def ring() -> dict[str, bytes]:
    """Every key that may seal or open, the active one first."""
    return {name: key for name, key in settings.ENCRYPTION_KEYS.items() if name != "index"}


def active() -> str:
    return next(iter(ring()))


def stable(purpose: str) -> bytes:
    """A key that outlives rotation: from the key `index`, else from the oldest of the ring."""
    keys = settings.ENCRYPTION_KEYS
    return _derive(keys["index"] if "index" in keys else list(keys.values())[-1], purpose)


@lru_cache(maxsize=256)
def _derive(key: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=f"daredemo/{purpose}".encode()).derive(key)


@lru_cache(maxsize=256)
def _cipher(key: bytes, purpose: str) -> AESGCM:
    return AESGCM(_derive(key, purpose))


def prefix(key_id: str) -> bytes:
    """How every value sealed with this key begins: format, length of the id, id."""
    name = key_id.encode()
    return bytes([FORMAT, len(name)]) + name


def seal(plain: bytes, *, purpose: str, place: str) -> bytes:
    """Encrypt for one place only; opening it elsewhere fails."""
    key_id = active()
    nonce = os.urandom(NONCE_BYTES)
    head = prefix(key_id) + nonce
    return head + _cipher(ring()[key_id], purpose).encrypt(nonce, plain, place.encode())


def key_id_of(sealed: bytes) -> str:
    if len(sealed) < 2 or sealed[0] != FORMAT:
        raise Tampered("not a sealed value")
    return sealed[2 : 2 + sealed[1]].decode(errors="replace")


def unseal(sealed: bytes, *, purpose: str, place: str) -> bytes:
    """Decrypt, or raise Tampered."""
    key = ring().get(key_id := key_id_of(sealed))
    if key is None:
        raise Tampered(f"no key {key_id!r} in the ring")
    start = 2 + sealed[1]
    nonce, body = sealed[start : start + NONCE_BYTES], sealed[start + NONCE_BYTES :]
    try:
        return _cipher(key, purpose).decrypt(nonce, body, place.encode())
    except (InvalidTag, ValueError) as error:
        raise Tampered(f"does not open at {place}") from error
