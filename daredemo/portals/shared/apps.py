from django.apps import AppConfig
from django.urls import register_converter


class SharedConfig(AppConfig):
    name = "daredemo.portals.shared"

    def ready(self) -> None:
        from daredemo.portals.shared import addresses

        register_converter(addresses.Day, "day")
