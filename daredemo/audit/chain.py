"""The hash that ties an entry to the one before it. The key is not in the database."""

import hmac
import json
from datetime import date
from hashlib import sha256

from daredemo.audit.models import ChainDay, Entry
from daredemo.rules.hours import JST
from daredemo.sealed import keys

START = bytes(32)


def canonical(entry: Entry, day: date, seq: int) -> bytes:
    """Every word of an entry and its place, in one spelling."""
    words = [
        day.isoformat(),
        seq,
        str(entry.pk),
        entry.at.astimezone(JST).isoformat(timespec="microseconds"),
        str(entry.by_id or ""),
        entry.actor,
        entry.action,
        entry.subject_type,
        entry.subject_id,
        entry.facts,
    ]
    return json.dumps(words, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def link(before: bytes, entry: Entry, day: date, seq: int) -> bytes:
    """The hash of this entry after the one that ended in `before`."""
    return _mac(before + canonical(entry, day, seq))


def seal(day: ChainDay) -> bytes:
    """What only we can write under a day's end."""
    return _mac(f"{day.day}|{day.count}".encode() + bytes(day.before) + bytes(day.head))


def _mac(words: bytes) -> bytes:
    return hmac.new(keys.stable("audit/chain"), words, sha256).digest()
