"""The demo's own pages."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.urls import path

if not settings.DEMO:
    raise ImproperlyConfigured("daredemo.demo has known passwords and never runs in production.")

from daredemo.demo import mailbox_views, panel

app_name = "demo"
urlpatterns = [
    path("", panel.panel, name="panel"),
    path("clock/", panel.move, name="move"),
    path("mailbox/", mailbox_views.mails, name="mailbox"),
    path("mailbox/<uuid:mail_id>/", mailbox_views.mail, name="mail"),
    path("mailbox/<uuid:mail_id>/<int:number>/", mailbox_views.attachment, name="attachment"),
]
