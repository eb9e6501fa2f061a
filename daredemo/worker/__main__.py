"""`python -m daredemo.worker`: the sweeps, the jobs, and in demo mode the mailbox.

Ends on SIGTERM or SIGINT (the launcher sends one when it goes, however it goes). A job under way gets
8 seconds; what is cut off is queued again by the next worker.
"""

import asyncio
import os

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daredemo.config.settings")
    django.setup()
    from daredemo.worker import running

    asyncio.run(running.main())
    os._exit(0)  # a sweep under way is cut off: its transaction rolls back, and it is idempotent
