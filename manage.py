"""Django's own commands; `run.py` is the door for everything else."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daredemo.config.settings")
    execute_from_command_line(sys.argv)
