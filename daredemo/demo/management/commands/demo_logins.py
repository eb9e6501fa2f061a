"""Print one login for each portal, as `run.py` shows them."""

from typing import Any

from django.core.management.base import BaseCommand

from daredemo.demo import clock, people


class Command(BaseCommand):
    help = "Print the demo's logins."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002  Django's signature
        for line in people.banner(clock.now()):
            self.stdout.write(line)
