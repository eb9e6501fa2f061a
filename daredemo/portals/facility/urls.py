"""Every screen of the facility portal, in the order of the road."""

from django.urls import URLPattern, path

from daredemo.portals.facility.views import interviews, login, pattern, profile

app_name = "facility"

urlpatterns: list[URLPattern] = [
    path("login/", login.login, name="login"),
    path("logout/", login.logout, name="logout"),
    path("password/", login.password_forgotten, name="password_forgotten"),
    path("password/sent/", login.password_sent, name="password_sent"),
    path("password/<str:token>/", login.password_set, name="password_set"),
    path("interviews/", interviews.interviews_list, name="interviews"),
    path("interviews/times/", interviews.interview_times, name="interview_times"),
    path(
        "interviews/times/<uuid:time_id>/withdraw/",
        interviews.interview_time_withdraw,
        name="interview_time_withdraw",
    ),
    path("interviews/<uuid:interview_id>/", interviews.interview, name="interview"),
    path("interviews/<uuid:interview_id>/confirm/", interviews.interview_confirm, name="interview_confirm"),
    path("interviews/<uuid:interview_id>/propose/", interviews.interview_propose, name="interview_propose"),
    path("interviews/<uuid:interview_id>/decline/", interviews.interview_decline, name="interview_decline"),
    path("interviews/<uuid:interview_id>/missed/", interviews.interview_missed, name="interview_missed"),
    path(
        "interviews/<uuid:interview_id>/outcome/<uuid:row_id>/",
        interviews.interview_outcome,
        name="interview_outcome",
    ),
    path("pattern/", pattern.pattern, name="pattern"),
    path("pattern/<int:weekday>/", pattern.pattern_day, name="pattern_day"),
    path("closures/", pattern.closures, name="closures"),
    path("closures/<uuid:closure_id>/reopen/", pattern.closure_reopen, name="closure_reopen"),
    path("profile/", profile.profile, name="profile"),
    path("profile/edit/", profile.profile_edit, name="profile_edit"),
    path("profile/prices/", profile.prices, name="prices"),
    path("profile/prices/<uuid:extra_id>/end/", profile.extra_end, name="extra_end"),
    path("profile/publish/", profile.profile_publish, name="profile_publish"),
]
