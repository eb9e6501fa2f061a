"""What the web server loads, as it loads it."""

import subprocess
import sys

from tests.conftest import ROOT


def test_what_is_loaded_is_kept_from_the_collector() -> None:
    asked = "import gc, daredemo.config.wsgi; print(gc.get_freeze_count())"
    said = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert int(said) > 10_000
