from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

if not settings.DEMO:
    raise ImproperlyConfigured("daredemo.demo has known passwords and never runs in production.")


class DemoConfig(AppConfig):
    name = "daredemo.demo"
