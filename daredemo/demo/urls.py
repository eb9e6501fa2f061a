"""The demo's own pages: the mailbox that catches every mail."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.urls import URLPattern

if not settings.DEMO:
    raise ImproperlyConfigured("daredemo.demo has known passwords and never runs in production.")

app_name = "demo"
urlpatterns: list[URLPattern] = []
