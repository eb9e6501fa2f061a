from django.apps import AppConfig


class MunicipalitiesConfig(AppConfig):
    name = "daredemo.municipalities"
    label = "municipalities"
