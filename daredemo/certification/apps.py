from django.apps import AppConfig


class CertificationConfig(AppConfig):
    name = "daredemo.certification"

    def ready(self) -> None:
        from daredemo.certification import messages

        messages.register()
