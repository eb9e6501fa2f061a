"""pgbench doing what a booking does, in one call: the fastest this server could be on this machine."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.db import connection
from psycopg import sql

from bench.parts import pgbench, turns
from bench.parts.world import Family, World
from daredemo.booking.models import Booking
from daredemo.launcher.postgres import ROLE
from daredemo.notifications.models import Message

MONTHS = 6  # pgbench asks no window, so its families book further ahead and fewer of them are needed
TURNS = turns.TURNS * MONTHS
FUNCTION = Path(__file__).with_name("yardstick.sql")
SCRIPT = "SELECT bench_book(nextval('bench_turn'));\n"
# A UUIDv7 where the server has none of its own (before 18).
V7 = """encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
    PLACING substring(int8send(floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3)
    FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid"""


class Yardstick:
    """The function, and the families it books for."""

    def __init__(self, program: str, socket: Path, script: Path, clients: int) -> None:
        self.program, self.socket, self.script, self.clients = program, socket, script, clients

    def prepare(self, world: World, families: Sequence[Family]) -> None:
        """Make the function after one real booking, whose constants and sealed bytes it repeats."""
        self.script.write_text(SCRIPT)
        with connection.cursor() as cursor:
            cursor.execute(
                'CREATE TABLE bench_family (number int PRIMARY KEY, child uuid, guardian uuid, "user" uuid,'
                " facility uuid, born date)"
            )
            with cursor.copy("COPY bench_family FROM STDIN") as rows:
                for n, one in enumerate(families):
                    ids = (one.child.pk, one.guardian.pk, one.user.pk, one.facility.pk)
                    rows.write_row((n, *ids, one.child.born))
            cursor.execute("CREATE SEQUENCE bench_turn MINVALUE 0")
            cursor.execute("SHOW server_version_num")
            version = int(cursor.fetchone()[0])
            cursor.execute(function(world, version))
            cursor.execute("VACUUM ANALYZE bench_family")

    def run(self, seconds: int) -> float:
        """One window; bookings a second."""
        return pgbench.run(
            self.program, self.socket, self.script, role=ROLE, clients=self.clients, seconds=seconds
        )


def function(world: World, version: int) -> sql.Composed:
    """The text of `yardstick.sql` with the constants of the latest real booking."""
    model = Booking.objects.latest("created_at")
    promised = Message.objects.filter(key=f"booked:{model.pk}:{model.revision}")
    sealed: tuple[Any, Any] = promised.values_list("address", "context").get()
    address, context = (sql.Literal(part.data) for part in sealed)
    days = [list(month) for month in world.months.days]
    shortest = min(len(month) for month in days)
    numbers = {
        "turns": TURNS, "gap": turns.GAP, "month_turns": turns.TURNS, "opens": turns.OPENS,
        "starts": turns.STARTS, "allowance": turns.ALLOWANCE, "minutes": turns.MINUTES, "yen": model.yen,
    }  # fmt: skip
    return sql.SQL(FUNCTION.read_text(encoding="utf-8")).format(
        **{name: sql.Literal(number) for name, number in numbers.items()},
        id=sql.SQL("uuidv7()" if version >= 180000 else V7),
        days=sql.SQL("{}::date[]").format(sql.Literal([month[:shortest] for month in days])),
        home=sql.Literal(model.home_id),
        policy=sql.SQL("{}::uuid").format(sql.Literal(model.policy_id)),
        lines=sql.SQL("{}::jsonb").format(sql.Literal(json.dumps(model.lines))),
        address=address,
        context=context,
    )
