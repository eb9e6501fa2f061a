from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "daredemo.accounts"

    def ready(self) -> None:
        from daredemo.accounts import receivers

        receivers.listen()
