"""Every screen of the city portal, in the order of the road."""

from django.urls import URLPattern, path

from daredemo.portals.city.views import application, certificates, login, queue

app_name = "city"

urlpatterns: list[URLPattern] = [
    path("login/", login.login, name="login"),
    path("login/again/", login.again, name="again"),
    path("logout/", login.logout, name="logout"),
    path("password/", login.password_forgotten, name="password_forgotten"),
    path("password/sent/", login.password_sent, name="password_sent"),
    path("password/<str:token>/", login.password_set, name="password_set"),
    path("", queue.queue, name="queue"),
    path("applications/next/", queue.following, name="next"),
    path("applications/<uuid:application_id>/", application.application, name="application"),
    path("applications/<uuid:application_id>/next/", queue.following, name="next_after"),
    path("applications/<uuid:application_id>/certify/<int:position>/", application.certify, name="certify"),
    path("applications/<uuid:application_id>/decline/<int:position>/", application.decline, name="decline"),
    path("applications/<uuid:application_id>/return/", application.send_back, name="send_back"),
    path("applications/<uuid:application_id>/undo/<int:position>/", application.undo, name="undo"),
    path("applications/<uuid:application_id>/documents/<uuid:proof_id>/", application.proof, name="proof"),
    path("applications/<uuid:application_id>/pdf/", application.paper, name="application_pdf"),
    path("applications/<uuid:application_id>/letter/", application.letter, name="letter"),
    path("applications/<uuid:application_id>/posted/", application.posted, name="posted"),
    path("certificates/", certificates.certificates, name="certificates"),
    path("certificates/<uuid:certificate_id>/", certificates.certificate, name="certificate"),
    path("certificates/<uuid:certificate_id>/end/", certificates.end, name="certificate_end"),
    path(
        "certificates/<uuid:certificate_id>/code/<uuid:guardian_id>/",
        certificates.activation,
        name="activation",
    ),
    path(
        "certificates/<uuid:certificate_id>/protection/<uuid:guardian_id>/",
        certificates.protection,
        name="protection",
    ),
    path("certificates/<uuid:certificate_id>/pdf/", certificates.certificate_pdf, name="certificate_pdf"),
]
