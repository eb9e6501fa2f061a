"""`python -m daredemo.worker`: the sweeps, the jobs, and in demo mode the mailbox.

Ends on SIGTERM or SIGINT (the launcher sends one when it goes, however it goes). A job under way gets
8 seconds; what is cut off is queued again by the next worker.

On a busy machine it steps back: a family that waits for a page comes before a mail.
"""

import asyncio
import os

import django

STEPS_BACK = 10  # of nice(1)

if __name__ == "__main__":
    os.nice(STEPS_BACK)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daredemo.config.settings")
    django.setup()
    from daredemo.worker import running

    asyncio.run(running.main())
    os._exit(0)  # a sweep under way is cut off: its transaction rolls back, and it is idempotent
