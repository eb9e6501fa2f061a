#!/usr/bin/env python3
"""The one door: `python3 run.py` sets everything up and runs it, `python3 run.py test` tests it.

Only Python's standard library up to the moment when `.venv` is there; then the work is handed over to it.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  an older Python deserves a sentence
    sys.exit(f"daredemo needs Python 3.11 or newer; this is {sys.version.split()[0]}.")

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
MARK = VENV / "daredemo-set-up"
WITHOUT_DATABASE = ("explain", "messages")  # commands of daredemo/cli that begin without it
LOCKS = {"run": "requirements.lock", "dev": "requirements-dev.lock"}
HELP = """\
python3 run.py [--port N] [--data DIR] [--empty]   run daredemo with its own database; Ctrl-C stops it
python3 run.py test [pytest arguments]             every test, the browser's included
python3 run.py check                               what each commit must pass, in two minutes
python3 run.py explain ...                         ask the law: eligibility, deadline, hours, cancel
python3 run.py serve-city CODE ...                 begin to serve a municipality; then add:
python3 run.py add-officer CODE ...                · a person of its office
python3 run.py add-facility CODE ...               · a nursery
python3 run.py add-member CODE ...                 · a person of a nursery
python3 run.py bench NAME ...                      measure something: a program of bench/
python3 run.py screenshots ...                     pictures of the screens
python3 run.py messages                            take new sentences into the translations
python3 run.py manage ...                          Django's own commands, with the database running
python3 run.py help                                this text

Commands that need the database find the demo's by its folder (--data DIR) and take --help.

DAREDEMO_MODE=production serves a real city; docs/operations.md names what it needs.
"""


def fingerprint(kind: str) -> str:
    """What `.venv` must have been made from."""
    return f"{kind} {hashlib.sha256((ROOT / LOCKS[kind]).read_bytes()).hexdigest()}"


def set_up(kind: str) -> None:
    """Make or repair `.venv` from the hash lock; nothing to do when its mark fits."""
    try:
        made_of = MARK.read_text()
    except OSError:
        made_of = ""
    if made_of.startswith("dev"):
        kind = "dev"  # the developer's parts contain the others
    if made_of == fingerprint(kind) and PYTHON.exists():
        return
    import fcntl

    with (ROOT / ".venv.lock").open("a") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not MARK.exists() or MARK.read_text() != fingerprint(kind):
            install(kind, fresh=not (made_of and PYTHON.exists()))


def install(kind: str, *, fresh: bool) -> None:
    """Without a mark `.venv` was never finished, so it is made anew; with one it is brought up to date."""
    print(f"Setting up .venv from {LOCKS[kind]} (once, about a minute) ...", file=sys.stderr, flush=True)
    MARK.unlink(missing_ok=True)
    uv = shutil.which("uv")
    lock = str(ROOT / LOCKS[kind])
    rules = ["--require-hashes", "--only-binary", ":all:"]
    if uv:
        make = [uv, "venv", "--quiet", "--clear", "--no-project", "--python", sys.executable, str(VENV)]
        fill = [uv, "pip", "sync", "--quiet", "--compile-bytecode", "--python", str(PYTHON), *rules, lock]
    else:
        make = [sys.executable, "-m", "venv", "--clear", str(VENV)]
        fill = [
            str(PYTHON),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            *rules,
            "-r",
            lock,
        ]
    if fresh:
        step(make, "Python's venv module is needed (on Debian: apt install python3-venv), or uv.")
    step(fill, "The parts could not be installed; is there a network? Run the same command again.")
    MARK.write_text(fingerprint(kind))


def step(command: list[str], else_say: str) -> None:
    if subprocess.run(command, cwd=ROOT, check=False).returncode:
        sys.exit(else_say)


def hand_over(module: str, *arguments: str) -> None:
    """This process becomes that one, so signals and exit codes need no passing on."""
    os.environ.update(PYTHONPATH=str(ROOT), PYTHONUNBUFFERED="1")
    os.execv(PYTHON, [str(PYTHON), "-P", "-m", module, *arguments])  # noqa: S606


def main(arguments: list[str]) -> None:
    command, rest = (arguments[0], arguments[1:]) if arguments else ("run", [])
    if command in ("help", "--help", "-h"):
        print(HELP, end="")
    elif command == "run" or command.startswith("-"):
        set_up("run")
        hand_over("daredemo.launcher.serve", *(rest if command == "run" else arguments))
    elif command == "manage":
        set_up("run")
        hand_over("daredemo.launcher.within", str(ROOT / "manage.py"), *rest)
    elif command in ("test", "check"):
        set_up("dev")
        hand_over("daredemo.launcher.check", command, *rest)
    elif command == "screenshots":
        set_up("dev")
        hand_over("tests.journeys.screenshots", *rest)
    elif command == "bench":
        names = sorted(file.stem for file in (ROOT / "bench").glob("[!_]*.py"))
        if not rest or rest[0] not in names:
            sys.exit(f"bench needs a name: {', '.join(names)}.")
        set_up("dev")
        hand_over(f"bench.{rest[0]}", *rest[1:])
    elif (ROOT / "daredemo" / "cli" / f"{command.replace('-', '_')}.py").is_file():
        set_up("run")
        module = f"daredemo.cli.{command.replace('-', '_')}"
        if command in WITHOUT_DATABASE and "--database" not in rest:
            hand_over(module, *rest)
        hand_over("daredemo.launcher.within", "--made", "-m", module, *rest)
    else:
        sys.exit(f"There is no command {command!r}.\n\n{HELP}")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit("Stopped. Run the same command again; what is half made will be repaired.")
