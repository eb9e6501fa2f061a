from typing import Any

from django.db import migrations

from daredemo.municipalities import loading


def fill(apps: Any, schema_editor: Any) -> None:
    loading.fill(apps)


class Migration(migrations.Migration):
    dependencies = [("municipalities", "0001_initial")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
