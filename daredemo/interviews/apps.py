from django.apps import AppConfig


class InterviewsConfig(AppConfig):
    name = "daredemo.interviews"

    def ready(self) -> None:
        from daredemo.interviews import letters

        letters.register()
