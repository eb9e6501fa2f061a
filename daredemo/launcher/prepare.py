"""What has to be true of a database and its files before the system serves: done once, noted, then skipped.

python -m daredemo.launcher.prepare [--migrate] [--demo] [--logins FILE]
"""

import argparse
import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from daredemo.launcher.places import ROOT

ADVISORY_LOCK = 0x64617265  # "dare": two machines that start at once migrate one after the other


def fingerprint(files: Iterable[Path]) -> str:
    """One hash over names and contents."""
    whole = hashlib.sha256()
    for file in sorted(files):
        whole.update(f"{file.relative_to(ROOT)}\0".encode())
        whole.update(hashlib.sha256(file.read_bytes()).digest())
    return whole.hexdigest()


def migrations() -> list[Path]:
    """Every file that says what the database looks like."""
    code = ROOT / "daredemo"
    return [ROOT / "requirements.lock", *code.rglob("migrations/*.py"), *code.glob("municipalities/data/*")]


def what_decides() -> str:
    """Everything whose change makes preparing necessary: parts, migrations, static files, catalogues."""
    code = ROOT / "daredemo"
    return fingerprint(
        [
            *migrations(),
            *(file for file in code.rglob("static/**/*") if file.is_file()),
            *code.glob("locale/*/LC_MESSAGES/*.po"),
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="prepare")
    parser.add_argument("--demo", action="store_true", help="load the demo city")
    parser.add_argument("--logins", type=Path, help="write the demo logins into this file")
    wanted = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daredemo.config.settings")
    import django
    from django.core.management import call_command
    from django.db import connection

    from daredemo.languages.catalogues import compile_all

    django.setup()
    compile_all()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [ADVISORY_LOCK])
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    if wanted.demo:
        call_command("demo_load")
    if wanted.logins:
        with wanted.logins.open("w", encoding="utf-8") as file:
            call_command("demo_logins", stdout=file)
    connection.close()


if __name__ == "__main__":
    main()
