"""Sealed files: whole-file AES-256-GCM under `settings.SEALED_ROOT`, random names, nothing readable on disk.

`keep`/`read`/`erase` for callers that store the name in a column; `SealedFile()` is the same as a Django
storage for `FileField(storage=SealedFile())`. The name is bound into the seal, so a file that was swapped
or renamed does not open.
"""

import os
import re
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage
from django.utils.deconstruct import deconstructible

from daredemo.sealed import keys

PURPOSE = "file"
LIMIT = 10 * 2**20
NAME = re.compile(r"[0-9a-f]{2}/[0-9a-f]{62}")


class TooLarge(ValueError):
    """More than 10 MiB."""


def path_of(name: str) -> Path:
    """Where the file lies; a name that we did not make is refused."""
    if not NAME.fullmatch(name):
        raise FileNotFoundError(name)
    return Path(settings.SEALED_ROOT) / name


def keep(data: bytes) -> str:
    """Seal and store up to 10 MiB; the name to read it by."""
    if len(data) > LIMIT:
        raise TooLarge(f"{len(data)} bytes")
    digits = secrets.token_hex(32)
    name = f"{digits[:2]}/{digits[2:]}"
    write(name, keys.seal(data, purpose=PURPOSE, place=name))
    return name


def write(name: str, sealed: bytes) -> None:
    """All or nothing: a crash leaves the old file or the new one, never half of one."""
    target = path_of(name)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = target.with_suffix(f".{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(sealed)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(target)


def read(name: str) -> bytes:
    """The clear bytes. Raises FileNotFoundError or Tampered."""
    return keys.unseal(path_of(name).read_bytes(), purpose=PURPOSE, place=name)


def erase(name: str) -> None:
    path_of(name).unlink(missing_ok=True)


@deconstructible
class SealedFile(Storage):
    """A Django storage over `keep` and `read`; it has no URL, files are served by a gated view."""

    def _open(self, name: str, mode: str = "rb") -> "File[bytes]":
        if mode != "rb":
            raise ValueError("sealed files are written once")
        return ContentFile(read(name), name=name)

    def save(self, name: str | None, content: Any, max_length: int | None = None) -> str:  # noqa: ARG002
        """The given name is not used: it may say whose file this is."""
        content.seek(0)
        return keep(content.read(LIMIT + 1))

    def delete(self, name: str) -> None:
        erase(name)

    def exists(self, name: str) -> bool:
        return bool(NAME.fullmatch(name)) and path_of(name).exists()

    def size(self, name: str) -> int:
        return len(read(name))
