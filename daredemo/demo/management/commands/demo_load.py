"""Load the demo city into an empty database; a filled one is left alone."""

from typing import Any

from django.core.management.base import BaseCommand

from daredemo.demo import clock, load


class Command(BaseCommand):
    help = "Load the demo city into an empty database."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002  Django's signature
        if load.is_loaded():
            self.stdout.write("The database holds facilities already; nothing was loaded.")
            return
        load.load(clock.now())
