"""Fill the tables that every deployment begins with; used by the migration and, again, by tests."""

import tomllib
from typing import Any, Protocol

from daredemo.municipalities import tables


class Registry(Protocol):
    """The app registry of Django, today's or that of a migration."""

    def get_model(self, app_label: str, model_name: str) -> Any: ...


def fill(apps: Registry) -> None:
    """1,741 municipalities, 171 wards and the default texts; what is there already stays."""
    municipality = apps.get_model("municipalities", "Municipality")
    ward = apps.get_model("municipalities", "Ward")
    text = apps.get_model("municipalities", "NoticeText")
    municipality.objects.bulk_create(
        [municipality(**row._asdict()) for row in tables.municipalities()], ignore_conflicts=True
    )
    ward.objects.bulk_create(
        [
            ward(code=row.code, municipality_id=row.parent, name=row.name, kana=row.kana)
            for row in tables.wards()
        ],
        ignore_conflicts=True,
    )
    with (tables.DATA / "notice_texts.toml").open("rb") as file:
        texts = tomllib.load(file)["text"]
    text.objects.bulk_create(
        [text(**{**entry, "body": entry["body"].strip()}) for entry in texts], ignore_conflicts=True
    )
