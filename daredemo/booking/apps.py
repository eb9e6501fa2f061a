from django.apps import AppConfig


class BookingConfig(AppConfig):
    name = "daredemo.booking"

    def ready(self) -> None:
        from daredemo.booking import letters, letters_waiting

        letters.register()
        letters_waiting.register()
