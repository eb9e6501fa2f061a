from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class WorkerConfig(AppConfig):
    name = "daredemo.worker"

    def ready(self) -> None:
        """Make every app's `jobs.py` known, so that they can be deferred by name and worked off."""
        autodiscover_modules("jobs")
