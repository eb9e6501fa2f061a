"""Sessions in the database, read by a prepared statement: every page of every login begins here."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session

from daredemo.prepared import rows, statements

# A session ends by the machine's clock, as Django sets it: the demo's clock logs nobody out.
READ = "SELECT row_to_json(s) FROM django_session s WHERE s.session_key = %s AND s.expire_date > now()"


class SessionStore(db.SessionStore):
    """Django's own, except for the one question that is asked all day."""

    def _get_session_from_db(self) -> Session | None:
        found = statements.ask(READ, [self.session_key]) if self.session_key else []
        if not found:
            self._session_key = None
            return None
        return rows.made(Session, found[0][0])
