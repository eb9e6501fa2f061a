"""Every screen of the guardian portal, in the order of the road."""

from django.urls import URLPattern, path

from daredemo.portals.guardian.views import care, facilities, interviews, login, settings

app_name = "guardian"

urlpatterns: list[URLPattern] = [
    path("login/", login.login, name="login"),
    path("login/code/", login.login_code, name="login_code"),
    path("login/letter/", login.activation, name="login_activation"),
    path("logout/", login.logout, name="logout"),
    path("password/", login.password_forgotten, name="password_forgotten"),
    path("password/sent/", login.password_sent, name="password_sent"),
    path("password/<str:token>/", login.password_set, name="password_set"),
    path("facilities/", facilities.facilities, name="facilities"),
    path("facilities/<uuid:facility_id>/", facilities.facility, name="facility"),
    path("facilities/<uuid:facility_id>/interview/", interviews.interview_request, name="interview_request"),
    path("interviews/", interviews.interviews_list, name="interviews"),
    path("interviews/<uuid:interview_id>/", interviews.interview, name="interview"),
    path("interviews/<uuid:interview_id>/accept/", interviews.interview_accept, name="interview_accept"),
    path("interviews/<uuid:interview_id>/cancel/", interviews.interview_cancel, name="interview_cancel"),
    path("care/", care.care_records, name="care_records"),
    path("care/<uuid:child_id>/", care.care_record, name="care_record"),
    path("settings/", settings.settings, name="settings"),
    path("settings/consents/<uuid:consent_id>/revoke/", settings.consent_revoke, name="consent_revoke"),
    path("settings/furigana", settings.furigana, name="furigana"),
]
