"""Every screen of the guardian portal, in the order of the road."""

from django.urls import URLPattern

app_name = "guardian"

urlpatterns: list[URLPattern] = []
