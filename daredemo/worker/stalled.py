"""Jobs whose worker died are given back. This is about processes, so it asks the real time, not ours."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from daredemo.config import environment

STALL_SECONDS = environment.number("DAREDEMO_WORKER_STALL", 10)
HEARTBEAT_SECONDS = STALL_SECONDS / 5


def recover(now: datetime) -> int:
    """Queue again what a worker without a heartbeat had begun; how many. Jobs must bear being run twice."""
    stalled = app.connector.get_sync_connector().execute_query_all(
        """SELECT job.id FROM procrastinate_jobs job
           LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
           WHERE job.status = 'doing' AND (worker.id IS NULL
              OR worker.last_heartbeat < now() - make_interval(secs => %(seconds)s))""",
        seconds=STALL_SECONDS,
    )
    for row in stalled:
        app.job_manager.retry_job_by_id(row["id"], retry_at=datetime.now(UTC))
    return len(stalled)
