"""Which folder the data live in, and what is kept there beside the database."""

import hashlib
import json
import os
import re
import secrets
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SYSTEM = Path("/var/lib/daredemo")
KEY_BYTES = 32
OTHERS_MAY_PASS = 0o001


def reachable(folder: Path) -> bool:
    """Whether the user `nobody` can get to this folder (it need not exist yet)."""
    return all(not part.exists() or part.stat().st_mode & OTHERS_MAY_PASS for part in folder.parents)


def choose(wanted: Path | None, instead: Path = SYSTEM, *, embedded: bool = True) -> tuple[Path, bool]:
    """The data folder, and whether it is the wanted one: not when the database's user could not enter it.

    Nothing wanted: the folder that DAREDEMO_DATA names, else `.data` in the project. That one becomes
    `instead`, a named folder one of its own below it, so that two never mix. Where the database is
    somebody else's (not `embedded`), every folder will do.
    """
    named = os.environ.get("DAREDEMO_DATA")
    wanted = wanted or (Path(named) if named else None)
    folder = (wanted or ROOT / ".data").resolve()
    if os.geteuid() != 0 or not embedded or reachable(folder):
        return folder, True
    mark = hashlib.sha256(os.fsencode(folder)).hexdigest()[:8]
    return (instead / f"data-{mark}" if wanted else instead), False


def port_of(data: Path) -> int | None:
    """The port of the system that runs on this folder, or ran there last."""
    try:
        said = re.search(r"localhost:(\d+)/", (data / "run.lock").read_text())
    except OSError:
        return None
    return int(said[1]) if said else None


def prepare(data: Path) -> None:
    """The data folder: others may pass through to the database's own folder, not look around."""
    data.mkdir(parents=True, exist_ok=True)
    data.chmod(0o711)


def demo_secrets(data: Path) -> dict[str, str]:
    """SECRET_KEY and ENCRYPTION_KEYS of this data folder: made once, readable by their owner only."""
    place = data / "secrets.json"
    if not place.exists():
        made = {
            "SECRET_KEY": secrets.token_urlsafe(48),
            "ENCRYPTION_KEYS": f"k1:{secrets.token_urlsafe(KEY_BYTES)}",
        }
        fresh = data / f"secrets.json.{os.getpid()}"
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(made, indent=1))
        fresh.rename(place)
    kept: dict[str, str] = json.loads(place.read_text())
    return kept
