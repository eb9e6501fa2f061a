"""What the web server loads."""

import gc
import os

from django.core.checks.urls import check_url_config
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daredemo.config.settings")
application = get_wsgi_application()
# Every screen and form is made now, in Japanese, and not in the language of whoever comes first.
check_url_config(None)

# What is loaded by now stays for good: the collector need not walk through it again while a family waits.
gc.collect()
gc.freeze()
