"""Who is behind a session: asked on every page of every logged-in person, so by a prepared statement."""

from typing import Any

from django.contrib.auth.backends import ModelBackend

from daredemo.accounts.models import User
from daredemo.prepared import rows, statements

READ = "SELECT row_to_json(u) FROM accounts_user u WHERE u.id = %s AND u.is_active"


class Backend(ModelBackend):
    """Django's own, except for that question."""

    def get_user(self, user_id: Any) -> User | None:
        found = statements.ask(READ, [user_id])
        return rows.made(User, found[0][0]) if found else None
