"""What a log line must not hold: the one-time tokens that stand in addresses."""

import re
from collections.abc import MutableMapping
from typing import Any

# 256 bits as `sealed.tokens.make_token` writes them.
TOKEN = re.compile(r"(?<![\w-])[\w-]{43}(?![\w-])", re.ASCII)


def without_tokens(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A step for structlog: "Not Found: /password/mVq…/" → "Not Found: /password/<token>/"."""
    for name, value in line.items():
        if isinstance(value, str):
            line[name] = TOKEN.sub("<token>", value)
    return line
