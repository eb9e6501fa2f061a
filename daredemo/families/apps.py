from datetime import timedelta

from django.apps import AppConfig


class FamiliesConfig(AppConfig):
    name = "daredemo.families"

    def ready(self) -> None:
        from daredemo.families import queries
        from daredemo.notifications import kinds, sharing

        kinds.register(
            "family_invited",
            example={"login_id": "1234567895", "inviter": "山田 まなみ", "url": "/password/token"},
            lasts=timedelta(days=7),
        )
        sharing.ask(queries.readers_of)
