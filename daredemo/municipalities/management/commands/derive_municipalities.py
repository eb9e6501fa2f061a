"""`manage.py derive_municipalities`: write the committed tables anew from the post office's table."""

import csv
from collections.abc import Sequence
from typing import NamedTuple

from django.core.management.base import BaseCommand

from daredemo.municipalities.derivation import derive
from daredemo.municipalities.tables import DATA, MunicipalityRow, PrefectureRow, WardRow


class Command(BaseCommand):
    help = "Write data/{prefectures,municipalities,wards}.csv anew; look at the difference before committing."

    def handle(self, *_args: object, **_options: object) -> None:
        tables = derive()
        _write("prefectures.csv", PrefectureRow._fields, tables.prefectures)
        _write("municipalities.csv", MunicipalityRow._fields, tables.municipalities)
        _write("wards.csv", WardRow._fields, tables.wards)


def _write(name: str, header: tuple[str, ...], rows: Sequence[NamedTuple]) -> None:
    with (DATA / name).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])
