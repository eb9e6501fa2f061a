"""Every screen of the guardian portal, in the order of the road."""

from django.urls import URLPattern, path

from daredemo.portals.guardian.views import login

app_name = "guardian"

urlpatterns: list[URLPattern] = [
    path("login/", login.login, name="login"),
    path("login/code/", login.login_code, name="login_code"),
    path("login/letter/", login.activation, name="login_activation"),
    path("logout/", login.logout, name="logout"),
    path("password/", login.password_forgotten, name="password_forgotten"),
    path("password/sent/", login.password_sent, name="password_sent"),
    path("password/<str:token>/", login.password_set, name="password_set"),
]
