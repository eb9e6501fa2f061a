"""Every screen of the city portal, in the order of the road."""

from django.urls import URLPattern

app_name = "city"

urlpatterns: list[URLPattern] = []
