"""Test databases that come quickly and come back clean.

All migrations run once into a template, kept until one of them changes; each test process copies it. A test
that commits is followed by emptying what has rows and putting back what the migrations had put there.
"""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
from django.db import connection
from psycopg import sql

from daredemo.launcher import prepare
from daredemo.launcher.keeper import held
from daredemo.launcher.places import ROOT
from daredemo.launcher.postgres import Postgres

PREFIX = "run"
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'django_migrations'"
KEEP = f"""
DROP SCHEMA IF EXISTS seed CASCADE;
CREATE SCHEMA seed;
DO $$ DECLARE name text; filled boolean; BEGIN
    FOR name IN {TABLES} LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', name) INTO filled;
        IF filled THEN EXECUTE format('CREATE TABLE seed.%I AS TABLE public.%I', name, name); END IF;
    END LOOP;
END $$;
"""
PUT_BACK = f"""
DO $$ DECLARE name text; filled boolean; BEGIN
    SET LOCAL session_replication_role = replica;  -- no append-only triggers, no order of foreign keys
    FOR name IN {TABLES} LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', name) INTO filled;
        IF filled THEN EXECUTE format('DELETE FROM public.%I', name); END IF;
    END LOOP;
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'seed' LOOP
        EXECUTE format('INSERT INTO public.%I SELECT * FROM seed.%I', name, name);
    END LOOP;
END $$;
"""


def keep_what_is_there() -> None:
    """Remember the rows that migrations made."""
    with connection.cursor() as cursor:
        cursor.execute(KEEP)


def put_back() -> None:
    """The database as it was before the first test."""
    with connection.cursor() as cursor:
        cursor.execute(PUT_BACK)


def administration(server: Postgres) -> psycopg.Connection[tuple[str]]:
    return psycopg.connect(
        host=str(server.socket),
        user="daredemo",
        dbname="postgres",
        autocommit=True,
        row_factory=psycopg.rows.tuple_row,
    )


def alive(name: str) -> bool:
    """Whether the test run of this database (`test_run123_gw0`) is still going on."""
    number = name.removeprefix(f"test_{PREFIX}").split("_")[0]
    return not number.isdigit() or Path("/proc", number).exists() or not Path("/proc").exists()


def template(server: Postgres) -> str:
    """A database with every migration applied; made once for each state of the migrations."""
    wanted = f"template_{prepare.fingerprint(prepare.migrations())[:12]}"
    with held(server.home / "template.lock"), administration(server) as line:
        there = [name for (name,) in line.execute("SELECT datname FROM pg_database").fetchall()]
        for name in there:
            outdated = name.startswith("template_") and name != wanted
            if outdated or (name.startswith(f"test_{PREFIX}") and not alive(name)):
                line.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        if wanted not in there:
            fresh = f"{wanted}_new"
            line.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(fresh)))
            surroundings = {**os.environ, "DATABASE_URL": server.url(fresh)}
            command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
            subprocess.run(command, cwd=ROOT, env=surroundings, check=True)
            rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
            line.execute(rename.format(sql.Identifier(fresh), sql.Identifier(wanted)))
    return wanted
