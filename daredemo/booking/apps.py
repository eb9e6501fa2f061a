from django.apps import AppConfig


class BookingConfig(AppConfig):
    name = "daredemo.booking"

    def ready(self) -> None:
        from daredemo.booking import (
            letters,
            letters_conflict,
            letters_moving,
            letters_today,
            letters_together,
            letters_waiting,
        )

        letters.register()
        letters_together.register()
        letters_waiting.register()
        letters_moving.register()
        letters_conflict.register()
        letters_today.register()
