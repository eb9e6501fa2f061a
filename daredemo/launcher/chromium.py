"""The browser that the journeys walk through: `$CHROMIUM`, else the system's; installed where we may."""

import os
import shutil
import subprocess
from pathlib import Path

from daredemo.launcher.binaries import Trouble

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
APPLICATIONS = (
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
)
PACKAGES = ("chromium", "fonts-noto-cjk")


def find() -> str | None:
    """The path of a Chromium, if there is one."""
    if named := os.environ.get("CHROMIUM"):
        if not shutil.which(named):
            raise Trouble(f"CHROMIUM is {named}, but that is no program.")
        return shutil.which(named)
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    return found or next((str(path) for path in APPLICATIONS if path.exists()), None)


def ensure() -> str:
    """A Chromium, installed first on Debian for root; a sentence about what to install elsewhere."""
    chromium = find()
    if chromium is None and os.geteuid() == 0 and shutil.which("apt-get"):
        apt_install(*PACKAGES)
        chromium = find()
    if chromium is None:
        raise Trouble(
            "The journeys need a real Chromium: on Debian `sudo apt install chromium fonts-noto-cjk`; "
            "elsewhere install Chromium or Chrome and a Japanese font, or name one in CHROMIUM."
        )
    return chromium


def apt_install(*packages: str) -> None:
    """Debian's packages, without questions."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    print(f"Installing {' '.join(packages)} …", flush=True)
    subprocess.run(["apt-get", "update", "-qq"], env=quiet, check=False)
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    if subprocess.run(command, env=quiet, stdout=subprocess.DEVNULL, check=False).returncode:
        raise Trouble(f"apt-get could not install {' '.join(packages)}.")
