"""Every screen of the facility portal, in the order of the road."""

from django.urls import URLPattern

app_name = "facility"

urlpatterns: list[URLPattern] = []
