"""Every screen of the facility portal, in the order of the road."""

from django.urls import URLPattern, path

from daredemo.portals.facility.views import board, interviews, login, pattern, poster, profile, visit

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
    path("", board.board, name="board"),
    path("board/<day:day>/", board.board_of, name="board_of"),
    path("visits/<uuid:booking_id>/", visit.visit, name="visit"),
    path("visits/<uuid:booking_id>/receive/", board.receive, name="receive"),
    path("visits/<uuid:booking_id>/hand-over/", board.hand_over, name="hand_over"),
    path("visits/<uuid:booking_id>/absent/", board.absent, name="absent"),
    path("visits/<uuid:booking_id>/undo/", board.undo, name="undo"),
    path("visits/<uuid:booking_id>/correct/", visit.correct, name="correct"),
    path("visits/<uuid:booking_id>/no-show/", visit.no_show, name="no_show"),
    path("visits/<uuid:booking_id>/check-out/", visit.check_out, name="check_out"),
    path("visits/<uuid:booking_id>/dismiss/<uuid:proposal_id>/", visit.dismiss, name="dismiss"),
    path("poster/", poster.poster, name="poster"),
    path("poster/picture.svg", poster.poster_picture, name="poster_picture"),
    path("poster/pdf/", poster.poster_pdf, name="poster_pdf"),
    path("poster/new/", poster.poster_issue, name="poster_issue"),
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
