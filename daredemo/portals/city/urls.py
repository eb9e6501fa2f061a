"""Every screen of the city portal, in the order of the road."""

from django.urls import URLPattern, path

from daredemo.portals.city.views import login

app_name = "city"

urlpatterns: list[URLPattern] = [
    path("login/", login.login, name="login"),
    path("logout/", login.logout, name="logout"),
    path("password/", login.password_forgotten, name="password_forgotten"),
    path("password/sent/", login.password_sent, name="password_sent"),
    path("password/<str:token>/", login.password_set, name="password_set"),
]
