from django.apps import AppConfig


class AttendanceConfig(AppConfig):
    name = "daredemo.attendance"
